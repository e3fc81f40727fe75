"""Media that is about to be published, held against what was made: no other program's bytes go out.

A file is read whole only when its size, time or inode is not what it was when it was read last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from podkit.errors import FindingsError
from podkit.model import address
from podkit.model.plan import Action
from podkit.model.rendition import files_of
from podkit.steps.stale import find_media
from podkit.workspace.cache import Cache

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from podkit.model.plan import Move
    from podkit.model.rendition import Part
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """A file of a rendition of the episode `slug` that other bytes have taken the place of."""

    file: str
    slug: str

    @property
    def why(self) -> str:
        """What is wrong."""
        return f"another program changed {self.file}: its bytes are not those that were made"

    @property
    def hint(self) -> str:
        """What to type."""
        return (
            f"podkit transcode {self.slug} --refresh --force makes it anew, "
            "and puts what was changed into the trash"
        )


def altered(show: OpenShow, *, built: bool) -> dict[str, Altered]:
    """The renditions that are not as they were made, by the file's name in public/media/.

    What has another size than the recorded one counts as missing, and is not told here.

    Args:
        show: whose media it is.
        built: whether public/ is as it shall be; else a build will take from the store first.

    Raises:
        FileError: a file cannot be read.
    """
    cache = Cache(show.layout.cache)
    found = {
        rendition.file: Altered(file=show.layout.shown(path), slug=slug)
        for slug, made in show.renditions.items()
        for rendition in made.values()
        for part in files_of(rendition)
        if (path := _place(show, part, built=built)) is not None
        and cache.sha256(path) != part.sha256
    }
    cache.save()
    return found


def refuse_altered(show: OpenShow, moves: Iterable[Move]) -> None:
    """Stop a plan that would send media whose bytes, read just now, are not those that were made.

    Also where the file's time says that nobody wrote to it, and where only pages name it.

    Raises:
        FindingsError: there is such a file; the text says which.
    """
    made = {
        f"{address.MEDIA_FOLDER}/{part.file}": (part.sha256, slug)
        for slug, of_it in show.renditions.items()
        for rendition in of_it.values()
        for part in files_of(rendition)
    }
    for move in moves:
        recorded, slug = made.get(move.path, (move.sha256, ""))
        if move.action is Action.PUT and move.sha256 != recorded:
            one = Altered(file=f"public/{move.path}", slug=slug)
            raise FindingsError(f"PK902 {one.why}", hint=one.hint)


def _place(show: OpenShow, part: Part, *, built: bool) -> Path | None:
    """Where the file that would be sent lies, with the recorded size."""
    if not built:
        return find_media(show, part)
    path = show.layout.public / address.MEDIA_FOLDER / part.file
    return path if path.is_file() and path.stat().st_size == part.bytes else None
