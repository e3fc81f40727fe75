"""What the benchmarks work on, made on the spot: speech over quiet noise, in one file or many."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import imageio_ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
QUIET = ("-nostdin", "-v", "error", "-y")
WORDS = (
    "Nine bilateral security agreements were signed by April. Here is what each of them says, what "
    "it does not say, and who has to pay for it, in the order in which they were signed. The first "
    "one was made in January; two more came in February, and the talks that followed were long."
)
STAND_IN = (
    "anoisesrc=c=pink:r=48000:a=0.4,highpass=f=120,lowpass=f=4200,tremolo=f=4:d=0.9,volume=0.35"
)
"""Noise with the band and the syllables of speech, where there is no speech synthesiser."""


def sound(folder: Path, minutes: int) -> Path:
    """Speech over quiet noise: stereo, 48 kHz, 16 bits."""
    path = folder / f"speech-{minutes}.wav"
    if path.exists():
        return path
    spoken = folder / "spoken.wav"
    if shutil.which("espeak-ng"):
        run("espeak-ng", "-v", "en-us", "-s", "150", "-w", spoken, WORDS)
    else:
        run(FFMPEG, *QUIET, "-f", "lavfi", "-i", STAND_IN, "-t", "30", spoken)
    noise = "anoisesrc=c=pink:r=48000:a=0.003"
    mixed = (
        "[0:a]aresample=48000,volume=-4dB,aformat=channel_layouts=stereo[voice];"
        "[1:a]aformat=channel_layouts=stereo[room];[voice][room]amix=inputs=2:normalize=0"
    )
    run(
        FFMPEG, *QUIET, "-stream_loop", "-1", "-i", spoken, "-f", "lavfi", "-i", noise,
        "-filter_complex", mixed, "-t", str(minutes * 60), "-c:a", "pcm_s16le", path,
    )  # fmt: skip
    return path


def forty(folder: Path) -> Path:
    """A folder of forty files of a minute, all different."""
    made = folder / "forty"
    if not made.exists():
        source = sound(folder, 41)
        made.mkdir()
        for number in range(40):
            cut = ["-ss", str(number * 60), "-t", "60", "-c", "copy"]
            run(FFMPEG, *QUIET, "-i", source, *cut, made / f"{number:02}.wav")
    return made


def run(*command: object) -> None:
    """Run to the end, or say why not."""
    words = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise SystemExit(f"{' '.join(words[:6])} ended with {done.returncode}: {said}")
