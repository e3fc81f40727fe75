"""The list of chapters that stands in show notes: lines that begin with a time, whatever else is there."""

from __future__ import annotations

import re

from podkit.errors import FormatError
from podkit.formats import chapters_text
from podkit.formats.shelf import TextFormat, lines_of
from podkit.model.chapter import Chapter, in_order
from podkit.model.text import clean_line

_BULLET = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+")
_LINK = re.compile(r"\[([^\]]*)\]\((https?://[^\s()]+(?:\([^\s()]*\))?[^\s()]*)[^)]*\)")
_MARKS = re.compile(r"\*\*|__|``?|~~|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)")
_DASH = re.compile(r"^[-–—:|]+\s+")
_CLOCK = re.compile(r"\d[\W_]*:[\W_]*\d")  # every time has one, marks in it or not; few lines do
_FEWEST = 2  # a single time in prose is no list of chapters


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from the lines that begin with a time, Markdown taken off; a link is the chapter's.

    Raises:
        FormatError: fewer than two lines do.
    """
    lines = (line for line in lines_of(text) if _CLOCK.search(line))
    found = [chapter for line in lines if (chapter := _chapter(line)) is not None]
    if len(found) < _FEWEST:
        raise FormatError(
            "it has no list of chapters", hint="lines such as `00:12:34 Title`, two or more"
        )
    return in_order(tuple(found))


def _chapter(line: str) -> Chapter | None:
    bare = _BULLET.sub("", line, count=1)
    link = _LINK.search(bare)
    plain = _MARKS.sub("", _LINK.sub(lambda match: match[1], bare)).strip()
    try:
        (chapter,) = chapters_text.parse(plain)
    except (FormatError, ValueError):
        return None
    title = clean_line(_DASH.sub("", chapter.title))
    return Chapter(start=chapter.start, title=title, url=chapter.url or (link[2] if link else ""))


FORMAT = TextFormat(
    name="notes",
    suffixes=(".md", ".markdown"),
    mime="text/markdown",
    parse=parse,
    format=None,
    opens=lambda _: False,
)
