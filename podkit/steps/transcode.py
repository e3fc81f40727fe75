"""Making the renditions of episodes: what is stale, on all cores, each whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.engines.engine import check_engine
from podkit.errors import Cancelled, FileError, PodkitError, UsageError
from podkit.media import tools
from podkit.model import address
from podkit.model.preset import Kind
from podkit.model.progress import QUIET, Progress
from podkit.model.rendition import Rendition, files_of, fingerprint
from podkit.staging import place, staging, tidy
from podkit.steps.drift import ALTERED
from podkit.steps.foresee import Foreseen, Planned, foresee
from podkit.steps.imprint import Imprinter
from podkit.steps.produce import (
    Produced,
    Workshop,
    by_source,
    make_all,
    mime_of,
    place_parts,
    produce,
    run_all,
    workshop,
)
from podkit.steps.retag import cannot, retag
from podkit.steps.set_aside import set_aside
from podkit.steps.stale import (
    Failed,
    Job,
    TranscodeOrder,
    failed_job,
    find_media,
    plan_jobs,
    shown_path,
)
from podkit.steps.transcode_report import Done, TranscodeReport
from podkit.workspace import renditions_file
from podkit.workspace.cache import Cache

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.media.material import Material
    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow


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
    check_engine(order.engine)
    jobs, skipped, failed = plan_jobs(show, episodes, order)
    if dry_run:
        plan, unfit = _foreseen(show, jobs, order)
        return TranscodeReport(skipped=tuple(skipped), failed=(*failed, *unfit), plan=plan)
    if not jobs:
        tidy(show.layout.staging, guard=show.layout.lock)
        return TranscodeReport(skipped=tuple(skipped), failed=tuple(failed))
    progress.expect(len(jobs), total=sum(job.master.duration for job in jobs))
    imprinter = Imprinter(show)
    cache = Cache(show.layout.cache)
    done: list[Done] = []
    with (
        workshop(order, progress) as shop,
        staging(show.layout.staging, guard=show.layout.lock) as workplace,
    ):
        files.sweep(show.layout.cache / "artwork")  # only who holds the build's lock writes here
        for preset in {job.wanted.preset for job in jobs}:
            tools.check(shop.tool, preset)

        def work(group: tuple[Job, ...]) -> list[Done | Failed]:
            return _make_all(show, shop, group, order, imprinter, cache, workplace)

        groups = by_source(jobs, lambda job: job.source)
        for results in run_all(work, groups, jobs=shop.engine.slots):
            for result in results:
                if isinstance(result, Done):
                    done.append(result)
                else:
                    failed.append(result)
    cache.save()
    _drop_unreferenced(show)
    return TranscodeReport(done=tuple(done), skipped=tuple(skipped), failed=tuple(failed))


def _foreseen(
    show: OpenShow, jobs: Sequence[Job], order: TranscodeOrder
) -> tuple[tuple[Planned, ...], list[Failed]]:
    refused: list[Job] = []
    able: list[Job] = []
    for job in jobs:
        (refused if _is_refused(show, job, order) else able).append(job)
    wanted = (
        Foreseen(
            job=job,
            label=job.label,
            detail=job.reason,
            source=job.source,
            preset=job.wanted.preset,
            output=_staged(job, show.layout.staging)[0],
            target=show.podcast.media.loudness,
            encodes=not _keeps_sound(job, order),
        )
        for job in able
    )

    def failure(job: Job, error: PodkitError) -> Failed:
        return failed_job(job.episode, job.wanted.key, job.master.file, error)

    plan, failed = foresee(wanted, allow_damaged=order.allow_damaged, failure=failure)
    return plan, [*failed, *(failure(job, cannot(show, job)) for job in refused)]


def _is_refused(show: OpenShow, job: Job, order: TranscodeOrder) -> bool:
    """Whether the job cannot be done by new tags alone, and nothing else may be done."""
    if not order.tags_only or order.force or job.there is None:
        return False
    return not _keeps_sound(job, order) or find_media(show, job.there) is None


def _make_all(
    show: OpenShow,
    shop: Workshop,
    group: tuple[Job, ...],
    order: TranscodeOrder,
    imprinter: Imprinter,
    cache: Cache,
    workplace: Path,
) -> list[Done | Failed]:
    """Every rendition of one master; what fails concerns itself alone."""

    def failure(job: Job, error: PodkitError) -> Failed:
        shop.progress.finish(job.label, note="failed")
        return failed_job(job.episode, job.wanted.key, job.master.file, error)

    results: list[Done | Failed] = []
    encodes: list[Job] = []
    for job in group:
        try:
            made = _retagged(show, shop, job, order, imprinter, workplace)
        except PodkitError as error:
            if isinstance(error, Cancelled):
                raise
            results.append(failure(job, error))
            continue
        if made is None:
            encodes.append(job)
        else:
            results.append(made)
    try:
        if encodes:
            _check_master(encodes[0], cache)
    except PodkitError as error:
        return results + [failure(job, error) for job in encodes]
    return results + make_all(
        shop,
        encodes,
        source=group[0].source,
        folder=workplace,
        allow_damaged=order.allow_damaged or group[0].master.damaged,
        make=lambda material, job: _encoded(show, shop, material, job, imprinter, workplace),
        failure=failure,
    )


def _staged(job: Job, workplace: Path) -> tuple[Path, str]:
    """Where a rendition lies until it is whole, which no other job's does, and its extension."""
    extension = job.wanted.preset.extension or job.source.suffix.lstrip(".")
    own = fingerprint({"slug": job.episode.slug, "key": job.wanted.key})[:12]
    name = f"{job.episode.slug[:40]}-{job.wanted.key.replace('@', '-')}-{own}.{extension}"
    return workplace / name, extension


