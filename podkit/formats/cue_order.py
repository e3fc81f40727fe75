"""Timed cues put into the order of their times, everything else in the file as it was."""

from __future__ import annotations

import re
from itertools import pairwise

from podkit.errors import FormatError
from podkit.formats import transcripts
from podkit.formats.cues import timing

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_ASIDE = ("NOTE", "STYLE", "REGION", "WEBVTT")


def in_order(text: str, kind: str) -> str:
    """The text with its cues sorted by when they begin; the numbers of cues stay where they are.

    A note between two cues of WebVTT goes with the one behind it.

    Args:
        text: a whole file.
        kind: `vtt` or `srt`.

    Raises:
        FormatError: it is not in that format, or something would be lost.
    """
    before = transcripts.parse(text, kind).cues
    if all(one.start <= other.start for one, other in pairwise(before)):
        return text
    lines = _LINE.findall(text)
    places = _places(lines)
    order = sorted(places, key=lambda place: place[2])
    out: list[str] = []
    at = 0
    for (first, last, _), (begin, end, _) in zip(places, order, strict=True):
        out += lines[at:first]
        out += _moved(lines[begin:end], lines[first:last])
        at = last
    made = "".join([*out, *lines[at:]])
    if transcripts.parse(made, kind).cues != tuple(sorted(before, key=lambda cue: cue.start)):
        raise FormatError("its cues cannot be sorted without losing something")
    return made


def _places(lines: list[str]) -> list[tuple[int, int, float]]:
    """First line, line behind the last, and start of each cue, with the notes before it.

    What stands before the first cue is about the whole file, and belongs to none.
    """
    places: list[tuple[int, int, float]] = []
    notes = None
    for first, last in _blocks(lines):
        start = _start(lines[first:last])
        if start is None:
            notes = first if notes is None else notes
            continue
        places.append((first if notes is None or not places else notes, last, start))
        notes = None
    return places


def _blocks(lines: list[str]) -> list[tuple[int, int]]:
    """The runs of lines that are not blank."""
    found: list[tuple[int, int]] = []
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


def _start(block: list[str]) -> float | None:
    """When a cue begins; None for what is no cue."""
    if block[0].startswith(_ASIDE) and "-->" not in block[0]:
        return None
    at = next((n for n, line in enumerate(block[:2]) if "-->" in line), None)
    return None if at is None else timing(block[at], at + 1)[0]


def _moved(block: list[str], replaced: list[str]) -> list[str]:
    """A cue in the place of another: under that one's number, and ending in a line end."""
    numbered = block[0].strip().isdecimal() and replaced[0].strip().isdecimal()
    moved = [replaced[0], *block[1:]] if numbered else list(block)
    if not moved[-1].endswith(("\n", "\r")):
        moved[-1] += "\r\n" if replaced[-1].endswith("\r\n") else "\n"
    return moved
