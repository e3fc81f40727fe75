"""An import under way: what was asked, what is there by now, and the report that it ends with."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from podkit.model.plan import Change
from podkit.model.progress import Progress
from podkit.steps.import_report import (
    AlreadyThere,
    FailedItem,
    Fate,
    FieldFate,
    Imported,
    ImportOrder,
    ImportReport,
    counted,
)
from podkit.web.fetch import Fetcher
from podkit.workspace.layout import Layout
from podkit.workspace.slugs import Names

if TYPE_CHECKING:
    from podkit.errors import PodkitError
    from podkit.model.show import Podcast
    from podkit.steps.import_items import Draft
    from podkit.steps.read_feed import LostSheet, ReadFeed


@dataclass(slots=True, kw_only=True)
class Run:
    """One import under way."""

    order: ImportOrder
    layout: Layout
    podcast: Podcast
    fetcher: Fetcher
    progress: Progress
    taken: Names = field(default_factory=Names)
    awaited: Counter[str] = field(default_factory=Counter)
    """How many items are still to be made of a download, by its address."""
    torn: bool = False
    """Whether something of the feed had to be mended before it could be read."""
    stop: threading.Event = field(default_factory=threading.Event)
    added: list[Imported] = field(default_factory=list)
    skipped: list[AlreadyThere] = field(default_factory=list)
    failed: list[FailedItem] = field(default_factory=list)
    fates: list[FieldFate] = field(default_factory=list)


def fail(run: Run, draft: Draft, error: PodkitError) -> None:
    """Note an item that could not be taken; the others go on."""
    message = f"{error.where}: {error.message}" if error.where else error.message
    run.failed.append(
        FailedItem(subject=draft.name, error=message, hint=error.hint, exit_code=error.exit_code)
    )


def foresee(run: Run, draft: Draft) -> None:
    """Note an item that a real run would take."""
    slug = run.taken.free(draft.wanted)
    run.taken.add(slug)
    run.added.append(
        Imported(
            slug=slug,
            guid=draft.episode.guid,
            title=draft.episode.title,
            published=draft.episode.published,
            url=draft.enclosure.url if draft.enclosure else "",
            media="fetched" if run.order.media and draft.enclosure else "referenced",
        )
    )


def report_of(run: Run, read: ReadFeed, *, created: bool, dry_run: bool) -> ImportReport:
    """What became of the feed.

    Args:
        run: the import, at its end.
        read: the feed as it was read.
        created: whether the show is new.
        dry_run: whether all of it was only foreseen.
    """
    warnings = list(read.warnings)
    if not created and not run.skipped and run.podcast.show.guid != read.spec.guid:
        warnings.append("the show had no episode of that feed: is it the right one?")
    if read.spec.locked is not None and read.spec.locked.locked:
        warnings.append("the feed is locked (podcast:locked): import only what is yours")
    plan = []
    if dry_run:
        plan = [Change(action="make", subject=str(run.layout.root), detail="the show")] * created
        plan += [
            Change(
                action="fetch" if one.media == "fetched" else "add",
                subject=one.slug,
                detail=one.url,
            )
            for one in run.added
        ]
    if read.lost is not None:
        run.failed.append(_lost(read.lost))
    return ImportReport(
        feed=run.order.feed,
        folder=str(run.layout.root),
        title=run.podcast.show.title,
        guid=run.podcast.show.guid,
        created=created,
        added=() if dry_run else tuple(run.added),
        skipped=tuple(run.skipped),
        failed=tuple(run.failed),
        fields=counted(run.fates),
        details=tuple(one for one in run.fates if one.fate is not Fate.KEPT),
        warnings=tuple(warnings),
        plan=tuple(plan),
    )


def _lost(sheet: LostSheet) -> FailedItem:
    """An older sheet that could not be read, as the failure that it is for the episodes on it."""
    return FailedItem(
        subject=sheet.address,
        error=f"this sheet of the feed cannot be read, nor what is older: {sheet.error.message}",
        hint="import again when it can be read: what is there by then is left as it is",
        exit_code=sheet.error.exit_code,
    )
