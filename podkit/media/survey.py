"""How loud a tape is, measured in stretches on all cores and put together to the last block."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from podkit.media import gating, meter
from podkit.model.loudness import Loudness

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from podkit.media.meter import Measured
    from podkit.media.tape import Tape
    from podkit.model.work import Engine

STRETCH = 120.0
"""Seconds of a stretch that is worth a run of its own."""

PRE_ROLL = 3.0
"""Seconds before a stretch that fill the windows of its first blocks (EBU Tech 3341: 3 s)."""

BLOCK = 0.1
"""Seconds from one momentary value to the next, as gating blocks overlap (BS.1770-4)."""

_COST = 1 / 1500  # seconds of one core for a second of sound
PER_SECOND = round(1 / BLOCK)
"""Blocks in a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a tape sounds like on the channels that were asked for.

    `loudness` with the highest *sample* in place of the true peak; `momentary` in LUFS at the end of
    each block; `peaks` are pairs of a second, counted from the beginning, and its highest sample
    (linear). `unsound` is the second of the first sample that is no number, None where all are.
    """

    loudness: Loudness
    momentary: tuple[float, ...] = field(default=(), repr=False)
    peaks: tuple[tuple[int, float], ...] = ()
    unsound: float | None = None


def survey(
    tape: Tape,
    channels: int,
    *,
    engine: Engine,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Survey:
    """Measure a tape as mono or stereo.

    Args:
        tape: what to measure.
        channels: 1 or 2. Two hard-panned speakers differ by 3 LU between the two.
        engine: where the measuring runs.
        tell: told how many seconds are done.
        cancel: when set, the measuring stops.

    Raises:
        FileError: it cannot be read.
        Cancelled: `cancel` was set.
    """
    cuts = stretches(tape.samples, tape.rate)
    rolls = [min(start, round(PRE_ROLL * tape.rate)) for start, _ in cuts]
    orders = [
        (meter.of_tape(tape, [(start - roll, end)], channels), (end - start) / tape.rate * _COST)
        for (start, end), roll in zip(cuts, rolls, strict=True)
    ]
    measured = meter.measure(engine, orders, tell=tell, cancel=cancel)
    unsound = (
        start - roll + one.unsound_at
        for (start, _), roll, one in zip(cuts, rolls, measured, strict=True)
        if one.unsound_at is not None
    )
    first = min(unsound, default=None)
    found = joined(
        [read(one, roll / tape.rate) for one, roll in zip(measured, rolls, strict=True)],
        [start // tape.rate for start, _ in cuts],
    )
    return found if first is None else replace(found, unsound=first / tape.rate)


def stretches(samples: int, rate: int) -> list[tuple[int, int]]:
    """Where to cut: stretches of about equal length that begin on whole seconds.

    Args:
        samples: the length of the whole, per channel.
        rate: in Hz.
    """
    number = 1 if rate % PER_SECOND else parts(samples / rate, STRETCH)
    begins = sorted({round(samples * n / number / rate) * rate for n in range(number)})
    return list(zip(begins, [*begins[1:], samples], strict=True))


def parts(seconds: float, each: float) -> int:
    """In how many parts of about `each` seconds something long is done: 1, 2, 4, 8, 12 and so on.

    So that the cores of most machines end at about the same time.
    """
    number = math.ceil(seconds / each)
    if number <= 2:
        return max(1, number)
    return math.ceil(number / 4) * 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one stretch gave: momentary and short-term loudness, peaks, and the highest of them."""

    momentary: tuple[float, ...]
    short_term: tuple[float, ...]
    peaks: tuple[float, ...]
    highest: float | None


def read(measured: Measured, roll: float) -> Heard:
    """What measuring a stretch gave, without the seconds of its pre-roll."""
    return Heard(
        momentary=measured.momentary[round(roll / BLOCK) :],
        short_term=measured.short_term[round(roll) :],
        peaks=measured.peaks[round(roll) :],
        highest=decibels(measured.highest),
    )


def decibels(linear: float) -> float | None:
    """The dBFS of a height; None for silence, and for what no file can hold."""
    return round(20 * math.log10(linear), 2) if 0 < linear < math.inf else None


def joined(heard: Sequence[Heard], begins: Sequence[int]) -> Survey:
    """The whole of what the stretches gave, which begin at these seconds."""
    momentary = tuple(m for one in heard for m in one.momentary)
    loudness = Loudness(
        integrated=_rounded(gating.integrated(momentary)),
        true_peak=max((one.highest for one in heard if one.highest is not None), default=None),
        range=_rounded(gating.loudness_range([s for one in heard for s in one.short_term])),
    )
    peaks = [
        (begin + second, peak)
        for begin, one in zip(begins, heard, strict=True)
        for second, peak in enumerate(one.peaks)
    ]
    return Survey(loudness=loudness, momentary=momentary, peaks=tuple(peaks))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
