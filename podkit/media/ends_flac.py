"""What a FLAC file promises of its sound: the number of samples and their MD5 (RFC 9639, 8.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from podkit import files
from podkit.media.sniff import after_id3

if TYPE_CHECKING:
    from pathlib import Path

# The checksum is of the samples as signed little-endian numbers, as long as whole bytes allow.
_CODERS = {8: "pcm_s8", 16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_s32le"}


_SYNC = re.compile(rb"\xff[\xf8\xf9]")  # what a frame begins with (section 9.1)
_FRAME = 96 << 10  # bytes: 4,608 samples of 2 channels with 24 bits, stored as they are, and more


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """`samples` of each channel, `md5` in hexadecimal; 0 and empty where the encoder knew neither.

    `coder` turns the decoded sound into what the checksum is of; empty for odd sample sizes.
    """

    samples: int = 0
    md5: str = ""
    coder: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What lets ffmpeg print the sound's checksum beside whatever else it does with input 0."""
        if not (self.md5 and self.coder):
            return ()
        whole = ("-map", "0:a:0", "-af", "asetpts=N/SR/TB", "-c:a", self.coder)
        return (*whole, "-fflags", "+bitexact", "-f", "md5", "-")


def promise(path: Path) -> Promise:
    """What the first metadata block says.

    Raises:
        FileError: it cannot be read.
    """
    with files.open_regular(path) as stream, files.translating(path, "read"):
        head = stream.read(10)
        stream.seek(after_id3(stream, head))
        block = stream.read(42)
    if block[:4] != b"fLaC" or len(block) < 42 or block[4] & 0x7F:
        return Promise()
    packed = int.from_bytes(block[18:26], "big")  # 20 bits rate, 3 channels, 5 bits, 36 samples
    md5 = block[26:42]
    return Promise(
        samples=packed & (1 << 36) - 1,
        md5=md5.hex() if any(md5) else "",
        coder=_CODERS.get((packed >> 36 & 31) + 1, ""),
    )


def torn(stream: IO[bytes], size: int) -> str:
    """What shows that it is a part of a file: it ends before its first frame (RFC 9639, section 8.1).

    Other programs have written pictures whose block says a wrong length, with frames behind them.
    """
    if _first_frame(stream, size) < size or any(True for _ in _numbers(stream, size - _FRAME)):
        return ""
    return "it ends before its sound begins"


def doubt(stream: IO[bytes], size: int) -> str:
    """That none of the frames at its end is the last of those that its header counts.

    A frame's header has a checksum and tells the frame's number (section 9.1). Where blocks differ in
    length, or nothing was counted, nothing can be told.
    """
    stream.seek(_id3(stream))
    block = stream.read(42)
    least, most = int.from_bytes(block[8:10], "big"), int.from_bytes(block[10:12], "big")
    total = int.from_bytes(block[18:26], "big") & (1 << 36) - 1
    if not total or least != most or not most:
        return ""
    longest = max(int.from_bytes(block[15:18], "big"), _FRAME)
    begins = max(_first_frame(stream, size), size - 2 * longest)
    if (total - 1) // most in _numbers(stream, begins):
        return ""
    return "the last of the samples that its header counts are missing"


def _id3(stream: IO[bytes]) -> int:
    stream.seek(0)
    return after_id3(stream, stream.read(10))


def _first_frame(stream: IO[bytes], size: int) -> int:
    """Where the blocks before the sound end."""
    at = _id3(stream) + 4
    while at < size:
        stream.seek(at)
        head = stream.read(4)
        if len(head) < 4:
            return size
        at += 4 + int.from_bytes(head[1:], "big")
        if head[0] & 0x80:
            break
    return at


def _numbers(stream: IO[bytes], begins: int) -> Iterator[int]:
    """The numbers of the frames behind a place, as far as something there looks like one's header."""
    stream.seek(max(begins, 0))
    tail = stream.read()
    for found in _SYNC.finditer(tail):
        number = _number_of(tail[found.start() : found.start() + 16])
        if number >= 0:
            yield number


def _number_of(head: bytes) -> int:
    """The number of the frame whose header this is; -1 where it is none (section 9.1)."""
    if len(head) < 5:
        return -1
    ones = 8 - (head[4] ^ 0xFF).bit_length()  # as in UTF-8, they count the bytes of the number
    if ones == 1 or ones > 6:
        return -1
    end = 4 + max(ones, 1)
    number = head[4] & (0x7F >> ones)
    for byte in head[5:end]:
        number = number << 6 | byte & 0x3F
    # lengths and rates that are no usual ones stand behind it
    after = end + {6: 1, 7: 2}.get(head[2] >> 4, 0) + {12: 1, 13: 2, 14: 2}.get(head[2] & 15, 0)
    if len(head) <= after or _crc8(head[:after]) != head[after]:
        return -1
    return number


def _crc8(content: bytes) -> int:
    """The checksum of a frame's header (section 9.1.8)."""
    crc = 0
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc << 1 ^ 0x07) & 0xFF if crc & 0x80 else crc << 1
    return crc
