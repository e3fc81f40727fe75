"""Chunks of WAV and AIFF files: found, replaced, dropped (EA IFF 85, RIFF)."""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from podkit import files
from podkit.errors import MediaError

_SOUND = {
    "wave": frozenset([b"fmt ", b"data", b"fact"]),
    "aiff": frozenset([b"COMM", b"SSND", b"FVER"]),
}
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk: its name, where its content begins, and how long that says it is."""

    name: bytes
    start: int
    size: int


def form(kind: str) -> str:
    """How `struct` reads a chunk's length: RIFF has the small end first, AIFF the big one."""
    return "<I" if kind == "wave" else ">I"


def find(stream: IO[bytes], kind: str) -> list[Chunk]:
    """The chunks of a file in order, up to one that says it is longer than the file."""
    length = stream.seek(0, os.SEEK_END)
    found = []
    at = 12
    while length - at >= 8:
        stream.seek(at)
        head = stream.read(8)
        size = struct.unpack(form(kind), head[4:])[0]
        found.append(Chunk(head[:4], at + 8, size))
        at += 8 + size + size % 2
    return found


def keep_sound(path: Path, kind: str) -> None:
    """Leave only what describes and holds the sound; the file is a private copy.

    Args:
        path: the file.
        kind: `wave` or `aiff`.

    Raises:
        MediaError: a chunk says it is longer than the file.
    """
    with path.open("rb") as stream:
        found = find(stream, kind)
    replace(path, kind, {c.start: None for c in found if c.name not in _SOUND[kind]})


def replace(path: Path, kind: str, changed: Mapping[int, bytes | None]) -> None:
    """Write a private copy anew with some chunks changed.

    Args:
        path: the file.
        kind: `wave` or `aiff`.
        changed: by where a chunk's content begins, its new content; None drops it.

    Raises:
        MediaError: a chunk says it is longer than the file.
    """
    temporary = files.temporary_beside(path)
    try:
        with path.open("rb") as source, temporary.open("xb") as out:
            found = find(source, kind)
            source.seek(0)
            out.write(source.read(12))
            for chunk in found:
                content = changed.get(chunk.start, b"")
                if content is None:
                    continue
                size = len(content) if chunk.start in changed else chunk.size
                out.write(chunk.name + struct.pack(form(kind), size))
                if chunk.start in changed:
                    out.write(content)
                else:
                    _pour(source, out, chunk)
                out.write(b"\0" * (size % 2))
            length = out.tell() - 8
            out.seek(4)
            out.write(struct.pack(form(kind), length))
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def _pour(source: IO[bytes], out: IO[bytes], chunk: Chunk) -> None:
    source.seek(chunk.start)
    left = chunk.size
    while left:
        piece = source.read(min(left, _PIECE))
        if not piece:
            raise MediaError(f"its chunk {chunk.name!r} is longer than the file")
        out.write(piece)
        left -= len(piece)
