"""Work in progress: private folders that a killed run cannot leave behind, and the last step of it.

What is finished gets its final name in one step, whether it is a file, a folder, or two folders
that swap their names.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import os
from typing import TYPE_CHECKING

from podkit.errors import FileError, LockedError
from podkit.files import (
    PREFIX,
    is_temporary_name,
    lock,
    remove_tree,
    sync_file,
    sync_folder,
    translating,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextlib.contextmanager
def staging(root: Path, *, guard: Path) -> Iterator[Path]:
    """A private folder below `root` that vanishes at the end, or at the next run after a kill.

    The folder is locked for as long as this process lives, so that whoever comes next can tell a
    dead run's leftovers from a living run's work.

    Args:
        root: where such folders lie; made when missing. On the file system of the final paths.
        guard: the workspace's lock, held only while the folder is made and others are swept.

    Raises:
        LockedError: the guard was held too long.
    """
    import filelock  # noqa: PLC0415 (readers never need it)

    with lock(guard), translating(root, "write"):
        root.mkdir(parents=True, exist_ok=True)
        sweep(root)
        folder = root / f"{PREFIX}{os.urandom(4).hex()}"
        held = filelock.FileLock(_lock_of(folder), timeout=0)
        held.acquire()
        folder.mkdir()
    try:
        yield folder
    finally:
        with contextlib.suppress(FileError):
            remove_tree(folder)
        with contextlib.suppress(OSError):
            _lock_of(folder).unlink()
        held.release()


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + ".lock")


def tidy(root: Path, *, guard: Path) -> None:
    """Sweep where a run found no work of its own; when another run is at work, leave it to that."""
    if root.is_dir() and any(root.glob(PREFIX + "*")):
        with contextlib.suppress(LockedError), lock(guard, wait=0):
            sweep(root)


def sweep(root: Path) -> list[Path]:
    """Remove the staging folders of runs that are dead; call it only under the workspace's lock."""
    import filelock  # noqa: PLC0415 (readers never need it)

    removed = []
    for folder in sorted({_folder_of(entry) for entry in root.glob(PREFIX + "*")}):
        if not is_temporary_name(folder.name):
            continue
        held = filelock.FileLock(_lock_of(folder), timeout=0)
        try:
            held.acquire()
        except filelock.Timeout:
            continue
        try:
            remove_tree(folder)
            removed.append(folder)
        finally:
            with contextlib.suppress(OSError):
                _lock_of(folder).unlink()
            held.release()
    return removed


def _folder_of(entry: Path) -> Path:
    return entry.with_name(entry.name.removesuffix(".lock"))


def place(source: Path, target: Path) -> None:
    """Move a finished file or folder to its final name, in one step, on one file system.

    The bytes are synced first, the folders that gain and lose the name after. A file replaces a
    file; a folder needs a free name.

    Raises:
        FileError: it cannot be moved; both paths are what they were.
    """
    with translating(target, "write"):
        if source.is_dir():
            for path in source.rglob("*"):
                (sync_folder if path.is_dir() else sync_file)(path)
            sync_folder(source)
        else:
            sync_file(source)
        os.rename(source, target)
        sync_folder(target.parent)
        sync_folder(source.parent)


def exchange(one: Path, other: Path) -> bool:
    """Swap two names in one step (Linux, renameat2 with RENAME_EXCHANGE); False where that cannot be.

    Raises:
        FileError: the system can, but it failed.
    """
    at_cwd = -100  # linux/fcntl.h
    with translating(other, "replace"):
        if not exchange_at((at_cwd, os.fspath(one)), (at_cwd, os.fspath(other))):
            return False
        sync_folder(one.parent)
        sync_folder(other.parent)
    return True


def exchange_at(one: tuple[int, str], other: tuple[int, str]) -> bool:
    """Swap two names, each in an open folder, and sync nothing; False where that cannot be.

    Raises:
        OSError: the system can, but it failed.
    """
    call = _renameat2()
    if call is None:
        return False
    flag_exchange = 2  # linux/fs.h
    code = call(one[0], os.fsencode(one[1]), other[0], os.fsencode(other[1]), flag_exchange)
    if code in {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}:
        return False
    if code:
        raise OSError(code, os.strerror(code))
    return True


@functools.cache
def _renameat2() -> Callable[..., int] | None:
    """The system's call, which gives 0 or the number of an error; None where it has none.

    Loading the C library costs more than the call: once is enough.
    """
    import ctypes  # noqa: PLC0415 (only here)

    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is None:
        return None
    return lambda *words: 0 if call(*words) == 0 else ctypes.get_errno()
