"""How loud samples are: the K-weighted power of each tenth of a second, worked out in blocks.

The filter is recursive: each sample needs the one before. Written as a state that blocks hand on
(y = H x + O s, s' = F s + R x), all blocks of some seconds are two products of matrices.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]
    Matrix = NDArray[np.float64]

HOPS = 10
"""Powers in a second: gating blocks of 400 ms overlap by 75 % (BS.1770-4, annex 1)."""

_BLOCK = 40  # samples; it divides 40 hops at every rate, and mostly fewer
_GROUP = 16  # blocks
_STATE = 4
_TINY = 1e-18  # what is quieter would soon be too small for a processor to be quick with

# The two filters of BS.1770-4, annex 1, are given for 48 kHz; these are the analogue ones behind
# them, from which they follow for any rate: frequency in Hz and quality, of the shelf also its dB.
_SHELF = (1681.974450955533, 0.7071752369554196, 3.999843853973347)
_HIGH_PASS = (38.13547087602444, 0.5003270373238773)
_SHELF_BEND = 0.4996667741545416  # power of the shelf's gain in the middle of its slope


class KWeighting:
    """The power of each tenth of a second of sound that comes in pieces of any length.

    Args:
        rate: in Hz.
        channels: one or two, which count alike.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self.hop = rate // HOPS
        """Samples of a tenth of a second; what is over at odd rates is left out."""
        self._hops = next(n for n in (10, 20, 40) if n * self.hop % _BLOCK == 0)
        a, b, c, d = _state_space(rate)
        self._into, self._through, self._ringing = _blocks(a, b, c, d)
        step = np.linalg.matrix_power(a, _BLOCK).T
        self._within, self._fading, self._ending = _groups(step)
        self._step = np.linalg.matrix_power(step, _GROUP)
        self._state: Samples = np.zeros((channels, _STATE), np.float32)
        self._waiting: list[Samples] = []
        self._held = 0
        self._channels = channels

    def feed(self, samples: Samples) -> list[float]:
        """The mean power of the tenths of a second that are now complete.

        Args:
            samples: one row for each channel.
        """
        size = self._hops * self.hop
        self._waiting.append(samples)
        self._held += samples.shape[1]
        if self._held < size:
            return []
        whole = self._waiting[0] if len(self._waiting) == 1 else np.hstack(self._waiting)
        found: list[float] = []
        at = 0
        while whole.shape[1] - at >= size:
            found += self._powers(whole[:, at : at + size])
            at += size
        self._waiting = [whole[:, at:]] if at < whole.shape[1] else []
        self._held = whole.shape[1] - at
        return found

    def rest(self) -> list[float]:
        """The same of what still waits, without the last part of a tenth."""
        hops = self._held // self.hop
        if not hops:
            return []
        whole = np.hstack(self._waiting)
        missing = self._hops * self.hop - self._held
        return self._powers(np.pad(whole, ((0, 0), (0, missing))))[:hops]

    def _powers(self, samples: Samples) -> list[float]:
        blocks = samples.reshape(self._channels, -1, _BLOCK)
        states = self._handed_on(blocks @ self._into)
        out = blocks @ self._through
        out += states @ self._ringing
        hops = out.reshape(-1, self.hop)
        powers = np.vecdot(hops, hops).reshape(self._channels, -1).sum(axis=0) / self.hop
        found: list[float] = powers.tolist()
        return found

    def _handed_on(self, pushes: Samples) -> Samples:
        """The state in which each block begins, by groups of blocks."""
        count = pushes.shape[1]
        groups = count // _GROUP + 1  # one block more, for the state in which the next ones begin
        rows = np.zeros((self._channels, groups * _GROUP, _STATE), np.float32)
        rows[:, :count] = pushes
        rows = rows.reshape(self._channels, groups, -1)
        ends = np.concatenate((self._state[:, None], (rows @ self._ending)[:, :-1]), axis=1)
        stride, step = 1, self._step
        while stride < groups:  # a running sum, taken in strides that double
            ends[:, stride:] += ends[:, :-stride] @ step.astype(np.float32)
            stride, step = 2 * stride, step @ step
        states = (rows @ self._within + ends @ self._fading).reshape(self._channels, -1, _STATE)
        self._state = states[:, count].copy()
        self._state[np.abs(self._state) < _TINY] = 0
        return states[:, :count]


