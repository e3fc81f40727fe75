"""Atom feeds (RFC 4287) turned into the RSS that says the same, so that one reader reads both."""

from __future__ import annotations

import copy
import html
import re

from lxml import etree

from podkit.model.document import ATOM, CONTENT, ITUNES, XML_BASE

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MARKUP = re.compile(r"<[^>]*>")
_LINES = {"rights": "copyright", "updated": "lastBuildDate", "generator": "generator"}


def is_atom(root: etree._Element) -> bool:
    """Whether it is the root of an Atom feed."""
    return etree.QName(root).localname == "feed" and etree.QName(root).namespace == ATOM


def as_rss(root: etree._Element) -> etree._Element:
    """The feed as an `rss` element; what is of other namespaces stays as it is.

    An entry's `id` is a GUID that is no permalink, its moment `published`, else `updated`.
    """
    rss = etree.Element("rss", version="2.0")
    channel = etree.SubElement(rss, "channel")
    if base := root.get(XML_BASE, ""):
        rss.set(XML_BASE, base)
    if language := root.get(_XML_LANG, ""):
        _put(channel, "language", language)
    for child in root.iterchildren("*"):
        name = _own_name(child)
        if name in _LINES:
            _put(channel, _LINES[name], _plain(child))
        elif name == "subtitle":
            _put(channel, "description", _plain(child))
        elif name in {"logo", "icon"}:
            if channel.find("image") is None or name == "logo":
                _image(channel, _plain(child))
        elif name == "entry":
            channel.append(_item(child))
        else:
            _shared(channel, child, name)
    return rss


def _item(entry: etree._Element) -> etree._Element:
    item = etree.Element("item")
    moment = "updated" if entry.find(f"{{{ATOM}}}published") is None else "published"
    for child in entry.iterchildren("*"):
        name = _own_name(child)
        if name == "id":
            _put(item, "guid", _plain(child)).set("isPermaLink", "false")
        elif name == moment:
            _put(item, "pubDate", _plain(child))
        elif name == "summary":
            _put(item, "description", _prose(child))
        elif name == "content" and not child.get("src"):
            _put(item, f"{{{CONTENT}}}encoded", _prose(child))
        elif name == "link" and child.get("rel") == "enclosure":
            enclosure = etree.SubElement(item, "enclosure", url=child.get("href", ""))
            enclosure.set("length", child.get("length", ""))
            enclosure.set("type", child.get("type", ""))
        elif name not in {"published", "updated", "content"}:
            _shared(item, child, name)
    return item


def _shared(place: etree._Element, child: etree._Element, name: str) -> None:
    """What means the same in a feed and in an entry."""
    if name == "title":
        _put(place, "title", _plain(child))
    elif name == "author":
        _put(place, f"{{{ITUNES}}}author", child.findtext(f"{{{ATOM}}}name", ""))
    elif name == "link" and child.get("rel", "alternate") == "alternate":
        _put(place, "link", child.get("href", ""))
    elif name != "id":
        place.append(copy.deepcopy(child))


def _own_name(element: etree._Element) -> str:
    """The local name of one of Atom's own; empty for others."""
    name = etree.QName(element)
    return name.localname if name.namespace == ATOM else ""


def _put(place: etree._Element, name: str, text: str) -> etree._Element:
    child = etree.SubElement(place, name)
    child.text = text.strip()
    return child


def _image(channel: etree._Element, url: str) -> None:
    image = channel.find("image")
    if image is not None:
        channel.remove(image)
    _put(etree.SubElement(channel, "image"), "url", url)


def _plain(element: etree._Element) -> str:
    """A text construct (RFC 4287, section 3.1) as plain text."""
    text = "".join(map(str, element.itertext()))
    if element.get("type", "text") in {"html", "text/html"}:
        return html.unescape(_MARKUP.sub("", text))
    return text


def _prose(element: etree._Element) -> str:
    """A text construct, or content in line (section 4.1.3), as HTML."""
    kind = element.get("type", "text")
    if kind in {"html", "text/html"}:
        return "".join(map(str, element.itertext()))
    if kind == "xhtml":
        held = copy.deepcopy(element)
        for node in held.iter("*"):
            node.tag = etree.QName(node).localname
        etree.cleanup_namespaces(held)
        inner = held[0] if len(held) == 1 else held  # the div is no part of the content
        parts = [html.escape(inner.text or "", quote=False)]
        return "".join([*parts, *(etree.tostring(node, encoding="unicode") for node in inner)])
    return html.escape("".join(map(str, element.itertext())), quote=False)
