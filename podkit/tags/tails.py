"""What lies behind the sound of an MP3: ID3v1 and APEv2, kept in step with the ID3v2 tag.

Some readers believe these first, so a field that changes is changed here as well.
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any

from mutagen import apev2, id3

from podkit.tags.styles import stored

_V1 = 128
_FOOT = 32
_MARK = b"APETAGEX"
_PLACES = {"title": (3, 33), "artist": (33, 63), "album": (63, 93), "date": (93, 97)}
_TRACK, _GENRE, _NONE = 126, 127, 255  # where they lie, and the genre that is none
_COMMENT = (97, 125)
_APE = {
    "Title": "title",
    "Artist": "artist",
    "Album": "album",
    "Album Artist": "album_artist",
    "Year": "date",
    "Track": "track",
    "Genre": "genre",
    "Comment": "comment",
    "Copyright": "copyright",
    "Publisher": "publisher",
    "Language": "language",
    "Related": "url",
    "Lyrics": "lyrics",
}


class Tails:
    """ID3v1 and APEv2 of one MP3; nothing reaches the disk before `save_before`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb", buffering=0) as stream:
            length = stream.seek(0, os.SEEK_END)
            stream.seek(max(length - _V1 - _FOOT, 0))
            end = stream.read(_V1 + _FOOT)
            self._turned = end[-_FOOT:].startswith(_MARK)
            v1 = _before_ape(stream, length, end) if self._turned else end[-_V1:]
        self._v1 = bytearray(v1 if v1.startswith(b"TAG") else b"")
        self._ape_changed = False
        self._ape: Any = {}
        if _MARK in end or b"LYRICS200" in end:
            try:
                self._ape = apev2.APEv2(path)
            except (
                apev2.APENoHeaderError,
                apev2.APEBadItemError,
                apev2.APEUnsupportedVersionError,
            ):
                self._ape = {}

    def move(self, copy: Path) -> None:
        """Go on with a copy of the file, which has the same in the same places."""
        self._path = copy

    def fields(self) -> dict[str, str]:
        """What APEv2 says, else ID3v1; no genre and track of ID3v1, where nothing means Blues."""
        found: dict[str, str] = {}
        for key, (start, end) in _PLACES.items():
            text = bytes(self._v1[start:end]).split(b"\0")[0].decode("latin-1")
            if stored(text):
                found[key] = stored(text)
        for key, name in _APE.items() if self._ape else ():
            if text := self._text(key):
                found[name] = text
        return found

    def _text(self, key: str) -> str:
        value = self._ape.get(key)
        return stored("; ".join(value)) if isinstance(value, apev2.APETextValue) else ""

    def set_field(self, name: str, value: str) -> None:
        """Change a field where it is there; an empty value removes it."""
        for key in [k for k, known in _APE.items() if known == name and k in self._ape]:
            self._ape_changed = True
            if value:
                self._ape[key] = value
            else:
                del self._ape[key]
        if self._v1:
            self._set_v1(name, value)

    def _set_v1(self, name: str, value: str) -> None:
        numbered = self._v1[_TRACK - 1] == 0  # ID3v1.1: the comment's last byte is the track
        if name in _PLACES or name == "comment":
            start, end = _PLACES.get(name, _COMMENT if numbered else (97, _GENRE))
            self._v1[start:end] = _latin(value)[: end - start].ljust(end - start, b"\0")
        elif name == "track" and numbered:
            number = value.partition("/")[0]
            self._v1[_TRACK] = int(number) if number.isdigit() and int(number) < 256 else 0
        elif name == "genre":
            genres = id3.TCON.GENRES
            self._v1[_GENRE] = genres.index(value) if value in genres else _NONE

    def other(self) -> dict[str, object]:
        """By native key, what podkit does not know."""
        return {
            f"APE {key}": value.value if isinstance(value, apev2.APEBinaryValue) else str(value)
            for key, value in dict(self._ape).items()
            if key not in _APE
        }

    def save_before(self) -> None:
        """Write the changed APEv2 tag; an ID3v1 tag before it goes to its place behind all."""
        if self._turned and self._v1:
            apev2.delete(self._path)
            with self._path.open("r+b") as out:
                start = out.seek(-_V1, os.SEEK_END)
                if out.read(3) == b"TAG":
                    out.truncate(start)
            self._ape_changed = bool(self._ape) or self._ape_changed
        if self._ape_changed:
            if self._ape:
                self._ape.save(self._path)
            else:
                apev2.delete(self._path)

    def save_after(self) -> None:
        """Put the ID3v1 tag, which was left out before, behind all: only what was set is changed.

        mutagen would derive it anew from ID3v2, and fails on a year that is none.
        """
        if self._v1:
            with self._path.open("ab") as out:
                out.write(self._v1)

    def clear(self) -> None:
        """Remove both tags from the file."""
        self._v1 = bytearray()
        apev2.delete(self._path)


def _before_ape(stream: IO[bytes], length: int, end: bytes) -> bytes:
    """Where an ID3v1 tag may lie before an APEv2 tag at the end of a file (APEv2, "Tags footer")."""
    size, flags = (int.from_bytes(end[at : at + 4], "little") for at in (-20, -12))
    start = length - size - (_FOOT if flags >> 31 else 0) - _V1
    if start < 0:
        return b""
    stream.seek(start)
    return stream.read(_V1)


def _latin(value: str) -> bytes:
    """ID3v1 has Latin-1 only: a text with other letters is left out rather than shown as ????."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return b""
