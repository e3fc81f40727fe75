"""What WAV and AIFF files say beside ID3: RIFF's INFO list and AIFF's text chunks.

Readers such as ffmpeg show these as well as ID3, so a changed field is changed in both.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO

from podkit.errors import MediaError
from podkit.tags import chunks
from podkit.tags.chunks import Chunk
from podkit.tags.styles import stored

MAX_NOTES = 1 << 20
"""Bytes of one chunk of notes that are still read."""

_KEYS = {
    "wave": {
        b"INAM": "title",
        b"IART": "artist",
        b"IPRD": "album",
        b"ICRD": "date",
        b"ICMT": "comment",
        b"ICOP": "copyright",
        b"IGNR": "genre",
        b"IPRT": "track",
        b"ITRK": "track",
        b"ILNG": "language",
        b"IKEY": "keywords",
        b"IPUB": "publisher",
        b"ITCH": "encoded_by",
    },
    "aiff": {b"NAME": "title", b"AUTH": "artist", b"(c) ": "copyright", b"ANNO": "comment"},
}
_QUIET = frozenset(
    [b"fmt ", b"data", b"fact", b"COMM", b"SSND", b"FVER", b"PEAK", b"ID3 ", b"id3 ", b"JUNK"]
)
"""Chunks that are sound, ID3, or nothing."""


class ChunkNotes:
    """The notes of one file outside of ID3; nothing reaches the disk before `save_before`."""

    def __init__(self, path: Path, kind: str) -> None:
        self._path = path
        self._kind = kind
        self._keys = _KEYS[kind]
        self._texts: list[tuple[Chunk, bytes, bytes]] = []
        self._rest: dict[str, object] = {}
        self._changed: set[int] = set()
        self._torn = ""
        with path.open("rb") as stream:
            length = path.stat().st_size
            for chunk in chunks.find(stream, kind):
                self._look(stream, chunk)
                if chunk.start + chunk.size > length:
                    self._torn = _name(chunk.name)

    def _look(self, stream: IO[bytes], chunk: Chunk) -> None:
        stream.seek(chunk.start)
        if chunk.size > MAX_NOTES:
            if chunk.name not in _QUIET:
                self._rest[_named(chunk.name)] = f"({chunk.size} bytes)"
        elif chunk.name == b"LIST" and stream.read(4) == b"INFO":
            self._texts += [
                (chunk, key, text) for key, text in _items(stream.read(max(chunk.size - 4, 0)))
            ]
        elif chunk.name in self._keys:
            self._texts.append((chunk, chunk.name, stream.read(chunk.size)))
        elif chunk.name not in _QUIET:
            stream.seek(chunk.start)
            self._rest[_named(chunk.name)] = stream.read(chunk.size)

    def move(self, copy: Path) -> None:
        """Go on with a copy of the file, which has the same in the same places."""
        self._path = copy

    def fields(self) -> dict[str, str]:
        """The fields that podkit knows."""
        found: dict[str, str] = {}
        for _, key, text in self._texts:
            name = self._keys.get(key)
            if name and (words := _words(text)):
                found.setdefault(name, words)
        return found

    def set_field(self, name: str, value: str) -> None:
        """Change a field where it is there; an empty value removes it."""
        kept = []
        for chunk, key, text in self._texts:
            if self._keys.get(key) != name:
                kept.append((chunk, key, text))
                continue
            self._changed.add(chunk.start)
            if value:
                kept.append((chunk, key, value.encode()))
        self._texts = kept

    def other(self) -> dict[str, object]:
        """By native key, what podkit does not know."""
        found = dict(self._rest)
        for _, key, text in self._texts:
            if key not in self._keys:
                found[f"INFO {_name(key)}"] = _words(text)
        return found

    def save_before(self) -> None:
        """Write what was changed to the file, which is a private copy.

        Raises:
            MediaError: a chunk says it is longer than the file, so that nothing can follow it.
        """
        if self._torn:
            raise MediaError(
                f"its chunk {self._torn!r} says it is longer than the file",
                hint="`podkit transcode -p copy` makes a whole file of its sound, with new tags",
            )
        if self._changed:
            chunks.replace(self._path, self._kind, {at: self._body(at) for at in self._changed})
            self._changed = set()

    def save_after(self) -> None:
        """Nothing is left to do behind ID3."""

    def clear(self) -> None:
        """Leave only the sound in the file."""
        self._changed = set()
        chunks.keep_sound(self._path, self._kind)

    def _body(self, start: int) -> bytes | None:
        texts = [(key, text) for chunk, key, text in self._texts if chunk.start == start]
        if not texts:
            return None
        if self._kind == "aiff":
            return texts[0][1]
        body = b"INFO"
        for key, text in texts:
            ended = text.rstrip(b"\0") + b"\0"
            body += key + struct.pack("<I", len(ended)) + ended + b"\0" * (len(ended) % 2)
        return body


def _items(body: bytes) -> list[tuple[bytes, bytes]]:
    found = []
    at = 0
    while len(body) - at >= 8:
        key, size = struct.unpack_from("<4sI", body, at)
        found.append((key, body[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def _words(text: bytes) -> str:
    """INFO names no encoding: UTF-8 is what writers of today put there, Latin-1 the older ones."""
    try:
        return stored(text.rstrip(b"\0").decode())
    except UnicodeDecodeError:
        return stored(text.rstrip(b"\0").decode("latin-1"))


def _name(key: bytes) -> str:
    return key.decode("latin-1").strip()


def _named(key: bytes) -> str:
    return f"chunk {_name(key)}"
