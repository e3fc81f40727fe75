"""What timed text formats share: blocks between blank lines, timing lines, text without blank lines."""

from __future__ import annotations

import re

from podkit.formats.shelf import lines_of, wrong
from podkit.model.text import clean

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMING = re.compile(rf"{_CLOCK}\s*-->\s*{_CLOCK}(?:\s.*)?")


def blocks(text: str) -> list[tuple[int, list[str]]]:
    """The runs of lines between blank lines, each with the number of its first line."""
    found: list[tuple[int, list[str]]] = []
    open_block = False
    for number, line in enumerate(lines_of(text), 1):
        if not line.strip():
            open_block = False
        elif open_block:
            found[-1][1].append(line)
        else:
            found.append((number, [line]))
            open_block = True
    return found


def timing(line: str, number: int) -> tuple[float, float]:
    """Start and end in seconds from `00:00:01.000 --> 00:00:02.000`, with a comma as well.

    Raises:
        FormatError: it is no timing line.
    """
    match = _TIMING.fullmatch(line.strip())
    if match is None:
        raise wrong(number, f"{line.strip()[:60]!r} is no line of times")
    parts = match.groups()
    return _seconds(parts[:4]), _seconds(parts[4:])


def odd_times(text: str) -> tuple[tuple[int, str], ...]:
    """Lines of times that are read and not meant so, each by its number: what is odd of it."""
    found = []
    for number, line in enumerate(lines_of(text), 1):
        match = _TIMING.fullmatch(line.strip()) if "-->" in line else None
        if match is None:
            continue
        parts = match.groups()
        if any(int(part) > 59 for part in (*parts[1:3], *parts[5:7])):
            found.append((number, "minutes and seconds end at 59"))
        if _seconds(parts[4:]) < _seconds(parts[:4]):
            found.append((number, "the cue ends before it begins"))
    return tuple(found)


def _seconds(parts: tuple[str, ...]) -> float:
    hours, minutes, secs, fraction = parts
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(secs)
    return round(whole + float("0." + fraction), 3)


def body(text: str) -> str:
    """The text of a cue as timed formats can hold it: clean, without blank lines."""
    return "\n".join(line for raw in clean(text).split("\n") if (line := raw.strip()))
