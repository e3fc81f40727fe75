"""Feeds as bytes: composed, printed, read again before anybody may see them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import FormatError, UsageError
from podkit.feed.write import to_xml
from podkit.model.member import is_for_members
from podkit.model.plan import Change
from podkit.registry import did_you_mean
from podkit.steps import personalise
from podkit.steps.compose import Held, compose
from podkit.steps.leave_out import without_refused
from podkit.steps.locate import refuse_nowhere
from podkit.steps.paginate import paginate
from podkit.steps.ready import GENERATOR, Gathered, cover_of, for_feed, gather, held

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from podkit.model.feedspec import FeedSpec
    from podkit.model.show import Feed
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenFeed:
    """One feed: its path in public/, and whether its bytes differ from those that were there.

    `members` is how many addresses a feed for members has, those that have ended among them.
    """

    name: str
    path: str
    items: int
    bytes: int
    sha256: str
    changed: bool
    members: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedsReport:
    """The feeds that were written, and what they leave out."""

    feeds: tuple[WrittenFeed, ...] = ()
    held: tuple[Held, ...] = ()
    plan: tuple[Change, ...] = ()


def print_feeds(
    show: OpenShow, gathered: Gathered, names: Sequence[str] = (), *, now: datetime
) -> tuple[Gathered, dict[str, dict[str, bytes]]]:
    """The sheets of the named feeds (none: all), by name and path; each was parsed again.

    A feed for members is printed once for all of them; `personalise.copies` makes each one's.

    Returns:
        What was gathered, less the episodes that a feed cannot hold: they are broken; the sheets.

    Raises:
        UsageError: there is no such feed.
        RecordError: the show does not say where its media is.
        FormatError: a feed cannot be printed, and not for the sake of some of its episodes.
    """
    refuse_nowhere(show, now=now)
    sound = replace(gathered, ready=for_feed(show, gathered))
    wanted = tuple(names) or tuple(show.podcast.feeds)
    while True:
        specs = ((name, _spec(show, name, sound, now=now)) for name in wanted)
        try:
            printed = {name: _sheets(show, name, spec) for name, spec in specs}
        except FormatError:  # rare, so no feed is asked beforehand
            again = (_spec(show, name, sound, now=now) for name in wanted)
            left = without_refused(show, sound, again, now=now)
            if left.broken == sound.broken:
                raise
            sound = left
        else:
            return _left(gathered, sound), printed


def _spec(show: OpenShow, name: str, gathered: Gathered, *, now: datetime) -> FeedSpec:
    return compose(
        show.podcast,
        personalise.blank(feed_named(show, name)),
        gathered.ready,
        now=now,
        image=gathered.artworks.feed_name(cover_of(name)) or gathered.artworks.feed_name(""),
        generator=GENERATOR,
    )


def _sheets(show: OpenShow, name: str, spec: FeedSpec) -> dict[str, bytes]:
    sheets = paginate(show.podcast, personalise.blank(feed_named(show, name)), spec)
    return {personalise.shown(sheet.path): to_xml(sheet.spec) for sheet in sheets}


def _left(gathered: Gathered, sound: Gathered) -> Gathered:
    """What was gathered, without the episodes that are broken, as it was found."""
    if sound.broken == gathered.broken:
        return gathered
    out = {one.slug for one in sound.broken}
    ready = tuple(one for one in gathered.ready if one.episode.slug not in out)
    return replace(gathered, ready=ready, broken=sound.broken)


def feed_named(show: OpenShow, name: str) -> Feed:
    """The feed of that name in podkit.toml.

    Raises:
        UsageError: there is none.
    """
    try:
        return show.podcast.feeds[name]
    except KeyError:
        hint = did_you_mean(name, show.podcast.feeds)
        raise UsageError(f"there is no feed {name!r}", hint=hint) from None


def feed_bytes(show: OpenShow, name: str, *, now: datetime) -> bytes:
    """One feed as it would be written now; of several sheets the first."""
    return feed_and_broken(show, name, now=now)[0]


def feed_and_broken(show: OpenShow, name: str, *, now: datetime) -> tuple[bytes, tuple[Held, ...]]:
    """One feed as it would be written now, and the episodes that it lacks for a fault."""
    gathered, printed = print_feeds(show, gather(show), (name,), now=now)
    return next(iter(printed[name].values())), tuple(one.held for one in gathered.broken)


def print_and_write(
    show: OpenShow, names: Sequence[str] = (), *, now: datetime, dry_run: bool = False
) -> tuple[FeedsReport, dict[str, dict[str, bytes]]]:
    """Write feeds into public/, each in one step, the rest of public/ left as it is.

    Returns:
        The report, and the sheets as they were printed, by feed and path.

    Raises:
        UsageError: there is no such feed.
        LockedError: another run builds this show.
    """
    gathered, printed = print_feeds(show, gather(show), names, now=now)
    written = tuple(describe(show, name, sheets) for name, sheets in printed.items())
    out = held(show, gathered, now=now)
    if dry_run:
        return FeedsReport(feeds=written, held=out, plan=planned(written)), printed
    with files.lock(show.layout.build_lock):
        for feed in written:
            if feed.changed:
                _write_sheets(show, feed.name, printed[feed.name])
    return FeedsReport(feeds=written, held=out), printed


def planned(feeds: Sequence[WrittenFeed]) -> tuple[Change, ...]:
    """What a dry run says of them."""
    return tuple(
        Change(action="write" if feed.changed else "keep", subject=feed.path) for feed in feeds
    )


def _write_sheets(show: OpenShow, feed: str, sheets: dict[str, bytes]) -> None:
    """Older sheets first, so that no sheet names one that is not there; those too many go last."""
    wanted = personalise.copies(show, {feed: sheets})
    old = personalise.built(show, feed) - set(wanted)
    for name in reversed(list(wanted)):
        path = show.layout.public / name
        with files.translating(path, "write"):
            path.parent.mkdir(parents=True, exist_ok=True)
        files.write(path, wanted[name], mode=0o644)
    for name in old:
        with files.translating(show.layout.public / name, "remove"):
            (show.layout.public / name).unlink(missing_ok=True)


def describe(show: OpenShow, name: str, sheets: dict[str, bytes]) -> WrittenFeed:
    """A feed as reports tell it; bytes and hash are those of all its sheets, one behind the other."""
    feed = feed_named(show, name)
    whole = b"".join(sheets.values())
    return WrittenFeed(
        name=name,
        path=feed.path,
        items=whole.count(b"<item>"),
        bytes=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
        changed=personalise.differs(show, name, personalise.copies(show, {name: sheets})),
        members=len(personalise.members_of(show, name)) if is_for_members(feed) else None,
    )
