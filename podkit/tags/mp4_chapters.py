"""Chapters in MP4, both ways: Nero's `chpl` list and QuickTime's text track.

Old players and mutagen read the first, Apple's, ffmpeg and browsers the second, which alone knows
links. Neither knows hidden chapters, or an end before the next one's start.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import IO

from podkit.model.chapter import Chapter, in_order
from podkit.tags.mp4_boxes import Box, Span, chunks, read_moov, rewrite, set_chunks, spans
from podkit.tags.styles import MAX_READ, cut, stored

_SCALE = 1000  # the text track counts milliseconds
_NERO_MAX = 255  # chapters, and bytes of a title, that `chpl` can count
_NERO_SECOND = 10_000_000  # `chpl` counts in 100 ns
MAX_LINK = 255
"""Bytes of a link that an `href` box can count."""
_IDENTITY = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_UTF8_MARK = struct.pack(">I4sI", 12, b"encd", 0x100)  # QuickTime: this sample's text is UTF-8
_PRIVATE = frozenset([b"uuid", b"meta", b"free", b"skip", b"wide"])


def read(path: Path) -> tuple[Chapter, ...]:
    """The chapters in order: the text track's, else those of `chpl`.

    Raises:
        MediaError: the boxes of the file are damaged.
    """
    with path.open("rb") as stream:
        moov = read_moov(stream, spans(stream))
        tracks = _chapter_tracks(moov)
        for track in tracks:
            found = _read_track(stream, track)
            if found:
                return found
    return _read_nero(moov)


def write(path: Path, chapters: tuple[Chapter, ...], *, clear: bool = False) -> None:
    """Replace all chapters of a file that is a private copy.

    Args:
        path: the file.
        chapters: what to write; none removes all.
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
    track, samples = _add(moov, ordered) if ordered else (None, b"")

    def tail(position: int) -> bytes:
        if track is None:
            return b""
        stbl = track.find(b"mdia", b"minf", b"stbl")
        if stbl is not None:
            set_chunks(stbl, [position + 8])
        return Box(b"mdat", samples).to_bytes()

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


def _chapter_tracks(moov: Box) -> list[Box]:
    """The text tracks that other tracks name as their chapters."""
    named = {number for track in moov.every(b"trak") for number in _references(track)}
    return [
        track
        for track in moov.every(b"trak")
        if _track_id(track) in named and _handler(track) in {b"text", b"sbtl"}
    ]


def _read_track(stream: IO[bytes], track: Box) -> tuple[Chapter, ...]:
    stbl = track.find(b"mdia", b"minf", b"stbl")
    mdhd = track.find(b"mdia", b"mdhd")
    if stbl is None or mdhd is None:
        return ()
    scale = struct.unpack_from(">I", mdhd.payload, 20 if mdhd.payload[:1] == b"\x01" else 12)[0]
    at = 0
    found = []
    for duration, (offset, size) in zip(_durations(stbl), _samples(stbl), strict=False):
        stream.seek(offset)
        sample = stream.read(min(size, 1 << 16))
        start = round(at / (scale or _SCALE), 6)
        found.append(Chapter(start=start, title=_title(sample), url=_link(sample)))
        at += duration
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


def _durations(stbl: Box) -> list[int]:
    box = stbl.find(b"stts")
    found: list[int] = []
    if box is not None:
        entries = struct.unpack_from(">I", box.payload, 4)[0]
        for number in range(min(entries, MAX_READ)):
            count, delta = struct.unpack_from(">II", box.payload, 8 + 8 * number)
            found += [delta] * min(count, MAX_READ - len(found))
    return found


def _samples(stbl: Box) -> list[tuple[int, int]]:
    """Where each sample lies and how long it is, from `stsz`, `stsc` and the chunk offsets."""
    stsz, stsc = stbl.find(b"stsz"), stbl.find(b"stsc")
    if stsz is None or stsc is None:
        return []
    same, count = struct.unpack_from(">II", stsz.payload, 4)
    count = min(count, MAX_READ)
    sizes = [same] * count if same else list(struct.unpack_from(f">{count}I", stsz.payload, 12))
    runs = [
        struct.unpack_from(">II", stsc.payload, 8 + 12 * number)
        for number in range(min(struct.unpack_from(">I", stsc.payload, 4)[0], MAX_READ))
    ]
    found: list[tuple[int, int]] = []
    for chunk, offset in enumerate(chunks(stbl), 1):
        place = offset
        per_chunk = next((n for first, n in reversed(runs) if first <= chunk), 0)
        for _ in range(min(per_chunk, count - len(found))):
            found.append((place, sizes[len(found)]))
            place += found[-1][1]
        if len(found) >= count:
            break
    return found


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
    gone = _chapter_tracks(moov)
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


