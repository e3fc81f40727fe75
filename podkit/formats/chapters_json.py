"""Podcasting 2.0 chapters, version 1.2.0 (podcast namespace, "JSON Chapters Format")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from podkit.errors import FormatError
from podkit.formats.json_text import load
from podkit.formats.shelf import TextFormat, number, seconds, word
from podkit.model.chapter import Chapter, in_order
from podkit.model.text import clean_line

VERSION = "1.2.0"
_KNOWN = frozenset(["startTime", "endTime", "title", "url", "img", "toc"])


def parse(text: str) -> tuple[Chapter, ...]:
    """Chapters from a JSON document; keys that podkit does not know are kept as `extra`.

    Raises:
        FormatError: it is no JSON, or not such a document.
    """
    document = load(text)
    listed = document.get("chapters")
    if not isinstance(listed, list):
        raise FormatError('it has no list "chapters"')
    return in_order(tuple(_chapter(number, item) for number, item in enumerate(listed, 1)))


def _chapter(position: int, item: Any) -> Chapter:
    if not isinstance(item, dict):
        raise FormatError(f"chapter {position} is no object")
    start = seconds(item.get("startTime"), f'"startTime" of chapter {position}')
    end = item.get("endTime")
    return Chapter(
        start=start,
        end=None if end is None else seconds(end, f'"endTime" of chapter {position}'),
        title=clean_line(word(item.get("title"))),
        url=word(item.get("url")),
        image=word(item.get("img")),
        hidden=item.get("toc") is False,
        extra=tuple(
            (key, json.dumps(value, ensure_ascii=False))
            for key, value in item.items()
            if key not in _KNOWN
        ),
    )


def besides(text: str) -> dict[str, Any]:
    """What the document says beside version and chapters: author, title, and what others made up.

    Raises:
        FormatError: it is no JSON document.
    """
    document = load(text)
    return {key: value for key, value in document.items() if key not in {"version", "chapters"}}


def format_json(
    chapters: tuple[Chapter, ...], document: Mapping[str, Any] = MappingProxyType({})
) -> str:
    """A JSON document with everything that podkit knows of the chapters.

    Args:
        chapters: what it lists.
        document: what `besides` found in the document that they come from.
    """
    listed = [_item(chapter) for chapter in in_order(chapters)]
    document = {"version": VERSION, **document, "chapters": listed}
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _item(chapter: Chapter) -> dict[str, object]:
    item: dict[str, object] = {"startTime": number(chapter.start)}
    if chapter.end is not None:
        item["endTime"] = number(chapter.end)
    named = {"title": chapter.title, "url": chapter.url, "img": chapter.image}
    item |= {key: value for key, value in named.items() if value}
    if chapter.hidden:
        item["toc"] = False
    return item | {key: json.loads(value) for key, value in chapter.extra}


FORMAT = TextFormat(
    name="json",
    suffixes=(".json",),
    mime="application/json+chapters",
    parse=parse,
    format=format_json,
    opens=lambda text: text.startswith("{"),
    carries=frozenset(["end", "url", "image", "hidden", "extra"]),
)
