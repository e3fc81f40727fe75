"""Podlove Simple Chapters 1.2, an XML element that also lies inside feeds."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from podkit.errors import FormatError, UsageError
from podkit.formats.shelf import TextFormat, wrong
from podkit.model.chapter import Chapter, in_order
from podkit.model.text import clean, clean_line
from podkit.model.timecode import format_timecode, parse_duration

NAMESPACE = "http://podlove.org/simple-chapters"


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from the first `chapters` element of the document.

    Raises:
        FormatError: no XML, one with a DOCTYPE, or without such an element.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FormatError("it has a DOCTYPE, which podkit does not read")
    try:
        root = ET.fromstring(text.removeprefix("\ufeff"))  # noqa: S314 (no DOCTYPE: no entities)
    except ET.ParseError as error:
        raise wrong(error.position[0], f"no XML: {str(error).partition(':')[0]}") from error
    except ValueError as error:
        raise FormatError("no XML: it holds characters that XML does not know") from error
    listed = next((e for e in root.iter() if _local(e) == "chapters"), None)
    if listed is None:
        raise FormatError('it has no element "chapters"')
    items = [e for e in listed if _local(e) == "chapter"]
    return in_order(tuple(_chapter(number, item) for number, item in enumerate(items, 1)))


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _chapter(number: int, item: ET.Element) -> Chapter:
    try:
        start = parse_duration(item.get("start", ""))
    except UsageError as error:
        given = item.get("start")
        said = "has no start" if given is None else f"has no usable start: {given[:40]!r}"
        raise FormatError(f"chapter {number} {said}") from error
    return Chapter(
        start=round(start, 3),
        title=clean_line(item.get("title", "")),
        url=clean_line(item.get("href", "")),
        image=clean_line(item.get("image", "")),
    )


def format_psc(chapters: tuple[Chapter, ...]) -> str:
    """An XML document; ends and hidden chapters are not carried."""
    from xml.sax.saxutils import quoteattr  # noqa: PLC0415 (it loads an HTTP client)

    lines = ['<?xml version="1.0" encoding="utf-8"?>']
    lines.append(f'<psc:chapters version="1.2" xmlns:psc="{NAMESPACE}">')
    for chapter in in_order(chapters):
        if chapter.hidden:
            continue
        named = (("title", chapter.title), ("href", chapter.url), ("image", chapter.image))
        rest = "".join(f" {key}={quoteattr(clean(value))}" for key, value in named if value)
        lines.append(f'  <psc:chapter start="{format_timecode(chapter.start)}"{rest}/>')
    return "\n".join([*lines, "</psc:chapters>", ""])


FORMAT = TextFormat(
    name="psc",
    suffixes=(".psc", ".xml"),
    mime="application/xml",
    parse=parse,
    format=format_psc,
    opens=lambda text: text.startswith("<"),
    carries=frozenset(["url", "image"]),
)
