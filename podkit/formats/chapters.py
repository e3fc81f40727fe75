"""The shelf of chapter formats: which one a text is in, and the way in and out of each."""

from __future__ import annotations

from podkit.formats import (
    audacity,
    chapters_json,
    chapters_text,
    chapters_vtt,
    cue_sheet,
    ffmetadata,
    marker_table,
    notes_chapters,
    ogm,
    psc,
)
from podkit.formats.shelf import TextFormat, which, written
from podkit.model.chapter import Chapter
from podkit.registry import Registry

FORMATS: Registry[TextFormat[tuple[Chapter, ...]]] = Registry(
    "chapter format", group="podkit.formats"
)
for _format in (
    chapters_json.FORMAT,
    psc.FORMAT,
    chapters_text.FORMAT,
    ffmetadata.FORMAT,
    chapters_vtt.FORMAT,
    ogm.FORMAT,
    audacity.FORMAT,
    marker_table.FORMAT,
    cue_sheet.FORMAT,
    notes_chapters.FORMAT,
):
    FORMATS.add(_format.name, _format)


def detect(name: str, text: str) -> str:
    """The name of the format a text is in: by how it begins, else by its file's name, else `text`.

    Args:
        name: the file's name; may be empty.
        text: its content.
    """
    return which(FORMATS, name, text) or chapters_text.FORMAT.name


def parse(text: str, name: str) -> tuple[Chapter, ...]:
    """Chapters from a text in the format of that name.

    Raises:
        UsageError: there is no such format.
        FormatError: the text is not in it; the message names the line.
    """
    return FORMATS.get(name).parse(text)


def format(chapters: tuple[Chapter, ...], name: str) -> str:  # noqa: A001 (the opposite of parse)
    """Chapters as a text in the format of that name.

    Raises:
        UsageError: there is no such format, or podkit only reads it.
    """
    return written(FORMATS, chapters, name)
