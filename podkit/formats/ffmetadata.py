"""Chapters in ffmpeg's own text format (ffmpeg-formats, "Metadata")."""

from __future__ import annotations

import re
from fractions import Fraction

from podkit.formats.shelf import TextFormat, lines_of, wrong
from podkit.model.chapter import Chapter, in_order
from podkit.model.text import clean

_HEADER = ";FFMETADATA"
_SPECIAL = re.compile(r"([=;#\\\n])")


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from the `[CHAPTER]` sections; all else is passed over.

    Raises:
        FormatError: not such a file, or a section without a usable time.
    """
    if not text.removeprefix("\ufeff").startswith(_HEADER):
        raise wrong(1, f"it does not begin with {_HEADER}1")
    found: list[Chapter] = []
    section: dict[str, str] | None = None
    began = 0
    for number, line in _logical_lines(text):
        if line.startswith("[") and line.rstrip().endswith("]"):
            if section is not None:
                found.append(_chapter(began, section))
            section, began = ({} if line.strip().upper() == "[CHAPTER]" else None), number
        elif section is not None and line and line[0] not in ";#":
            key, value = _split(line)
            section[key.lower()] = value
    if section is not None:
        found.append(_chapter(began, section))
    return in_order(tuple(found))


def _logical_lines(text: str) -> list[tuple[int, str]]:
    """The lines with their numbers; a backslash at the end escapes the line end."""
    found: list[tuple[int, str]] = []
    held = ""
    began = 0
    for number, line in enumerate(lines_of(text), 1):
        began = began or number
        held += line
        if (len(held) - len(held.rstrip("\\"))) % 2:
            held += "\n"
            continue
        found.append((began, held))
        held, began = "", 0
    return [*found, (began, held)] if held else found


def _split(line: str) -> tuple[str, str]:
    match = re.match(r"((?:[^\\=]|\\.)*)=", line, re.DOTALL)
    if match is None:
        return "", ""
    return _unescape(match[1]), _unescape(line[match.end() :])


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL)


def _chapter(line: int, section: dict[str, str]) -> Chapter:
    try:
        base = Fraction(section.get("timebase", "1/1000000000"))
        start = float(int(section["start"]) * base)
        end = float(int(section["end"]) * base) if "end" in section else None
    except (KeyError, ValueError, ZeroDivisionError, OverflowError) as error:
        raise wrong(line, "this chapter has no usable TIMEBASE, START and END") from error
    return Chapter(
        start=round(max(start, 0.0), 3),
        end=None if end is None else round(end, 3),
        title=clean(section.get("title", "")).strip(),
    )


def format_ffmetadata(chapters: tuple[Chapter, ...]) -> str:
    """A file for `ffmpeg -i FILE -map_chapters`; links and pictures are not carried."""
    parts = [_HEADER + "1\n"]
    for chapter in in_order(chapters):
        if chapter.hidden:
            continue
        parts.append(f"\n[CHAPTER]\nTIMEBASE=1/1000\nSTART={round(chapter.start * 1000)}\n")
        if chapter.end is not None:
            parts.append(f"END={round(chapter.end * 1000)}\n")
        parts.append("title=" + _SPECIAL.sub(r"\\\1", chapter.title) + "\n")
    return "".join(parts)


FORMAT = TextFormat(
    name="ffmetadata",
    suffixes=(".ffmeta", ".ffmetadata"),
    mime="text/plain",
    parse=parse,
    format=format_ffmetadata,
    opens=lambda text: text.startswith(_HEADER),
    carries=frozenset(["end"]),
)
