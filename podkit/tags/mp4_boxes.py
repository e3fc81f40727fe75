"""MP4 boxes (ISO/IEC 14496-12): parsed, changed, and put back with every chunk offset right."""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from podkit import files
from podkit.errors import MediaError

MAX_MOOV = 256 << 20
"""Bytes of a `moov` that are still read: ten hours of video need less than a tenth."""

_PARENTS = frozenset([b"moov", b"trak", b"mdia", b"minf", b"stbl", b"udta", b"tref", b"edts"])
_CHUNK = 1 << 20
_WIDE = 1 << 32


@dataclass(slots=True)
class Box:
    """One box in memory: a leaf has a payload, a parent has boxes and maybe a tail of stray bytes."""

    type: bytes
    payload: bytes = b""
    boxes: list[Box] = field(default_factory=list)

    def find(self, *types: bytes) -> Box | None:
        """The first box down that path, or None."""
        found: Box | None = self
        for kind in types:
            found = next((b for b in found.boxes if b.type == kind), None) if found else None
        return found

    def every(self, kind: bytes) -> list[Box]:
        """The direct children of that type."""
        return [b for b in self.boxes if b.type == kind]

    def everywhere(self, kind: bytes) -> Iterator[Box]:
        """All boxes of that type below this one."""
        for box in self.boxes:
            if box.type == kind:
                yield box
            yield from box.everywhere(kind)

    def child(self, kind: bytes) -> Box:
        """The first child of that type; it is made when there is none."""
        found = self.find(kind)
        if found is None:
            found = Box(kind)
            self.boxes.append(found)
        return found

    def to_bytes(self) -> bytes:
        """The box as it lies in a file."""
        body = b"".join(b.to_bytes() for b in self.boxes) + self.payload
        return struct.pack(">I4s", len(body) + 8, self.type) + body


@dataclass(frozen=True, slots=True)
class Span:
    """A box at the top of a file: where it lies, and how long its head is."""

    type: bytes
    start: int
    size: int
    head: int

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.start + self.size


def parse(kind: bytes, body: bytes) -> Box:
    """One box from its body; bytes behind the last whole child stay as the payload.

    Raises:
        MediaError: a child says it is longer than its parent.
    """
    if kind not in _PARENTS:
        return Box(kind, body)
    box = Box(kind)
    at = 0
    while len(body) - at >= 8:
        size, child = struct.unpack_from(">I4s", body, at)
        head = 8
        if size == 1 and len(body) - at >= 16:
            size, head = struct.unpack_from(">Q", body, at + 8)[0], 16
        if size == 0:  # QuickTime ends a `udta` with a zero
            break
        if size < head or at + size > len(body):
            raise MediaError(f"its {_named(child)} box is longer than the box around it")
        box.boxes.append(parse(child, body[at + head : at + size]))
        at += size
    box.payload = body[at:]
    return box


def _named(kind: bytes) -> str:
    """A box's name as a person reads it: four letters, of which some are beyond ASCII."""
    return repr(kind.decode("latin-1"))


def spans(stream: IO[bytes]) -> list[Span]:
    """The boxes at the top of a file, in order.

    Raises:
        MediaError: one of them says it is longer than the file.
    """
    length = stream.seek(0, os.SEEK_END)
    found: list[Span] = []
    at = 0
    while length - at >= 8:
        stream.seek(at)
        head = stream.read(16)
        size, kind = struct.unpack_from(">I4s", head)
        width = 8
        if size == 1 and len(head) == 16:
            size, width = struct.unpack_from(">Q", head, 8)[0], 16
        elif size == 0:  # up to the end of the file
            size = length - at
        if size < width or at + size > length:
            raise MediaError(f"its {_named(kind)} box is longer than the file")
        found.append(Span(kind, at, size, width))
        at += size
    return found


def read_moov(stream: IO[bytes], layout: list[Span]) -> Box:
    """The box that describes the tracks.

    Raises:
        MediaError: there is none, or it is too large to be honest.
    """
    moov = next((s for s in layout if s.type == b"moov"), None)
    if moov is None:
        raise MediaError("it has no moov box: it was not written to its end")
    if moov.size > MAX_MOOV:
        raise MediaError(f"its moov box has {moov.size} bytes; podkit reads up to {MAX_MOOV}")
    stream.seek(moov.start + moov.head)
    return parse(b"moov", stream.read(moov.size - moov.head))


