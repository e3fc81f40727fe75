"""Private folders beside the files that are changed: how a living run's are told from a dead one's.

Each is locked by whoever made it for as long as that process lives; the kernel lets go of the lock
when it dies, however it dies. Whoever can take the lock may sweep.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os

from podkit import files

PREFIX = files.PREFIX + "tag-"
"""How the name of such a folder begins; eight hexadecimal digits follow."""

_TRIES = 8
_NO_LOCKS = frozenset([errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS])


def make(folder: int) -> tuple[str, int]:
    """Make a private folder in an open one; gives its name, and itself open and locked.

    Raises:
        OSError: it cannot be made.
    """
    for _ in range(_TRIES):
        name = PREFIX + os.urandom(4).hex()
        with contextlib.suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=folder)
            made = _take(folder, name, or_unlocked=True)
            if made is not None:  # else somebody swept it before it was locked
                return name, made
    raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))


def sweep(folder: int) -> list[str]:
    """Remove from an open folder what killed runs left; what cannot be removed stays.

    Returns:
        The names that are gone. Nothing of a living run, and nothing of other names or owners.
    """
    gone = []
    for name in sorted(os.listdir(folder)):
        if not _is_ours(name):
            continue
        with contextlib.suppress(OSError):
            left = _take(folder, name)
            if left is not None:
                try:
                    remove(folder, name, left)
                    gone.append(name)
                finally:
                    os.close(left)
    return gone


def remove(folder: int, name: str, private: int) -> None:
    """Remove a private folder with the files in it; the lock stays with whoever holds it.

    Raises:
        OSError: something is in it that is no file, or cannot be removed.
    """
    for inside in os.listdir(private):
        os.unlink(inside, dir_fd=private)
    os.rmdir(name, dir_fd=folder)


def _is_ours(name: str) -> bool:
    token = name.removeprefix(PREFIX)
    return name.startswith(PREFIX) and len(token) == 8 and set(token) <= set("0123456789abcdef")


def _take(folder: int, name: str, *, or_unlocked: bool = False) -> int | None:
    """A private folder opened and locked; None when another has the lock or it is gone."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        found = os.open(name, flags, dir_fd=folder)
    except FileNotFoundError:
        return None
    try:
        if _locked(found, or_unlocked=or_unlocked) and _is(folder, name, os.fstat(found)):
            return found
    except BaseException:
        os.close(found)
        raise
    os.close(found)
    return None


def _locked(private: int, *, or_unlocked: bool) -> bool:
    try:
        fcntl.flock(private, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:  # a file system without locks: nothing is swept there
        if error.errno not in _NO_LOCKS:
            raise
        return or_unlocked
    return True


def _is(folder: int, name: str, found: os.stat_result) -> bool:
    """Whether the name still stands for what was opened, and belongs to this user."""
    with contextlib.suppress(FileNotFoundError):
        there = os.stat(name, dir_fd=folder, follow_symlinks=False)
        return os.path.samestat(there, found) and found.st_uid == os.geteuid()
    return False
