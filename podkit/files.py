"""The only way to write a final file: whole or not at all, durable, with the right mode.

Also everything else that podkit does to files whatever is in them: read, hash, lock, sweep.
Nothing else in podkit opens a final path for writing; a test looks for it.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
from pathlib import Path
from typing import IO, TYPE_CHECKING

from podkit.errors import FileError, LockedError, system_error

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = ".podkit-"
"""How every temporary name of podkit begins: short, so that a 255-byte name still has room."""

LOCK_WAIT = 10.0
"""Seconds to wait for another run before giving up (exit 75)."""

_CHUNK = 1 << 20


@contextlib.contextmanager
def translating(path: str | os.PathLike[str], verb: str) -> Iterator[None]:
    """Turn what the operating system says into a FileError that names the path.

    Raises:
        FileError: whatever OSError came out of the block.
    """
    try:
        yield
    except OSError as error:
        raise system_error(error, path, verb) from error


def temporary_beside(path: Path, *, suffix: str | None = None) -> Path:
    """A short, unused temporary name in the folder of `path`; it keeps the suffix ffmpeg needs."""
    ending = path.suffix if suffix is None else suffix
    if len(os.fsencode(ending)) > 16:
        ending = ""
    return path.parent / f"{PREFIX}{os.urandom(4).hex()}{ending}"


@contextlib.contextmanager
def replacing(path: Path, *, mode: int | None = None) -> Iterator[Path]:
    """Give a temporary path to write; when the block succeeds it becomes `path` in one step.

    The temporary file is synced, gets its mode, replaces `path`, and the folder is synced. When
    anything fails the temporary file is removed and `path` is what it was.

    Args:
        path: the final path; a symbolic link is replaced, not followed.
        mode: permission bits; default: those of the file that is replaced, else 0644 less umask.

    Raises:
        FileError: it cannot be written, for example because the disk is full.
    """
    temporary = temporary_beside(path)
    try:
        yield temporary
        with translating(path, "write"):
            os.chmod(temporary, mode if mode is not None else _mode_for(path))
            sync_file(temporary)
            os.replace(temporary, path)
            sync_folder(path.parent)
    finally:
        with contextlib.suppress(FileNotFoundError, OSError):
            temporary.unlink()


def write(path: Path, content: bytes, *, mode: int | None = None) -> None:
    """Write `content` to `path`, whole or not at all.

    Raises:
        FileError: it cannot be written; `path` is what it was.
    """
    with replacing(path, mode=mode) as temporary, translating(path, "write"):
        temporary.write_bytes(content)


def begin(path: Path) -> None:
    """Make an empty file where there is none, for another program to write: a temporary name.

    Raises:
        FileError: it cannot be made, or is there.
    """
    with translating(path, "write"):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def _mode_for(path: Path) -> int:
    with contextlib.suppress(OSError):
        found = os.lstat(path)
        if stat.S_ISREG(found.st_mode):
            return stat.S_IMODE(found.st_mode)
    return 0o666 & ~_umask()


def _umask() -> int:
    """The process's umask; reading it from the kernel's view avoids setting it for a moment."""
    with contextlib.suppress(OSError, ValueError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("Umask:"):
                return int(line.split()[1], 8)
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def sync_file(path: Path) -> None:
    """Wait until the file's bytes are on the disk; a failing fsync is a failing write."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Wait until the folder's names are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # file systems that cannot
            raise
    finally:
        os.close(descriptor)


def open_regular(path: str | os.PathLike[str]) -> IO[bytes]:
    """Open a regular file for reading, never waiting on a FIFO and never reading a device.

    Raises:
        FileError: it is not there, not readable, or not a regular file.
    """
    return os.fdopen(_open(path), "rb")


def read(path: str | os.PathLike[str]) -> bytes:
    """All of a small regular file; for very many of them, quicker than `open_regular`.

    Raises:
        FileError: it is not there, not readable, or not a regular file.
    """
    descriptor = _open(path)
    try:
        parts = []
        while part := os.read(descriptor, _CHUNK):
            parts.append(part)
    except OSError as error:
        raise system_error(error, path, "read") from error
    finally:
        os.close(descriptor)
    return b"".join(parts)


def _open(path: str | os.PathLike[str]) -> int:
    """A descriptor of a regular file: looked at before it is opened, and again after."""
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise FileError(
                f"cannot read: it is {kind_of(found.st_mode)}, not a file",
                where=os.fspath(path),
                hint="name the files in it" if stat.S_ISDIR(found.st_mode) else "",
            )
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise system_error(error, path, "read") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):  # swapped in between
        os.close(descriptor)
        raise FileError("cannot read: it is not a regular file", where=os.fspath(path))
    return descriptor


def kind_of(mode: int) -> str:
    """What a file mode stands for, in words: "a folder", "a named pipe", "a device"."""
    kinds = (
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISBLK, "a device"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISLNK, "a symbolic link"),
    )
    return next((name for test, name in kinds if test(mode)), "a regular file")


def sha256(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hexadecimal.

    Raises:
        FileError: it cannot be read.
    """
    with open_regular(path) as stream, translating(path, "read"):
        return hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths are one file, through links and odd spellings."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


@contextlib.contextmanager
def lock(path: Path, *, wait: float = LOCK_WAIT) -> Iterator[None]:
    """Hold a lock that the kernel releases when this process ends, however it ends.

    Args:
        path: the lock file; its folder is made when missing. It holds the holder's process id.
        wait: seconds to wait for another holder.

    Raises:
        LockedError: another process held it all that time.
    """
    import filelock  # noqa: PLC0415 (readers never need it)

    with translating(path, "lock"):
        path.parent.mkdir(parents=True, exist_ok=True)
        held = filelock.FileLock(path, timeout=wait)
        try:
            held.acquire()
        except filelock.Timeout as error:
            raise LockedError(
                f"another podkit is at work here (process {holder_of(path) or 'unknown'})",
                where=path,
                hint="wait for it to finish and run the same command again",
            ) from error
    note = path.with_name(path.name + ".holder")
    try:
        with contextlib.suppress(OSError):  # only for messages
            note.write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink()
        held.release()


def holder_of(path: Path) -> str:
    """The process id of whoever holds the lock, or an empty string."""
    try:
        return path.with_name(path.name + ".holder").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def sweep(folder: Path) -> list[Path]:
    """Remove podkit's own leftovers from one folder; call it only while holding the lock.

    Returns:
        What was removed. Foreign files, whatever their names, stay.
    """
    removed = []
    with contextlib.suppress(FileNotFoundError):
        for entry in sorted(folder.iterdir()):
            if not is_temporary_name(entry.name):
                continue
            remove_tree(entry)
            removed.append(entry)
    return removed


def is_temporary_name(name: str) -> bool:
    """Whether podkit gave the name to something temporary."""
    if not name.startswith(PREFIX):
        return False
    token = name[len(PREFIX) :].split(".", 1)[0]
    return len(token) == 8 and all(c in "0123456789abcdef" for c in token)


def remove_tree(path: Path) -> None:
    """Remove a file or a whole folder; links are removed, never followed.

    Raises:
        FileError: something could not be removed.
    """
    with translating(path, "remove"):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def inside(root: Path, path: Path) -> bool:
    """Whether `path`, with all links resolved, lies in `root`."""
    try:
        path.resolve().relative_to(root.resolve())
    except ValueError:
        return False
    return True
