"""What a file's own bytes say about its end: the rules of each container, found by this table.

ffmpeg takes what is cut for something shorter and says nothing; these look at sizes, tables and
closing marks instead. What cannot be seen: an MP3 without Xing header, bare AAC or a live stream that
was cut exactly between two frames, and silence in uncompressed sound that was something else before.
"""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, TypeVar

from podkit import files
from podkit.media import ends_matroska, ends_mp4, ends_mpeg, ends_ogg, ends_riff
from podkit.model.media import Container

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")

_FAULTS: dict[Container, Callable[[IO[bytes], int], str]] = {
    Container.MP3: ends_mpeg.mp3_fault,
    Container.AAC: ends_mpeg.adts_fault,
    Container.WAV: ends_riff.wav_fault,
    Container.AIFF: ends_riff.aiff_fault,
    Container.MP4: ends_mp4.fault,
    Container.MATROSKA: ends_matroska.fault,
    Container.OGG: ends_ogg.fault,
}
_PROMISES: dict[Container, Callable[[IO[bytes], int], float | None]] = {
    Container.WAV: ends_riff.wav_seconds,
    Container.AIFF: ends_riff.aiff_seconds,
}
_TAGGED = {Container.MP3: ends_mpeg.mp3_tags, Container.AAC: ends_mpeg.adts_tags}


def fault(path: Path, container: Container) -> str:
    """What shows that the end of the file is missing, in words; empty when nothing does.

    Raises:
        FileError: it cannot be read.
    """
    look = _FAULTS.get(container)
    return "" if look is None else _looked(path, look)


def promises_itself(container: Container) -> bool:
    """Whether `seconds` knows better than the demuxer, which believes any header."""
    return container in _PROMISES


def seconds(path: Path, container: Container) -> float | None:
    """The seconds of sound that the header promises; None when it was never completed.

    Raises:
        FileError: it cannot be read.
    """
    return _looked(path, _PROMISES[container])


def overflows(path: Path, container: Container) -> bool:
    """Whether a file of more than 4 GiB has sizes that cannot tell it: only its beginning is seen.

    Raises:
        FileError: it cannot be read.
    """
    return container is Container.WAV and _looked(path, ends_riff.overflows)


def index_first(path: Path, container: Container) -> bool | None:
    """Whether a player can begin before it has the whole file; None in containers that always can.

    Raises:
        FileError: it cannot be read.
    """
    return _looked(path, ends_mp4.index_first) if container is Container.MP4 else None


def tags_between(path: Path, container: Container) -> int:
    """How many tags stand among and behind the frames of a file that is nothing but frames and tags.

    A decoder takes each for broken frames, which is no damage. 0 where something else is in it.

    Raises:
        FileError: it cannot be read.
    """
    look = _TAGGED.get(container)
    return 0 if look is None else _looked(path, look)


def _looked(path: Path, look: Callable[[IO[bytes], int], T]) -> T:
    with files.open_regular(path) as stream, files.translating(path, "read"):
        return look(stream, os.fstat(stream.fileno()).st_size)
