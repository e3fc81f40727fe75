"""How high sound rises between its samples, looked for only where it can rise above what was found.

BS.1770-4, annex 2, has it oversampled. ffmpeg does that to 192 kHz, with 32 samples under a Kaiser
window of 9 for each value between; so is it done here. A value between samples is at most the
highest sample around it times the sum of those weights, 2.35: where that is less than what was found
elsewhere nobody needs to look.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_RATE = 192_000  # Hz
_TAPS, _BEFORE = 32, 15  # samples under the window, and how many of them come first
_BETA = 9.0
_BLOCK = (2, 2, 2, 2)  # samples whose places are looked at together, as factors
_LONG_PERIOD = 147  # samples after which a rate that 44 100 Hz is a part or multiple of comes round
_LONG_BLOCK = (3, 7)  # a seventh of them
_SPAN = 3  # blocks that the windows of a block reach into
_FIRST = 512  # blocks that are looked at before the bound is drawn again


class TruePeak:
    """The highest absolute value of sound that comes in pieces, between samples too.

    Near its very first and last samples it is taken as it is: a window needs 16 on each side.

    Args:
        rate: in Hz.
        channels: how many rows a piece has.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self.highest = 0.0
        """So far, linear."""
        period = rate // math.gcd(rate, _RATE)
        steps = period * _RATE // rate
        if period not in {1, _LONG_PERIOD}:  # so many places between samples that none is missed
            period, steps = 1, -(-_RATE // rate)
        self._parts = _BLOCK if period == 1 else _LONG_BLOCK
        self._block = math.prod(self._parts)
        self._weights = _weights(period, steps, self._block)
        self._most = max(float(np.abs(w).sum(axis=0).max(initial=1.0)) for w in self._weights)
        self._tail: Samples = np.zeros((channels, 0), np.float32)
        self._turn = 0

    def feed(self, samples: Samples) -> None:
        """Look at the next samples, one row for each channel."""
        if samples.size:
            self.highest = max(self.highest, float(samples.max()), -float(samples.min()))
        whole = np.concatenate((self._tail, samples), axis=1)
        blocks = max(0, whole.shape[1] - _TAPS + 1) // self._block
        for row in whole if blocks else ():
            self._search(row, blocks)
        self._turn = (self._turn + blocks) % len(self._weights)
        self._tail = whole[:, blocks * self._block :]

    def rest(self) -> None:
        """Look at the places behind the last whole block."""
        held = self._tail.shape[1]
        weights = self._weights[self._turn][:held]
        # what has a weight beyond the end has no whole window
        whole = ~self._weights[self._turn][held:].any(axis=0)
        self._reached(self._tail @ weights[:, whole])

    def _search(self, row: Samples, blocks: int) -> None:
        """Look at those blocks of one channel in which the highest may be, the loudest first."""
        windows = sliding_window_view(row, self._block + _TAPS - 1)[:: self._block]
        found, height = self._high(row, blocks)
        order = np.argsort(height)[::-1]
        found, height = found[order], height[order]
        while found.size:
            now = found[:_FIRST]
            turns = (now + self._turn) % len(self._weights)
            for turn in range(len(self._weights)):
                self._reached(windows[now[turns == turn]] @ self._weights[turn])
            left = int(np.searchsorted(-height, -self.highest / self._most))
            found, height = found[_FIRST:left], height[_FIRST:left]

    def _high(self, row: Samples, blocks: int) -> tuple[NDArray[np.intp], Samples]:
        """The blocks with a sample under their windows from which the highest may rise; how high."""
        most = np.zeros((blocks + _SPAN) * self._block, np.float32)
        np.abs(row[: most.size], out=most[: row.size])
        for part in self._parts:  # a block's highest sample; strides are quicker than short rows
            most = functools.reduce(np.maximum, (most[n::part] for n in range(part)))
        height = np.maximum(np.maximum(most[:blocks], most[1 : blocks + 1]), most[2 : blocks + 2])
        found = np.flatnonzero(height > self.highest / self._most)
        return found, height[found]

    def _reached(self, values: Samples) -> None:
        if values.size:
            self.highest = max(self.highest, float(values.max()), -float(values.min()))


@functools.cache
def _weights(period: int, steps: int, block: int) -> tuple[Samples, ...]:
    """For each block until the places come round: what each place takes of the samples.

    Args:
        period: samples after which the places come round.
        steps: places in a period, the samples among them, which need no look.
        block: samples of a block.
    """
    found = []
    for first in range(_BEFORE, _BEFORE + (period if period > 1 else block), block):
        places = [
            (step * period // steps - first, step * period % steps / steps)
            for step in range(first * steps // period, (first + block) * steps // period + 1)
        ]
        places = [(at, part) for at, part in places if part and 0 <= at < block]
        columns = np.zeros((block + _TAPS - 1, len(places)))
        for column, (at, part) in enumerate(places):
            columns[at : at + _TAPS, column] = _window(part)
        found.append(columns.astype(np.float32))
    return tuple(found)


def _window(part: float) -> NDArray[np.float64]:
    """The weights of the samples around a place that lies `part` of a sample behind one."""
    distance = np.arange(_TAPS) - _BEFORE - part
    shape = np.sqrt(np.maximum(0.0, 1 - (2 * distance / _TAPS) ** 2))
    weights: NDArray[np.float64] = np.sinc(distance) * np.i0(_BETA * shape)
    scaled: NDArray[np.float64] = weights / weights.sum()
    return scaled
