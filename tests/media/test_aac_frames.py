"""Frames of AAC are found where they are, and a broken chain is never taken for a whole one."""

from __future__ import annotations

from itertools import pairwise

import media_sounds as sounds
import pytest

from podkit.errors import EncodeError, FileError
from podkit.media.aac_frames import Kind, Sequence, Stream, kind_of, scan, windows

CLICKS = "aevalsrc='0.02*sin(2*PI*300*t)+0.9*lt(mod(t,0.37),0.0005)':s={rate}:d=6"
PANNED = "aevalsrc='0.9*lt(mod(t,0.37),0.0005)|0.02*sin(2*PI*300*t)':s={rate}:d=6"
FOLLOWERS = {
    Sequence.LONG: {Sequence.LONG, Sequence.START},
    Sequence.START: {Sequence.SHORT},
    Sequence.SHORT: {Sequence.SHORT, Sequence.STOP},
    Sequence.STOP: {Sequence.LONG, Sequence.START},
}
"""Which windows may come next (ISO/IEC 14496-3, 4.6.11.3.2), long start after stop included."""


def clicks(path, *options: str, channels: int = 1, rate: int = 44100, graph: str = CLICKS):
    """Six seconds of clicks as ADTS by the bundled ffmpeg."""
    sounds.make(
        *("-f", "lavfi", "-i", graph.format(rate=rate), "-ac", channels),
        *("-c:a", "aac", "-aac_coder", "fast", *options, "-f", "adts", path),
    )
    return path


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Clicks at 44.1 kHz, mono."""
    return clicks(tmp_path_factory.mktemp("aac") / "clicks.aac", "-flags:a", "+bitexact")


def frames(stream: Stream) -> list[bytes]:
    """The bytes of each frame."""
    content = stream.path.read_bytes()
    return [content[a:b] for a, b in pairwise(stream.starts)]


@pytest.mark.parametrize("rate", [22050, 44100, 48000, 96000])
@pytest.mark.parametrize("channels", [1, 2])
def test_headers_tell_rate_and_channels(tmp_path, rate, channels):
    """What ffmpeg was told to make is what the header says, and the frames are all there."""
    found = scan(clicks(tmp_path / "x.aac", rate=rate, channels=channels))
    assert found.kind == Kind(profile=1, rate=rate, channels=channels)
    assert found.frames == -(-6 * rate // 1024) + 1
    assert found.starts[-1] == found.path.stat().st_size


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bare", [True, False])
def test_windows_follow_each_other_as_they_may(tmp_path, channels, bare):
    """Around a click come a start, short windows and a stop; the encoder's name does not hide it."""
    options = ["-flags:a", "+bitexact"] if bare else []
    found = scan(clicks(tmp_path / "x.aac", *options, channels=channels))
    seen = [windows(frame) for frame in frames(found)]
    assert None not in seen
    kinds = [one.sequence for one in seen if one]
    assert set(kinds) == set(Sequence)
    for before, after in pairwise(kinds):
        assert after in FOLLOWERS[before]


def test_channels_with_different_windows_are_not_guessed(tmp_path):
    """Clicks in one channel only: frames without common windows say nothing."""
    found = scan(clicks(tmp_path / "x.aac", channels=2, graph=PANNED))
    seen = [windows(frame) for frame in frames(found)]
    assert None in seen
    assert any(one and one.sequence is Sequence.LONG for one in seen)


def test_a_frame_cut_inside_its_beginning_says_nothing(plain):
    """A header without the bits behind it has no windows."""
    assert windows(frames(scan(plain))[5][:8]) is None


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xf1\x50",
        b"\xff\xfb\x90\x64\x00\x00\x00",
        b"\xff\xf1\x7c\x40\x00\x1f\xfc",
        b"\xff\xf1\x50\x00\x00\x1f\xfc",
    ],
)
def test_other_headers_are_none(head):
    """Nothing, half a header, MP3, an unknown rate, channels left to the frame."""
    assert kind_of(head) is None


def test_every_break_of_the_chain_is_seen(plain, tmp_path):
    """Cut at any byte but a frame's end, a byte lost or added, a header changed: refused."""
    content, starts = plain.read_bytes(), scan(plain).starts
    cut = [content[: starts[9] + extra] for extra in (1, 6, 7, 8, starts[10] - starts[9] - 1)]
    lost = content[: starts[4] + 20] + content[starts[4] + 21 :]
    added = content[: starts[4] + 20] + b"\0" + content[starts[4] + 20 :]
    other = bytearray(content)
    other[starts[4] + 2] ^= 0x0C  # another rate
    path = tmp_path / "x.aac"
    for broken in (*cut, lost, added, bytes(other), b"", b"no sound at all"):
        path.write_bytes(broken)
        with pytest.raises(EncodeError):
            scan(path)


def test_a_missing_file_is_a_file_error(tmp_path):
    """What cannot be read is not called damaged."""
    with pytest.raises(FileError):
        scan(tmp_path / "none.aac")
