"""What a container cannot hold of what shall be stored in it, in words for a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.tags import Tags
from podkit.model.timecode import format_duration
from podkit.tags.styles import Style

NAMES = {
    "id3": "MP3",
    "wave": "WAV",
    "aiff": "AIFF",
    "mp4": "MP4",
    "flac": "FLAC",
    "opus": "Opus",
    "vorbis": "Ogg",
    "matroska": "Matroska",
}
"""By kind, what people call the container."""

_SLACK = 0.5  # seconds by which what a header says of a length may be wrong


def losses(style: Style, name: str, wanted: Tags) -> tuple[str, ...]:
    """Everything of the chapters and pictures that would not come back, one line each.

    Args:
        style: the file, as it is.
        name: what people call its container.
        wanted: what shall be stored.
    """
    pictures = wanted.chapter_pictures
    kept = style.kept(wanted.chapters, pictures)
    return (
        *_of_chapters(wanted.chapters, kept, {*pictures, *style.chapter_pictures()}, name),
        *_late(wanted.chapters, style.duration),
        *_of_artwork(wanted.artwork, style.kept_pictures(wanted.artwork), name),
    )


def _of_chapters(
    wanted: tuple[Chapter, ...],
    kept: tuple[Chapter, ...],
    pictures: Collection[str],
    name: str,
) -> Iterator[str]:
    hidden = [c for c in wanted if c.hidden]
    if hidden and not any(c.hidden for c in kept):
        yield f"{name} cannot hide chapters: {_left_out(hidden)}"
        wanted = tuple(c for c in wanted if not c.hidden)
    by_start = {round(c.start * 1000): c for c in kept}
    pairs = [(c, by_start.get(round(c.start * 1000))) for c in wanted]
    links = [c for c, k in pairs if c.url and k is not None and not k.url]
    if links and any(k.url for k in kept):
        yield f"{_the('link', links)}: too long, left out"
    elif links:
        yield f"{name} holds no links of chapters: {_left_out(links)}"
    images = [c for c, k in pairs if c.image and k is not None and not k.image]
    missing = [c for c in images if ":" not in c.image and c.image not in pictures]
    if missing:
        yield f"{_the('picture', missing)}: not there, left out"
    if len(missing) < len(images):
        rest = [c for c in images if c not in missing]
        yield f"{name} cannot hold {_the('picture', rest)}: left out"
    short = [c for c, k in pairs if k is not None and len(k.title) < len(c.title.strip())]
    if short:
        yield f"{_the('title', short)}: too long, cut"


def _late(wanted: tuple[Chapter, ...], duration: float) -> Iterator[str]:
    late = [c for c in wanted if duration and c.start >= duration + _SLACK]
    if late:
        verb = "starts" if len(late) == 1 else "start"
        yield f"{_count(late)} {verb} after the end, which is at {format_duration(duration)}"


def _of_artwork(wanted: tuple[Picture, ...], kept: tuple[Picture, ...], name: str) -> Iterator[str]:
    if len(kept) < len(wanted):
        yield f"{name} holds no pictures: the cover is left out"


def _count(chapters: list[Chapter]) -> str:
    return "1 chapter" if len(chapters) == 1 else f"{len(chapters)} chapters"


def _the(what: str, chapters: list[Chapter]) -> str:
    return (
        f"the {what} of 1 chapter"
        if len(chapters) == 1
        else f"the {what}s of {len(chapters)} chapters"
    )


def _left_out(chapters: list[Chapter]) -> str:
    return "1 is left out" if len(chapters) == 1 else f"{len(chapters)} are left out"
