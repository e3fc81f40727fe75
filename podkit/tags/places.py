"""Where a run changes files: folders that are opened once, with a private one in each for the copies.

A file is opened once and never through a link. What is done afterwards goes by descriptors, so that
nothing that somebody puts under its name, or under a folder's, in the meantime is read or replaced.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from podkit import files
from podkit.errors import Cancelled, FileError, LockedError, PodkitError
from podkit.model.text import display
from podkit.tags import tidying

_PAUSE = 0.02  # seconds between two tries for a lock
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
"""How everything is opened whose content is read."""
_NO_LOCKS = frozenset([errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.EBADF, errno.ENOSYS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file that is held open and locked: `path` leads to it whatever its name leads to."""

    place: Place
    name: str
    shown: Path
    descriptor: int
    found: os.stat_result

    @property
    def path(self) -> Path:
        """A path to the open file itself, where the system has such paths."""
        return _path_of(self.descriptor) or self.shown


@dataclass(slots=True, kw_only=True)
class Place:
    """One folder, open, with a private folder in it once there is a copy to be made."""

    path: Path
    descriptor: int
    changed: bool = False
    private: tuple[str, int] | None = None
    way: Path | None = None
    copies: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def new_copy(self, suffix: str) -> tuple[str, int]:
        """The name of an empty file in the private folder, and itself open for writing.

        Raises:
            OSError: it cannot be made.
        """
        with self.lock:
            if self.private is None:
                self.private = tidying.make(self.descriptor)
            self.copies += 1
            name = f"{self.copies}{suffix}"
        return name, os.open(
            name, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=self.inside
        )

    @property
    def inside(self) -> int:
        """The private folder's descriptor."""
        assert self.private is not None  # noqa: S101 (`new_copy` comes first)
        return self.private[1]

    def path_inside(self, name: str) -> Path:
        """A path to a file in the private folder."""
        assert self.private is not None  # noqa: S101 (`new_copy` comes first)
        if self.way is None:
            self.way = _path_of(self.inside) or self.path / self.private[0]
        return self.way / name

    def drop(self, name: str) -> None:
        """Remove a copy that came to nothing."""
        with contextlib.suppress(OSError):
            os.unlink(name, dir_fd=self.inside)

    def close(self) -> None:
        """Leave the folder without a trace of this run."""
        if self.private is not None:
            name, private = self.private
            with contextlib.suppress(OSError):  # the next run sweeps
                tidying.remove(self.descriptor, name, private)
            os.close(private)
        os.close(self.descriptor)


class Places:
    """The folders of one run; several threads may work in them.

    Args:
        cancel: when set, what is under way stops soon and raises `Cancelled`.
        tidy: sweep what killed runs left in a folder before the first change in it.
    """

    def __init__(self, cancel: threading.Event | None = None, *, tidy: bool = True) -> None:
        self._cancel = cancel
        self._tidy = tidy
        self._open: dict[Path, Place] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for place in self._open.values():
            place.close()
        self._open.clear()

    def look(self) -> None:
        """Stop when this run is to end.

        Raises:
            Cancelled: it is.
        """
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled

    def at(self, folder: Path) -> Place:
        """An open folder.

        Raises:
            OSError: it cannot be opened.
        """
        with self._lock:
            if folder not in self._open:
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
                descriptor = os.open(folder, flags)
                self._open[folder] = Place(path=folder, descriptor=descriptor)
                if self._tidy:
                    with contextlib.suppress(OSError):
                        tidying.sweep(descriptor)
            return self._open[folder]

    def settle(self) -> dict[Path, FileError]:
        """Wait until the new files' names are on the disk; what went wrong, by folder.

        A file whose folder cannot be synced is whole, but after a power cut may be the old one.
        """
        wrong = {}
        for folder, place in self._open.items():
            if place.changed:
                try:
                    with files.translating(folder, "write"):
                        _sync(place.descriptor)
                except FileError as error:
                    wrong[folder] = error
                place.changed = False
        return wrong

    @contextlib.contextmanager
    def opened(self, path: Path) -> Iterator[Original]:
        """Hold a regular file, alone among all podkits; errors from within name it.

        Raises:
            FileError: a symbolic link, no regular file, or not readable.
            LockedError: another podkit held it too long.
        """
        with files.translating(path, "read"):
            place = self.at(path.parent)
            descriptor = self._hold(place, path)
        original = Original(
            place=place, name=path.name, shown=path, descriptor=descriptor,
            found=os.fstat(descriptor),
        )  # fmt: skip
        try:
            with naming(path):
                yield original
        finally:
            os.close(descriptor)

    def _hold(self, place: Place, path: Path) -> int:
        until = time.monotonic() + files.LOCK_WAIT
        while True:
            descriptor = _open_regular(place, path)
            try:
                while not _locked(descriptor):
                    self.look()
                    _check_wait(path, until)
                    time.sleep(_PAUSE)
                if names(place.descriptor, path.name, os.fstat(descriptor)):
                    return descriptor
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)  # whoever held it has put a new file in its place


def _open_regular(place: Place, path: Path) -> int:
    """Open a regular file by its name in an open folder; nothing else, whoever swaps names."""
    found = os.stat(path.name, dir_fd=place.descriptor, follow_symlinks=False)
    if stat.S_ISREG(found.st_mode):
        try:
            descriptor = os.open(path.name, READ | os.O_NONBLOCK, dir_fd=place.descriptor)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            found = os.stat(path.name, dir_fd=place.descriptor, follow_symlinks=False)
        else:
            found = os.fstat(descriptor)
            if stat.S_ISREG(found.st_mode):
                return descriptor
            os.close(descriptor)
    kind = files.kind_of(found.st_mode)
    hint = {
        "a symbolic link": f"name the file itself: {display(os.path.realpath(path))}",
        "a folder": "add -r to go into it",
    }.get(kind, "")
    raise FileError(f"it is {kind}, not a file", where=path, hint=hint)


def _check_wait(path: Path, until: float) -> None:
    if time.monotonic() > until:
        raise LockedError(
            "another podkit is writing its tags",
            where=path,
            hint="wait for it to finish and run the same command again",
        )


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
    return True


def _sync(folder: int) -> None:
    """Wait until an open folder's names are on the disk."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # file systems that cannot
            raise


def names(folder: int, name: str, found: os.stat_result) -> bool:
    """Whether a name in an open folder stands for that very file."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.stat(name, dir_fd=folder, follow_symlinks=False), found)
    return False


def _path_of(descriptor: int) -> Path | None:
    path = f"/proc/self/fd/{descriptor}"
    return Path(path) if os.path.exists(path) else None


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Have every error name the user's file, not a copy of it or a descriptor.

    Raises:
        PodkitError: whatever came out of the block.
    """
    try:
        yield
    except PodkitError as error:
        error.where = str(path)
        raise
