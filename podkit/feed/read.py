"""From a feed's bytes to its spec: strict about what is safe, tolerant about everything else.

Of a tag that may stand once, the first that can be read counts and the others are dropped; what is
unknown, and repeated tags that cannot be read, are kept as XML.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any

from lxml import etree

from podkit.errors import FormatError
from podkit.feed.atom import as_rss, is_atom
from podkit.feed.parsing import keep, parse
from podkit.feed.table import TAGS
from podkit.feed.tag import CHANNEL, ITEM, Tag, inner_text
from podkit.feed.values import INTEGER, LINE, MOMENT, TEXT
from podkit.model.document import ATOM, CONTENT, ITUNES, PODCAST, XML_BASE
from podkit.model.feedspec import Enclosure, FeedSpec, Item
from podkit.model.text import MEDIA_SCHEMES, is_safe_url

UNKNOWN = 1000
"""Elements without a record that one channel or item may have; each is kept word for word."""

_BY_NAME = {(place, tag.namespace, tag.name): tag for tag in TAGS for place in tag.parents}
_CORE = {
    CHANNEL: frozenset(
        [
            "title",
            "link",
            "description",
            "language",
            "copyright",
            "generator",
            "image",
            "item",
            "lastBuildDate",
        ]
    ),
    ITEM: frozenset(["title", "link", "description", "guid", "pubDate", "enclosure"]),
}
_REPEATED = frozenset(
    (place, field.name)
    for place, record in ((CHANNEL, FeedSpec), (ITEM, Item))
    for field in dataclasses.fields(record)
    if isinstance(field.default, tuple)
)
_SPELLINGS = {
    "www.itunes.com/dtds/podcast-1.0.dtd": ITUNES,
    "podcastindex.org/namespace/1.0": PODCAST,
    "github.com/podcastindex-org/podcast-namespace/blob/main/docs/1.0.md": PODCAST,
    "purl.org/rss/1.0/modules/content": CONTENT,
    "www.w3.org/2005/atom": ATOM,
}


def from_xml(content: bytes, *, recover: bool = False) -> FeedSpec:
    """The feed as a spec; `from_xml(to_xml(spec)) == spec` for text that passed the text gate.

    Addresses are taken as they stand, safe or not; the writer refuses unsafe ones. With `recover`
    what can be read of a malformed feed is taken. An Atom feed is read as the RSS that says the same.

    Raises:
        FormatError: it is not well-formed XML, has a DOCTYPE, is too big, or is neither RSS nor Atom.
    """
    root = parse(content, recover=recover)
    if is_atom(root):
        root = as_rss(root)
    own = etree.QName(root).namespace
    channel = next((c for c in root.iterchildren("*") if _name(c, own) == ("", "channel")), None)
    if etree.QName(root).localname != "rss" or channel is None:
        raise FormatError("it is not an RSS feed: there is no <channel> in an <rss> element")
    place = _Place(channel, CHANNEL, own)
    items = tuple(_item(_Place(element, ITEM, own)) for element in place.core.get("item", ()))
    image = place.tags.get("image") or place.inside("image", "url")
    return FeedSpec(
        **{
            **place.tags,
            "title": place.line("title") or place.line(f"{{{ITUNES}}}title"),
            "link": place.line("link"),
            "base": _base(root) or _base(channel),
            "self_url": place.self_url,
            "description": place.text("description"),
            "language": place.line("language"),
            "copyright": place.line("copyright"),
            "generator": place.line("generator"),
            "built": place.moment("lastBuildDate"),
            "image": image,
            "items": items,
            "extra": tuple(place.extra),
        }
    )


def _base(element: etree._Element) -> str:
    """What relative addresses in it are read against; one that is not on the web is none."""
    base = LINE.parse(element.get(XML_BASE, ""))
    return base if is_safe_url(base, MEDIA_SCHEMES) else ""


def _item(place: _Place) -> Item:
    guid, permalink = place.guid()
    return Item(
        **{
            **place.tags,
            "title": place.line("title") or place.line(f"{{{ITUNES}}}title"),
            "guid": guid,
            "guid_permalink": permalink,
            "link": place.line("link"),
            "published": place.moment("pubDate"),
            "description": place.text("description"),
            "content": place.text("encoded"),
            "enclosure": place.enclosure(),
            "extra": tuple(place.extra),
            "unread": tuple(place.unread),
        }
    )


class _Place:
    """A channel or an item, its children sorted into RSS's own, tags with a record, and the rest."""

    def __init__(self, element: etree._Element, place: str, own: str | None) -> None:
        self.element = element
        self.place = place
        self.self_url = ""
        self.core: dict[str, list[etree._Element]] = {}
        self.extra: list[str] = []
        self.unread: list[tuple[str, str]] = []
        self._values: dict[Tag, list[Any]] = {}
        for child in element.iterchildren("*"):
            self._sort(child, *_name(child, own))
            if len(self.extra) > UNKNOWN:
                raise FormatError(
                    f"more than {UNKNOWN} unknown elements in one {place} are no feed"
                )
        self.tags = self._fields()

    def _sort(self, child: etree._Element, namespace: str, name: str) -> None:
        tag = _BY_NAME.get((self.place, namespace, name))
        if (self.place, namespace, name, child.get("rel")) == (CHANNEL, ATOM, "link", "self"):
            self.self_url = self.self_url or LINE.parse(child.get("href", ""))
        elif tag is not None:
            self._read(tag, child)
        elif (not namespace and name in _CORE[self.place]) or (
            self.place == ITEM and (namespace, name) == (CONTENT, "encoded")
        ):
            self._take(child, name)
        else:
            self.extra.append(keep(child))

    def _take(self, child: etree._Element, name: str) -> None:
        """Put aside one of RSS's own; an enclosure without an address is none."""
        if name == "enclosure" and not LINE.parse(child.get("url", "")):
            return
        same = self.core.setdefault(name, [])
        if name == "enclosure" and same:
            self.extra.append(keep(child))
        else:
            same.append(child)

    def _read(self, tag: Tag, child: etree._Element) -> None:
        try:
            values = tag.read(child)
        except (ValueError, OverflowError):
            if tag.many:
                self.extra.append(keep(child))
            elif (text := LINE.parse(inner_text(child))) or child.attrib:
                self.unread.append((tag.field, text))
            return
        self._values.setdefault(tag, []).extend(values)

    def _fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for tag in TAGS:
            values = self._values.get(tag, [])
            if not tag.many:
                values = values[:1]
            if (self.place, tag.field) in _REPEATED:
                there = fields.get(tag.field, ())
                fields[tag.field] = there + tuple(v for v in values if v not in there)
            elif values:
                fields.setdefault(tag.field, values[0])
        return fields

    def _first(self, name: str, parse_one: Callable[[str], Any], otherwise: Any) -> Any:
        """The first element of that name that says something."""
        for element in self.core.get(name, ()):
            try:
                value = parse_one(inner_text(element))
            except (ValueError, TypeError, OverflowError):
                continue
            if value:
                return value
        return otherwise

    def line(self, name: str) -> str:
        """One line of text; a name with a namespace is looked for among the other elements."""
        if name.startswith("{"):
            return LINE.parse(self.element.findtext(name, ""))  # type: ignore[no-any-return]
        return self._first(name, LINE.parse, "")  # type: ignore[no-any-return]

    def text(self, name: str) -> str:
        """Prose, with its line breaks and markup."""
        return self._first(name, TEXT.parse, "")  # type: ignore[no-any-return]

    def moment(self, name: str) -> datetime | None:
        """A date, if it is one."""
        found = self._first(name, MOMENT.parse, None)
        if found is None and (text := self.line(name)):
            self.unread.append((name, text))
        return found  # type: ignore[no-any-return]

    def inside(self, name: str, child: str) -> str:
        """The text of a child's child."""
        for element in self.core.get(name, ()):
            for inner in element.iterchildren("{*}" + child):
                return LINE.parse(inner_text(inner))  # type: ignore[no-any-return]
        return ""

    def guid(self) -> tuple[str, bool]:
        """The GUID and whether it is a permalink, which RSS assumes when nothing is said."""
        for element in self.core.get("guid", ()):
            guid = LINE.parse(inner_text(element))
            said = element.get("isPermaLink", "").strip().lower()
            return guid, said == "true" or (not said and is_safe_url(guid, MEDIA_SCHEMES))
        return "", False

    def enclosure(self) -> Enclosure | None:
        """The enclosure; a length that is missing or absurd is 0, which means unknown."""
        for element in self.core.get("enclosure", ()):
            url = LINE.parse(element.get("url", ""))
            try:
                length = max(INTEGER.parse(element.get("length", "")), 0)
            except (ValueError, OverflowError):
                length = 0
            return Enclosure(url=url, length=length, type=LINE.parse(element.get("type", "")))
        return None


def _name(element: etree._Element, own: str | None) -> tuple[str, str]:
    """Namespace and local name; RSS's own namespace is empty, old spellings are the right ones."""
    name = etree.QName(element)
    if name.namespace is None or name.namespace == own:
        return "", name.localname
    bare = name.namespace.lower().partition("://")[2].rstrip("/")
    return _SPELLINGS.get(bare, name.namespace), name.localname
