"""EBML elements (RFC 8794): read without trusting a single size, and put back into bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from podkit.errors import MediaError

UNKNOWN = -1
"""In place of a size: up to the next element that cannot lie inside (RFC 8794, section 6.2)."""
HEAD = 12
"""Bytes that the longest head takes: an ID of four, a size of eight."""
VOID, CRC = 0xEC, 0xBF
"""Padding and checksums, which may stand anywhere (section 11.3)."""

_ELEMENTS = 50_000
_DEPTH = 12


@dataclass(slots=True)
class Element:
    """One element in memory: a leaf has a body, a master has elements."""

    id: int
    body: bytes = b""
    elements: list[Element] = field(default_factory=list)

    def every(self, *ids: int) -> Iterator[Element]:
        """The direct children with one of these IDs."""
        return (e for e in self.elements if e.id in ids)

    def first(self, wanted: int) -> Element | None:
        """The first direct child with that ID, or None."""
        return next(self.every(wanted), None)

    def drop(self, *ids: int) -> None:
        """Remove the direct children with these IDs."""
        self.elements = [e for e in self.elements if e.id not in ids]

    def text(self, wanted: int) -> str:
        """A child's text, up to the zero that may end it (section 7.4, 7.5); empty without one."""
        child = self.first(wanted)
        return child.body.split(b"\0")[0].decode(errors="replace") if child else ""

    def number(self, wanted: int, default: int = 0) -> int:
        """A child's unsigned integer (section 7.2); the default without one."""
        child = self.first(wanted)
        return int.from_bytes(child.body[:8]) if child and child.body else default

    def inside(self) -> bytes:
        """What stands in it."""
        return self.body + b"".join(e.to_bytes() for e in self.elements)

    def to_bytes(self) -> bytes:
        """The element as it lies in a file."""
        return framed(self.id, self.inside())


def leaf(wanted: int, value: str | int | bytes) -> Element:
    """An element that holds a text, an unsigned integer or bytes."""
    if isinstance(value, str):
        return Element(wanted, value.encode())
    return Element(wanted, value if isinstance(value, bytes) else unsigned(value))


def master(wanted: int, *elements: Element | None) -> Element:
    """An element that holds others."""
    return Element(wanted, elements=[e for e in elements if e is not None])


def head(content: bytes, at: int = 0) -> tuple[int, int, int] | None:
    """ID, size and length of the head that stands at `at`; None when none does, or only a part."""
    kind, used = _number(content, at, keep_mark=True)
    if not 0 < used <= 4:
        return None
    size, more = _number(content, at + used, keep_mark=False)
    if not more:
        return None
    return kind, UNKNOWN if size == (1 << 7 * more) - 1 else size, used + more


def _number(content: bytes, at: int, *, keep_mark: bool) -> tuple[int, int]:
    """A number of variable length (section 4) and how many bytes it takes."""
    if at >= len(content) or not content[at]:
        return 0, 0
    length = 9 - content[at].bit_length()
    if at + length > len(content):
        return 0, 0
    number = int.from_bytes(content[at : at + length])
    return number if keep_mark else number & (1 << 7 * length) - 1, length


def parse(kind: int, body: bytes, masters: Iterable[int]) -> Element:
    """One element from its body; those with an ID of `masters` are taken apart, others are kept.

    Raises:
        MediaError: a child says it is longer than its parent, or there are more of them, or deeper
            ones, than anybody means.
    """
    return _Parser(frozenset(masters)).parse(kind, body, _DEPTH)


class _Parser:
    def __init__(self, masters: frozenset[int]) -> None:
        self._masters = masters
        self._left = _ELEMENTS

    def parse(self, kind: int, body: bytes, depth: int) -> Element:
        if kind not in self._masters:
            return Element(kind, body)
        if not depth:
            raise MediaError(f"its element {kind:X} is nested too deeply")
        found = Element(kind)
        at = 0
        while at < len(body):
            known = head(body, at)
            if known is None:
                raise MediaError(f"its element {kind:X} holds something that is no element")
            child, size, used = known
            end = at + used + size
            if size == UNKNOWN or end > len(body):
                raise MediaError(f"its element {child:X} is longer than the one around it")
            self._left -= 1
            if self._left < 0:
                raise MediaError(f"its element {kind:X} has more than {_ELEMENTS} parts")
            found.elements.append(self.parse(child, body[at + used : end], depth - 1))
            at = end
        return found


def unsigned(value: int, width: int = 0) -> bytes:
    """An unsigned integer in as many bytes as it needs, or in `width`."""
    return value.to_bytes(max(width, (value.bit_length() + 7) // 8, 1))


def sized(size: int, width: int = 0) -> bytes:
    """A size in as few bytes as it needs, or in `width` (section 6)."""
    least = next(n for n in range(1, 9) if size < (1 << 7 * n) - 1)
    count = max(width, least)
    return (1 << 7 * count | size).to_bytes(count)


def framed(kind: int, body: bytes, total: int = 0) -> bytes:
    """An element with its head; made `total` bytes long by a longer size, where that is asked."""
    name = unsigned(kind)
    return name + sized(len(body), total and total - len(name) - len(body)) + body


def void_head(total: int) -> bytes:
    """The head of padding that takes `total` bytes, at least two, with its head."""
    return b"\xec" + (sized(total - 2) if total <= 128 else sized(total - 9, 8))
