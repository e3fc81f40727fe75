"""Chapters from a media file, an episode or a text, moved, cut to length, and in another format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podkit.errors import FormatError, MediaError, PodkitError
from podkit.formats import chapters as shelf
from podkit.formats import chapters_json
from podkit.media import probe as media_probe
from podkit.model.chapter import Chapter, clamped, in_order, shifted, with_ends
from podkit.model.plan import Change
from podkit.steps.attachments import read_text
from podkit.steps.companions import chapters_of, main_master
from podkit.steps.text_source import TextSource, check_place, format_of, is_media, write_text
from podkit.tags import files as tag_files

if TYPE_CHECKING:
    from podkit.steps.open_show import OpenShow

_NEED_ENDS = frozenset(["vtt", "ffmetadata", "audacity"])
# What of a chapter a format may not carry: its field, and how people call it.
_PARTS = {"url": "link", "image": "picture", "hidden": "hidden chapter", "extra": "further key"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaptersOrder:
    """What `podkit chapters` was asked; times in seconds.

    `to` is a format's name, empty: by the name of `output`, else text. `duration` is where the
    sound ends, None: where the source says.
    """

    source: TextSource
    to: str = ""
    shift: float = 0.0
    duration: float | None = None
    output: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaptersReport:
    """The chapters as they came out; `text` is them in `format`, `warnings` what it cannot hold."""

    source: str
    format: str
    chapters: tuple[Chapter, ...]
    text: str = field(repr=False)
    output: str | None = None
    warnings: tuple[str, ...] = ()
    plan: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    chapters: tuple[Chapter, ...]
    duration: float | None = None
    document: Mapping[str, Any] = field(default_factory=dict)
    pictures: int = 0


def convert_chapters(
    order: ChaptersOrder, *, show: OpenShow | None = None, dry_run: bool = False
) -> ChaptersReport:
    """Read, move, cut to length and write.

    Raises:
        UsageError: there is no such format, podkit does not write it, or none has such files.
        FormatError: the source does not parse, or no chapter is left.
        MediaError: a media file is damaged.
        FileError: it cannot be read, or `output` holds something else.
    """
    found = _read(order.source, show)
    if not found.chapters:
        raise FormatError("it holds no chapters", where=order.source.name)
    duration = order.duration if order.duration is not None else found.duration
    moved = shifted(in_order(found.chapters), order.shift)
    kept = moved if duration is None else clamped(moved, duration)
    if not kept:
        raise FormatError(
            "no chapter is left",
            where=order.source.name,
            hint="look at --shift and --duration, which are seconds",
        )
    if order.output is not None:
        check_place(order.output, _holds, "chapters")
    name = order.to or format_of(order.output, shelf.FORMATS, "text")
    if duration is not None and name in _NEED_ENDS:
        kept = with_ends(kept, duration)
    text = (
        chapters_json.format_json(kept, found.document)
        if name == chapters_json.FORMAT.name
        else shelf.format(kept, name)
    )
    report = ChaptersReport(
        source=order.source.name,
        format=name,
        chapters=kept,
        text=text,
        output=None if order.output is None else str(order.output),
        warnings=_warnings(found, moved, kept, name),
        plan=_plan(order.output, len(kept), name),
    )
    if order.output is not None and not dry_run:
        write_text(order.output, text, _holds, "chapters")
    return report


def _plan(output: Path | None, count: int, name: str) -> tuple[Change, ...]:
    if output is None:
        return ()
    return (Change(action="write", subject=str(output), detail=f"{count} chapters as {name}"),)


def _holds(name: str, text: str) -> bool:
    """Whether a file is one of chapters, in a format that podkit writes."""
    kind = shelf.detect(name, text)
    return shelf.FORMATS.get(kind).format is not None and bool(shelf.parse(text, kind))


def _read(source: TextSource, show: OpenShow | None) -> _Found:
    if source.episode is not None and show is not None:
        master = main_master(source.episode)
        if master is None or not master.chapters:
            raise FormatError(
                "the episode has no chapters",
                where=source.name,
                hint=f"podkit attach {source.name} FILE",
            )
        path = show.layout.episode(source.episode.slug) / master.chapters
        found = chapters_of(show.layout, source.episode, master)
        duration = source.episode.duration or None
        return _Found(chapters=found, duration=duration, document=_document(read_text(path)))
    if source.path is not None and is_media(source.path):
        return _of_media(source.path)
    text = source.text if source.text is not None else read_text(source.path or Path(source.name))
    try:
        kind = shelf.detect(source.name, text)
        return _Found(chapters=shelf.parse(text, kind), document=_document(text))
    except FormatError as error:
        raise FormatError(error.message, where=source.name, hint=error.hint) from error


def _of_media(path: Path) -> _Found:
    """What the tags say, which have links; where podkit writes none, the container.

    A picture inside the file has no address that a text could name.
    """
    media = media_probe.probe(path)
    try:
        tags = tag_files.read(path)
    except MediaError:
        return _Found(chapters=media.chapters, duration=media.duration)
    inside = tags.chapter_pictures
    return _Found(
        chapters=tuple(replace(c, image="") if c.image in inside else c for c in tags.chapters)
        or media.chapters,
        duration=media.duration,
        pictures=sum(c.image in inside for c in tags.chapters),
    )


def _document(text: str) -> Mapping[str, Any]:
    if not text.removeprefix("\ufeff").lstrip().startswith("{"):
        return {}
    try:
        return chapters_json.besides(text)
    except PodkitError:
        return {}


def _warnings(
    found: _Found, moved: Sequence[Chapter], kept: Sequence[Chapter], name: str
) -> tuple[str, ...]:
    """What is not in the new text, in words."""
    said = []
    early, late = len(found.chapters) - len(moved), len(moved) - len(kept)
    if early:
        said.append(f"{_counted(early, 'chapter')} ended before the start; left out")
    if late:
        said.append(f"{_counted(late, 'chapter')} began after the end; left out")
    if found.pictures:
        said.append(f"{_counted(found.pictures, 'picture')} inside the file; left out")
    carries = shelf.FORMATS.get(name).carries
    for part, words in _PARTS.items():
        count = sum(bool(getattr(chapter, part)) for chapter in kept)
        if count and part not in carries:
            said.append(f"{name} holds no {words}; {count} left out")
    if found.document and name != chapters_json.FORMAT.name:
        keys = ", ".join(found.document)
        said.append(f"{name} holds nothing about the whole; left out: {keys[:200]}")
    return tuple(said)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
