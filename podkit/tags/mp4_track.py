"""Tracks of MP4 that hold chapters: how one is built, and where and when its samples lie."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from podkit.tags.mp4_boxes import Box, chunks
from podkit.tags.styles import MAX_READ

SCALE = 1000
"""Our tracks count milliseconds."""

_IDENTITY = struct.pack(">9i", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
_EMPTY = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a track is made of: its handler, the box about its kind, how a sample looks, its size."""

    handler: bytes
    about: Box
    entry: Box
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Where a sample lies in the file, and when it begins, in seconds of the movie."""

    offset: int
    size: int
    start: float


TEXT = Look(
    handler=b"text",
    about=Box(
        b"gmhd",
        Box(b"gmin", struct.pack(">I6H", 0, 0x40, 0x8000, 0x8000, 0x8000, 0, 0)).to_bytes()
        + Box(b"text", _IDENTITY).to_bytes(),
    ),
    entry=Box(b"text", struct.pack(">6xHI40x", 1, 1)),  # black on nothing, in the default font
)
"""QuickTime's text (QuickTime File Format, "Chapter Lists" and "Text Media")."""


def jpeg(width: int, height: int) -> Look:
    """Pictures as JPEG (QuickTime File Format, "Video Sample Description")."""
    body = struct.pack(
        ">6xH16xHHII4xH32xHh", 1, width, height, 0x480000, 0x480000, 1, 24, -1
    )  # 72 pixels an inch, one picture a sample, 24 bits, no table of colours
    return Look(
        handler=b"vide",
        about=Box(b"vmhd", struct.pack(">I4H", 1, 0, 0, 0, 0)),
        entry=Box(b"jpeg", body),
        width=width,
        height=height,
    )


def build(
    look: Look,
    number: int,
    shown: int,
    lengths: list[int],
    sizes: list[int],
    edits: list[tuple[int, int]] | None = None,
) -> Box:
    """A track that is not played by itself; its one chunk has no place yet.

    Args:
        look: what it is made of.
        number: its id.
        shown: its length on the movie's clock.
        lengths: milliseconds of each sample.
        sizes: bytes of each sample.
        edits: lengths on the movie's clock and where each begins in the track, in milliseconds, or
            -1 where nothing is shown; None for all of it from the beginning.
    """
    head = struct.pack(">6I16x", 2, 0, 0, number, 0, min(shown, 0xFFFFFFFF))  # not enabled
    size = struct.pack(">II", look.width << 16, look.height << 16)
    here = struct.pack(">II", 0, 1) + Box(b"url ", b"\0\0\0\1").to_bytes()
    mdhd = struct.pack(">5IHH", 0, 0, 0, SCALE, sum(lengths), 0x55C4, 0)
    rows = b"".join(struct.pack(">IiI", *edit, 0x10000) for edit in edits or ())
    elst = Box(b"elst", struct.pack(">II", 0, len(edits or ())) + rows)
    media = Box(
        b"minf",
        boxes=[
            look.about,
            Box(b"dinf", Box(b"dref", here).to_bytes()),
            _table(look, lengths, sizes),
        ],
    )
    hdlr = Box(b"hdlr", struct.pack(">II4s12x", 0, 0, look.handler) + b"\0")
    return Box(
        b"trak",
        boxes=[
            Box(b"tkhd", head + _IDENTITY + size),
            *([Box(b"edts", boxes=[elst])] if edits else []),
            Box(b"mdia", boxes=[Box(b"mdhd", mdhd), hdlr, media]),
        ],
    )


def _table(look: Look, lengths: list[int], sizes: list[int]) -> Box:
    count = len(sizes)
    times = b"".join(struct.pack(">II", 1, n) for n in lengths)
    return Box(
        b"stbl",
        boxes=[
            Box(b"stsd", struct.pack(">II", 0, 1) + look.entry.to_bytes()),
            Box(b"stts", struct.pack(">II", 0, count) + times),
            Box(b"stsc", struct.pack(">5I", 0, 1, 1, count, 1)),
            Box(b"stsz", struct.pack(">3I", 0, 0, count) + struct.pack(f">{count}I", *sizes)),
            Box(b"co64", struct.pack(">IIQ", 0, 1, 0)),
        ],
    )


def samples(track: Box, movie_scale: int) -> list[Sample]:
    """The samples of a track that are shown, in order, at most `MAX_READ`."""
    stbl = track.find(b"mdia", b"minf", b"stbl")
    mdhd = track.find(b"mdia", b"mdhd")
    if stbl is None or mdhd is None:
        return []
    scale = struct.unpack_from(">I", mdhd.payload, 20 if mdhd.payload[:1] == b"\x01" else 12)[0]
    edits = _edits(track, movie_scale or SCALE, scale or SCALE)
    at = 0
    found = []
    for duration, (offset, size) in zip(_durations(stbl), _places(stbl), strict=False):
        start = at / (scale or SCALE)
        for shown, begin, end in edits:
            if begin - 0.0005 <= start < end:
                moved = round(shown + start - begin, 6)
                found.append(Sample(offset=offset, size=size, start=max(moved, 0.0)))
                break
        at += duration
    return found


def _edits(track: Box, movie_scale: int, scale: int) -> list[tuple[float, float, float]]:
    """When each stretch of a track is shown, where it begins and where it ends, in seconds."""
    elst = track.find(b"edts", b"elst")
    if elst is None or elst.payload[:1] != b"\0":
        return [(0.0, 0.0, float("inf"))]
    count = min(struct.unpack_from(">I", elst.payload, 4)[0], MAX_READ)
    found = []
    at = 0
    for number in range(count):
        length, begin = struct.unpack_from(">Ii", elst.payload, 8 + 12 * number)
        if begin != _EMPTY:
            end = begin / scale + length / movie_scale
            found.append((at / movie_scale, begin / scale, end))
        at += length
    return found or [(0.0, 0.0, float("inf"))]


def _durations(stbl: Box) -> list[int]:
    box = stbl.find(b"stts")
    found: list[int] = []
    if box is not None:
        entries = struct.unpack_from(">I", box.payload, 4)[0]
        for number in range(min(entries, MAX_READ)):
            count, delta = struct.unpack_from(">II", box.payload, 8 + 8 * number)
            found += [delta] * min(count, MAX_READ - len(found))
    return found


def _places(stbl: Box) -> list[tuple[int, int]]:
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
