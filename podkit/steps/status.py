"""What there is to do: stale, drifted, unpublished, scheduled, failing lint."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from podkit.errors import PodkitError
from podkit.model.drift import Drift
from podkit.model.episode import Status
from podkit.steps import release
from podkit.steps.drift import ALTERED, Comparer, drifts
from podkit.steps.lint_show import lint_show
from podkit.steps.stale import stale_presets

if TYPE_CHECKING:
    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One episode: `stale` a build would make, `drifted` was published and has changed since.

    `unpublished` renditions were made and not published yet; `fault` is why it cannot be judged;
    `differs` says what each file says otherwise than the record.
    """

    slug: str
    status: Status
    published: datetime | None
    stale: tuple[str, ...] = ()
    drifted: tuple[str, ...] = ()
    unpublished: tuple[str, ...] = ()
    fault: str = ""
    differs: tuple[Drift, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReport:
    """Every episode that needs something, or will be published by itself; and what lint says."""

    episodes: tuple[Standing, ...] = ()
    errors: int = 0
    warnings: int = 0
    next_due: datetime | None = None


def status(show: OpenShow, *, now: datetime) -> StatusReport:
    """How the show stands at the moment `now`; nothing is changed but the cache."""
    counts = lint_show(show, now=now).counts
    comparer = Comparer(show)
    standings = tuple(_standing(show, episode, now, comparer) for episode in show.episodes)
    comparer.save()
    return StatusReport(
        episodes=tuple(s for s in standings if _matters(s)),
        errors=counts.get("error", 0),
        warnings=counts.get("warning", 0),
        next_due=release.next_due(show.podcast, show.episodes, now),
    )


def _matters(one: Standing) -> bool:
    waiting = one.status is not Status.PUBLISHED
    told = one.stale or one.drifted or one.unpublished or one.fault or one.differs
    return bool(waiting or told)


def _standing(show: OpenShow, episode: Episode, now: datetime, comparer: Comparer) -> Standing:
    made = show.renditions.get(episode.slug, {})
    stale: tuple[str, ...] = ()
    found: tuple[Drift, ...] = ()
    fault = ""
    try:
        stale = stale_presets(show, episode, comparer)
        found = drifts(show, episode, comparer)
    except PodkitError as error:
        fault = error.message
    return Standing(
        slug=episode.slug,
        status=episode.status(now),
        published=episode.published,
        stale=stale,
        drifted=tuple(d.preset for d in found if d.published and d.why != ALTERED),
        unpublished=tuple(key for key, r in made.items() if r.published is None),
        fault=fault,
        differs=found,
    )
