"""MP3 pieces, each encoded alone by the real libmp3lame, become one file without a seam."""

from __future__ import annotations

import itertools
from array import array
from dataclasses import dataclass, replace
from pathlib import Path

import mutagen.mp3
import pytest
from mp3_pieces import Sound, cut, decoded, encode, first, made, piped

from podkit.media import mp3_frames, mp3_join, mp3_opening
from podkit.media.mp3_join import Piece, Seam

CASES = [
    ("tone", 44100, 1, 64),
    ("tone", 48000, 2, 128),
    ("speech", 44100, 2, 128),
    ("speech", 48000, 1, 64),
    ("speech", 48000, 2, 192),
    ("music", 44100, 1, 64),
    ("music", 44100, 2, 192),
    ("music", 48000, 2, 128),
    ("music", 24000, 1, 64),
    # so little warm-up that pieces differ and change over late
    ("speech", 44100, 2, 128, 24),
    ("speech", 48000, 2, 128, 16),
]
DECODER = 529  # samples by which any decoder is late (LAME's own count, "decoder delay")
SETTLED = 576 + 480  # samples in which a granule and the filter bank still hear what was before


@dataclass(frozen=True, kw_only=True)
class Joined:
    """What came of one sound: its pieces, where their own frames begin, the file, the seams."""

    sound: Sound
    pieces: tuple[Piece, ...]
    begins: tuple[int, ...]
    path: Path
    seams: tuple[Seam, ...]

    @property
    def changes(self) -> list[int]:
        """The frames of the whole at which the pieces change over."""
        moved = (seam.moved for seam in self.seams)
        return [begin + by for begin, by in zip(self.begins[1:], moved, strict=True)]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(map(str, case)))
def joined(request, tmp_path_factory):
    """One of the sounds, cut, encoded and joined."""
    folder = tmp_path_factory.mktemp("joined")
    sound = made(*request.param[:4])
    pieces, begins = cut(sound, folder, *request.param[4:])
    path = folder / "whole.mp3"
    seams = mp3_join.join(pieces, path, samples=sound.samples)
    assert max(seam.moved for seam in seams) > 0 or len(request.param) == 4
    return Joined(sound=sound, pieces=tuple(pieces), begins=tuple(begins), path=path, seams=seams)


@pytest.fixture(scope="module")
def whole(joined):
    """Its channels, decoded as a gapless player does."""
    return decoded(joined.path, joined.sound.channels)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A short tone in three pieces, for the faults; nobody changes them."""
    folder = tmp_path_factory.mktemp("small")
    sound = made("tone", 48000, 1, 64, seconds=7.5)
    return sound, cut(sound, folder)[0]


def test_the_number_of_samples_is_exact(joined, whole, tmp_path):
    """The file decodes to the source's length, as does what one encoder makes of it."""
    sound = joined.sound
    assert len(joined.seams) >= 3
    assert [len(channel) for channel in whole] == [sound.samples] * sound.channels
    serial = encode(sound, tmp_path / "serial.mp3", 0, None, "-write_xing", 1)
    assert len(decoded(serial, sound.channels)[0]) == sound.samples
    assert len(mp3_frames.starts(serial.read_bytes()[first(serial) :])) == len(
        mp3_frames.starts(joined.path.read_bytes()[first(joined.path) :])
    )


@pytest.mark.need("ffmpeg")
def test_others_read_the_same_length(joined):
    """The system's ffmpeg decodes as many samples; mutagen says the exact duration, and CBR."""
    sound = joined.sound
    assert len(decoded(joined.path, sound.channels, ffmpeg="ffmpeg")[0]) == sound.samples
    info = mutagen.mp3.MP3(joined.path).info
    assert info.length == pytest.approx(sound.samples / sound.rate, abs=1e-6)
    assert info.bitrate_mode == mutagen.mp3.BitrateMode.CBR
    assert info.bitrate == pytest.approx(sound.kbits * 1000, rel=0.001)


def test_around_a_seam_every_sample_is_one_pieces(joined, whole):
    """Before it the decoded sound equals the left piece's, after it the right one's, exactly."""
    sound = joined.sound
    borders, late = [0, *joined.changes, None], mp3_opening.DELAY + DECODER
    for piece, begin, (enters, leaves) in zip(
        joined.pieces, joined.begins, itertools.pairwise(borders), strict=True
    ):
        alone = decoded(piece.path, sound.channels)
        # where the piece's first decoded sample lies in the source
        shift = (begin - piece.warm_up) * sound.frame - late
        start = max(0, enters * sound.frame - late + (SETTLED if enters else 0))
        stop = sound.samples if leaves is None else leaves * sound.frame - late
        for channel, theirs in zip(whole, alone, strict=True):
            assert channel[start:stop] == theirs[start - shift : stop - shift]


