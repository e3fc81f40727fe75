"""Which renditions are stale, and why: the plan of a transcoding run, without doing any of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit.errors import Cancelled, PodkitError, UsageError
from podkit.model import address
from podkit.model.rendition import Part, Rendition, files_of
from podkit.steps import choose
from podkit.steps.drift import ALTERED, Comparer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.model.episode import Episode, Master
    from podkit.steps.imprint import Intent
    from podkit.steps.judge import Judged
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscodeOrder:
    """What `podkit transcode` was asked; `jobs` None takes every core."""

    presets: tuple[str, ...] = ()
    output: Path | None = None
    jobs: int | None = None
    engine: str = "local"
    set: tuple[str, ...] = ()
    force: bool = False
    refresh: bool = False
    tags_only: bool = False
    allow_damaged: bool = False
    recursive: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A rendition that is there already."""

    source: str
    preset: str
    output: str
    reason: str
    episode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A rendition that could not be made, and why."""

    source: str
    preset: str
    error: str
    hint: str = ""
    episode: str = ""
    exit_code: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One rendition to be made, and why."""

    episode: Episode
    wanted: choose.Wanted
    master: Master
    source: Path
    intent: Intent
    fingerprint: str
    sound: str
    reason: str
    there: Rendition | None
    output: str = ""

    @property
    def label(self) -> str:
        """The job's name in progress and plans."""
        return f"{self.episode.slug} {self.wanted.key}"


FRESH = "it is there and nothing it was made of has changed"
NEEDS_ENCODING = "its master or preset changed, and --tags-only encodes nothing"
LEFT_ALONE = "it was published, and stays as it is (--refresh makes it anew)"


def failed_job(episode: Episode, key: str, file: str, error: PodkitError) -> Failed:
    """A failure as reports tell it."""
    where = f"{error.where}: " if error.where else ""
    return Failed(
        source=f"episodes/{episode.slug}/{file}",
        preset=key,
        error=where + error.message,
        hint=error.hint,
        episode=episode.slug,
        exit_code=error.exit_code,
    )


def plan_jobs(
    show: OpenShow, episodes: Sequence[Episode], order: TranscodeOrder
) -> tuple[list[Job], list[Skipped], list[Failed]]:
    """What has to be made of the episodes, the longest first; what is there; what cannot be.

    Raises:
        UsageError: a preset is unknown, or a setting of one is wrong.
    """
    jobs: list[Job] = []
    skipped: list[Skipped] = []
    failed: list[Failed] = []
    comparer = Comparer(show)
    for episode in episodes:
        for wanted in choose.wanted(show.podcast, episode, order.presets):
            try:
                job = plan_job(show, episode, wanted, order, comparer)
            except (UsageError, Cancelled):
                raise
            except PodkitError as error:
                failed.append(
                    failed_job(episode, wanted.key, episode.masters[wanted.master].file, error)
                )
                continue
            if isinstance(job, Job):
                jobs.append(job)
            else:
                skipped.append(job)
    comparer.save()
    jobs.sort(key=lambda job: -job.master.duration)
    return jobs, skipped, failed


def plan_job(
    show: OpenShow,
    episode: Episode,
    wanted: choose.Wanted,
    order: TranscodeOrder,
    comparer: Comparer,
) -> Job | Skipped:
    """One wanted rendition, as work to be done or as something that is there.

    Raises:
        FileError: a picture or chapters file that the record names is not there.
    """
    judged = comparer.judge(episode, wanted, order.set)
    there = show.renditions.get(episode.slug, {}).get(wanted.key)
    source = show.layout.episode(episode.slug) / judged.master.file
    reason = _reason(show, there, source, order, judged=judged, comparer=comparer)
    if not reason:
        return Skipped(
            source=f"episodes/{episode.slug}/{judged.master.file}",
            preset=wanted.key,
            output=shown_path(show, there.file) if there else "",
            reason=_why_not(there, order, judged),
            episode=episode.slug,
        )
    return Job(
        episode=episode,
        wanted=replace(wanted, preset=replace(judged.preset, loudness=judged.loudness)),
        master=judged.master,
        source=source,
        intent=judged.intent,
        fingerprint=judged.whole,
        sound=judged.sound,
        reason=reason,
        there=there,
    )


def _why_not(there: Rendition | None, order: TranscodeOrder, judged: Judged) -> str:
    """Why nothing is to be made."""
    if there is None or not there.published or there.fingerprint == judged.whole:
        return FRESH
    return NEEDS_ENCODING if order.refresh else LEFT_ALONE


def _reason(
    show: OpenShow,
    there: Rendition | None,
    source: Path,
    order: TranscodeOrder,
    *,
    judged: Judged,
    comparer: Comparer,
) -> str:
    """Why a rendition has to be made; empty when it has not."""
    if there is None:
        return "it is not there yet"
    if there.published and not order.refresh:
        return ""
    reason = ""
    if order.force:
        reason = "asked for by --force"
    elif there.fingerprint != judged.whole and there.sound == judged.sound:
        reason = "its tags, chapters or artwork changed"
    elif there.fingerprint != judged.whole and not order.tags_only:
        reason = "its master or preset changed"
    elif source.is_file() and comparer.is_altered(judged, there):
        reason = ALTERED
    elif any(find_media(show, one) is None for one in files_of(there)) and source.is_file():
        reason = "its file is not there"
    return reason


def find_media(show: OpenShow, rendition: Rendition | Part) -> Path | None:
    """Where the rendition's file, or a part of it, lies, if it is there with the right size."""
    for folder in (show.layout.media, show.layout.public / address.MEDIA_FOLDER):
        path = folder / rendition.file
        try:
            if path.is_file() and path.stat().st_size == rendition.bytes:
                return path
        except OSError:
            continue
    return None


def shown_path(show: OpenShow, name: str) -> str:
    """A rendition's path relative to the workspace."""
    return (show.layout.media / name).relative_to(show.layout.root).as_posix()


def stale_presets(
    show: OpenShow, episode: Episode, comparer: Comparer | None = None
) -> tuple[str, ...]:
    """The keys of an episode's renditions that a build would make.

    What was published is left alone, so that nothing has to be read for it: neither chapters nor
    pictures, of which a long show has thousands.

    Raises:
        FileError: a picture or chapters file that the record names is not there.
    """
    comparer = comparer or Comparer(show)
    made = show.renditions.get(episode.slug, {})
    stale = []
    for wanted in choose.wanted(show.podcast, episode):
        if wanted.key in made and made[wanted.key].published:
            continue
        job = plan_job(show, episode, wanted, TranscodeOrder(), comparer)
        if isinstance(job, Job):
            stale.append(wanted.key)
    return tuple(stale)
