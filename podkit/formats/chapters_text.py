"""Chapters as people type them: `00:12:34.500 Title <https://link>`, one a line."""

from __future__ import annotations

import re

from podkit.formats.shelf import TextFormat, lines_of, wrong
from podkit.model.chapter import Chapter, in_order
from podkit.model.text import clean_line, is_safe_url
from podkit.model.timecode import format_timecode

_TIME = r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
_LINE = re.compile(rf"[(\[]?{_TIME}[)\]]?(?:\s+(.*))?", re.DOTALL)
_BULLET = re.compile(r"^[-*•]\s+(?=[(\[]?\d)")
_LINK = re.compile(r"(.*?)\s*<(https?://[^<>\s]+)>", re.DOTALL)


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from lines of a time and a title; blank lines and `#` lines are passed over.

    Raises:
        FormatError: a line that does not begin with a time.
    """
    found = []
    for number, raw in enumerate(lines_of(text), 1):
        line = _BULLET.sub("", raw.strip())
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise wrong(number, f"{line[:40]!r} does not begin with a time", hint=_HINT)
        hours, minutes, secs, fraction, rest = match.groups()
        if int(secs) > 59 or (hours and int(minutes) > 59):
            raise wrong(number, "minutes and seconds end at 59", hint=_HINT)
        whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(secs)
        title = rest or ""
        link = _LINK.fullmatch(title)
        if link:
            title = link[1]
        found.append(
            Chapter(
                start=round(whole + float(f"0.{fraction or 0}"), 3),
                title=clean_line(title),
                url=link[2] if link else "",
            )
        )
    return in_order(tuple(found))


def format_text(chapters: tuple[Chapter, ...]) -> str:
    """One line for each chapter that is not hidden; ends and pictures are not carried."""
    return "".join(map(_line, (c for c in in_order(chapters) if not c.hidden)))


def _line(chapter: Chapter) -> str:
    title = clean_line(chapter.title)
    link = (
        f" <{chapter.url}>"
        if _LINK.fullmatch(f"<{chapter.url}>") and is_safe_url(chapter.url)
        else ""
    )
    return f"{format_timecode(chapter.start)} {title}{link}".rstrip() + "\n"


_HINT = "write each chapter as `00:12:34 Title`"

FORMAT = TextFormat(
    name="text",
    suffixes=(".txt",),
    mime="text/plain",
    parse=parse,
    format=format_text,
    opens=lambda text: bool(re.match(rf"[(\[]?{_TIME}(?:[)\]\s]|$)", text)),
    carries=frozenset(["url"]),
)
