"""Rules 304, 901 to 903, 905, 906, 908, 910: what a new feed would do to those who follow the old one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from podkit.model.comparison import Changed, Comparison
from podkit.model.document import PODCAST
from podkit.model.finding import Severity
from podkit.rules.release import Release
from podkit.rules.rule import Found, Material, rule
from podkit.rules.subject import Subject
from podkit.rules.view import Item

_NAMED = 3
"""So many episodes are named where a finding is about several."""


@rule(
    "PK304", "guid-changed", Severity.ERROR, who="K A", source="A823; asks2",
    needs=Material.RELEASE, own=True,
)  # fmt: skip
def guid_changed(subject: Subject) -> Iterator[Found]:
    """An episode that is live keeps its GUID.

    Apps know an episode by its GUID alone. Under another one the same sound is a new episode:
    everybody downloads it again, and what was heard already is marked as new.

    Bad:
        the same audio, live as "episode-12", now as "6f0c2c1e-…"
    Good:
        guid = "episode-12" in episodes/talks/episode.toml, as it was
    """
    items = _by_guid(subject)
    for change in _comparison(subject).guid_changes:
        item = items.get(change.built)
        if item is not None:
            yield Found(
                f"{change.title} is live under the GUID {change.live} ({change.reason}), "
                f"and would be {change.built}",
                at=item.first("guid") or item.element,
                hint=f'write guid = "{change.live}" into its episode.toml again, '
                "or podkit publish --ignore PK304 where it is another episode",
            )


@rule(
    "PK901", "episode-vanished", Severity.ERROR, who="K", source="asks2",
    needs=Material.RELEASE, own=True,
)  # fmt: skip
def episode_vanished(subject: Subject) -> Iterator[Found]:
    """An episode that is live stays in the feed, unless a person allows that it vanishes.

    Apps take it away from everybody who has not downloaded it, and its numbers are lost. Most often
    nobody meant it: a folder was not checked out, a date was mistyped, a file was missing.

    Bad:
        rm -r episodes/talks, then podkit publish
    Good:
        podkit publish --allow-removal
    """
    release = _release(subject)
    channel = subject.feed.channel.element
    if release.unreadable:
        yield Found(
            f"{release.live} cannot be read, so nobody can tell which episodes would vanish: "
            f"{release.unreadable}",
            at=channel,
            severity=Severity.WARNING,
        )
    for one in _comparison(subject).removed:
        if one.guid in release.aged:
            continue
        name = f"{one.title or 'an episode'} ({one.guid})"
        said = f"{name} is live and would vanish"
        why = release.held.get(one.guid)
        record = subject.by_guid.get(one.guid)
        if release.removal:
            told = f"{name} vanishes from the feed, as was allowed"
            yield Found(told, at=channel, severity=Severity.INFO)
        elif record is None:
            hint = "put its folder back, or podkit publish --allow-removal"
            yield Found(f"{said}: no record has its GUID", at=channel, hint=hint)
        else:
            hint = f"see podkit show {record.slug}, or podkit publish --allow-removal"
            about = f"{record.slug} is held back{f' ({why})' if why else ''}"
            yield Found(f"{said}: {about}", at=channel, hint=hint)


@rule(
    "PK902", "media-not-live", Severity.ERROR, who="K", source="asks6, asks8",
    needs=Material.TARGET, own=True,
)  # fmt: skip
def media_not_live(subject: Subject) -> Iterator[Found]:
    """Media is at the target, whole, before a feed names it.

    Apps ask for a new episode within seconds; who finds nothing there, or a half of it, keeps that.
    `podkit publish` sends media first, reads it back, and then sends the feed. It sends nothing that
    another program wrote to since it was made: length and checksum in the feed would be wrong. Where
    the target has the right bytes already, that is only a warning.

    Bad:
        public/feed.xml names media/talks-77aa01ff.mp3, which is nowhere
    Good:
        podkit publish, which makes and sends what is missing
    """
    items = subject.view.items if subject.view is not None else ()
    at = {item.url: item.enclosure for item in reversed(items) if item.url}
    for item in items:
        for other in item.all("alternateEnclosure", PODCAST):
            for source in other.all("source", PODCAST):
                at.setdefault(source.attributes.get("uri", "").strip(), source)
    for lack in _release(subject).lacks or ():
        if lack.url in at:
            yield Found(
                f"the feed names {lack.url}, and {lack.why}",
                at=at[lack.url],
                hint=lack.hint or "podkit build makes it again",
                severity=Severity.WARNING if lack.harmless else None,
            )


@rule(
    "PK903", "feed-not-proven", Severity.ERROR, who="K", source="asks32",
    needs=Material.TARGET, own=True,
)  # fmt: skip
def feed_not_proven(subject: Subject) -> Iterator[Found]:
    """A feed takes the place of the live one only when it can be read again and has no error.

    A feed that apps cannot read takes the whole show away. `podkit publish` reads the very bytes
    that it is going to send, and keeps the feed that they replace in `.podkit/trash/feeds/`.

    Bad:
        public/feed.xml edited by hand, then podkit publish --no-build
    Good:
        podkit publish
    """
    for fault in _release(subject).faults or ():
        yield Found(fault, hint="podkit build makes it anew from the records")


@rule(
    "PK905", "date-changed", Severity.WARNING, who="K", source="asks7",
    needs=Material.RELEASE, own=True,
)  # fmt: skip
def date_changed(subject: Subject) -> Iterator[Found]:
    """An episode that is live keeps its publish date.

    Apps sort by the date. With a later one the episode comes to the top again, in some apps as new;
    with an earlier one it sinks to where nobody looks.

    Bad:
        published = 2026-11-27T06:00:00+02:00, live since 2026-11-20
    Good:
        published = 2026-11-20T06:00:00+02:00
    """
    items = _by_guid(subject)
    for change in _changes(subject, "published"):
        item = items.get(change.guid)
        if item is None or not change.live:
            continue
        record = subject.by_guid.get(change.guid)
        hint = f"podkit set {record.slug} published={change.live}" if record else ""
        yield Found(
            f"it is live with the date {change.live}, and gets {change.built or 'none'}",
            at=item.first("pubDate") or item.element,
            hint=hint,
        )


@rule(
    "PK906", "old-address-dead", Severity.WARNING, who="K", source="asks7",
    needs=Material.ADDRESSES, own=True,
)  # fmt: skip
def old_address_dead(subject: Subject) -> Iterator[Found]:
    """Audio that is live under one address still answers there when the feed names another.

    Apps keep the address that they saw, for hours or for good; a download that was queued fails.

    Bad:
        media/talks-77aa01ff.mp3 removed on the day on which the feed names talks-0c11d9e2.mp3
    Good:
        the old file left where it is, or a redirect (301) from it to the new one
    """
    release = _release(subject)
    items = _by_guid(subject)
    for change in _changes(subject, "enclosure.url"):
        item = items.get(change.guid)
        if item is not None and (release.answers or {}).get(change.live) is False:
            yield Found(
                f"its audio was at {change.live}, where nothing answers any more",
                at=item.enclosure or item.element,
                hint="put the old file back, or redirect its address to the new one",
            )


@rule(
    "PK908", "by-hand", Severity.INFO, who="K", source="asks7; table 2h",
    needs=Material.RELEASE, own=True,
)  # fmt: skip
def by_hand(subject: Subject) -> Iterator[Found]:
    """Platforms that do not follow a change by themselves are told by hand.

    YouTube takes the sound of an episode once: other audio has to be uploaded there again. An
    episode that was edited in Studio no longer follows the feed, and the details of the show are
    never taken again.

    Bad:
        a new title in the feed, the old one on YouTube for ever
    Good:
        the same change made in YouTube Studio, if the show is there
    """
    comparison = _comparison(subject)
    channel = subject.feed.channel.element
    sound = _titles(subject, [c.guid for c in comparison.changed if c.guid and _is_sound(c)])
    if sound:
        said = "YouTube keeps the audio that it has: upload it there again"
        yield Found(f"other audio of {sound}: {said}", at=channel)
    words = [c.guid for c in _changes(subject, "title")]
    told = _titles(subject, [*words, *(guid for guid in comparison.rewritten if guid)])
    if told:
        said = "YouTube follows unless the episode was edited in Studio: look there"
        yield Found(f"another title or other notes of {told}: {said}", at=channel)
    details = [c.field for c in comparison.changed if not c.guid and c.field in {"title", "image"}]
    details += ["description"] if "" in comparison.rewritten else []
    if details:
        said = "YouTube never takes it again: change it in Studio"
        yield Found(f"another {' and '.join(details)} of the show: {said}", at=channel)


@rule(
    "PK910", "other-bytes", Severity.WARNING, who="K", source="asks23",
    needs=Material.RELEASE, own=True,
)  # fmt: skip
def other_bytes(subject: Subject) -> Iterator[Found]:
    """A feed that says nothing new is the same byte for byte.

    Apps and directories ask for a feed every few minutes and read it again whenever its bytes
    differ. podkit makes the same bytes of the same records; something else changed the live ones.

    Bad:
        a new lastBuildDate with every run
    Good:
        ETag and Last-Modified stay as they are until an episode comes
    """
    release = _release(subject)
    if release.other_bytes:
        yield Found(
            f"it says what {release.live} says, in other bytes",
            at=subject.feed.channel.element,
            hint="to be expected once after an update of podkit; otherwise look who rewrites it",
        )


def _release(subject: Subject) -> Release:
    return subject.release or Release(live="")


def _comparison(subject: Subject) -> Comparison:
    return _release(subject).comparison or Comparison()


def _changes(subject: Subject, field: str) -> Iterator[Changed]:
    return (c for c in _comparison(subject).changed if c.guid and c.field == field)


def _by_guid(subject: Subject) -> dict[str, Item]:
    """The episodes of this sheet of the feed; others are told on theirs."""
    return {item.guid: item for item in reversed(subject.feed.items)}


def _is_sound(change: Changed) -> bool:
    return change.field in {"enclosure.url", "enclosure.length"}


def _titles(subject: Subject, guids: Sequence[str]) -> str:
    """The episodes in words: their titles, or how many there are when there are many."""
    named = dict.fromkeys(guids)
    if len(named) > _NAMED:
        return f"{len(named)} episodes"
    known = subject.by_guid
    return ", ".join(known[guid].title if guid in known else guid for guid in named)
