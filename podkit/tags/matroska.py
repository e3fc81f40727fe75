"""Matroska and WebM: tags, chapters and attached covers, changed without touching a cluster."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.tags import ebml, matroska_chapters
from podkit.tags import matroska_ids as ids
from podkit.tags.ebml import Element
from podkit.tags.fields import TABLE
from podkit.tags.matroska_layout import read_layout, read_part
from podkit.tags.matroska_tags import TagTree
from podkit.tags.matroska_write import describes, rewrite
from podkit.tags.styles import MAX_CHAPTERS, closed, listed, mime_of, picture_name, stored

_ENDING = {"image/jpeg": "jpg", "image/png": "png"}  # RFC 9559, section 21.1
_NOTES = {
    ids.DATE: "DateUTC",
    ids.FILE_NAME_OF_SEGMENT: "SegmentFilename",
    ids.FILE_NAME_BEFORE: "PrevFilename",
    ids.FILE_NAME_AFTER: "NextFilename",
}

_MAKERS = {ids.MUXING_APP: "MuxingApp", ids.WRITING_APP: "WritingApp"}
_NOBODY = b"podkit"  # in place of the programs that made a file


class MatroskaStyle:
    """The tags of one Matroska or WebM file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as stream:
            self._layout = read_layout(stream)
            parts = {
                kind: [read_part(stream, part) for part in self._layout.every(kind)]
                for kind in (ids.INFO, ids.TAGS, ids.CHAPTERS, ids.ATTACHMENTS)
            }
        self._info = next(iter(parts[ids.INFO]), None)
        self._tree = TagTree(parts[ids.TAGS])
        self._chapters = next(iter(parts[ids.CHAPTERS]), None)
        self._attached = [f for p in parts[ids.ATTACHMENTS] for f in p.every(ids.ATTACHED)]
        self._changes: dict[int, bytes | None] = {}
        self._info_changed = self._cleared = False
        self._title = ""
        self.webm = self._layout.doc_type == "webm"
        self.duration = _duration(self._info)
        self.converts = False

    def fields(self) -> dict[str, str]:
        """The fields that podkit knows, as they are stored."""
        found = {name: self._tree.field(field) for name, field in TABLE.items()}
        if self._info and (title := stored(self._info.text(ids.TITLE))):
            found["title"] = title
        return {name: value for name, value in found.items() if value}

    def set_field(self, name: str, value: str) -> None:
        """Store one field in place of what is there; an empty value removes it.

        A title stands in the segment's description, and is a tag only where that has no room.
        """
        if name == "title" and self._info:
            self._info.drop(ids.TITLE)
            if value:
                self._info.elements.append(ebml.leaf(ids.TITLE, value))
            self._info_changed = True
            self._title = value
        self._tree.set_field(TABLE[name], value)
        self._changes[ids.TAGS] = None

    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in order."""
        return matroska_chapters.read(self._chapters, self._tree.links())

    def chapter_pictures(self) -> dict[str, Picture]:
        """None: no chapter has one here."""
        return {}

    def kept(
        self,
        chapters: tuple[Chapter, ...],
        pictures: Mapping[str, Picture] | None = None,  # noqa: ARG002 (none has a place here)
    ) -> tuple[Chapter, ...]:
        """What `chapters` would give once these were set and saved."""
        wide = not self.webm
        found = closed(chapters[:MAX_CHAPTERS], self.duration, url=wide, hidden=wide)
        if found and not self.duration:  # a live recording: nobody knows when the last one ends
            last = max(chapters, key=lambda c: c.start)
            found = (*found[:-1], found[-1] if last.end else replace(found[-1], end=None))
        return found

    def set_chapters(
        self, chapters: tuple[Chapter, ...], pictures: Mapping[str, Picture] | None = None
    ) -> None:
        """Replace all chapters; hidden ones, which WebM cannot mark, are left out there."""
        kept = self.kept(chapters, pictures)
        body, links, uids = matroska_chapters.build(self._chapters, kept, webm=self.webm)
        self._changes[ids.CHAPTERS] = body
        self._tree.set_links(links, uids)
        self._changes[ids.TAGS] = None

    def pictures(self) -> tuple[Picture, ...]:
        """The attached pictures, the front cover first.

        Players take what is called `cover` for it (RFC 9559, section 21.1).
        """
        found = [f for f in self._attached if _is_picture(f)]
        found.sort(key=lambda f: not f.text(ids.FILE_NAME).lower().startswith("cover."))
        return tuple(map(_picture, found))

    def kept_pictures(self, pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
        """What `pictures` would give once these were set and saved: in WebM none.

        It has no attachments (WebM container guidelines).
        """
        return () if self.webm else pictures

    def set_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Replace all pictures; the first becomes the front cover."""
        files = [f for f in self._attached if not _is_picture(f)]
        taken = {f.number(ids.FILE_UID) for f in files}
        names = {f.text(ids.FILE_NAME).lower() for f in files}
        for number, picture in enumerate(self.kept_pictures(pictures)):
            stem = "cover" if number == 0 else f"picture-{number}"
            name = f"{stem}.{_ENDING.get(picture.mime, 'bin')}"
            while name in names:
                name = "_" + name
            uid = matroska_chapters.uid_of(picture_name(picture), taken)
            taken.add(uid)
            files.append(_attachment(picture, name, uid))
        self._attached = files
        self._changes[ids.ATTACHMENTS] = b"".join(f.to_bytes() for f in files) or None

    def other(self) -> dict[str, str]:
        """By tag or attachment, what podkit does not know."""
        found = dict(self._tree.other())
        for attached in self._attached:
            if not _is_picture(attached):
                content = attached.first(ids.FILE_CONTENT)
                found["attachment " + attached.text(ids.FILE_NAME)] = (
                    content.body if content else b""
                )
        if self._info:
            notes = ((name, self._info.first(kind)) for kind, name in _NOTES.items())
            found |= {name: element.body for name, element in notes if element}
            makers = ((name, self._info.text(kind)) for kind, name in _MAKERS.items())
            found |= {name: text for name, text in makers if not _NOBODY.startswith(text.encode())}
        return listed(found)

    def clear(self) -> None:
        """Remove everything: tags, chapters, attachments, and what tells of the file's making."""
        self._tree.clear()
        self._attached = []
        self._chapters = None
        self._title = ""
        self._cleared = True
        self._changes |= dict.fromkeys((ids.TAGS, ids.CHAPTERS, ids.ATTACHMENTS))
        if self._info:
            self._info.drop(ids.TITLE, *_NOTES)
            for element in self._info.every(*_MAKERS):  # which must be there (RFC 9559, 5.1.2)
                element.body = _NOBODY
            self._info_changed = True

    def save(self) -> None:
        """Write to the file that was opened."""
        about = self._descriptions() if self._info_changed else []
        if self._title and not self._tree.is_song:
            most = {**self._changes, ids.TAGS: self._tree.inside()}
            roomy = describes(self._layout, most, about[0])
            about = about[:1] if roomy else about[1:]
            if roomy:
                self._tree.set_field(TABLE["title"], "")
        if ids.TAGS in self._changes:
            self._changes[ids.TAGS] = self._tree.inside()
        if self._changes or about:
            rewrite(self._path, self._layout, self._changes, about=about, wipe=self._cleared)

    def _descriptions(self) -> list[bytes]:
        """What may stand in the segment's description: all of it, else less, which always fits."""
        if self._info is None:
            return []
        self._info.drop(ebml.VOID, ebml.CRC)
        whole = self._info.inside()
        self._info.drop(ids.TITLE)
        untitled = self._info.inside()
        for element in self._info.every(ids.WRITING_APP, *(_MAKERS if self._cleared else ())):
            element.body = element.body[:1]
        return [whole, untitled, self._info.inside()]


