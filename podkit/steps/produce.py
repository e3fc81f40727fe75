"""Making one rendition: encode, tag, read back, and only then give it a name."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from podkit import files
from podkit.media import encode as media_encode
from podkit.media.order import EncodeOrder
from podkit.media.tools import Tool
from podkit.model.loudness import Loudness, LoudnessTarget
from podkit.model.media import MediaInfo
from podkit.model.preset import Kind, Preset
from podkit.model.progress import Progress
from podkit.model.tags import Tags
from podkit.steps import imprint

Order = TypeVar("Order")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Produced:
    """A finished file at a staged path; `seconds` of wall time, `commands` as shell would take them."""

    path: Path
    sha256: str
    bytes: int
    duration: float
    loudness: Loudness | None
    seconds: float
    commands: tuple[str, ...]


def produce(
    tool: Tool,
    *,
    source: Path,
    media: MediaInfo,
    preset: Preset,
    target: LoudnessTarget,
    tags: Tags | None,
    output: Path,
    job: str,
    progress: Progress,
    allow_damaged: bool = False,
) -> Produced:
    """Encode a source to a staged path, put its tags in, read them back, hash it.

    Args:
        tool: the ffmpeg to use.
        source: never changed.
        media: what a probe saw in the source.
        preset: what to make.
        target: the loudness of presets that name none.
        tags: what it shall say; None leaves a byte-for-byte copy as it is.
        output: a path on which nothing depends, with the right suffix.
        job: its name for progress.
        progress: told how far it is.
        allow_damaged: whether a source that ends early is taken for what it holds.

    Raises:
        EncodeError: what was made is not what was planned.
        FileError: the disk is full, or something cannot be read.
    """
    began = time.monotonic()
    progress.start(job, total=media.duration)
    order = EncodeOrder(
        source=source,
        probe=media,
        preset=preset,
        output=output,
        target=target,
        allow_damaged=allow_damaged,
    )
    made = media_encode.encode(
        tool, order, on_progress=lambda seconds: progress.advance(job, seconds)
    )
    if tags is not None and preset.kind is not Kind.ORIGINAL:
        imprint.put(output, tags)
    digest = files.sha256(output)
    progress.finish(job, note=_note(made.loudness))
    return Produced(
        path=output,
        sha256=digest,
        bytes=output.stat().st_size,
        duration=round(made.decoded.duration, 3),
        loudness=made.loudness,
        seconds=round(time.monotonic() - began, 3),
        commands=tuple(shlex.join(argv) for argv in made.commands),
    )


def _note(loudness: Loudness | None) -> str:
    if loudness is None or loudness.integrated is None:
        return "done"
    return f"done at {loudness.integrated:.1f} LUFS"


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
