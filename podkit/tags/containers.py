"""How a file is opened whose way of tagging is known, and all that its tags say as one value."""

from __future__ import annotations

from pathlib import Path

from podkit.model.tags import Tags
from podkit.tags.id3 import Id3Style
from podkit.tags.losses import NAMES
from podkit.tags.matroska import MatroskaStyle
from podkit.tags.mp4 import Mp4Style
from podkit.tags.styles import Style
from podkit.tags.vorbis import VorbisStyle


def opened(path: Path, kind: str, id3: str | None = None) -> Style:
    """The tags of a file.

    Args:
        path: the file.
        kind: how it is tagged, as `styles.kind_of` says.
        id3: the version to write; None keeps the file's own.
    """
    if kind == "mp4":
        return Mp4Style(path)
    if kind in {"flac", "opus", "vorbis"}:
        return VorbisStyle(path, kind)
    if kind == "matroska":
        return MatroskaStyle(path)
    return Id3Style(path, kind, id3)


def onto(style: Style, copy: Path, kind: str, id3: str | None = None) -> Style:
    """The tags of a copy of the file that `style` has read; what is saved goes to the copy.

    Those of ID3 are not read a second time.

    Args:
        style: the tags of the file, unchanged; not to be used any more.
        copy: a file with the same tags and the same sound.
        kind: as in `opened`.
        id3: likewise.
    """
    if isinstance(style, Id3Style):
        style.move(copy)
        return style
    return opened(copy, kind, id3)


def name_of(style: Style, kind: str) -> str:
    """What people call the container."""
    return "WebM" if isinstance(style, MatroskaStyle) and style.webm else NAMES[kind]


def tags_of(style: Style) -> Tags:
    """Everything that the tags say."""
    return Tags(
        fields=style.fields(),
        chapters=style.chapters(),
        artwork=style.pictures(),
        other=style.other(),
        chapter_pictures=style.chapter_pictures(),
    )
