"""Taking in sources as episodes: each is there whole afterwards, or not at all."""

from __future__ import annotations

import contextlib
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from podkit import copying, files
from podkit.errors import Cancelled, FileError, NotMediaError, PodkitError, UsageError
from podkit.model.episode import Episode, EpisodeType, Master, TranscriptFile
from podkit.model.identity import check_slug
from podkit.model.person import Person, parse_credit
from podkit.model.plan import Change, FailedFile
from podkit.model.progress import QUIET, Progress
from podkit.model.text import clean, clean_line
from podkit.model.timecode import is_ambiguous, parse_moment
from podkit.staging import place, staging, tidy
from podkit.steps.add_order import Added, AddOrder, AddReport, MasterRecord, Skipped
from podkit.steps.attachments import Attachments, read_text, read_transcripts
from podkit.steps.examine import Examined, chapters_text, examine, without_ends
from podkit.workspace import episode_file
from podkit.workspace.slugs import free_slug, slug_for

if TYPE_CHECKING:
    from podkit.steps.open_show import OpenShow


@dataclass(slots=True, kw_only=True)
class _Draft:
    """One source on its way in: its record, and the texts and pictures beside it."""

    source: Examined
    episode: Episode
    beside: Attachments
    wanted_slug: str
    taken: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def add(
    show: OpenShow,
    order: AddOrder,
    *,
    now: datetime,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> AddReport:
    """Take in every source of the order; one that fails does not stop the others.

    Raises:
        UsageError: options that contradict each other, or that fit one source only.
        LockedError: another run held the workspace too long.
    """
    _check(order)
    _try_options(show, order, now)
    added: list[Added] = []
    skipped: list[Skipped] = []
    failed: list[FailedFile] = []
    plan: list[Change] = []
    known = {m.sha256: e.slug for e in show.episodes for m in e.masters.values()}
    taken_slugs = {episode.slug for episode in show.episodes}
    for after, source in zip(reversed(range(len(order.sources))), order.sources, strict=True):
        try:
            examined = examine(source, allow_damaged=order.allow_damaged, progress=progress)
            if examined.sha256 in known and not order.again:
                skipped.append(_skip(source, known[examined.sha256]))
                continue
            # The last is the newest: feeds are ordered by date, and two of one date have no order.
            draft = _draft(show, order, examined, now - timedelta(seconds=after))
            if dry_run:
                slug = free_slug(draft.wanted_slug, taken_slugs)
                plan.append(Change(action="add", subject=slug, detail=str(source)))
                taken_slugs.add(slug)
            else:
                done = _commit(show, order, draft)
                if isinstance(done, Skipped):
                    skipped.append(done)
                    continue
                added.append(done)
                known[examined.sha256] = done.slug
        except Cancelled:
            raise
        except PodkitError as error:
            if isinstance(error, UsageError) and len(order.sources) == 1:
                raise
            if isinstance(error, NotMediaError) and not error.hint:
                error.hint = "add takes sound and video; --image, --chapters, --transcript the rest"
            failed.append(FailedFile.of(source, error))
    if not dry_run and not added:
        tidy(show.layout.staging, guard=show.layout.lock)
    return AddReport(
        added=tuple(added), skipped=tuple(skipped), failed=tuple(failed), plan=tuple(plan)
    )


def _skip(source: Path, slug: str) -> Skipped:
    return Skipped(path=str(source), reason=f"the same audio is in {slug}", episode=slug)


def _check(order: AddOrder) -> None:
    if len(order.sources) > 1:
        single = {
            "--title": order.title,
            "--slug": order.slug,
            "--number": order.number,
            "--notes": order.notes,
            "--chapters": order.chapters,
            "--transcript": order.transcripts,
        }
        for option, value in single.items():
            if value:
                raise UsageError(
                    f"{option} fits one source, not {len(order.sources)}",
                    hint="add the sources one by one, or change the records afterwards",
                )
    if order.draft and order.published:
        raise UsageError("--draft and --published exclude each other")
    if order.type and order.type not in set(EpisodeType):
        raise UsageError(f"unknown type {order.type!r}", hint="full, trailer or bonus")
    if order.slug:
        check_slug(order.slug)


def _try_options(show: OpenShow, order: AddOrder, now: datetime) -> None:
    """Read what the options name before hours of sound are decoded in vain."""
    if order.published != "file" and not order.draft:
        _moment(show, order.published or "now", now)
    beside = Attachments()
    if order.notes:
        read_text(order.notes)
    if order.chapters:
        beside.put_chapters_file(order.chapters)
    if order.image:
        beside.put_picture_file(order.image)
    read_transcripts(order.transcripts)


def _draft(show: OpenShow, order: AddOrder, source: Examined, now: datetime) -> _Draft:
    fields = source.tags.fields
    title = clean_line(order.title or fields.get("title", "")) or clean_line(
        _shown_stem(source.path)
    )
    draft = _Draft(
        source=source,
        episode=Episode(slug="new", guid=str(uuid.uuid4()), title=title),
        beside=Attachments(),
        wanted_slug=order.slug or slug_for(title),
    )
    if not order.title and fields.get("title"):
        draft.taken.append("title")
    published = _published(show, order, source, now, draft)
    _put_beside(order, source, draft)
    master = Master(
        file="master" + _suffix(source.path),
        sha256=source.sha256,
        bytes=source.media.bytes,
        duration=round(source.decoded.duration, 3),
        video=bool(source.media.video),
        damaged=source.damaged,
        chapters=draft.beside.chapters,
        transcripts=draft.beside.transcripts,
    )
    draft.episode = replace(
        draft.episode,
        published=published,
        draft=order.draft,
        number=order.number,
        season=order.season,
        type=EpisodeType(order.type or "full"),
        summary=clean_line(order.summary),
        explicit=order.explicit,
        people=tuple(_credit(text) for text in order.people) or None,
        image=draft.beside.image,
        notes=draft.beside.notes,
        masters={"main": master},
    )
    if source.damaged:
        draft.warnings.append("taken although it is damaged")
    return draft


def _shown_stem(path: Path) -> str:
    return path.stem.encode(errors="surrogateescape").decode(errors="replace").replace("_", " ")


def _suffix(path: Path) -> str:
    suffix = path.suffix.lower()
    plain = suffix[1:].isascii() and suffix[1:].isalnum() and len(suffix) <= 6
    return suffix if plain else ".media"


def _credit(text: str) -> Person:
    person = parse_credit(text)
    return replace(person, name=clean_line(person.name))


def _published(
    show: OpenShow, order: AddOrder, source: Examined, now: datetime, draft: _Draft
) -> datetime | None:
    if order.draft:
        return None
    zone = ZoneInfo(show.podcast.show.timezone)
    text = order.published or "now"
    if text == "file":
        text = source.tags.fields.get("date", "")
        if not text:
            raise UsageError(
                f"{source.path.name} carries no date", hint="give one: --published 2026-11-20"
            )
        draft.taken.append("published")
        text = text.replace("/", "-")
        if len(text) == 4:
            text += "-01-01"
    moment = _moment(show, text, now)
    if is_ambiguous(moment) and moment.tzinfo is zone:
        draft.warnings.append("that hour comes twice that day; the first is taken")
    return moment


def _moment(show: OpenShow, text: str, now: datetime) -> datetime:
    zone = ZoneInfo(show.podcast.show.timezone)
    return parse_moment(
        text,
        now=now.astimezone(zone),
        zone=zone,
        release_time=show.podcast.show.release_time,
    )


def _put_beside(order: AddOrder, source: Examined, draft: _Draft) -> None:
    beside = draft.beside
    if order.notes:
        beside.notes = clean(read_text(order.notes))
    if order.chapters:
        beside.put_chapters_file(order.chapters)
    elif source.tags.chapters:
        chapters = beside.put_chapter_pictures(source.tags)
        name, text = chapters_text(without_ends(chapters))
        beside.put_text(name, text)
        beside.chapters = name
        draft.taken.append("chapters")
    beside.transcripts = tuple(
        TranscriptFile(file=beside.put_text(name, text), language=language)
        for name, text, language in read_transcripts(order.transcripts)
    )
    if order.image:
        beside.put_picture_file(order.image)
    elif source.tags.artwork:
        try:
            beside.put_picture(source.tags.artwork[0].content)
            draft.taken.append("image")
        except PodkitError as error:
            draft.warnings.append(f"the picture in the file was left out: {error.message}")


def _commit(show: OpenShow, order: AddOrder, draft: _Draft) -> Added | Skipped:
    layout = show.layout
    with staging(layout.staging, guard=layout.lock) as workplace:
        folder = workplace / "episode"
        with files.translating(folder, "write"):
            folder.mkdir()
            layout.episodes.mkdir(exist_ok=True)
        master = draft.episode.masters["main"]
        digest = copying.copy(draft.source.path, folder / master.file, hardlink=order.hardlink)
        if digest != master.sha256:
            raise FileError(
                "the source changed while it was read",
                where=draft.source.path,
                hint="wait until it is written, then run the same command again",
            )
        draft.beside.write(folder)
        files.write(folder / "episode.toml", episode_file.render_new(draft.episode).encode())
        with files.lock(layout.lock):
            again = _same_audio(show, digest)
            if again and not order.again:
                return _skip(draft.source.path, again)
            slug = free_slug(draft.wanted_slug, _names_in(layout.episodes))
            place(folder, layout.episode(slug))
    _let_go(order, draft)
    return Added(
        slug=slug,
        guid=draft.episode.guid,
        title=draft.episode.title,
        path=str(layout.episode(slug).relative_to(layout.root)),
        published=draft.episode.published,
        duration=master.duration,
        master=MasterRecord(file=master.file, sha256=digest, bytes=master.bytes),
        taken=tuple(draft.taken),
        warnings=tuple(draft.warnings),
    )


def _names_in(folder: Path) -> set[str]:
    return {entry.name for entry in folder.iterdir()}


def _same_audio(show: OpenShow, digest: str) -> str:
    """The slug of an episode that has this master by now; another run may just have added it."""
    opened = {episode.slug for episode in show.episodes}
    for slug in _names_in(show.layout.episodes) - opened:
        with contextlib.suppress(PodkitError):
            episode = episode_file.load(show.layout, slug, podcast=show.podcast)
            if any(m.sha256 == digest for m in episode.masters.values()):
                return slug
    return ""


def _let_go(order: AddOrder, draft: _Draft) -> None:
    """With --move, remove the source: only now, when the copy is synced, hashed and in place."""
    if not order.move:
        return
    try:
        draft.source.path.unlink()
    except OSError as error:
        draft.warnings.append(f"the source could not be removed: {error.strerror}")
