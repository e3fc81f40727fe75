"""Metadata of a media file in one vocabulary, whatever its container calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from podkit.model.chapter import Chapter
from podkit.model.media import Picture

FIELDS = (
    "title",
    "artist",
    "album",
    "album_artist",
    "date",
    "track",
    "genre",
    "comment",
    "description",
    "long_description",
    "language",
    "copyright",
    "publisher",
    "url",
    "encoded_by",
    "podcast",
    "podcast_url",
    "podcast_id",
    "category",
    "keywords",
    "season",
    "episode",
    "episode_type",
    "explicit",
    "lyrics",
    "credits",
)
"""Every field that podkit knows, by the key of `podkit tag --set KEY=VALUE`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """The tags of one file.

    `fields` has keys of `FIELDS` only; `other` lists, by native key, what podkit does not know and
    leaves untouched. `chapter_pictures` are those inside the file's chapters, by the name that
    their `image` has.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    artwork: tuple[Picture, ...] = ()
    other: Mapping[str, str] = field(default_factory=dict)
    chapter_pictures: Mapping[str, Picture] = field(default_factory=dict)
