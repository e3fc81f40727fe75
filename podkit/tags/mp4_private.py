"""What an MP4 tells about its making beside its tags: times, names of programs, notes of tracks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from podkit.tags.mp4_boxes import Box, Span, read_moov, spans
from podkit.tags.styles import stored

_EPOCH = datetime(1904, 1, 1, tzinfo=UTC)  # ISO/IEC 14496-12, section 8.2.2
_PLAYED = frozenset(
    [
        b"vide",
        b"soun",
        b"text",
        b"sbtl",
        b"subt",
        b"clcp",
        b"subp",
        b"hint",
        b"pict",
        b"auxv",
        b"tmcd",
    ]
)
_DECIDING = (b"Planar Y'CbCr", b"Sorenson H263")  # names by which decoders choose how to read
_NOTES = frozenset([b"udta", b"meta", b"uuid"])
_USUAL = frozenset(
    ["", "DataHandler", "SoundHandler", "VideoHandler", "SubtitleHandler", "FFMP", "appl"]
)
"""Names of handlers and makers that say nothing: everybody's ffmpeg, or QuickTime, writes them."""


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
        for name, start, end in _makers(track):
            maker = _stsd(track)[start:end].lstrip(bytes(range(32))).strip(b"\0")
            if (text := stored(maker.decode(errors="replace"))) not in _USUAL:
                found[f"track {number} {name}"] = text
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
            for _, start, end in _makers(track):
                entries = track.find(b"mdia", b"minf", b"stbl", b"stsd")
                if entries is not None:
                    old = entries.payload
                    entries.payload = old[:start] + bytes(end - start) + old[end:]
        after = moov.to_bytes()
        place = next(s for s in layout if s.type == b"moov")
        if after != before and len(after) <= place.size:
            stream.seek(place.end - len(after) + 8)
            stream.write(after[8:])


def data_tracks(moov: Box) -> tuple[str, ...]:
    """Which tracks hold neither sound, pictures nor text, as `track 3 (gpmd)`.

    Cameras keep what they measured there, the place among it: GoPro's `gpmd`, Google's `camm`,
    Apple's `mebx`, Sony's `rtmd`.
    """
    found = []
    for number, track in enumerate(moov.every(b"trak"), 1):
        handler = track.find(b"mdia", b"hdlr")
        if handler is not None and handler.payload[8:12] not in _PLAYED:
            kind = stored(_stsd(track)[12:16].decode("latin-1"))
            found.append(f"track {number}" + (f" ({kind})" if kind else ""))
    return tuple(found)


def _stsd(track: Box) -> bytes:
    """The descriptions of a track's samples (ISO/IEC 14496-12, section 8.5.2)."""
    found = track.find(b"mdia", b"minf", b"stbl", b"stsd")
    return b"" if found is None else found.payload


def _makers(track: Box) -> Iterator[tuple[str, int, int]]:
    """What the descriptions say of the program that encoded a track: a name, and where it lies.

    QuickTime has its maker's four letters there, where MP4 has zeros, and pictures a name of 32 bytes
    (section 12.1.3; QuickTime File Format, "Sound and Video Sample Description").
    """
    handler = track.find(b"mdia", b"hdlr")
    kind = b"" if handler is None else handler.payload[8:12]
    if kind not in {b"vide", b"soun"}:
        return
    content, at = _stsd(track), 8
    while at + 16 <= len(content):
        size = int.from_bytes(content[at : at + 4])
        if size < 16 or at + size > len(content):
            return
        places = [("vendor", at + 20, at + 24)]
        if kind == b"vide":
            places.append(("compressor", at + 50, at + 82))
        for name, start, end in places:
            maker = content[start:end]
            needed = name == "compressor" and maker[1:].startswith(_DECIDING)
            if end <= at + size and any(maker) and not needed:
                yield name, start, end
        at += size


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
