"""How AAC lies in ADTS: where frames begin, what they are alike in, which windows made them.

The sources are ISO/IEC 14496-3, 1.A.2 and 1.A.3 (ADTS, as in 13818-7, 6.2) and 4.4.2.1 and 4.6.11
(the block in a frame and its windows). Positions are bytes into a file.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from enum import IntEnum
from typing import IO, TYPE_CHECKING

from podkit import files
from podkit.errors import EncodeError

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = 1024
"""Samples per channel of one frame (4.5.1.1, frameLengthFlag 0)."""

LOW_COMPLEXITY = 1
"""The profile bits of AAC-LC: its audio object type less one (1.A.3.2.1)."""

# Hz by sampling_frequency_index 0 to 12 (table 1.18)
_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_HEAD, _CHECKED_HEAD = 7, 9  # bytes of a header without and with crc_check (1.A.2.2)
_CHUNK = 1 << 18
_SINGLE, _PAIR, _FILL = 0, 1, 6  # id_syn_ele (table 4.85)


class Sequence(IntEnum):
    """How a frame is cut into windows (table 4.130)."""

    LONG = 0
    START = 1
    SHORT = 2
    STOP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What the fixed header says, alike in all frames of a stream; `rate` in Hz."""

    profile: int
    rate: int
    channels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Which windows all channels of a frame have; `shape` is 0 for sine, 1 for Kaiser-Bessel."""

    sequence: Sequence
    shape: int
    gain: int = field(compare=False)
    """The first channel's global_gain: the coarser its lowest band is coded, the higher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A file of frames: `starts` has the position of each, and last the file's length."""

    path: Path
    kind: Kind
    starts: array[int]

    @property
    def frames(self) -> int:
        """How many there are."""
        return len(self.starts) - 1


def scan(path: Path) -> Stream:
    """Follow the chain of frames from a file's first byte to its last.

    Raises:
        EncodeError: a frame does not begin where the one before ends, is of another kind than the
            first, or is cut.
        FileError: it cannot be read.
    """
    with files.open_regular(path) as stream, files.translating(path, "read"):
        head = stream.read(_HEAD)
        stream.seek(0)
        kind = kind_of(head)
        starts = None if kind is None else _starts(stream, head)
    if kind is None:
        raise EncodeError("it does not begin with a frame of AAC", where=path)
    if starts is None:
        raise EncodeError("its chain of AAC frames is broken", where=path)
    return Stream(path=path, kind=kind, starts=starts)


def kind_of(head: bytes) -> Kind | None:
    """What a frame's header says of its stream (1.A.2.2.1).

    Returns:
        None when it is no header, or leaves the channels to the frame (channel_configuration 0).
    """
    if len(head) < _HEAD or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return None
    rate, channels = head[2] >> 2 & 15, (head[2] & 1) << 2 | head[3] >> 6
    if rate >= len(_RATES) or not channels:
        return None
    return Kind(profile=head[2] >> 6, rate=_RATES[rate], channels=8 if channels == 7 else channels)


def _starts(stream: IO[bytes], first: bytes) -> array[int] | None:
    """Where the frames begin; None when the chain breaks.

    A header is 28 bits that are alike in all frames, 2 of copyright, 13 of length, 11 of fullness
    and 2 that count the blocks beyond the one that a frame of 1024 samples has (1.A.2.2.2).
    """
    starts = array("Q")
    fixed, last = first[:3], first[3] & 0xF0
    shortest = _HEAD if first[1] & 1 else _CHECKED_HEAD
    base, buffer = 0, b""
    while chunk := stream.read(_CHUNK):
        buffer += chunk
        at, end = 0, len(buffer)
        while at + _HEAD <= end:
            if buffer[at : at + 3] != fixed or buffer[at + 3] & 0xF0 != last or buffer[at + 6] & 3:
                return None
            length = (buffer[at + 3] & 3) << 11 | buffer[at + 4] << 3 | buffer[at + 5] >> 5
            if length <= shortest:
                return None
            if at + length > end:
                break
            starts.append(base + at)
            at += length
        base, buffer = base + at, buffer[at:]
    starts.append(base)
    return None if buffer else starts


def windows(frame: bytes) -> Windows | None:
    """The windows of a frame of one or two channels.

    Two channels without common_window tell the second's only behind all of the first's
    coefficients; that far nobody reads here.

    Returns:
        None when they are not the same in all channels, or the frame is of another build.
    """
    bits = _Bits(frame[_HEAD if frame[1] & 1 else _CHECKED_HEAD :])
    element = bits.take(3)
    while element == _FILL:  # an encoder's name may come first (4.4.2.7)
        count = bits.take(4)
        bits.take(8 * (count + bits.take(8) - 1 if count == 15 else count))
        element = bits.take(3)
    bits.take(4)  # element_instance_tag
    if element == _PAIR and bits.take(1):  # common_window
        found = _window_part(bits)
        if bits.take(2) == 1:  # ms_mask_present
            bits.take(found[2])  # ms_used
        gain = bits.take(8)
    elif element == _SINGLE:
        gain = bits.take(8)
        found = _window_part(bits)
    else:
        return None
    return None if bits.spent else Windows(sequence=found[0], shape=found[1], gain=gain)


def _window_part(bits: _Bits) -> tuple[Sequence, int, int]:
    """Window sequence and shape, and how many bands there are (ics_info, table 4.6)."""
    bits.take(1)  # ics_reserved_bit
    sequence, shape = Sequence(bits.take(2)), bits.take(1)
    if sequence is not Sequence.SHORT:
        bands = bits.take(6)  # max_sfb
        bits.take(1)  # predictor_data_present
        return sequence, shape, bands
    bands = bits.take(4)
    joined = bits.take(7)  # scale_factor_grouping: a bit for each window that goes with the last
    return sequence, shape, bands * (8 - joined.bit_count())


class _Bits:
    """Bits from the highest of each byte down; zeros behind the end, where `spent` is set."""

    def __init__(self, content: bytes) -> None:
        self._left = len(content) * 8
        self._value = int.from_bytes(content, "big")

    @property
    def spent(self) -> bool:
        """Whether more was taken than there was."""
        return self._left < 0

    def take(self, count: int) -> int:
        """The next `count` bits as a number."""
        self._left -= count
        shifted = self._value >> self._left if self._left >= 0 else self._value << -self._left
        return shifted & (1 << count) - 1