def _keeps_sound(job: Job, order: TranscodeOrder) -> bool:
    """Whether new tags are enough; a ladder has none, and what it lacks is its files.

    Of a file that another program has changed nobody knows whether its sound is the same.
    """
    same = job.there is not None and job.there.sound == job.sound and not order.force
    return same and job.wanted.preset.kind is not Kind.HLS and job.reason != ALTERED


def _retagged(
    show: OpenShow,
    shop: Workshop,
    job: Job,
    order: TranscodeOrder,
    imprinter: Imprinter,
    workplace: Path,
) -> Done | None:
    """The rendition that is there with new tags, when nothing but them has changed.

    Raises:
        FileError: they are all that was asked for, and the file is not the recorded one.
    """
    staged, extension = _staged(job, workplace)
    made = retag(show, job, staged, imprinter) if _keeps_sound(job, order) else None
    if made is None and order.tags_only and job.there is not None and not order.force:
        raise cannot(show, job)
    return None if made is None else _record(show, shop.tool, job, made, extension)


def _encoded(
    show: OpenShow,
    shop: Workshop,
    material: Material,
    job: Job,
    imprinter: Imprinter,
    workplace: Path,
) -> Done:
    staged, extension = _staged(job, workplace)
    made = produce(
        shop,
        material,
        preset=job.wanted.preset,
        target=show.podcast.media.loudness,
        tags=imprinter.tags(job.intent),
        output=staged,
        job=job.label,
        stem=job.episode.slug,
    )
    return _record(show, shop.tool, job, made, extension)


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
    kept = set_aside(layout, job.there) if made.commands else ()
    place_parts(made, layout.media)
    place(made.path, layout.media / name)
    preset = job.wanted.preset
    rendition = Rendition(
        preset=preset.name,
        master=job.wanted.master,
        file=name,
        bytes=made.bytes,
        sha256=made.sha256,
        mime=preset.mime or mime_of(extension),
        duration=made.duration,
        trimmed=made.trimmed,
        loudness=made.loudness,
        bit_rate=made.bit_rate
        or (round(made.bytes * 8 / made.duration) if made.duration else None),
        height=made.height,
        fingerprint=job.fingerprint,
        sound=job.sound,
        tool=f"ffmpeg {tool.version}",
        parts=made.parts,
    )
    with files.lock(layout.lock):
        files.sweep(layout.episode(job.episode.slug))
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
        notes=made.notes,
        warnings=(*job.intent.warnings, *made.warnings, *kept),
    )


def _drop_unreferenced(show: OpenShow) -> None:
    """Remove files of the store that no renditions.toml names; they can be made again."""
    named = set()
    for episode in show.episodes:
        entries = renditions_file.load(show.layout.renditions(episode.slug))
        named |= {part.file for rendition in entries.values() for part in files_of(rendition)}
    if not show.layout.media.is_dir():
        return
    for path in show.layout.media.iterdir():
        if path.is_file() and path.name not in named:
            files.remove_tree(path)
