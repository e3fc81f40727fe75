"""Asking the rules about the show as it would be published, or about any file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.artwork.anatomy import is_picture, kind_of
from podkit.artwork.read import examine
from podkit.errors import Cancelled, PodkitError, UsageError
from podkit.feed.bounds import MAX_BYTES
from podkit.feed.positions import read_document
from podkit.media import ends
from podkit.media import probe as media_probe
from podkit.model import address
from podkit.model.finding import Finding, Severity
from podkit.model.media import Artwork, Decoded, MediaInfo
from podkit.model.plan import FailedFile
from podkit.model.progress import QUIET, Progress
from podkit.rules.check import Checked, check
from podkit.rules.subject import ChapterList, MediaFacts, Subject, TranscriptText
from podkit.steps import guard, ready
from podkit.steps.attachments import PICTURE_LIMIT, read_bytes
from podkit.steps.drift import drift_by_file
from podkit.steps.lint_live import Live, hashes_of, old_addresses, with_answers
from podkit.steps.lint_media import media_subject
from podkit.steps.lint_texts import chapters_in, text_of, transcripts_in
from podkit.steps.locate import as_if_located
from podkit.steps.personalise import blank
from podkit.steps.read_feed import is_address
from podkit.steps.seen_chapters import with_tagged_chapters
from podkit.steps.stale import find_media
from podkit.steps.write_feed import print_feeds
from podkit.tags.id3_table import table_fault
from podkit.web.fetch import Fetcher

if TYPE_CHECKING:
    from datetime import datetime

    from podkit.model.rendition import Rendition
    from podkit.steps.open_show import OpenShow
    from podkit.steps.ready import Gathered


@dataclass(frozen=True, slots=True, kw_only=True)
class LintOrder:
    """What `podkit lint` was asked; without subjects it is the show itself."""

    subjects: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    live: Live | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LintReport:
    """Everything found; `skipped` are rules that could not be asked of these subjects."""

    findings: tuple[Finding, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    failed: tuple[FailedFile, ...] = ()


def lint(
    show: OpenShow | None, order: LintOrder, *, now: datetime, progress: Progress = QUIET
) -> LintReport:
    """Ask every rule about every subject.

    Raises:
        UsageError: an unknown rule, or no show and no subject.
    """
    if not order.subjects:
        if show is None:
            raise UsageError("there is no show here", hint="name a feed: podkit lint feed.xml")
        return lint_show(
            show,
            now=now,
            select=order.select,
            ignore=order.ignore,
            live=order.live,
            progress=progress,
        )
    checked: list[Checked] = []
    failed: list[FailedFile] = []
    for word in order.subjects:
        try:
            subject = _subject_of(word, now, progress, order.live)
            if order.live is not None:
                subject = with_answers(subject, order.live, progress)
            checked.append(_check(subject, show, order.select, order.ignore))
        except (UsageError, Cancelled):
            raise
        except PodkitError as error:
            failed.append(FailedFile.of(word, error))
    return _report(checked, failed)


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
    show = as_if_located(show)
    gathered = ready.gather(show, skip=skip)
    printed = print_feeds(show, gathered, now=now)
    releases = guard.since_last_published(show, printed, gathered, now=now)
    if live is not None:
        releases = {name: old_addresses(one, live, progress) for name, one in releases.items()}
    artwork = _artwork(show, gathered)
    media = _media(show)
    tables = _table_faults(show)
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
        found = _check(subject, show, select, ignore)
        checked.append(found if number == 1 else _of_its_own(found, checked[1 - number]))
    return _report(checked, [])


def _of_its_own(sheet: Checked, first: Checked) -> Checked:
    """A later sheet without the findings on the channel that the first one has as well."""
    known = {(f.code, f.element, f.message) for f in first.findings}
    findings = tuple(
        f for f in sheet.findings if f.episode or (f.code, f.element, f.message) not in known
    )
    return replace(sheet, findings=findings)


def _check(
    subject: Subject, show: OpenShow | None, select: Sequence[str], ignore: Sequence[str]
) -> Checked:
    own = show.podcast.lint if show is not None and subject.own else None
    return check(
        subject,
        select=select,
        ignore=(*ignore, *(own.ignore if own else ())),
        severity=own.severity if own else {},
    )


def _report(checked: Sequence[Checked], failed: Sequence[FailedFile]) -> LintReport:
    findings = tuple(finding for one in checked for finding in one.findings)
    counted = Counter(str(finding.severity) for finding in findings)
    return LintReport(
        findings=findings,
        counts={str(severity): counted[str(severity)] for severity in Severity},
        skipped=tuple(sorted({code for one in checked for code in one.skipped})),
        failed=tuple(failed),
    )


def _artwork(show: OpenShow, gathered: Gathered) -> dict[str, Artwork | str]:
    found: dict[str, Artwork | str] = {}
    for name, content in gathered.artworks.files.items():
        try:
            found[address.asset_url(show.podcast, name)] = examine(content)
        except PodkitError as error:
            found[address.asset_url(show.podcast, name)] = error.message
    return found


def _media(show: OpenShow) -> dict[str, MediaFacts]:
    """Facts of every rendition by enclosure URL: the record's, and the file's where it lies here."""
    renditions = [r for made in show.renditions.values() for r in made.values()]
    # a playlist is no media; what it names was decoded when it was made
    here = [
        (r, path) for r in renditions if not r.parts and (path := find_media(show, r)) is not None
    ]
    seen = dict(
        zip([r.file for r, _ in here], media_probe.probe_many([p for _, p in here]), strict=True)
    )
    paths = {r.file: path for r, path in here}
    drifts = drift_by_file(show)
    return {
        url: facts
        for r in renditions
        for plain in [_facts(r, paths.get(r.file), seen.get(r.file))]
        for facts in [replace(plain, drift=drifts.get(r.file))]
        for url in address.enclosure_urls(show.podcast, r.file)
    }


def _table_faults(show: OpenShow) -> dict[str, str]:
    """By enclosure URL, what is wrong with the table of contents of each MP3 that lies here."""
    found: dict[str, str] = {}
    for made in show.renditions.values():
        for rendition in made.values():
            path = find_media(show, rendition) if rendition.file.endswith(".mp3") else None
            if path is not None:
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


def _subject_of(word: str, now: datetime, progress: Progress, live: Live | None) -> Subject:
    if is_address(word):
        with Fetcher(word, hosts=live.hosts if live is not None else ()) as fetcher:
            fetched = fetcher.read(word, limit=MAX_BYTES)
        document = read_document(fetched.content)
        return Subject(name=word, document=document, now=now, feed_url=fetched.url)
    path = Path(word)
    with files.open_regular(path) as stream, files.translating(path, "read"):
        head = stream.read(4096)
    if is_picture(kind_of(head)):
        return Subject(name=word, artwork={word: _picture(path)}, now=now)
    heard = media_subject(path, word, now, progress)
    if heard is not None:
        return heard
    held = text_of(path)
    if isinstance(held, ChapterList):
        return Subject(name=word, chapters=(held,), now=now)
    if isinstance(held, TranscriptText):
        return Subject(name=word, transcripts=(held,), now=now)
    return Subject(name=word, document=read_document(read_bytes(path, MAX_BYTES)), now=now)


def _picture(path: Path) -> Artwork | str:
    try:
        return examine(read_bytes(path, PICTURE_LIMIT))
    except PodkitError as error:
        return error.message
