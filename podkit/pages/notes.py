"""One source of show notes, several renderings: for the feed, its short description, plain text.

Also the closing parts that follow the notes: made once, so that feed and page say the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from podkit.model.chapter import in_order
from podkit.model.sitespec import EpisodePage
from podkit.model.transcript import Cue
from podkit.pages.folders import fill
from podkit.pages.gate import absolute, admit
from podkit.pages.prose import Prose, joined, restrict, sanitize
from podkit.pages.shorten import fit, simple_blocks
from podkit.pages.tree import Element, Node, collapse, items, parse
from podkit.pages.words import words_for

DESCRIPTION_LIMIT = 4000
"""Bytes that Apple takes of a description."""

_ENDLESS = 1 << 30

# Apple lists p, br, a and lists; PSP-1 adds the four that stress.
_DESCRIPTION_TAGS = frozenset({"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "ul"})
_DESCRIPTION_ATTRIBUTES: Mapping[str, frozenset[str]] = {"a": frozenset({"href"})}
# White space that a second reading would take away: doubled, or at the ends of a line or a block.
_LOOSE = re.compile(
    r"\s\s|<br>\s|\s<br>|<(?:p|li|a|b|i|em|strong)\b[^>]*>\s|\s</|<(\w+)[^>]*></\1>"
)
_BLANK_LINES = re.compile(r"\n{3,}")
_BLOCKS = frozenset({"blockquote", "h2", "h3", "h4", "ol", "p", "pre", "table", "ul"})


def feed_description(html: str, *, closing: str = "", limit: int = DESCRIPTION_LIMIT) -> str:
    """Notes as a feed's description: simple paragraphs and lists that fit the limit, valid HTML.

    Notes that are too long end after a block. The closing parts may take up to half of the limit,
    so that links to members' pages and transcripts survive long notes.

    Args:
        html: the notes.
        closing: what follows them, as `credits_html` makes it.
        limit: bytes of UTF-8.

    Raises:
        FormatError: the HTML is too long or too deep to be cleaned.
    """
    body, end = _simple(html), _simple_closing(closing)
    if len(_below(body.whole, end.whole).encode()) <= limit:
        return _below(body.shown, end.shown)
    last = fit(end.blocks, limit // 2)
    first = fit(body.blocks, limit - len(last.encode()) - bool(last))
    return _admitted(_below(first, last), limit)


@dataclass(frozen=True, slots=True)
class _Simple:
    """HTML as a description may have it: its blocks, all of them written, and what nh3 lets pass."""

    blocks: list[Element]
    whole: str
    shown: str


def _simple(html: str) -> _Simple:
    blocks = simple_blocks(parse(sanitize(html)))
    whole = fit(blocks, _ENDLESS)
    return _Simple(blocks, whole, _admitted(whole, _ENDLESS))


_simple_closing = lru_cache(maxsize=256)(_simple)


def _below(first: str, last: str) -> str:
    return "\n".join(part for part in (first, last) if part)


def _admitted(html: str, limit: int) -> str:
    return _settled(restrict(html, _DESCRIPTION_TAGS, _DESCRIPTION_ATTRIBUTES, rel=None), limit)


def _settled(html: str, limit: int) -> str:
    """The description as it stays: white space that dropped elements brought together is one space."""
    if _LOOSE.search(html) is None:
        return html
    for _ in range(4):
        again = fit(simple_blocks(parse(html)), limit)
        again = restrict(again, _DESCRIPTION_TAGS, _DESCRIPTION_ATTRIBUTES, rel=None)
        if again == html:
            break
        html = again
    return html


def feed_content(html: str, *, closing: str = "") -> str:
    """Notes as a feed's `content:encoded`: all of them, clean, then the closing parts.

    Raises:
        FormatError: the HTML is too long or too deep to be cleaned.
    """
    return joined([sanitize(html), sanitize(closing)])


def credits_html(page: EpisodePage, *, language: str = "", templates: Path | None = None) -> str:
    """The closing parts of show notes: chapters, people, related reading, support, transcript.

    They say what the episode's page shows around the notes, for apps that show the notes alone;
    so they belong in the feed, not in `EpisodePage.notes`. Addresses are absolute, or left out.

    Args:
        page: the episode.
        language: of the words, when the page does not say its own.
        templates: the show's own templates folder.

    Raises:
        RecordError: a template of the show's own is wrong.
    """
    if templates is not None:
        return _closing(page, language, templates)
    return _usual_closing(_what_closes(page), language)


# What stands there instead of a transcript, of which only is said that there is one.
_CUES = (Cue(start=0.0, end=0.0, text=""),)


def _what_closes(page: EpisodePage) -> EpisodePage:
    """All of the page that podkit's own credits.html speaks of: many episodes have it in common."""
    return EpisodePage(
        slug="",
        title="",
        language=page.language,
        url=page.url if page.transcript or page.related else "",
        image_credit=page.image_credit,
        people=page.people,
        chapters=page.chapters,
        transcript=_CUES if page.transcript else (),
        related=page.related,
        funding=page.funding,
    )


