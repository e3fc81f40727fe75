"""Chapters as Vorbis comments write them, and mkvmerge's simple files: `CHAPTER001=…`, `CHAPTER001NAME=…`."""

from __future__ import annotations

import re

from podkit.errors import UsageError
from podkit.formats.shelf import TextFormat, lines_of, wrong
from podkit.model.chapter import Chapter, in_order
from podkit.model.text import clean_line
from podkit.model.timecode import format_timecode, parse_duration

_LINE = re.compile(r"CHAPTER(\d{1,4})(NAME|URL)?=(.*)", re.IGNORECASE)


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from the lines of a file, in any order.

    Raises:
        FormatError: a line that is none of these, or a time that is none.
    """
    starts: dict[int, float] = {}
    words: dict[tuple[int, str], str] = {}
    for number, raw in enumerate(lines_of(text), 1):
        line = raw.strip()
        if not line:
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise wrong(number, f"{line[:40]!r} is no CHAPTER line")
        place, kind, value = int(match[1]), (match[2] or "").upper(), match[3]
        if kind:
            words[place, kind] = clean_line(value)
            continue
        try:
            starts[place] = round(parse_duration(value), 3)
        except UsageError as error:
            raise wrong(number, error.message, hint=error.hint) from error
    return in_order(
        tuple(
            Chapter(start=at, title=words.get((n, "NAME"), ""), url=words.get((n, "URL"), ""))
            for n, at in sorted(starts.items())
        )
    )


def format_ogm(chapters: tuple[Chapter, ...]) -> str:
    """Two or three lines a chapter; ends, pictures and hidden chapters are not carried."""
    parts = []
    for number, chapter in enumerate((c for c in in_order(chapters) if not c.hidden), 1):
        key = f"CHAPTER{number:03d}"
        parts += [
            f"{key}={format_timecode(chapter.start)}",
            f"{key}NAME={clean_line(chapter.title)}",
        ]
        if chapter.url:
            parts.append(f"{key}URL={clean_line(chapter.url)}")
    return "".join(f"{line}\n" for line in parts)


FORMAT = TextFormat(
    name="vorbis",
    suffixes=(),
    mime="text/plain",
    parse=parse,
    format=format_ogm,
    opens=lambda text: _LINE.match(text) is not None,
    carries=frozenset(["url"]),
)