def _attachment(picture: Picture, name: str, uid: int) -> Element:
    return ebml.master(
        ids.ATTACHED,
        ebml.leaf(ids.FILE_DESCRIPTION, picture.description) if picture.description else None,
        ebml.leaf(ids.FILE_NAME, name),
        ebml.leaf(ids.FILE_MIME, picture.mime),
        ebml.leaf(ids.FILE_CONTENT, picture.content),
        ebml.leaf(ids.FILE_UID, uid),
    )


def _is_picture(attached: Element) -> bool:
    return attached.text(ids.FILE_MIME).lower().startswith("image/")


def _picture(attached: Element) -> Picture:
    content = attached.first(ids.FILE_CONTENT)
    body = content.body if content else b""
    return Picture(
        mime=mime_of(body, attached.text(ids.FILE_MIME)).lower(),
        content=body,
        description=stored(attached.text(ids.FILE_DESCRIPTION)),
    )


def _duration(about: Element | None) -> float:
    """Seconds; 0 when the file does not say, as a live recording does not."""
    found = about.first(ids.DURATION) if about else None
    if about is None or found is None or len(found.body) not in {4, 8}:
        return 0.0
    ticks = struct.unpack(">f" if len(found.body) == 4 else ">d", found.body)[0]
    seconds = float(ticks) * about.number(ids.TIMESTAMP_SCALE, 1_000_000) / 1e9
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0
