"""Markdown and foreign HTML become clean HTML here: the allow-list, and nh3 as the last step.

What comes out may stand in a page and in a feed as it is; nothing else in podkit is trusted so.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence

import nh3
from markdown_it import MarkdownIt

from podkit.errors import FormatError
from podkit.model.text import LINK_SCHEMES, clean
from podkit.pages.bare_links import bare_links, plain_addresses
from podkit.share import shared

LIMIT = 1_000_000
"""The most that is taken in, in bytes of UTF-8."""

DEPTH = 200
"""How many elements may lie in each other: HTML parsers slow down with the square of it."""

_NAMES = (
    "a b blockquote br code del em h2 h3 h4 hr i img li ol p pre s strong sub sup "
    "table tbody td th thead tr ul"
)
TAGS = frozenset(_NAMES.split())
"""Every element that show notes may have."""

_OTHER_HEADINGS = frozenset({"h1", "h5", "h6"})  # until they are shifted

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "a": frozenset({"href", "title"}),
    "img": frozenset({"alt", "src", "title"}),
    "ol": frozenset({"start"}),
}
"""Every attribute that they may have; `rel` is set by podkit."""

# Elements whose text is no prose, and those that switch the parser to other rules: gone whole.
_DROPPED = (
    "applet audio button canvas embed form frame frameset head iframe input link math meta "
    "noembed noframes noscript object option plaintext script select style svg template textarea "
    "title video xmp"
)
_HEADING = re.compile(r"(</?h)([1-6])(?=>)")  # as nh3 writes them
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
# nh3 writes every attribute in double quotes; a ">" may stand inside them.
_PICTURE = re.compile(r'<img(?: [a-z]+="[^"]*")*>')
_NO_LINK = re.compile(r'<a(?: title="[^"]*")?(?: rel="noopener")?>')
# Void elements, and those that the next one of their kind ends.
_SHALLOW = (
    "area base br col embed hr img input link meta param source track wbr "
    "dd dt li option p rp rt tbody td tfoot th thead tr"
)


class Prose(str):
    """HTML that the last step has cleaned; nothing else makes one."""

    __slots__ = ()


def to_html(markdown: str) -> Prose:
    """Render show notes: CommonMark with tables, ~~struck~~ text, bare links; raw HTML is shown as text.

    The highest heading becomes `h2`, those below it follow. Links may lead to http, https and
    mailto, pictures to https; all must be absolute, because the same notes stand in feeds.

    Raises:
        FormatError: it is longer than a megabyte.
    """
    _check_size(markdown)
    rendered: str = _markdown().render(legal(markdown))
    return _last(rendered)


def each_to_html(texts: Sequence[str]) -> list[Prose | None]:
    """Render many show notes, on all cores; None in place of those that `to_html` refuses."""
    return [None if html is None else Prose(html) for html in shared(_rendered, texts)]


def _rendered(markdown: str) -> str | None:
    try:
        return to_html(markdown)
    except FormatError:
        return None


def sanitize(html: str) -> Prose:
    """Clean HTML of unknown origin with the same allow-list as show notes; clean HTML stays as it is.

    Raises:
        FormatError: it is longer than a megabyte, or has hundreds of elements in each other.
    """
    return html if isinstance(html, Prose) else _last(bounded(html))


def bounded(html: str) -> str:
    """HTML of unknown origin, as it is but for forbidden characters, if it is not too much to read.

    Raises:
        FormatError: it is longer than a megabyte, or has hundreds of elements in each other.
    """
    _check_size(html)
    bare = legal(html)
    _check_depth(bare)
    return bare


def joined(parts: Iterable[Prose]) -> Prose:
    """Clean parts, one below the other; together they are as clean."""
    return Prose("\n".join(part for part in parts if part))


def legal(text: str) -> str:
    """Text without what HTML forbids: the text gate's rules, and no U+0085, a line end in XML only."""
    return clean(text).replace("\u0085", "\n")


def restrict(
    html: str, tags: frozenset[str], attributes: Mapping[str, frozenset[str]], *, rel: str | None
) -> str:
    """Clean HTML by a narrower list: other elements go, their text stays.

    Args:
        html: what to clean.
        tags: the elements to keep.
        attributes: by element, the attributes to keep.
        rel: the `rel` of every link; None leaves it out.
    """
    return _cleaner(tags, tuple(attributes.items()), rel).clean(html)


@functools.cache
def _cleaner(
    tags: frozenset[str], attributes: tuple[tuple[str, frozenset[str]], ...], rel: str | None
) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(tags),
        attributes={"*": set(), **{tag: set(names) for tag, names in attributes}},
        clean_content_tags=set(_DROPPED.split()),
        attribute_filter=_address_filter,
        url_schemes=set(LINK_SCHEMES),
        url_relative="deny",
        link_rel=rel,
    )


def _last(html: str) -> Prose:
    """The last steps of all prose: headings in order, nothing that leads nowhere, then nh3.

    The first pass makes the HTML regular, so that plain patterns find what they look for and a
    second parser sees the same tree; whatever they leave behind, nh3 has the last word.
    """
    regular = legal(restrict(html, TAGS | _OTHER_HEADINGS, ATTRIBUTES, rel="noopener"))
    pruned = _NO_LINK.sub("", _PICTURE.sub(_keep_picture, _shift_headings(regular)))
    return Prose(restrict(pruned, TAGS, ATTRIBUTES, rel="noopener").strip())


def _keep_picture(found: re.Match[str]) -> str:
    """A picture that still has its address; of any other, what it showed in words."""
    tag = found[0]
    if ' src="' in tag:
        return tag
    alt = re.search(r'\balt="([^"]*)"', tag)
    return alt[1] if alt else ""


def _address_filter(tag: str, attribute: str, value: str) -> str | None:
    """Pictures come over https only: a page must not mix in what others can read on the way."""
    if tag == "img" and attribute == "src" and not value.strip().lower().startswith("https://"):
        return None
    return value


def _shift_headings(html: str) -> str:
    """The HTML with its highest heading as h2: the page's own title is the h1."""
    levels = [int(found[2]) for found in _HEADING.finditer(html)]
    by = 2 - min(levels, default=2)
    return _HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + by, 4)}", html)


def _check_size(text: str) -> None:
    size = len(text.encode(errors="surrogatepass"))
    if size > LIMIT:
        raise FormatError(
            f"the text has {size:,} bytes, show notes may have {LIMIT:,}",
            hint="shorten it, or put the long part on a page of its own and link to it",
        )


def _check_depth(html: str) -> None:
    shallow = set(_SHALLOW.split())
    depth = 0
    for found in _TAG.finditer(html):
        if found[2].lower() in shallow:
            continue
        depth = max(depth - 1, 0) if found[1] else depth + 1
        if depth > DEPTH:
            raise FormatError(f"the HTML has more than {DEPTH} elements in each other")


@functools.cache
def _markdown() -> MarkdownIt:
    known = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    return bare_links(plain_addresses(known))
