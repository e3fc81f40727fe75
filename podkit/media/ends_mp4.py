"""Whether the boxes of an MP4 or QuickTime file, and the samples they point at, are in the file."""

from __future__ import annotations

import sys
from array import array
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE = 256 << 20  # bytes of an index that are more than any recording needs
_BOXES = 1_000_000
_HEAVY = frozenset([b"moov", b"mdat", b"moof"])


def fault(stream: IO[bytes], size: int) -> str:
    """What is missing (ISO/IEC 14496-12, sections 4.2 and 8.7)."""
    index = b""
    seen = set()
    for kind, body, end in _boxes(stream, size):
        seen.add(kind)
        if end > size:
            return f"the last {end - size} bytes of its {kind.decode('ascii')!r} box are missing"
        if kind == b"moov":
            index = _content(stream, body, end)
    if b"moov" not in seen:
        return "its index ('moov') is missing"
    furthest = max((_reaches(table) for table in _tables(index)), default=0)
    return f"its index points {furthest - size} bytes behind its end" if furthest > size else ""


def torn(stream: IO[bytes], size: int) -> str:
    """What shows without a look at the index that it is a part of a file."""
    seen = set()
    for kind, _, end in _boxes(stream, size):
        seen.add(kind)
        if end > size and kind in _HEAVY:
            return f"the last {end - size} bytes of its {kind.decode('ascii')!r} box are missing"
    return "" if seen & {b"mdat", b"moof"} else "there is no sound in it"


def index_first(stream: IO[bytes], size: int) -> bool:
    """Whether the index (`moov`) stands before sound and pictures (`mdat`)."""
    kinds = (kind for kind, _, _ in _boxes(stream, size))
    return next((kind for kind in kinds if kind in {b"moov", b"mdat"}), b"") == b"moov"


def samples(stream: IO[bytes], size: int) -> int | None:
    """How many samples the edit list of the first sound track lets be heard; None without one.

    It counts in units of the movie; how many of the track's, which are samples, that is follows
    (ISO/IEC 14496-12, sections 8.2.2, 8.4.2 and 8.6.6). Not every demuxer cuts the end off by it.
    """
    for kind, body, end in _boxes(stream, size):
        if kind == b"moov":
            index = _content(stream, body, end)
            movie = next(map(_time_scale, _inside(index, b"mvhd")), 0)
            for track in _inside(index, b"trak"):
                for media in _inside(track, b"mdia"):
                    if next(_inside(media, b"hdlr"), b"")[8:12] == b"soun":
                        rate = next(map(_time_scale, _inside(media, b"mdhd")), 0)
                        heard = sum(_edits(track))
                        return round(heard * rate / movie) if heard and movie and rate else None
    return None


def _time_scale(box: bytes) -> int:
    """The units of a second that a movie's or a track's header says."""
    at = 20 if box[:1] == b"\1" else 12
    return int.from_bytes(box[at : at + 4], "big")


def _edits(track: bytes) -> Iterator[int]:
    """The durations of the parts of a track that are played."""
    for edit in _inside(track, b"edts"):
        for box in _inside(edit, b"elst"):
            width = 8 if box[:1] == b"\1" else 4
            size = 2 * width + 4
            for n in range(min(int.from_bytes(box[4:8], "big"), len(box) // size)):
                at = 8 + n * size
                row = box[at : at + size]
                if len(row) == size and row[width : 2 * width] != b"\xff" * width:
                    yield int.from_bytes(row[:width], "big")


def _content(stream: IO[bytes], body: int, end: int) -> bytes:
    stream.seek(body)
    return stream.read(min(end - body, _TABLE))


def _boxes(stream: IO[bytes], size: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, beginning of the content and end of each outermost box; rubbish at the end is none."""
    at = 0
    for _ in range(_BOXES):
        stream.seek(at)
        head = stream.read(16)
        if len(head) < 8:
            return
        length, kind, begins = int.from_bytes(head[:4], "big"), head[4:8], 8
        if length == 1 and len(head) == 16:
            length, begins = int.from_bytes(head[8:], "big"), 16
        elif length == 0:
            length = size - at
        if length < begins or not (kind.isascii() and kind.decode("latin-1").isprintable()):
            return
        yield kind, at + begins, at + length
        at += length


def _inside(content: bytes, kind: bytes) -> Iterator[bytes]:
    """The contents of the boxes of one kind."""
    at = 0
    while at + 8 <= len(content):
        length, found, begins = (
            int.from_bytes(content[at : at + 4], "big"),
            content[at + 4 : at + 8],
            8,
        )
        if length == 1:
            length, begins = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        if length < begins:
            return
        if found == kind:
            yield content[at + begins : at + length]
        at += length


def _tables(index: bytes) -> Iterator[bytes]:
    """The sample table of each track."""
    for track in _inside(index, b"trak"):
        for media in _inside(track, b"mdia"):
            for description in _inside(media, b"minf"):
                yield from _inside(description, b"stbl")


def _reaches(table: bytes) -> int:
    """The first byte behind the furthest chunk of a track, or behind its beginning."""
    offsets = _numbers(table, b"stco", "I") or _numbers(table, b"co64", "Q")
    if not offsets:
        return 0
    last = max(range(len(offsets)), key=offsets.__getitem__)
    return offsets[last] + (_size_of_last(table) if last == len(offsets) - 1 else 1)


def _size_of_last(table: bytes) -> int:
    """The bytes of a track's last chunk."""
    chunks = _numbers(table, b"stsc", "I", each=3)
    count = chunks[-2] if chunks else 1
    for sizes in _inside(table, b"stsz"):
        each = int.from_bytes(sizes[4:8], "big")
        total = int.from_bytes(sizes[8:12], "big")
        if each:
            return each * min(count, total)
        return sum(_unpacked(sizes[12 : 12 + 4 * total], "I")[-count:])
    return 1


def _numbers(table: bytes, kind: bytes, code: str, *, each: int = 1) -> array[int]:
    """The numbers of a box that has a version, a count and then rows of `each` numbers."""
    for box in _inside(table, kind):
        count = int.from_bytes(box[4:8], "big") * each
        return _unpacked(box[8 : 8 + count * array(code).itemsize], code)
    return array(code)


def _unpacked(content: bytes, code: str) -> array[int]:
    found = array(code)
    found.frombytes(content[: len(content) // found.itemsize * found.itemsize])
    if sys.byteorder == "little":
        found.byteswap()
    return found
