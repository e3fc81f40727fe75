"""What there is to do: stale, drifted, unpublished, scheduled, failing lint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from podkit.errors import PodkitError
from podkit.model.episode import Status
from podkit.steps import release
from podkit.steps.lint import lint_show
from podkit.steps.stale import drifted_presets, stale_presets

if TYPE_CHECKING:
    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One episode: `stale` a build would make, `drifted` was published and has changed since.

    `unpublished` renditions were made and not published yet; `fault` is why it cannot be judged.
    """

    slug: str
    status: Status
    published: datetime | None
    stale: tuple[str, ...] = ()
    drifted: tuple[str, ...] = ()
    unpublished: tuple[str, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """Every episode that needs something, or will be published by itself; and what lint says."""

    episodes: tuple[Standing, ...] = ()
    errors: int = 0
    warnings: int = 0
    next_due: datetime | None = None


def status(show: OpenShow, *, now: datetime) -> StatusReport:
    """How the show stands at the moment `now`; nothing is changed."""
    counts = lint_show(show, now=now).counts
    standings = tuple(_standing(show, episode, now) for episode in show.episodes)
    return StatusReport(
        episodes=tuple(s for s in standings if _matters(s)),
        errors=counts.get("error", 0),
        warnings=counts.get("warning", 0),
        next_due=release.next_due(show.podcast, show.episodes, now),
    )


def _matters(one: Standing) -> bool:
    waiting = one.status is not Status.PUBLISHED
    return bool(waiting or one.stale or one.drifted or one.unpublished or one.fault)


def _standing(show: OpenShow, episode: Episode, now: datetime) -> Standing:
    made = show.renditions.get(episode.slug, {})
    try:
        stale = stale_presets(show, episode)
        drifted = drifted_presets(show, episode)
        fault = ""
    except PodkitError as error:
        stale, drifted, fault = (), (), error.message
    return Standing(
        slug=episode.slug,
        status=episode.status(now),
        published=episode.published,
        stale=stale,
        drifted=drifted,
        unpublished=tuple(key for key, r in made.items() if r.published is None),
        fault=fault,
    )
