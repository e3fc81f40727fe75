"""A media file's chapters with what only its tags tell: which are hidden, their links and pictures.

A demuxer lists all chapters of an ID3 tag, also those that no table of contents lists, and knows
nothing of Matroska's flag for hidden ones.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from podkit.errors import MediaError
from podkit.model.media import Container, MediaInfo
from podkit.tags import files as tag_files

if TYPE_CHECKING:
    from pathlib import Path

_HIDING = frozenset([Container.MP3, Container.WAV, Container.AIFF, Container.MATROSKA])
"""Containers whose chapters can be hidden."""


def with_tagged_chapters(media: MediaInfo, path: Path) -> MediaInfo:
    """What a probe saw, with the chapters as the tags have them, where those can hide some.

    Tags that are damaged tell nothing: then it stays as it was seen.

    Raises:
        FileError: the file cannot be read.
    """
    if media.container not in _HIDING:
        return media
    try:
        told = tag_files.read(path).chapters
    except MediaError:
        return media
    return replace(media, chapters=told) if told else media
