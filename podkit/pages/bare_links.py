"""Which words of show notes are addresses that nobody marked: `https://example.org/x` is a link.

Only what begins with http:// or https:// counts; `www.` and e-mail addresses stay text, for a
sentence may hold what merely looks like them. The limits are those of GitHub Flavored Markdown
0.29, section 6.9 (extended URL autolinks), and quotation marks end an address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markdown_it.token import Token

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_ADDRESS = re.compile(r"(?<!\w)https?://[^\s<>\"`«»“”„‘’]+", re.IGNORECASE)
# In these nothing is ever encoded: a host in lower case, and characters that stand for themselves.
_PLAIN = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9/_.~-]*)?")
_CLOSING = {")": "(", "]": "["}
_AFTER = frozenset("?!.,:;*_~'…")


def plain_addresses(markdown: MarkdownIt) -> MarkdownIt:
    """The parser, which from now on takes addresses that need no encoding as they are, and sooner."""
    normalize = markdown.normalizeLink

    def normalized(url: str) -> str:
        return url if _PLAIN.fullmatch(url) else normalize(url)

    markdown.normalizeLink = normalized  # type: ignore[method-assign]
    return markdown


def bare_links(markdown: MarkdownIt) -> MarkdownIt:
    """The parser, which from now on makes links of bare addresses."""
    markdown.core.ruler.after("inline", "bare_links", _link_all)
    return markdown


def _link_all(state: StateCore) -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children and "://" in block.content:
            block.children = list(_linked(block.children, state.md))


def _linked(tokens: Sequence[Token], markdown: MarkdownIt) -> Iterator[Token]:
    within = 0  # links that are open: there are none in each other
    for token in tokens:
        within += (token.type == "link_open") - (token.type == "link_close")
        if token.type == "text" and not within:
            yield from _split(token, markdown)
        else:
            yield token


def _split(token: Token, markdown: MarkdownIt) -> Iterator[Token]:
    done = 0
    for found in _ADDRESS.finditer(token.content):
        shown = _without_what_follows(found[0])
        target = markdown.normalizeLink(shown)
        if not _has_host(shown) or not markdown.validateLink(target):
            continue
        yield _text(token, token.content[done : found.start()])
        yield Token("link_open", "a", 1, attrs={"href": target}, level=token.level)
        yield _text(token, shown, deeper=1)
        yield Token("link_close", "a", -1, level=token.level)
        done = found.start() + len(shown)
    yield _text(token, token.content[done:])


def _text(token: Token, content: str, *, deeper: int = 0) -> Token:
    return Token("text", "", 0, content=content, level=token.level + deeper)


def _without_what_follows(address: str) -> str:
    """The address without the sentence's own punctuation and a bracket that it did not open."""
    spare = {end: address.count(end) - address.count(begin) for end, begin in _CLOSING.items()}
    stop = len(address)
    while stop:
        last = address[stop - 1]
        if last in _CLOSING and spare[last] > 0:
            spare[last] -= 1
        elif last not in _AFTER:
            break
        stop -= 1
    return address[:stop]


def _has_host(address: str) -> bool:
    try:
        return "." in (urlsplit(address).hostname or "").strip(".")
    except ValueError:
        return False
