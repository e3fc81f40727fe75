"""Which gain and ceiling will be right, tried on some of the sound before all of it is encoded.

A limiter takes back a part of the gain, and lets true peaks pass that lie between samples: how much,
only trying tells. Seconds from all over the tape tell the loudness, its highest seconds the peaks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podkit.media import gating, graph, level, meter
from podkit.media.survey import PER_SECOND, decibels

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from podkit.media.graph import Chain
    from podkit.media.level import Level
    from podkit.media.survey import Survey
    from podkit.media.tape import Tape
    from podkit.model.work import Engine

_WHOLE = 20.0  # seconds up to which a tape is tried whole
_SHORT = 240.0  # seconds up to which less is tried
_WINDOW = 4  # blocks of 100 ms in the 400 ms of a momentary value (BS.1770-4, annex 1)
_ROUNDS = 4
_COST = 0.3  # seconds of one core
_SURE = 0.2  # LU: what is nearer is put right without another trial
_PEAK_CLOSE = 0.1  # dB, which an encoder moves peaks by anyway
_MILD = 2.5  # dB of limiting whose effect is guessed well enough; a short file is soon done again
_TAKEN = 0.15  # dB of loudness that a limiter takes for each dB that it lowers the peaks: a guess


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where a rehearsal happens: `chain` makes ffmpeg's chain of a level."""

    tape: Tape
    survey: Survey
    chain: Callable[[Level], Chain]
    engine: Engine
    cancel: threading.Event | None = None


def guess(stage: Stage, plan: Level, wanted: float) -> Level | None:
    """The level without a trial, where it can be told well enough; None where it cannot.

    Args:
        stage: what is to be encoded.
        plan: the level to begin with; without a ceiling its gain is certain.
        wanted: LUFS that shall go into the encoder.
    """
    measured = stage.survey.loudness
    if measured.integrated is None:
        return plan
    gain = wanted - measured.integrated
    if plan.ceiling is None:
        return replace(plan, gain=gain)
    lowered = (measured.true_peak or 0.0) + gain - plan.ceiling
    if lowered <= _MILD and stage.tape.duration <= _SHORT:
        return replace(plan, gain=gain + _TAKEN * max(lowered, 0.0))
    return None


def rehearse(stage: Stage, plan: Level, wanted: float, allowed: float) -> Level:
    """The level at which the sound goes into the encoder at the wanted loudness.

    Args:
        stage: what is tried, and where.
        plan: the level to begin with; without a ceiling only its gain is set.
        wanted: LUFS.
        allowed: the highest true peak in dBFS.

    Raises:
        FileError: the tape cannot be read.
        Cancelled: the flag was set.
    """
    measured = stage.survey.loudness
    if measured.integrated is None:
        return plan
    gain = wanted - measured.integrated
    if plan.ceiling is None:
        return replace(plan, gain=gain)
    lowered = (measured.true_peak or 0.0) + gain - plan.ceiling
    plan = replace(plan, gain=gain + _TAKEN * max(lowered, 0.0))
    spread, highest = _stretches(stage.tape, stage.survey)
    tried: list[tuple[float, float]] = []
    for _ in range(_ROUNDS):
        change, peak = _tried(stage, spread, highest, plan)
        if change is None:
            break
        reached = measured.integrated + change
        tried.append((plan.gain, reached))
        over = (allowed if peak is None else peak) - allowed
        plan = replace(plan, gain=level.next_gain(tried, wanted))
        if over > _PEAK_CLOSE and plan.ceiling is not None:
            plan = replace(plan, ceiling=plan.ceiling - over)
        elif abs(reached - wanted) <= _SURE:
            break
    return plan


def _stretches(
    tape: Tape, survey: Survey
) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]:
    """Pairs of blocks: from all over the tape, and around its highest samples; a short tape whole."""
    blocks = len(survey.momentary)
    if tape.duration <= _WHOLE:
        return ((0, blocks),), ()
    number, length, highest = (10, 10, 6) if tape.duration <= _SHORT else (20, 15, 12)
    step = (blocks - length) / (number - 1)
    spread = [(round(n * step), round(n * step) + length) for n in range(number)]
    ranked = sorted(survey.peaks, key=lambda peak: -peak[1])[:highest]
    # the limiter must be under way when the peak comes
    peaks = [(max(0, second * PER_SECOND - 2), (second + 1) * PER_SECOND) for second, _ in ranked]
    return tuple(spread), tuple((a, min(b, blocks)) for a, b in peaks if a < blocks)


def _tried(
    stage: Stage,
    spread: Sequence[tuple[int, int]],
    highest: Sequence[tuple[int, int]],
    plan: Level,
) -> tuple[float | None, float | None]:
    """By how many LU a level changes the spread, and the true peak of all stretches behind it."""
    size = stage.tape.rate // PER_SECOND
    samples = [(first * size, last * size) for first, last in (*spread, *highest)]
    if len(samples) == 1:
        samples = [(0, stage.tape.samples)]
    chain = stage.chain(plan)
    order = meter.of_tape(
        stage.tape,
        samples,
        chain.channels,
        rate=chain.rate,
        filters=[(one.name, one.words) for one in graph.filters(chain)],
        between=True,
    )
    (measured,) = meter.measure(stage.engine, [(order, _COST)], cancel=stage.cancel)
    peak = decibels(measured.highest)
    return _change(stage.survey.momentary, spread, measured.momentary), peak


def _change(
    before: Sequence[float], stretches: Sequence[tuple[int, int]], behind: Sequence[float]
) -> float | None:
    """The loudness of the same blocks behind the chain, less that before it; None for silence.

    A block counts when it is above the gate of the whole and its window lies in one stretch.
    """
    gate = gating.gate(before)
    pairs = []
    at = 0
    for first, last in stretches:
        for block in range(first + _WINDOW - 1, last):
            place = at + block - first
            if place < len(behind) and before[block] > gate:
                pairs.append((before[block], behind[place]))
        at += last - first
    if not pairs:
        return None
    return gating.mean([pair[1] for pair in pairs]) - gating.mean([pair[0] for pair in pairs])
