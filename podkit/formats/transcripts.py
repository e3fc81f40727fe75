"""The shelf of transcript formats: which one a text is in, and the way in and out of each."""

from __future__ import annotations

from podkit.formats import srt, transcript_html, transcript_json, transcript_text, vtt
from podkit.formats.shelf import TextFormat, which, written
from podkit.model.transcript import Transcript
from podkit.registry import Registry

FORMATS: Registry[TextFormat[Transcript]] = Registry("transcript format", group="podkit.formats")
for _format in (
    vtt.FORMAT,
    srt.FORMAT,
    transcript_json.FORMAT,
    transcript_html.FORMAT,
    transcript_text.FORMAT,
):
    FORMATS.add(_format.name, _format)


def detect(name: str, text: str) -> str:
    """The name of the format a text is in: by how it begins, else by its file's name, else `text`.

    Args:
        name: the file's name; may be empty.
        text: its content.
    """
    return which(FORMATS, name, text) or transcript_text.FORMAT.name


def parse(text: str, name: str) -> Transcript:
    """A transcript from a text in the format of that name.

    Raises:
        UsageError: there is no such format.
        FormatError: the text is not in it; the message names the line.
    """
    return FORMATS.get(name).parse(text)


def format(transcript: Transcript, name: str) -> str:  # noqa: A001 (the opposite of parse)
    """A transcript as a text in the format of that name.

    Raises:
        UsageError: there is no such format.
    """
    return written(FORMATS, transcript, name)
