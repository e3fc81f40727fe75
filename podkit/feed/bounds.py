"""What a feed may be before any parser sees it: no DOCTYPE, so many elements, no endless names.

Parsers have had faults whose cost grows with the square of a file (libexpat's CVE-2023-52425,
CVE-2025-66382 and others); what brings them out is looked for here, in time that grows with the file.
"""

from __future__ import annotations

import re
from typing import Final

from podkit.errors import FormatError

MAX_BYTES: Final = 64 * 1024 * 1024
MAX_ELEMENTS: Final = 1_000_000
MAX_NAME: Final = 4096
"""Bytes of a namespace's or an element's name; parsers hand it over once for each element."""
MAX_ATTRIBUTES: Final = 1000
"""Attributes that one element may have."""

_PROLOG = re.compile(rb"[ \t\r\n]*(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_DOCTYPE = re.compile(rb"[ \t\r\n]*<!DOCTYPE", re.IGNORECASE)
_NAMESPACE = re.compile(rb"""xmlns(?::[^\s=:]*)?\s*=\s*(?:"[^"]{4096}|'[^']{4096})""")
_LONG_NAME = re.compile(rb"""<[^\s<>/!?"'=]{4096}""")
_MARKUP = re.compile(rb"<!\[CDATA\[|<!--|<[^/!?]")
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}

# A tag can only be long where nothing else begins for long; then its attributes are counted.
_STRETCH = re.compile(rb"<[^!?/<][^<]{8192,}")
_TAG = re.compile(rb"""<[^\s<>]+(?:[^<>"']|"[^"]*"|'[^']*')*""")
_LOOK = 1 << 17  # bytes of such a tag that are looked at
_ATTRIBUTE = re.compile(rb"""=\s*["']""")


def doctype_at(text: bytes) -> int:
    """Where a DOCTYPE begins, which only the prolog can have; -1 when there is none."""
    place = 0
    while found := _PROLOG.match(text, place):
        place = found.end()
    there = _DOCTYPE.match(text, place)
    return text.index(b"<", place) if there else -1


def refusal(text: bytes) -> str:
    """Why a text in UTF-8 is no feed that may be parsed; empty when it may. A DOCTYPE is not looked for."""
    if len(text) > MAX_BYTES:
        return f"more than {MAX_BYTES} bytes are no feed"
    if _may_be_too_many(text) and _elements(text) > MAX_ELEMENTS:
        return f"more than {MAX_ELEMENTS} elements are no feed"
    stretched = _has_stretch(text)
    if len(text) > MAX_NAME and (
        _NAMESPACE.search(text) or (stretched and _LONG_NAME.search(text))
    ):
        return f"a name longer than {MAX_NAME} bytes is none"
    for found in _STRETCH.finditer(text) if stretched else ():
        tag = _TAG.match(text[found.start() : found.start() + _LOOK])
        if tag and len(_ATTRIBUTE.findall(tag[0])) > MAX_ATTRIBUTES:
            return f"more than {MAX_ATTRIBUTES} attributes of one element are no feed"
    return ""


def check(text: bytes) -> None:
    """Refuse what no parser shall see.

    Raises:
        FormatError: it has a DOCTYPE, or goes beyond a bound.
    """
    if doctype_at(text) >= 0:
        raise FormatError("it has a DOCTYPE, which no feed needs and podkit does not read")
    if why := refusal(text):
        raise FormatError(why)


def _has_stretch(text: bytes) -> bool:
    """Whether somewhere no `<` stands in so many bytes as a name may have; few feeds have that.

    Only the last `<` of so many bytes is looked for, and then of as many behind it.
    """
    place = 0
    while len(text) - place >= MAX_NAME:
        last = text.rfind(b"<", place, place + MAX_NAME)
        if last < 0:
            return True
        place = last + 1
    return False


def _may_be_too_many(text: bytes) -> bool:
    """Whether there are so many elements, or what looks like it; the first count settles most files."""
    signs = text.count(b"<")
    return signs > MAX_ELEMENTS and signs - text.count(b"</") > MAX_ELEMENTS


def _elements(text: bytes) -> int:
    """How many elements begin, not counting what only looks like one.

    What is opened and never closed holds all that follows: it is looked through once.
    """
    count = place = 0
    while (found := _MARKUP.search(text, place)) is not None:
        end = _ENDS.get(found[0])
        count += end is None
        place = found.end() if end is None else text.find(end, found.end())
        if place < 0:
            break
    return count
