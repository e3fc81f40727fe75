"""Episodes in a row, and everything that is known of one of them or of the show."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from podkit.model import address
from podkit.model.episode import Episode
from podkit.model.rendition import Rendition
from podkit.model.show import Category
from podkit.steps.open_show import OpenShow
from podkit.workspace.layout import RECORD_FILE

Stale = Callable[[Episode], tuple[str, ...]]
"""Names the presets of an episode whose renditions are missing or not what they should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of `podkit list`; `duration` in seconds, `stale` names presets."""

    slug: str
    guid: str
    title: str
    number: float | None
    season: int | None
    type: str
    status: str
    published: datetime | None
    duration: float
    stale: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReport:
    """All episodes, newest first; `warnings` tell of folders that look like one and are none."""

    episodes: tuple[Listed, ...]
    warnings: tuple[str, ...] = ()


def list_episodes(
    show: OpenShow, *, now: datetime, stale: Stale, episodes: tuple[Episode, ...] | None = None
) -> ListReport:
    """Where each episode stands at the moment `now`.

    Args:
        show: the open show.
        now: what is published and what is scheduled.
        stale: says which presets of an episode are.
        episodes: some of the show's; default: all.
    """
    return ListReport(
        warnings=_without_record(show),
        episodes=tuple(
            Listed(
                slug=e.slug,
                guid=e.guid,
                title=e.title,
                number=e.number,
                season=e.season,
                type=str(e.type),
                status=str(e.status(now)),
                published=e.published,
                duration=e.duration,
                stale=stale(e),
            )
            for e in (show.episodes if episodes is None else episodes)
        ),
    )


def _without_record(show: OpenShow) -> tuple[str, ...]:
    """What to say of each folder in episodes/ that lacks its record; only such ones are looked at."""
    known = {episode.slug for episode in show.episodes}
    with suppress(OSError):  # no folder of episodes yet
        entries = sorted(os.scandir(show.layout.episodes), key=lambda entry: entry.name)
        other = (e for e in entries if e.name not in known and not e.name.startswith("."))
        return tuple(
            f"episodes/{entry.name} has no {RECORD_FILE}, so it is no episode"
            for entry in other
            if entry.is_dir() and not os.path.lexists(os.path.join(entry.path, RECORD_FILE))
        )
    return ()


def describe(
    show: OpenShow, episode: Episode | None, *, now: datetime, stale: Stale
) -> dict[str, Any]:
    """The whole record of an episode, or without one of the show, and what follows from it.

    Returns:
        Plain values ready for JSON; what no person wrote lies under `derived`.
    """
    if episode is None:
        return {**plain(show.podcast), "derived": _of_show(show, now)}
    return {**plain(episode), "derived": _of_episode(show, episode, now, stale)}


def _of_show(show: OpenShow, now: datetime) -> dict[str, Any]:
    podcast = show.podcast
    statuses = [str(e.status(now)) for e in show.episodes]
    return {
        "path": str(show.layout.root),
        "site": address.site_url(podcast),
        "media": address.media_base(podcast),
        "feeds": [
            {"name": name, "path": feed.path, "url": address.feed_url(podcast, feed)}
            for name, feed in podcast.feeds.items()
        ],
        "episodes": {word: statuses.count(word) for word in ("published", "scheduled", "draft")},
        "duration": sum(e.duration for e in show.episodes),
    }


def _of_episode(show: OpenShow, episode: Episode, now: datetime, stale: Stale) -> dict[str, Any]:
    folder = show.layout.episode(episode.slug)
    made = show.renditions.get(episode.slug, {})
    return {
        "path": show.layout.shown(folder),
        "status": str(episode.status(now)),
        "duration": episode.duration,
        "page": address.page_url(show.podcast, episode.slug),
        "stale": list(stale(episode)),
        "renditions": [_of_rendition(show, rendition) for rendition in made.values()],
        "files": [
            {"name": entry.name, "bytes": entry.stat(follow_symlinks=False).st_size}
            for entry in sorted(os.scandir(folder), key=lambda e: e.name)
            if entry.is_file() and not entry.name.startswith(".")
        ],
    }


def _of_rendition(show: OpenShow, rendition: Rendition) -> dict[str, Any]:
    url = address.enclosure_urls(show.podcast, rendition.file)[0]
    return {**plain(rendition), "url": url}


def plain(value: Any) -> Any:
    """Lists, dicts, strings and numbers in place of records; categories as text, dates in ISO 8601."""
    if isinstance(value, Category | StrEnum):
        return str(value)
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, tuple | list):
        return [plain(member) for member in value]
    return value.isoformat() if isinstance(value, date | time) else value
