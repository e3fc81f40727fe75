"""How loudness is put together of blocks: BS.1770-4's two gates and EBU Tech 3342's range.

ffmpeg's `ebur128` gives the loudness of each 400 ms, which are the gating blocks of BS.1770-4
annex 1 (they overlap by 75 %). So a sound may be measured in pieces and joined here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ABSOLUTE_GATE = -70.0
"""LUFS below which a block counts as silence (BS.1770-4, annex 1)."""

_RELATIVE_GATE = -10.0  # LU below the mean of what passed the absolute gate (BS.1770-4, annex 1)
_RANGE_GATE = -20.0  # LU, the same for the loudness range (EBU Tech 3342, section 3)
_RANGE_LOW, _RANGE_HIGH = 0.10, 0.95  # percentiles (EBU Tech 3342, section 3)


def integrated(momentary: Sequence[float]) -> float | None:
    """The integrated loudness in LUFS of the loudness of all 400 ms blocks; None for silence."""
    lowest = gate(momentary)
    counted = [value for value in momentary if value > lowest]
    return mean(counted) if counted else None


def gate(momentary: Sequence[float]) -> float:
    """The loudness in LUFS above which blocks count."""
    loud = [value for value in momentary if value > ABSOLUTE_GATE]
    return max(ABSOLUTE_GATE, mean(loud) + _RELATIVE_GATE) if loud else ABSOLUTE_GATE


def loudness_range(short_term: Sequence[float]) -> float | None:
    """The loudness range in LU of the loudness of all 3 s windows; None for silence."""
    loud = [value for value in short_term if value > ABSOLUTE_GATE]
    if not loud:
        return None
    lowest = mean(loud) + _RANGE_GATE
    counted = sorted(value for value in loud if value >= lowest)
    last = len(counted) - 1
    return counted[round(last * _RANGE_HIGH)] - counted[round(last * _RANGE_LOW)]


def mean(levels: Sequence[float]) -> float:
    """The level of the mean power of levels in dB; there is at least one."""
    return 10 * math.log10(math.fsum(10 ** (level / 10) for level in levels) / len(levels))
