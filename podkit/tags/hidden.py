"""Notes in a file that its tags do not show, and that only `clear` removes; and versions of ID3."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any

import mutagen
from mutagen import apev2, oggopus

from podkit.tags.chunks import KEPT, chunks_of
from podkit.tags.mp4_boxes import Box, read_moov, spans
from podkit.tags.styles import listed

_ID3V1 = 128  # bytes at the very end (id3.org, ID3v1)
_ID3_CHUNKS = frozenset([b"id3 ", b"ID3 "])
_TOP = frozenset([b"uuid", b"meta"])
_SHOWN = frozenset([b"meta", b"chpl"])  # in moov/udta: the items and the chapters


def hidden_notes(path: Path, kind: str) -> dict[str, str]:
    """By place, what `clear` removes beside tags, chapters and pictures.

    Args:
        path: the file.
        kind: how it is tagged, as `styles.kind_of` says.
    """
    with path.open("rb") as stream:
        if kind == "id3":
            return listed({**_ape(path), **_id3v1(stream)})
        if kind in KEPT:
            return listed(_chunks(stream, kind))
        if kind == "mp4":
            return listed(_boxes(stream))
        if kind == "flac" and stream.read(3) == b"ID3":
            return {"ID3 tag": "in front of the FLAC stream"}
    if kind == "opus":
        tags: Any = oggopus.OggOpus(path).tags
        if tags._pad_data:  # noqa: SLF001 (nothing else tells)
            return listed({"behind the comments": bytes(tags._pad_data)})  # noqa: SLF001 (likewise)
    return {}


def version_change(path: Path, kind: str, wanted: str | None, *, changes: bool) -> str:
    """The change of ID3's version that a write brings, as `2.4 → 2.3`; empty when none.

    Args:
        path: the file.
        kind: how it is tagged.
        wanted: the version asked for, None to keep the file's own where podkit can write it.
        changes: whether the file is written at all when no version is asked for.
    """
    if kind != "id3":
        return ""
    with path.open("rb") as stream:
        head = stream.read(4)
    if not head.startswith(b"ID3"):
        return ""
    found = f"2.{head[3]}"
    new = wanted or ("2.3" if found == "2.2" and changes else found)
    return f"{found} → {new}" if new != found else ""


def _ape(path: Path) -> dict[str, object]:
    try:
        found: Any = apev2.APEv2(path)
    except mutagen.MutagenError:
        return {}
    return {f"APE {key}": value for key, value in found.items()}


def _id3v1(stream: IO[bytes]) -> dict[str, object]:
    length = stream.seek(0, os.SEEK_END)
    if length < _ID3V1:
        return {}
    stream.seek(-_ID3V1, os.SEEK_END)
    found = stream.read(_ID3V1)
    text = found[3:].replace(b"\0", b" ").decode("latin-1")
    return {"ID3v1": " ".join(text.split())} if found.startswith(b"TAG") else {}


def _chunks(stream: IO[bytes], kind: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, start, size in chunks_of(stream, "<I" if kind == "wave" else ">I"):
        if name not in KEPT[kind] and name not in _ID3_CHUNKS:
            stream.seek(start)
            found[f"chunk {name.decode('latin-1').strip()}"] = stream.read(min(size, 1 << 16))
    return found


def _boxes(stream: IO[bytes]) -> dict[str, object]:
    layout = spans(stream)
    moov = read_moov(stream, layout)
    found: dict[str, object] = {
        f"box {_word(span.type)}": f"({span.size} bytes)" for span in layout if span.type in _TOP
    }
    for box in moov.boxes:
        if box.type in _TOP:
            found[f"box moov/{_word(box.type)}"] = box.payload
        if box.type == b"udta":
            found |= {
                f"box udta/{_word(b.type)}": b.payload for b in box.boxes if b.type not in _SHOWN
            }
    for number, track in enumerate(moov.every(b"trak"), 1):
        for box in track.boxes:
            if box.type in {b"udta", *_TOP}:
                found[f"box track {number}/{_word(box.type)}"] = _whole(box)
    return found


def _whole(box: Box) -> bytes:
    return b"".join(b.payload for b in box.boxes) + box.payload


def _word(kind: bytes) -> str:
    return kind.decode("latin-1").replace("\xa9", "©")
