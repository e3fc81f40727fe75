"""Rules 741 to 750: transcripts and captions, in files and in the feed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from podkit.model.document import PODCAST, Element
from podkit.model.finding import Severity
from podkit.model.timecode import format_duration
from podkit.model.transcript import Cue
from podkit.rules.languages import same_language
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import Subject, TranscriptText

_APPLE = frozenset(["text/vtt", "application/srt", "application/x-subrip"])
_SPOKEN = re.compile(r"[^\W\d_][^:\n.!?,;]{0,40}:\s+\S")
_OVERLAP = 1.0  # seconds that two cues may share: people interrupt each other
_AFTER_END = 3.0
_MOST_LINES = 20
_SRT_LINES, _SRT_WIDTH, _VTT_WIDTH = 2, 32, 65


def _found(text: TranscriptText, message: str, *, hint: str = "") -> Found:
    name = f"{text.name}: " if text.at is not None else ""
    return Found(name + message, at=text.at, hint=hint)


def _links(subject: Subject) -> Sequence[Element]:
    return subject.feed.by_name.get((PODCAST, "transcript"), ())


def _kind(element: Element) -> str:
    return element.attributes.get("type", "").strip().lower().partition(";")[0]


@rule("PK741", "transcript-link", Severity.ERROR, who="A PC", source="PC20, A-RSS new text")
def transcript_link(subject: Subject) -> Iterator[Found]:
    """A `podcast:transcript` has a `url` and a `type`.

    Apps load it from the one and choose by the other; without both nobody does.

    Bad:
        <podcast:transcript>https://example.com/talk.vtt</podcast:transcript>
    Good:
        <podcast:transcript url="https://example.com/talk.vtt" type="text/vtt"/>
    """
    for element in _links(subject):
        missing = [n for n in ("url", "type") if not element.attributes.get(n, "").strip()]
        if missing:
            yield Found(f"it has no {' and no '.join(missing)}", at=element)


@rule("PK742", "transcript-for-apple", Severity.WARNING, who="A", source="A-RSS new text")
def transcript_for_apple(subject: Subject) -> Iterator[Found]:
    """One of an episode's transcripts is WebVTT or SRT; Apple takes WebVTT before SRT.

    From other types Apple makes nothing, and shows its own transcript instead.

    Bad:
        <podcast:transcript url="…/talk.html" type="text/html"/> alone
    Good:
        <podcast:transcript url="…/talk.vtt" type="text/vtt" rel="captions"/>
    """
    for item in subject.feed.items_with("transcript", PODCAST):
        links = item.all("transcript", PODCAST)
        if not any(_kind(element) in _APPLE for element in links):
            hint = 'add one with type="text/vtt"'
            yield Found("no transcript is WebVTT or SRT", at=links[0], hint=hint)


@rule("PK743", "voices", Severity.WARNING, who="A", source="A5316", needs=Material.TRANSCRIPTS)
def voices(subject: Subject) -> Iterator[Found]:
    """Speakers in WebVTT are voices: `<v Name>`.

    Apple shows named speakers from these alone; a name typed before a colon is part of what is
    said.

    Bad:
        Olha: Who pays?
    Good:
        <v Olha>Who pays?</v>
    """
    for text in subject.transcripts:
        cues = text.transcript.cues if text.transcript else ()
        if text.format != "vtt" or any(cue.speaker for cue in cues):
            continue
        typed = sum(_SPOKEN.match(cue.text) is not None for cue in cues)
        if typed >= 2:
            hint = f"podkit transcript {text.name} --to srt -o S.srt, then S.srt --to vtt"
            yield _found(text, f"{typed} cues begin with a name and a colon", hint=hint)


@rule(
    "PK744", "transcript-file", Severity.ERROR, who="K", source="spec", needs=Material.TRANSCRIPTS,
    fixable=True,
)  # fmt: skip
def transcript_file(subject: Subject) -> Iterator[Found]:
    """A transcript can be read, and its cues follow each other.

    WebVTT begins with that word. Cues that lie over each other are shown over each other; a cue
    that ends before it begins is never shown, and minutes and seconds end at 59.

    Bad:
        a WebVTT file whose first line is "1"
    Good:
        WEBVTT
    """
    for text in subject.transcripts:
        if text.fault:
            yield _found(text, text.fault)
            continue
        yield from _odd_times(text)
        cues = text.transcript.cues if text.transcript else ()
        for before, after in pairwise(cues if text.transcript and text.transcript.timed else ()):
            at = format_duration(after.start)
            if after.start < before.start:
                yield _found(text, f"the cue at {at} begins before the one before it")
                break
            if before.speaker == after.speaker and before.end - after.start > _OVERLAP:
                yield _found(text, f"the cue at {at} lies over the one before it")
                break


def _odd_times(text: TranscriptText) -> Iterator[Found]:
    for line, what in text.odd[:_MOST_LINES]:
        yield Found(what, line=line)
    if len(text.odd) > _MOST_LINES:
        yield _found(text, f"{len(text.odd) - _MOST_LINES} more lines have such times")
    if text.odd or text.transcript is None:
        return
    back = [cue for cue in text.transcript.cues if cue.end < cue.start]
    if back:
        yield _found(text, f"the cue at {format_duration(back[0].start)} ends before it begins")


@rule(
    "PK745",
    "transcript-end",
    Severity.WARNING,
    who="K",
    source="dabase validator",
    needs=Material.TRANSCRIPTS,
)
def transcript_end(subject: Subject) -> Iterator[Found]:
    """The last cue ends with the episode, at most 3 seconds after it.

    A transcript that is longer than the sound belongs to another cut of it.

    Bad:
        the last cue at 31:10 of an episode of 28:02
    Good:
        podkit transcript talk.vtt --shift -12.5 -o talk.vtt
    """
    for text in subject.transcripts:
        if text.transcript is None or text.duration is None:
            continue
        last = max((cue.end for cue in text.transcript.cues), default=0.0)
        if last > text.duration + _AFTER_END:
            whole = format_duration(text.duration)
            yield _found(
                text, f"the last cue ends at {format_duration(last)}, the episode at {whole}"
            )


@rule("PK746", "cue-size", Severity.WARNING, who="PC", source="PC20", needs=Material.TRANSCRIPTS)
def cue_size(subject: Subject) -> Iterator[Found]:
    """A cue of SRT has at most two lines of 32 characters; a line of WebVTT at most 65 characters.

    Players show them over a picture or on a telephone, and cut what is longer.

    Bad:
        a paragraph as one cue
    Good:
        a cue for each sentence
    """
    for text in subject.transcripts:
        cues = text.transcript.cues if text.transcript else ()
        width = {"srt": _SRT_WIDTH, "vtt": _VTT_WIDTH}.get(text.format)
        if width is None:
            continue
        wide = [c for c in cues if any(len(line) > width for line in c.text.split("\n"))]
        tall = [c for c in cues if text.format == "srt" and c.text.count("\n") >= _SRT_LINES]
        if wide:
            yield _found(text, f"{_cues(wide)} lines over {width} characters")
        if tall:
            yield _found(text, f"{_cues(tall)} over {_SRT_LINES} lines")


def _cues(cues: Sequence[Cue]) -> str:
    """How many cues have what comes next, and where the first is."""
    at = format_duration(cues[0].start)
    return f"{len(cues)} cues, the first at {at}, have" if len(cues) > 1 else f"the cue at {at} has"


@rule(
    "PK747",
    "transcript-language",
    Severity.WARNING,
    who="PC",
    source="PC20",
    needs=Material.TRANSCRIPTS,
)
def transcript_language(subject: Subject) -> Iterator[Found]:
    """A transcript in another language than the feed's says so.

    Apps show the one in the listener's language, and take those without a word for the feed's.

    Bad:
        <podcast:transcript url="…/talk.uk.vtt" type="text/vtt"/> in an English feed
    Good:
        <podcast:transcript url="…/talk.uk.vtt" type="text/vtt" language="uk"/>
    """
    if subject.view is None:
        return
    feed = subject.feed.channel.value("language").lower()
    for text in subject.transcripts:
        own = text.language.lower()
        if text.at is None or not own or not feed or same_language(own, feed):
            continue
        if not text.at.attributes.get("language", "").strip():
            hint = f'write language="{own}"'
            yield _found(text, f"it is in {own!r}, and the feed in {feed!r}", hint=hint)


@rule("PK748", "captions", Severity.INFO, who="PC", source="PC20")
def captions(subject: Subject) -> Iterator[Found]:
    """A transcript with times has `rel="captions"`.

    Players then show it word by word over a film.

    Bad:
        <podcast:transcript url="…/talk.vtt" type="text/vtt"/>
    Good:
        <podcast:transcript url="…/talk.vtt" type="text/vtt" rel="captions"/>
    """
    for element in _links(subject):
        if _kind(element) in _APPLE and element.attributes.get("rel", "").strip() != "captions":
            hint = 'add rel="captions"'
            yield Found('it is timed and has no rel="captions"', at=element, hint=hint)


@rule(
    "PK750",
    "transcript-json",
    Severity.WARNING,
    who="PC",
    source="PC20",
    needs=Material.TRANSCRIPTS,
)
def transcript_json(subject: Subject) -> Iterator[Found]:
    """A JSON transcript has `version`, and segments with `startTime` and `body`.

    What speech recognisers write has other names, and apps show nothing.

    Bad:
        {"segments": [{"start": 0.0, "text": "Hello"}]}
    Good:
        {"version": "1.0.0", "segments": [{"startTime": 0.0, "body": "Hello"}]}
    """
    for text in subject.transcripts:
        if text.format != "json" or text.fault:
            continue
        hint = f"podkit transcript {text.name} --to json -o NEW.json"
        if not text.version:
            yield _found(text, "there is no version", hint=hint)
        if text.other_names:
            yield _found(text, "its segments have no startTime and body", hint=hint)
