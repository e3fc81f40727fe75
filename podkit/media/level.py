"""Which gain and which limiter bring a measured loudness to its target after the encoder too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podkit.model.loudness import SILENCE, Loudness, LoudnessTarget, gain_for, needs_limiter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.model.preset import Preset

CLOSE_ENOUGH = 0.3
"""LU beside the target from which an encode is done again with a corrected gain."""

PEAK_MARGIN = 0.05
"""dB that ebur128's rounding to 0.1 may hide."""

MOST_MORE = 12.0
"""dB of gain beyond the linear one that a limiter may be fed: more would lift the noise, not the sound."""

BETWEEN_SAMPLES = 0.5
"""dB by which a true peak may rise above the highest sample, in speech and most music."""

# LAME turns its input down below 256 kbit/s (the `scale` of its presets: 0.95, 0.97, 0.98), in dB.
_LAME_LOSS = ((176_000, 0.446), (208_000, 0.265), (240_000, 0.175))

# dB by which an encoder may lift the peaks of limited speech; measured, and corrected when wrong.
_OVERSHOOT = {"mp3": 0.9, "aac": 0.8, "opus": 1.5, "flac": 0.2}
_LOWER_BY = 0.2  # dB more than what was too high
_OVERSHOOT_LOW_RATE = 0.6  # more for MP3 below 96 kbit/s


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What to do to the sound: linear `gain` in dB, then a limiter at `ceiling` dBFS, or none."""

    gain: float = 0.0
    ceiling: float | None = None


def encoder_loss(preset: Preset, bit_rate: int | None) -> float:
    """The dB by which the preset's encoder comes out quieter than what it is given."""
    if preset.audio_codec != "mp3" or bit_rate is None:
        return 0.0
    return next((loss for below, loss in _LAME_LOSS if bit_rate < below), 0.0)


def highest(preset: Preset, bit_rate: int | None, target: LoudnessTarget) -> float:
    """The true peak in dBFS that may go into the encoder, so that what comes out keeps the target."""
    overshoot = _OVERSHOOT.get(preset.audio_codec, 1.5)
    if preset.audio_codec == "mp3" and (bit_rate or 0) < 96_000:
        overshoot += _OVERSHOOT_LOW_RATE
    return target.true_peak - overshoot + encoder_loss(preset, bit_rate)


def first(
    measured: Loudness, preset: Preset, bit_rate: int | None, target: LoudnessTarget
) -> Level:
    """The level to begin with: linear gain alone when the peaks allow it.

    Args:
        measured: the source; its highest sample stands for its true peak.
        preset: whose encoder comes after.
        bit_rate: in bit/s; None for lossless codecs.
        target: what is wanted of the encoded file.
    """
    if is_silent(measured):
        return Level()
    gain = gain_for(measured, target) + encoder_loss(preset, bit_rate)
    ceiling = highest(preset, bit_rate, target)
    limited = needs_limiter(measured, gain, LoudnessTarget(true_peak=ceiling), BETWEEN_SAMPLES)
    return Level(gain=gain, ceiling=ceiling if limited else None)


def is_silent(measured: Loudness | None) -> bool:
    """Whether there is nothing to normalise."""
    return measured is None or measured.integrated is None or measured.integrated < SILENCE


def over(result: Loudness, target: LoudnessTarget) -> float:
    """By how many dB the next ceiling has to be lower, since the result's peak is too high; or 0."""
    if result.true_peak is None:
        return 0.0
    beyond = result.true_peak + PEAK_MARGIN - target.true_peak
    return beyond + _LOWER_BY if beyond > 0 else 0.0


def next_gain(tried: Sequence[tuple[float, float]], wanted: float) -> float:
    """The gain to try next: a limiter takes back a part of what is added, so its slope is learnt.

    Args:
        tried: pairs of gain in dB and the loudness in LUFS that it gave.
        wanted: the loudness to reach.
    """
    gain, loudness = tried[-1]
    slope = 1.0
    if len(tried) > 1 and abs(gain - tried[-2][0]) > 0.01:
        slope = (loudness - tried[-2][1]) / (gain - tried[-2][0])
    return gain + (wanted - loudness) / min(max(slope, 0.25), 1.0)


def bounded(gain: float, linear: float) -> float:
    """The gain, at most `MOST_MORE` dB above the linear one."""
    return min(gain, linear + MOST_MORE)


def is_good(result: Loudness, target: LoudnessTarget) -> bool:
    """Whether another encode would gain nothing worth its time."""
    return is_right(result, replace(target, true_peak=target.true_peak - PEAK_MARGIN), CLOSE_ENOUGH)


def is_right(result: Loudness, target: LoudnessTarget, tolerance: float) -> bool:
    """Whether the encoded file keeps what was promised; silence does."""
    if result.integrated is None:
        return True
    close = abs(result.integrated - target.integrated) <= tolerance
    return close and (result.true_peak is None or result.true_peak <= target.true_peak)
