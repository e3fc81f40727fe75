"""Making renditions of one master: encode, tag, read back, and only then give them names."""

from __future__ import annotations

import contextlib
import os
import shlex
import time
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from podkit import files
from podkit.engines.engine import open_engine
from podkit.errors import Cancelled, PodkitError
from podkit.media import encode as media_encode
from podkit.media import meter, tools
from podkit.media.material import Material, scratch
from podkit.media.order import EncodeOrder
from podkit.media.probe import Prober
from podkit.model.preset import Kind
from podkit.staging import place
from podkit.steps import imprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from podkit.media.tools import Tool
    from podkit.model.loudness import Loudness, LoudnessTarget
    from podkit.model.preset import Preset
    from podkit.model.progress import Progress
    from podkit.model.rendition import Part
    from podkit.model.tags import Tags
    from podkit.model.work import Engine
    from podkit.steps.stale import TranscodeOrder

Order = TypeVar("Order")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """A finished file at a staged path; `seconds` of wall time, `commands` as shell would take them."""

    path: Path
    sha256: str
    bytes: int
    duration: float
    height: int | None
    loudness: Loudness | None
    seconds: float
    commands: tuple[str, ...]
    parts: tuple[Part, ...] = ()
    """The files of a ladder, which lie in `folder` until they are placed."""
    folder: Path | None = None
    bit_rate: int | None = None
    trimmed: float = 0.0
    """Seconds of silence that were cut off at the head."""
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    """What of the tags, chapters and pictures the container cannot hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What all jobs of a run share: the ffmpeg, the engine it runs on, and the eyes."""

    tool: Tool
    engine: Engine
    prober: Prober
    progress: Progress


@contextlib.contextmanager
def workshop(order: TranscodeOrder, progress: Progress) -> Iterator[Workshop]:
    """Open everything that a run needs, and close it at the end.

    Raises:
        ToolError: there is no ffmpeg.
        UsageError: there is no such engine.
    """
    tool = tools.find_ffmpeg()
    slots = order.jobs or default_jobs()
    with open_engine(order.engine, slots) as engine, Prober() as prober:
        if not order.tags_only:
            prober.begin()
            meter.begin(engine)
        yield Workshop(tool=tool, engine=engine, prober=prober, progress=progress)


