"""Whether a file holds its sound, as far as a look at its head and its tail tells: nothing is decoded.

A download that broke off is not worth new tags. What only may be one (a live recording has no end,
other programs cut MP3s without a word in their headers) is told as a doubt.
"""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, NoReturn

from podkit import files
from podkit.errors import DamagedMediaError, NotMediaError
from podkit.media import ends_flac, ends_matroska, ends_mp4, ends_mpeg, ends_ogg, ends_riff
from podkit.media.sniff import LEAD, after_id3, sniff
from podkit.model.media import Container

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HINT = "get the whole file; `podkit transcode -p copy --allow-damaged` saves what is there"


def _nothing(_stream: IO[bytes], _size: int) -> str:
    return ""


_LOOKS: dict[Container, tuple[Callable[[IO[bytes], int], str], Callable[[IO[bytes], int], str]]] = {
    Container.MP3: (_nothing, ends_mpeg.mp3_doubt),
    Container.OGG: (ends_ogg.torn, ends_ogg.doubt),
    Container.FLAC: (ends_flac.torn, ends_flac.doubt),
    Container.MP4: (ends_mp4.torn, _nothing),
    # these are refused when their tags are written, where parts of them reach beyond the end
    Container.WAV: (_nothing, ends_riff.wav_fault),
    Container.AIFF: (_nothing, ends_riff.aiff_fault),
    Container.MATROSKA: (_nothing, ends_matroska.fault),
}
"""What shows beyond doubt that a file is a torn one, and what lets one think so."""


def doubt(path: Path) -> str:
    """What may be missing of a file, in words; empty where nothing seems to be.

    What is no media at all is passed over.

    Raises:
        DamagedMediaError: its sound is missing, or a part of it, beyond doubt.
        FileError: it cannot be read.
    """
    try:
        container = sniff(path)
    except NotMediaError:
        return _unseen(path)
    certain, possible = _LOOKS.get(container, (None, None))
    if certain is None or possible is None:
        return ""
    with files.open_regular(path) as stream, files.translating(path, "read"):
        size = os.fstat(stream.fileno()).st_size
        if fault := certain(stream, size):
            _refuse(fault, path)
        return possible(stream, size)


def _unseen(path: Path) -> str:
    """Judge a file in which no sound was seen behind an ID3 tag, or that begins as an MP3 does."""
    with files.open_regular(path) as stream, files.translating(path, "read"):
        size = os.fstat(stream.fileno()).st_size
        head = stream.read(10)
        begins = after_id3(stream, head)
    if not begins and not ends_mpeg.begins_a_frame(head):
        return ""
    if begins > size:
        _refuse(f"its tag says that {begins - size} more bytes follow", path)
    if size - begins <= LEAD:  # all of it was searched for frames
        _refuse("there is no sound in it", path)
    return "no sound that podkit knows was found in it"


def _refuse(fault: str, path: Path) -> NoReturn:
    raise DamagedMediaError(f"it is cut off: {fault}", where=path, hint=_HINT)
