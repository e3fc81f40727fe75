"""Vorbis comments: FLAC, Opus and Ogg Vorbis, with CHAPTERxxx chapters and picture blocks."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mutagen import flac, id3, oggflac, oggopus, oggspeex, oggvorbis

from podkit.model.chapter import Chapter, in_order
from podkit.model.media import Picture
from podkit.model.timecode import format_timecode
from podkit.tags.fields import TABLE, Field, Kind, join_credits, parse_credits
from podkit.tags.id3_frames import payload
from podkit.tags.pictures import figures
from podkit.tags.styles import MAX_CHAPTERS, MAX_READ, listed, mime_of, plain, shown, stored

_OPENED: dict[str, Any] = {
    "flac": flac.FLAC,
    "opus": oggopus.OggOpus,
    "vorbis": oggvorbis.OggVorbis,
}
_OGG: dict[bytes, Any] = {b"\x7fFLAC": oggflac.OggFLAC, b"Speex   ": oggspeex.OggSpeex}
_CHAPTER = re.compile(r"CHAPTER(\d{3,4})(NAME|URL)?", re.IGNORECASE)
_CREDIT = re.compile(r"(.+?) \(([^()]+)\)", re.DOTALL)
_TIME = re.compile(r"(\d{1,4}):(\d{1,2}):(\d{1,2}(?:[.,]\d{1,9})?)")
_PICTURE = "metadata_block_picture"
_COVERS = (id3.PictureType.COVER_FRONT, id3.PictureType.OTHER)
_TOTALS = ("TRACKTOTAL", "TOTALTRACKS")


class VorbisStyle:
    """The tags of one FLAC, Opus, Ogg Vorbis, Ogg FLAC or Speex file."""

    def __init__(self, path: Path, kind: str) -> None:
        self._path = path
        self._file: Any = _opener(path, kind)(path)
        if self._file.tags is None:
            self._file.add_tags()
        self._tags: Any = self._file.tags
        self.duration = float(self._file.info.length or 0)
        self.converts = False
        self._kind = kind
        self._blocks = kind == "flac"
        self._cleared = False
        self._changed: list[str] = []

    def fields(self) -> dict[str, str]:
        """The fields that podkit knows, as they are stored."""
        found = {name: self._text(field) for name, field in TABLE.items()}
        return {name: value for name, value in found.items() if value}

    def _text(self, field: Field) -> str:
        if field.name == "credits":
            return join_credits(map(_credit, self._tags.get(field.vorbis, ())))
        value = "; ".join(filter(None, map(stored, self._tags.get(field.vorbis, ()))))
        if field.kind is Kind.FLAG and value:
            return "true" if value.lower() in {"1", "4", "true", "yes"} else "false"
        if field.name == "track" and value and "/" not in value:
            totals = [t for key in _TOTALS for t in map(stored, self._tags.get(key, ())) if t]
            return f"{value}/{totals[0]}" if totals else value
        return value

    def set_field(self, name: str, value: str) -> None:
        """Store one field in place of what is there; an empty value removes it."""
        field = TABLE[name]
        self._drop(field.vorbis)
        if name == "track":
            for key in _TOTALS:
                self._drop(key)
            value, _, total = value.partition("/")
            if total:
                self._tags[_TOTALS[0]] = total
        if field.kind is Kind.FLAG and value:
            value = "1" if value == "true" else "0"
        if field.kind is Kind.CREDITS:
            people = [f"{name} ({role})" for role, name in parse_credits(value)]
            if people:
                self._tags[field.vorbis] = people
        elif value:
            self._tags[field.vorbis] = value
        self._changed.append(name)

    def _drop(self, key: str) -> None:
        with contextlib.suppress(KeyError):
            del self._tags[key]

    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in order; these comments know no ends (Xiph wiki, Chapter Extension)."""
        starts: dict[str, float] = {}
        words: dict[tuple[str, str], str] = {}
        for key, value in self._tags:
            found = _CHAPTER.fullmatch(key)
            if found is None:
                continue
            number, what = found[1], (found[2] or "").upper()
            if what:
                words[number, what] = stored(value)
            elif time := _TIME.fullmatch(value.strip()):
                starts[number] = (
                    int(time[1]) * 3600 + int(time[2]) * 60 + float(time[3].replace(",", "."))
                )
        return in_order(
            tuple(
                Chapter(
                    start=start,
                    title=words.get((number, "NAME"), ""),
                    url=words.get((number, "URL"), ""),
                )
                for number, start in list(starts.items())[:MAX_READ]
            )
        )

    def chapter_pictures(self) -> dict[str, Picture]:
        """None: no chapter has one here."""
        return {}

    def kept(
        self,
        chapters: tuple[Chapter, ...],
        pictures: Mapping[str, Picture] | None = None,  # noqa: ARG002 (none has a place here)
    ) -> tuple[Chapter, ...]:
        """What `chapters` would give once these were set and saved."""
        return plain(chapters[:MAX_CHAPTERS], url=True)

    def set_chapters(
        self, chapters: tuple[Chapter, ...], pictures: Mapping[str, Picture] | None = None
    ) -> None:
        """Replace all chapters; hidden ones, which these comments cannot mark, are left out."""
        for key in {key for key, _ in self._tags if _CHAPTER.fullmatch(key)}:
            self._drop(key)
        for number, chapter in enumerate(self.kept(chapters, pictures)):
            name = f"CHAPTER{number:03d}"
            self._tags[name] = format_timecode(chapter.start)
            self._tags[name + "NAME"] = chapter.title
            if chapter.url:
                self._tags[name + "URL"] = chapter.url

    def pictures(self) -> tuple[Picture, ...]:
        """The pictures, the front cover first."""
        found = sorted(self._pictures(), key=lambda p: p.type not in _COVERS)
        return tuple(
            Picture(mime=mime_of(p.data, p.mime), content=bytes(p.data), description=stored(p.desc))
            for p in found
        )

    def _pictures(self) -> list[Any]:
        found: list[Any] = list(self._file.pictures) if self._blocks else []
        for text in self._tags.get(_PICTURE, ()):
            # A picture that does not parse is no picture.
            with contextlib.suppress(flac.error, ValueError):
                found.append(flac.Picture(base64.b64decode(text)))
        return found

    def kept_pictures(self, pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
        """All of them."""
        return pictures

    def set_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Replace all pictures; the first becomes the front cover.

        FLAC has a block for it; Ogg a comment that holds the same block in base64 (Xiph wiki,
        VorbisComment, METADATA_BLOCK_PICTURE).
        """
        old = {bytes(p.data): p for p in self._pictures()}
        self._drop(_PICTURE)
        if self._blocks:
            self._file.clear_pictures()
        blocks = [_block(p, front=number == 0, old=old) for number, p in enumerate(pictures)]
        if self._blocks:
            for block in blocks:
                self._file.add_picture(block)
        elif blocks:
            self._tags[_PICTURE] = [base64.b64encode(b.write()).decode("ascii") for b in blocks]

    def other(self) -> dict[str, str]:
        """By comment or block, what podkit does not know."""
        known = {field.vorbis.lower() for field in TABLE.values()} | {_PICTURE}
        known |= {key.lower() for key in _TOTALS}
        found: dict[str, object] = {}
        for key, value in self._tags:
            if key.lower() not in known and not _CHAPTER.fullmatch(key):
                found[key] = f"{found[key]}; {shown(value)}" if key in found else shown(value)
        if self._blocks:
            found |= _id3_before(self._path)
        for block in getattr(self._file, "metadata_blocks", ()):
            if type(block) is flac.MetadataBlock:
                found[f"block {getattr(block, 'code', 0)}"] = bytes(block.data)
            elif isinstance(block, flac.CueSheet):
                found["cuesheet"] = "present"
        return listed(found)

    def clear(self) -> None:
        """Remove everything: comments, pictures, application blocks, cue sheets."""
        self._tags.clear()
        self._cleared = True
        if self._blocks:
            kept = (flac.StreamInfo, flac.SeekTable, flac.Padding, flac.VCFLACDict)
            blocks = self._file.metadata_blocks
            self._file.metadata_blocks = [b for b in blocks if isinstance(b, kept)]
            self._file.cuesheet = None
        elif self._kind == "opus":
            self._tags._pad_data = b""  # noqa: SLF001 (bytes behind the comments: RFC 7845, 5.2)

    def save(self) -> None:
        """Write to the file that was opened."""
        if self._blocks:
            self._file.save(self._path, deleteid3=self._cleared)
            if not self._cleared:
                _drop_from_id3(self._path, self._changed)
        else:
            self._file.save(self._path)


def _opener(path: Path, kind: str) -> Any:
    with path.open("rb") as stream:
        head = stream.read(64)
    inside = (opened for magic, opened in _OGG.items() if magic in head)
    return _OPENED[kind] if kind != "vorbis" else next(inside, _OPENED[kind])


def _credit(text: str) -> tuple[str, str]:
    """Role and name of `Olena Koval (host)`."""
    found = _CREDIT.fullmatch(stored(text))
    return (found[2], found[1]) if found else ("performer", stored(text))


def _id3_before(path: Path) -> dict[str, object]:
    """What an ID3 tag before a FLAC says."""
    with path.open("rb") as stream:
        if stream.read(3) != b"ID3":
            return {}
    tags: Any = id3.ID3(path, translate=False)
    return {f"ID3 {key}": payload(frame) for key, frame in tags.items()}


def _drop_from_id3(path: Path, names: list[str]) -> None:
    """Take changed fields out of an ID3 tag before a FLAC, where no format wants one.

    Readers such as ffmpeg show what it says as well.
    """
    with path.open("rb") as stream:
        if stream.read(3) != b"ID3":
            return
    tags: Any = id3.ID3(path, translate=False)
    for name in names:
        for key in ("TDRC", "TYER") if name == "date" else (TABLE[name].id3,):
            tags.delall(key)
    tags.save(path, v1=0, v2_version=max(tags.version[1], 3))


def _block(picture: Picture, *, front: bool, old: Mapping[bytes, Any]) -> Any:
    block: Any = flac.Picture()
    there = old.get(picture.content)
    other = there.type if there else id3.PictureType.OTHER
    block.type = id3.PictureType.COVER_FRONT if front else other
    block.mime, block.desc, block.data = picture.mime, picture.description, picture.content
    block.width, block.height, block.depth, block.colors = figures(picture)
    if not block.width and there:  # of a kind that podkit cannot read: what another program wrote
        block.width, block.height = there.width, there.height
        block.depth, block.colors = there.depth, there.colors
    return block
