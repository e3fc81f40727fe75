"""Copies of files: sharing blocks or a name where the file system can, synced, hashed as written."""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import Final

from podkit.files import open_regular, sha256, translating

_CHUNK: Final = 1 << 20
_FICLONE: Final = 0x40049409  # linux/fs.h: share the blocks of another file


def copy(source: Path, target: Path, *, hardlink: bool = False) -> str:
    """Copy a file to a path that does not exist yet and return its SHA-256 as written.

    Shares blocks where the file system can (reflink). The copy is synced, not its folder.

    Args:
        source: what to copy; never changed.
        target: a path on which nothing depends yet (inside a staging folder).
        hardlink: link when both lie on one file system, else copy.

    Raises:
        FileError: reading or writing failed; a partial target is removed.
    """
    if hardlink:
        with contextlib.suppress(OSError):
            os.link(source, target)
            return sha256(target)
    with translating(target, "write"):
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with (
            translating(target, "write"),  # outermost: closing flushes once more, and fails too
            os.fdopen(descriptor, "wb") as out,
            open_regular(source) as reader,
        ):
            if not reflink(reader.fileno(), out.fileno()):
                shutil.copyfileobj(reader, out, _CHUNK)
            out.flush()
            os.fsync(out.fileno())
        return sha256(target)
    except BaseException:
        with contextlib.suppress(OSError):
            target.unlink()
        raise


def reflink(source: int, target: int) -> bool:
    """Let an empty file share the blocks of another, both open; False where that cannot be."""
    try:
        import fcntl  # noqa: PLC0415 (not on every system)

        fcntl.ioctl(target, _FICLONE, source)
    except (ImportError, OSError):
        return False
    return True


def link_or_copy(source: Path, target: Path) -> None:
    """Make `target` the same file as `source` by a hard link, or a copy where links cannot be.

    Raises:
        FileError: neither worked.
    """
    try:
        os.link(source, target)
    except OSError:
        copy(source, target)
