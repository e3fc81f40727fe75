"""Chapters in MP4, both ways: Nero's `chpl` list and QuickTime's text track.

Old players and mutagen read the first, Apple's, ffmpeg and browsers the second, which alone knows
links, and pictures in a track of their own. Neither knows hidden chapters, or an end before the
next one's start.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from podkit.model.chapter import Chapter, in_order
from podkit.model.media import Picture
from podkit.tags import mp4_pictures, mp4_track
from podkit.tags.mp4_boxes import Box, Span, chunks, read_moov, rewrite, set_chunks, spans
from podkit.tags.styles import cut, stored

_SCALE = mp4_track.SCALE
_NERO_MAX = 255  # chapters, and bytes of a title, that `chpl` can count
_NERO_SECOND = 10_000_000  # `chpl` counts in 100 ns
MAX_LINK = 255
"""Bytes of a link that an `href` box can count."""
_UTF8_MARK = struct.pack(">I4sI", 12, b"encd", 0x100)  # QuickTime: this sample's text is UTF-8
_TITLES, _PICTURES = frozenset([b"text", b"sbtl"]), frozenset([b"vide"])
_PRIVATE = frozenset([b"uuid", b"meta", b"free", b"skip", b"wide"])


def read(path: Path) -> tuple[tuple[Chapter, ...], dict[str, Picture]]:
    """The chapters in order, the text track's, else those of `chpl`; and their pictures by name.

    Raises:
        MediaError: the boxes of the file are damaged.
    """
    with path.open("rb") as stream:
        moov = read_moov(stream, spans(stream))
        scale, _ = _clock(moov)
        for track in _chapter_tracks(moov, _TITLES):
            found = _read_track(stream, track, scale)
            if found:
                return mp4_pictures.read(stream, _chapter_tracks(moov, _PICTURES), scale, found)
    return _read_nero(moov), {}


def write(
    path: Path,
    chapters: tuple[Chapter, ...],
    pictures: Mapping[str, Picture],
    *,
    clear: bool = False,
) -> None:
    """Replace all chapters of a file that is a private copy.

    Args:
        path: the file.
        chapters: what to write; none removes all.
        pictures: JPEGs, by the names that chapters give them.
        clear: remove every other box of notes as well: `udta` and `meta` of the file and of its
            tracks, `uuid` and free space.

    Raises:
        MediaError: the boxes of the file are damaged, or it is a fragmented one.
    """
    with path.open("rb") as stream:
        layout = spans(stream)
        moov = read_moov(stream, layout)
    drop = _remove(moov, layout)
    if clear:
        for box in (moov, *moov.every(b"trak")):
            box.boxes = [b for b in box.boxes if b.type not in {b"udta", *_PRIVATE}]
        drop += [s for s in layout if s.type in _PRIVATE]
    ordered = in_order(chapters)
    added = _add(moov, ordered, dict(pictures)) if ordered else []

    def tail(position: int) -> bytes:
        at = position + 8
        for track, samples in added:
            stbl = track.find(b"mdia", b"minf", b"stbl")
            if stbl is not None:
                set_chunks(stbl, [at])
            at += len(samples)
        return Box(b"mdat", b"".join(s for _, s in added)).to_bytes() if added else b""

    rewrite(path, layout, moov, drop=drop, tail=tail)


def _handler(track: Box) -> bytes:
    box = track.find(b"mdia", b"hdlr")
    return box.payload[8:12] if box else b""


def _track_id(track: Box) -> int:
    box = track.find(b"tkhd")
    if box is None:
        return 0
    at = 20 if box.payload[:1] == b"\x01" else 12
    return int(struct.unpack_from(">I", box.payload, at)[0])


def _references(track: Box) -> tuple[int, ...]:
    box = track.find(b"tref", b"chap")
    if box is None:
        return ()
    return struct.unpack(f">{len(box.payload) // 4}I", box.payload[: len(box.payload) // 4 * 4])


def _chapter_tracks(moov: Box, handlers: frozenset[bytes]) -> list[Box]:
    """The tracks of these kinds that other tracks name as their chapters."""
    named = {number for track in moov.every(b"trak") for number in _references(track)}
    return [
        track
        for track in moov.every(b"trak")
        if _track_id(track) in named and _handler(track) in handlers
    ]


def _clock(moov: Box) -> tuple[int, int]:
    """Ticks a second of the movie's clock, and its length in them."""
    mvhd = moov.find(b"mvhd")
    if mvhd is None:
        return mp4_track.SCALE, 0
    form, at = (">IQ", 20) if mvhd.payload[:1] == b"\x01" else (">II", 12)
    scale, duration = struct.unpack_from(form, mvhd.payload, at)
    return scale or mp4_track.SCALE, duration


def _read_track(stream: IO[bytes], track: Box, scale: int) -> tuple[Chapter, ...]:
    found = []
    for place in mp4_track.samples(track, scale):
        stream.seek(place.offset)
        sample = stream.read(min(place.size, 1 << 16))
        found.append(Chapter(start=place.start, title=_title(sample), url=_link(sample)))
    if found and not found[0].title and len(found) > 1:
        del found[0]  # the silence before a first chapter that does not start at zero
    return tuple(found)


def _title(sample: bytes) -> str:
    length = int.from_bytes(sample[:2])
    text = sample[2 : 2 + length]
    encoding = "utf-16" if text[:2] in {b"\xfe\xff", b"\xff\xfe"} else "utf-8"
    return stored(text.decode(encoding, "replace"))


