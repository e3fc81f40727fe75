"""How an MP3 frame is laid out: its header, its side information, and the walk along a file.

The sources are ISO/IEC 11172-3 (MPEG-1), 2.4.1 and 2.4.2, and ISO/IEC 13818-3 (MPEG-2 at half
the sampling frequencies), 2.4.1 and 2.4.2, layer III only. Positions are bytes into a file.
"""

from __future__ import annotations

import io
import os
from array import array
from dataclasses import dataclass
from functools import lru_cache
from typing import IO

MPEG_1, MPEG_2 = 3, 2
"""The two ID bits that mean each version (11172-3, 2.4.2.3; the bit before is 13818-3's sync)."""

MONO = 3
"""The mode bits of a single channel (11172-3, 2.4.2.3)."""

GRANULE = 576
"""Samples of a granule; MPEG-1 has two of them in a frame (11172-3, 2.4.2.1), MPEG-2 one."""

HEADER = 4
"""Bytes of a header."""

SAME = 0xFFFFFCC3
"""The header bits alike in all frames of one stream at a constant bit rate.

Outside are the padding bit, the private bit, the mode extension, copyright and original.
"""

# kbit/s by bitrate_index 1 to 14 (11172-3, 2.4.2.3, layer III; 13818-3, 2.4.2.3)
BIT_RATES = {
    MPEG_1: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    MPEG_2: (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}

# Hz by sampling_frequency 0 to 2 (11172-3, 2.4.2.3; 13818-3, 2.4.2.3)
SAMPLE_RATES = {MPEG_1: (44100, 48000, 32000), MPEG_2: (22050, 24000, 16000)}

_BLOCK = 1 << 20  # bytes that are read at once
_SIDE = {(MPEG_1, 1): 17, (MPEG_1, 2): 32, (MPEG_2, 1): 9, (MPEG_2, 2): 17}  # bytes, 2.4.1.7
# bits of main_data_begin, then of private_bits for one and two channels (2.4.1.7)
_LEAD = {MPEG_1: (9, (5, 3)), MPEG_2: (8, (1, 2))}
_SCFSI = 4  # bits for each channel, in MPEG-1 only
# bits between part2_3_length and window_switching_flag: big_values 9, global_gain 8 and
# scalefac_compress; then those after the flag and its block_type, to the end of the granule
_BEFORE_FLAG = {MPEG_1: 9 + 8 + 4, MPEG_2: 9 + 8 + 9}
_AFTER_TYPE = {MPEG_1: 20 + 3, MPEG_2: 20 + 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the four bytes before a frame say, and what follows from them.

    `bit_rate` in bit/s, `length` in bytes with the header itself, `samples` per channel;
    `side` and `main` are where the side information and the main data begin in the frame.
    """

    version: int
    checked: bool
    bit_rate: int
    sample_rate: int
    padded: bool
    mode: int
    channels: int
    length: int
    samples: int
    side: int
    main: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What a frame's side information says about its main data.

    `main_data_begin`: bytes before the frame's own main data area at which its main data begins,
    headers and side information not counted. `main_bits`: all its part2_3_lengths together.
    `block_types`: for each granule those of its channels, 0 for a normal window.
    """

    main_data_begin: int
    main_bits: int
    block_types: tuple[tuple[int, ...], ...]


@lru_cache(maxsize=64)
def header(word: int) -> Header | None:
    """Read one header.

    Args:
        word: its four bytes, the first one highest.

    Returns:
        None when it is no layer III header, or one of free format, whose length it does not say.
    """
    version, layer = word >> 19 & 3, word >> 17 & 3
    index, frequency = word >> 12 & 15, word >> 10 & 3
    if word >> 21 != 0x7FF or version not in BIT_RATES or layer != 1:
        return None
    if index in {0, 15} or frequency == 3:
        return None
    bit_rate = BIT_RATES[version][index - 1] * 1000
    sample_rate = SAMPLE_RATES[version][frequency]
    padded, checked, mode = bool(word >> 9 & 1), not word >> 16 & 1, word >> 6 & 3
    channels = 1 if mode == MONO else 2
    samples = GRANULE * (2 if version == MPEG_1 else 1)
    side = HEADER + (2 if checked else 0)
    return Header(
        version=version,
        checked=checked,
        bit_rate=bit_rate,
        sample_rate=sample_rate,
        padded=padded,
        mode=mode,
        channels=channels,
        length=samples // 8 * bit_rate // sample_rate + padded,  # 11172-3, 2.4.3.1
        samples=samples,
        side=side,
        main=side + _SIDE[version, channels],
    )


def word_at(stream: bytes, at: int) -> int:
    """The four bytes at `at` as one number."""
    return int.from_bytes(stream[at : at + HEADER], "big")


def header_at(stream: bytes, at: int) -> Header:
    """The header that stands at `at`.

    Raises:
        ValueError: none does.
    """
    found = header(word_at(stream, at))
    if found is None:
        raise ValueError(f"no MP3 frame stands at byte {at}")
    return found


def side_at(stream: bytes, at: int) -> Side:
    """Read the side information of the frame at `at` (11172-3 and 13818-3, 2.4.1.7 and 2.4.2.7)."""
    head = header_at(stream, at)
    raw = stream[at + head.side : at + head.main]
    bits, left = int.from_bytes(raw, "big"), len(raw) * 8

    def take(count: int) -> int:
        nonlocal left
        left -= count
        return bits >> left & (1 << count) - 1

    begin, private = _LEAD[head.version]
    main_data_begin = take(begin)
    take(private[head.channels - 1])
    if head.version == MPEG_1:
        take(_SCFSI * head.channels)
    lengths, types = 0, []
    for _ in range(head.samples // GRANULE):
        row = []
        for _ in range(head.channels):
            lengths += take(12)
            take(_BEFORE_FLAG[head.version])
            switching, block_type = take(1), take(2)
            row.append(block_type if switching else 0)
            take(_AFTER_TYPE[head.version])
        types.append(tuple(row))
    return Side(main_data_begin=main_data_begin, main_bits=lengths, block_types=tuple(types))


def starts(stream: bytes) -> array[int]:
    """Where each frame of one constant stream begins, and at last where it ends.

    Returns:
        At least two positions.

    Raises:
        ValueError: what stands somewhere is not such a frame, or the last one is cut; it says so.
    """
    return starts_in(io.BytesIO(stream), 0)


def starts_in(stream: IO[bytes], begin: int) -> array[int]:
    """The same for a file's frames from byte `begin` on, which are read a block at a time."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(begin)
    block, base, at = stream.read(_BLOCK), begin, begin
    first = word_at(block, 0)
    head = header_at(block, 0)
    alike, length = first & SAME, head.length - head.padded
    known: dict[bytes, int] = {}
    found = array("q")
    while at < size:
        raw = block[at - base : at - base + HEADER]
        if len(raw) < HEADER:
            stream.seek(at)
            block, base = stream.read(_BLOCK), at
            raw = block[:HEADER]
        step = known.get(raw)
        if step is None:
            word = int.from_bytes(raw, "big")
            if len(raw) < HEADER or word & SAME != alike:
                raise ValueError(f"no frame of its kind stands at byte {at}")
            step = known[raw] = length + (word >> 9 & 1)
        found.append(at)
        at += step
    if at > size:
        raise ValueError("its last frame is cut")
    found.append(size)
    return found
