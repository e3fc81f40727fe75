"""A feed file as lint sees it: elements with namespace, text, line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ATOM = "http://www.w3.org/2005/Atom"
PODCAST = "https://podcastindex.org/namespace/1.0"
PSC = "http://podlove.org/simple-chapters"
MEDIA = "http://search.yahoo.com/mrss/"
SPOTIFY = "http://www.spotify.com/ns/rss"

XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
PREFIXES = {
    "itunes": ITUNES,
    "content": CONTENT,
    "atom": ATOM,
    "podcast": PODCAST,
    "psc": PSC,
    "media": MEDIA,
    "spotify": SPOTIFY,
}


@dataclass(slots=True, kw_only=True)
class Element:
    """One element; `text` is all the character data directly in it, `raw` true when some was CDATA.

    Attribute keys are plain names, or `{namespace}name`.
    """

    namespace: str
    name: str
    attributes: Mapping[str, str]
    line: int
    column: int
    text: str = ""
    raw: bool = False
    children: list[Element] = field(default_factory=list)

    def find(self, name: str, namespace: str = "") -> Element | None:
        """The first child of that name."""
        return next(self.all(name, namespace), None)

    def all(self, name: str, namespace: str = "") -> Iterator[Element]:
        """Every child of that name, in order."""
        return (c for c in self.children if c.name == name and c.namespace == namespace)

    def value(self, name: str, namespace: str = "") -> str:
        """The trimmed text of the first child of that name, or an empty string."""
        child = self.find(name, namespace)
        return "" if child is None else child.text.strip()

    def walk(self) -> Iterator[Element]:
        """This element and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(slots=True, kw_only=True)
class Fault:
    """Why a document could not be read whole, and where it stopped."""

    message: str
    line: int = 1
    column: int = 1
    doctype: bool = False


@dataclass(slots=True, kw_only=True)
class Document:
    """A feed file: its elements, the namespaces it declares, and what its first bytes say."""

    root: Element | None
    namespaces: Mapping[str, str] = field(default_factory=dict)
    """Prefix → URI as declared, in the order of declaration."""
    declared_encoding: str | None = None
    bytes: int = 0
    fault: Fault | None = None

    @property
    def channel(self) -> Element | None:
        """The one channel, or None."""
        return None if self.root is None else self.root.find("channel")

    @property
    def items(self) -> list[Element]:
        """The channel's items, in order."""
        channel = self.channel
        return [] if channel is None else list(channel.all("item"))
