"""Chunks of WAV and AIFF files: dropping all that hold notes and no sound (EA IFF 85, RIFF)."""

from __future__ import annotations

import contextlib
import os
import struct
from pathlib import Path
from typing import IO

from podkit import files
from podkit.errors import MediaError

KEPT = {
    "wave": frozenset([b"fmt ", b"data", b"fact"]),
    "aiff": frozenset([b"COMM", b"SSND", b"FVER"]),
}
"""What describes and holds the sound, by kind."""

_CHUNK = 1 << 20


def keep_sound(path: Path, kind: str) -> None:
    """Leave only what describes and holds the sound; the file is a private copy.

    Args:
        path: the file.
        kind: `wave` or `aiff`.

    Raises:
        MediaError: a chunk says it is longer than the file.
    """
    temporary = files.temporary_beside(path)
    form = "<I" if kind == "wave" else ">I"
    try:
        with path.open("rb") as source, temporary.open("xb") as out:
            out.write(source.read(12))
            for name, start, size in chunks_of(source, form):
                if name in KEPT[kind]:
                    out.write(name + struct.pack(form, size))
                    _pour(source, out, start, size)
            length = out.tell() - 8
            out.seek(4)
            out.write(struct.pack(form, length))
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def chunks_of(stream: IO[bytes], form: str) -> list[tuple[bytes, int, int]]:
    """Name, where the content begins, and its length."""
    length = stream.seek(0, os.SEEK_END)
    found = []
    at = 12
    while length - at >= 8:
        stream.seek(at)
        head = stream.read(8)
        size = struct.unpack(form, head[4:])[0]
        if at + 8 + size > length:
            raise MediaError(f"its chunk {head[:4]!r} is longer than the file")
        found.append((head[:4], at + 8, size))
        at += 8 + size + size % 2
    return found


def _pour(source: IO[bytes], out: IO[bytes], start: int, size: int) -> None:
    source.seek(start)
    left = size
    while left:
        piece = source.read(min(left, _CHUNK))
        if not piece:
            raise MediaError("it became shorter while it was read")
        out.write(piece)
        left -= len(piece)
    out.write(b"\0" * (size % 2))
