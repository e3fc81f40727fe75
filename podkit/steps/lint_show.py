"""Asking the rules about the show of the workspace, as it would be published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit.artwork.read import examine
from podkit.errors import PartlyDoneError, PodkitError
from podkit.feed.positions import read_document
from podkit.media import ends
from podkit.media import probe as media_probe
from podkit.model import address
from podkit.model.episode import Status
from podkit.model.media import Artwork, Decoded, MediaInfo
from podkit.model.plan import FailedFile
from podkit.model.progress import QUIET, Progress
from podkit.rules.subject import MediaFacts, Subject
from podkit.steps import guard, ready
from podkit.steps.drift import drift_by_file
from podkit.steps.lint_findings import LintReport, asked, report_of
from podkit.steps.lint_live import Live, hashes_of, old_addresses, with_answers
from podkit.steps.lint_texts import chapters_in, transcripts_in
from podkit.steps.locate import as_if_located
from podkit.steps.personalise import blank
from podkit.steps.seen_chapters import with_tagged_chapters
from podkit.steps.stale import find_media
from podkit.steps.uncollected import uncollected
from podkit.steps.write_feed import print_feeds
from podkit.tags.id3_table import table_fault

if TYPE_CHECKING:
    from datetime import datetime

    from podkit.model.rendition import Rendition
    from podkit.rules.check import Checked
    from podkit.steps.open_show import OpenShow
    from podkit.steps.ready import Broken, Gathered


def lint_show(
    show: OpenShow,
    *,
    now: datetime,
    skip: frozenset[str] = frozenset(),
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    live: Live | None = None,
    progress: Progress = QUIET,
) -> LintReport:
    """Ask the rules about every feed of the show as it would be published at the moment `now`."""
    with uncollected():  # its records and feeds hold no circles, and there are many of them
        return _asked(show, now, skip, select, ignore, live, progress)


def _asked(
    show: OpenShow,
    now: datetime,
    skip: frozenset[str],
    select: Sequence[str],
    ignore: Sequence[str],
    live: Live | None,
    progress: Progress,
) -> LintReport:
    show = as_if_located(show)
    gathered, printed = print_feeds(show, ready.gather(show, skip=skip), now=now)
    releases = guard.since_last_published(show, printed, gathered, now=now)
    if live is not None:
        live = replace(live, here=show.layout.root)
        releases = {name: old_addresses(one, live, progress) for name, one in releases.items()}
    artwork = _artwork(show, gathered)
    here = _here(show)
    media = _media(show, here)
    tables = _table_faults(show, here)
    checked: list[Checked] = []
    for number, name, path, content in (
        (number, name, path, content)
        for name, sheets in printed.items()
        for number, (path, content) in enumerate(sheets.items(), 1)
    ):
        document = read_document(content)
        feed = show.podcast.feeds[name]
        subject = Subject(
            name=f"public/{path}",
            document=document,
            podcast=show.podcast,
            episodes=show.episodes,
            media=media,
            artwork=artwork,
            chapters=chapters_in(show, gathered.ready, document, media, tables),
            transcripts=transcripts_in(show, gathered.ready, document),
            own=True,
            now=now,
            feed_url=address.sheet_url(show.podcast, blank(feed), number),
            release=releases.get(name),
        )
        if live is not None:
            subject = with_answers(subject, live, progress, hashes_of(show))
        found = asked(subject, show, select, ignore)
        checked.append(found if number == 1 else _of_its_own(found, checked[1 - number]))
    drafts = {e.slug for e in show.episodes if e.status(now) is Status.DRAFT}
    return report_of(checked, [_failed(b) for b in gathered.broken if b.slug not in drafts])


def _failed(one: Broken) -> FailedFile:
    """An episode that no feed has, so that no rule could be asked about it; the others were."""
    code = PartlyDoneError.exit_code
    return FailedFile(path=one.place, error=one.message, hint=one.hint, exit_code=code)


def _of_its_own(sheet: Checked, first: Checked) -> Checked:
    """A later sheet without the findings on the channel that the first one has as well."""
    known = {(f.code, f.element, f.message) for f in first.findings}
    findings = tuple(
        f for f in sheet.findings if f.episode or (f.code, f.element, f.message) not in known
    )
    return replace(sheet, findings=findings)


def _artwork(show: OpenShow, gathered: Gathered) -> dict[str, Artwork | str]:
    found: dict[str, Artwork | str] = {}
    for name, content in gathered.artworks.files.items():
        try:
            found[address.asset_url(show.podcast, name)] = examine(content)
        except PodkitError as error:
            found[address.asset_url(show.podcast, name)] = error.message
    return found


def _here(show: OpenShow) -> dict[str, Path]:
    """Where the file of each rendition lies, by its name; those that do not lie here are left out."""
    renditions = (r for made in show.renditions.values() for r in made.values())
    return {r.file: path for r in renditions if (path := find_media(show, r)) is not None}


def _media(show: OpenShow, here: Mapping[str, Path]) -> dict[str, MediaFacts]:
    """Facts of every rendition by enclosure URL: the record's, and the file's where it lies here."""
    renditions = [r for made in show.renditions.values() for r in made.values()]
    # a playlist is no media; what it names was decoded when it was made
    paths = {r.file: here[r.file] for r in renditions if not r.parts and r.file in here}
    seen = dict(zip(paths, media_probe.probe_many(list(paths.values())), strict=True))
    drifts = drift_by_file(show)
    return {
        url: facts
        for r in renditions
        for plain in [_facts(r, paths.get(r.file), seen.get(r.file))]
        for facts in [replace(plain, drift=drifts.get(r.file))]
        for url in address.enclosure_urls(show.podcast, r.file)
    }


def _table_faults(show: OpenShow, here: Mapping[str, Path]) -> dict[str, str]:
    """By enclosure URL, what is wrong with the table of contents of each MP3 that lies here."""
    found: dict[str, str] = {}
    for made in show.renditions.values():
        for rendition in made.values():
            path = here.get(rendition.file)
            if path is not None and rendition.file.endswith(".mp3"):
                try:
                    fault = table_fault(path)
                except PodkitError as error:
                    fault = error.message
                urls = address.enclosure_urls(show.podcast, rendition.file)
                found |= dict.fromkeys(urls, fault)
    return found


def _facts(rendition: Rendition, path: Path | None, seen: object) -> MediaFacts:
    media = seen if isinstance(seen, MediaInfo) else None
    if media is not None and media.chapters and path is not None:
        media = with_tagged_chapters(media, path)
    return MediaFacts(
        bytes=media.bytes if media else rendition.bytes,
        media=media,
        decoded=Decoded(duration=rendition.duration, loudness=rendition.loudness),
        fault=seen.message if isinstance(seen, PodkitError) else "",
        index_first=ends.index_first(path, media.container) if media and path else None,
    )
