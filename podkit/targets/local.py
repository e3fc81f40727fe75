"""Publishing into a folder of this machine: what a web server on it serves."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from podkit import copying, files
from podkit.errors import FileError, TargetError, UsageError
from podkit.targets.target import TARGETS, Stored

FILE_MODE = 0o644
FOLDER_MODE = 0o755
"""What a web server under another account needs, whatever the umask says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalTarget:
    """A folder as a target."""

    url: str
    folder: Path

    def stat(self, path: str, *, with_hash: bool = False) -> Stored | None:
        """What is stored there, or None."""
        final = self._final(path)
        if not final.is_file():
            return None
        digest = files.sha256(final) if with_hash else ""
        return Stored(bytes=final.stat().st_size, sha256=digest)

    def read(self, path: str) -> bytes | None:
        """The stored bytes, or None when there is no such file."""
        final = self._final(path)
        if not final.is_file():
            return None
        with files.open_regular(final) as stream, files.translating(final, "read"):
            return stream.read()

    def put(self, source: Path, path: str, *, mime: str) -> None:  # noqa: ARG002 (folders have none)
        """Copy a file to its place: temporary name on the target, synced, then renamed.

        Raises:
            TargetError: it could not be written whole.
        """
        final = self._final(path)
        try:
            self._make_folders(final.parent)
            mode = _mode_of(final)
            with self._at_work(), files.replacing(final, mode=mode) as temporary:
                copying.copy(source, temporary)
        except FileError as error:
            raise TargetError(error.message, where=error.where, hint=error.hint) from error

    def paths(self) -> Iterator[str]:
        """Every stored path, in order."""
        for found in sorted(self.folder.rglob("*")):
            if found.is_file() and not files.is_temporary_name(found.name):
                yield found.relative_to(self.folder).as_posix()

    def sweep(self) -> tuple[str, ...]:
        """Remove the temporary files of killed runs, unless some run is putting a file now."""
        removed = []
        with contextlib.suppress(OSError), self._opened() as folder:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for root, _, names in os.walk(self.folder):
                for name in filter(files.is_temporary_name, names):
                    path = Path(root, name)
                    path.unlink()
                    removed.append(path.relative_to(self.folder).as_posix())
        return tuple(sorted(removed))

    @contextlib.contextmanager
    def _at_work(self) -> Iterator[None]:
        """Keep others from sweeping: a shared lock on the folder itself, which ends with this run."""
        with contextlib.ExitStack() as stack:
            with contextlib.suppress(OSError):  # a file system without locks
                fcntl.flock(stack.enter_context(self._opened()), fcntl.LOCK_SH)
            yield

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _final(self, path: str) -> Path:
        pure = PurePosixPath(path)
        if pure.is_absolute() or ".." in pure.parts or "\0" in path or not pure.parts:
            raise TargetError(f"{path!r} would lie outside the target", where=self.url)
        final = self.folder / pure
        if not files.inside(self.folder, final.parent):
            raise TargetError("a link leads out of the target", where=final)
        return final

    def _make_folders(self, folder: Path) -> None:
        missing = [p for p in (folder, *folder.parents) if not p.exists()]
        for path in reversed(missing):
            with files.translating(path, "make the folder"), contextlib.suppress(FileExistsError):
                path.mkdir()
                os.chmod(path, FOLDER_MODE)
                files.sync_folder(path.parent)


def _mode_of(final: Path) -> int:
    if final.is_file() and not final.is_symlink():
        return final.stat().st_mode & 0o777
    return FILE_MODE


@TARGETS.register("file")
def open_local(url: str, root: Path) -> LocalTarget:
    """The folder of a `file:` URL; `file:out` lies in the workspace, `file:///srv/www` does not.

    Raises:
        UsageError: the URL names another host, or no folder, or one inside the show's own.
    """
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"}:
        raise UsageError(
            f"{url!r} names the host {parts.netloc!r}",
            hint="write file:///folder (three slashes) or file:folder",
        )
    path = unquote(parts.path)
    if not path or "\0" in path:
        raise UsageError(f"{url!r} names no folder", hint="such as file:out")
    folder = (root / path).absolute()
    for own in (root, root / "public", root / "episodes", root / ".podkit"):
        if folder.resolve() == own.resolve():
            raise UsageError(
                f"{url!r} is the show's own folder", hint="publish to another, such as file:out"
            )
    for own in (root / "public", root / "episodes", root / ".podkit"):
        if files.inside(own, folder):
            raise UsageError(f"{url!r} lies in the show's own {own}/", hint="publish elsewhere")
    return LocalTarget(url=url, folder=folder)
