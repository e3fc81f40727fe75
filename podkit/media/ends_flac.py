"""What a FLAC file promises of its sound: the number of samples and their MD5 (RFC 9639, 8.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from podkit import files
from podkit.media.sniff import after_id3

if TYPE_CHECKING:
    from pathlib import Path

# The checksum is of the samples as signed little-endian numbers, as long as whole bytes allow.
_CODERS = {8: "pcm_s8", 16: "pcm_s16le", 24: "pcm_s24le", 32: "pcm_s32le"}


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
