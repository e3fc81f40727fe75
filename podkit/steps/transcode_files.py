"""Transcoding any files and folders, inside a show or without one."""

from __future__ import annotations

import contextlib
import fnmatch
import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import Cancelled, MediaError, PodkitError, UsageError
from podkit.media import probe as media_probe
from podkit.media import tools
from podkit.model.loudness import LoudnessTarget
from podkit.model.plan import Change
from podkit.model.preset import Kind, Preset
from podkit.model.progress import QUIET, Progress
from podkit.model.rendition import fingerprint
from podkit.model.tags import Tags
from podkit.presets.preset import resolve
from podkit.steps.examine import readable_tags, without_ends
from podkit.steps.produce import produce, run_all
from podkit.steps.stale import Failed, Skipped, TranscodeOrder, sound_parts, with_settings
from podkit.steps.transcode import Done, TranscodeReport, default_jobs, mime_of

if TYPE_CHECKING:
    from podkit.model.media import MediaInfo
    from podkit.steps.open_show import OpenShow

MEMORY = ".podkit-done.json"
"""What an output folder remembers of what was made in it."""

SUFFIXES = frozenset(
    ".mp3 .m4a .m4b .mp4 .m4v .mov .ogg .oga .opus .flac .wav .aif .aiff .aac .mkv .mka .webm".split()  # noqa: SIM905
)
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
    output = order.output or Path("transcoded")
    presets = _presets(order, show)
    target = show.podcast.media.loudness if show else LoudnessTarget()
    failed: list[Failed] = []
    jobs = _jobs(_expand(paths, order, output, failed, presets), presets, output, target)
    known = _Memory(output)
    wanted = [job for job in jobs if order.force or not known.has(job)]
    skipped = tuple(_skipped(job) for job in jobs if job not in wanted)
    if dry_run or not wanted:
        plan = tuple(
            Change(action="transcode", subject=job.label, detail=str(job.output)) for job in wanted
        )
        return TranscodeReport(skipped=skipped, failed=tuple(failed), plan=plan)
    tool = tools.find_ffmpeg()
    for preset in presets:
        tools.check(tool, preset)
    with files.translating(output, "make the folder"):
        output.mkdir(parents=True, exist_ok=True)
    with files.lock(output / ".podkit.lock"):
        _sweep(output, jobs)

        def work(job: _Job) -> Done | Failed:
            try:
                done = _make(tool, job, order, progress)
                known.add(job)
            except PodkitError as error:
                if isinstance(error, Cancelled):
                    raise
                progress.finish(job.label, note="failed")
                return _failure(job.source, job.preset.name, error)
            return done

        try:
            results = run_all(work, wanted, jobs=order.jobs or default_jobs())
        finally:
            known.save()
    return TranscodeReport(
        done=tuple(r for r in results if isinstance(r, Done)),
        skipped=skipped,
        failed=(*failed, *(r for r in results if isinstance(r, Failed))),
    )


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


def _expand(
    paths: Sequence[Path],
    order: TranscodeOrder,
    output: Path,
    failed: list[Failed],
    presets: Sequence[Preset],
) -> list[tuple[Path, Path]]:
    """Each source with its place below the output folder, in order, each once."""
    found: dict[Path, Path] = {}
    for path in paths:
        if path.is_dir():
            if not order.recursive:
                raise UsageError(f"{path} is a folder", hint="add -r to go into it")
            for inside in _walk(path, output):
                if _is_chosen(inside.relative_to(path), order):
                    found.setdefault(inside, inside.relative_to(path).parent)
        elif not os.path.lexists(path):
            missing = PodkitError("it is not there")
            failed += [_failure(path, preset.name, missing) for preset in presets]
        else:
            found.setdefault(path, Path())
    return list(found.items())


def _walk(folder: Path, output: Path) -> Iterator[Path]:
    """The media files below a folder; links and the output folder are left alone."""
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.name.startswith(".") or files.same_file(entry, output):
            continue
        if entry.is_dir():
            yield from _walk(entry, output)
        elif entry.suffix.lower() in SUFFIXES:
            yield entry


def _is_chosen(name: Path, order: TranscodeOrder) -> bool:
    texts = (str(name), name.name)
    if order.include and not any(fnmatch.fnmatch(t, g) for t in texts for g in order.include):
        return False
    return not any(fnmatch.fnmatch(t, g) for t in texts for g in order.exclude)


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


class _Memory:
    """What the output folder remembers: output → what it was made of, and its size then.

    Told from several threads; written at most once a second, and at the end.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / MEMORY
        self._guard = threading.Lock()
        self._saved = 0.0
        self._known: dict[str, list[object]] = {}
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            found = json.loads(self._path.read_text(encoding="utf-8"))
            self._known = {str(k): list(v) for k, v in found.items()}

    def has(self, job: _Job) -> bool:
        """Whether the job's output is there and was made of the same source and preset."""
        try:
            size = job.output.stat().st_size
        except OSError:
            return False
        return self._known.get(self._key(job)) == [job.mark, size]

    def add(self, job: _Job) -> None:
        """Remember a finished job."""
        with self._guard:
            self._known[self._key(job)] = [job.mark, job.output.stat().st_size]
            if time.monotonic() - self._saved > 1.0:
                self._write()

    def save(self) -> None:
        """Write what is known."""
        with self._guard:
            self._write()

    def _write(self) -> None:
        files.write(self._path, json.dumps(self._known, sort_keys=True, indent=0).encode())
        self._saved = time.monotonic()

    def _key(self, job: _Job) -> str:
        relative = os.fsencode(job.output.relative_to(self._folder))
        return relative.decode(errors="backslashreplace")


def _sweep(output: Path, jobs: Sequence[_Job]) -> None:
    """Remove what a killed run left in the folders that this one writes into."""
    for folder in {output, *(job.output.parent for job in jobs)}:
        files.sweep(folder)


def _make(tool: tools.Tool, job: _Job, order: TranscodeOrder, progress: Progress) -> Done:
    media = media_probe.probe(job.source)
    if files.same_file(job.source, job.output):
        raise MediaError(
            "the output would overwrite its source", where=job.source, hint="choose another with -o"
        )
    with files.translating(job.output.parent, "make the folder"):
        job.output.parent.mkdir(parents=True, exist_ok=True)
    with files.replacing(job.output) as temporary:
        made = produce(
            tool,
            source=job.source,
            media=media,
            preset=job.preset,
            target=job.target,
            tags=_tags(job, media),
            output=temporary,
            job=job.label,
            progress=progress,
            allow_damaged=order.allow_damaged,
        )
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
    )


def _tags(job: _Job, media: MediaInfo) -> Tags | None:
    """The source's own tags, chapters and artwork, which ffmpeg would lose in part."""
    if job.preset.kind is Kind.ORIGINAL:
        return None
    found = readable_tags(job.source, media)
    return Tags(
        fields=found.fields, chapters=without_ends(found.chapters), artwork=found.artwork[:1]
    )
