"""MP3 pieces that do not belong together are refused, and nothing is left that says otherwise."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from mp3_pieces import cut, encode, made

from podkit.errors import EncodeError, FileError
from podkit.media import mp3_join


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A short tone in three pieces, for the faults; nobody changes them."""
    folder = tmp_path_factory.mktemp("small")
    sound = made("tone", 48000, 1, 64, seconds=7.5)
    return sound, cut(sound, folder)[0]


def _refused(pieces, folder, samples, error=EncodeError) -> str:
    """What was said, after a look that nothing is left."""
    path = folder / "whole.mp3"
    path.write_bytes(b"from another time")
    with pytest.raises(error) as caught:
        mp3_join.join(pieces, path, samples=samples)
    assert not path.exists()
    return str(caught.value)


@pytest.mark.parametrize(
    "change",
    [{"kbits": 96}, {"rate": 44100}, {"rate": 24000}, {"channels": 2}],
    ids="-".join,
)
@pytest.mark.parametrize("which", [0, 1, 2])
def test_pieces_of_different_kinds_are_refused(small, tmp_path, change, which):
    """Another bit rate, sampling frequency, version or mode in any piece is an error."""
    sound, pieces = small
    path = encode(replace(sound, raw=sound.raw * 2, **change), tmp_path / "other.mp3")
    pieces = [*pieces]
    pieces[which] = replace(pieces[which], path=path)
    assert "unlike" in _refused(pieces, tmp_path, sound.samples)


def test_a_variable_bit_rate_is_refused(small, tmp_path):
    """Frames of changing bit rates are no constant stream."""
    sound, pieces = small
    speech = made("speech", sound.rate, 1, 64, seconds=7.5)
    path = encode(speech, tmp_path / "vbr.mp3", 0, None, "-write_xing", 0, "-q:a", 4, "-b:a", 0)
    other = replace(pieces[1], path=path)
    assert "no frame" in _refused([pieces[0], other, pieces[2]], tmp_path, sound.samples)


@pytest.mark.parametrize(
    ("which", "lost"),
    [*itertools.product([0, 1, 2], [1, 100, 192 * 8, 192 * 60]), (2, 192), (2, 193)],
)
def test_a_truncated_piece_is_refused(small, tmp_path, which, lost):
    """Bytes or whole frames lost at any piece's end are seen, and no file is left."""
    sound, pieces = small
    path = tmp_path / "cut.mp3"
    path.write_bytes(pieces[which].path.read_bytes()[:-lost])
    pieces = [*pieces]
    pieces[which] = replace(pieces[which], path=path)
    assert _refused(pieces, tmp_path, sound.samples)


def test_what_is_no_bare_piece_is_refused(small, tmp_path):
    """A header frame of its own, an ID3 tag, rubbish, nothing, no such file; a wrong length."""
    sound, pieces = small
    xing = encode(sound, tmp_path / "xing.mp3", 0, None, "-write_xing", 1)
    path = tmp_path / "piece.mp3"
    frames = pieces[1].path.read_bytes()
    for content in (xing.read_bytes(), b"ID3\4\0\0\0\0\0\0" + frames, frames + b"TAG", b"", b"x"):
        path.write_bytes(content)
        for which in range(3):
            others = [*pieces]
            others[which] = replace(pieces[which], path=path)
            assert _refused(others, tmp_path, sound.samples)
    lost = [pieces[0], replace(pieces[1], path=tmp_path / "none.mp3"), pieces[2]]
    assert "read" in _refused(lost, tmp_path, sound.samples, FileError)
    for samples in (0, sound.samples - 1152, sound.samples + 1152):
        assert "samples" in _refused(pieces, tmp_path, samples)
    assert _refused(pieces[:2], tmp_path, sound.samples)
    assert _refused([*pieces, pieces[0]], tmp_path, sound.samples)
