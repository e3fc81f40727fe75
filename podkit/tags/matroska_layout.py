"""Where the parts of a Matroska or WebM file lie, found by walking over it whatever its index says."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import IO

from podkit.errors import MediaError
from podkit.tags import ebml
from podkit.tags import matroska_ids as ids

MAX_PART = 256 << 20
"""Bytes of one part that are still read: attached fonts of a film are far below."""

_ELEMENTS = 4_000_000  # a live recording of four hours has a quarter of it
_PARTS = 20_000
_HEADER = 1 << 12


@dataclass(frozen=True, slots=True)
class Part:
    """An element that stands directly in the segment: where it begins, how long its head and all is."""

    id: int
    start: int
    head: int
    size: int

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.start + self.size


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A file's parts in order, without its clusters.

    `segment` is the segment's own head as a part that ends with the file's last element;
    `open_ended` says that its size is unknown, as in a live recording. `first_cluster` is where
    sound and pictures begin, else where the segment ends; `fixed` says that something in the file
    counts the clusters' places. `fault` says what is wrong with it, and is empty when nothing is.
    """

    doc_type: str
    segment: Part
    open_ended: bool
    parts: tuple[Part, ...]
    first_cluster: int
    fixed: bool
    fault: str
    length: int

    def every(self, wanted: int) -> list[Part]:
        """The parts with that ID."""
        return [p for p in self.parts if p.id == wanted]


def read_layout(stream: IO[bytes]) -> Layout:
    """Find the parts of a file.

    Raises:
        MediaError: it is none, or one that nobody could have meant.
    """
    length = stream.seek(0, os.SEEK_END)
    doc_type, at = _header(stream)
    found = _head(stream, at)
    while found is not None and found[0] in {ebml.VOID, ebml.CRC} and found[1] != ebml.UNKNOWN:
        at += found[2] + found[1]
        found = _head(stream, at) if at < length else None
    if found is None or found[0] != ids.SEGMENT:
        raise MediaError("it has no segment: it was not written to its end")
    _, size, used = found
    unknown = size == ebml.UNKNOWN
    end = length if unknown else at + used + size
    walk = _Walk(stream, at + used, min(end, length))
    missing = end - length
    return Layout(
        doc_type=doc_type,
        segment=Part(ids.SEGMENT, at, used, walk.at - at),
        open_ended=unknown,
        parts=tuple(walk.parts),
        first_cluster=walk.at if walk.cluster is None else walk.cluster,
        fixed=walk.fixed,
        fault=f"its last {missing} bytes are missing" if missing > 0 else walk.fault,
        length=length,
    )


def read_part(stream: IO[bytes], part: Part) -> ebml.Element:
    """One part, taken apart.

    Raises:
        MediaError: it is damaged, or too large to be honest.
    """
    if part.size > MAX_PART:
        raise MediaError(
            f"its element {part.id:X} has {part.size} bytes; podkit reads up to {MAX_PART}"
        )
    stream.seek(part.start + part.head)
    return ebml.parse(part.id, stream.read(part.size - part.head), ids.MASTERS)


def _header(stream: IO[bytes]) -> tuple[str, int]:
    """The document's type, and where its header ends."""
    stream.seek(0)
    content = stream.read(_HEADER)
    found = ebml.head(content)
    if found is None or found[0] != ids.EBML or not 0 <= found[1] <= _HEADER - found[2]:
        raise MediaError("it has no EBML header")
    end = found[2] + found[1]
    header = ebml.parse(ids.EBML, content[found[2] : end], [ids.EBML])
    doc_type = header.text(ids.DOC_TYPE)
    if doc_type not in {"matroska", "webm"}:
        raise MediaError(f"it is an EBML file of type {doc_type[:40]!r}, not Matroska or WebM")
    return doc_type, end


def _head(stream: IO[bytes], at: int) -> tuple[int, int, int] | None:
    stream.seek(at)
    return ebml.head(stream.read(ebml.HEAD))


class _Walk:
    """One pass over the elements of a segment; `at` is where the last whole one ends."""

    def __init__(self, stream: IO[bytes], begin: int, end: int) -> None:
        self._stream = stream
        self._end = end
        self._left = _ELEMENTS
        self.at = begin
        self.parts: list[Part] = []
        self.cluster: int | None = None
        self.fixed = False
        self.fault = ""
        while self.at < end and not self.fault:
            self._step()

    def _step(self) -> None:
        found = self._next()
        if found is None:
            self.fault = f"at byte {self.at} stands no element"
            return
        kind, size, used = found
        if kind == ids.CLUSTER:
            if self.cluster is None:
                self.cluster = self.at
                self.fixed |= self._counts(self.at + used)
            if size == ebml.UNKNOWN:
                self._through_cluster(self.at + used)
                return
        elif size == ebml.UNKNOWN:
            self.fault = f"its element {kind:X} has no size"
            return
        after = self.at + used + size
        if after > self._end:
            self.fault = f"its last {after - self._end} bytes are missing"
            return
        if kind != ids.CLUSTER:
            self.fixed |= kind == ids.CUES
            self.parts.append(Part(kind, self.at, used, used + size))
            if len(self.parts) > _PARTS:
                raise MediaError(f"it has more than {_PARTS} parts")
        self.at = after

    def _through_cluster(self, at: int) -> None:
        """Step over the blocks of a cluster that does not say where it ends."""
        while at < self._end:
            self.at = at
            found = self._next()
            if found is None or found[0] not in ids.IN_CLUSTER:
                return
            _, size, used = found
            at += used + size
            if size == ebml.UNKNOWN or at > self._end:
                self.fault = "its last block is cut"
                return
        self.at = at

    def _next(self) -> tuple[int, int, int] | None:
        self._left -= 1
        if self._left < 0:
            raise MediaError(f"it has more than {_ELEMENTS} elements")
        return _head(self._stream, self.at)

    def _counts(self, at: int) -> bool:
        """Whether a cluster says where it lies, in one of its first elements."""
        for _ in range(4):
            found = _head(self._stream, at) if at < self._end else None
            if found is None or found[1] == ebml.UNKNOWN:
                return False
            if found[0] == ids.CLUSTER_POSITION:
                return True
            at += found[2] + found[1]
        return False
