"""How MP3 pieces of one sound become one file: at which frame to change over, and what to carry.

A frame's main data may begin before its header, in what the frames before it left free: the bit
reservoir (ISO/IEC 11172-3, 2.4.2.7, main_data_begin). So a piece's frame may follow another
piece's only where that one left enough free, and brings along what it had put there.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import EncodeError
from podkit.media import mp3_frames, mp3_opening

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator, Sequence

WARM_UP = 49
"""Frames before its own with which a piece begins, until the encoder is in its stride.

From then on most pieces are as full as those before them and change over at once; with 24 frames
noise in stereo at 128 kbit/s did so in half of the cases, with 49 in nearly all.
"""

TAIL = 32
"""Frames past its own for which a piece's source goes on: by nearly so many a change-over can wait.

The most that one waited in 768 was 5, in stereo at 22.05 kHz 27. The last piece must be longer
than this.
"""

ENCODER = "LAME3.100"
"""The name in the file's first frame; mutagen believes delay and padding of LAME only."""

_SETTLED = 3  # frames before a source's end in which the encoder sees it coming
_SHORT_AFTER, _SHORT_BEFORE = frozenset({1, 2}), frozenset({2, 3})


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Bare frames of a part of the sound, from libmp3lame at one constant bit rate.

    `warm_up`: frames at its beginning that belong to the piece before. `frames`: those after them
    that are its own; None for all the rest, in the last piece and no other.
    """

    path: Path
    warm_up: int
    frames: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seam:
    """A change-over: by how many frames it came later than planned, how many bytes it carried."""

    moved: int
    carried: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A piece in memory: its own frames are `own` to `end`, `starts` as mp3_frames finds them."""

    path: Path
    stream: bytes
    starts: array[int]
    own: int
    end: int

    @property
    def count(self) -> int:
        return len(self.starts) - 1

    @property
    def kind(self) -> int:
        return mp3_frames.word_at(self.stream, 0) & mp3_frames.SAME

    def side(self, frame: int) -> mp3_frames.Side:
        return mp3_frames.side_at(self.stream, self.starts[frame])

    def area(self, frame: int) -> slice:
        """Where the frame's main data area lies in the stream."""
        at = self.starts[frame]
        return slice(at + mp3_frames.header_at(self.stream, at).main, self.starts[frame + 1])


def align(sample_rate: int) -> int:
    """The number of frames of which a piece's first frame, warm-up included, is a multiple.

    At 44.1 kHz and its half a frame has n/49 bytes (11172-3, 2.4.3.1), so that the padding bits
    come round again after 49 frames.
    """
    return 49 if sample_rate % 11025 == 0 else 1


def samples_per_frame(sample_rate: int) -> int:
    """Samples per channel of one frame: two granules in MPEG-1, one in MPEG-2."""
    return 2 * mp3_frames.GRANULE if sample_rate >= 32000 else mp3_frames.GRANULE


def join(
    pieces: Sequence[Piece], output: Path, *, samples: int, encoder: str = ENCODER
) -> tuple[Seam, ...]:
    """Write one MP3 file that decodes to the whole sound, without a seam and gapless.

    Args:
        pieces: in order; the source of each goes on for `TAIL` frames past its own.
        output: written anew, and removed when that fails.
        samples: of the source per channel.
        encoder: the name for the first frame; ffmpeg knows LAME…, Lavc… and Lavf….

    Returns:
        Where the pieces met, one for each but the first.

    Raises:
        EncodeError: the pieces cannot be joined exactly.
        FileError: a piece cannot be read, or the output cannot be written.
    """
    try:
        return _join(pieces, output, samples=samples, encoder=encoder)
    except BaseException:
        with contextlib.suppress(OSError):
            output.unlink(missing_ok=True)
        raise


def _join(pieces: Sequence[Piece], output: Path, *, samples: int, encoder: str) -> tuple[Seam, ...]:
    """Write the frames behind a gap, then into the gap the first one, which counts them."""
    seams: list[Seam] = []
    frames = written = checksum = 0
    left = _read(pieces[0])
    with _explained(left.path):
        room = mp3_opening.room(left.kind)
    with files.translating(output, "write"), output.open("wb") as sink:
        sink.seek(room)
        for count, part in _parts(left, pieces[1:], seams):
            frames += count
            written += sink.write(part)
            checksum = mp3_opening.crc16(part, checksum)
        padding = _padding(left, frames, samples)
        told = mp3_opening.Stream(frames=frames, bytes=written, padding=padding, checksum=checksum)
        sink.seek(0)
        sink.write(mp3_opening.frame(left.kind, told, encoder=encoder))
    return tuple(seams)


