"""Matroska's tags: which name and level holds a field, and what is done to those of others.

A tag speaks of a level: 50 is the file, 70 the show, 60 the season, 30 a track (Matroska tag
specification, "Target Types"). Few readers know levels: ffmpeg takes a number at level 50 for a
track's unless the level has a name, mediainfo a show's title for the file's. So the show's tags
have the names that players know at level 50, and levels are left to numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from podkit.tags import ebml
from podkit.tags import matroska_ids as ids
from podkit.tags.ebml import Element
from podkit.tags.fields import TABLE, Field, Kind, join_credits, parse_credits
from podkit.tags.styles import shown, stored

LEVELS = {"": 50, "EPISODE": 50, "COLLECTION": 70, "SEASON": 60, "TRACK": 30}
_SPOKEN = frozenset(["EPISODE", "SEASON"])
_OF_TRACKS = frozenset(["DURATION", "BPS", "NUMBER_OF_FRAMES", "NUMBER_OF_BYTES"])
_PLAIN_NUMBER = re.compile(r"[0-9][0-9:.]{0,30}")
_TOTAL = "TOTAL_PARTS"

NAMES = {
    "album_artist": "ALBUM_ARTIST",
    "date": "DATE_RELEASED",
    "track": "TRACK:PART_NUMBER",
    "long_description": "SYNOPSIS",
    "season": "SEASON:PART_NUMBER",
    "episode": "EPISODE:PART_NUMBER",
}
"""The name that a field is written to; where none stands here, the one of Vorbis comments."""

_SONG = {
    "title": "TRACK:TITLE",
    "artist": "TRACK:ARTIST",
    "album": "TITLE",
    "album_artist": "ARTIST",
}
"""The same in a file with a track's title, as the specification wants it of music."""

_ALSO: dict[str, tuple[str, ...]] = {
    "album": ("COLLECTION:TITLE",),
    "album_artist": ("ALBUMARTIST", "COLLECTION:ARTIST"),
    "date": ("DATE", "DATE_RECORDED", "YEAR"),
    "track": ("PART_NUMBER", "TRACK", "TRACKNUMBER"),
    "long_description": ("LONG_DESCRIPTION",),
    "podcast_url": ("PODCAST_URL",),
    "podcast_id": ("PODCAST_ID",),
    "encoded_by": ("ENCODED-BY",),
}
"""Names that others write; they are read after ours, and gone once a field is set."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A tag's level by its name in `LEVELS`, and its own name."""

    level: str
    name: str

    @classmethod
    def of(cls, words: str) -> _Key:
        level, _, name = words.rpartition(":")
        return cls(level, name)


