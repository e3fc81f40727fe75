"""Markers as tables: what Reaper and Audition export, and a table of podkit's own, by its first line."""

from __future__ import annotations

import csv
import io
import re

from podkit.errors import FormatError, UsageError
from podkit.formats.shelf import TextFormat, lines_of, wrong
from podkit.model.chapter import Chapter, in_order
from podkit.model.text import clean_line
from podkit.model.timecode import format_timecode, parse_duration

# Column → what programs call it: Reaper "Name, Start, End", Audition "Name, Start, Duration".
_COLUMNS = {
    "start": ("start", "time", "position", "start time", "in"),
    "end": ("end", "end time", "out"),
    "length": ("duration", "length"),
    "title": ("name", "title", "label", "marker name"),
    "url": ("url", "link", "href"),
    "image": ("image", "img", "picture"),
}
_SEPARATORS = ("\t", ";", ",")
_FRAMES = re.compile(r"\d+:\d+:\d+:\d+|\d+\.\d+\.\d+")  # frames, or bars and beats


def _header(line: str) -> tuple[str, dict[str, int]] | None:
    """The separator and each column's place; None when the line names no start and no title."""
    for separator in _SEPARATORS:
        names = [word.strip().strip('"').lower() for word in line.split(separator)]
        places = {
            column: place
            for column, known in _COLUMNS.items()
            if (place := next((names.index(k) for k in known if k in names), -1)) >= 0
        }
        if {"start", "title"} <= places.keys():
            return separator, places
    return None


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from the rows below a line of names.

    Raises:
        FormatError: no such line, or a row whose start is no time.
    """
    lines = lines_of(text)
    found = _header(lines[0])
    if found is None:
        raise wrong(1, "it names no columns start and name", hint="begin with: Name,Start,End")
    separator, places = found
    rows = csv.reader(io.StringIO("\n".join(lines[1:])), delimiter=separator)
    try:
        chapters = [
            _chapter(row, places, rows.line_num + 1)
            for row in rows
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise FormatError(f"it is no table: {error}") from error
    return in_order(tuple(chapters))


def _chapter(row: list[str], places: dict[str, int], line: int) -> Chapter:
    said = {name: row[place].strip() if place < len(row) else "" for name, place in places.items()}
    start = _seconds(said["start"], line)
    end = _seconds(said["end"], line) if said.get("end") else None
    length = _seconds(said["length"], line) if said.get("length") else 0.0
    if end is None and length > 0:
        end = round(start + length, 3)
    return Chapter(
        start=start,
        end=end if end is not None and end > start else None,
        title=clean_line(said["title"]),
        url=clean_line(said.get("url", "")),
        image=clean_line(said.get("image", "")),
    )


def _seconds(text: str, line: int) -> float:
    try:
        return round(parse_duration(text), 3)
    except UsageError as error:
        hint = (
            "let the program write minutes and seconds" if _FRAMES.fullmatch(text) else error.hint
        )
        raise wrong(line, f"{text[:40]!r} is no time", hint=hint) from error


def format_table(chapters: tuple[Chapter, ...]) -> str:
    """A table with commas; hidden chapters are not carried."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Name", "Start", "End", "URL", "Image"])
    for c in in_order(chapters):
        if not c.hidden:
            end = "" if c.end is None else format_timecode(c.end)
            writer.writerow([clean_line(c.title), format_timecode(c.start), end, c.url, c.image])
    return out.getvalue()


FORMAT = TextFormat(
    name="csv",
    suffixes=(".csv", ".tsv"),
    mime="text/csv",
    parse=parse,
    format=format_table,
    opens=lambda text: _header(text.partition("\n")[0].strip()) is not None,
    carries=frozenset(["end", "url", "image"]),
)