def default_jobs() -> int:
    """As many jobs as this process may use cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def bench(shop: Workshop, source: Path, folder: Path, *, allow_damaged: bool) -> Iterator[Material]:
    """One master on the bench, for all renditions that are made of it.

    Args:
        shop: where.
        source: never changed.
        folder: on whose disk its samples may lie for the time of the work.
        allow_damaged: whether a source that ends early is taken for what it holds.

    Raises:
        NotMediaError: it is not sound or video.
        FileError: it cannot be read.
    """
    media = shop.prober.probe(source)
    with scratch(folder / "master") as place:
        yield Material(
            shop.tool,
            source,
            media,
            folder=place,
            engine=shop.engine,
            allow_damaged=allow_damaged,
        )


def produce(
    shop: Workshop,
    material: Material,
    *,
    preset: Preset,
    target: LoudnessTarget,
    tags: Tags | None,
    output: Path,
    job: str,
    stem: str = "",
) -> Produced:
    """Encode a master to a staged path, put its tags in, read them back, hash it.

    Args:
        shop: where.
        material: the master.
        preset: what to make.
        target: the loudness of presets that name none.
        tags: what it shall say; None leaves a byte-for-byte copy as it is.
        output: a path on which nothing depends, with the right suffix.
        job: its name for progress.
        stem: what the names of a ladder's files begin with.

    Raises:
        EncodeError: what was made is not what was planned.
        FileError: the disk is full, or something cannot be read.
    """
    began = time.monotonic()
    shop.progress.start(job, total=material.media.duration)
    order = EncodeOrder(
        source=material.source,
        probe=material.media,
        preset=preset,
        output=output,
        target=target,
        allow_damaged=material.allow_damaged,
        stem=stem,
    )
    made = media_encode.encode(
        shop.tool,
        order,
        material=material,
        engine=shop.engine,
        look=shop.prober.probe,
        on_progress=lambda seconds: shop.progress.advance(job, seconds),
    )
    warnings: tuple[str, ...] = ()
    if tags is not None and preset.kind not in {Kind.ORIGINAL, Kind.HLS}:
        if preset.trim_silence:
            tags = imprint.retimed(tags, made.trimmed, made.decoded.duration)
        warnings = imprint.put(output, tags)
    digest = files.sha256(output)
    shop.progress.finish(job, note=_note(made.loudness))
    return Produced(
        path=output,
        sha256=digest,
        bytes=output.stat().st_size,
        duration=round(made.decoded.duration, 3),
        height=made.probe.video[0].height if made.probe.video else None,
        loudness=made.loudness,
        seconds=round(time.monotonic() - began, 3),
        commands=tuple(shlex.join(argv) for argv in made.commands),
        parts=made.parts,
        folder=media_encode.parts_folder(output) if made.parts else None,
        bit_rate=made.bit_rate,
        trimmed=made.trimmed,
        notes=made.notes,
        warnings=warnings,
    )


def place_parts(made: Produced, folder: Path) -> None:
    """Give the files of a ladder their names; the playlist that names them comes after.

    Raises:
        FileError: one cannot be moved.
    """
    if made.folder is None:
        return
    for part in made.parts:
        with files.translating(folder, "write"):
            os.chmod(made.folder / part.file, 0o644)
        place(made.folder / part.file, folder / part.file)
    files.remove_tree(made.folder)


def mime_of(extension: str) -> str:
    """The MIME type of an extension; for unknown ones, bytes."""
    from podkit.model.media import MIME_OF_EXTENSION  # noqa: PLC0415 (a table, wanted rarely)

    return MIME_OF_EXTENSION.get(extension.lower(), "application/octet-stream")


def _note(loudness: Loudness | None) -> str:
    if loudness is None or loudness.integrated is None:
        return "done"
    return f"done at {loudness.integrated:.1f} LUFS"


def by_source(jobs: Iterable[Order], source: Callable[[Order], Path]) -> list[tuple[Order, ...]]:
    """The jobs that work from the same file, together; in the order of their first ones."""
    groups: dict[Path, list[Order]] = {}
    for job in jobs:
        groups.setdefault(source(job), []).append(job)
    return [tuple(group) for group in groups.values()]


def make_all(
    shop: Workshop,
    jobs: Sequence[Order],
    *,
    source: Path,
    folder: Path,
    allow_damaged: bool,
    make: Callable[[Material, Order], Result],
    failure: Callable[[Order, PodkitError], Result],
) -> list[Result]:
    """Do all jobs on one master; what fails concerns itself alone.

    Args:
        shop: where.
        jobs: what to make of it, all at once.
        source: the master.
        folder: on whose disk its samples may lie.
        allow_damaged: whether a master that ends early is taken for what it holds.
        make: does one job.
        failure: says what became of one that failed.

    Raises:
        Cancelled: everything is being stopped.
    """

    def work(material: Material, job: Order) -> Result:
        try:
            return make(material, job)
        except Cancelled:
            raise
        except PodkitError as error:
            return failure(job, error)

    if not jobs:
        return []
    try:
        with bench(shop, source, folder, allow_damaged=allow_damaged) as material:
            return run_all(partial(work, material), jobs, jobs=len(jobs))
    except Cancelled:
        raise
    except PodkitError as error:
        return [failure(job, error) for job in jobs]


def run_all(work: Callable[[Order], Result], orders: Sequence[Order], *, jobs: int) -> list[Result]:
    """Do all work, at most `jobs` pieces at once; results come in the order of the orders.

    `work` catches what concerns one order alone. What it lets through stops everything: no new
    piece begins, running ones are waited for, and the first error is raised.
    """
    with ThreadPoolExecutor(max_workers=max(1, jobs), thread_name_prefix="podkit-job") as pool:
        futures: list[Future[Result]] = [pool.submit(work, order) for order in orders]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            for future in futures:
                future.cancel()
    return [future.result() for future in futures]
