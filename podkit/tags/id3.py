"""ID3v2.3 and v2.4: frames of MP3, WAV and AIFF files, with CHAP and CTOC chapters."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mutagen import aiff, id3, mp3, wave

from podkit.errors import MediaError
from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.tags import id3_chapters
from podkit.tags.chunk_notes import ChunkNotes
from podkit.tags.fields import TABLE, Field
from podkit.tags.id3_frames import (
    LANGUAGE,
    frames_of,
    payload,
    read_date,
    text_of,
    translate,
    write_date,
    write_in_order,
)
from podkit.tags.styles import MAX_CHAPTERS, closed, listed, mime_of, picture_name, stored
from podkit.tags.tails import Tails

MAX_TAG = 64 << 20
"""Bytes of an ID3 tag that are still read: a cover of any use is far below."""

_Frames = Mapping[str, list[Any]]  # by their names

_UTF8 = id3.Encoding.UTF8  # mutagen turns it into UTF-16 where it writes v2.3
_COVERS = (id3.PictureType.COVER_FRONT, id3.PictureType.OTHER)  # ffmpeg's MP3 covers are "other"


class Id3Style:
    """The tags of one MP3, WAV or AIFF file.

    Args:
        path: the file.
        kind: `id3` (MP3), `wave` or `aiff`.
        version: "2.3" or "2.4" to write; None keeps the file's own, and writes v2.3 where there
            is none or an older one.
    """

    def __init__(self, path: Path, kind: str, version: str | None) -> None:
        self._path = path
        self._kind = kind
        opened: Any = {"id3": mp3.MP3, "wave": wave.WAVE, "aiff": aiff.AIFF}[kind]
        options = {"translate": False}
        if kind == "id3":
            # Where there is an ID3v2 tag it speaks for itself; an ID3v1 tag alone is taken over.
            options["load_v1"] = not _has_id3v2(path)
        self._file: Any = opened(path, **options)
        if self._file.tags is None:
            self._file.add_tags()
            found = 3 if version is None else int(version[-1])
        else:
            found = self._file.tags.version[1]
        self._tags: Any = self._file.tags
        self._wanted = int(version[-1]) if version else max(found, 3)
        self.converts = version is not None and found != self._wanted
        self._keep_lists = found == 3 and self._wanted == 3
        if found != self._wanted:
            translate(self._tags, self._wanted)
        self.duration = float(self._file.info.length or 0)
        _describe(self._tags)
        self._beside = Tails(path) if kind == "id3" else ChunkNotes(path, kind)
        self._cleared = False

    def move(self, copy: Path) -> None:
        """Go on with a copy of the file, with the same tags and sound: what is saved goes there."""
        self._path = copy
        self._beside.move(copy)

    def fields(self) -> dict[str, str]:
        """The fields that podkit knows, as they are stored; ID3v2 is believed first."""
        beside = self._beside.fields()
        there = self._by_name()
        held = {field.name: self._text(field, there) for field in _held(there)}
        found = {name: held.get(name) or beside.get(name, "") for name in TABLE}
        return {name: value for name, value in found.items() if value}

    def _by_name(self) -> dict[str, list[Any]]:
        """All frames by their names; looked through once, where mutagen does so for each name."""
        there: dict[str, list[Any]] = {}
        for key, frame in self._tags.items():
            there.setdefault(key[:4], []).append(frame)
        return there

    def _text(self, field: Field, there: _Frames) -> str:
        if field.name == "date":
            return read_date(self._tags)
        if field.name == "language":
            return _language(field, there)
        return next((text_of(field, frame) for frame in _frames(field, there)), "")

    def set_field(self, name: str, value: str) -> None:
        """Store one field in place of what is there; an empty value removes it."""
        field = TABLE[name]
        for frame in _frames(field, self._by_name()):
            self._tags.pop(frame.HashKey, None)
        if name == "date":
            write_date(self._tags, value, self._wanted)
        elif value:
            for frame in frames_of(field, value, self._wanted):
                self._tags.add(frame)
        self._beside.set_field(name, value)

    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in order; one that no table of contents lists is hidden."""
        return id3_chapters.read(self._tags)

    def chapter_pictures(self) -> dict[str, Picture]:
        """The pictures inside chapters, by the name in `Chapter.image`."""
        return id3_chapters.pictures(self._tags)

    def kept(
        self, chapters: tuple[Chapter, ...], pictures: Mapping[str, Picture] | None = None
    ) -> tuple[Chapter, ...]:
        """What `chapters` would give once these were set and saved: CHAP wants an end of each.

        A chapter without an end gets the next one's start, the last one the file's.
        """
        there = {**self.chapter_pictures(), **(pictures or {})}
        chapters = closed(chapters[:MAX_CHAPTERS], self.duration, url=True, image=True, hidden=True)
        return tuple(id3_chapters.kept(chapter, there) for chapter in chapters)

    def set_chapters(
        self, chapters: tuple[Chapter, ...], pictures: Mapping[str, Picture] | None = None
    ) -> None:
        """Replace all chapters; hidden ones are in no table of contents."""
        there = {**self.chapter_pictures(), **(pictures or {})}
        named = {picture_name(picture): picture for picture in there.values()}
        id3_chapters.write(self._tags, self.kept(chapters, pictures), named)

    def pictures(self) -> tuple[Picture, ...]:
        """The pictures, the front cover first."""
        frames = sorted(self._tags.getall("APIC"), key=lambda f: f.type not in _COVERS)
        return tuple(
            Picture(mime=mime_of(f.data, f.mime), content=bytes(f.data), description=stored(f.desc))
            for f in frames
            if f.mime != "-->"
        )

    def kept_pictures(self, pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
        """All of them."""
        return pictures

    def set_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Replace all pictures; the first becomes the front cover."""
        types = {bytes(f.data): f.type for f in self._tags.getall("APIC")}
        self._tags.delall("APIC")
        for number, picture in enumerate(pictures):
            other = types.get(picture.content, id3.PictureType.OTHER)
            self._tags.add(
                id3.APIC(
                    encoding=_UTF8 if not picture.description.isascii() else id3.Encoding.LATIN1,
                    mime=picture.mime,
                    type=id3.PictureType.COVER_FRONT if number == 0 else other,
                    desc=picture.description or ("" if number == 0 else str(number)),
                    data=picture.content,
                )
            )

    def other(self) -> dict[str, str]:
        """By frame, what podkit does not know."""
        there = self._by_name()
        known = {f.HashKey for field in _held(there) for f in _frames(field, there)}
        known |= {"TYER", "TDAT", "TIME", "TDRC"}
        return listed(
            {
                key: payload(frame)
                for key, frame in self._tags.items()
                if key not in known and frame.FrameID not in {"CHAP", "CTOC", "APIC"}
            }
            | {f"unknown {raw[:4].decode('latin-1')}": raw for raw in self._tags.unknown_frames}
            | self._beside.other()
        )

    def clear(self) -> None:
        """Remove everything: frames, unknown frames, ID3v1 and APE tags, notes in other chunks."""
        self._tags.clear()
        self._tags.unknown_frames.clear()
        self._cleared = True

    def save(self) -> None:
        """Write to the file that was opened."""
        options: dict[str, Any] = {
            "v2_version": self._wanted,
            "v23_sep": None if self._keep_lists else "/",
        }
        if self._kind == "id3":
            options["v1"] = id3.ID3v1SaveOptions.REMOVE  # `save_after` puts it back
        if self._cleared:
            self._beside.clear()
        else:
            self._beside.save_before()
        write_in_order(self._tags)
        self._tags.save(self._path, **options)
        self._beside.save_after()


def _held(there: _Frames) -> list[Field]:
    """The fields that may have frames."""
    names = set(there)
    if "TYER" in names:  # in ID3v2.3 a date lies in several
        names.add("TDRC")
    if "IPLS" in names:
        names.add("TIPL")
    return [field for field in TABLE.values() if field.id3[:4] in names]


def _frames(field: Field, there: _Frames) -> list[Any]:
    """The frames of one field; of several comments or lyrics the undescribed ones."""
    name, _, description = field.id3.partition(":")
    frames = [*there.get(name, ())]
    if name == "TXXX":
        return [f for f in frames if f.desc.casefold() == description.casefold()]
    if name == "TIPL":
        return [*frames, *there.get("IPLS", ())]
    if name in {"COMM", "USLT"}:
        return [f for f in frames if not f.desc]
    if name == "TLAN":
        frames += [f for f in there.get("TXXX", ()) if f.desc == LANGUAGE]
    return frames


def _language(field: Field, there: _Frames) -> str:
    """The language, with its region where one stands beside it and is of that language."""
    code, *beside = [text_of(field, frame) for frame in _frames(field, there)] or [""]
    return next((whole for whole in beside if whole.partition("-")[0] == code), code)


def _describe(tags: Any) -> None:
    """The comment of an ID3v1 tag alone is a comment like any other."""
    for frame in tags.getall("COMM:ID3v1 Comment"):
        del tags[frame.HashKey]
        frame.desc = ""
        tags.add(frame)


def _has_id3v2(path: Path) -> bool:
    """Whether the file begins with an ID3v2 tag.

    Raises:
        MediaError: it is too large to be honest.
    """
    with path.open("rb", buffering=0) as stream:
        head = stream.read(10)
    if not head.startswith(b"ID3") or len(head) < 10:
        return False
    size = sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))
    if size > MAX_TAG:
        raise MediaError(
            f"its ID3 tag says it has {size} bytes; podkit reads up to {MAX_TAG}", where=path
        )
    return True
