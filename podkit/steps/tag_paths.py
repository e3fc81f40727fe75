"""Which files the words of `podkit tag` mean, and which of a show's files it leaves alone."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import TYPE_CHECKING

from podkit.errors import FileError, PodkitError, UsageError
from podkit.model.plan import FailedFile
from podkit.workspace.layout import SHOW_FILE

if TYPE_CHECKING:
    from podkit.steps.open_show import OpenShow

SUFFIXES = frozenset(
    ".mp3 .m4a .m4b .mp4 .m4v .mov .ogg .oga .opus .flac .wav .aif .aiff .mkv .mka .webm".split()  # noqa: SIM905
)
"""What `-r` takes out of a folder."""

_MAGIC = frozenset("*?[")


class Folders:
    """Resolves the folders of many paths, each folder once: as it is when it is first met."""

    def __init__(self) -> None:
        self._real: dict[str, str] = {}

    def of(self, path: str) -> str:
        """A path with all links of its folder resolved; whether it is a link itself is not asked."""
        folder, name = os.path.split(path)
        if name in {"", ".", ".."}:
            return os.path.realpath(path)
        if folder not in self._real:
            self._real[folder] = os.path.realpath(folder)
        return os.path.join(self._real[folder], name)


def identity(path: Path, folders: Folders | None = None) -> str:
    """What two spellings of one path have in common; a link is not what it leads to."""
    return (folders or Folders()).of(str(path))


def expand(
    paths: tuple[Path, ...], *, recursive: bool
) -> tuple[list[Path], list[Path], list[FailedFile]]:
    """The files that were named, those found in folders, and the words that mean none.

    A word that names nothing and has `*`, `?` or `[` in it is a pattern, `**` goes into folders. No
    file comes twice; names that begin with a dot and links are not taken out of folders.

    Args:
        paths: what was typed.
        recursive: whether folders are gone into.
    """
    named: dict[str, Path] = {}
    inside: dict[str, Path] = {}
    failed = []
    folders = Folders()
    for path in paths:
        if os.path.lexists(path) or not _MAGIC & set(str(path)):
            words = [path]
        else:
            words = [Path(name) for name in sorted(glob.glob(str(path), recursive=True))]
            if not words:
                error = FileError("no file fits this pattern")
                failed.append(FailedFile.of(path, error))
        for word in words:
            if recursive and word.is_dir():
                inside |= {identity(found, folders): found for found in walk(word)}
            elif word is path or not word.is_dir():  # a pattern means no folders
                named[identity(word, folders)] = word
    return list(named.values()), [p for key, p in inside.items() if key not in named], failed


def walk(folder: Path) -> list[Path]:
    """The media files below a folder, in order."""
    found = []
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(where, name)
            if name.startswith(".") or path.suffix.lower() not in SUFFIXES:
                continue
            if path.is_file() and not path.is_symlink():
                found.append(path)
    return found


class Guard:
    """Knows the shows around files, wherever one stands, and refuses what belongs to their records."""

    def __init__(self) -> None:
        self._folders = Folders()
        self._roots: dict[str, str] = {}
        self._shows: dict[str, OpenShow | PodkitError] = {}
        self._masters: dict[str, dict[str, str]] = {}
        self._made: dict[str, tuple[str, ...]] = {}

    def look_again(self) -> None:
        """Forget where links of folders lead; what shows there are is kept."""
        self._folders = Folders()

    def check(self, path: Path) -> None:
        """Let a file pass that no record of a show speaks for.

        Raises:
            FileError: it is a master, or something that a build made; or the show cannot be read.
        """
        link = path.is_symlink()
        real = os.path.realpath(path) if link else self._folders.of(str(path))
        root = self._root(os.path.dirname(real))
        if not root:
            return
        self._read(root)
        slug = self._masters[root].get(real)
        if slug is not None:
            raise FileError(
                "it is a master, and masters are never written again",
                where=path,
                hint=f"renditions get their tags from the record: podkit -C {root} set {slug} title=…",
            )
        if real.startswith(self._made[root]):
            raise FileError(
                "it was made from a show's record, which says what its tags are",
                where=path,
                hint="change the record with podkit set, then: "
                f"podkit -C {root} transcode --refresh --tags-only",
            )

    def _root(self, folder: str) -> str:
        """The folder of the show around a resolved folder; empty when there is none."""
        if folder not in self._roots:
            parent = os.path.dirname(folder)
            if os.path.lexists(os.path.join(folder, SHOW_FILE)):
                self._roots[folder] = folder
            else:
                self._roots[folder] = "" if parent == folder else self._root(parent)
        return self._roots[folder]

    def _read(self, root: str) -> None:
        """Learn once which files of a show are its masters, and where it has what it made."""
        if root not in self._shows:
            # Most files lie in no show, and what reads one takes a while to load.
            from podkit.steps.open_show import open_show  # noqa: PLC0415

            try:
                show = self._shows[root] = open_show(Path(root))
                self._masters[root] = {
                    os.path.realpath(show.layout.episode(episode.slug) / master.file): episode.slug
                    for episode in show.episodes
                    for master in episode.masters.values()
                }
                made = (show.layout.state, show.layout.public)
                self._made[root] = tuple(os.path.join(os.path.realpath(one), "") for one in made)
            except PodkitError as error:
                self._shows[root] = error
        found = self._shows[root]
        if isinstance(found, PodkitError):
            reason = f"{found.where}: {found.message}" if found.where else found.message
            raise FileError(
                f"whether it is a master of the show in {root} cannot be told: {reason}",
                hint="mend the record first" if not isinstance(found, UsageError) else found.hint,
            ) from found
