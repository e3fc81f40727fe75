"""Chapters as WebVTT (W3C, section 1.4): a cue for each, its title the cue's text."""

from __future__ import annotations

from podkit.errors import FormatError
from podkit.formats import vtt
from podkit.formats.shelf import TextFormat
from podkit.model.chapter import Chapter, in_order, with_ends
from podkit.model.text import clean_line
from podkit.model.transcript import Cue, Transcript

_LAST = 3600.0  # seconds that a last chapter without an end is given: a cue must have one


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from the cues; one that ends where the next begins has no end of its own.

    Raises:
        FormatError: no WebVTT, or one with voices, which is a transcript.
    """
    cues = vtt.parse(text).cues
    if any(cue.speaker for cue in cues):
        raise FormatError("its cues have speakers: it is a transcript, and no chapters")
    return in_order(
        tuple(Chapter(start=c.start, end=c.end, title=clean_line(c.text)) for c in cues)
    )


def format_vtt(chapters: tuple[Chapter, ...]) -> str:
    """A WebVTT file; links, pictures and hidden chapters are not carried."""
    shown = tuple(c for c in in_order(chapters) if not c.hidden)
    last = max((_end(c) for c in shown), default=0.0)
    cues = (
        Cue(start=c.start, end=c.end or last, text=clean_line(c.title) or f"Chapter {number}")
        for number, c in enumerate(with_ends(shown, last), 1)
    )
    return vtt.format_vtt(Transcript(cues=tuple(cues)))


def _end(chapter: Chapter) -> float:
    has_end = chapter.end is not None and chapter.end > chapter.start
    return chapter.end if has_end and chapter.end else chapter.start + _LAST


FORMAT = TextFormat(
    name="vtt",
    suffixes=(".vtt",),
    mime="text/vtt",
    parse=parse,
    format=format_vtt,
    opens=lambda text: text.startswith("WEBVTT"),
    carries=frozenset(["end"]),
)
