"""Rules 607 to 610: whether a media file plays whole, seeks right, and says what it is."""

from __future__ import annotations

from collections.abc import Iterator

from podkit.model.document import PODCAST, Element
from podkit.model.drift import Drift
from podkit.model.finding import Severity
from podkit.model.timecode import format_duration
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import Sound, Subject

HEADER_TOLERANCE = 2.0
"""Seconds by which a file's header may differ from what is decoded."""
LARGE = 200_000_000
_SHOWN = 60


@rule("PK607", "seekable", Severity.WARNING, who="K", source="asks17", needs=Material.MEDIA)
def seekable(subject: Subject) -> Iterator[Found]:
    """The file's header states the duration that is decoded.

    A constant bit rate, or a variable one with a Xing or Info header: without it a player guesses
    the length, and jumps to the wrong place.

    Bad:
        a VBR MP3 without Xing header: it says 63:00, it plays 58:12
    Good:
        an MP3 with Info header
    """
    for sound in subject.sounds():
        media, decoded = sound.facts.media, sound.facts.decoded
        if media is None or decoded is None or media.duration is None:
            continue
        if abs(media.duration - decoded.duration) > HEADER_TOLERANCE:
            yield Found(
                f"the header says {format_duration(media.duration)}, "
                f"decoded it has {format_duration(decoded.duration)}",
                at=sound.at,
            )


@rule(
    "PK608", "decodes", Severity.WARNING, who="K", source="dabase validator", needs=Material.MEDIA
)
def decodes(subject: Subject) -> Iterator[Found]:
    """The file decodes to its end without an error.

    A damaged frame is a click in one player and the end of the episode in the other. A file whose
    end is missing, or in which nothing can be decoded, is an error.

    Bad:
        a download that was cut off and published
    Good:
        a file that podkit verify has read to its end
    """
    for sound in subject.sounds():
        decoded = sound.facts.decoded
        if sound.facts.damage:
            yield Found(
                f"the file is damaged: {sound.facts.damage}",
                at=sound.at,
                hint="get the whole file, or make it again",
                severity=Severity.ERROR,
            )
        elif decoded is not None and decoded.errors:
            more = f" (and {len(decoded.errors) - 1} more)" if len(decoded.errors) > 1 else ""
            yield Found(f"decoding says: {decoded.errors[0][:200]}{more}", at=sound.at)


@rule(
    "PK609",
    "file-tags",
    Severity.INFO,
    who="K",
    source="asks11",
    needs=Material.MEDIA,
    own=True,
)
def file_tags(subject: Subject) -> Iterator[Found]:
    """The file's own tags, chapters and artwork say what the record and the feed say.

    Who saves a file or plays it in a car sees the tags, not the feed. Every field that podkit writes
    into such a file is compared; what its container cannot hold does not count. Of a file that is
    kept as it came, title, album and artwork are held against the feed.

    Bad:
        title "Mix_final_3", no artwork
    Good:
        title and artwork of the episode, the show as album
    """
    for sound in subject.sounds():
        drift = sound.facts.drift
        if drift is None:
            yield from _against_the_feed(subject, sound)
        elif drift.differs:
            yield _drifted(drift, sound.at)
    named = {sound.url for sound in subject.sounds()}
    for element, url in _alternates(subject):
        facts = subject.media.get(url)
        if url not in named and facts is not None and facts.drift and facts.drift.differs:
            named.add(url)
            yield _drifted(facts.drift, element)


def _drifted(drift: Drift, at: Element | None) -> Found:
    fields = ", ".join(one.field.replace("_", " ") for one in drift.differs)
    first = drift.differs[0]
    shown = f'"{first.found[:_SHOWN]}"' if first.found else "nothing"
    return Found(
        f"the tags of {drift.file} differ from the record: {fields} "
        f"({first.field.replace('_', ' ')} says {shown})",
        at=at,
        hint=drift.hint,
    )


def _against_the_feed(subject: Subject, sound: Sound) -> Iterator[Found]:
    media, item = sound.facts.media, sound.item
    if media is None or item is None or subject.view is None:
        return
    wanted = {"title": item.value("title"), "album": subject.view.channel.value("title")}
    differing = [key for key, value in wanted.items() if media.tags.get(key, "") != value]
    if not media.artwork:
        differing.append("artwork")
    if differing:
        yield Found(
            f"the file's tags differ from the feed: {', '.join(differing)}",
            at=sound.at,
            hint='the preset "copy" keeps its sound and writes the episode\'s tags',
        )


def _alternates(subject: Subject) -> Iterator[tuple[Element, str]]:
    """The other files that the feed offers, and where it names them."""
    for item in subject.view.items if subject.view is not None else ():
        for alternate in item.all("alternateEnclosure", PODCAST):
            for source in alternate.children:
                if source.name == "source":
                    yield alternate, source.attributes.get("uri", "").strip()


@rule(
    "PK610",
    "large-file",
    Severity.WARNING,
    who="S",
    source="SF validator 2h, unverified",
    needs=Material.MEDIA,
)
def large_file(subject: Subject) -> Iterator[Found]:
    """The file has at most 200 MB.

    Spotify is said to refuse more; on a phone's plan it is much in any case.

    Bad:
        two hours at 320 kbit/s: 288 MB
    Good:
        two hours at 128 kbit/s: 115 MB
    """
    for sound in subject.sounds():
        size = sound.facts.bytes
        if size is not None and size > LARGE:
            yield Found(f"the file has {size / 1_000_000:,.0f} MB", at=sound.at)
