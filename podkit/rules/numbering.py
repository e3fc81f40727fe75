"""Rules 309 to 314: an item's duration, numbers, kind and explicit value."""

from __future__ import annotations

import re
from collections.abc import Iterator

from podkit.model.document import ITUNES
from podkit.model.finding import Severity
from podkit.model.timecode import format_duration
from podkit.rules.rule import Found, rule
from podkit.rules.show import explicit_value
from podkit.rules.subject import Subject
from podkit.rules.view import Item

DURATION_TOLERANCE = 2.0
"""Seconds by which a stated duration may differ from the decoded one."""

_SECONDS = re.compile(r"[0-9]{1,9}")
_CLOCK = re.compile(r"(?:([0-9]{1,6}):)?([0-9]{1,6}):([0-9]{1,2})")
_POSITIVE = re.compile(r"0*[1-9][0-9]{0,8}")
_KINDS = ("full", "trailer", "bonus")


@rule("PK309", "duration", Severity.WARNING, who="A P1", source="A-RSS, PSP1; asks17")
def duration(subject: Subject) -> Iterator[Found]:
    """`itunes:duration` is whole seconds and true to 2 seconds.

    Apps show it and draw the progress bar by it. With colons, minutes and seconds stay below 60.

    Bad:
        <itunes:duration>00:50:95</itunes:duration>
    Good:
        <itunes:duration>3095</itunes:duration>
    """
    for item in subject.feed.items:
        element = item.first("duration", ITUNES)
        if element is None:
            if item.enclosure is not None:
                yield Found("the episode has no itunes:duration", at=item.element)
            continue
        text = element.text.strip()
        seconds, slip = read_duration(text)
        if slip:
            yield Found(
                f"the duration {text[:40]!r} {slip}", at=element, hint="whole seconds: 3095"
            )
        facts = subject.media.get(item.url)
        real = None if facts is None else facts.duration
        if seconds is not None and real is not None and abs(seconds - real) > DURATION_TOLERANCE:
            yield Found(
                f"the duration says {format_duration(seconds)}, the file has {format_duration(real)}",
                at=element,
            )


def read_duration(text: str) -> tuple[float | None, str]:
    """Seconds, or None; and what is wrong with the text, or nothing."""
    if _SECONDS.fullmatch(text):
        return float(text), "" if int(text) else "is zero"
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None, "is not whole seconds"
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    total = float(hours * 3600 + minutes * 60 + seconds)
    if seconds > 59 or (found[1] is not None and minutes > 59):
        return None, "has minutes or seconds above 59"
    return total, "" if total else "is zero"


@rule("PK310", "episode-number", Severity.WARNING, who="A P1", source="A-RSS")
def episode_number(subject: Subject) -> Iterator[Found]:
    """`itunes:episode` and `itunes:season` are whole numbers from 1 on.

    Apple passes over 0, decimals and words; `podcast:episode` may have decimals.

    Bad:
        <itunes:season>one</itunes:season>
    Good:
        <itunes:season>1</itunes:season>
    """
    for name in ("episode", "season"):
        for element in subject.feed.in_items(name, ITUNES):
            text = element.text.strip()
            if not _POSITIVE.fullmatch(text):
                yield Found(f"itunes:{name} is {text[:40]!r}, not a number from 1 on", at=element)


@rule("PK311", "episode-type", Severity.WARNING, who="A P1", source="A-RSS")
def episode_type(subject: Subject) -> Iterator[Found]:
    """`itunes:episodeType` is `full`, `trailer` or `bonus`.

    With another word the episode counts as full, and a trailer takes a full episode's place.

    Bad:
        <itunes:episodeType>teaser</itunes:episodeType>
    Good:
        <itunes:episodeType>trailer</itunes:episodeType>
    """
    for item in subject.feed.items_with("episodeType", ITUNES):
        element = item.all("episodeType", ITUNES)[0]
        value = element.text.strip()
        if value not in _KINDS:
            low = value.lower()
            hint = f"write {low}" if low in _KINDS else "write full, trailer or bonus"
            yield Found(f"itunes:episodeType is {value[:40]!r}", at=element, hint=hint)


@rule("PK312", "trailer-guid", Severity.WARNING, who="A", source="A-RSS")
def trailer_guid(subject: Subject) -> Iterator[Found]:
    """A trailer for an episode has a GUID of its own.

    With the episode's GUID one of the two is never shown.

    Bad:
        <guid>energy</guid> in the trailer, and again in the episode
    Good:
        <guid>energy-trailer</guid> and <guid>energy</guid>
    """
    said = subject.feed.items_with("episodeType", ITUNES)
    trailers = [item for item in said if item.guid and _kind(item) == "trailer"]
    full = {item.guid for item in subject.feed.items if trailers and _kind(item) == "full"}
    for item in trailers:
        if item.guid in full:
            yield Found("the trailer has an episode's GUID", at=item.first("guid"))


@rule("PK313", "number-twice", Severity.WARNING, who="A", source="derived")
def number_twice(subject: Subject) -> Iterator[Found]:
    """No two full episodes have the same season and number.

    Apps that order by number put one in the other's place.

    Bad:
        <itunes:season>1</itunes:season><itunes:episode>2</itunes:episode> in two items
    Good:
        <itunes:season>1</itunes:season><itunes:episode>3</itunes:episode>
    """
    seen: dict[tuple[str, str], Item] = {}
    for item in subject.feed.items_with("episode", ITUNES):
        number = item.value("episode", ITUNES)
        if not number or _kind(item) != "full":
            continue
        season = item.value("season", ITUNES)
        key = (season.lstrip("0"), number.lstrip("0"))
        if key in seen:
            name = f"season {season}, episode {number}" if season else f"episode {number}"
            yield Found(f"item {seen[key].number} is {name} too", at=item.first("episode", ITUNES))
        else:
            seen[key] = item


@rule("PK314", "episode-explicit", Severity.WARNING, who="A P1", source="A-RSS")
def episode_explicit(subject: Subject) -> Iterator[Found]:
    """An episode's `itunes:explicit` is `true` or `false`; without it the show's counts.

    Apple marks single episodes by it.

    Bad:
        <itunes:explicit>clean</itunes:explicit>
    Good:
        <itunes:explicit>false</itunes:explicit>
    """
    for element in subject.feed.in_items("explicit", ITUNES):
        yield from explicit_value(element, Severity.WARNING)


def _kind(item: Item) -> str:
    return item.value("episodeType", ITUNES).lower() or "full"
