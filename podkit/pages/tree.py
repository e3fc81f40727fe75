"""Clean HTML as a small tree, and back: what lets notes be shortened without breaking a tag."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape

VOID = frozenset({"br", "hr", "img"})
"""The elements of show notes that have no end tag."""

# Only what nh3 writes: names in lower case, attributes in double quotes, no comments, and every "<"
# that is no tag escaped.
_PIECES = re.compile(r'<([a-z][a-z0-9]*)((?: [a-z]+="[^"]*")*)>|</([a-z][a-z0-9]*)>|([^<]+)')
_ATTRIBUTES = re.compile(r' ([a-z]+)="([^"]*)"')
_SPACE = re.compile(r"[ \t\n\r\f]+")  # the white space of HTML: a no-break space is none


@dataclass(slots=True, kw_only=True)
class Element:
    """One element with its attributes and what lies in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)


Node = Element | str


def parse(html: str) -> list[Node]:
    """The nodes of HTML that `prose` has cleaned; an end tag without its start tag is passed over."""
    root = Element(tag="")
    open_ones = [root]
    for found in _PIECES.finditer(html):
        start, attributes, end, text = found.groups()
        if text is not None:
            open_ones[-1].children.append(unescape(text))
        elif start is not None:
            held = {name: unescape(value) for name, value in _ATTRIBUTES.findall(attributes)}
            element = Element(tag=start, attributes=held)
            open_ones[-1].children.append(element)
            if start not in VOID:
                open_ones.append(element)
        elif len(open_ones) > 1 and open_ones[-1].tag == end:
            open_ones.pop()
    return root.children


def serialize(nodes: list[Node]) -> str:
    """The nodes as HTML, escaped at least as much as nh3 does it."""
    return "".join(_write(node) for node in nodes)


def start_tag(element: Element) -> str:
    """The element's start tag."""
    attributes = "".join(
        f' {name}="{escape(value, quote=True)}"' for name, value in element.attributes.items()
    )
    return f"<{element.tag}{attributes}>"


def escape(text: str, *, quote: bool = False) -> str:
    """Text as it stands in HTML, or with `quote` in an attribute (HTML standard, 13.3)."""
    escaped = text.replace("&", "&amp;").replace("\u00a0", "&nbsp;")
    escaped = escaped.replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace('"', "&quot;") if quote else escaped


def collapse(text: str) -> str:
    """Text with each run of white space as one space, as a browser shows it."""
    return _SPACE.sub(" ", text)


def text_of(nodes: list[Node]) -> str:
    """The text in the nodes, tags left out."""
    return "".join(n if isinstance(n, str) else text_of(n.children) for n in nodes)


def items(element: Element) -> list[Element]:
    """The items of a list; what lies between them, as browsers show it, is an item too."""
    found: list[Element] = []
    stray: Element | None = None
    for node in element.children:
        if isinstance(node, Element) and node.tag == "li":
            found.append(node)
            stray = None
        elif stray is not None:
            stray.children.append(node)
        elif not isinstance(node, str) or node.strip():
            stray = Element(tag="li", children=[node])
            found.append(stray)
    return found


def _write(node: Node) -> str:
    if isinstance(node, str):
        return escape(node)
    if node.tag in VOID:
        return start_tag(node)
    return f"{start_tag(node)}{serialize(node.children)}</{node.tag}>"
