"""The one way from bytes or text to lxml elements: no DOCTYPE, no entities, no network, limits."""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Iterator

from lxml import etree

from podkit.errors import FormatError
from podkit.feed import bounds
from podkit.feed.bounds import MAX_ATTRIBUTES, MAX_BYTES
from podkit.feed.charset import as_utf8
from podkit.model.document import PREFIXES
from podkit.model.text import clean

_DECLARATION = re.compile(r'\sxmlns:([A-Za-z_][\w.-]*)="([^"&<\s]+)"', re.ASCII)
UNDECLARED = "urn:undeclared:"
"""Before a prefix that nothing declares and nobody knows: its namespace."""


def parse(content: bytes, *, recover: bool = False) -> etree._Element:
    """The root element of an XML document; with `recover`, of what can be read of a malformed one.

    Raises:
        FormatError: it is malformed, has a DOCTYPE, or is too big or too deep.
    """
    if len(content) > MAX_BYTES:
        raise FormatError(f"{len(content)} bytes are more than a feed may have ({MAX_BYTES})")
    text = as_utf8(content).lstrip()
    bounds.check(text)
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        recover=recover,
    )
    try:
        root = etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        said = str(error).replace("\n", "")  # some of what libxml2 says ends with a new line
        raise FormatError(f"malformed XML: {said}") from error
    if root is None:  # nothing at all could be recovered
        raise FormatError("malformed XML: there is no element in it")
    if root.getroottree().docinfo.internalDTD is not None:
        raise FormatError("it has a DOCTYPE, which no feed needs and podkit does not read")
    if recover:
        _settle_names(root)
    return root


def _settle_names(root: etree._Element) -> None:
    """Give what has a prefix that nothing declares a namespace: no other part of lxml takes a `:`."""
    for node in root.iter("*"):
        if ":" in node.tag.rpartition("}")[2]:
            node.tag = _settled(node.tag)
        for name in [one for one in node.attrib if ":" in str(one).rpartition("}")[2]]:
            value = node.attrib.pop(name)
            node.set(_settled(str(name)), value)


def _settled(name: str) -> str:
    bare = name.rpartition("}")[2]
    prefix, _, local = bare.partition(":")
    try:
        known = PREFIXES.get(prefix, UNDECLARED + prefix)
        return str(etree.QName(known, local.replace(":", "_")))
    except ValueError:  # such as `a:1`, which is no name in a namespace
        return bare.replace(":", "_")


def each_item(content: bytes) -> Iterator[etree._Element]:
    """The items of a feed that podkit wrote, one after the other: none is held for longer.

    Raises:
        FormatError: it cannot be read.
    """
    bounds.check(content)
    events = etree.iterparse(
        io.BytesIO(content), events=("end",), tag="item", resolve_entities=False, no_network=True,
        load_dtd=False, huge_tree=False,
    )  # fmt: skip
    try:
        for _, element in events:
            channel = element.getparent()
            if channel is None or channel.tag != "channel":
                continue
            yield element
            element.clear()
            while channel[0] is not element:
                del channel[0]
    except etree.XMLSyntaxError as error:
        raise FormatError(f"malformed XML: {error}") from error


def keep(element: etree._Element) -> str:
    """An element as text that stands on its own, in podkit's prefixes, without indentation."""
    holder = etree.Element("holder", nsmap=dict(PREFIXES))
    held = copy.deepcopy(element)
    holder.append(held)
    held.tail = None
    for node in held.iter():
        _tidy(node)
    return etree.tostring(copy.deepcopy(held), encoding="unicode")


def _tidy(node: etree._Element) -> None:
    node.text = clean(node.text) if node.text else None
    for child in node:
        child.tail = clean(child.tail) if child.tail else None
    gaps = [node.text, *(child.tail for child in node)]
    if len(node) and not any(gap and gap.strip() for gap in gaps):
        node.text = None
        for child in node:
            child.tail = None
    if len(node.attrib) > MAX_ATTRIBUTES:  # setting one takes the longer the more there are
        raise FormatError(f"more than {MAX_ATTRIBUTES} attributes of one element are no feed")
    for name, value in node.attrib.items():
        if (cleaned := clean(str(value))) != value:
            node.set(name, cleaned)


def unkeep(text: str) -> etree._Element:
    """The element from such text; the usual prefixes need not be declared in it.

    Raises:
        FormatError: it is not one well-formed element.
    """
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in PREFIXES.items())
    holder = parse(f"<holder {declared}>{text}</holder>".encode(errors="replace"))
    if len(holder) != 1 or (holder.text or "").strip() or (holder[0].tail or "").strip():
        raise FormatError(f"{text[:80]!r} is not one XML element")
    element = holder[0]
    element.tail = None
    for node in element.iter():
        _tidy(node)
    return element


def declared(text: str) -> list[tuple[str, str]]:
    """Prefix and namespace of every declaration in such text, so that the root can make them all."""
    return [pair for pair in _DECLARATION.findall(text) if not pair[0].lower().startswith("xml")]
