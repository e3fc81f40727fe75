"""From the records to public/: transcode what is stale, then everything that lies beside the media."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from podkit import files
from podkit.model.episode import Status
from podkit.model.plan import Change
from podkit.model.progress import QUIET, Progress
from podkit.steps.assemble import Assembled, assemble
from podkit.steps.compose import Held
from podkit.steps.locate import refuse_nowhere
from podkit.steps.open_show import OpenShow, open_show
from podkit.steps.stale import TranscodeOrder
from podkit.steps.transcode import transcode_episodes, transcode_locked
from podkit.steps.transcode_report import TranscodeReport
from podkit.steps.write_feed import WrittenFeed
from podkit.workspace.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOrder:
    """What `podkit build` was asked; `jobs` None takes every core."""

    site: bool = True
    jobs: int | None = None
    allow_damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What public/ holds now, and what was made for it."""

    feeds: tuple[WrittenFeed, ...] = ()
    transcode: TranscodeReport = field(default_factory=TranscodeReport)
    pages: int = 0
    companions: int = 0
    held: tuple[Held, ...] = ()
    changed: bool = False
    trashed: tuple[str, ...] = ()
    plan: tuple[Change, ...] = ()


def build(
    start: Path,
    order: BuildOrder,
    *,
    moment: Callable[[OpenShow], datetime],
    opened: Callable[[], OpenShow] | None = None,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> BuildReport:
    """Make everything that is stale, then public/ as one.

    The show is read when nobody else builds it any more, and not before: ten thousand episodes take
    seconds.

    Args:
        start: a folder in the show.
        order: what was asked.
        moment: what counts as now in the show.
        opened: reads the show; None: `open_show` does.
        dry_run: find out what would change, and change nothing.
        progress: told of each job.

    Raises:
        UsageError: there is no show, or a preset is unknown.
        RecordError: the show does not say where its media is; nothing was begun.
        ToolError: no ffmpeg; nothing was begun.
        LockedError: another run builds this show.
        FileError: something cannot be written; public/ is what it was.
    """
    read = opened or functools.partial(open_show, start)
    if dry_run:
        show = read()
        return _plan(show, order, moment(show))
    with files.lock(Layout.find(start).build_lock):
        show = read()
        now = moment(show)
        transcoded, fresh = _make_media(show, order, now, progress)
        return report(transcoded, assemble(fresh, now=now, site=order.site))


def make_media(
    show: OpenShow, order: BuildOrder, *, now: datetime, progress: Progress
) -> tuple[TranscodeReport, OpenShow]:
    """Transcode what is stale, drafts left out; and the show as it is recorded afterwards.

    The caller holds the build lock; the show is read again under it.

    Raises:
        RecordError: the show does not say where its media is; nothing was begun.
    """
    return _make_media(open_show(show.layout.root), order, now, progress)


def _make_media(
    show: OpenShow, order: BuildOrder, now: datetime, progress: Progress
) -> tuple[TranscodeReport, OpenShow]:
    refuse_nowhere(show, now=now)
    wanted = [e for e in show.episodes if e.status(now) is not Status.DRAFT]
    done = transcode_locked(show, wanted, _transcoding(order), progress=progress)
    return done, open_show(show.layout.root) if done.done else show


def _transcoding(order: BuildOrder) -> TranscodeOrder:
    return TranscodeOrder(jobs=order.jobs, allow_damaged=order.allow_damaged)


def report(transcoded: TranscodeReport, made: Assembled) -> BuildReport:
    """What was made, as one report."""
    return BuildReport(
        feeds=made.feeds,
        transcode=transcoded,
        pages=made.pages,
        companions=made.companions,
        held=_with_reasons(made.held, transcoded),
        changed=made.changed or bool(transcoded.done),
        trashed=made.trashed,
    )


def _with_reasons(held: tuple[Held, ...], transcoded: TranscodeReport) -> tuple[Held, ...]:
    """Held episodes with the error that kept their media from being made, where there was one."""
    errors = {failed.episode: failed.error for failed in reversed(transcoded.failed)}
    return tuple(
        replace(one, reason=errors[one.slug])
        if one.slug in errors and one.reason not in set(Status)
        else one
        for one in held
    )


def _plan(show: OpenShow, order: BuildOrder, now: datetime) -> BuildReport:
    wanted = [e for e in show.episodes if e.status(now) is not Status.DRAFT]
    transcoded = transcode_episodes(show, wanted, _transcoding(order), dry_run=True)
    made = assemble(show, now=now, site=order.site, dry_run=True)
    plan = list(transcoded.plan)
    plan += [
        Change(action="write" if feed.changed or transcoded.plan else "keep", subject=feed.path)
        for feed in made.feeds
    ]
    plan += [Change(action="hold", subject=one.slug, detail=one.reason) for one in made.held]
    return replace(report(transcoded, made), plan=tuple(plan))
