"""What other people's HTML has and show notes have no element for: it becomes what they have."""

from __future__ import annotations

import functools
import re
from collections import Counter
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

import nh3

from podkit.model.text import LINK_SCHEMES, display, is_safe_url
from podkit.pages.prose import ATTRIBUTES, TAGS, bounded
from podkit.pages.tree import escape

_PARAGRAPHS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "header",
        "hgroup",
        "legend",
        "main",
        "nav",
        "section",
        "summary",
    ]
)
_EMBEDDED: Final = frozenset({"audio", "embed", "iframe", "source", "video"})
# What seen feeds link to besides pages; an unknown scheme may run something and is no loss to tell.
_SCHEMES: Final = frozenset(
    [
        "bitcoin",
        "feed",
        "ftp",
        "geo",
        "http",
        "https",
        "itms",
        "itms-apps",
        "itpc",
        "lightning",
        "magnet",
        "mailto",
        "pcast",
        "podcast",
        "skype",
        "sms",
        "spotify",
        "tel",
        "tg",
        "viber",
        "whatsapp",
    ]
)
_DROPPED: Final = frozenset(
    [
        "applet",
        "button",
        "canvas",
        "form",
        "frame",
        "frameset",
        "head",
        "input",
        "link",
        "math",
        "meta",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "option",
        "plaintext",
        "script",
        "select",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
        "xmp",
    ]
)
# As nh3 writes them: names in lower case, each attribute in double quotes.
_PIECE: Final = re.compile(r'<(/?)([a-z][a-z0-9]*)((?: [a-z]+="[^"]*")*)>')
_FRAME: Final = re.compile(r'(<iframe(?: [a-z]+="[^"]*")*>).*?</iframe>', re.DOTALL)
_VALUE: Final = re.compile(r' ([a-z]+)="([^"]*)"')


def familiar(html: str, base: str = "") -> tuple[str, tuple[str, ...]]:
    """HTML with only what show notes have an element for, and what had to change for that.

    Sections and terms become paragraphs, what is embedded becomes a link to it, so does a picture
    that is not sent over https; addresses that were relative are those that `base` makes of them.

    Args:
        html: of unknown origin; what comes out is no cleaner.
        base: the address of the page that the HTML stood on; empty when there is none.

    Raises:
        FormatError: it is longer than a megabyte, or has hundreds of elements in each other.
    """
    pieces = _Pieces(base)
    regular = _FRAME.sub(r"\1</iframe>", _cleaner().clean(bounded(html)))
    made = _PIECE.sub(pieces.replace, regular)
    return made, tuple(pieces.told())


@functools.cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(TAGS | _PARAGRAPHS | _EMBEDDED | {"h1", "h5", "h6"}),
        attributes={
            "*": set(),
            **{tag: set(names) for tag, names in ATTRIBUTES.items()},
            **{tag: {"src", "title"} for tag in _EMBEDDED},
        },
        clean_content_tags=set(_DROPPED),
        url_schemes=set(_SCHEMES),
        link_rel=None,
    )


class _Pieces:
    """The tags of one text, one after the other."""

    def __init__(self, base: str) -> None:
        self._base = base if is_safe_url(base, LINK_SCHEMES) else ""
        self._inside = False
        self._embedded = 0
        self._pictures = 0
        self._dead: Counter[str] = Counter()

    def told(self) -> list[str]:
        """What changed, in words."""
        dead = ", ".join(display(one) for one in list(self._dead)[:3])
        more = f" and {len(self._dead) - 3} more" if len(self._dead) > 3 else ""
        said = (
            (self._embedded, "what was embedded is a link now"),
            (self._pictures, "pictures that do not come over https are links now"),
            (len(self._dead), f"links to {dead}{more} are text now"),
        )
        return [text for count, text in said if count]

    def replace(self, found: re.Match[str]) -> str:
        """What stands in the place of a tag."""
        end, tag, attributes = found.groups()
        if tag in _PARAGRAPHS:
            return f"<{end}p>"
        if tag in _EMBEDDED:
            return "" if end else self._embed(_values(attributes))
        if tag == "img":
            return self._picture(found[0], _values(attributes))
        if tag == "a":
            return self._anchor(found[0], end, _values(attributes))
        return found[0]

    def _anchor(self, as_it_is: str, end: str, values: dict[str, str]) -> str:
        address = self._absolute(values.get("href", ""))
        self._inside = not end and bool(address)
        if end or not address:
            return as_it_is
        if not is_safe_url(address, LINK_SCHEMES):
            self._dead[address] += 1
            self._inside = False
            return "<a>"
        return _link({**values, "href": address})

    def _embed(self, values: dict[str, str]) -> str:
        address = self._absolute(values.get("src", ""))
        if not is_safe_url(address, LINK_SCHEMES):
            return ""
        self._embedded += 1
        shown = escape(values.get("title", "").strip() or address)
        return f"<p>{_link({'href': address})}{shown}</a></p>"

    def _picture(self, as_it_is: str, values: dict[str, str]) -> str:
        address = self._absolute(values.get("src", ""))
        if not is_safe_url(address, LINK_SCHEMES):
            return as_it_is
        if urlsplit(address).scheme.lower() == "https":
            rest = "".join(
                f' {k}="{escape(v, quote=True)}"' for k, v in values.items() if k != "src"
            )
            return f'<img src="{escape(address, quote=True)}"{rest}>'
        self._pictures += 1
        shown = escape(values.get("alt", "").strip() or address)
        return shown if self._inside else f"{_link({'href': address})}{shown}</a>"

    def _absolute(self, address: str) -> str:
        """The address as the world sees it; a browser too reads `//host/x` as one."""
        bare = "".join(address.split("\n")).strip().replace(" ", "%20")
        if not bare or not self._base:
            return f"https:{bare}" if bare.startswith("//") else bare
        try:
            return urljoin(self._base, bare)
        except ValueError:
            return bare


def _values(attributes: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _VALUE.findall(attributes)}


def _link(values: dict[str, str]) -> str:
    return "<a" + "".join(f' {k}="{escape(v, quote=True)}"' for k, v in values.items()) + ">"
