"""How long WAV and AIFF files say they are, and which of their sizes mean "unknown"."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import IO

_SLACK = 8  # writers count the eight bytes of the first header, or a byte of padding, or not
_NEAR = 4096  # writers to a pipe put the largest size that fits, less some headers
_CHUNKS = 10_000
_ALL_ONES = 0xFFFFFFFF
_LINEAR = frozenset([1, 3, 6, 7])  # integers, floats, A-law, µ-law: every second has equal bytes
_EXTENSIBLE = 0xFFFE  # the kind stands in the GUID that follows (KSDATAFORMAT_SUBTYPE)


_STRAY = 4096  # bytes behind the sound that nobody misses


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """Sizes in bytes as they are declared: `whole` of the file, `sound` from `begins` on.

    `seconds` as declared. None is unknown.
    """

    whole: int | None = None
    begins: int = 0
    sound: int | None = None
    seconds: float | None = None


def wav_fault(stream: IO[bytes], size: int) -> str:
    """What a RIFF, RF64 or BW64 file lacks (Multimedia Programming Interface 1.0; EBU Tech 3306)."""
    form = _wav(stream, size)
    return _missing(form, size) or _beyond(stream, form, size)


def _beyond(stream: IO[bytes], form: _Form, size: int) -> str:
    """What lies behind the sound and is no chunk: sound that a recorder did not come to count."""
    if form.sound is None:
        return ""
    after = form.begins + form.sound + form.sound % 2
    if size - after <= _STRAY:
        return ""
    stream.seek(after)
    name = stream.read(4)
    if len(name) == 4 and all(0x20 <= byte < 0x7F for byte in name):
        return ""
    return f"{size - after} bytes behind its sound are in no chunk: its header counts too little"


def overflows(stream: IO[bytes], size: int) -> bool:
    """Whether a WAV file is larger than its sizes can tell, which began at 0 again."""
    whole = _wav(stream, size).whole
    return whole is not None and size - whole >= (1 << 32) - _NEAR


def wav_seconds(stream: IO[bytes], size: int) -> float | None:
    """The seconds that a WAV file's data chunk promises."""
    return _wav(stream, size).seconds


def aiff_fault(stream: IO[bytes], size: int) -> str:
    """What an AIFF or AIFF-C file lacks (Apple, Audio Interchange File Format 1.3)."""
    return _missing(_aiff(stream, size), size)


def aiff_seconds(stream: IO[bytes], size: int) -> float | None:
    """The seconds that an AIFF file's common chunk promises."""
    return _aiff(stream, size).seconds


def _missing(form: _Form, size: int) -> str:
    if form.sound is not None and form.begins + form.sound > size + _SLACK:
        return f"{form.begins + form.sound - size} bytes of its sound are missing"
    if form.whole is not None and form.whole > size + _SLACK:
        return f"its last {form.whole - size} bytes are missing"
    return ""


def _unknown(size: int) -> bool:
    """Whether a size is what is left when nobody came back to write it: 0, about 2 or 4 GiB."""
    return size == 0 or abs(size - (1 << 31)) <= _NEAR or (1 << 32) - size <= _NEAR


def _wav(stream: IO[bytes], size: int) -> _Form:
    stream.seek(0)
    head = stream.read(12)
    whole: int | None = int.from_bytes(head[4:8], "little")
    long_whole = long_sound = None
    layout, at = b"", 12
    for _ in range(_CHUNKS):
        stream.seek(at)
        chunk = stream.read(8)
        if len(chunk) < 8:
            break
        name, length = chunk[:4], int.from_bytes(chunk[4:], "little")
        if name == b"ds64" and length >= 16:
            long_whole, long_sound = struct.unpack("<QQ", stream.read(16).ljust(16, b"\0"))
        elif name == b"fmt ":
            layout = stream.read(min(length, 40))
        elif name == b"data":
            sound: int | None = length
            if head[:4] != b"RIFF" and length == _ALL_ONES and long_sound is not None:
                sound, whole = long_sound, long_whole
            elif _unknown(length):
                sound = None
            if whole is not None and (_unknown(whole) or whole >= 1 << 63):
                whole = None
            if sound is not None and not 0 < sound < 1 << 63:
                sound = None
            return _Form(
                whole=None if whole is None or sound is None else whole + 8,
                begins=at + 8,
                sound=sound,
                seconds=_linear_seconds(layout, sound),
            )
        at += 8 + length + length % 2
    return _Form() if at <= size else _Form(whole=at)


def _linear_seconds(layout: bytes, sound: int | None) -> float | None:
    if sound is None or len(layout) < 16:
        return None
    kind, channels, rate, _, block, bits = struct.unpack("<HHIIHH", layout[:16])
    if kind == _EXTENSIBLE and len(layout) >= 26:
        kind = int.from_bytes(layout[24:26], "little")
    if kind not in _LINEAR or not rate or block != channels * ((bits + 7) // 8) or not block:
        return None
    return float(sound / (rate * block))


def _aiff(stream: IO[bytes], size: int) -> _Form:
    stream.seek(0)
    head = stream.read(12)
    whole = int.from_bytes(head[4:8], "big")
    seconds, begins, sound, at = None, 0, None, 12
    for _ in range(_CHUNKS):
        stream.seek(at)
        chunk = stream.read(8)
        if len(chunk) < 8:
            break
        name, length = chunk[:4], int.from_bytes(chunk[4:], "big")
        if name == b"COMM":
            seconds = _counted_seconds(stream.read(18))
        elif name == b"SSND":
            begins, sound = at + 8, None if _unknown(length) else length
        at += 8 + length + length % 2
        if at > size:
            break
    if not begins:
        return _Form(whole=None if _unknown(whole) else whole + 8, seconds=seconds)
    known = not _unknown(whole)
    return _Form(whole=whole + 8 if known else None, begins=begins, sound=sound, seconds=seconds)


def _counted_seconds(block: bytes) -> float | None:
    """Sample frames through a sample rate that is an 80-bit float (IEEE 754, extended)."""
    if len(block) < 18:
        return None
    frames = int.from_bytes(block[2:6], "big")
    exponent = (int.from_bytes(block[8:10], "big") & 0x7FFF) - 16383 - 63
    mantissa = int.from_bytes(block[10:18], "big")
    if not frames or not mantissa or not -64 <= exponent <= 0:
        return None
    return frames / (mantissa * 2.0**exponent)