class TagTree:
    """The part of a file that holds its tags."""

    def __init__(self, parts: list[Element]) -> None:
        self.tags = [tag for part in parts for tag in part.every(ids.TAG)]
        self.is_song = any(self._matching(_Key("TRACK", "TITLE")))

    def _keys(self, field: Field) -> list[_Key]:
        """Where a field may stand, first where it is written."""
        names = NAMES | (_SONG if self.is_song else {})
        words = (names.get(field.name, field.vorbis), *_ALSO.get(field.name, ()))
        return list(map(_Key.of, words))

    def field(self, field: Field) -> str:
        """A field's value as podkit writes it; empty when there is none."""
        for key in self._keys(field):
            found = [stored(s.text(ids.TAG_STRING)) for _, s in self._matching(key)]
            value = "; ".join(filter(None, found))
            if value:
                return self._read(field, value)
        return ""

    def _read(self, field: Field, value: str) -> str:
        if field.kind is Kind.FLAG:
            return "true" if value.lower() in {"1", "4", "true", "yes"} else "false"
        if field.kind is Kind.CREDITS:
            return join_credits(parse_credits(value))
        if field.kind is Kind.DATE:
            return re.sub(r"(?<=\d) (?=\d)", "T", value)
        if field.name == "track" and "/" not in value:
            totals = [s.text(ids.TAG_STRING) for _, s in self._matching(_Key("", _TOTAL))]
            return f"{value}/{stored(totals[0])}" if totals else value
        return value

    def set_field(self, field: Field, value: str) -> None:
        """Store one field in place of what is there; an empty value removes it."""
        if field.name == "title" and not value and self.is_song:
            self._be_no_song()
        for key in self._keys(field):
            self._drop(key)
        if field.name == "track":
            self._drop(_Key("", _TOTAL))
            value, _, total = value.partition("/")
            if total:
                self._add(_Key("", _TOTAL), total)
        if not value:
            return
        if field.kind is Kind.FLAG:
            value = "1" if value == "true" else "0"
        elif field.kind is Kind.DATE:
            value = value.replace("T", " ")
        values = [value]
        if field.kind is Kind.CREDITS:
            values = [f"{role}: {person}" for role, person in parse_credits(value)]
        for one in values:
            self._add(self._keys(field)[0], one)

    def _be_no_song(self) -> None:
        """Without a track's title the album's would be taken for the file's: give all other names."""
        values = {name: self.field(TABLE[name]) for name in _SONG if name != "title"}
        for name in _SONG:
            for key in self._keys(TABLE[name]):
                self._drop(key)
        self.is_song = False
        for name, value in values.items():
            self.set_field(TABLE[name], value)

    def _matching(self, key: _Key) -> Iterator[tuple[Element, Element]]:
        for tag in self.tags:
            if not _speaks_of(tag, key):
                continue
            for simple in tag.every(ids.SIMPLE):
                if simple.text(ids.TAG_NAME).upper() == key.name:
                    yield tag, simple

    def _drop(self, key: _Key) -> None:
        for tag, simple in list(self._matching(key)):
            tag.elements = [e for e in tag.elements if e is not simple]
        self._tidy()

    def _tidy(self) -> None:
        self.tags = [tag for tag in self.tags if tag.first(ids.SIMPLE)]

    def _add(self, key: _Key, value: str) -> None:
        spoken = key.level if key.level in _SPOKEN else ""
        for tag in self.tags:
            if _speaks_of(tag, key) and _type(tag) == spoken:
                tag.elements.append(_simple(key.name, value))
                return
        targets = ebml.master(
            ids.TARGETS,
            ebml.leaf(ids.TARGET_LEVEL, LEVELS[key.level]),
            ebml.leaf(ids.TARGET_TYPE, spoken) if spoken else None,
        )
        # mediainfo takes the last number in a file for the track's.
        at = 0 if spoken else len(self.tags)
        self.tags.insert(at, ebml.master(ids.TAG, targets, _simple(key.name, value)))

    def links(self) -> dict[int, str]:
        """By a chapter's UID its link."""
        return {
            uid: url
            for tag in self.tags
            for uid in _uids(tag, ids.TAG_CHAPTER)
            for simple in tag.every(ids.SIMPLE)
            if simple.text(ids.TAG_NAME).upper() == "URL"
            and (url := stored(simple.text(ids.TAG_STRING)))
        }

    def set_links(self, links: dict[int, str], chapters: set[int]) -> None:
        """Replace the links of chapters, and drop what speaks of chapters that are no more.

        They come first: mediainfo takes the last link in a file for the file's own.
        """
        for tag in self.tags:
            about = _uids(tag, ids.TAG_CHAPTER)
            if about and not about & chapters:
                tag.elements = []
            elif about:
                tag.elements = [
                    e
                    for e in tag.elements
                    if e.id != ids.SIMPLE or e.text(ids.TAG_NAME).upper() != "URL"
                ]
        self._tidy()
        for uid, url in links.items():
            level, about_it = ebml.leaf(ids.TARGET_LEVEL, 30), ebml.leaf(ids.TAG_CHAPTER, uid)
            targets = ebml.master(ids.TARGETS, level, about_it)
            self.tags.insert(0, ebml.master(ids.TAG, targets, _simple("URL", url)))

    def other(self) -> Iterator[tuple[str, object]]:
        """By level and name, what podkit does not know."""
        known = {
            id(simple)
            for field in TABLE.values()
            for key in self._keys(field)
            for _, simple in self._matching(key)
        } | {id(simple) for _, simple in self._matching(_Key("", _TOTAL))}
        for tag in self.tags:
            prefix = _prefix(tag)
            for simple in tag.every(ids.SIMPLE):
                name = simple.text(ids.TAG_NAME)
                is_link = prefix.startswith("chapter") and name.upper() == "URL"
                if id(simple) not in known and not is_link and not _is_technical(tag, simple):
                    binary = simple.first(ids.TAG_BINARY)
                    value = binary.body if binary else shown(simple.text(ids.TAG_STRING))
                    yield prefix + name, value

    def clear(self) -> None:
        """Remove everything but what players read about a track: its length and its rate."""
        for tag in self.tags:
            tag.elements = [e for e in tag.elements if e.id == ids.TARGETS or _is_technical(tag, e)]
        self._tidy()
        self.is_song = False

    def inside(self) -> bytes | None:
        """What stands in the part; None when there is nothing."""
        return b"".join(tag.to_bytes() for tag in self.tags) or None


def _simple(name: str, value: str) -> Element:
    return ebml.master(ids.SIMPLE, ebml.leaf(ids.TAG_NAME, name), ebml.leaf(ids.TAG_STRING, value))


def _targets(tag: Element) -> Element:
    return tag.first(ids.TARGETS) or Element(ids.TARGETS)


def _uids(tag: Element, kind: int) -> set[int]:
    """Which tracks, chapters, … a tag speaks of; zero, which means all, is left out."""
    found = {int.from_bytes(e.body[:8]) for e in _targets(tag).every(kind)}
    return found - {0}


def _type(tag: Element) -> str:
    return _targets(tag).text(ids.TARGET_TYPE).upper()


def _speaks_of(tag: Element, key: _Key) -> bool:
    """Whether a tag is about the whole file, at that level."""
    parts = (ids.TAG_TRACK, ids.TAG_EDITION, ids.TAG_CHAPTER, ids.TAG_ATTACHMENT)
    if any(_uids(tag, part) for part in parts):
        return False
    level, spoken = _targets(tag).number(ids.TARGET_LEVEL, 50), _type(tag)
    if level != LEVELS[key.level]:
        return False
    if key.name != "PART_NUMBER" or level != LEVELS["EPISODE"]:
        return True
    return (spoken == "EPISODE") == (key.level == "EPISODE")


def _prefix(tag: Element) -> str:
    for kind, word in (
        (ids.TAG_TRACK, "track"),
        (ids.TAG_EDITION, "edition"),
        (ids.TAG_CHAPTER, "chapter"),
        (ids.TAG_ATTACHMENT, "attachment"),
    ):
        if uids := _uids(tag, kind):
            return f"{word} {min(uids)}: "
    level = _targets(tag).number(ids.TARGET_LEVEL, 50)
    return "" if level == LEVELS[""] else f"{level}: "


def _is_technical(tag: Element, simple: Element) -> bool:
    """Whether it is a number about a track that tells nothing about its making."""
    return (
        simple.id == ids.SIMPLE
        and simple.text(ids.TAG_NAME) in _OF_TRACKS
        and bool(_uids(tag, ids.TAG_TRACK))
        and bool(_PLAIN_NUMBER.fullmatch(simple.text(ids.TAG_STRING)))
    )
