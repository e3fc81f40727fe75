"""What `add` and `attach` ask of a stranger's file: that it is sound media and decodes to its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podkit.errors import DamagedMediaError, MediaError
from podkit.files import sha256
from podkit.formats import chapters as chapter_formats
from podkit.media import probe as media_probe
from podkit.media import tools, unsound, verify
from podkit.model.tags import FIELDS, Tags
from podkit.model.text import clean_line
from podkit.tags import files as tag_files

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.model.chapter import Chapter
    from podkit.model.media import Decoded, MediaInfo
    from podkit.model.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A source that was decoded to its end; `tags` as mutagen and the container tell them."""

    path: Path
    media: MediaInfo
    decoded: Decoded
    sha256: str
    tags: Tags
    damaged: bool = False


def examine(path: Path, *, allow_damaged: bool, progress: Progress, name: str = "") -> Examined:
    """Probe, decode and hash a source, which stays as it is.

    Args:
        path: the source.
        allow_damaged: take what there is of one that ends early.
        progress: told how far the decoding is.
        name: what a person knows it by; its path, unless it was fetched from elsewhere.

    Raises:
        NotMediaError: it is not sound or video.
        DamagedMediaError: it ends early, does not decode or has samples that are no numbers, and
            `allow_damaged` is not set.
        FileError: it cannot be read.
    """
    media = media_probe.probe(path)
    if not media.audio:
        raise MediaError("there is no sound in it", where=path)
    job = name or str(path)
    progress.start(job, total=media.duration)
    tool = tools.find_ffmpeg()
    decoded = verify.decode(tool, path, on_progress=lambda seconds: progress.advance(job, seconds))
    progress.finish(job, note="decoded to its end")
    damaged = False
    try:
        verify.check_whole(decoded, media, path)
        if (second := unsound.first(path, media)) is not None:
            raise unsound.refuse(second, path)
    except DamagedMediaError:
        if not allow_damaged or decoded.duration <= 0:
            raise
        damaged = True
    return Examined(
        path=path,
        media=media,
        decoded=decoded,
        sha256=sha256(path),
        tags=readable_tags(path, media),
        damaged=damaged,
    )


def readable_tags(path: Path, media: MediaInfo) -> Tags:
    """What mutagen reads, completed by what the container shows (chapters, titles in a WAV)."""
    try:
        read = tag_files.read(path)
    except MediaError:
        read = Tags()
    shown = {key: value for key, value in media.tags.items() if key in FIELDS and value}
    return replace(
        read,
        fields={**shown, **read.fields},
        chapters=read.chapters or media.chapters,
    )


def chapters_text(chapters: tuple[Chapter, ...]) -> tuple[str, str]:
    """A file name and a text for chapters: plain lines where they suffice, else JSON."""
    plain = not any(c.url or c.image or c.hidden or c.end for c in chapters)
    if plain:
        return "chapters.txt", chapter_formats.format(chapters, "text")
    return "chapters.json", chapter_formats.format(chapters, "json")


def without_ends(chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """Chapters of a container, without ends that only repeat the next start."""
    ordered = sorted(chapters, key=lambda c: c.start)
    following = [*(c.start for c in ordered[1:]), None][: len(ordered)]
    return tuple(
        replace(c, title=clean_line(c.title), end=None)
        if n is None or c.end is None or abs(c.end - n) < 0.002
        else replace(c, title=clean_line(c.title))
        for c, n in zip(ordered, following, strict=True)
    )
