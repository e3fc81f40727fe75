"""What would be live, without the episodes that have to stay out of it: these alone, not the others.

An episode whose media cannot be sent as it was made is withheld when it is not live yet. One that is
live stays in the feeds: then the guards say what is wrong, and nothing is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podkit.errors import FindingsError, UsageError
from podkit.model import address
from podkit.model.member import TOKEN
from podkit.model.plan import Stage
from podkit.model.rendition import files_of
from podkit.steps import guard, live, personalise, ready, release, write_feed
from podkit.steps.compose import Held
from podkit.steps.plan_moves import plan_moves
from podkit.steps.prove import unfit

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from podkit.model.plan import Move
    from podkit.steps.open_show import OpenShow
    from podkit.steps.prove import Unfit
    from podkit.targets.target import Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What would be live: the feeds by name, who stays out of them, the plan, and media that is wrong.

    `coming` are the GUIDs of episodes that only wait for a build.
    """

    feeds: Mapping[str, Mapping[str, bytes]]
    held: tuple[Held, ...]
    plan: tuple[Move, ...]
    wrong: tuple[Unfit, ...]
    coming: frozenset[str] = frozenset()


def skipped(show: OpenShow, slugs: Collection[str]) -> frozenset[str]:
    """The episodes that a person wants left out.

    Raises:
        UsageError: there is no such episode.
    """
    unknown = set(slugs) - {episode.slug for episode in show.episodes}
    if unknown:
        raise UsageError(
            f"there is no episode {min(unknown)!r} to skip", hint="podkit list shows the episodes"
        )
    return frozenset(slugs)


def without_unfit(
    show: OpenShow,
    look: Callable[[frozenset[str]], Seen],
    live_guids: Collection[str],
    skip: frozenset[str],
    *,
    now: datetime,
) -> Seen:
    """Look, and look again without the new episodes whose media cannot be sent as it was made.

    Args:
        show: the show.
        look: what would be live without the given slugs.
        live_guids: what is live; such an episode is never left out for its media.
        skip: slugs to leave out anyway.
        now: what is due is judged by it.

    Raises:
        FindingsError: nothing would be left for a feed that nobody has yet.
    """
    new = {episode.slug for episode in show.episodes if episode.guid not in live_guids}
    due = {e.slug for e in show.episodes if release.waits(show.podcast, e, now) is None}
    apart: dict[str, Held] = {}
    while True:
        seen = look(skip | apart.keys())
        lost = {one.slug: one for one in reversed(seen.wrong) if not one.kept and one.slug in new}
        lost = {slug: one for slug, one in lost.items() if slug not in apart}
        if not lost:
            return replace(seen, held=(*seen.held, *apart.values()))
        left = due - skip - apart.keys() - lost.keys() - {one.slug for one in seen.held}
        if not left and not live_guids:
            raise next(iter(lost.values())).error()
        for slug, one in sorted(lost.items()):
            published = show.episode(slug).published
            apart[slug] = Held(slug=slug, published=published, reason=one.reason)


def refuse_lost(show: OpenShow, held: Collection[Held], *, now: datetime) -> None:
    """Stop where an episode of another host would not come along: a build could not make it.

    Once a feed is live at the target, the guards compare with that.

    Raises:
        FindingsError: it names those episodes.
    """
    imported = {e.slug for e in show.episodes if e.imported}
    lost = [
        f"{one.slug}: {one.reason}"
        for one in held
        if one.slug in imported and release.waits(show.podcast, show.episode(one.slug), now) is None
    ]
    if lost:
        raise FindingsError(
            "\n".join(["PK901 episodes that another host has would be missing here", *lost[:10]]),
            hint="podkit build says what is wrong; --allow-removal publishes without them; "
            "nothing was sent",
        )


def as_built(show: OpenShow, target: Target, held: tuple[Held, ...]) -> Seen:
    """What would be live if public/ were sent as it is.

    Raises:
        FindingsError: a feed is not there to be sent.
        TargetError: the target cannot be asked.
    """
    feeds = {name: live.built_sheets(show, feed) for name, feed in show.podcast.feeds.items()}
    plan = plan_moves(show, target)
    _refuse_unsent(show, feeds, plan)
    wrong = unfit(show, target, live.names_in(feeds), plan, built=True)
    return Seen(feeds=feeds, held=held, plan=plan, wrong=wrong)


def _refuse_unsent(
    show: OpenShow, feeds: Mapping[str, Mapping[str, bytes]], plan: tuple[Move, ...]
) -> None:
    """Stop where a feed is not in the plan: the old one would stay live, and nobody be told."""
    planned = {move.path for move in plan}
    wanted = {path for sheets in feeds.values() for path in sheets}
    wanted |= {feed.path for feed in show.podcast.feeds.values() if TOKEN not in feed.path}
    for path in sorted(wanted - planned):
        raise FindingsError(
            f"PK903 public/{personalise.veil(show, path)} is no file that can be sent: "
            "it is not there, or a link",
            hint="podkit build makes it anew; nothing was sent",
        )


def as_would_be_built(
    show: OpenShow, target: Target, skip: frozenset[str], *, now: datetime
) -> Seen:
    """What would be live after a build, as far as that can be told without one.

    The plan is that of public/ as it is, without what the build would take out of it.

    Raises:
        TargetError: the target cannot be asked.
    """
    gathered, printed = write_feed.print_feeds(show, ready.gather(show, skip=skip), now=now)
    held = ready.held(show, gathered, now=now)
    coming = guard.coming(show, gathered, now=now)
    feeds = {name: personalise.as_example(show, name, sheets) for name, sheets in printed.items()}
    plan = plan_moves(show, target) if show.layout.public.is_dir() else ()
    plan = _without(show, plan, skip | {one.slug for one in held})
    wrong = unfit(show, target, live.names_in(feeds), plan, built=False)
    return Seen(feeds=feeds, held=held, plan=plan, wrong=wrong, coming=coming)


def _without(show: OpenShow, plan: tuple[Move, ...], slugs: Collection[str]) -> tuple[Move, ...]:
    """The plan without the episodes' media, their pages, and what lies beside these."""
    media = {
        f"{address.MEDIA_FOLDER}/{part.file}"
        for slug in slugs
        for rendition in show.renditions.get(slug, {}).values()
        for part in files_of(rendition)
    }
    return tuple(
        move
        for move in plan
        if move.path not in media
        and (move.stage is Stage.FEEDS or move.path.partition("/")[0] not in slugs)
    )
