"""QuickTime's own places for notes in a movie: `udta` text items and `mdta` keys, 3GP's boxes too.

Cameras, editors and ffmpeg put titles there, and readers show them beside or over those of iTunes'
`ilst`; a field that changes is changed in each of these places that holds it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from podkit.tags.mp4_boxes import Box, Span, parse, read_moov, rewrite, spans
from podkit.tags.styles import stored

_ITEMS = {
    b"\xa9nam": "title",
    b"\xa9ART": "artist",
    b"\xa9aut": "artist",
    b"\xa9alb": "album",
    b"\xa9day": "date",
    b"\xa9gen": "genre",
    b"\xa9cmt": "comment",
    b"\xa9des": "description",
    b"\xa9cpy": "copyright",
    b"\xa9pub": "publisher",
    b"\xa9key": "keywords",
    b"\xa9url": "url",
    b"\xa9enc": "encoded_by",
    b"\xa9lyr": "lyrics",
}
"""Items of `udta` (QuickTime File Format, "User Data Atoms")."""

_KEYS = {
    "title": "title",
    "artist": "artist",
    "author": "artist",
    "album": "album",
    "album_artist": "album_artist",
    "year": "date",
    "date": "date",
    "genre": "genre",
    "track": "track",
    "comment": "comment",
    "description": "description",
    "copyright": "copyright",
    "publisher": "publisher",
    "keywords": "keywords",
    "language": "language",
    "lyrics": "lyrics",
    "encoded_by": "encoded_by",
}
"""Keys of `mdta`, with Apple's prefix or, as ffmpeg writes them, without any."""

_3GP = {
    b"titl": "title",
    b"auth": "artist",
    b"perf": "artist",
    b"albm": "album",
    b"gnre": "genre",
    b"dscp": "description",
    b"cprt": "copyright",
    b"kywd": "keywords",
    b"yrrc": "date",
}
"""Boxes of `udta` (3GPP TS 26.244, section 8); a field that changes is removed there."""

_APPLE = "com.apple.quicktime."
_UNDETERMINED = 0x55C4  # "und" packed; a code above 0x3FF says that the text is UTF-8
_OLD_CODES = 0x400  # Macintosh language codes, whose text is Mac Roman
_UTF8, _UTF16 = 1, 2
_NUMBERS = {21: True, 22: False}  # whether signed
_QUIET = frozenset([b"meta", b"chpl"])


@dataclass(frozen=True, slots=True)
class _Note:
    """One text: its field, if podkit knows it, its native key, and the box that holds it."""

    field: str
    key: str
    text: str
    box: Box


class _Meta:
    """A `meta` box that lists its items by `mdta` keys."""

    def __init__(self, box: Box, inside: Box) -> None:
        self._box = box
        self._version = b"" if box.payload[4:8] == b"hdlr" else box.payload[:4]
        self._inside = inside
        self.keys = _keys(inside)
        ilst = inside.find(b"ilst")
        self.ilst = parse(b"udta", ilst.payload) if ilst else Box(b"udta")

    def pack(self) -> None:
        """Put the items back into the box."""
        self._inside.child(b"ilst").payload = self.ilst.to_bytes()[8:]
        self._box.payload = self._version + self._inside.to_bytes()[8:]

    def move(self, old: Box, new: Box) -> None:
        """Put a box of `udta` directly into `moov`, where QuickTime has it without a version."""
        if any(b is self._box for b in old.boxes):
            old.boxes = [b for b in old.boxes if b is not self._box]
            new.boxes.append(self._box)
            self._version = b""

    def name(self, item: Box) -> str:
        """The key of one item, which it names by its number."""
        number = int.from_bytes(item.type)
        return self.keys[number - 1] if 0 < number <= len(self.keys) else str(number)


