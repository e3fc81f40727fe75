"""Loudness: what was measured, what is wanted, and the gain between them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """A measurement by ITU-R BS.1770-4 and EBU R 128.

    `integrated` in LUFS, `true_peak` in dBTP, `range` in LU; None where silence has no value.
    """

    integrated: float | None = None
    true_peak: float | None = None
    range: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudnessTarget:
    """What speech shall come out at: integrated loudness in LUFS, highest true peak in dBTP."""

    integrated: float = -16.0
    true_peak: float = -1.0


TOLERANCE = 0.5
"""LU that an encoded file may lie beside its target."""

SILENCE = -60.0
"""LUFS below which there is nothing to normalise; such a file gets no gain."""


def gain_for(measured: Loudness, target: LoudnessTarget) -> float:
    """The linear gain in dB that brings the measurement to the target; 0 for silence."""
    if measured.integrated is None or measured.integrated < SILENCE:
        return 0.0
    return target.integrated - measured.integrated


def needs_limiter(measured: Loudness, gain: float, target: LoudnessTarget, headroom: float) -> bool:
    """Whether the gain would lift the true peak over the target less `headroom` dB."""
    if measured.true_peak is None:
        return False
    return measured.true_peak + gain > target.true_peak - headroom
