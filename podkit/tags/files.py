"""Tags of a file on the disk: what is in it, and how it gets others without ever being half written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.tags import Tags
from podkit.tags.checks import PICTURES, check_version, checked
from podkit.tags.containers import name_of, opened, tags_of
from podkit.tags.edit import Changed, Edit
from podkit.tags.fields import TABLE, legal, normal
from podkit.tags.losses import losses
from podkit.tags.mp4 import remaining
from podkit.tags.pictures import without_notes
from podkit.tags.places import Places
from podkit.tags.remaking import hold_against, remake
from podkit.tags.styles import MAX_CHAPTERS, Style, kind_of, picture_name, translating
from podkit.tags.versions import unseen, version_change


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
        return tags_of(opened(path, kind))


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
        style = opened(path, kind, id3)
        lost = losses(style, name_of(style, kind), wanted)
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
        found = tags_of(opened(path, kind))
        hold_against(path, found, replace(wanted, chapters=chapters, artwork=artwork))
    return lost


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
    edit = Edit(
        set=set or {},
        remove=tuple(remove),
        clear=clear,
        picture=picture,
        pictures=pictures,
        remove_picture=remove_picture,
        chapters=chapters,
        chapter_pictures=chapter_pictures or {},
    )
    wanted = _wanted(edit)
    kind = kind_of(path)
    with translating(path, "read the tags"):
        return _foreseen(opened(path, kind), edit, wanted)


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
        wanted = _wanted(edit)
        kind = kind_of(source)
        warnings: tuple[str, ...] = ()
        with translating(path, "read the tags"):
            style = opened(source, kind)
            before, after = _foreseen(style, edit, wanted)
            changes = before != after
            if edit.chapters or kind == "matroska":
                warnings += losses(style, name_of(style, kind), edit.given())
            if edit.id3 is not None:
                style = opened(source, kind, edit.id3)
            if edit.clear and kind == "mp4":
                warnings += remaining(source)
            if edit.chapters or style.converts:
                warnings += unseen(source, kind, edit.id3, after.chapters, after.chapter_pictures)
            version = version_change(source, kind, edit.id3, changes=changes)
        found = Changed(before=before, after=after, id3=version, warnings=warnings)
        if not changes and not style.converts:
            return found
        if not dry_run:
            with translating(path, "write the tags"):
                after = remake(
                    original, kind, style, edit, before=before, after=after, places=places
                )
        return replace(found, after=after, changed=True)


def _wanted(edit: Edit) -> Tags:
    """The fields and chapters of an edit as they will be stored.

    Raises:
        UsageError: one cannot be, or is unknown.
    """
    wanted = checked(Tags(fields=edit.set, chapters=edit.chapters or ()))
    for name in edit.remove:
        normal(name, "")
    return wanted


def _foreseen(style: Style, edit: Edit, wanted: Tags) -> tuple[Tags, Tags]:
    """What is in an opened file, and what an edit will leave there."""
    before = tags_of(style)
    old = Tags() if edit.clear else before
    fields = {**old.fields, **dict.fromkeys(edit.remove, ""), **wanted.fields}
    inside = {**before.chapter_pictures, **edit.chapter_pictures}
    if edit.clear:
        inside = {name: without_notes(p) for name, p in inside.items()}
    kept = old.chapters if edit.chapters is None else style.kept(wanted.chapters, inside)
    named = {picture_name(p): p for p in inside.values()}
    after = Tags(
        fields={name: fields[name] for name in TABLE if fields.get(name)},
        chapters=kept,
        artwork=style.kept_pictures(_artwork(edit, old, before)),
        other=old.other,
        chapter_pictures={c.image: named[c.image] for c in kept if c.image in named},
    )
    return before, after


def _artwork(edit: Edit, old: Tags, before: Tags) -> tuple[Picture, ...]:
    """The pictures after an edit; one that is there already counts as the same.

    Args:
        edit: what shall become of the tags.
        old: what is left of them where all is cleared first.
        before: what is in the file.
    """
    artwork = old.artwork if edit.pictures is None else edit.pictures
    if edit.remove_picture:
        artwork = ()
    if edit.clear and edit.pictures:
        artwork = tuple(map(without_notes, edit.pictures))
    if edit.picture is not None:
        cover = without_notes(edit.picture) if edit.clear else edit.picture
        artwork = (cover, *artwork[1:])
    if artwork and before.artwork and artwork[0].content == before.artwork[0].content:
        artwork = (before.artwork[0], *artwork[1:])
    return artwork
