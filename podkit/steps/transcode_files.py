"""Transcoding any files and folders, inside a show or without one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.engines.engine import check_engine
from podkit.errors import MediaError, PodkitError
from podkit.media import tools
from podkit.model.loudness import LoudnessTarget
from podkit.model.preset import Kind, Preset
from podkit.model.progress import QUIET, Progress
from podkit.model.rendition import fingerprint
from podkit.model.tags import Tags
from podkit.presets.preset import resolve
from podkit.steps.derive import without_place
from podkit.steps.examine import readable_tags, without_ends
from podkit.steps.find_sources import find_sources
from podkit.steps.foresee import Foreseen, Planned, foresee
from podkit.steps.judge import sound_parts, with_settings
from podkit.steps.produce import (
    Workshop,
    by_source,
    make_all,
    mime_of,
    place_parts,
    produce,
    run_all,
    workshop,
)
from podkit.steps.remember import Memory
from podkit.steps.stale import Failed, Skipped, TranscodeOrder
from podkit.steps.transcode_report import Done, TranscodeReport
from podkit.tags.files import storable

if TYPE_CHECKING:
    from podkit.media.material import Material
    from podkit.model.media import MediaInfo
    from podkit.steps.open_show import OpenShow

NAME_BYTES = 255
"""Bytes that a file system gives to a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    source: Path
    preset: Preset
    output: Path
    target: LoudnessTarget
    mark: str

    @property
    def label(self) -> str:
        return f"{self.source.name} {self.preset.name}"