def rewrite(
    path: Path, layout: list[Span], moov: Box, *, drop: list[Span], tail: Callable[[int], bytes]
) -> None:
    """Put a changed `moov` in the place of the old one, and move every chunk offset along.

    Args:
        path: the file, a private copy.
        layout: its boxes as `spans` found them.
        moov: what replaces the old one. The offsets of chunks in kept boxes are put right.
        drop: boxes at the top that are left out.
        tail: what comes behind everything else, given its position in the file; it may still
            change `moov`, but not its size.

    Raises:
        MediaError: the file is of a kind whose offsets podkit does not move.
    """
    kept = [s for s in layout if s not in drop]
    total = sum(s.size for s in kept) + len(moov.to_bytes()) + _CHUNK
    if total >= _WIDE:
        _widen(moov)
    size = len(moov.to_bytes())
    moves: list[tuple[Span, int]] = []
    at = 0
    for span in kept:
        moves.append((span, at - span.start))
        at += size if span.type == b"moov" else span.size
    if any(by for _, by in moves) and any(s.type in {b"moof", b"sidx"} for s in kept):
        raise MediaError(
            "it is a fragmented MP4, whose chapters podkit does not write",
            hint="`podkit transcode -p copy` makes a plain one of it",
        )
    _move_chunks(moov, [(s, by) for s, by in moves if by])
    end = tail(at)
    _put(path, moves, moov.to_bytes(), end)


def _put(path: Path, moves: list[tuple[Span, int]], moov: bytes, end: bytes) -> None:
    """Write in place when only what lies behind the media changes, else into a new file."""
    first = next((i for i, (s, by) in enumerate(moves) if by or s.type == b"moov"), len(moves))
    if all(s.type == b"moov" for s, _ in moves[first:]):
        with path.open("r+b") as out:
            out.truncate(moves[first][0].start + moves[first][1])
            out.seek(0, os.SEEK_END)
            out.write(moov + end)
        return
    temporary = files.temporary_beside(path)
    try:
        with path.open("rb") as source, temporary.open("xb") as out:
            for span, _ in moves:
                if span.type == b"moov":
                    out.write(moov)
                else:
                    _pour(source, out, span)
            out.write(end)
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _pour(source: IO[bytes], out: IO[bytes], span: Span) -> None:
    source.seek(span.start)
    left = span.size
    if span.end > 0 and span.head == 8:
        # A size of 0 ("up to the end") would swallow what is written behind it.
        head = source.read(8)
        if head[:4] == b"\0\0\0\0":
            if span.size >= _WIDE:
                raise MediaError("its last box has no size and is too long to be given one")
            head = struct.pack(">I", span.size) + head[4:]
        out.write(head)
        left -= 8
    while left:
        piece = source.read(min(left, _CHUNK))
        if not piece:
            raise MediaError("it became shorter while it was read")
        out.write(piece)
        left -= len(piece)


def chunks(stbl: Box) -> list[int]:
    """The chunk offsets of one track."""
    for kind, form in ((b"stco", "I"), (b"co64", "Q")):
        if (box := stbl.find(kind)) and len(box.payload) >= 8:
            count = struct.unpack_from(">I", box.payload, 4)[0]
            return list(struct.unpack_from(f">{count}{form}", box.payload, 8))
    return []


def set_chunks(stbl: Box, offsets: list[int]) -> None:
    """Replace the chunk offsets of one track, in the table that it has."""
    for kind, form in ((b"stco", "I"), (b"co64", "Q")):
        if box := stbl.find(kind):
            box.payload = struct.pack(f">II{len(offsets)}{form}", 0, len(offsets), *offsets)


def _widen(moov: Box) -> None:
    """Turn 32-bit chunk offsets into 64-bit ones."""
    for stbl in moov.everywhere(b"stbl"):
        if box := stbl.find(b"stco"):
            offsets = chunks(stbl)
            box.type = b"co64"
            set_chunks(stbl, offsets)


def _move_chunks(moov: Box, moves: list[tuple[Span, int]]) -> None:
    if not moves:
        return
    for stbl in moov.everywhere(b"stbl"):
        if stbl.find(b"saio"):
            raise MediaError("it is encrypted; podkit does not move its parts")
        old = chunks(stbl)
        new = [
            offset + next((by for s, by in moves if s.start <= offset < s.end), 0) for offset in old
        ]
        if new != old:
            set_chunks(stbl, new)
