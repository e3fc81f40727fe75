"""When an episode comes out, feed by feed: members may have it early, another feed may be late. Pure.

In each feed an episode's date is the moment at which it came out there, and stays so: nothing
changes in the members' feed on the day on which everybody gets it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from podkit.model import address
from podkit.model.episode import Status
from podkit.model.timecode import parse_span
from podkit.steps import choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from podkit.model.episode import Episode
    from podkit.model.feedspec import Item
    from podkit.model.podcasting import SimpleChapters
    from podkit.model.show import Feed, Podcast


def moment(episode: Episode, feed: Feed) -> datetime | None:
    """When the episode comes out in the feed; None for a draft."""
    if episode.draft or episode.published is None:
        return None
    if not feed.early and not feed.delay:
        return episode.published
    return episode.published - parse_span(feed.early) + parse_span(feed.delay)


def is_out(episode: Episode, feed: Feed, now: datetime) -> bool:
    """Whether the feed may name it at the moment `now`."""
    due = moment(episode, feed)
    return due is not None and due <= now


def takes(podcast: Podcast, feed: Feed, episode: Episode, now: datetime) -> bool:
    """Whether the feed names the episode at the moment `now`, when nothing is missing of it."""
    return choose.belongs(podcast, episode, feed) and is_out(episode, feed, now)


def is_public(podcast: Podcast, episode: Episode, now: datetime) -> bool:
    """Whether everybody may hear of it: a feed that is not private has it.

    What no public feed takes is public from its own date on, as far as pages show it.
    """
    public = [feed for feed in _feeds(podcast, episode) if not feed.private]
    if not public:
        return episode.status(now) is Status.PUBLISHED
    return any(is_out(episode, feed, now) for feed in public)


def waits(podcast: Podcast, episode: Episode, now: datetime) -> Status | None:
    """Why no feed may name it yet, if so."""
    if any(is_out(episode, feed, now) for feed in _feeds(podcast, episode)):
        return None
    status = episode.status(now)
    if status is not Status.PUBLISHED:
        return status
    return Status.SCHEDULED if _feeds(podcast, episode) else None


def unlisted(podcast: Podcast, episodes: Iterable[Episode], now: datetime) -> set[str]:
    """The slugs of episodes that no page may show and nothing beside a page may tell of."""
    return {episode.slug for episode in episodes if not is_public(podcast, episode, now)}


def span(
    podcast: Podcast, episodes: Sequence[Episode], now: datetime
) -> tuple[datetime | None, datetime | None]:
    """From when until before when everything is as it is now: nothing else comes out meanwhile."""
    moments = {due for e in episodes for f in _feeds(podcast, e) if (due := moment(e, f))}
    moments |= {e.published for e in episodes if e.published and not e.draft}
    return (
        max((due for due in moments if due <= now), default=None),
        min((due for due in moments if due > now), default=None),
    )


def next_due(podcast: Podcast, episodes: Sequence[Episode], now: datetime) -> datetime | None:
    """The next moment at which an episode comes out in any feed."""
    moments = (moment(episode, feed) for episode in episodes for feed in _feeds(podcast, episode))
    return min((due for due in moments if due is not None and due > now), default=None)


def as_of(podcast: Podcast, feed: Feed, episode: Episode, item: Item, now: datetime) -> Item:
    """An episode as the feed may name it now.

    Before everybody has it, its page, chapters and transcript are not there: their addresses could
    be guessed from the title. The chapters inside the feed are.
    """
    due = moment(episode, feed)
    dated = item if due == item.published else replace(item, published=due)
    if is_public(podcast, episode, now):
        return dated
    link = episode.link or address.site_url(podcast)
    return replace(
        dated, link=link, chapters=None, transcripts=(), simple_chapters=_bare(item.simple_chapters)
    )


def _bare(simple: SimpleChapters | None) -> SimpleChapters | None:
    """Chapters without their pictures, which lie beside the page."""
    if simple is None:
        return None
    return replace(simple, chapters=tuple(replace(c, image="") for c in simple.chapters))


def _feeds(podcast: Podcast, episode: Episode) -> list[Feed]:
    return [f for f in podcast.feeds.values() if choose.belongs(podcast, episode, f)]
