"""MP4 items: the `ilst` of m4a, m4b, mp4, m4v and mov files, with chapters in both ways."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mutagen import mp4

from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.tags import mp4_chapters, mp4_pictures, mp4_private
from podkit.tags.fields import TABLE, Field, Kind, ascii_url, join_credits, parse_credits
from podkit.tags.mp4_boxes import Box
from podkit.tags.quicktime import MovieNotes
from podkit.tags.styles import MAX_CHAPTERS, listed, mime_of, picture_name, plain, stored

_MIMES = {mp4.AtomDataType.JPEG: "image/jpeg", mp4.AtomDataType.PNG: "image/png"}
_FREEFORM = "----:com.apple.iTunes:"
_EXPLICIT = {1, 4}  # 4 is what older iTunes wrote
_NUMBERS = frozenset(["season", "episode"])


class Mp4Style:
    """The tags of one MP4 or QuickTime file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._tags: Any = _items(path)
        self._notes = MovieNotes(path)
        if self._notes.shadows_itunes:  # mutagen took QuickTime's list of keys for iTunes'
            self._tags.clear()
            self._tags._failed_atoms.clear()  # noqa: SLF001 (likewise)
        self.duration = _duration(self._notes.moov)
        self._chapters: tuple[Chapter, ...] | None = None
        self._inside: dict[str, Picture] = {}
        self.converts = False
        self._cleared = False

    def fields(self) -> dict[str, str]:
        """The fields that podkit knows, as they are stored; iTunes' items are believed first."""
        beside = self._notes.fields()
        found = {name: self._text(field) or beside.get(name, "") for name, field in TABLE.items()}
        return {name: value for name, value in found.items() if value}

    def _text(self, field: Field) -> str:
        value = self._tags.get(field.mp4)
        if value is None and field.name in _NUMBERS:
            value = self._tags.get(_FREEFORM + field.name)
        if value is None:
            return ""
        if field.name == "podcast":
            return "true" if value else "false"
        items = value if isinstance(value, list) else [value]
        if field.name == "explicit":
            return "true" if items and items[0] in _EXPLICIT else "false"
        if field.name == "track":
            return "; ".join(f"{n}/{total}" if total else str(n) for n, total in items[:1] if n)
        if field.name == "credits":
            return join_credits(pair for item in items for pair in parse_credits(_words(item)))
        return "; ".join(filter(None, map(_words, items)))

    def set_field(self, name: str, value: str) -> None:
        """Store one field in place of what is there; an empty value removes it."""
        field = TABLE[name]
        self._remove(field.mp4)
        if name in _NUMBERS:
            self._remove(_FREEFORM + name)
        self._notes.set_field(name, value)
        if not value:
            return
        if name == "podcast":
            self._tags[field.mp4] = value == "true"
        elif field.kind is Kind.FLAG:
            self._tags[field.mp4] = [int(value == "true")]
        elif field.kind is Kind.PAIR:
            number, _, total = value.partition("/")
            self._tags[field.mp4] = [(int(number), int(total or 0))]
        elif name in _NUMBERS:
            self._set_number(field, value)
        elif field.mp4.startswith("----"):
            self._tags[field.mp4] = [_freeform(value)]
        else:
            self._tags[field.mp4] = [value]

    def _set_number(self, field: Field, value: str) -> None:
        """A whole number as an item of its own; another (podcast:episode may be 1.5) as text."""
        if (
            value.isascii()
            and value.isdigit()
            and str(int(value)) == value
            and int(value) < 1 << 31
        ):
            self._tags[field.mp4] = [int(value)]
        else:
            self._tags[_FREEFORM + field.name] = [_freeform(value)]

    def _remove(self, key: str) -> None:
        self._tags.pop(key, None)
        self._tags._failed_atoms.pop(key, None)  # noqa: SLF001 (one that mutagen could not read)

    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in order: the text track's, else those of `chpl`."""
        return mp4_chapters.read(self._path)[0]

    def chapter_pictures(self) -> dict[str, Picture]:
        """The pictures in the track of chapters' pictures, by the name in `Chapter.image`."""
        return mp4_chapters.read(self._path)[1]

    def kept(
        self, chapters: tuple[Chapter, ...], pictures: Mapping[str, Picture] | None = None
    ) -> tuple[Chapter, ...]:
        """What `chapters` would give once these were set and saved."""
        there = self._jpegs(pictures)
        return tuple(
            replace(
                c,
                url=url if len(url := ascii_url(c.url)) <= mp4_chapters.MAX_LINK else "",
                image=picture_name(there[c.image]) if c.image in there else "",
            )
            for c in plain(chapters[:MAX_CHAPTERS], url=True, image=True)
        )

    def _jpegs(self, pictures: Mapping[str, Picture] | None) -> dict[str, Picture]:
        found = {**self.chapter_pictures(), **(pictures or {})}
        return {name: p for name, p in found.items() if p.mime == mp4_pictures.MIME}

    def set_chapters(
        self, chapters: tuple[Chapter, ...], pictures: Mapping[str, Picture] | None = None
    ) -> None:
        """Replace all chapters when saved; hidden ones, which MP4 cannot mark, are left out."""
        self._chapters = self.kept(chapters, pictures)
        self._inside = {picture_name(p): p for p in self._jpegs(pictures).values()}

    def pictures(self) -> tuple[Picture, ...]:
        """The pictures in order."""
        return tuple(
            Picture(
                mime=mime_of(bytes(c), _MIMES.get(c.imageformat, "image/jpeg")), content=bytes(c)
            )
            for c in self._tags.get("covr", ())
        )

    def kept_pictures(self, pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
        """All of them."""
        return pictures

    def set_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Replace all pictures; the first is the front cover."""
        self._remove("covr")
        formats = {mime: number for number, mime in _MIMES.items()}
        covers = [
            mp4.MP4Cover(p.content, imageformat=formats.get(p.mime, mp4.AtomDataType.JPEG))
            for p in pictures
        ]
        if covers:
            self._tags["covr"] = covers

    def other(self) -> dict[str, str]:
        """By item, what podkit does not know."""
        known = {field.mp4 for field in TABLE.values()} | {"covr"}
        known |= {_FREEFORM + name for name in _NUMBERS}
        return listed(
            {
                key: "; ".join(map(_words, value)) if isinstance(value, list) else value
                for key, value in self._tags.items()
                if key not in known
            }
            | {key: b"".join(found) for key, found in self._tags._failed_atoms.items()}  # noqa: SLF001
            | self._notes.other()
            | mp4_private.listed(self._notes.moov, self._notes.layout)
        )

    def clear(self) -> None:
        """Remove everything: items, chapters, and when saved every other box of notes."""
        self._tags.clear()
        self._tags._failed_atoms.clear()  # noqa: SLF001 (what mutagen could not read)
        self._chapters = ()
        self._cleared = True

    def save(self) -> None:
        """Write to the file that was opened: chapters and boxes first, then the items."""
        if self._cleared:
            mp4_private.blank(self._path)
        else:
            self._notes.save()
        if self._chapters is not None or self._cleared:
            mp4_chapters.write(self._path, self._chapters or (), self._inside, clear=self._cleared)
        self._tags.save(self._path)


def remaining(path: Path) -> tuple[str, ...]:
    """What is in a file that clearing its tags leaves there, and may be private; in words."""
    found = mp4_private.data_tracks(MovieNotes(path).moov)
    if not found:
        return ()
    what = " and ".join(found) + (" holds" if len(found) == 1 else " hold")
    way = "`podkit transcode -p copy FILE` makes a file without"
    return (f"{what} a camera's measurements, perhaps the place, and cannot be cleared: {way}",)


def _items(path: Path) -> Any:
    """ITunes' list alone: mutagen gives a whole file up for a sound or chapter it cannot read."""
    with path.open("rb") as stream:
        atoms = mp4.Atoms(stream)  # type: ignore[attr-defined]
        return mp4.MP4Tags(atoms, stream) if mp4.MP4Tags._can_load(atoms) else mp4.MP4Tags()  # noqa: SLF001 (what mutagen's own `load` asks)


def _duration(moov: Box) -> float:
    """Seconds of the movie (ISO/IEC 14496-12, section 8.2.2)."""
    box = moov.find(b"mvhd")
    form, at = (">IQ", 20) if box and box.payload[:1] == b"\x01" else (">II", 12)
    if box is None or len(box.payload) < at + struct.calcsize(form):
        return 0.0
    scale, length = struct.unpack_from(form, box.payload, at)
    return float(length / scale) if scale else 0.0


def _words(item: object) -> str:
    if isinstance(item, bytes):
        try:
            return stored(item.decode())
        except UnicodeDecodeError:
            return f"({len(item)} bytes)"
    return stored(item)


def _freeform(value: str) -> Any:
    return mp4.MP4FreeForm(value.encode(), dataformat=mp4.AtomDataType.UTF8)