class MovieNotes:
    """The notes of one movie outside of iTunes' list; nothing reaches the disk before `save`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as stream:
            self.layout: list[Span] = spans(stream)
            self.moov = read_moov(stream, self.layout)
        self._udtas = self.moov.every(b"udta")  # one, if everybody keeps to the standard
        inside = [box for udta in self._udtas for box in udta.every(b"meta")]
        self._metas = [m for m in map(_mdta, [*self.moov.every(b"meta"), *inside]) if m]
        self.shadows_itunes = any(map(_mdta, inside))
        self._changed = False

    def fields(self) -> dict[str, str]:
        """The fields that podkit knows; keys are believed before items."""
        found: dict[str, str] = {}
        for note in self._notes():
            if note.field and note.text:
                found.setdefault(note.field, note.text)
        return found

    def _notes(self) -> Iterator[_Note]:
        for meta in self._metas:
            for item in meta.ilst.boxes:
                key = meta.name(item)
                known = _KEYS.get(key.removeprefix(_APPLE), "")
                yield _Note(known, key, _value(item), item)
        for box in (box for udta in self._udtas for box in udta.boxes):
            if box.type in _3GP:
                yield _Note(_3GP[box.type], box.type.decode(), _text_3gp(box.payload), box)
            elif box.type not in _QUIET:
                text = _text(box.payload) if box.type[:1] == b"\xa9" else _bytes(box.payload)
                key = box.type.decode("latin-1")
                yield _Note(_ITEMS.get(box.type, ""), key, text, box)

    def set_field(self, name: str, value: str) -> None:
        """Change a field where it is there; an empty value removes it."""
        for note in [n for n in self._notes() if n.field == name]:
            self._changed = True
            if not value or note.box.type in _3GP:
                self._drop(note.box)
            elif note.box.type in _ITEMS:
                text = value.encode()[:0xFFFF].decode(errors="ignore").encode()
                note.box.payload = struct.pack(">HH", len(text), _UNDETERMINED) + text
            else:
                data = struct.pack(">II", _UTF8, 0) + value.encode()
                note.box.payload = Box(b"data", data).to_bytes()

    def _drop(self, box: Box) -> None:
        for holder in [*self._udtas, *(m.ilst for m in self._metas)]:
            holder.boxes = [b for b in holder.boxes if b is not box]

    def other(self) -> dict[str, object]:
        """By native key, what podkit does not know."""
        return {
            f"udta {n.key}" if len(n.box.type.strip(b"\0")) == 4 else n.key: n.text
            for n in self._notes()
            if not n.field
        }

    def save(self) -> None:
        """Write what was changed to the file, which is a private copy.

        A list of keys in the place of iTunes' list moves to where QuickTime has it.

        Raises:
            MediaError: it is a fragmented file, whose parts podkit does not move.
        """
        if not self._changed and not self.shadows_itunes:
            return
        for meta in self._metas:
            for udta in self._udtas:
                meta.move(udta, self.moov)
            meta.pack()
        rewrite(self._path, self.layout, self.moov, drop=[], tail=lambda _: b"")
        self._changed = False


def _mdta(box: Box) -> _Meta | None:
    """The box as a list of keys, if it is one (QuickTime File Format, "Metadata Atoms")."""
    body = box.payload
    start = 0 if body[4:8] == b"hdlr" else 4
    inside = parse(b"udta", body[start:])
    handler = inside.find(b"hdlr")
    if handler is None or handler.payload[8:12] != b"mdta":
        return None
    return _Meta(box, inside)


def _keys(inside: Box) -> list[str]:
    box = inside.find(b"keys")
    found: list[str] = []
    at = 8
    while box is not None and len(box.payload) - at >= 8:
        size = int.from_bytes(box.payload[at : at + 4])
        if size < 8:
            break
        found.append(stored(box.payload[at + 8 : at + size].decode(errors="replace")))
        at += size
    return found


def _value(item: Box) -> str:
    """The value of an item of keys, from its `data` box."""
    data = parse(b"udta", item.payload).find(b"data")
    if data is None or len(data.payload) < 8:
        return ""
    kind = int.from_bytes(data.payload[1:4])
    body = data.payload[8:]
    if kind == _UTF8:
        return stored(body.decode(errors="replace"))
    if kind == _UTF16:
        return stored(body.decode("utf-16-be", "replace"))
    if kind in _NUMBERS and len(body) <= 8:
        return str(int.from_bytes(body, signed=_NUMBERS[kind]))
    return _bytes(body)


def _text(body: bytes) -> str:
    """The first text of an item of `udta`; some writers put iTunes' `data` box there."""
    if body[4:8] == b"data":
        return stored(body[16:].decode(errors="replace"))
    if len(body) < 4:
        return ""
    size, language = struct.unpack_from(">HH", body)
    text = body[4 : 4 + size]
    if text[:2] in {b"\xfe\xff", b"\xff\xfe"}:
        return stored(text.decode("utf-16", "replace"))
    try:
        return stored(text.decode())
    except UnicodeDecodeError:
        old = "mac-roman" if language < _OLD_CODES else "latin-1"
        return stored(text.decode(old, "replace"))


def _text_3gp(body: bytes) -> str:
    """A text behind a version and a language; the year is two bytes behind the version."""
    if len(body) == 6:
        return str(int.from_bytes(body[4:]))
    text = body[6:]
    encoding = "utf-16" if text[:2] in {b"\xfe\xff", b"\xff\xfe"} else "utf-8"
    return stored(text.decode(encoding, "replace").split("\0")[0])


def _bytes(body: bytes) -> str:
    return f"({len(body)} bytes)"
