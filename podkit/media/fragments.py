"""Where the fragments of an MP4 lie and how long they last: ISO/IEC 14496-12, 8.8, read box by box.

Only what podkit's own encodes hold is understood: one track, a `moov`, then pairs of `moof` and `mdat`.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

from podkit import files
from podkit.errors import DamagedMediaError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HOLDS_BOXES = frozenset([b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"traf"])
_HEAD_BYTES = 16 << 20  # a moov or moof of podkit's own is far smaller
_NO_SYNC = 0x00010000  # sample_is_non_sync_sample (8.8.3.1)
# Optional fields of tfhd (8.8.7) and of each sample in trun (8.8.8), by flag.
_TFHD = {0x1: 8, 0x2: 4, 0x8: 4, 0x10: 4, 0x20: 4}
_DURATION, _SIZE, _FLAGS, _OFFSET = 0x100, 0x200, 0x400, 0x800


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """One `moof` with its `mdat`: where it lies in bytes; when it is shown, in ticks of the track.

    `samples` are its frames; `keyframe` is whether the first can be decoded without another.
    """

    offset: int
    bytes: int
    start: int
    duration: int
    samples: int
    keyframe: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragmented:
    """A fragmented MP4 of one track: `head` bytes that come first, `timescale` ticks per second.

    `codec` as RFC 6381 names H.264 pictures ("avc1.64001f"); empty for sound.
    """

    head: int
    bytes: int
    timescale: int
    codec: str
    fragments: tuple[Fragment, ...]

    @property
    def seconds(self) -> float:
        """How long all fragments last."""
        return sum(fragment.duration for fragment in self.fragments) / self.timescale


def read(path: Path) -> Fragmented:
    """What a file of podkit's own consists of.

    Raises:
        DamagedMediaError: it is not made of a head and whole fragments.
        FileError: it cannot be read.
    """
    with files.open_regular(path) as stream, files.translating(path, "read"):
        try:
            return _read(stream)
        except (struct.error, ValueError, LookupError) as error:
            raise DamagedMediaError(f"its fragments cannot be read: {error}", where=path) from error


def _read(stream: IO[bytes]) -> Fragmented:
    head, timescale, codec = 0, 0, ""
    defaults = _Defaults()
    found: list[Fragment] = []
    waiting: Fragment | None = None
    for kind, at, size, body in _top(stream):
        if kind == b"moov":
            boxes = dict(_boxes(body))
            timescale, codec, head = _timescale(boxes[b"mdhd"]), _codec(body), at + size
            defaults = _Defaults.of(boxes.get(b"trex", b"\0" * 24))
        elif kind == b"moof":
            if not head or waiting is not None:
                raise ValueError("a fragment without its pictures or sound")
            waiting = _fragment(body, at, size, defaults)
        elif kind == b"mdat" and waiting is not None:
            found.append(replace(waiting, bytes=waiting.bytes + size))
            waiting = None
    if waiting is not None or not found or not timescale:
        raise ValueError("it has no whole fragment" if not found else "the last one is cut")
    end = found[-1].offset + found[-1].bytes
    return Fragmented(
        head=head, bytes=end, timescale=timescale, codec=codec, fragments=tuple(found)
    )


def _top(stream: IO[bytes]) -> Iterator[tuple[bytes, int, int, bytes]]:
    """Kind, offset, size and (but for `mdat`) content of each box of the file."""
    at, end = 0, stream.seek(0, 2)
    while at < end:
        stream.seek(at)
        head = stream.read(16)
        size, kind = struct.unpack_from(">I4s", head)
        skip = 8
        if size == 1:
            (size,), skip = struct.unpack_from(">Q", head, 8), 16
        if size < skip or at + size > end:
            raise ValueError(f"a box ends {at + size - end} bytes behind the file")
        body = b""
        if kind in {b"moov", b"moof"}:
            if size > _HEAD_BYTES:
                raise ValueError(f"a head of {size} bytes")
            stream.seek(at + skip)
            body = stream.read(size - skip)
        yield kind, at, size, body
        at += size


def _boxes(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and content of each box inside, those of its boxes too."""
    at = 0
    while at + 8 <= len(body):
        size, kind = struct.unpack_from(">I4s", body, at)
        if size < 8 or at + size > len(body):
            raise ValueError("a box that is longer than what holds it")
        inner = body[at + 8 : at + size]
        if kind in _HOLDS_BOXES:
            yield from _boxes(inner)
        else:
            yield kind, inner
        at += size


def _timescale(mdhd: bytes) -> int:
    return int(struct.unpack_from(">I", mdhd, 20 if mdhd[0] == 1 else 12)[0])


def _codec(moov: bytes) -> str:
    """Profile, constraints and level as `avcC` has them (ISO/IEC 14496-15, 5.3.3.1.2)."""
    at = moov.find(b"avcC")
    return "" if at < 0 else "avc1." + moov[at + 5 : at + 8].hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Defaults:
    """What a sample has that says nothing of its own (8.8.3)."""

    duration: int = 0
    flags: int = 0

    @classmethod
    def of(cls, trex: bytes) -> _Defaults:
        duration, _, flags = struct.unpack_from(">III", trex, 12)
        return cls(duration=duration, flags=flags)


def _fragment(moof: bytes, at: int, size: int, defaults: _Defaults) -> Fragment:
    boxes = list(_boxes(moof))
    named = dict(boxes)
    own = _own_defaults(named[b"tfhd"], defaults)
    wide = named[b"tfdt"][0] == 1
    (start,) = struct.unpack_from(">Q" if wide else ">I", named[b"tfdt"], 4)
    runs = [_run(body, own) for kind, body in boxes if kind == b"trun"]
    _, _, keyframe, shown = runs[0]
    return Fragment(
        offset=at,
        bytes=size,
        start=start + shown,
        duration=sum(duration for _, duration, _, _ in runs),
        samples=sum(count for count, _, _, _ in runs),
        keyframe=keyframe,
    )


def _own_defaults(tfhd: bytes, defaults: _Defaults) -> _Defaults:
    flags = int.from_bytes(tfhd[1:4], "big")
    at, found = 8, {}
    for flag, size in _TFHD.items():
        if flags & flag:
            found[flag] = int.from_bytes(tfhd[at : at + size], "big")
            at += size
    return _Defaults(
        duration=found.get(0x8, defaults.duration), flags=found.get(0x20, defaults.flags)
    )


def _run(trun: bytes, own: _Defaults) -> tuple[int, int, bool, int]:
    """Samples, their ticks, whether the first is a keyframe, and how much later it is shown."""
    version, flags = trun[0], int.from_bytes(trun[1:4], "big")
    (count,) = struct.unpack_from(">I", trun, 4)
    at = 12 if flags & 0x1 else 8
    first = own.flags
    if flags & 0x4:
        (first,) = struct.unpack_from(">I", trun, at)
        at += 4
    fields = [flag for flag in (_DURATION, _SIZE, _FLAGS, _OFFSET) if flags & flag]
    words = struct.unpack_from(f">{len(fields) * count}I", trun, at)
    columns = {flag: words[n :: len(fields)] for n, flag in enumerate(fields)}
    duration = sum(columns[_DURATION]) if _DURATION in columns else own.duration * count
    if _FLAGS in columns and not flags & 0x4:
        first = columns[_FLAGS][0]
    shown = columns[_OFFSET][0] if _OFFSET in columns else 0
    if version == 1 and shown >= 1 << 31:
        shown -= 1 << 32
    return count, duration, not first & _NO_SYNC, shown
