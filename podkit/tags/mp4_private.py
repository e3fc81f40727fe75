"""What an MP4 tells about its making beside its tags: times, names of programs, notes of tracks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from podkit.tags.mp4_boxes import Box, Span, read_moov, spans
from podkit.tags.styles import stored

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)  # ISO/IEC 14496-12, section 8.2.2
_NOTES = frozenset([b"udta", b"meta", b"uuid"])
_USUAL = frozenset(["", "DataHandler", "SoundHandler", "VideoHandler", "SubtitleHandler"])
"""Names of handlers that say nothing: everybody's ffmpeg writes them."""


def listed(moov: Box, layout: list[Span]) -> dict[str, object]:
    """By a name that says where it lies, what `podkit tag --clear` removes beside the tags."""
    found: dict[str, object] = {}
    for span in layout:
        if span.type in {b"uuid", b"meta"}:
            found[f"box {span.type.decode()}"] = f"({span.size} bytes)"
    for box in moov.every(b"uuid"):
        found["moov uuid"] = box.payload
    for number, track in enumerate(moov.every(b"trak"), 1):
        for box in track.boxes:
            if box.type in _NOTES:
                found[f"track {number} {box.type.decode()}"] = box.to_bytes()[8:]
        for handler in track.everywhere(b"hdlr"):
            if (name := _name(handler)) not in _USUAL:
                found[f"track {number} handler"] = name
    if times := [t for box in _timed(moov) if (t := _created(box))]:
        found["creation_time"] = (_EPOCH + timedelta(seconds=max(times))).isoformat()
    return found


def blank(path: Path) -> None:
    """Overwrite times and handlers' names with zeros; the file, a private copy, keeps its length.

    Raises:
        MediaError: the boxes of the file are damaged.
    """
    with path.open("r+b") as stream:
        layout = spans(stream)
        moov = read_moov(stream, layout)
        before = moov.to_bytes()
        for box in _timed(moov):
            width = 8 if box.payload[:1] == b"\x01" else 4
            box.payload = box.payload[:4] + bytes(2 * width) + box.payload[4 + 2 * width :]
        for track in moov.every(b"trak"):
            for handler in track.everywhere(b"hdlr"):
                if _name(handler) not in _USUAL:
                    handler.payload = handler.payload[:24] + bytes(len(handler.payload) - 24)
        after = moov.to_bytes()
        place = next(s for s in layout if s.type == b"moov")
        if after != before and len(after) <= place.size:
            stream.seek(place.end - len(after) + 8)
            stream.write(after[8:])


def _timed(moov: Box) -> Iterator[Box]:
    yield from moov.every(b"mvhd")
    for kind in (b"tkhd", b"mdhd"):
        yield from moov.everywhere(kind)


def _created(box: Box) -> int:
    """Seconds since 1904, of the making or else of the last change."""
    width = 8 if box.payload[:1] == b"\x01" else 4
    made = int.from_bytes(box.payload[4 : 4 + width])
    changed = int.from_bytes(box.payload[4 + width : 4 + 2 * width])
    return min(made or changed, 1 << 36)


def _name(box: Box) -> str:
    """A handler's name: C's string in MP4, Pascal's in QuickTime."""
    body = box.payload[24:]
    if body and body[0] == len(body) - 1:
        body = body[1:]
    return stored(body.split(b"\0")[0].decode(errors="replace"))