def loudness(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """LUFS of mean powers, all channels together (BS.1770-4, annex 1); silence has -120.7."""
    return -0.691 + 10 * np.log10(np.maximum(powers, 1e-12))


def _sections(rate: int) -> tuple[Matrix, Matrix]:
    """Numerators and denominators of the two filters (by the bilinear transform)."""
    frequency, quality, decibels = _SHELF
    high = 10 ** (decibels / 20)
    middle = high**_SHELF_BEND
    k = math.tan(math.pi * frequency / rate)
    shelf = [
        [
            high + middle * k / quality + k * k,
            2 * (k * k - high),
            high - middle * k / quality + k * k,
        ],
        [1 + k / quality + k * k, 2 * (k * k - 1), 1 - k / quality + k * k],
    ]
    frequency, quality = _HIGH_PASS
    k = math.tan(math.pi * frequency / rate)
    lowest = [1 + k / quality + k * k, 2 * (k * k - 1), 1 - k / quality + k * k]
    a = np.array([shelf[1], lowest])
    # as in the table of the standard, the high pass has the numerator 1, -2, 1
    b = np.array([np.array(shelf[0]) / shelf[1][0], [1.0, -2.0, 1.0]])
    return b, a / a[:, :1]


def _state_space(rate: int) -> tuple[Matrix, Matrix, Matrix, float]:
    """Both filters one after the other as s' = A s + B x, y = C s + D x, for states of like size."""
    (b1, b2), (a1, a2) = _sections(rate)
    first, second = _section(b1, a1), _section(b2, a2)
    a = np.zeros((_STATE, _STATE))
    a[:2, :2], a[2:, 2:] = first[0], second[0]
    a[2:, :2] = np.outer(second[1], first[2])
    b = np.concatenate((first[1], second[1] * first[3]))
    c = np.concatenate((second[3] * first[2], second[2]))
    spread, step = np.outer(b, b), a
    for _ in range(40):  # what white noise makes of the states, in strides that double
        spread, step = spread + step @ spread @ step.T, step @ step
    to = np.linalg.cholesky(spread)
    back = np.linalg.inv(to)
    return back @ a @ to, back @ b, c @ to, float(second[3] * first[3])


def _section(b: Matrix, a: Matrix) -> tuple[Matrix, Matrix, Matrix, Any]:
    moves = np.array([[-a[1], 1.0], [-a[2], 0.0]])
    return moves, b[1:] - a[1:] * b[0], np.array([1.0, 0.0]), b[0]


def _blocks(a: Matrix, b: Matrix, c: Matrix, d: float) -> tuple[Samples, Samples, Samples]:
    """For rows: what a block adds to the state, what it puts out, and what a state puts out in it."""
    powers = [np.eye(_STATE)]
    for _ in range(_BLOCK - 1):
        powers.append(a @ powers[-1])
    answer = np.array([d, *(c @ power @ b for power in powers[:-1])])
    through = np.zeros((_BLOCK, _BLOCK))
    for n in range(_BLOCK):
        through[n, n:] = answer[: _BLOCK - n]
    into = np.array([power @ b for power in reversed(powers)])
    ringing = np.array([c @ power for power in powers]).T
    return into.astype(np.float32), through.astype(np.float32), ringing.astype(np.float32)


def _groups(step: Matrix) -> tuple[Samples, Samples, Samples]:
    """For rows: the states in a group by its pushes, by the state before it, and the push of all."""
    powers = [np.eye(_STATE)]
    for _ in range(_GROUP):
        powers.append(powers[-1] @ step)
    within = np.zeros((_GROUP, _STATE, _GROUP, _STATE))
    for n in range(_GROUP):
        for later in range(n + 1, _GROUP):
            within[n, :, later] = powers[later - 1 - n]
    fading = np.concatenate(powers[:_GROUP], axis=1)
    ending = np.concatenate(powers[_GROUP - 1 :: -1], axis=0)
    flat = within.reshape(_GROUP * _STATE, -1)
    return flat.astype(np.float32), fading.astype(np.float32), ending.astype(np.float32)
