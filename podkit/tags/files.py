"""Tags of a file on the disk: what is in it, and how it gets others without ever being half written."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from podkit.errors import MediaError
from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.tags import Tags
from podkit.tags.checks import PICTURES, check_version, checked
from podkit.tags.edit import Changed, Edit
from podkit.tags.fields import TABLE, legal, normal
from podkit.tags.handover import put_back, suffix_of
from podkit.tags.id3 import Id3Style
from podkit.tags.losses import NAMES, losses
from podkit.tags.matroska import MatroskaStyle
from podkit.tags.mp4 import Mp4Style, remaining
from podkit.tags.pictures import without_notes
from podkit.tags.places import Original, Places
from podkit.tags.pouring import fill
from podkit.tags.styles import MAX_CHAPTERS, Style, kind_of, picture_name, translating
from podkit.tags.versions import unseen, version_change
from podkit.tags.vorbis import VorbisStyle


def storable(found: Tags) -> Tags:
    """What podkit can store of the tags of a foreign file: legal values, JPEG and PNG pictures."""
    pictures = tuple(p for p in found.artwork if p.mime in PICTURES)
    chapters = found.chapters[:MAX_CHAPTERS]
    return replace(found, fields=legal(found.fields), artwork=pictures, chapters=chapters)


def read(path: Path) -> Tags:
    """The tags of a file, whatever its container.

    Raises:
        FileError: it cannot be read.
        NotMediaError: it is not media.
        MediaError: its tags are damaged, or its container is none that podkit tags.
    """
    kind = kind_of(path)
    with translating(path, "read the tags"):
        return _tags_of(_open(path, kind, None))


def write(
    path: Path, tags: Tags, *, clear: bool = False, id3: str | None = "2.3"
) -> tuple[str, ...]:
    """Store tags in a file that nothing depends on yet; it is edited in place.

    Fields with an empty value are removed, those not named stay; chapters and artwork are
    replaced when some are given. What was stored is read back and compared.

    Args:
        path: a private copy, never a final path.
        tags: what to store; `other` is not looked at.
        clear: remove everything that is not in `tags`: private frames, comments, notes of the
            encoder, other pictures and chapters, and what the given pictures say beside pixels.
        id3: the version to write; None keeps the file's own.

    Returns:
        What the container cannot hold, in words.

    Raises:
        UsageError: an unknown field or a value that cannot be stored.
        FileError: it cannot be written.
        MediaError: its tags are damaged, or the container did not keep what was stored.
    """
    check_version(id3)
    wanted = checked(tags)
    if clear:
        inside = {name: without_notes(p) for name, p in wanted.chapter_pictures.items()}
        artwork = tuple(map(without_notes, wanted.artwork))
        wanted = replace(wanted, artwork=artwork, chapter_pictures=inside)
    kind = kind_of(path)
    with translating(path, "write the tags"):
        style = _open(path, kind, id3)
        lost = losses(style, _name(style, kind), wanted)
        if clear:
            style.clear()
        for name, value in wanted.fields.items():
            style.set_field(name, value)
        if wanted.chapters or clear:
            style.set_chapters(wanted.chapters, wanted.chapter_pictures)
        if wanted.artwork or clear:
            style.set_pictures(wanted.artwork)
        chapters, artwork = style.chapters(), style.pictures()
        if wanted.chapters or clear:
            chapters = style.kept(wanted.chapters, wanted.chapter_pictures)
        if wanted.artwork or clear:
            artwork = style.kept_pictures(wanted.artwork)
        style.save()
        found = _tags_of(_open(path, kind, None))
        _compare(path, found, replace(wanted, chapters=chapters, artwork=artwork))
    return lost


def lost(path: Path, tags: Tags) -> tuple[str, ...]:
    """What the file's container could not hold of these chapters and pictures, in words.

    Raises:
        As `read`.
    """
    kind = kind_of(path)
    with translating(path, "read the tags"):
        style = _open(path, kind, None)
        return losses(style, _name(style, kind), tags)


def preview(
    path: Path,
    *,
    set: Mapping[str, str] | None = None,
    remove: Sequence[str] = (),
    clear: bool = False,
    picture: Picture | None = None,
    pictures: tuple[Picture, ...] | None = None,
    remove_picture: bool = False,
    chapters: tuple[Chapter, ...] | None = None,
    chapter_pictures: Mapping[str, Picture] | None = None,
) -> tuple[Tags, Tags]:
    """What `update` would find and leave behind; nothing is written.

    Raises:
        As `update`.
    """
    wanted = checked(Tags(fields=set or {}, chapters=chapters or ()))
    for name in remove:
        normal(name, "")
    kind = kind_of(path)
    with translating(path, "read the tags"):
        style = _open(path, kind, None)
        before = _tags_of(style)
        old = Tags() if clear else before
        fields = {**old.fields, **dict.fromkeys(remove, ""), **wanted.fields}
        artwork = () if remove_picture else old.artwork if pictures is None else pictures
        if clear and pictures:
            artwork = tuple(map(without_notes, pictures))
        if picture is not None:
            artwork = (without_notes(picture) if clear else picture, *artwork[1:])
        if artwork and before.artwork and artwork[0].content == before.artwork[0].content:
            artwork = (before.artwork[0], *artwork[1:])
        inside = {**before.chapter_pictures, **(chapter_pictures or {})}
        if clear:
            inside = {name: without_notes(p) for name, p in inside.items()}
        kept = old.chapters if chapters is None else style.kept(wanted.chapters, inside)
        named = {picture_name(p): p for p in inside.values()}
        after = Tags(
            fields={name: fields[name] for name in TABLE if fields.get(name)},
            chapters=kept,
            artwork=style.kept_pictures(artwork),
            other=old.other,
            chapter_pictures={c.image: named[c.image] for c in kept if c.image in named},
        )
    return before, after


def update(
    path: Path,
    *,
    set: Mapping[str, str] | None = None,
    remove: Sequence[str] = (),
    clear: bool = False,
    picture: Picture | None = None,
    remove_picture: bool = False,
    chapters: tuple[Chapter, ...] | None = None,
    chapter_pictures: Mapping[str, Picture] | None = None,
    id3: str | None = None,
) -> bool:
    """Change the tags of a file in one step, and say whether there was anything to change.

    The file is copied, the copy changed, synced, and put in its place with the same mode and
    times; a hard link to the old one keeps the old one.

    Args:
        path: a regular file.
        set: fields and their values; an empty value removes.
        remove: fields to remove.
        clear: remove all other tags, known or not, first.
        picture: the new front cover; further pictures stay.
        remove_picture: remove all pictures first.
        chapters: all chapters; an empty tuple removes them, None keeps them.
        chapter_pictures: what chapters name as their images, beside what is in the file.
        id3: the version to write, "2.3" or "2.4"; None keeps the file's own, new tags get 2.3.

    Raises:
        UsageError: an unknown field or a value that cannot be stored.
        FileError: a symbolic link, no regular file, or not writable.
        MediaError: its tags are damaged, or its container is none that podkit tags.
    """
    edit = Edit(
        set=set or {},
        remove=tuple(remove),
        clear=clear,
        picture=picture,
        remove_picture=remove_picture,
        chapters=chapters,
        chapter_pictures=chapter_pictures or {},
        id3=id3,
    )
    with Places() as places:
        changed = change(path, edit, places=places).changed
        for error in places.settle().values():
            raise error
    return changed


def change(path: Path, edit: Edit, *, places: Places, dry_run: bool = False) -> Changed:
    """Change the tags of a file as `update` does, in the folders of a run that settles them.

    Args:
        path: a regular file.
        edit: what shall become of its tags.
        places: the run's folders; the caller settles them before it says that all is done.
        dry_run: find out what would change, and change nothing.

    Raises:
        As `update`.
    """
    check_version(edit.id3)
    with places.opened(path) as original:
        source = original.path
        before, after = preview(source, **edit.asked())
        kind = kind_of(source)
        warnings = lost(source, edit.given()) if edit.chapters or kind == "matroska" else ()
        with translating(path, "read the tags"):
            changes = before != after
            version = version_change(source, kind, edit.id3, changes=changes)
            converts = edit.id3 is not None and _open(source, kind, edit.id3).converts
            if edit.clear and kind == "mp4":
                warnings += remaining(source)
            if edit.chapters or converts:
                warnings += unseen(source, kind, edit.id3, after.chapters, after.chapter_pictures)
        found = Changed(before=before, after=after, id3=version, warnings=warnings)
        if not changes and not converts:
            return found
        if not dry_run:
            with translating(path, "write the tags"):
                after = _rewrite(original, kind, edit, before, after, places)
        return replace(found, after=after, changed=True)


def _rewrite(
    original: Original, kind: str, edit: Edit, before: Tags, after: Tags, places: Places
) -> Tags:
    """Copy, change the copy, look into it, and give it the name; what is in it then."""
    place = original.place
    name, descriptor = place.new_copy(suffix_of(original.name))
    try:
        try:
            version = int((edit.id3 or "2.3")[-1]) if kind == "id3" else None
            fill(original.descriptor, descriptor, before, after, id3=version, look=places.look)
        finally:
            os.close(descriptor)
        copy = place.path_inside(name)
        _apply(_open(copy, kind, edit.id3), before, after, clear=edit.clear)
        found = _tags_of(_open(copy, kind, None))
        _compare(original.shown, found, after)
        places.look()
        put_back(original, name)
    except BaseException:
        place.drop(name)
        raise
    return found


def _open(path: Path, kind: str, id3: str | None) -> Style:
    if kind == "mp4":
        return Mp4Style(path)
    if kind in {"flac", "opus", "vorbis"}:
        return VorbisStyle(path, kind)
    if kind == "matroska":
        return MatroskaStyle(path)
    return Id3Style(path, kind, id3)


def _name(style: Style, kind: str) -> str:
    return "WebM" if isinstance(style, MatroskaStyle) and style.webm else NAMES[kind]


def _tags_of(style: Style) -> Tags:
    return Tags(
        fields=style.fields(),
        chapters=style.chapters(),
        artwork=style.pictures(),
        other=style.other(),
        chapter_pictures=style.chapter_pictures(),
    )


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


def _compare(path: Path, found: Tags, wanted: Tags) -> None:
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