def _parts(left: _Read, others: Sequence[Piece], seams: list[Seam]) -> Iterator[tuple[int, bytes]]:
    """What each piece gives to the file: how many frames, and their bytes."""
    begin = left.own
    for piece in others:
        right = _read(piece)
        moved = _change_over(left, right)
        end, entry = left.end + moved, right.own + moved
        carried = right.side(entry).main_data_begin
        yield end - begin, _given(left, begin, end, _before(right, entry, carried))
        seams.append(Seam(moved=moved, carried=carried))
        left, begin = right, entry
    yield left.count - begin, _given(left, begin, left.count, b"")


def _read(piece: Piece) -> _Read:
    with files.translating(piece.path, "read"):
        stream = piece.path.read_bytes()
    with _explained(piece.path):
        starts = mp3_frames.starts(stream)
        main = mp3_frames.header_at(stream, 0).main
    if stream[main : main + 4] in {b"Info", b"Xing"}:
        raise EncodeError("the piece begins with a header of its own", where=piece.path)
    count = len(starts) - 1
    end = count if piece.frames is None else piece.warm_up + piece.frames
    wanted = end + (0 if piece.frames is None else TAIL)
    if count < wanted or count <= piece.warm_up:
        raise EncodeError(
            f"the piece has {count} frames instead of {max(wanted, piece.warm_up + 1)}",
            where=piece.path,
        )
    return _Read(path=piece.path, stream=stream, starts=starts, own=piece.warm_up, end=end)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the frames' reader says into an EncodeError about the piece."""
    try:
        yield
    except ValueError as error:
        raise EncodeError(f"the piece cannot be joined: {error}", where=path) from error


def _padding(read: _Read, frames: int, samples: int) -> int:
    """Samples after the source's last: LAME adds 576 and then as many as fill a frame."""
    length = mp3_frames.header_at(read.stream, 0).samples
    padding = frames * length - mp3_opening.DELAY - samples
    if mp3_opening.DELAY <= padding < mp3_opening.DELAY + length:
        return padding
    raise EncodeError(f"the pieces have {frames} frames, which is not what {samples} samples make")


def _change_over(left: _Read, right: _Read) -> int:
    """The fewest frames to move the change-over by so that it can be exact.

    Raises:
        EncodeError: the pieces differ in kind, or there is no such frame in the tail.
    """
    if left.kind != right.kind:
        raise EncodeError("the piece is encoded unlike the one before", where=right.path)
    if left.count < left.end + TAIL:
        raise EncodeError("the piece before is the last one", where=right.path)
    for moved in range(min(TAIL - _SETTLED + 1, right.count - right.own)):
        if _can_follow(left, left.end + moved, right, right.own + moved):
            return moved
    raise EncodeError("the piece nowhere fits behind the one before", where=right.path)


def _can_follow(left: _Read, end: int, right: _Read, entry: int) -> bool:
    """Whether `right` from frame `entry` may follow `left` up to frame `end`.

    The free bytes must suffice, and the window slopes that overlap must be both long or both short
    (11172-3, 2.4.2.7: block types 1 and 2 end in a short one, 2 and 3 begin with one).
    """
    last, first = left.side(end - 1), right.side(entry)
    area = left.area(end - 1)
    free = area.stop - area.start + last.main_data_begin - (last.main_bits + 7) // 8
    slopes = zip(last.block_types[-1], first.block_types[0], strict=True)
    return free >= first.main_data_begin and all(
        (before in _SHORT_AFTER) == (after in _SHORT_BEFORE) for before, after in slopes
    )


def _before(read: _Read, frame: int, count: int) -> bytes:
    """The last `count` bytes of main data before a frame, headers left out."""
    found = b""
    while len(found) < count:
        frame -= 1
        if frame < 0:
            raise EncodeError("the piece begins inside its main data", where=read.path)
        found = read.stream[read.area(frame)] + found
    return found[len(found) - count :]


def _given(read: _Read, begin: int, end: int, carried: bytes) -> bytes:
    """The frames from `begin` to `end`, the end of their main data areas replaced by `carried`."""
    base = read.starts[begin]
    given = bytearray(read.stream[base : read.starts[max(begin, end)]])
    while carried:
        end -= 1
        if end < begin:
            raise EncodeError("the piece is too short to be joined", where=read.path)
        area = read.area(end)
        taken = min(len(carried), area.stop - area.start)
        given[area.stop - base - taken : area.stop - base] = carried[len(carried) - taken :]
        carried = carried[: len(carried) - taken]
    return bytes(given)
