"""Raw sounds, and MP3 pieces of them by the bundled libmp3lame."""

from __future__ import annotations

import itertools
import subprocess
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

import media_sounds as sounds

from podkit.media import mp3_frames, mp3_join
from podkit.media.mp3_join import TAIL, WARM_UP, Piece

if TYPE_CHECKING:
    from pathlib import Path

CHORDS = "+".join(
    f"0.05*sin(2*PI*{pitch}*t)*(0.5+0.5*cos(2*PI*{beat}*t))"
    for pitch, beat in [
        *((110, 0.3), (220, 0.5), (277.2, 0.7), (329.6, 1.1), (440, 0.9)),
        *((554.4, 1.3), (659.3, 1.7), (1318, 2.3), (2637, 3.1), (5274, 1.9)),
    ]
)
SOUNDS = {
    "tone": "aevalsrc='0.4*sin(2*PI*1000*t)':s={rate}",
    "speech": "anoisesrc=c=pink:r={rate}:seed=7:a=0.6,tremolo=f=4.3:d=0.95,lowpass=f=6000",
    "music": f"aevalsrc='{CHORDS}':s={{rate}}",
}
STEREO = "asplit[a][b];[b]adelay=7,volume=0.6[c];[a][c]join=inputs=2:channel_layout=stereo"
OWN = 98  # frames of each piece: short, so that there are many seams


@dataclass(frozen=True, kw_only=True)
class Sound:
    """Raw sound, 16 bits: `frames` of MP3 are cut where they lie in it."""

    raw: bytes
    rate: int
    channels: int
    kbits: int

    @property
    def samples(self) -> int:
        """Per channel."""
        return len(self.raw) // (2 * self.channels)

    @property
    def frame(self) -> int:
        """Samples of one frame."""
        return mp3_join.samples_per_frame(self.rate)


def made(name: str, rate: int, channels: int, kbits: int, seconds: float = 12.345) -> Sound:
    """A sound by its name."""
    graph = SOUNDS[name].format(rate=rate) + ("," + STEREO if channels == 2 else "")
    graph += f",atrim=end_sample={round(rate * seconds)},aformat=s16"
    return Sound(raw=piped("-filter_complex", graph), rate=rate, channels=channels, kbits=kbits)


def piped(*arguments: object, ffmpeg: str = sounds.BUNDLED) -> bytes:
    argv = [ffmpeg, "-nostdin", "-v", "error", *map(str, arguments), "-f", "s16le", "-"]
    return subprocess.run(argv, check=True, capture_output=True).stdout


def encode(sound: Sound, path: Path, first=0, last=None, *options: object) -> Path:
    """Encode a part of a sound, from and to sample numbers, as bare frames."""
    wide = 2 * sound.channels
    raw = path.with_suffix(".raw")
    raw.write_bytes(sound.raw[first * wide : None if last is None else last * wide])
    source = ["-f", "s16le", "-ar", sound.rate, "-ac", sound.channels, "-i", raw]
    bare = options or ("-write_xing", 0)
    rate = ["-c:a", "libmp3lame", "-b:a", f"{sound.kbits}k"]
    sounds.make(*source, *rate, "-id3v2_version", 0, *bare, "-f", "mp3", path)
    return path


def cut(sound: Sound, folder: Path, warm: int = WARM_UP) -> tuple[list[Piece], list[int]]:
    """Encode a sound in pieces; also the frames at which they begin to be their own."""
    grid = mp3_join.align(sound.rate)
    begins = [0]
    while (begin := begins[-1] + OWN) + TAIL + 8 < sound.samples // sound.frame:
        begins.append((begin - warm) // grid * grid + warm)
    pieces = []
    for begin, after in itertools.zip_longest(begins, begins[1:]):
        warm_up = min(begin, warm)
        path = folder / f"{begin}.mp3"
        last = None if after is None else (after + TAIL) * sound.frame
        encode(sound, path, (begin - warm_up) * sound.frame, last)
        frames = None if after is None else after - begin
        pieces.append(Piece(path=path, warm_up=warm_up, frames=frames))
    return pieces, begins


def decoded(path: Path, channels: int, *options: object, ffmpeg=sounds.BUNDLED) -> list[array[int]]:
    """The samples of each channel."""
    flat = array("h", piped(*options, "-i", path, ffmpeg=ffmpeg))
    return [flat[channel::channels] for channel in range(channels)]


def first(path: Path) -> int:
    """The bytes of a file's first frame."""
    return mp3_frames.header_at(path.read_bytes(), 0).length
