"""What `podkit tag` was asked, and the edit that this is for every file; all faults of it come first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from podkit import files
from podkit.artwork.read import inspect
from podkit.errors import FormatError, MediaError, PodkitError, UsageError
from podkit.formats import chapters as chapter_formats
from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.tags import FIELDS
from podkit.registry import did_you_mean
from podkit.steps.attachments import PICTURE_LIMIT, read_bytes, read_text
from podkit.steps.tag_table import value_of
from podkit.tags import files as tag_files
from podkit.tags.edit import Edit
from podkit.tags.pictures import without_notes
from podkit.tags.styles import MAX_CHAPTERS


@dataclass(frozen=True, slots=True, kw_only=True)
class TagOrder:
    """What `podkit tag` was asked; without a change it only prints.

    `here` is where relative paths in a table start. `id3` is None when the file's own version
    shall stay.
    """

    paths: tuple[Path, ...] = ()
    set: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    clear: bool = False
    image: Path | None = None
    remove_image: bool = False
    chapters: Path | None = None
    remove_chapters: bool = False
    copy_from: Path | None = None
    table: Path | None = None
    recursive: bool = False
    id3: str | None = None
    here: Path = Path()

    @property
    def changes(self) -> bool:
        """Whether anything is to be written."""
        flags = (self.clear, self.remove_image, self.remove_chapters)
        given = (self.image, self.chapters, self.copy_from, self.table, self.id3)
        return any(flags) or bool(self.set or self.remove) or any(one is not None for one in given)


def edit_of(order: TagOrder) -> Edit:
    """What is to become of each file's tags.

    Raises:
        UsageError: an unknown field, a value that cannot be one, or options that contradict.
        FileError: a file that an option names cannot be read.
        FormatError: such a file does not parse.
        MediaError: such a file is no picture, or its tags are damaged.
    """
    wanted = _assignments(order)
    _check_contradictions(order, wanted)
    edit = _copied(order, wanted) if order.copy_from is not None else Edit()
    edit = replace(
        edit,
        set={**edit.set, **wanted},
        remove=order.remove,
        clear=order.clear,
        remove_picture=order.remove_image,
        id3=order.id3,
    )
    if order.remove_image:
        edit = replace(edit, pictures=None)
    if order.image is not None:
        edit = replace(edit, picture=_picture(order.image))
    if order.chapters is not None:
        chapters = _chapters(order.chapters)
        edit = replace(
            edit, chapters=chapters, chapter_pictures=_chapter_pictures(order.chapters, chapters)
        )
    elif order.remove_chapters:
        edit = replace(edit, chapters=(), chapter_pictures={})
    return edit


def _assignments(order: TagOrder) -> dict[str, str]:
    """The fields of --set as they will be stored; --remove is checked as well."""
    found: dict[str, str] = {}
    for word in order.set:
        key, equals, value = word.partition("=")
        if not equals:
            raise UsageError(
                f"--set {word!r} sets nothing", hint="write --set title='The first talk'"
            )
        key = _key(key.strip(), "--set")
        stored = value_of(key, value, "--set ")
        if found.setdefault(key, stored) != stored:
            raise UsageError(f"--set gives {key} two values", hint="give it once")
    for key in order.remove:
        _key(key, "--remove")
    return found


_PICTURES = ("artwork", "cover", "image", "picture")


def _key(key: str, option: str) -> str:
    if key not in FIELDS:
        hint = _hint(key, option) or did_you_mean(key, FIELDS)
        raise UsageError(f"{option}: unknown tag {key!r}", hint=hint)
    return key


def _hint(key: str, option: str) -> str:
    """Where a file has something that is no text, the option for it."""
    what = {"chapter": "chapters", "chapters": "chapters"} | dict.fromkeys(_PICTURES, "image")
    name = what.get(key.lower(), "")
    if not name:
        return ""
    said = {"chapters": "chapters are", "image": "the picture is"}[name]
    if option == "--remove":
        return f"{said} taken out with --remove-{name}"
    return f"{said} set with --{name} FILE"


def _check_contradictions(order: TagOrder, wanted: Mapping[str, str]) -> None:
    pairs = (
        (order.image is not None and order.remove_image, "--image", "--remove-image"),
        (order.chapters is not None and order.remove_chapters, "--chapters", "--remove-chapters"),
        (order.copy_from is not None and order.table is not None, "--from", "--table"),
    )
    for both, one, other in pairs:
        if both:
            raise UsageError(f"{one} and {other} exclude each other", hint="give one of them")
    for key in order.remove:
        if wanted.get(key):
            raise UsageError(
                f"--set {key}=… and --remove {key} exclude each other", hint="give one of them"
            )


def _copied(order: TagOrder, wanted: Mapping[str, str]) -> Edit:
    """All fields, pictures and chapters of another file, but what other options give or remove."""
    assert order.copy_from is not None  # noqa: S101 (the caller asked)
    source = tag_files.storable(tag_files.read(order.copy_from))
    fields = {}
    for key, value in source.fields.items():
        if key not in wanted and key not in order.remove:
            try:
                fields[key] = value_of(key, value, "its ")
            except UsageError as error:
                raise MediaError(
                    f"it cannot be copied: {error.message}",
                    where=order.copy_from,
                    hint=f"add --set {key}=… with another value, or --remove {key}",
                ) from error
    return Edit(
        set=fields,
        pictures=source.artwork or None,
        chapters=source.chapters or None,
        chapter_pictures=source.chapter_pictures,
    )


def _picture(path: Path) -> Picture:
    content = read_bytes(path, PICTURE_LIMIT)
    try:
        # where a picture was taken is nobody's business who listens
        return without_notes(Picture(mime=inspect(content).mime, content=content))
    except PodkitError as error:
        raise MediaError(error.message, where=path, hint=error.hint) from error


def _chapters(path: Path) -> tuple[Chapter, ...]:
    text = read_text(path)
    try:
        found = chapter_formats.parse(text, chapter_formats.detect(path.name, text))
    except FormatError as error:
        raise FormatError(error.message, where=path, hint=error.hint) from error
    if not found:
        raise FormatError(
            "there are no chapters in it",
            where=path,
            hint="write lines like `00:00:00 Welcome`, or use --remove-chapters",
        )
    if len(found) > MAX_CHAPTERS:
        raise FormatError(
            f"it has {len(found)} chapters; podkit writes up to {MAX_CHAPTERS}",
            where=path,
        )
    return found


def _chapter_pictures(path: Path, chapters: tuple[Chapter, ...]) -> dict[str, Picture]:
    """The pictures beside a chapters file that it names; one that is not there is told later."""
    found = {}
    for name in dict.fromkeys(c.image for c in chapters if c.image and ":" not in c.image):
        image = path.parent / name
        if image.is_file() and files.inside(path.parent, image):
            found[name] = _picture(image)
    return found
