"""Audacity's labels: start, end and title, with tabs between them, in seconds."""

from __future__ import annotations

import re

from podkit.formats.shelf import TextFormat, lines_of, wrong
from podkit.model.chapter import Chapter, in_order
from podkit.model.text import clean_line

_LINE = re.compile(r"(\d{1,7}(?:[.,]\d+)?)\t(\d{1,7}(?:[.,]\d+)?)(?:\t(.*))?")


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from labels; a point label (start and end the same) has no end.

    Raises:
        FormatError: a line that is no label.
    """
    found = []
    for number, line in enumerate(lines_of(text), 1):
        if not line.strip() or line.startswith("\\"):  # a spectral label's second line
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            hint = "start, end and title, with tabs between them"
            raise wrong(number, f"{line[:40]!r} is no label", hint=hint)
        start, end = (round(float(part.replace(",", ".")), 3) for part in match.groups()[:2])
        title = clean_line(match[3] or "")
        found.append(Chapter(start=start, end=end if end > start else None, title=title))
    return in_order(tuple(found))


def format_labels(chapters: tuple[Chapter, ...]) -> str:
    """A label track; links, pictures and hidden chapters are not carried."""
    return "".join(
        f"{c.start:.6f}\t{c.start if c.end is None else c.end:.6f}\t{clean_line(c.title)}\n"
        for c in in_order(chapters)
        if not c.hidden
    )


FORMAT = TextFormat(
    name="audacity",
    suffixes=(".labels",),
    mime="text/plain",
    parse=parse,
    format=format_labels,
    opens=lambda text: _LINE.match(text) is not None,
    carries=frozenset(["end"]),
)
