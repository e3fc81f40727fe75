"""A changed copy of a file: made, given its tags, looked into, and put in the file's place."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from podkit.errors import MediaError
from podkit.model.tags import Tags
from podkit.tags.containers import onto, opened, tags_of
from podkit.tags.edit import Edit
from podkit.tags.fields import TABLE
from podkit.tags.handover import put_back, suffix_of
from podkit.tags.places import Original, Places
from podkit.tags.pouring import fill
from podkit.tags.styles import Style


def remake(
    original: Original,
    kind: str,
    style: Style,
    edit: Edit,
    *,
    before: Tags,
    after: Tags,
    places: Places,
) -> Tags:
    """Copy, change the copy, look into it, and give it the name; what is in it then.

    Args:
        original: the file; one that is changed meanwhile is left as it is.
        kind: how it is tagged.
        style: its tags, as they were read since it is held, for the version that is to be written.
        edit: what shall become of them.
        before: what they say.
        after: what they shall say.
        places: the run's folders.

    Raises:
        FileError: the file was changed, moved or replaced meanwhile.
        MediaError: the copy did not keep what was stored.
        OSError: the disk refused.
    """
    place = original.place
    name, descriptor = place.new_copy(suffix_of(original.name))
    try:
        try:
            version = int((edit.id3 or "2.3")[-1]) if kind == "id3" else None
            fill(original.descriptor, descriptor, before, after, id3=version, look=places.look)
        finally:
            os.close(descriptor)
        copy = place.path_inside(name)
        _apply(onto(style, copy, kind, edit.id3), before, after, clear=edit.clear)
        found = tags_of(opened(copy, kind))
        hold_against(original.shown, found, after)
        found = _sharing(found, after)
        places.look()
        put_back(original, name)
    except BaseException:
        place.drop(name)
        raise
    return found


def hold_against(path: Path, found: Tags, wanted: Tags) -> None:
    """Hold what was read back against what was to be stored.

    Raises:
        MediaError: something was not kept.
    """
    lost = [
        name
        for name, value in wanted.fields.items()
        if found.fields.get(name, "") != value and name != "genre"  # ID3 reads "17" as Rock
    ]
    if found.chapters != wanted.chapters:
        lost.append("chapters")
    if [p.content for p in found.artwork] != [p.content for p in wanted.artwork]:
        lost.append("artwork")
    if lost:
        raise MediaError(f"the file did not keep what was stored: {', '.join(lost)}", where=path)


def _sharing(found: Tags, wanted: Tags) -> Tags:
    """What was read back, with the same bytes of pictures: a run keeps many files' tags for a while."""
    pairs = zip(found.artwork, wanted.artwork, strict=True)
    return replace(found, artwork=tuple(replace(f, content=w.content) for f, w in pairs))


def _apply(style: Style, before: Tags, after: Tags, *, clear: bool) -> None:
    """Store what differs; everything when all is cleared first."""
    if clear:
        style.clear()
        before = Tags()
    for name in TABLE:
        value = after.fields.get(name, "")
        if value != before.fields.get(name, ""):
            style.set_field(name, value)
    if after.chapters != before.chapters:
        style.set_chapters(after.chapters, after.chapter_pictures)
    if after.artwork != before.artwork:
        style.set_pictures(after.artwork)
    style.save()
