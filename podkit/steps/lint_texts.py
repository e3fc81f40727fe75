"""Chapters and transcripts as the rules look at them: of a file, and of a show beside its media."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podkit.errors import PodkitError
from podkit.formats import chapters as chapter_shelf
from podkit.formats import json_text, notes_chapters
from podkit.formats import transcripts as transcript_shelf
from podkit.formats.shelf import which
from podkit.model import address
from podkit.model.document import PODCAST
from podkit.model.text import clean_line
from podkit.model.transcript import Transcript
from podkit.rules.subject import ChapterList, MediaFacts, TranscriptText
from podkit.steps.attachments import read_text
from podkit.steps.compose import CHAPTERS_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from podkit.model.document import Document, Element
    from podkit.steps.compose import Ready
    from podkit.steps.open_show import OpenShow

_CHAPTERS = frozenset(["psc", "ffmetadata", "vorbis", "audacity", "csv", "cue", "text", "vtt"])
_TRANSCRIPTS = frozenset(["vtt", "srt", "html"])


def text_of(path: Path) -> ChapterList | TranscriptText | None:
    """What a text file holds: chapters, a transcript, or neither, as far as its words tell.

    Raises:
        FileError: it cannot be read.
    """
    try:
        text = read_text(path)
    except PodkitError:
        return None  # no text at all: whatever it is, others will say
    kind = _kind(path.name, text)
    if kind == "transcript":
        return _transcript(path.name, text)
    if not kind:
        return None
    found = _chapters(path.name, text)
    # notes need no list of chapters
    return replace(found, fault="") if kind == notes_chapters.FORMAT.name else found


def _kind(name: str, text: str) -> str:
    """`transcript`, `chapters`, `notes`, or an empty string for what is none of these."""
    start = text.lstrip()
    if start.startswith("{"):
        return "transcript" if "segments" in _keys(text) else "chapters"
    lower = name.lower()
    if start.startswith("[") and lower.endswith(".json"):  # none of ours, which its rule will say
        return "transcript" if "transcript" in lower else "chapters"
    chapters = which(chapter_shelf.FORMATS, name, text)
    transcript = which(transcript_shelf.FORMATS, name, text)
    is_feed = (start.startswith("<") or lower.endswith(".xml")) and (
        "chapters" not in start[:400].partition("<rss")[0]
    )
    if transcript == "html" and not lower.endswith((".html", ".htm")) and "<cite" not in start:
        return ""  # a server's page under a feed's name
    if transcript in _TRANSCRIPTS and not (chapters == "vtt" and "chapter" in name.lower()):
        return "transcript"
    if chapters == notes_chapters.FORMAT.name:
        return chapters
    is_prose = chapters == "text" and not chapter_shelf.FORMATS.get("text").opens(start)
    return "chapters" if chapters in _CHAPTERS and not is_feed and not is_prose else ""


def _keys(text: str) -> Mapping[str, Any]:
    try:
        return json_text.load(text)
    except PodkitError:
        return {}


def _chapters(name: str, text: str) -> ChapterList:
    kind = chapter_shelf.detect(name, text)
    try:
        found, fault = _in_file_order(text, kind), ""
    except PodkitError as error:
        found, fault = (), error.message
    version = _keys(text).get("version", "") if kind == "json" else ""
    return ChapterList(
        name=name, format=kind, chapters=found, version=clean_line(str(version)), fault=fault
    )


def _in_file_order(text: str, kind: str) -> tuple[Any, ...]:
    """The chapters; those of JSON in the order of the file, which a rule judges."""
    found = chapter_shelf.parse(text, kind)
    if kind != "json":
        return found
    starts = [float(item["startTime"]) for item in json_text.load(text)["chapters"]]
    by_start = list(found)
    ordered = []
    for start in starts:
        at = next(n for n, c in enumerate(by_start) if abs(c.start - start) < 0.001)
        ordered.append(by_start.pop(at))
    return tuple(ordered)


def _transcript(name: str, text: str) -> TranscriptText:
    kind = transcript_shelf.detect(name, text)
    document = _keys(text) if kind == "json" else {}
    segments = [s for s in document.get("segments") or () if isinstance(s, dict)]
    try:
        found, fault = transcript_shelf.parse(text, kind), ""
    except PodkitError as error:
        found, fault = None, error.message
    return TranscriptText(
        name=name,
        format=kind,
        transcript=found,
        version=clean_line(str(document.get("version", ""))),
        other_names=any("startTime" not in s or "body" not in s for s in segments),
        language=found.language if found else "",
        fault=fault,
        odd=transcript_shelf.FORMATS.get(kind).odd(text),
    )


def chapters_in(
    show: OpenShow,
    ready: tuple[Ready, ...],
    document: Document,
    media: Mapping[str, MediaFacts],
    table_faults: Mapping[str, str],
) -> tuple[ChapterList, ...]:
    """The chapters of each episode of a feed: the file beside it, its media, its notes.

    Args:
        show: whose episodes they are.
        ready: the episodes with what was made for them.
        document: the feed, whose elements findings point to.
        media: facts of media files by enclosure URL.
        table_faults: by enclosure URL, what is wrong with the table of contents in ID3.
    """
    items = _by_guid(document)
    return tuple(
        one
        for each in ready
        if (item := items.get(each.episode.guid)) is not None
        for one in _lists(show, each, item, media, table_faults)
    )


def _lists(
    show: OpenShow,
    one: Ready,
    item: Element,
    media: Mapping[str, MediaFacts],
    table_faults: Mapping[str, str],
) -> Iterator[ChapterList]:
    slug = one.episode.slug
    duration = one.episode.duration or None
    if one.chapters:
        link = item.find("chapters", PODCAST)
        yield ChapterList(
            name=f"{slug}/{CHAPTERS_NAME}", format="made", chapters=one.chapters,
            duration=duration, episode=slug, at=link or item,
        )  # fmt: skip
    for rendition in one.renditions.values():
        url = address.enclosure_urls(show.podcast, rendition.file)[0]
        facts = media.get(url)
        if facts is not None and facts.media is not None and facts.media.chapters:
            yield ChapterList(
                name=rendition.file, chapters=facts.media.chapters, embedded=True,
                table_fault=table_faults.get(url, ""), duration=facts.duration, episode=slug,
                at=item.find("enclosure") or item,
            )  # fmt: skip
    try:
        listed = notes_chapters.parse(one.episode.notes)
    except PodkitError:
        return
    yield ChapterList(
        name=f"{slug}/notes.md", chapters=listed, embedded=True, episode=slug, at=item
    )


def transcripts_in(
    show: OpenShow, ready: tuple[Ready, ...], document: Document
) -> tuple[TranscriptText, ...]:
    """The transcripts of each episode of a feed, as they are published."""
    found = []
    items = _by_guid(document)
    for one in ready:
        item = items.get(one.episode.guid)
        if item is None:
            continue
        for made in one.transcripts:
            url = address.companion_url(show.podcast, one.episode.slug, made.name)
            links = (e for e in item.all("transcript", PODCAST) if e.attributes.get("url") == url)
            found.append(
                TranscriptText(
                    name=f"{one.episode.slug}/{made.name}",
                    format=made.name.rpartition(".")[2],
                    transcript=Transcript(cues=made.cues, language=made.language),
                    language=made.language,
                    duration=one.episode.duration or None,
                    episode=one.episode.slug,
                    at=next(links, item),
                )
            )
    return tuple(found)


def _by_guid(document: Document) -> dict[str, Element]:
    """The items by GUID; of two with the same the first."""
    return {item.value("guid"): item for item in reversed(document.items)}
