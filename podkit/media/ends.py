"""Whether a file ends where its container says, for those whose demuxer hides it from ffmpeg."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from podkit import files
from podkit.model.media import Container

if TYPE_CHECKING:
    from pathlib import Path

_OGG_TAIL = 2 * 65_307  # two of the largest pages (RFC 3533, section 6)
_UNKNOWN = (0, 0xFFFFFFFF)  # sizes that a recorder which could not go back leaves in the header


def share_there(path: Path, container: Container) -> float:
    """How much of the file is there, from its outermost header: 1 for the whole.

    ffmpeg takes a RIFF or FORM chunk that is cut for a shorter one.

    Raises:
        FileError: it cannot be read.
    """
    if container not in {Container.WAV, Container.AIFF}:
        return 1.0
    with files.open_regular(path) as stream, files.translating(path, "read"):
        head = stream.read(8)
        actual = os.fstat(stream.fileno()).st_size
    declared = int.from_bytes(head[4:], "little" if head[:4] == b"RIFF" else "big")
    if head[:4] not in {b"RIFF", b"FORM"} or declared in _UNKNOWN:
        return 1.0
    return min(actual / (declared + 8), 1.0)


def has_end(path: Path, container: Container) -> bool:
    """Whether an Ogg file's last page says that it is the last (RFC 3533, section 6: flag 4).

    Raises:
        FileError: it cannot be read.
    """
    if container is not Container.OGG:
        return True
    with files.open_regular(path) as stream, files.translating(path, "read"):
        size = os.fstat(stream.fileno()).st_size
        stream.seek(max(0, size - _OGG_TAIL))
        tail = stream.read()
    page = tail.rfind(b"OggS\0")
    return 0 <= page < len(tail) - 5 and bool(tail[page + 5] & 4)