def _add(moov: Box, chapters: tuple[Chapter, ...]) -> tuple[Box, bytes]:
    """Put both kinds of chapters into `moov`; gives the new track and its samples."""
    mvhd = moov.find(b"mvhd")
    wide = mvhd is not None and mvhd.payload[:1] == b"\x01"
    form, at = (">IQ", 20) if wide else (">II", 12)
    scale, duration = struct.unpack_from(form, mvhd.payload, at) if mvhd else (_SCALE, 0)
    number = 1 + max((_track_id(track) for track in moov.every(b"trak")), default=0)
    texts = [(c.start, _sample(c.title, c.url)) for c in chapters]
    if round(texts[0][0] * _SCALE):
        texts.insert(0, (0.0, _sample("", "")))
    samples = [sample for _, sample in texts]
    starts = [round(start * _SCALE) for start, _ in texts]
    end = max(round(duration / (scale or _SCALE) * _SCALE), starts[-1] + 1)
    lengths = [after - start for start, after in zip(starts, [*starts[1:], end], strict=True)]
    track = _track(number, round(end / _SCALE * scale), end, lengths, [len(s) for s in samples])
    for other in moov.every(b"trak"):
        if _handler(other) in {b"soun", b"vide"}:
            chap = other.child(b"tref").child(b"chap")
            chap.payload += struct.pack(">I", number)
    last = max(i for i, b in enumerate(moov.boxes) if b.type in {b"trak", b"mvhd"})
    moov.boxes.insert(last + 1, track)
    if mvhd is not None:
        mvhd.payload = mvhd.payload[:-4] + struct.pack(">I", number + 1)
    moov.child(b"udta").boxes.append(_nero(chapters))
    return track, b"".join(samples)


def _nero(chapters: tuple[Chapter, ...]) -> Box:
    listed = chapters[:_NERO_MAX]
    body = struct.pack(">IIB", 0x01000000, 0, len(listed))
    for chapter in listed:
        title = cut(chapter.title, _NERO_MAX)
        body += struct.pack(">QB", round(chapter.start * _NERO_SECOND), len(title)) + title
    return Box(b"chpl", body)


def _track(number: int, shown: int, length: int, lengths: list[int], sizes: list[int]) -> Box:
    """A disabled text track (QuickTime File Format, "Chapter Lists" and "Text Media").

    Args:
        number: the track's id.
        shown: its length on the movie's clock.
        length: its length in milliseconds.
        lengths: milliseconds of each sample.
        sizes: bytes of each sample.
    """
    count = len(sizes)
    sample = struct.pack(">6xHI40x", 1, 1)  # black on nothing, in the default font
    head = struct.pack(">6I16x", 2, 0, 0, number, 0, min(shown, 0xFFFFFFFF))  # not enabled
    here = struct.pack(">II", 0, 1) + Box(b"url ", b"\0\0\0\1").to_bytes()
    stbl = Box(
        b"stbl",
        boxes=[
            Box(b"stsd", struct.pack(">II", 0, 1) + Box(b"text", sample).to_bytes()),
            Box(
                b"stts",
                struct.pack(">II", 0, count) + b"".join(struct.pack(">II", 1, n) for n in lengths),
            ),
            Box(b"stsc", struct.pack(">5I", 0, 1, 1, count, 1)),
            Box(b"stsz", struct.pack(">3I", 0, 0, count) + struct.pack(f">{count}I", *sizes)),
            Box(b"co64", struct.pack(">IIQ", 0, 1, 0)),
        ],
    )
    gmin = Box(b"gmin", struct.pack(">I6H", 0, 0x40, 0x8000, 0x8000, 0x8000, 0, 0))
    media = Box(
        b"minf",
        boxes=[
            Box(b"gmhd", gmin.to_bytes() + Box(b"text", _IDENTITY).to_bytes()),
            Box(b"dinf", Box(b"dref", here).to_bytes()),
            stbl,
        ],
    )
    return Box(
        b"trak",
        boxes=[
            Box(b"tkhd", head + _IDENTITY + b"\0" * 8),
            Box(
                b"mdia",
                boxes=[
                    Box(b"mdhd", struct.pack(">5IHH", 0, 0, 0, _SCALE, length, 0x55C4, 0)),
                    Box(b"hdlr", struct.pack(">II4s12x", 0, 0, b"text") + b"\0"),
                    media,
                ],
            ),
        ],
    )
