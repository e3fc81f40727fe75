"""What is read off sound as it passes: loudness each tenth of a second, the highest of each second."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from podkit.media.k_weighting import HOPS, KWeighting, loudness
from podkit.media.true_peak import TruePeak

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_MOMENTARY, _SHORT_TERM = 4, 30  # tenths of a second under each window (EBU Tech 3341)
_SECONDS = 4  # that are read at once


class Gauge:
    """Reads sound that comes in pieces of any length.

    Args:
        rate: in Hz.
        channels: one or two.
        between: whether peaks are looked for between the samples too.
    """

    def __init__(self, rate: int, channels: int, *, between: bool) -> None:
        self.samples = 0
        """How many came, of each channel."""
        self.unsound = 0
        """How many values were no numbers; they count as silence."""
        self.unsound_at: int | None = None
        """The first sample of which one was none."""
        self.peaks: list[float] = []
        """The highest sample of each second, linear."""
        self.highest = 0.0
        """The highest sample of all, or what lies between two, linear."""
        self._second = rate
        self._weighting = KWeighting(rate, channels)
        self._peak = TruePeak(rate, channels) if between else None
        self._powers: list[float] = []
        self._waiting: list[Samples] = []
        self._held = 0

    def feed(self, samples: Samples) -> None:
        """Take the next samples, one row for each channel, full scale at 1."""
        self._waiting.append(samples)
        self._held += samples.shape[1]
        if self._held >= _SECONDS * self._second:
            whole = _joined(self._waiting)
            size = self._held // self._second * self._second
            self._read(whole[:, :size])
            self._waiting = [whole[:, size:]] if size < self._held else []
            self._held -= size

    def rest(self) -> None:
        """Read what still waits: nothing follows."""
        if self._held:
            self._read(_joined(self._waiting))
        self._waiting, self._held = [], 0
        self._powers += self._weighting.rest()
        if self._peak is not None:
            self._peak.rest()
            self.highest = max(self.highest, self._peak.highest)

    def momentary(self) -> list[float]:
        """LUFS of the 400 ms before the end of each tenth of a second."""
        return [float(level) for level in self._levels(_MOMENTARY)]

    def short_term(self) -> list[float]:
        """LUFS of the three seconds before the end of each whole second."""
        return [float(level) for level in self._levels(_SHORT_TERM)[HOPS - 1 :: HOPS]]

    def _levels(self, count: int) -> NDArray[np.float64]:
        """LUFS of windows of so many tenths; silence where one is not full yet."""
        powers = np.array(self._powers)
        means = np.zeros(len(powers))
        full = -(-(self._second * count // HOPS) // self._weighting.hop)  # at odd rates one more
        if len(powers) >= count:
            means[count - 1 :] = sliding_window_view(powers, count).mean(axis=1)
            means[: full - 1] = 0
        return np.round(loudness(means), 3)

    def _read(self, samples: Samples) -> None:
        if not np.isfinite(samples.sum()):
            broken = ~np.isfinite(samples)
            if not self.unsound and broken.any():
                self.unsound_at = self.samples + int(broken.any(axis=0).argmax())
            self.unsound += int(broken.sum())
            samples = np.where(broken, np.float32(0), samples)
        self.samples += samples.shape[1]
        for at in range(0, samples.shape[1], self._second):
            second = samples[:, at : at + self._second]
            self.peaks.append(max(float(second.max()), -float(second.min())))
        self.highest = max(self.highest, *self.peaks[-_SECONDS:])
        self._powers += self._weighting.feed(samples)
        if self._peak is not None:
            self._peak.feed(samples)


def _joined(parts: list[Samples]) -> Samples:
    return parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
