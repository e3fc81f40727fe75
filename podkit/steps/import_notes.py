"""Which of the texts of an item become an episode's notes and summary, and what that costs: nothing silently."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Final

from podkit.errors import FormatError
from podkit.model.text import clean_line
from podkit.pages.foreign import familiar
from podkit.pages.markdown import from_html
from podkit.pages.notes import to_text
from podkit.steps.import_report import Fate

if TYPE_CHECKING:
    from podkit.model.feedspec import Item
    from podkit.steps.import_report import Fates

_WORD: Final = re.compile(r"\w+")
_MARKUP: Final = re.compile(r"<[^<>]*>")
_ADDRESS: Final = re.compile(r"""\b(?:href|src)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_DOTS: Final = ("\u2026", "...", "\u2026]", "...]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """What an item says of itself: notes in Markdown, a summary on one line."""

    notes: str = ""
    summary: str = ""


def prose_of(item: Item, base: str, fates: Fates, *, own: bool) -> Prose:
    """The notes and the summary that are made of an item's texts.

    Of `content:encoded` and `<description>` that which says all that the other says, its links and
    pictures too, becomes the notes. Where each says something of its own the description becomes the summary, if the item
    has no other.

    Args:
        item: the item.
        base: what its relative addresses are read against.
        fates: where it is noted what became of each text.
        own: whether podkit wrote the feed: then its descriptions are made from the notes.
    """
    html, other = item.content or item.description or item.summary, ""
    if item.content and item.description and not own:
        if _says(item.description, all_of=item.content):
            if not _says(item.content, all_of=item.description):
                html = item.description
        elif not _says(item.content, all_of=item.description):
            other = item.description
    notes = _notes(html, base, fates)
    return Prose(notes=notes, summary=_summary(item, other, fates))


def _notes(html: str, base: str, fates: Fates) -> str:
    if not html:
        return ""
    try:
        known, told = familiar(html, base)
        notes = from_html(known)
    except FormatError as error:
        fates.note("notes", Fate.LOST, error.message)
        return ""
    fates.note("notes", *((Fate.CHANGED, "; ".join(told)) if told else ()))
    return notes


def _summary(item: Item, other: str, fates: Fates) -> str:
    """The summary as plain text on one line; one that repeats the notes is none."""
    text = "" if item.summary in {item.content, item.description} else item.summary
    if text:
        fates.note("summary", *((Fate.CHANGED, "markup became text") if "<" in text else ()))
    elif other:
        fates.note("description", Fate.CHANGED, "the notes do not say it; it is the summary")
    if text and other and not _says(text, all_of=other):
        fates.note("description", Fate.LOST, "neither the notes nor the summary say it")
    return clean_line(plain(text) or plain(other if "<" in other else unescape(other)))


def _says(html: str, *, all_of: str) -> bool:
    """Whether a text has all words of another one behind each other, and all its addresses."""
    if _words(all_of) not in _words(html):
        return False
    return set(_ADDRESS.findall(unescape(all_of))) <= set(_ADDRESS.findall(unescape(html)))


def _words(html: str) -> str:
    """The words of a text, a space around each; where dots say that it was cut, without the last."""
    bare = unescape(_MARKUP.sub(" ", html)).rstrip()
    words = _WORD.findall(bare.casefold())
    return f" {' '.join(words[:-1] if bare.endswith(_DOTS) else words)} "


def plain(text: str) -> str:
    """HTML as text with its links beside it; text without markup stays."""
    if "<" not in text:
        return text
    try:
        return to_text(text)
    except FormatError:
        return text