@lru_cache(maxsize=256)
def _usual_closing(page: EpisodePage, language: str) -> Prose:
    return _closing(page, language, None)


def _closing(page: EpisodePage, language: str, templates: Path | None) -> Prose:
    admitted = admit(page)
    words = words_for(page.language or language)
    values = {
        "episode": admitted,
        "words": words,
        "chapters": [c for c in in_order(admitted.chapters) if c.title and not c.hidden],
        "related": [r for r in admitted.related if absolute(page.url, r.url)],
        "absolute": absolute,
        "clock": clock,
    }
    return sanitize(fill("credits.html", values, own=templates))


def clock(seconds: float, *, hours: bool = False) -> str:
    """`04:05` or `1:04:05`: how apps recognise a place in an episode. Part seconds fall away.

    Args:
        seconds: from the beginning.
        hours: write the hours though they be none, because others in the list have some.
    """
    minutes, secs = divmod(int(max(seconds, 0)), 60)
    whole, mins = divmod(minutes, 60)
    return f"{whole}:{mins:02d}:{secs:02d}" if whole or hours else f"{mins:02d}:{secs:02d}"


def to_text(html: str) -> str:
    """Notes as plain text: blank lines between blocks, links as `text (address)`.

    Raises:
        FormatError: the HTML is too long or too deep to be cleaned.
    """
    return _blocks_text(parse(sanitize(html)))


def _blocks_text(nodes: list[Node]) -> str:
    parts: list[str] = []
    line: list[Node] = []
    for node in nodes:
        if isinstance(node, Element) and (node.tag in _BLOCKS or node.tag == "hr"):
            parts.extend([_line_text(line), _block_text(node)])
            line = []
        else:
            line.append(node)
    parts.append(_line_text(line))
    return _BLANK_LINES.sub("\n\n", "\n\n".join(part for part in parts if part))


def _block_text(element: Element) -> str:
    children = element.children
    if element.tag in {"ol", "ul"}:
        return _list_text(element)
    if element.tag == "blockquote":
        return "\n".join(f"> {line}".rstrip() for line in _blocks_text(children).split("\n"))
    if element.tag == "pre":
        return "".join(_raw(child) for child in children).strip("\n")
    if element.tag == "table":
        return "\n".join(_rows_text(children))
    return "* * *" if element.tag == "hr" else _line_text(children)


def _list_text(element: Element) -> str:
    start = element.attributes.get("start", "")
    number = int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1
    lines = []
    for place, item in enumerate(items(element), start=number):
        mark = f"{place}. " if element.tag == "ol" else "- "
        text = re.sub(r"\n+", "\n", _blocks_text(item.children))
        lines.append(mark + text.replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)


def _rows_text(nodes: list[Node]) -> list[str]:
    lines: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            continue
        if node.tag == "tr":
            cells = [c for c in node.children if isinstance(c, Element)]
            lines.append(" | ".join(_line_text(c.children) for c in cells))
        else:
            lines.extend(_rows_text(node.children))
    return lines


def _line_text(nodes: list[Node]) -> str:
    lines = "".join(_inline_text(node) for node in nodes).split("\n")
    return "\n".join(collapse(line).strip() for line in lines).strip()


def _inline_text(node: Node) -> str:
    if isinstance(node, str):
        return collapse(node)
    if node.tag == "br":
        return "\n"
    if node.tag == "img":
        return node.attributes.get("alt", "")
    text = "".join(_inline_text(child) for child in node.children)
    if node.tag in _BLOCKS or node.tag in {"li", "tr"}:  # a block inside a link, say
        return f"\n{text}\n"
    return _link_text(text, node.attributes["href"]) if "href" in node.attributes else text


def _link_text(text: str, address: str) -> str:
    """`text (address)`; the address alone when the text says no more than it."""
    shown = text.strip()
    bare = address.removeprefix("mailto:")
    if not shown or shown in {address, bare, bare.split("://")[-1].rstrip("/")}:
        return bare
    return f"{text} ({bare})"


def _raw(node: Node) -> str:
    return node if isinstance(node, str) else "".join(_raw(child) for child in node.children)
