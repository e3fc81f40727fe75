"""Cue sheets, as recorders and disc writers make them; times count 75 frames to the second, so they are read only."""

from __future__ import annotations

import re

from podkit.formats.shelf import TextFormat, lines_of, wrong
from podkit.model.chapter import Chapter, in_order
from podkit.model.text import clean_line

_OPENS = re.compile(
    r"(?:REM|CATALOG|CDTEXTFILE|PERFORMER|TITLE|SONGWRITER|FILE|TRACK)\s", re.IGNORECASE
)
_WORD = re.compile(r'(\w+)\s+(?:"([^"]*)"|(.*?))\s*')
_INDEX = re.compile(r"0?1\s+(\d{1,4}):(\d{2}):(\d{2})")
_FRAMES = 75


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from the tracks' first index; a performer stands before the title.

    Raises:
        FormatError: no track, or an index that is no time.
    """
    found: list[Chapter] = []
    title = performer = ""
    in_track = False
    for number, raw in enumerate(lines_of(text), 1):
        match = _WORD.fullmatch(raw.strip())
        if match is None:
            continue
        command, value = match[1].upper(), match[2] if match[2] is not None else match[3]
        if command == "TRACK":
            in_track, title, performer = True, "", ""
        elif in_track and command == "TITLE":
            title = clean_line(value)
        elif in_track and command == "PERFORMER":
            performer = clean_line(value)
        elif in_track and command == "INDEX" and value.split(" ")[0].lstrip("0") == "1":
            shown = f"{performer}: {title}" if performer and title else title or performer
            found.append(Chapter(start=_seconds(value, number), title=shown))
    if not found:
        raise wrong(1, "it has no TRACK with an INDEX 01")
    return in_order(tuple(found))


def _seconds(text: str, line: int) -> float:
    match = _INDEX.fullmatch(text.strip())
    if match is None or int(match[2]) > 59 or int(match[3]) >= _FRAMES:
        raise wrong(line, f"{text[:40]!r} is no index", hint="as in INDEX 01 04:30:00")
    return round(int(match[1]) * 60 + int(match[2]) + int(match[3]) / _FRAMES, 3)


FORMAT = TextFormat(
    name="cue",
    suffixes=(".cue",),
    mime="application/x-cue",
    parse=parse,
    format=None,
    opens=lambda text: _OPENS.match(text) is not None and "INDEX" in text.upper(),
)
