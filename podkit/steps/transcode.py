"""Making the renditions of episodes: what is stale, on all cores, each whole or not at all."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import Cancelled, FileError, PodkitError, UsageError
from podkit.media import probe as media_probe
from podkit.media import tools
from podkit.model import address
from podkit.model.loudness import Loudness
from podkit.model.plan import Change
from podkit.model.progress import QUIET, Progress
from podkit.model.rendition import Rendition
from podkit.staging import place, staging
from podkit.steps import imprint
from podkit.steps.imprint import Imprinter
from podkit.steps.produce import Produced, produce, run_all
from podkit.steps.stale import (
    Failed,
    Job,
    Skipped,
    TranscodeOrder,
    failed_job,
    find_media,
    plan_jobs,
    shown_path,
)
from podkit.workspace import renditions_file
from podkit.workspace.cache import Cache

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A rendition that was made; `seconds` of wall time."""

    source: str
    episode: str
    preset: str
    output: str
    bytes: int
    duration: float
    mime: str
    sha256: str
    loudness: Loudness | None
    seconds: float
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscodeReport:
    """What became of each rendition that was asked for."""

    done: tuple[Done, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    failed: tuple[Failed, ...] = ()
    plan: tuple[Change, ...] = ()


def default_jobs() -> int:
    """As many jobs as this process may use cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def transcode_episodes(
    show: OpenShow,
    episodes: Sequence[Episode],
    order: TranscodeOrder,
    *,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> TranscodeReport:
    """Make every rendition of the episodes that is stale.

    Raises:
        UsageError: an unknown preset, or options that contradict each other.
        ToolError: no ffmpeg, or one that lacks an encoder; nothing was begun.
        LockedError: another run builds this show.
    """
    if order.tags_only and not order.refresh:
        raise UsageError("--tags-only goes with --refresh")
    if dry_run:
        return _run(show, episodes, order, dry_run=True, progress=progress)
    with files.lock(show.layout.build_lock):
        return transcode_locked(show, episodes, order, progress=progress)


def transcode_locked(
    show: OpenShow, episodes: Sequence[Episode], order: TranscodeOrder, *, progress: Progress
) -> TranscodeReport:
    """Like `transcode_episodes`, for callers that hold the build lock."""
    return _run(show, episodes, order, dry_run=False, progress=progress)


def _run(
    show: OpenShow,
    episodes: Sequence[Episode],
    order: TranscodeOrder,
    *,
    dry_run: bool,
    progress: Progress,
) -> TranscodeReport:
    jobs, skipped, failed = plan_jobs(show, episodes, order)
    if dry_run or not jobs:
        plan = tuple(
            Change(action="transcode", subject=job.label, detail=job.reason) for job in jobs
        )
        return TranscodeReport(skipped=tuple(skipped), failed=tuple(failed), plan=plan)
    tool = tools.find_ffmpeg()
    for preset in {job.wanted.preset for job in jobs}:
        tools.check(tool, preset)
    imprinter = Imprinter(show)
    cache = Cache(show.layout.cache)
    done: list[Done] = []
    with staging(show.layout.staging, guard=show.layout.lock) as workplace:

        def work(job: Job) -> Done | Failed:
            try:
                return _make(show, tool, job, order, imprinter, cache, workplace, progress)
            except PodkitError as error:
                if isinstance(error, Cancelled):
                    raise
                progress.finish(job.label, note="failed")
                return failed_job(job.episode, job.wanted.key, job.master.file, error)

        for result in run_all(work, jobs, jobs=order.jobs or default_jobs()):
            if isinstance(result, Done):
                done.append(result)
            else:
                failed.append(result)
    cache.save()
    _drop_unreferenced(show)
    return TranscodeReport(done=tuple(done), skipped=tuple(skipped), failed=tuple(failed))


def _make(
    show: OpenShow,
    tool: tools.Tool,
    job: Job,
    order: TranscodeOrder,
    imprinter: Imprinter,
    cache: Cache,
    workplace: Path,
    progress: Progress,
) -> Done:
    preset = job.wanted.preset
    extension = preset.extension or job.source.suffix.lstrip(".")
    staged = workplace / f"{job.episode.slug[:40]}-{job.wanted.key.replace('@', '-')}.{extension}"
    tags = imprinter.tags(job.intent)
    if job.there and job.there.sound == job.sound and not order.force:
        made = _retag(show, job, staged, imprinter)
    else:
        made = None
    if made is None:
        _check_master(job, cache)
        made = produce(
            tool,
            source=job.source,
            media=media_probe.probe(job.source),
            preset=preset,
            target=show.podcast.media.loudness,
            tags=tags,
            output=staged,
            job=job.label,
            progress=progress,
            allow_damaged=order.allow_damaged or job.master.damaged,
        )
    return _record(show, tool, job, made, extension)


def _retag(show: OpenShow, job: Job, staged: Path, imprinter: Imprinter) -> Produced | None:
    """The recorded file with new tags, when its sound is still the right one; else None."""
    there = job.there
    path = find_media(show, there) if there else None
    if there is None or path is None or files.copy(path, staged) != there.sha256:
        staged.unlink(missing_ok=True)
        return None
    imprint.put(staged, imprinter.tags(job.intent))
    return Produced(
        path=staged,
        sha256=files.sha256(staged),
        bytes=staged.stat().st_size,
        duration=there.duration,
        loudness=there.loudness,
        seconds=0.0,
        commands=(),
    )


def _check_master(job: Job, cache: Cache) -> None:
    """The master is the one that was added.

    Raises:
        FileError: it is not there, or its bytes are others.
    """
    if not job.source.is_file():
        raise FileError(
            "the master is not there",
            where=job.source,
            hint="put it back; only its renditions are needed to build the feed",
        )
    if cache.sha256(job.source) != job.master.sha256:
        raise FileError(
            "the master is not the file that was added",
            where=job.source,
            hint="restore it from a backup",
        )


def _record(show: OpenShow, tool: tools.Tool, job: Job, made: Produced, extension: str) -> Done:
    """Give the file its final name, then write it into renditions.toml."""
    layout = show.layout
    name = address.media_name(job.episode.slug, made.sha256, extension)
    with files.translating(layout.media, "write"):
        layout.media.mkdir(parents=True, exist_ok=True)
        os.chmod(made.path, 0o644)
    place(made.path, layout.media / name)
    preset = job.wanted.preset
    seen = media_probe.probe(layout.media / name)
    rendition = Rendition(
        preset=preset.name,
        master=job.wanted.master,
        file=name,
        bytes=made.bytes,
        sha256=made.sha256,
        mime=preset.mime or mime_of(extension),
        duration=made.duration,
        loudness=made.loudness,
        bit_rate=round(made.bytes * 8 / made.duration) if made.duration else None,
        height=seen.video[0].height if seen.video else None,
        fingerprint=job.fingerprint,
        sound=job.sound,
        tool=f"ffmpeg {tool.version}",
    )
    with files.lock(layout.lock):
        path = layout.renditions(job.episode.slug)
        entries = {**renditions_file.load(path), job.wanted.key: rendition}
        files.write(path, renditions_file.render(entries).encode())
    return Done(
        source=f"episodes/{job.episode.slug}/{job.master.file}",
        episode=job.episode.slug,
        preset=job.wanted.key,
        output=shown_path(show, name),
        bytes=made.bytes,
        duration=made.duration,
        mime=rendition.mime,
        sha256=made.sha256,
        loudness=made.loudness,
        seconds=made.seconds,
        commands=made.commands,
    )


def mime_of(extension: str) -> str:
    """The MIME type of an extension; for unknown ones, bytes."""
    from podkit.model.media import MIME_OF_EXTENSION  # noqa: PLC0415 (a table, wanted rarely)

    return MIME_OF_EXTENSION.get(extension.lower(), "application/octet-stream")


def _drop_unreferenced(show: OpenShow) -> None:
    """Remove files of the store that no renditions.toml names; they can be made again."""
    named = set()
    for episode in show.episodes:
        entries = renditions_file.load(show.layout.renditions(episode.slug))
        named |= {rendition.file for rendition in entries.values()}
    for path in show.layout.media.iterdir():
        if path.is_file() and path.name not in named:
            files.remove_tree(path)
