"""A media file as the rules look at it: probed, decoded to its end, and held against its own end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podkit.errors import DamagedMediaError, MediaError
from podkit.media import ends, sniff, tools, unsound, verify
from podkit.media import probe as media_probe
from podkit.model.media import Container, MediaInfo
from podkit.rules.subject import ChapterList, MediaFacts, Subject
from podkit.steps.find_sources import SUFFIXES
from podkit.steps.seen_chapters import with_tagged_chapters
from podkit.tags.id3_table import table_fault

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from podkit.model.media import Decoded
    from podkit.model.progress import Progress


def media_subject(path: Path, word: str, now: datetime, progress: Progress) -> Subject | None:
    """A file that is sound or video, or calls itself so; None for one that is neither.

    Args:
        path: the file.
        word: what the rules call it.
        now: what counts as now.
        progress: told how far the decoding is.

    Raises:
        FileError: it cannot be read.
        Cancelled: it was stopped.
    """
    try:
        container = sniff.sniff(path)
    except MediaError as error:
        if path.suffix.lower() not in SUFFIXES:
            return None
        return Subject(name=word, media={word: MediaFacts(fault=error.message)}, now=now)
    try:
        facts = _heard(path, progress)
    except MediaError as error:
        return Subject(name=word, media={word: MediaFacts(fault=error.message)}, now=now)
    listed = _chapters(path, word, facts, is_mp3=container is Container.MP3)
    return Subject(name=word, media={word: facts}, chapters=listed, now=now)


def _chapters(path: Path, word: str, facts: MediaFacts, *, is_mp3: bool) -> tuple[ChapterList, ...]:
    chapters = facts.media.chapters if facts.media is not None else ()
    if not chapters:
        return ()
    try:
        fault = table_fault(path) if is_mp3 else ""
    except MediaError as error:
        fault = error.message
    return (
        ChapterList(
            name=word, chapters=chapters, embedded=True, table_fault=fault, duration=facts.duration
        ),
    )


def _heard(path: Path, progress: Progress) -> MediaFacts:
    """What decoding it to its end gives."""
    media = with_tagged_chapters(media_probe.probe(path), path)
    progress.start(str(path), total=media.duration)
    decoded, damage = None, ""
    try:
        decoded = verify.decode(
            tools.find_ffmpeg(),
            path,
            loudness=True,
            on_progress=lambda seconds: progress.advance(str(path), seconds),
        )
    except DamagedMediaError as error:
        damage = error.message if media.audio else ""
    progress.finish(str(path), note="measured")
    return MediaFacts(
        bytes=media.bytes,
        media=media,
        decoded=decoded,
        damage=damage or _damage(decoded, media, path),
        index_first=ends.index_first(path, media.container),
    )


def _damage(decoded: Decoded | None, media: MediaInfo, path: Path) -> str:
    """What shows that it is not whole, in words; empty when nothing does."""
    try:
        if decoded is not None:
            verify.check_whole(decoded, media, path)
    except DamagedMediaError as error:
        return error.message
    if decoded is None:
        return ends.fault(path, media.container)
    second = unsound.first(path, media)
    return "" if second is None else unsound.words(second)
