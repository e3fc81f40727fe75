"""Any podcast feed becomes a show, or the new of it come into one: each episode whole, or not at all."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import copying, files
from podkit.errors import Cancelled, FileError, PodkitError
from podkit.model import address
from podkit.model.assumed import with_guids
from podkit.model.progress import QUIET, Progress
from podkit.staging import place, staging, tidy
from podkit.steps.attachments import PICTURE_LIMIT, Attachments
from podkit.steps.import_closing import with_bios
from podkit.steps.import_items import Draft, drafts_of, left_where_it_is
from podkit.steps.import_media import downloads, place_of, take_media, take_texts
from podkit.steps.import_report import AlreadyThere, Imported, ImportOrder, ImportReport
from podkit.steps.import_run import Run, fail, foresee, report_of
from podkit.steps.import_show import NewShow, Register, show_of, with_image_left
from podkit.steps.open_show import OpenShow, open_show
from podkit.steps.read_feed import ReadFeed, read_feed
from podkit.steps.start import StartOrder, start
from podkit.web.fetch import Fetcher
from podkit.workspace import episode_file
from podkit.workspace.layout import Layout
from podkit.workspace.slugs import Names, slug_for

if TYPE_CHECKING:
    from concurrent.futures import Future

    from podkit.model.episode import Episode

_LEFT = ("image", "chapters", "simple_chapters", "transcripts", "alternates", "thumbnails")
_STAYS = "its address is kept; nothing was fetched"


def import_feed(
    order: ImportOrder,
    show: OpenShow | None,
    *,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> ImportReport:
    """Make a show of a feed, or take into a show what it does not have yet.

    Args:
        order: what was asked.
        show: the show one stands in; with a folder in the order, that of the folder counts.
        dry_run: say what would be done, and ask for nothing but the feed.
        progress: told of downloads.

    Raises:
        FileError: the feed is not there, or the folder holds another show.
        FormatError: it is no feed.
        TryAgainError: the server cannot be reached.
    """
    with Fetcher(order.feed, hosts=order.hosts) as fetcher:
        read = read_feed(order.feed, order.here / order.feed, fetcher)
        begin = partial(
            Run, order=order, fetcher=fetcher, progress=progress, torn=bool(read.warnings)
        )
        show = _there(order, show, read)
        if show is not None:
            register = Register(dict(show.podcast.people), closed=True)
            drafts = drafts_of(read.spec, register.credit)
            run = begin(layout=show.layout, podcast=show.podcast)
            _take_all(run, drafts, dry_run=dry_run)
            return report_of(run, read, created=False, dry_run=dry_run)
        register = Register()
        new = show_of(read.spec, read.address, register)
        drafts = drafts_of(read.spec, register.credit)
        people = with_bios(register.people, (d.own for d in drafts if d.own is not None))
        new = replace(new, podcast=replace(new.podcast, people=people))
        folder = order.folder or order.here / slug_for(new.podcast.show.title, fallback="podcast")
        run = begin(layout=Layout(folder), podcast=new.podcast)
        new = _make(run, new, dry_run=dry_run)
        run.podcast = new.podcast
        _take_all(run, drafts, dry_run=dry_run)
        run.fates = [*new.fates.found, *run.fates]
        return report_of(run, read, created=True, dry_run=dry_run)


def _there(order: ImportOrder, show: OpenShow | None, read: ReadFeed) -> OpenShow | None:
    """The show that takes the episodes, when there is one already.

    Raises:
        FileError: the folder named after the feed's title holds another show, or the show one
            happens to stand in is another one.
    """
    if order.folder is not None:
        return open_show(order.folder) if (order.folder / "podkit.toml").exists() else None
    if show is not None:
        _check_kin(order, show, read)
        return show
    folder = order.here / slug_for(read.spec.title or "Untitled", fallback="podcast")
    if not (folder / "podkit.toml").exists():
        return None
    found = open_show(folder)
    if found.podcast.show.guid != show_of(read.spec, read.address, Register()).podcast.show.guid:
        hint = f"podkit import {read.address or order.feed} DIR"
        raise FileError("there is another show in that folder", where=folder, hint=hint)
    return found


def _check_kin(order: ImportOrder, show: OpenShow, read: ReadFeed) -> None:
    """Refuse to mix two shows because of where one stands; who names the folder means it.

    Raises:
        FileError: the show has episodes, and neither they nor its name are of that feed.
    """
    known = {episode.guid for episode in show.episodes}
    spec = read.spec
    same = (show.podcast.show.guid, show.podcast.show.title)
    if not known or spec.guid == same[0] or spec.title == same[1]:
        return
    feed = read.address or order.feed  # without a password
    if known.isdisjoint(item.guid for item in with_guids(spec).items):
        raise FileError(
            f"the show here is {same[1]!r} and has no episode of that feed",
            where=show.layout.root,
            hint=f"podkit import {feed} DIR makes a show of it;\n"
            f"podkit import {feed} {show.layout.root} takes it into this one",
        )


def _make(run: Run, new: NewShow, *, dry_run: bool) -> NewShow:
    """The new show's folder, with its record and its picture when that could be had."""
    picture = b""
    if not run.order.media:
        new = with_image_left(new, _STAYS)
    elif new.image and not dry_run:
        try:
            picture = run.fetcher.read(new.image, limit=PICTURE_LIMIT).content
            order = StartOrder(
                folder=run.layout.root, title="", podcast=new.podcast, picture=picture
            )
            start(order, dry_run=True)
            new.fates.note("image")
        except Cancelled:
            raise
        except PodkitError as error:
            picture = b""
            new = with_image_left(new, f"left where it is: {error.message}")
    order = StartOrder(folder=run.layout.root, title="", podcast=new.podcast, picture=picture)
    start(order, dry_run=dry_run)
    return new


