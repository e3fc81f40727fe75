"""A source's sound as plain samples on disk, which all that measures and encodes it reads.

Plain samples can be cut anywhere, exactly and for nothing, which no compressed format allows.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from podkit import files

_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE  # wFormatTag (Microsoft, mmreg.h)
_CODECS = {
    (_PCM, 16): "s16le",
    (_PCM, 24): "s24le",
    (_PCM, 32): "s32le",
    (_FLOAT, 32): "f32le",
}
_UNKNOWN = 0xFFFFFFFF
_HEADER = 64  # bytes of a header that tell something; who claims more is not believed
_CHUNKS = 64  # more before the samples than any recorder writes


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """Plain samples in a file, interleaved, from byte `start` on.

    `samples` per channel, `rate` in Hz, `codec` as ffmpeg calls the sample format; `errors` as the
    decoder said them when the tape was made, `error_count` with repetitions, `md5` of the samples
    where the source tells one.
    """

    path: Path
    start: int
    samples: int
    rate: int
    channels: int
    codec: str
    errors: tuple[str, ...] = ()
    error_count: int = 0
    md5: str = ""

    @property
    def duration(self) -> float:
        """Seconds."""
        return self.samples / self.rate

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of all channels."""
        return self.channels * int(self.codec[1:3]) // 8


def of_wav(path: Path) -> Tape | None:
    """The samples of a WAV or RF64 file where they lie; None when they are not plain enough.

    Raises:
        FileError: it cannot be read.
    """
    with files.open_regular(path) as stream, files.translating(path, "read"):
        size = os.fstat(stream.fileno()).st_size
        head = stream.read(12)
        if head[:4] not in {b"RIFF", b"RF64"} or head[8:] != b"WAVE":
            return None
        return _chunks(stream, path, size)


def _chunks(stream: IO[bytes], path: Path, size: int) -> Tape | None:
    """Walk the chunks up to the samples (Microsoft, Multimedia Programming Interface 1.0)."""
    shape, wide = b"", 0
    for _ in range(_CHUNKS):
        head = stream.read(8)
        if len(head) < 8:
            return None
        name, length = head[:4], int.from_bytes(head[4:], "little")
        if name == b"data":
            length = wide if length == _UNKNOWN and wide else length
            start = stream.tell()
            return _tape(shape, path, start, min(length, size - start)) if length else None
        if name in {b"fmt ", b"ds64"}:
            body = stream.read(min(length, _HEADER))
            if name == b"fmt ":
                shape = body
            else:  # EBU Tech 3306: sizes of 64 bits, the second is that of the samples
                wide = int.from_bytes(body[8:16], "little")
            stream.seek(length - len(body) + length % 2, os.SEEK_CUR)
        else:
            stream.seek(length + length % 2, os.SEEK_CUR)
    return None


def _tape(shape: bytes, path: Path, start: int, length: int) -> Tape | None:
    if len(shape) < 16:
        return None
    tag, channels, rate, _, block, bits = (
        int.from_bytes(shape[at : at + width], "little")
        for at, width in ((0, 2), (2, 2), (4, 4), (8, 4), (12, 2), (14, 2))
    )
    if tag == _EXTENSIBLE and len(shape) >= 26:
        tag = int.from_bytes(shape[24:26], "little")
    codec = _CODECS.get((tag, bits))
    if codec is None or channels not in {1, 2} or not rate or block * 8 != channels * bits:
        return None
    samples = length // block
    if not samples:
        return None
    return Tape(path=path, start=start, samples=samples, rate=rate, channels=channels, codec=codec)
