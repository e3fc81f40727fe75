"""What a rendition's file says otherwise than the record wants it to: drift, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that differs: `found` in the file, `wanted` by the record; empty is not there.

    `field` is one of `model.tags.FIELDS`, `artwork`, `chapters` (how many), `chapter_times`,
    `chapter_titles`, `chapter_links`, `chapter_pictures` or `hidden_chapters`; of several chapters
    the first that differs is told.
    """

    field: str
    found: str
    wanted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One rendition held against its record: `file` as shown, `published` when it first was.

    `why` says what has happened since it was made, and is empty when nothing has; `hint` what to
    type.
    """

    preset: str
    file: str
    published: datetime | None = None
    why: str = ""
    differs: tuple[Difference, ...] = ()
    hint: str = ""
