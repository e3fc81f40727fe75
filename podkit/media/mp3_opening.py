"""The first frame of an MP3 file, silent, that says how long it is and what a player leaves out.

Its fields stand where main data would: those of the Xing header (frames, bytes, table of contents,
quality), then those of the LAME tag, revision 0 (its specification by G. Bouvigne, "Mp3 Info Tag").
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import xor

from podkit.media import mp3_frames

DELAY = 576
"""Samples that LAME puts before the first of the source; a decoder adds 529 of its own."""

_FLAGS = 0x0F  # frames, bytes, table of contents and quality are there
_ENTRIES = 100  # of the table of contents, one for each per cent of the time
_NAME, _UNSAID = 9, 12  # bytes of the encoder's name, and of the zeros from it to the delay
_CHECKED = 190  # bytes of the frame, from its beginning, that its own checksum covers
_NEEDED = 4 * 4 + _ENTRIES + 4 + 36  # bytes from "Info" to the last checksum
_POLYNOMIAL = 0xA001  # x^16 + x^15 + x^2 + 1, the lowest bit first
_LANE = 1009  # bytes of one lane of the checksum; an odd number spares the processor's cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """What the frames after the first one are.

    `frames` and `bytes` of them, `checksum` of those bytes by `crc16`; `padding` in samples after
    the last of the source.
    """

    frames: int
    bytes: int
    padding: int
    checksum: int


def room(like: int) -> int:
    """The bytes of the first frame in a stream.

    Args:
        like: the header of any other frame.

    Raises:
        ValueError: it is no header, or no frame of its kind is large enough.
    """
    return _blank(like)[1].length


def frame(like: int, stream: Stream, *, encoder: str) -> bytes:
    """Write the first frame, field by field as ffmpeg's muxer does.

    Args:
        like: the header of any other frame.
        stream: what those frames are.
        encoder: who made them: nine ASCII characters at most.

    Raises:
        ValueError: `like` is no header, or no frame of its kind is large enough.
    """
    word, head = _blank(like)
    whole = head.length + stream.bytes
    fields = b"".join(
        (
            b"Info",
            _FLAGS.to_bytes(4, "big"),
            stream.frames.to_bytes(4, "big"),
            whole.to_bytes(4, "big"),
            _contents(head.length, whole),
            bytes(4),  # quality
            encoder.encode("ascii")[:_NAME].ljust(_NAME, b"\0"),
            bytes(_UNSAID),  # revision, method, low-pass, gains, flags, bit rate
            (DELAY << 12 | stream.padding).to_bytes(3, "big"),
            bytes(4),  # source, gain, preset
            whole.to_bytes(4, "big"),
            stream.checksum.to_bytes(2, "big"),
        )
    )
    raw = (word.to_bytes(4, "big") + bytes(head.main - 4) + fields).ljust(head.length, b"\0")
    at = head.main + len(fields)
    return raw[:at] + crc16(raw[:_CHECKED]).to_bytes(2, "big") + raw[at + 2 :]


def _blank(like: int) -> tuple[int, mp3_frames.Header]:
    """A plain header like another, with the lowest bit rate from its own that has the room."""
    mode = mp3_frames.MONO if like >> 6 & 3 == mp3_frames.MONO else 0
    for index in range(like >> 12 & 15, 15):
        word = like & 0xFFFE0C00 | 1 << 16 | index << 12 | mode << 6  # without a check
        head = mp3_frames.header(word)
        if head is not None and head.length >= max(head.main + _NEEDED, _CHECKED):
            return word, head
    raise ValueError("no frame of this kind has room for the header of the file")


def _contents(first: int, whole: int) -> bytes:
    """For each per cent of the time the place of its frame, in 256ths of the file.

    At a constant bit rate bytes go with the time; the first entry is always zero.
    """
    places = (first + (whole - first) * entry // _ENTRIES for entry in range(1, _ENTRIES))
    return bytes([0, *(256 * place // whole for place in places)])


def crc16(content: bytes, before: int = 0) -> int:
    """The checksum of the Info tag, going on from that of the bytes before.

    Byte by byte it would take seconds for an episode. A checksum is linear, so the content is cut
    into lanes of equal length, one byte of every lane is taken in at a time by operations on whole
    strings, and the lanes are put together by running each over the next one's length in zeros.
    """
    lanes = len(content) // _LANE
    even = lanes * _LANE
    low, high = bytes(lanes), bytes(lanes)
    low_table, high_table = (bytes(entry >> shift & 255 for entry in _table()) for shift in (0, 8))
    for at in range(_LANE if lanes else 0):
        mixed = _xor(low, content[at:even:_LANE])
        low, high = _xor(high, mixed.translate(low_table)), mixed.translate(high_table)
    past_low, past_high = _past_lane()
    found = before
    for lane in range(lanes):
        found = past_low[found & 255] ^ past_high[found >> 8] ^ low[lane] ^ high[lane] << 8
    return _bytewise(content[even:], found)


def _xor(one: bytes, other: bytes) -> bytes:
    both = int.from_bytes(one, "little") ^ int.from_bytes(other, "little")
    return both.to_bytes(len(one), "little")


def _bytewise(content: bytes, found: int) -> int:
    table = _table()
    for byte in content:
        found = found >> 8 ^ table[(found ^ byte) & 255]
    return found


@lru_cache(maxsize=1)
def _table() -> tuple[int, ...]:
    """What each byte adds to the checksum."""
    entries = []
    for byte in range(256):
        entry = byte
        for _ in range(8):
            entry = entry >> 1 ^ (_POLYNOMIAL if entry & 1 else 0)
        entries.append(entry)
    return tuple(entries)


@lru_cache(maxsize=1)
def _past_lane() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What becomes of a checksum's lower and upper byte over a lane of zeros."""
    bits = [_bytewise(bytes(_LANE), 1 << bit) for bit in range(16)]

    def spread(half: list[int]) -> tuple[int, ...]:
        return tuple(
            reduce(xor, (half[bit] for bit in range(8) if byte >> bit & 1), 0)
            for byte in range(256)
        )

    return spread(bits[:8]), spread(bits[8:])
