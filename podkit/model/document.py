"""A feed file as lint sees it: elements with namespace, text, line and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TypeAlias

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


Utf8: TypeAlias = bytes
"""Text in UTF-8, where a field is called `bytes`."""

_BLOCK = 4096
_CONTINUING = bytes(range(0x80, 0xC0))


class Places:
    """Where bytes of a text in UTF-8 stand: lines and columns from 1, columns in characters.

    Few elements are ever asked for theirs, so nothing is counted before one is, and then only how
    much each block of bytes holds: a large feed has half a million lines. A line ends with a line
    feed, a carriage return, or both (XML 1.0, section 2.11).
    """

    def __init__(self, text: bytes) -> None:
        self._text = text

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column of the byte behind `offset` others."""
        block = offset // _BLOCK
        first = block * _BLOCK
        before, start = self._blocks[block]
        line = before + self._lined.count(b"\n", first, offset)
        start = max(start, self._lined.rfind(b"\n", first, offset) + 1)
        return line + 1, self._between(start, offset) + 1

    @cached_property
    def _lined(self) -> bytes:
        """The text with one line feed, as its last byte, for each end of a line."""
        if b"\r" not in self._text:
            return self._text
        return self._text.replace(b"\r\n", b" \n").replace(b"\r", b"\n")

    @cached_property
    def _blocks(self) -> list[tuple[int, int]]:
        """For each block of bytes how many lines end before it, and where the line begins that is open."""
        text, found, lines, start = self._lined, [], 0, 0
        for at in range(0, len(text) + 1, _BLOCK):
            found.append((lines, start))
            if ends := text.count(b"\n", at, at + _BLOCK):
                lines += ends
                start = text.rfind(b"\n", at, at + _BLOCK) + 1
        return found

    @cached_property
    def _before(self) -> list[int]:
        """How many characters come before each block of bytes, for texts with endless lines."""
        blocks = range(0, len(self._text), _BLOCK)
        return list(accumulate((self._counted(at, at + _BLOCK) for at in blocks), initial=0))

    def _between(self, start: int, end: int) -> int:
        """How many characters lie there."""
        if end - start <= _BLOCK:
            return self._counted(start, end)
        return self._characters(end) - self._characters(start)

    def _characters(self, offset: int) -> int:
        block = offset // _BLOCK
        return self._before[block] + self._counted(block * _BLOCK, offset)

    def _counted(self, start: int, end: int) -> int:
        return len(self._text[start:end].translate(None, _CONTINUING))


@dataclass(slots=True, eq=False)
class Element:
    """One element; `text` is all the character data directly in it, `raw` true when some was CDATA.

    `key` is its namespace and name in one; attribute keys are plain names, or `{namespace}name`.
    `offset` is how many bytes stand before it in the text whose `places` know lines and columns.
    """

    key: tuple[str, str]
    namespace: str
    name: str
    attributes: Mapping[str, str]
    offset: int
    places: Places = field(repr=False)
    text: str = ""
    raw: bool = False
    children: Sequence[Element] = ()

    @property
    def line(self) -> int:
        """Its line in the file, from 1."""
        return self.places.of(self.offset)[0]

    @property
    def column(self) -> int:
        """Its column in that line, in characters from 1."""
        return self.places.of(self.offset)[1]

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
    text: Utf8 = field(default=b"", repr=False)
    """All of it in UTF-8, for what can be found faster there than in the elements."""
    by_name: Mapping[tuple[str, str], Sequence[Element]] = field(default_factory=dict, repr=False)
    """Every element by namespace and name; each name in document order."""

    @property
    def channel(self) -> Element | None:
        """The one channel, or None."""
        return None if self.root is None else self.root.find("channel")

    @property
    def items(self) -> list[Element]:
        """The channel's items, in order."""
        channel = self.channel
        return [] if channel is None else list(channel.all("item"))
