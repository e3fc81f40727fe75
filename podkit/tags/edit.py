"""What shall become of one file's tags, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.tags import Tags


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of one file's tags.

    `set` are fields with their values (an empty one removes), `remove` fields to remove; `clear`
    removes all else first. `picture` is the new front cover beside the pictures that are there,
    `pictures` are all of them. `chapters` are all chapters, `chapter_pictures` what they name. None
    keeps what is there. `id3` is the version to write, None the file's own.
    """

    set: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()
    clear: bool = False
    picture: Picture | None = None
    pictures: tuple[Picture, ...] | None = None
    remove_picture: bool = False
    chapters: tuple[Chapter, ...] | None = None
    chapter_pictures: Mapping[str, Picture] = field(default_factory=dict)
    id3: str | None = None

    def given(self) -> Tags:
        """The chapters and pictures that shall be put in."""
        cover = (self.picture,) if self.picture is not None else ()
        return Tags(
            chapters=self.chapters or (),
            artwork=cover or self.pictures or (),
            chapter_pictures=self.chapter_pictures,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What was in a file and what is, or would be, after an edit.

    `id3` is a change of version, as `2.4 → 2.3`; `warnings` say what the container cannot hold.
    """

    before: Tags
    after: Tags
    id3: str = ""
    warnings: tuple[str, ...] = ()
    changed: bool = False
