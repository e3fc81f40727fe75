"""AAC that was encoded in pieces cannot be told from AAC in one: not by length, place or noise."""

from __future__ import annotations

import io
import json
import subprocess
import threading
from array import array
from dataclasses import dataclass, replace
from itertools import accumulate
from operator import mul, sub
from pathlib import Path

import media_sounds as sounds
import mutagen
import pytest
from PIL import Image

from podkit.errors import Cancelled, EncodeError
from podkit.media import aac_join as joining
from podkit.media import tools
from podkit.media.aac_frames import scan
from podkit.media.aac_join import TAIL, WARM_UP, Piece, join
from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.tags import Tags
from podkit.tags import files as tags

SECONDS = 32
SPARE = 321  # samples beyond whole frames: the last one is short
STARTS = (
    0,
    600,
    760,
    1100,
)  # frames at which the pieces begin; the second is shorter than a warm-up
GRAPHS = {
    "tone": "aevalsrc='0.5*sin(2*PI*1000*t)':s={rate}",
    "speech": "anoisesrc=c=pink:a=0.6:seed=7:r={rate},highpass=f=120,tremolo=f=4:d=0.95,"
    "tremolo=f=0.5:d=0.8",
    "music": "aevalsrc='0.15*exp(-2*mod(t,0.8))*(sin(2*PI*220*t)+sin(2*PI*277.2*t)+sin(2*PI*330*t))"
    "+0.05*exp(-9*mod(t,0.2))*sin(2*PI*2637*t)"
    "|0.15*exp(-2*mod(t,0.8))*(sin(2*PI*220*t)+sin(2*PI*261.6*t)+sin(2*PI*440*t))"
    "+0.05*exp(-9*mod(t+0.1,0.2))*sin(2*PI*1760*t)':s={rate}",
}
ENCODER = ("-c:a", "aac", "-profile:a", "aac_low", "-aac_coder", "fast")
BARE = ("-fflags", "+bitexact", "-flags:a", "+bitexact")
CASES = [
    (name, channels, rate) for name in GRAPHS for channels in (1, 2) for rate in (44100, 48000)
]
SHORT = {("tone", 1, 44100), ("speech", 2, 48000), ("music", 2, 44100), ("speech", 1, 44100)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One sound, its pieces, and what came of them."""

    rate: int
    channels: int
    raw: Path
    samples: int
    pieces: tuple[Piece, ...]
    joined: Path
    serial: Path


def decoded(path: Path, channels: int, ffmpeg: str = sounds.BUNDLED) -> array[int]:
    """All samples, channels interleaved."""
    argv = [ffmpeg, "-nostdin", "-v", "error", "-i", f"file:{path}", "-f", "s16le"]
    argv += ["-ac", str(channels), "-"]
    return array("h", subprocess.run(argv, check=True, capture_output=True).stdout)


def encode(made: Made, start: int, end: int, path: Path, ffmpeg: str = sounds.BUNDLED) -> Path:
    """Encode the samples from `start` to `end`, as podkit's presets do."""
    width = 2 * made.channels
    part = f"subfile,,start,{start * width},end,{end * width},,:{made.raw}"
    bits = "64k" if made.channels == 1 else "128k"
    argv = [ffmpeg, "-nostdin", "-y", "-v", "error", "-f", "s16le", "-ar", str(made.rate)]
    argv += ["-ac", str(made.channels), "-i", part, *ENCODER, "-b:a", bits, *BARE]
    argv += ["-f", "adts" if path.suffix == ".aac" else "ipod", str(path)]
    subprocess.run(argv, check=True, capture_output=True)
    return path


def pieces_of(made: Made, folder: Path, ffmpeg: str = sounds.BUNDLED) -> tuple[Piece, ...]:
    """The sound in pieces, each with its warm-up and its tail."""
    found = []
    for index, start in enumerate(STARTS):
        following = STARTS[index + 1] if index + 1 < len(STARTS) else None
        warm_up = min(start, WARM_UP)
        end = made.samples if following is None else (following + TAIL) * 1024
        path = folder / f"{index}.aac"
        encode(made, (start - warm_up) * 1024, min(end, made.samples), path, ffmpeg)
        frames = None if following is None else following - start
        found.append(Piece(path=path, warm_up=warm_up, frames=frames))
    return tuple(found)


def make(folder: Path, name: str, channels: int, rate: int) -> Made:
    """A sound as raw samples, in pieces, joined, and encoded in one go."""
    raw = folder / "raw.pcm"
    graph = GRAPHS[name].format(rate=rate)
    options = ["-t", SECONDS, "-ac", channels, "-f", "s16le", raw]
    sounds.make("-f", "lavfi", "-i", graph, *options)
    samples = (SECONDS * rate // 1024 - 1) * 1024 + SPARE
    joined, serial = folder / "joined.m4a", folder / "serial.m4a"
    made = Made(
        rate=rate,
        channels=channels,
        raw=raw,
        samples=samples,
        pieces=(),
        joined=joined,
        serial=serial,
    )
    made = replace(made, pieces=pieces_of(made, folder))
    encode(made, 0, samples, serial)
    join(tools.find_ffmpeg(), made.pieces, joined, samples=samples, rate=rate)
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Stereo speech at 48 kHz, for tests that need only one."""
    return make(tmp_path_factory.mktemp("aac"), "speech", 2, 48000)


def source(made: Made) -> array[int]:
    """The samples that were encoded."""
    found = array("h", made.raw.read_bytes())
    return found[: made.samples * made.channels]


def seams(made: Made) -> list[int]:
    """The samples in the middle of each overlap of two pieces' frames."""
    streams = [scan(piece.path) for piece in made.pieces]
    found = []
    for index, start in enumerate(STARTS[:-1]):
        left, right = made.pieces[index : index + 2]
        cut = joining.best_cut(left, streams[index], right, streams[index + 1])
        found.append((start - left.warm_up + cut.left) * 1024 - 512)
    return found


@pytest.mark.parametrize(
    ("name", "channels", "rate"),
    [c if c in SHORT else pytest.param(*c, marks=pytest.mark.long) for c in CASES],
)
def test_no_seam_is_louder_than_the_loudest_noise_elsewhere(tmp_path, name, channels, rate):
    """As many samples as went in, at their places, and 100 ms around a join as good as the rest."""
    made = make(tmp_path, name, channels, rate)
    wanted, got = source(made), decoded(made.joined, channels)
    assert len(got) == len(wanted) == len(decoded(made.serial, channels))
    errors = list(map(sub, got, wanted))
    sums = list(accumulate(map(mul, errors, errors), initial=0))
    half = rate // 20

    def noise(middle: int) -> int:
        return sums[(middle + half) * channels] - sums[(middle - half) * channels]

    places = seams(made)
    middles = range(2560, made.samples - half, 256)  # a steady tone is as loud only in step
    apart = [m for m in middles if all(abs(m - place) > 2 * half for place in places)]
    assert max(map(noise, places)) <= max(map(noise, apart))
    for start in (0, len(wanted) - rate // 10 * channels):
        assert lag(got, wanted, start, channels) == 0


def lag(got: array[int], wanted: array[int], start: int, channels: int) -> int:
    """By how many samples 100 ms from `start` on lie away from where they fit best."""
    length = min(len(wanted) - start, 4410 * channels)
    near = range(-20, 21)  # less than half a period of 1 kHz

    def misfit(by: int) -> int:
        first = max(start, start + by * channels)
        last = min(start + length, start + length + by * channels)
        pairs = zip(got[first:last], wanted[first - by * channels :], strict=False)
        return sum((a - b) ** 2 for a, b in pairs) // (last - first)

    return min(near, key=misfit)


def test_the_boxes_are_those_of_one_encode(made):
    """Times, durations and edit list are what ffmpeg writes when it encodes by itself."""
    wanted = {b"mvhd": 20, b"elst": 24, b"mdhd": 20, b"stts": 24}
    joined, serial = made.joined.read_bytes(), made.serial.read_bytes()
    for kind, length in wanted.items():
        at, other = joined.index(kind), serial.index(kind)
        assert joined[at : at + length] == serial[other : other + length], kind
    assert joined.index(b"moov") < joined.index(b"mdat")


@pytest.mark.need("ffprobe")
def test_other_readers_see_the_right_length(made):
    """Mutagen and ffprobe say what they say of a serial encode, to less than one frame."""
    seconds = made.samples / made.rate
    assert mutagen.File(made.joined).info.length == pytest.approx(seconds, abs=1024 / made.rate)
    argv = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams"]
    told = []
    for path in (made.joined, made.serial):
        said = json.loads(subprocess.run([*argv, path], check=True, capture_output=True).stdout)
        stream = said["streams"][0]
        assert float(said["format"]["duration"]) == pytest.approx(seconds, abs=1e-5)
        told.append([stream[k] for k in ("start_pts", "duration_ts", "nb_frames", "profile")])
    assert told[0] == told[1]


def test_tags_artwork_and_chapters_leave_the_sound_exact(made, tmp_path):
    """Podkit's own tags go into the joined file, and what is decoded stays the same."""
    path = tmp_path / "tagged.m4a"
    path.write_bytes(made.joined.read_bytes())
    picture = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(picture, "PNG")
    chapters = (Chapter(start=0.0, title="One"), Chapter(start=12.5, title="Two"))
    wanted = Tags(
        fields={"title": "Energy", "artist": "Radio"},
        artwork=(Picture(mime="image/png", content=picture.getvalue()),),
        chapters=chapters,
    )
    tags.write(path, wanted)
    found = tags.read(path)
    assert [c.title for c in found.chapters] == ["One", "Two"]
    assert found.fields["title"] == "Energy"
    assert decoded(path, 2) == decoded(made.joined, 2)


@pytest.mark.need("ffmpeg")
def test_the_systems_ffmpeg_encodes_and_joins_as_well(made, tmp_path, monkeypatch):
    """Pieces and boxes by the distribution's ffmpeg hold exactly as many samples."""
    monkeypatch.setenv(tools.VARIABLE, "ffmpeg")
    tool = tools.find_ffmpeg()
    pieces = pieces_of(made, tmp_path, tool.path)
    output = tmp_path / "joined.m4a"
    join(tool, pieces, output, samples=made.samples, rate=made.rate)
    assert len(decoded(output, 2)) == made.samples * 2
    heard = decoded(made.joined, 2, tool.path)  # it does not trim the end even of its own files
    assert len(heard) - made.samples * 2 in range(1024 * 2)


@pytest.mark.parametrize("spare", [0, 1, 1023])
def test_every_length_of_the_last_frame(made, tmp_path, spare):
    """Whole, one sample, all but one: what is decoded is as long as what went in."""
    samples = 850 * 1024 + spare
    cut = replace(made, samples=samples)
    first = Piece(path=made.pieces[0].path, warm_up=0, frames=600)
    path = encode(cut, (600 - WARM_UP) * 1024, samples, tmp_path / "last.aac")
    last = Piece(path=path, warm_up=WARM_UP, frames=None)
    output = tmp_path / "x.m4a"
    join(tools.find_ffmpeg(), (first, last), output, samples=samples, rate=made.rate)
    assert len(decoded(output, 2)) == samples * 2


def test_one_piece_is_a_whole_sound(made, tmp_path):
    """Without any seam the frames are those of one encode."""
    path = encode(made, 0, made.samples, tmp_path / "whole.aac")
    output = tmp_path / "x.m4a"
    piece = Piece(path=path, warm_up=0, frames=None)
    join(tools.find_ffmpeg(), [piece], output, samples=made.samples, rate=made.rate)
    assert decoded(output, 2) == decoded(made.serial, 2)


def wrong(made: Made, folder: Path) -> dict[str, tuple[Piece, ...]]:
    """Pieces that cannot be joined, by what is wrong with them."""
    path = folder / "wrong.aac"
    second = made.pieces[1]
    content, starts = second.path.read_bytes(), scan(second.path).starts

    def instead(what: bytes) -> tuple[Piece, ...]:
        name = folder / f"{len(list(folder.iterdir()))}.aac"
        name.write_bytes(what)
        return (made.pieces[0], replace(second, path=name), *made.pieces[2:])

    def other(rate: int, channels: int) -> tuple[Piece, ...]:
        return instead(
            encode(replace(made, rate=rate, channels=channels), 0, 700 * 1024, path).read_bytes()
        )

    return {
        "another rate": other(44100, 2),
        "other channels": other(48000, 1),
        "cut inside a frame": instead(content[: starts[500] + 40]),
        "cut between frames": instead(content[: starts[-2]]),
        "a frame lost": instead(content[: starts[80]] + content[starts[81] :]),
        "empty": instead(b""),
        "no AAC": instead(b"RIFF" + content),
        "last is missing": made.pieces[:-1],
        "first is missing": made.pieces[1:],
        "none": (),
        "an open end in the middle": (made.pieces[0], replace(second, frames=None)),
    }


def test_pieces_that_do_not_fit_are_refused(made, tmp_path):
    """Whatever is wrong with a piece, there is an error and nothing is left behind."""
    folder, output = tmp_path / "pieces", tmp_path / "out" / "x.m4a"
    folder.mkdir()
    output.parent.mkdir()
    for what, pieces in wrong(made, folder).items():
        with pytest.raises(EncodeError):
            join(tools.find_ffmpeg(), pieces, output, samples=made.samples, rate=made.rate)
        assert not list(output.parent.iterdir()), what


@pytest.mark.parametrize("by", [-1024, 1024])
def test_another_length_than_planned_is_refused(made, tmp_path, by):
    """A frame more or less than the sound has is not joined."""
    with pytest.raises(EncodeError, match="should have"):
        join(
            tools.find_ffmpeg(),
            made.pieces,
            tmp_path / "x.m4a",
            samples=made.samples + by,
            rate=made.rate,
        )


def test_it_can_be_stopped(made, tmp_path):
    """A raised flag ends the work, and the joined frames are gone."""
    flag = threading.Event()
    flag.set()
    with pytest.raises(Cancelled):
        join(
            tools.find_ffmpeg(),
            made.pieces,
            tmp_path / "x.m4a",
            samples=made.samples,
            rate=made.rate,
            cancel=flag,
        )
    assert not list(tmp_path.iterdir())
