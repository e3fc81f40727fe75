"""What a dry run of a transcode tells: each rendition, and the commands that would make it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from podkit.errors import Cancelled, PodkitError
from podkit.media import encode, tools
from podkit.media.order import EncodeOrder
from podkit.media.probe import Prober
from podkit.model.loudness import LoudnessTarget
from podkit.model.plan import Change
from podkit.model.preset import Preset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Job = TypeVar("Job")
Fault = TypeVar("Fault")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Change):
    """A rendition that would be made; `commands` as shell would take them."""

    commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen(Generic[Job]):
    """One job: what its line says, and what it would make of what.

    `encodes` False where the file that is there gets new tags and nothing else.
    """

    job: Job
    label: str
    detail: str
    source: Path
    preset: Preset
    output: Path
    target: LoudnessTarget | None = None
    encodes: bool = True


def foresee(
    jobs: Iterable[Foreseen[Job]],
    *,
    allow_damaged: bool,
    failure: Callable[[Job, PodkitError], Fault],
) -> tuple[tuple[Planned, ...], list[Fault]]:
    """What would be done, and what cannot be; nothing is decoded.

    Args:
        jobs: what was asked for.
        allow_damaged: whether a source that ends early would be taken for what it holds.
        failure: says what is to be said of a job that would fail.

    Raises:
        ToolError: there is no ffmpeg, or it lacks what a preset needs.
    """
    plan: list[Planned] = []
    failed: list[Fault] = []
    waiting = list(jobs)
    if not waiting:
        return (), []
    tool = tools.find_ffmpeg()
    for preset in {one.preset for one in waiting}:
        tools.check(tool, preset)
    with Prober() as prober:
        for one in waiting:
            try:
                commands = _commands(tool, prober, one, allow_damaged) if one.encodes else ()
            except Cancelled:
                raise
            except PodkitError as error:
                failed.append(failure(one.job, error))
                continue
            plan.append(
                Planned(action="transcode", subject=one.label, detail=one.detail, commands=commands)
            )
    return tuple(plan), failed


def _commands(
    tool: tools.Tool, prober: Prober, one: Foreseen[Job], allow_damaged: bool
) -> tuple[str, ...]:
    order = EncodeOrder(
        source=one.source,
        probe=prober.probe(one.source),
        preset=one.preset,
        output=one.output,
        target=one.target,
        allow_damaged=allow_damaged,
    )
    return tuple(shlex.join(argv) for argv in encode.commands(tool, order))
