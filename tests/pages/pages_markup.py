"""What an independent HTML5 parser makes of podkit's HTML."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib


def _words(text: str) -> list[str]:
    return text.split()


XHTML = "{http://www.w3.org/1999/xhtml}"
ADDRESSES = frozenset(
    _words("action background cite data formaction href longdesc poster src srcset xlink:href")
)
SCHEMES = frozenset({"", "http", "https", "mailto"})
ACTIVE = frozenset(
    _words(
        "applet base button embed form frame frameset iframe input link math meta noscript object "
        "script style svg template textarea"
    )
)


def fragment(html: str, *, strict: bool = False) -> Element:
    """The tree of a fragment; with `strict`, any parse error is an exception."""
    return html5lib.HTMLParser(strict=strict).parseFragment(html)


def document(html: str) -> Element:
    """The tree of a whole page; any parse error is an exception."""
    return html5lib.HTMLParser(strict=True).parse(html)


def names(tree: Element) -> set[str]:
    """The names of all elements; those of other namespaces with their namespace."""
    return {str(e.tag).removeprefix(XHTML) for e in tree.iter()} - {"DOCUMENT_FRAGMENT"}


def addresses(html: str) -> list[str]:
    """Every address in a page, in order."""
    tree = document(html)
    return [e.attrib[a] for e in tree.iter() for a in ("href", "src", "poster") if a in e.attrib]


def active(tree: Element) -> list[str]:
    """Everything in a fragment that runs, loads a document, or leads to where code is."""
    found = []
    for element in tree.iter():
        name = str(element.tag)
        if name == "DOCUMENT_FRAGMENT":
            continue
        if not name.startswith(XHTML) or name.removeprefix(XHTML) in ACTIVE:
            found.append(name)
        for attribute, value in element.attrib.items():
            bare = attribute.rpartition("}")[2].lower()
            if bare.startswith("on") or bare in {"style", "srcdoc", "id", "name"}:
                found.append(f"{name}@{bare}")
            squeezed = "".join(c for c in value if c > " ")
            if bare in ADDRESSES and _scheme(squeezed) not in SCHEMES:
                found.append(f"{name}@{bare}={value}")
    return found


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return "unparsable"


def text(tree: Element) -> str:
    """All the text of a tree."""
    return "".join(tree.itertext())
