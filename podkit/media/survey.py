"""How loud a tape is, measured in stretches on all cores and put together to the last block."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from podkit.media import gating, graph, pieces, tape_graph
from podkit.model.loudness import Loudness

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterable, Sequence

    from podkit.media.run import Ran
    from podkit.media.tape import Tape
    from podkit.media.tools import Tool
    from podkit.model.work import Engine

STRETCH = 120.0
"""Seconds of a stretch that is worth a run of its own."""

PRE_ROLL = 3.0
"""Seconds before a stretch that fill the windows of its first blocks (EBU Tech 3341: 3 s)."""

BLOCK = 0.1
"""Seconds from one momentary value to the next, as `ebur128` gives them."""

_COST = 1 / 750  # seconds of one core for a second of sound
PER_SECOND = round(1 / BLOCK)
"""Blocks in a second."""

_PEAK = re.compile(r"(?:True|Sample) peak:\s+Peak:\s+(\S+) dBFS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What a tape sounds like on the channels that were asked for.

    `loudness` with the highest *sample* in place of the true peak; `momentary` in LUFS at the end of
    each block; `peaks` are pairs of a second, counted from the beginning, and the highest sample up to
    there within its stretch (linear).
    """

    loudness: Loudness
    momentary: tuple[float, ...] = field(default=(), repr=False)
    peaks: tuple[tuple[int, float], ...] = ()


def survey(
    tool: Tool,
    tape: Tape,
    channels: int,
    *,
    engine: Engine,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Survey:
    """Measure a tape as mono or stereo.

    Args:
        tool: the ffmpeg to use.
        tape: what to measure.
        channels: 1 or 2. Two hard-panned speakers differ by 3 LU between the two.
        engine: where the measuring runs.
        tell: told how many seconds are done.
        cancel: when set, the measuring stops.

    Raises:
        FileError: it cannot be read.
        Cancelled: `cancel` was set.
    """
    chain = graph.Chain(channels=channels)
    cuts = stretches(tape.samples, tape.rate)
    before = [min(start, round(PRE_ROLL * tape.rate)) for start, _ in cuts]
    runs = [
        pieces.Run(
            tool=tool,
            arguments=tape_graph.surveying(tape, start - roll, end, chain),
            where=tape.path,
            cost=(end - start + roll) / tape.rate * _COST,
        )
        for (start, end), roll in zip(cuts, before, strict=True)
    ]
    ran = pieces.do(engine, runs, tell=tell, cancel=cancel)
    return joined(
        [read(one, roll / tape.rate) for one, roll in zip(ran, before, strict=True)],
        [start // tape.rate for start, _ in cuts],
    )


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


def read(ran: Ran, roll: float) -> Heard:
    """What a run of `tape_graph.blocks` printed, without the seconds of its pre-roll."""
    found: dict[str, list[float]] = {"M": [], "S": [], "peak": []}
    for line in ran.printed:
        key, _, value = line.rpartition("=")
        name = key.removeprefix("lavfi.r128.")
        if name != key:
            found["peak" if name.endswith("_peak") else name].append(float(value))
    said = _PEAK.search(ran.stderr, max(ran.stderr.rfind("peak:") - 8, 0))
    level = float(said[1]) if said else -math.inf
    return Heard(
        momentary=tuple(found["M"][round(roll / BLOCK) :]),
        short_term=tuple(found["S"][round(roll) :]),
        peaks=tuple(found["peak"][round(roll) :]),
        highest=level if math.isfinite(level) else None,
    )


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
        for second, peak in _risen(one.peaks)
    ]
    return Survey(loudness=loudness, momentary=momentary, peaks=tuple(peaks))


def _risen(peaks: Iterable[float]) -> list[tuple[int, float]]:
    """The seconds in which the highest sample so far was found, as pairs with it."""
    found: list[tuple[int, float]] = []
    for second, peak in enumerate(peaks):
        if not found or peak > found[-1][1]:
            found.append((second, peak))
    return found


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