def _take_all(run: Run, drafts: list[Draft], *, dry_run: bool) -> None:
    """Every item that is not there yet, oldest last as the feed has them.

    Of two imports into one show the second waits for the first, and then looks what is there.
    """
    if dry_run:
        for draft in _wanted(run, drafts):
            foresee(run, draft)
        return
    with files.lock(run.layout.state / "import.lock"):
        wanted = _wanted(run, drafts)
        run.awaited.update(d.enclosure.url for d in wanted if d.enclosure)
        with downloads(
            wanted if run.order.media else (),
            run.layout,
            run.fetcher,
            jobs=run.order.jobs,
            stop=run.stop,
            progress=run.progress,
        ) as coming:
            for draft, download in zip_longest(wanted, coming):
                _take(run, draft, download)
        tidy(run.layout.staging, guard=run.layout.lock)


def _wanted(run: Run, drafts: list[Draft]) -> list[Draft]:
    """The drafts that no episode of the show is yet; the others are told."""
    there = open_show(run.layout.root).episodes if run.layout.show_file.exists() else ()
    known = {episode.guid: episode.slug for episode in there}
    run.taken = Names(known.values())
    wanted: list[Draft] = []
    seen: set[str] = set()
    for draft in drafts:
        guid = draft.episode.guid
        if guid in known:
            run.skipped.append(
                AlreadyThere(
                    guid=guid,
                    title=draft.episode.title,
                    episode=known[guid],
                    reason="an episode has this GUID",
                )
            )
        elif guid in seen:
            fail(run, draft, FileError("another item of the feed has the same GUID"))
        elif run.torn and "\ufffd" in guid:  # taken so, apps would download it again
            fail(run, draft, FileError("bytes of its GUID cannot be read"))
        else:
            seen.add(guid)
            wanted.append(draft)
    return wanted


def _take(run: Run, draft: Draft, download: Future[Path] | None) -> None:
    try:
        path = download.result() if download is not None else None
        beside = _complete(run, draft, path)
        slug = _commit(run, draft, beside, path)
    except Cancelled:
        raise
    except PodkitError as error:
        fail(run, draft, error)
        return
    episode = draft.episode
    media = "referenced" if draft.enclosure else "none"
    run.added.append(
        Imported(
            slug=slug,
            guid=episode.guid,
            title=episode.title,
            published=episode.published,
            url=draft.enclosure.url if draft.enclosure else "",
            media="fetched" if episode.masters else media,
        )
    )
    run.fates += [replace(one, episode=slug) for one in draft.fates.found]


def _complete(run: Run, draft: Draft, path: Path | None) -> Attachments:
    """The draft with its master and texts; without media all of it stays named where it is."""
    found = None
    if path is not None:
        found = take_media(
            draft, path, allow_damaged=run.order.allow_damaged, progress=run.progress
        )
    if found is not None:
        return take_texts(draft, run.fetcher, found)
    left_where_it_is(draft, _LEFT, _STAYS)
    beside = Attachments()
    beside.notes = draft.settle_notes(chapters=False, transcript=False)
    return beside


def _commit(run: Run, draft: Draft, beside: Attachments, media: Path | None) -> str:
    """Put the episode's folder in place in one step, under a name that is free."""
    layout = run.layout
    with staging(layout.staging, guard=layout.lock) as workplace:
        folder = workplace / "episode"
        with files.translating(folder, "write"):
            folder.mkdir()
            layout.episodes.mkdir(exist_ok=True)
        master = draft.episode.masters.get("main")
        if master is not None and media is not None:
            digest = copying.copy(media, folder / master.file, hardlink=True)
            if digest != master.sha256:
                raise FileError("the download changed while it was read", where=media)
        beside.write(folder)
        with files.lock(layout.lock):
            slug = _free_slug(run, draft.wanted)
            text = episode_file.render_new(_at_home(run, draft.episode, slug))
            files.write(folder / "episode.toml", text.encode())
            episode_file.parse(text, layout, slug, podcast=run.podcast)
            place(folder, layout.episode(slug))
    run.taken.add(slug)
    if draft.enclosure is not None:
        run.awaited[draft.enclosure.url] -= 1
        if not run.awaited[draft.enclosure.url]:
            with contextlib.suppress(OSError):
                place_of(layout, draft.enclosure.url).unlink()
    return slug


def _at_home(run: Run, episode: Episode, slug: str) -> Episode:
    """The episode without a link that says what follows from its slug: it moves with the site."""
    own = address.page_url(run.podcast, slug)
    return replace(episode, link="") if episode.link == own else episode


def _free_slug(run: Run, wanted: str) -> str:
    """A name that no episode has, those included that another command made meanwhile."""
    slug = run.taken.free(wanted)
    while os.path.lexists(run.layout.episode(slug)):
        run.taken.add(slug)
        slug = run.taken.free(wanted)
    return slug