def _link(sample: bytes) -> str:
    """The link behind a sample's text: its first `href` box (3GPP TS 26.245, 5.17.1.5)."""
    at = 2 + int.from_bytes(sample[:2])
    while len(sample) - at >= 8:
        size, kind = struct.unpack_from(">I4s", sample, at)
        if kind == b"href" and size >= 13:
            body = sample[at + 8 : at + size]
            return stored(body[5 : 5 + body[4]].decode(errors="replace")) if len(body) > 5 else ""
        at += max(size, 8)
    return ""


def _sample(title: str, url: str) -> bytes:
    text = cut(title)
    link = url.encode()
    href = struct.pack(">HHB", 0, len(text.decode()), len(link)) + link + b"\0"
    return (
        struct.pack(">H", len(text))
        + text
        + _UTF8_MARK
        + (Box(b"href", href).to_bytes() if link else b"")
    )


def _read_nero(moov: Box) -> tuple[Chapter, ...]:
    box = moov.find(b"udta", b"chpl")
    if box is None or len(box.payload) < 9:
        return ()
    body = box.payload
    at = 9 if body[0] else 5  # version 0 has no reserved word
    found = []
    for _ in range(body[at - 1]):
        if len(body) - at < 9:
            break
        start, length = struct.unpack_from(">QB", body, at)
        title = body[at + 9 : at + 9 + length].decode(errors="ignore")
        found.append(Chapter(start=start / _NERO_SECOND, title=stored(title)))
        at += 9 + length
    return in_order(tuple(found))


def _remove(moov: Box, layout: list[Span]) -> list[Span]:
    """Take all chapters out of `moov`; gives the boxes at the top that held nothing else."""
    if udta := moov.find(b"udta"):
        udta.boxes = [b for b in udta.boxes if b.type != b"chpl"]
    gone = _chapter_tracks(moov, _TITLES | _PICTURES)
    numbers = {_track_id(track) for track in gone}
    places = {
        offset
        for track in gone
        if (b := track.find(b"mdia", b"minf", b"stbl"))
        for offset in chunks(b)
    }
    moov.boxes = [b for b in moov.boxes if not any(b is track for track in gone)]
    for track in moov.every(b"trak"):
        left = [number for number in _references(track) if number not in numbers]
        tref = track.find(b"tref")
        if tref is not None:
            tref.boxes = [b for b in tref.boxes if b.type != b"chap"]
            if left:
                tref.boxes.append(Box(b"chap", struct.pack(f">{len(left)}I", *left)))
            track.boxes = [b for b in track.boxes if b is not tref or tref.boxes]
    others = [offset for stbl in moov.everywhere(b"stbl") for offset in chunks(stbl)]
    return [
        span
        for span in layout
        if span.type == b"mdat"
        and any(span.start <= place < span.end for place in places)
        and not any(span.start <= offset < span.end for offset in others)
    ]


def _add(
    moov: Box, chapters: tuple[Chapter, ...], pictures: dict[str, Picture]
) -> list[tuple[Box, bytes]]:
    """Put both kinds of chapters into `moov`; gives the new tracks and their samples."""
    scale, duration = _clock(moov)
    number = 1 + max((_track_id(track) for track in moov.every(b"trak")), default=0)
    texts = [(c.start, _sample(c.title, c.url)) for c in chapters]
    if round(texts[0][0] * _SCALE):
        texts.insert(0, (0.0, _sample("", "")))
    samples = [sample for _, sample in texts]
    starts = [round(start * _SCALE) for start, _ in texts]
    end = max(round(duration / scale * _SCALE), starts[-1] + 1)
    lengths = [after - start for start, after in zip(starts, [*starts[1:], end], strict=True)]
    shown = round(end / _SCALE * scale)
    track = mp4_track.build(mp4_track.TEXT, number, shown, lengths, [len(s) for s in samples])
    added = [(track, b"".join(samples))]
    strip = mp4_pictures.build(chapters, pictures, number=number + 1, scale=scale, end=end)
    if strip is not None:
        added.append((strip.track, strip.samples))
    _insert(moov, [one for one, _ in added], number)
    moov.child(b"udta").boxes.append(_nero(chapters))
    return added


def _insert(moov: Box, tracks: list[Box], number: int) -> None:
    """Put tracks with IDs from `number` behind the others, which name them as their chapters."""
    ids = range(number, number + len(tracks))
    for other in moov.every(b"trak"):
        if _handler(other) in {b"soun", b"vide"}:
            chap = other.child(b"tref").child(b"chap")
            chap.payload += struct.pack(f">{len(ids)}I", *ids)
    last = max(i for i, b in enumerate(moov.boxes) if b.type in {b"trak", b"mvhd"})
    moov.boxes[last + 1 : last + 1] = tracks
    mvhd = moov.find(b"mvhd")
    if mvhd is not None:
        mvhd.payload = mvhd.payload[:-4] + struct.pack(">I", ids.stop)


def _nero(chapters: tuple[Chapter, ...]) -> Box:
    listed = chapters[:_NERO_MAX]
    body = struct.pack(">IIB", 0x01000000, 0, len(listed))
    for chapter in listed:
        title = cut(chapter.title, _NERO_MAX)
        body += struct.pack(">QB", round(chapter.start * _NERO_SECOND), len(title)) + title
    return Box(b"chpl", body)
