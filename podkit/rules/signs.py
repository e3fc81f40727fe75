"""Signs of HTML that a plain text shows: which are surely a mistake, and which may be what it is about."""

from __future__ import annotations

import html.entities
import re
from dataclasses import dataclass

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
# "Kids &amp; Family" is what most feeds get wrong; few titles speak of the entity.
_AMPERSANDS = frozenset({"&amp;", "&#38;", "&#038;", "&#x26;"})
_TAG = re.compile(
    r"<(?P<end>/?)(?P<name>a|b|br|div|em|font|i|img|p|span|strong|sub|sup|u)(?:\s[^<>]{0,200}|/?)>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """An entity or a tag that a text shows.

    `is_sure` says that it is a mistake: a title about HTML would hold the sign alone.
    """

    text: str
    is_sure: bool


def entity_in(text: str) -> Sign | None:
    """The first entity of XML or HTML that a text shows, before others one that is surely a mistake."""
    first = None
    for found in _ENTITY.finditer(text):
        if found[1] is None or f"{found[1]};" in html.entities.html5:
            if _touches_word(text, found) or found[0].lower() in _AMPERSANDS:
                return Sign(text=found[0], is_sure=True)
            first = first or Sign(text=found[0], is_sure=False)
    return first


def markup_in(text: str) -> Sign | None:
    """The first tag of an element that begins and ends in a text, a line break or a picture.

    Without one, the first tag that touches a word. A tag by itself is what a title speaks of.
    """
    begun: dict[str, str] = {}
    lone = None
    for found in _TAG.finditer(text):
        name = found["name"].lower()
        touches = _touches_word(text, found)
        if found["end"] and name in begun:
            return Sign(text=begun[name], is_sure=True)
        if (name == "br" and touches) or (name == "img" and "=" in found[0]):
            return Sign(text=found[0], is_sure=True)
        if not found["end"]:
            begun.setdefault(name, found[0])
        if touches:
            lone = lone or Sign(text=found[0], is_sure=False)
    return lone


def _touches_word(text: str, found: re.Match[str]) -> bool:
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    return before.isalnum() or after.isalnum()
