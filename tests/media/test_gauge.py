"""What podkit reads off samples is what ffmpeg's `ebur128` reads off them, block by block."""

from __future__ import annotations

import math
import re
import subprocess

import media_sounds as sounds
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from podkit.media.gauge import Gauge
from podkit.media.k_weighting import KWeighting
from podkit.media.true_peak import TruePeak

RATES = (8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000)
EDGE = 40
"""Samples of silence before a sound, so that the first windows are whole; more are behind it.

ffmpeg looks for peaks in whole tenths of a second only.
"""


def ebur128(samples: np.ndarray, rate: int) -> tuple[dict[str, list[float]], float]:
    """What ffmpeg prints of each 100 ms by key, and its true peak of the whole (linear)."""
    argv = [sounds.BUNDLED, "-nostdin", "-v", "error", "-f", "f32le", "-ar", rate]
    argv += ["-ac", len(samples), "-i", "-", "-af"]
    argv += ["ebur128=metadata=1:peak=true,ametadata=mode=print:file=-", "-f", "null", "-"]
    raw = np.ascontiguousarray(samples.T).astype("<f4").tobytes()
    done = subprocess.run(list(map(str, argv)), input=raw, check=True, capture_output=True)
    said = done.stdout.decode()
    found = {key: [float(v) for v in re.findall(rf"r128\.{key}=(\S+)", said)] for key in ("M", "S")}
    peaks = [float(v) for v in re.findall(r"r128\.true_peak=(\S+)", said)]
    return found, max(peaks, default=0.0)


def read(samples: np.ndarray, rate: int, step: int) -> Gauge:
    """A gauge that has had all of it, `step` samples at a time."""
    gauge = Gauge(rate, len(samples), between=True)
    for at in range(0, samples.shape[1], step):
        gauge.feed(samples[:, at : at + step])
    gauge.rest()
    return gauge


def swelling(rate: int, channels: int, seconds: float, seed: int, offset: float) -> np.ndarray:
    """Noise that gets louder and quieter, on top of a constant, with silence before and behind."""
    random = np.random.default_rng(seed)
    length = round(rate * seconds)
    swell = 0.4 * np.sin(np.arange(length) / rate * (1 + seed % 5)) ** 2
    noise = random.standard_normal((channels, length)) * swell * np.hanning(length) + offset
    return np.pad(noise, ((0, 0), (EDGE, rate // 5))).astype(np.float32)


@settings(max_examples=14, deadline=None, phases=[Phase.generate])
@given(
    rate=st.sampled_from(RATES),
    channels=st.integers(1, 2),
    seconds=st.one_of(st.floats(0.001, 0.6), st.floats(0.6, 4.0)),
    seed=st.integers(0, 1000),
    offset=st.sampled_from([0.0, 0.0, 0.3]),
    step=st.integers(1000, 400_000),
)
def test_as_ffmpeg_reads_it(rate, channels, seconds, seed, offset, step):
    """At every rate, however the samples come in, loudness and true peak are ffmpeg's."""
    samples = swelling(rate, channels, seconds, seed, offset)
    wanted, peak = ebur128(samples, rate)
    gauge = read(samples, rate, step)
    assert gauge.samples == samples.shape[1]
    close = 0.06 if rate % 10 else 0.02  # there ffmpeg's blocks are no part of its windows
    for ours, theirs in (
        (gauge.momentary(), wanted["M"]),
        (gauge.short_term(), wanted["S"][9::10]),
    ):
        # ffmpeg puts out what is left at the end as one more block
        assert 0 <= len(theirs) - len(ours) <= 1
        for one, other in zip(ours, theirs, strict=False):
            assert one == pytest.approx(other, abs=close) or max(one, other) < -69
    # at odd rates ffmpeg passes over the samples themselves, which a player does not
    highest = max(peak, float(np.abs(samples).max()))
    assert gauge.highest == pytest.approx(highest, rel=0.01, abs=0.001)


@settings(max_examples=25, deadline=None, phases=[Phase.generate])
@given(
    rate=st.sampled_from(RATES),
    steps=st.lists(st.integers(1, 3000), min_size=1, max_size=12),
    seed=st.integers(0, 1000),
    loud=st.floats(1e-4, 10),
)
def test_nothing_is_passed_over(rate, steps, seed, loud):
    """The search finds what looking everywhere finds, however the samples come in."""
    random = np.random.default_rng(seed)
    samples = (loud * random.standard_normal((1, sum(steps))) ** 3).astype(np.float32)
    searched = TruePeak(rate, 1)
    at = 0
    for step in steps:
        searched.feed(samples[:, at : at + step])
        at += step
    searched.rest()
    everywhere = TruePeak(rate, 1)
    everywhere._most = math.inf  # no bound: each block may hold the highest
    everywhere.feed(samples)
    everywhere.rest()
    assert searched.highest == pytest.approx(everywhere.highest, rel=1e-5)


def test_what_lies_between_samples():
    """A sine of a quarter of the rate, sampled beside its tops, is 3 dB higher than its samples."""
    samples = np.sin(np.pi / 2 * np.arange(4800) + np.pi / 4).astype(np.float32)[None]
    found = TruePeak(48_000, 1)
    found.feed(samples)
    found.rest()
    assert np.abs(samples).max() == pytest.approx(0.7071, abs=0.001)
    assert found.highest == pytest.approx(1.0, abs=0.002)


@pytest.mark.parametrize("rate", RATES)
def test_silence(rate):
    """Nothing is nothing: no loudness, no peak, and no time is lost with numbers near zero."""
    samples = np.zeros((2, 3 * rate), np.float32)
    samples[:, : rate // 2] = 0.5
    gauge = read(samples, rate, rate)
    assert gauge.momentary()[-1] < -100
    assert gauge.peaks == [0.5, 0.0, 0.0]
    weighting = KWeighting(rate, 2)
    weighting.feed(np.zeros((2, 4 * rate), np.float32) + np.float32(1e-30))
    weighting.feed(np.zeros((2, 4 * rate), np.float32))
    assert not weighting._state.any()


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number(value):
    """A value that is no number counts as silence and is told; all around it is measured."""
    samples = swelling(48_000, 2, 2.0, 1, 0.0)
    clean = read(samples, 48_000, 48_000)
    samples[1, 50_000] = value
    gauge = read(samples, 48_000, 48_000)
    assert gauge.unsound == 1
    assert clean.unsound == 0
    assert gauge.momentary() == pytest.approx(clean.momentary(), abs=0.05)
    assert gauge.highest == pytest.approx(clean.highest, rel=0.05)


def test_nothing_at_all():
    """No samples are no samples."""
    gauge = read(np.zeros((1, 0), np.float32), 48_000, 1)
    assert (gauge.samples, gauge.highest, gauge.momentary(), gauge.peaks) == (0, 0.0, [], [])
