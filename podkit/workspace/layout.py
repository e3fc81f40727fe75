"""Where everything of a show lies on disk, and how a show is found from any folder inside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from podkit import files
from podkit.errors import FileError, UsageError
from podkit.model.identity import check_slug

SHOW_FILE = "podkit.toml"
RECORD_FILE = "episode.toml"
NOTES_FILE = "notes.md"
RENDITIONS_FILE = "renditions.toml"
MEMBERS_FILE = "members.toml"

_SEPARATING = frozenset("/\\\0\r\n")


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths below a show's folder; nothing here looks at the disk except `find` and `file`."""

    root: Path

    @classmethod
    def find(cls, start: Path) -> Layout:
        """The show that `start` lies in: the nearest folder upwards with a podkit.toml.

        Raises:
            UsageError: there is none.
        """
        here = Path(os.path.abspath(start))
        for folder in (here, *here.parents):
            if (folder / SHOW_FILE).is_file():
                return cls(folder)
        raise UsageError(
            f"there is no show here: no {SHOW_FILE} in this folder or above it",
            where=here,
            hint="go to the show's folder, name it with -C DIR, or make one: podkit init",
        )

    @property
    def show_file(self) -> Path:
        """The show's record; it marks the workspace."""
        return self.root / SHOW_FILE

    @property
    def members_file(self) -> Path:
        """Who has an address of the members' feeds; secret, so version control leaves it alone."""
        return self.root / MEMBERS_FILE

    @property
    def episodes(self) -> Path:
        """The folder that holds one folder for each episode."""
        return self.root / "episodes"

    @property
    def public(self) -> Path:
        """What a build makes and `publish` sends."""
        return self.root / "public"

    @property
    def state(self) -> Path:
        """What podkit keeps for itself; apart from the trash it can be deleted."""
        return self.root / ".podkit"

    @property
    def lock(self) -> Path:
        """The short lock, held around each commit to the workspace."""
        return self.state / "lock"

    @property
    def build_lock(self) -> Path:
        """The long lock, held by builds."""
        return self.state / "build.lock"

    @property
    def staging(self) -> Path:
        """Where work is prepared before it moves into place."""
        return self.state / "staging"

    @property
    def media(self) -> Path:
        """The store of renditions; a build links those that are due into public/media/."""
        return self.state / "media"

    @property
    def trash(self) -> Path:
        """Where removed episodes wait for `podkit restore`."""
        return self.state / "trash"

    @property
    def cache(self) -> Path:
        """What would only take time to find out again."""
        return self.state / "cache"

    def episode(self, slug: str) -> Path:
        """An episode's folder.

        Raises:
            UsageError: `slug` is none, so it could lead anywhere.
        """
        return Path(f"{self.root}/episodes/{check_slug(slug)}")

    def record(self, slug: str) -> Path:
        """An episode's facts."""
        return self.episode(slug) / RECORD_FILE

    def notes(self, slug: str) -> Path:
        """An episode's prose."""
        return self.episode(slug) / NOTES_FILE

    def renditions(self, slug: str) -> Path:
        """The record of what was made from an episode's masters."""
        return self.episode(slug) / RENDITIONS_FILE

    def file(self, slug: str, name: str) -> Path:
        """A file in an episode's folder, by its plain name; call it before reading what a record names.

        Raises:
            FileError: it is no plain name, or a link leads out of the show.
        """
        return Path(self.place(slug, name))

    def place(self, slug: str, name: str) -> str:
        """What `file` gives, as text: for those who read very many.

        Raises:
            FileError: it is no plain name, or a link leads out of the show.
        """
        path = f"{self.root}/episodes/{check_slug(slug)}/{name}"
        if is_plain_name(name) and not os.path.islink(path):
            return path
        if not is_plain_name(name) or not files.inside(self.root, Path(path)):
            raise FileError(
                "it lies outside the show", where=self.shown(Path(path)), hint="copy the file in"
            )
        return path

    def shown(self, path: Path) -> str:
        """The path relative to the show's folder, with forward slashes, for messages and reports."""
        try:
            return path.relative_to(self.root).as_posix()
        except ValueError:
            return str(path)


def is_plain_name(name: str) -> bool:
    """Whether it names a file directly in a folder: no separators, no dots alone, no NUL."""
    return name not in {"", ".", ".."} and _SEPARATING.isdisjoint(name)


def is_path_inside(path: str) -> bool:
    """Whether a relative path stays inside its folder by its letters alone, and hides nothing."""
    parts = path.split("/")
    return bool(path) and ":" not in parts[0] and all(map(is_plain_name, parts))
