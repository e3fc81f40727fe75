"""Values as elements that stand on their own: what no record has a key for, and what no feed may say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree

from podkit.errors import FormatError
from podkit.feed.parsing import keep, unkeep
from podkit.feed.table import TAGS
from podkit.model.document import MEDIA, PREFIXES
from podkit.model.feedspec import Enclosure

_ACTIVE = ("javascript:", "vbscript:", "data:text/html")
_PAGES = frozenset(["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"])


def as_elements(place: str, field: str, held: Any) -> tuple[str, ...]:
    """A field of a feed or an item as XML text, one for each element that says it.

    Args:
        place: `channel` or `item`.
        field: its name in FeedSpec or Item.
        held: the field's value.

    Raises:
        FormatError: no feed may say that.
    """
    holder = etree.Element("holder", nsmap=dict(PREFIXES))
    for tag in TAGS:
        if tag.field == field and place in tag.parents:
            tag.write(holder, held)
    return tuple(keep(element) for element in holder)


def is_sayable(place: str, field: str, held: Any) -> bool:
    """Whether a feed may say that value: every address in it leads to the web."""
    try:
        as_elements(place, field, held)
    except (FormatError, ValueError, TypeError):
        return False
    return True


def is_harmless(text: str) -> bool:
    """Whether a kept element can be written again and holds nothing that a browser would run."""
    try:
        element = unkeep(text)
    except FormatError:
        return False
    return not any(map(_acts, element.iter("*")))


def name_of(text: str) -> str:
    """The name of a kept element as people write it: `podcast:txt`, or the bare name."""
    element = unkeep(text)
    name = etree.QName(element)
    return f"{element.prefix}:{name.localname}" if element.prefix else name.localname


def media_of(texts: Iterable[str]) -> Enclosure | None:
    """The sound or film that kept Media RSS elements name; some feeds have no other enclosure."""
    for text in texts:
        try:
            root = unkeep(text)
        except FormatError:
            continue
        for element in root.iter(f"{{{MEDIA}}}content"):
            kind, url = element.get("type", ""), element.get("url", "").strip()
            heard = element.get("medium") in {"audio", "video"}
            if url and (kind.startswith(("audio/", "video/")) or (heard and not kind)):
                size = element.get("fileSize", "")
                length = int(size) if size.isascii() and size.isdigit() else 0
                return Enclosure(url=url, length=length, type=kind)
    return None


def _acts(element: etree._Element) -> bool:
    name = etree.QName(element)
    if name.namespace in _PAGES or name.localname.lower() in {"script", "iframe", "object"}:
        return True
    values = ["".join(str(value).split()).lower() for value in element.attrib.values()]
    return any(value.startswith(_ACTIVE) for value in values)
