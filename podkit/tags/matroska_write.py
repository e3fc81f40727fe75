"""Puts changed parts into a Matroska or WebM file whose clusters and cues stay where they are.

A new part goes where padding or an old part lay, else behind everything else; the index names its
place. A file without an index gets it before its first cluster, where players look without one.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from podkit import files
from podkit.errors import MediaError
from podkit.tags import ebml
from podkit.tags import matroska_ids as ids
from podkit.tags.matroska_layout import Layout

_INDEXED = (ids.INFO, ids.TRACKS, ids.CHAPTERS, ids.CUES, ids.ATTACHMENTS, ids.TAGS)
_CHUNK = 1 << 20
_HINT = "`podkit transcode -p copy --allow-damaged` makes a new file of what is there"


@dataclass(slots=True)
class _Run:
    """Room that may be written to: old parts and padding that lie side by side."""

    start: int
    end: int
    left: list[tuple[int, bytes]] = field(default_factory=list)
    right: tuple[int, bytes] | None = None
    ours: bool = False
    """Whether there is anything but padding in it."""

    def room(self) -> int:
        taken = [*self.left, *([self.right] if self.right else [])]
        return self.end - self.start - sum(_length(*part) for part in taken)

    def places(self) -> list[tuple[int, int, int]]:
        """ID, beginning and length of what was put here; a gap of one byte widens a part."""
        spare = int(self.room() == 1)
        found = []
        at = self.start
        for number, (kind, body) in enumerate(self.left, 1):
            length = _length(kind, body) + (spare if number == len(self.left) else 0)
            found.append((kind, at, length))
            at += length
        if self.right:
            length = _length(*self.right) + (0 if self.left else spare)
            found.append((self.right[0], self.end - length, length))
        return found


def rewrite(
    path: Path,
    layout: Layout,
    changes: Mapping[int, bytes | None],
    *,
    about: Sequence[bytes] = (),
    wipe: bool = False,
) -> None:
    """Replace whole parts of a file that is a private copy.

    Args:
        path: the file.
        layout: where its parts lie.
        changes: by ID, what shall stand in the part that takes the old ones' place; None leaves none.
        about: what shall stand in the part that describes the segment: the first that fits where it
            lies, since players look for it nowhere else.
        wipe: overwrite all padding, which may hold what once stood there.

    Raises:
        MediaError: the file is damaged, or has no room for an index.
    """
    if layout.fault:
        raise MediaError(f"it is damaged: {layout.fault}", hint=_HINT)
    plan = _Plan(layout, dict(changes), about)
    plan.write(path, wipe=wipe)


def describes(layout: Layout, changes: Mapping[int, bytes | None], about: bytes) -> bool:
    """Whether this description of the segment fits where the old one lies; see `rewrite`."""
    try:
        plan = _Plan(layout, dict(changes), [about])
    except MediaError:
        return False
    return plan.has_described


class _Plan:
    """Decides where everything goes; `write` does it."""

    def __init__(
        self, layout: Layout, changes: dict[int, bytes | None], about: Sequence[bytes]
    ) -> None:
        self._layout = layout
        self._gone = {*changes, *([ids.INFO] if about else [])}
        self._data = layout.segment.start + layout.segment.head
        self._runs = self._free()
        self._limit = self._end()
        self._tail: list[tuple[int, bytes]] = []
        added = [(kind, body) for kind, body in changes.items() if body is not None]
        self._indexed = [
            kind
            for kind in _INDEXED
            if changes.get(kind) is not None or (kind not in changes and layout.every(kind))
        ]
        grown = layout.length + sum(len(body) + 16 for _, body in added) + 4096
        self._width = (grown.bit_length() + 7) // 8
        # Few readers look behind the clusters of a live recording, or where no index tells them to.
        indexed = bool(layout.every(ids.SEEK_HEAD))
        self._inserts = not layout.fixed and (layout.open_ended or not indexed)
        self._index_at, self._chained = self._place_index(about)
        self.has_described = any(run.right for run in self._runs)
        for kind, body in sorted(added, key=lambda part: len(part[1])):
            self._place(kind, body)
        if self._chained:
            self._place(ids.SEEK_HEAD, self._index({}))

    def _free(self) -> list[_Run]:
        """What may be written to, side by side as one."""
        found: list[_Run] = []
        for part in self._layout.parts:
            padding = part.id in {ebml.VOID, ebml.CRC}  # a checksum of the whole would be wrong
            if not padding and part.id not in self._gone and part.id != ids.SEEK_HEAD:
                continue
            if found and found[-1].end == part.start:
                found[-1].end = part.end
            else:
                found.append(_Run(part.start, part.end))
            found[-1].ours |= part.id != ebml.VOID
        return found

    def _end(self) -> int:
        """Where the segment ends once what is free at its end is cut off."""
        end = self._layout.segment.end
        if self._runs and self._runs[-1].end == end > self._runs[-1].start:
            last = self._runs[-1]
            if last.start > self._layout.first_cluster:
                self._runs.pop()
                return last.start
        return end

    def _place_index(self, about: Sequence[bytes]) -> tuple[_Run | None, bool]:
        """Find room for the index, and for the description, which must stay where it is.

        Gives the room of the index, and whether it can only name another one.
        """
        full, small = self._index({}), self._index({}, only=ids.SEEK_HEAD)
        old = next((p.start for p in self._layout.every(ids.SEEK_HEAD)), None)
        home = self._run_of(old) if old is not None else None
        there = next((p.start for p in self._layout.every(ids.INFO)), None) if about else None
        beside = self._run_of(there) if there is not None else None
        front = [r for r in self._runs if r.end <= self._layout.first_cluster]
        wanted = [(home, full, False)]
        if home is None and not self._inserts:
            wanted = [(run, full, False) for run in front]
        wanted += [(home, small, True)] if home else []
        for run, index, chained in wanted:
            if run is None or run.room() < _length(ids.SEEK_HEAD, index):
                continue
            run.left.append((ids.SEEK_HEAD, index))
            if self._place_about(beside, about):
                return run, chained
            run.left.pop()
        if home is not None or not self._place_about(beside, about):
            raise MediaError("it has no room for an index of its parts", hint=_HINT)
        return None, False

    def _place_about(self, run: _Run | None, bodies: Sequence[bytes]) -> bool:
        for body in bodies if run is not None else ():
            if run is not None and run.room() >= _length(ids.INFO, body):
                run.right = (ids.INFO, body)
                return True
        return not bodies

    def _place(self, kind: int, body: bytes) -> None:
        """Put a part into the first room that it fits in, else with those that get new room."""
        size = _length(kind, body)
        for run in self._runs:
            if run.room() >= size and (not self._inserts or run.end <= self._layout.first_cluster):
                run.left.append((kind, body))
                return
        self._tail.append((kind, body))

    def _run_of(self, at: int) -> _Run | None:
        return next((r for r in self._runs if r.start <= at < r.end), None)

    def _index(self, places: Mapping[int, int], only: int = 0) -> bytes:
        """What stands in a SeekHead (RFC 9559, section 5.1.1); its length does not depend on places."""
        return b"".join(
            ebml.master(
                ids.SEEK,
                ebml.leaf(ids.SEEK_ID, kind),
                ebml.leaf(
                    ids.SEEK_POSITION,
                    ebml.unsigned(places.get(kind, self._data) - self._data, self._width),
                ),
            ).to_bytes()
            for kind in ([only] if only else self._indexed)
        )

    def _places(self) -> dict[int, int]:
        """Where every part that an index names will lie."""
        found = {p.id: p.start for p in reversed(self._layout.parts) if p.id not in self._gone}
        found.pop(ids.SEEK_HEAD, None)
        cluster = self._layout.first_cluster
        if self._inserts:
            more = sum(_length(*part) for part in self._tail)
            found = {kind: at + more * (at >= cluster) for kind, at in found.items()}
        for run in self._runs:
            first = run.start if run is self._index_at else -1
            found |= {kind: at for kind, at, _ in run.places() if at != first}
        at = cluster if self._inserts else self._limit
        for kind, body in self._tail:
            found[kind] = at
            at += _length(kind, body)
        return found

    def write(self, path: Path, *, wipe: bool) -> None:
        """Do it: in place where nothing has to move, else through a new file."""
        places = self._places()
        second = self._index(places) if self._chained else b""
        tail = b"".join(
            ebml.framed(kind, second if kind == ids.SEEK_HEAD else body)
            for kind, body in self._tail
        )
        with path.open("r+b") as out:
            for run in self._runs:
                if run.ours or run.left or run.right or wipe:
                    self._fill(out, run, places, second)
        self._grow(path, tail if self._inserts else b"", b"" if self._inserts else tail)

    def _fill(self, out: IO[bytes], run: _Run, places: Mapping[int, int], second: bytes) -> None:
        """Write one run: the parts in it, and padding over all that is left."""
        bodies = [*run.left, *([run.right] if run.right else [])]
        at = run.start
        for (kind, start, length), (_, body) in zip(run.places(), bodies, strict=True):
            _pad(out, at, start)
            content = body
            if run is self._index_at and start == run.start:
                content = self._index(places, only=ids.SEEK_HEAD if self._chained else 0)
            elif kind == ids.SEEK_HEAD:
                content = second
            out.seek(start)
            out.write(ebml.framed(kind, content, length))
            at = start + length
        _pad(out, at, run.end)

    def _grow(self, path: Path, inserted: bytes, tail: bytes) -> None:
        """Add what found no room, and have the segment say its new size."""
        segment, length = self._layout.segment, self._layout.length
        old_head = segment.head
        width = old_head - len(ebml.unsigned(ids.SEGMENT))
        size = self._limit - self._data + len(inserted) + len(tail)
        head = b""
        if not self._layout.open_ended:
            fits = size < (1 << 7 * width) - 1
            head = ebml.unsigned(ids.SEGMENT) + ebml.sized(size, width if fits else 8)
        at_end = segment.end == length
        if not inserted and at_end and len(head) in {0, old_head}:
            with path.open("r+b") as out:
                out.truncate(self._limit)
                out.seek(self._limit)
                out.write(tail)
                if head:
                    out.seek(segment.start)
                    out.write(head)
            return
        cuts = [(self._layout.first_cluster, 0, inserted), (self._limit, segment.end, tail)]
        if head:
            cuts.insert(0, (segment.start, segment.start + old_head, head))
        _splice(path, cuts)


def _length(kind: int, body: bytes) -> int:
    return len(ebml.unsigned(kind)) + len(ebml.sized(len(body))) + len(body)


def _pad(out: IO[bytes], start: int, end: int) -> None:
    """Padding from `start` to `end`, with nothing in it."""
    if start == end:
        return
    out.seek(start)
    head = ebml.void_head(end - start)
    out.write(head)
    left = end - start - len(head)
    while left:
        piece = min(left, _CHUNK)
        out.write(bytes(piece))
        left -= piece


def _splice(path: Path, cuts: Sequence[tuple[int, int, bytes]]) -> None:
    """Put bytes in place of those from one position to another; all in order, through a new file."""
    temporary = files.temporary_beside(path)
    try:
        with path.open("rb") as source, temporary.open("xb") as out:
            at = 0
            for start, end, content in cuts:
                _pour(source, out, at, start)
                out.write(content)
                at = max(start, end)
            _pour(source, out, at, os.fstat(source.fileno()).st_size)
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _pour(source: IO[bytes], out: IO[bytes], start: int, end: int) -> None:
    source.seek(start)
    left = end - start
    while left > 0:
        piece = source.read(min(left, _CHUNK))
        if not piece:
            raise MediaError("it became shorter while it was read")
        out.write(piece)
        left -= len(piece)