def test_a_seam_is_no_worse_than_the_rest(joined, whole):
    """In 100 ms around each change-over the error is not above the highest found elsewhere."""
    sound = joined.sound
    flat = array("h", sound.raw)
    source = [flat[channel :: sound.channels] for channel in range(sound.channels)]
    power = sum(sum(a * a for a in channel) for channel in source)
    pairs = list(zip(whole, source, strict=True))
    # libmp3lame turns the sound down a little; that is no error of a seam's
    gain = sum(sum(a * b for a, b in zip(*pair, strict=True)) for pair in pairs) / power
    half = sound.rate // 20

    def error(middle: int) -> float:
        place = slice(max(0, middle - half), middle + half)
        return sum(
            sum((a - gain * b) ** 2 for a, b in zip(ours[place], theirs[place], strict=True))
            for ours, theirs in pairs
        )

    seams = [change * sound.frame - mp3_opening.DELAY for change in joined.changes]
    middles = range(half, sound.samples - half, half // 2)
    elsewhere = [at for at in middles if all(abs(at - seam) > 2 * half for seam in seams)]
    assert max(map(error, seams)) <= max(map(error, elsewhere)) * 1.0001


def test_the_frames_are_those_of_one_stream(joined):
    """Every frame's main data begins behind the end of the one before, from the first to the last."""
    stream = joined.path.read_bytes()[first(joined.path) :]
    free = 0
    for at, after in itertools.pairwise(mp3_frames.starts(stream)):
        side = mp3_frames.side_at(stream, at)
        assert side.main_data_begin <= free
        main = mp3_frames.header_at(stream, at).main
        free = side.main_data_begin + after - at - main - -(-side.main_bits // 8)
        assert free >= 0
    assert mp3_opening.crc16(stream).to_bytes(2, "big") in joined.path.read_bytes()[:200]
    assert b"LAME3.100" in joined.path.read_bytes()[:200]


def test_windows_that_overlap_have_the_same_slopes(tmp_path):
    """Where the pieces' window shapes differ, the change-over waits until they fit."""
    blows = "aevalsrc='0.1*sin(2*PI*300*t)+0.8*(random(0)-0.5)*lt(mod(t,0.083),0.01)':s=48000:d=3"
    sound = Sound(raw=piped("-filter_complex", blows), rate=48000, channels=1, kbits=64)
    other = replace(sound, raw=sound.raw[2 * 800 :])  # blows in other granules
    left, right = encode(sound, tmp_path / "left.mp3"), encode(other, tmp_path / "right.mp3")
    path, moved = tmp_path / "whole.mp3", 0
    for frames in range(51, 60):
        pieces = [
            Piece(path=left, warm_up=0, frames=frames),
            Piece(path=right, warm_up=frames, frames=None),
        ]
        (seam,) = mp3_join.join(pieces, path, samples=other.samples)
        moved += seam.moved
        stream = path.read_bytes()[first(path) :]
        sides = [mp3_frames.side_at(stream, at) for at in mp3_frames.starts(stream)[:-1]]
        types = [kind for side in sides for (kind,) in side.block_types]
        for before, after in itertools.pairwise(types):
            assert (before in {1, 2}) == (after in {2, 3})
    assert moved > 0


@pytest.mark.parametrize("over", [0, 1, 46, 576, 1151])
def test_first_and_last_sample_are_where_they_were(tmp_path, over):
    """Clicks near both ends keep their places, however the length lies to the frames."""
    raw = array("h", bytes(2 * (1152 * 400 + over)))
    places = [200, len(raw) - 200]
    for place in places:
        raw[place] = 30_000
    sound = Sound(raw=raw.tobytes(), rate=44100, channels=1, kbits=128)
    path = tmp_path / "whole.mp3"
    mp3_join.join(cut(sound, tmp_path)[0], path, samples=sound.samples)
    (ours,) = decoded(path, 1)
    assert len(ours) == sound.samples
    halves = [range(1000), range(len(ours) - 1000, len(ours))]
    assert [max(half, key=lambda at: abs(ours[at])) for half in halves] == places


def test_one_piece_alone_gets_its_first_frame(tmp_path):
    """A sound that was not cut becomes what ffmpeg itself would have written, name apart."""
    sound = made("tone", 48000, 1, 64, seconds=7.5)
    bare = encode(sound, tmp_path / "bare.mp3")
    serial = encode(sound, tmp_path / "serial.mp3", 0, None, "-write_xing", 1)
    path = tmp_path / "whole.mp3"
    whole = Piece(path=bare, warm_up=0, frames=None)
    assert mp3_join.join([whole], path, samples=sound.samples) == ()
    assert path.read_bytes()[first(path) :] == serial.read_bytes()[first(serial) :]
    assert decoded(path, 1) == decoded(serial, 1)