def transcode_files(
    paths: Sequence[Path],
    order: TranscodeOrder,
    *,
    show: OpenShow | None = None,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> TranscodeReport:
    """Encode files, and with `recursive` folders, into an output folder that mirrors theirs.

    Args:
        paths: files and folders.
        order: `output` is the folder; presets default to the show's, else to mp3.
        show: the show one stands in, for its presets.
        dry_run: say what would be done.
        progress: told of each job.

    Raises:
        UsageError: an unknown preset, a folder without `recursive`, or nothing to do.
        ToolError: no ffmpeg, or one that lacks an encoder; nothing was begun.
        LockedError: another run writes into the output folder.
    """
    check_engine(order.engine)
    output = order.output or Path("transcoded")
    presets = _presets(order, show)
    target = show.podcast.media.loudness if show else LoudnessTarget()
    failed: list[Failed] = []
    jobs = _jobs(_sources(paths, order, output, failed, presets), presets, output, target)
    known = Memory(output)
    wanted = [job for job in jobs if order.force or not known.has(job.output, job.mark)]
    skipped = tuple(_skipped(job) for job in jobs if job not in wanted)
    if dry_run or not wanted:
        plan, unfit = _foreseen(wanted, order)
        return TranscodeReport(skipped=skipped, failed=(*failed, *unfit), plan=plan)
    with files.translating(output, "make the folder"):
        output.mkdir(parents=True, exist_ok=True)
    with files.lock(output / ".podkit.lock"), workshop(order, progress) as shop:
        for preset in presets:
            tools.check(shop.tool, preset)
        _sweep(output, jobs)
        known = Memory(output)  # another run may have ended since
        wanted = [job for job in wanted if order.force or not known.has(job.output, job.mark)]
        progress.expect(len(wanted))

        def work(group: tuple[_Job, ...]) -> list[Done | Failed]:
            return _make_all(shop, group, order, known)

        try:
            results = run_all(
                work, by_source(wanted, lambda job: job.source), jobs=shop.engine.slots
            )
        finally:
            known.save()
    flat = [result for group in results for result in group]
    return TranscodeReport(
        done=tuple(r for r in flat if isinstance(r, Done)),
        skipped=skipped,
        failed=(*failed, *(r for r in flat if isinstance(r, Failed))),
    )


def _foreseen(
    jobs: Sequence[_Job], order: TranscodeOrder
) -> tuple[tuple[Planned, ...], list[Failed]]:
    wanted = (
        Foreseen(
            job=job,
            label=job.label,
            detail=str(job.output),
            source=job.source,
            preset=job.preset,
            output=job.output,
            target=job.target,
        )
        for job in jobs
    )
    return foresee(
        wanted,
        allow_damaged=order.allow_damaged,
        failure=lambda job, error: _failure(job.source, job.preset.name, error),
    )


def _make_all(
    shop: Workshop, group: tuple[_Job, ...], order: TranscodeOrder, known: Memory
) -> list[Done | Failed]:
    """Every rendition of one source; what fails concerns itself alone."""

    def failure(job: _Job, error: PodkitError) -> Failed:
        shop.progress.finish(job.label, note="failed")
        return _failure(job.source, job.preset.name, error)

    def make(material: Material, job: _Job) -> Done:
        done = _make(shop, material, job)
        known.add(job.output, job.mark)
        return done

    folder = group[0].output.parent
    try:
        for job in group:
            with files.translating(job.output.parent, "make the folder"):
                job.output.parent.mkdir(parents=True, exist_ok=True)
    except PodkitError as error:
        return [failure(job, error) for job in group]
    return make_all(
        shop,
        group,
        source=group[0].source,
        folder=folder,
        allow_damaged=order.allow_damaged,
        make=make,
        failure=failure,
    )


def _sources(
    paths: Sequence[Path],
    order: TranscodeOrder,
    output: Path,
    failed: list[Failed],
    presets: Sequence[Preset],
) -> list[tuple[Path, Path]]:
    """Each source with its place below the output folder; what is not there has failed."""
    found, missing = find_sources(paths, order, output)
    for path in missing:
        error = PodkitError("it is not there")
        failed += [_failure(path, preset.name, error) for preset in presets]
    return found


def _presets(order: TranscodeOrder, show: OpenShow | None) -> tuple[Preset, ...]:
    names = order.presets or (show.podcast.media.presets if show else ("mp3",))
    tables = show.podcast.presets if show else {}
    found = (with_settings(resolve(name, tables), order.set) for name in dict.fromkeys(names))
    return tuple(found)


def _failure(source: Path, preset: str, error: PodkitError) -> Failed:
    return Failed(
        source=str(source),
        preset=preset,
        error=error.message,
        hint=error.hint,
        exit_code=error.exit_code,
    )


def _skipped(job: _Job) -> Skipped:
    return Skipped(
        source=str(job.source),
        preset=job.preset.name,
        output=str(job.output),
        reason="it is there and its source has not changed",
    )


def _jobs(
    sources: Sequence[tuple[Path, Path]],
    presets: Sequence[Preset],
    output: Path,
    target: LoudnessTarget,
) -> list[_Job]:
    taken: set[Path] = set()
    out = []
    for source, place in sources:
        for preset in presets:
            extension = preset.extension or source.suffix.lstrip(".") or "media"
            clashes = sum((p.extension or source.suffix.lstrip(".")) == extension for p in presets)
            middle = f".{preset.name}" if clashes > 1 else ""
            final = output / place / _name(source.stem, f"{middle}.{extension}")
            if final in taken:  # another source of that stem: say which kind of file it was
                own = source.suffix.lstrip(".") or "file"
                final = output / place / _name(source.stem, f".{own}{middle}.{extension}")
            number = 2
            while final in taken:
                final = output / place / _name(source.stem, f"-{number}{middle}.{extension}")
                number += 1
            if preset.kind is Kind.HLS:  # a folder of its own, since it is several files
                final = final.with_suffix(".hls") / "master.m3u8"
            taken.add(final)
            out.append(
                _Job(
                    source=source,
                    preset=preset,
                    output=final,
                    target=target,
                    mark=_mark(source, preset, target),
                )
            )
    return out


def _name(stem: str, ending: str) -> str:
    """A file name that a file system takes: the stem gives way when it is too long."""
    raw = os.fsencode(stem)
    room = NAME_BYTES - len(os.fsencode(ending))
    if len(raw) <= room:
        return stem + ending
    cut = raw[:room]
    try:
        stem.encode()
    except UnicodeEncodeError:
        return os.fsdecode(cut) + ending
    return cut.decode(errors="ignore") + ending


def _mark(source: Path, preset: Preset, target: LoudnessTarget) -> str:
    """What a finished file was made of: the source as it lies there, and the preset."""
    try:
        found = source.stat()
        seen = [found.st_size, found.st_mtime_ns]
    except OSError:
        seen = []
    parts = sound_parts(preset, preset.loudness or target)
    return fingerprint({"source": seen, **parts})


def _sweep(output: Path, jobs: Sequence[_Job]) -> None:
    """Remove what a killed run left in the folders that this one writes into."""
    for folder in {output, *(job.output.parent for job in jobs)}:
        files.sweep(folder)


def _make(shop: Workshop, material: Material, job: _Job) -> Done:
    if files.same_file(job.source, job.output):
        raise MediaError(
            "the output would overwrite its source", where=job.source, hint="choose another with -o"
        )
    with files.replacing(job.output) as temporary:
        made = produce(
            shop,
            material,
            preset=job.preset,
            target=job.target,
            tags=_tags(job, material.media),
            output=temporary,
            job=job.label,
        )
        place_parts(made, job.output.parent)
    return Done(
        source=str(job.source),
        episode="",
        preset=job.preset.name,
        output=str(job.output),
        bytes=made.bytes,
        duration=made.duration,
        mime=job.preset.mime or mime_of(job.output.suffix.lstrip(".")),
        sha256=made.sha256,
        loudness=made.loudness,
        seconds=made.seconds,
        commands=made.commands,
        notes=made.notes,
        warnings=made.warnings,
    )


def _tags(job: _Job, media: MediaInfo) -> Tags | None:
    """The source's own tags, chapters and artwork, which ffmpeg would lose in part; no place."""
    if job.preset.kind is Kind.ORIGINAL:
        return None
    found = storable(readable_tags(job.source, media))
    return Tags(
        fields=found.fields,
        chapters=without_ends(found.chapters),
        artwork=without_place(found.artwork[:1]),
        chapter_pictures={
            name: clean
            for name, picture in found.chapter_pictures.items()
            for clean in without_place((picture,))
        },
    )
