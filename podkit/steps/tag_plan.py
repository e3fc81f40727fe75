"""What a change of tags does to one file, key by key, before and after, for people."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from podkit.artwork.read import inspect
from podkit.errors import PodkitError
from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.plan import Change
from podkit.model.tags import FIELDS
from podkit.model.timecode import format_timecode
from podkit.tags.edit import Changed

_LONG = 70
_NONE = "nothing"


def plan_of(path: Path, changed: Changed) -> tuple[Change, ...]:
    """A line for each field, chapter, picture and note of the file that changes."""
    return tuple(Change(action="tag", subject=str(path), detail=line) for line in _lines(changed))


def _lines(changed: Changed) -> Iterator[str]:
    before, after = changed.before, changed.after
    for key in FIELDS:
        old, new = before.fields.get(key, ""), after.fields.get(key, "")
        if old != new:
            yield f"{key}: {_word(old)} → {_word(new)}"
    yield from _chapters(before.chapters, after.chapters)
    if before.artwork != after.artwork:
        yield f"artwork: {_pictures(before.artwork)} → {_pictures(after.artwork)}"
    for key, value in before.other.items():
        if key not in after.other:
            yield f"{key}: {_word(value)} → {_NONE}"
    if changed.id3:
        yield f"ID3 version: {changed.id3}"


def _word(value: str) -> str:
    if not value:
        return _NONE
    return repr(value if len(value) <= _LONG else value[: _LONG - 1] + "…")


def _chapters(before: tuple[Chapter, ...], after: tuple[Chapter, ...]) -> Iterator[str]:
    for number, (old, new) in enumerate(zip_longest(before, after), 1):
        if old != new:
            yield f"chapter {number}: {_chapter(old)} → {_chapter(new)}"


def _chapter(chapter: Chapter | None) -> str:
    if chapter is None:
        return _NONE
    parts = [format_timecode(chapter.start)]
    if chapter.end is not None:
        parts[0] += f"–{format_timecode(chapter.end)}"
    parts += [_word(chapter.title)] if chapter.title else []
    parts += [word for word in (chapter.url, chapter.image) if word]
    return " ".join([*parts, *(["hidden"] if chapter.hidden else [])])


def _pictures(pictures: tuple[Picture, ...]) -> str:
    return ", ".join(map(_picture, pictures)) or _NONE


def _picture(picture: Picture) -> str:
    try:
        seen = inspect(picture.content)
    except PodkitError:
        return f"{picture.mime or 'a picture'}, {len(picture.content)} bytes"
    return f"{seen.mime} {seen.width}x{seen.height}, {seen.bytes} bytes"
