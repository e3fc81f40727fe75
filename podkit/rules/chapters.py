"""Rules 701 to 710: chapters, in files, in media and in the feed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from podkit.model.chapter import Chapter, in_order
from podkit.model.document import CONTENT, PODCAST, PSC
from podkit.model.finding import Severity
from podkit.model.timecode import format_duration
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import ChapterList, Subject

_FEWEST = 3
_LONG = 600.0  # seconds from which an episode should have chapters at sensible distances
_SHORTEST = 120.0  # seconds
_PER_HOUR = 6
_TITLE = 45  # characters
_NEAR = 1.0  # seconds: notes have no fractions
_VERSION = "1.2.0"
# A time that begins a line of notes, in HTML or as text. The first line has an expression of its
# own: the other is found fast, because each way in which it may begin is a letter.
# What may be repeated has an end: a text of nothing but line feeds is read once, and not from each.
_INLINE = r"(?:\s{0,40}<(?:a|b|em|i|span|strong)\b[^<>]{0,400}>){0,4}"
_TIME = _INLINE + r"\s{0,40}[(\[]?((?:\d{1,2}:)?\d{1,2}:\d{2})(?![\d:])"
_FIRST_STAMP = re.compile(_TIME)
_STAMP = re.compile(
    rf"(?:\n|<br\s{{0,9}}/?>|<p[^<>]*>|<li[^<>]*>|<div[^<>]*>){_TIME}", re.IGNORECASE
)
_CLOCK = re.compile(r":\d\d")


def _found(listed: ChapterList, message: str, *, hint: str = "") -> Found:
    name = f"{listed.name}: " if listed.at is not None else ""
    return Found(name + message, at=listed.at, hint=hint)


def _shown(listed: ChapterList) -> tuple[Chapter, ...]:
    return tuple(c for c in in_order(listed.chapters) if not c.hidden)


def _lists(subject: Subject) -> Iterator[ChapterList]:
    """The lists that people wrote; what is in media is held against them by rule 707."""
    return (one for one in subject.chapters if one.chapters and not one.embedded)


@rule("PK701", "first-chapter", Severity.WARNING, who="A", source="A5482", needs=Material.CHAPTERS)
def first_chapter(subject: Subject) -> Iterator[Found]:
    """The first chapter begins at 00:00:00.

    Apple shows no chapters of a list that begins later; others show an unnamed one before it.

    Bad:
        00:00:42 Who pays
    Good:
        00:00:00 Before we begin
    """
    for listed in _lists(subject):
        start = in_order(listed.chapters)[0].start
        if start > 0:
            at = format_duration(start) if start >= 1 else f"{start:g} s"
            yield _found(listed, f"the first chapter begins at {at}", hint="begin it at 0:00")


@rule("PK702", "few-chapters", Severity.WARNING, who="A", source="A5482", needs=Material.CHAPTERS)
def few_chapters(subject: Subject) -> Iterator[Found]:
    """There are at least three chapters.

    Apple takes fewer for a mistake and shows none.

    Bad:
        00:00:00 The talk
    Good:
        00:00:00 The question / 00:04:10 What was promised / 00:17:32 Who pays
    """
    for listed in _lists(subject):
        count = len(_shown(listed))
        if count < _FEWEST:
            yield _found(listed, f"{count} chapter{'s' * (count != 1)}, three are the least")


@rule(
    "PK703",
    "chapter-size",
    Severity.INFO,
    who="A",
    source="A5482 via notes 2h",
    needs=Material.CHAPTERS,
)
def chapter_size(subject: Subject) -> Iterator[Found]:
    """Chapters of a long episode last two minutes or more, six to an hour, with titles of 45 characters.

    Shorter ones cannot be hit with a finger, longer titles are cut on a telephone.

    Bad:
        forty chapters in half an hour
    Good:
        one for each question
    """
    for listed in _lists(subject):
        shown = _shown(listed)
        long = max((c.title for c in shown), key=len, default="")
        if len(long) > _TITLE:
            yield _found(listed, f"a title has {len(long)} characters, {_TITLE} are shown")
        if listed.duration is None or listed.duration < _LONG:
            continue
        ends = [*(c.start for c in shown[1:]), listed.duration]
        short = sum(end - c.start < _SHORTEST for c, end in zip(shown, ends, strict=True))
        if short:
            yield _found(listed, f"{short} of {len(shown)} chapters are shorter than 2 minutes")
        if len(shown) > max(_FEWEST, _PER_HOUR * listed.duration / 3600):
            yield _found(listed, f"{len(shown)} chapters in {format_duration(listed.duration)}")


@rule("PK704", "chapters-file", Severity.ERROR, who="PC", source="PC20", needs=Material.CHAPTERS)
def chapters_file(subject: Subject) -> Iterator[Found]:
    """A chapters file can be read; JSON has `version` 1.2.0 and chapters in order.

    An app that cannot read it shows no chapters, and tells nobody.

    Bad:
        {"chapters": [{"start": "1:00"}]}
    Good:
        {"version": "1.2.0", "chapters": [{"startTime": 0, "title": "Start"}]}
    """
    for listed in subject.chapters:
        if listed.fault:
            yield _found(listed, listed.fault)
        elif listed.format == "json":
            if listed.version != _VERSION:
                said = (
                    f"the version is {listed.version!r}"
                    if listed.version
                    else "there is no version"
                )
                yield _found(listed, said, hint=f'write "version": "{_VERSION}"')
            if any(after.start < before.start for before, after in pairwise(listed.chapters)):
                yield _found(listed, "the chapters are not in the order of their times")


@rule("PK705", "chapter-times", Severity.WARNING, who="PC", source="PC20", needs=Material.CHAPTERS)
def chapter_times(subject: Subject) -> Iterator[Found]:
    """Each chapter ends after it begins, and inside the episode.

    One that begins after the end cannot be played.

    Bad:
        {"startTime": 90, "endTime": 60}
    Good:
        {"startTime": 60, "endTime": 90}
    """
    for listed in subject.chapters:
        for chapter in listed.chapters:
            at = format_duration(chapter.start)
            if chapter.end is not None and chapter.end <= chapter.start:
                said = "before" if chapter.end < chapter.start else "as"
                yield _found(listed, f"the chapter at {at} ends {said} it begins")
            elif listed.duration is not None and chapter.start >= listed.duration:
                whole = format_duration(listed.duration)
                yield _found(listed, f"the chapter at {at} begins after the end ({whole})")
            elif listed.duration is not None and (chapter.end or 0.0) > listed.duration + _NEAR:
                whole = format_duration(listed.duration)
                yield _found(listed, f"the chapter at {at} ends after the end ({whole})")


@rule(
    "PK706", "id3-chapters", Severity.WARNING, who="K", source="id3v2 62", needs=Material.CHAPTERS
)
def id3_chapters(subject: Subject) -> Iterator[Found]:
    """Chapters in ID3 are CHAP frames with one top-level, ordered CTOC that lists the visible ones.

    Players find the chapters through that table; without it some show none.

    Bad:
        CHAP frames alone, as some editors write them
    Good:
        podkit tag talk.mp3 --chapters chapters.txt
    """
    for listed in subject.chapters:
        if listed.table_fault:
            hint = "podkit tag FILE --chapters writes them anew"
            yield _found(listed, listed.table_fault, hint=hint)


@rule("PK707", "same-chapters", Severity.WARNING, who="K", source="asks09", needs=Material.CHAPTERS)
def same_chapters(subject: Subject) -> Iterator[Found]:
    """Media file, JSON file, feed and notes have the same chapters.

    Each app reads another one of them: listeners who talk about "chapter three" mean different
    things.

    Bad:
        chapters moved in chapters.txt, the list in the notes left as it was
    Good:
        one list: without one in the notes podkit writes it there
    """
    first: dict[str, ChapterList] = {}
    for listed in subject.chapters:
        if not listed.episode or not listed.chapters or listed.fault:
            continue
        other = first.setdefault(listed.episode, listed)
        difference = _difference(_shown(other), _shown(listed)) if other is not listed else ""
        if difference:
            yield _found(listed, f"not the same as {other.name}: {difference}")


def _difference(one: tuple[Chapter, ...], other: tuple[Chapter, ...]) -> str:
    if len(one) != len(other):
        return f"{len(other)} chapters, not {len(one)}"
    for a, b in zip(one, other, strict=True):
        if abs(a.start - b.start) > _NEAR:
            return f"{b.title!r} at {format_duration(b.start)}, not {format_duration(a.start)}"
        if " ".join(a.title.split()) != " ".join(b.title.split()):
            return f"{b.title!r}, not {a.title!r}"
    return ""


@rule(
    "PK708", "notes-times", Severity.WARNING, who="S Y", source="James Cridland, Castopod blog 2h"
)
def notes_times(subject: Subject) -> Iterator[Found]:
    """Times in the notes stand each at the beginning of a line, in order, from 0:00 on.

    Spotify and YouTube make chapters of such lists, and of no others. Fewer than three times are
    no list: nothing is said of them.

    Bad:
        0:00 Start<br>4:10 Money<br>2:05 Power
    Good:
        0:00 Start<br>2:05 Power<br>4:10 Money
    """
    for item in subject.feed.items:
        for element in (*item.all("encoded", CONTENT), *item.all("description")):
            stamps = [_seconds(stamp) for stamp in _stamps(element.text)]
            if len(stamps) < _FEWEST:
                continue
            if stamps != sorted(stamps):
                yield Found("the times are not in order", at=element)
            elif stamps[0] != 0:
                yield Found("the first time is not 0:00", at=element)
            break


def _stamps(text: str) -> list[str]:
    """The times that begin lines; none where there are too few to look closely."""
    if len(_CLOCK.findall(text)) < _FEWEST:
        return []
    first = _FIRST_STAMP.match(text)
    if first is None:
        return _STAMP.findall(text)
    return [first[1], *_STAMP.findall(text, first.end())]


def _seconds(stamp: str) -> int:
    total = 0
    for part in stamp.split(":"):
        total = total * 60 + int(part)
    return total


@rule("PK709", "feed-chapters", Severity.INFO, who="S", source="James Cridland 2h")
def feed_chapters(subject: Subject) -> Iterator[Found]:
    """Chapters stand in the feed as Podlove Simple Chapters too.

    Spotify reads them there; the JSON file alone it does not.

    Bad:
        <podcast:chapters url="…/chapters.json" type="application/json+chapters"/> alone
    Good:
        <psc:chapters version="1.2"><psc:chapter start="00:00:00" title="Start"/></psc:chapters>
    """
    for item in subject.feed.items_with("chapters", PODCAST):
        if item.first("chapters", PSC) is None:
            yield Found(
                "the chapters stand in a file only",
                at=item.first("chapters", PODCAST),
                hint="" if subject.own else "add psc:chapters",
            )


@rule("PK710", "chapter-pictures", Severity.INFO, who="PC", source="PC20", needs=Material.CHAPTERS)
def chapter_pictures(subject: Subject) -> Iterator[Found]:
    """Pictures of chapters are https; what shall not be listed has `toc` false.

    Apps refuse to load pictures over http. A chapter with `toc` false changes the picture and is in
    no list.

    Bad:
        {"startTime": 60, "img": "http://example.com/60.jpg"}
    Good:
        {"startTime": 60, "img": "https://example.com/60.jpg", "toc": false}
    """
    for listed in _lists(subject):
        plain = [c for c in listed.chapters if c.image.lower().startswith("http:")]
        if plain:
            more = f", and {len(plain) - 1} more" if len(plain) > 1 else ""
            at = format_duration(plain[0].start)
            yield _found(listed, f"the picture of the chapter at {at} is http{more}")
