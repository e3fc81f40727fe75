"""Loudness joined of blocks is that of the whole, by the gates of BS.1770-4 and EBU Tech 3342."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.media import gating
from podkit.media.survey import Heard, joined

LEVELS = st.lists(st.floats(min_value=-120, max_value=5), max_size=60)


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([], None),
        ([-80.0] * 9, None),
        ([-70.0], None),  # the absolute gate lets through what is above it
        ([-69.9], -69.9),
        ([-20.0] * 5, -20.0),
        ([-20.0] * 5 + [-80.0] * 50, -20.0),
        # mean (0.01 + 0.0001) / 2 = 0.00505, which is -22.97; 10 below it lies the relative gate
        ([-20.0, -40.0], -20.0),
        # mean (0.01 + 0.00158) / 2, -22.37: both are above -32.37
        ([-20.0, -28.0], -22.37),
        # as in EBU Tech 3341, case 3: -36, -23 and -36 dBFS for 10, 60 and 10 s
        ([-36.0] * 100 + [-23.0] * 600 + [-36.0] * 100, -23.0),
        # case 4: with -72 at both ends too
        ([-72.0] * 100 + [-36.0] * 100 + [-23.0] * 600 + [-36.0] * 100 + [-72.0] * 100, -23.0),
        # case 5: -26, -20 and -26 for 20, 20.1 and 20 s
        ([-26.0] * 200 + [-20.0] * 201 + [-26.0] * 200, -23.0),
        ([-math.inf, -20.0], -20.0),
    ],
)
def test_integrated_loudness_by_hand(blocks, expected):
    """Both gates, as worked out by hand and as EBU Tech 3341 has them."""
    found = gating.integrated(blocks)
    assert found == (None if expected is None else pytest.approx(expected, abs=0.05))


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([], None),
        ([-75.0] * 10, None),
        ([-20.0], 0.0),
        ([-20.0] * 50 + [-30.0] * 50, 10.0),  # EBU Tech 3342, case 1
        ([-20.0] * 50 + [-15.0] * 50, 5.0),  # case 2
        ([-40.0] * 50 + [-20.0] * 50, 20.0),  # case 3
        ([-20.0] * 50 + [-90.0] * 50, 0.0),
        ([-20.0] * 50 + [-45.0] * 50, 0.0),  # below the mean less 20
    ],
)
def test_loudness_range_by_hand(windows, expected):
    """The range of what passes both gates, without its lowest tenth and highest twentieth."""
    found = gating.loudness_range(windows)
    assert found == (None if expected is None else pytest.approx(expected, abs=0.01))


@given(LEVELS)
def test_no_loudness_above_the_loudest_block(blocks):
    """A mean lies between the gate and the highest."""
    found = gating.integrated(blocks)
    if found is not None:
        assert gating.gate(blocks) - 1e-9 <= found <= max(blocks) + 1e-9


@given(LEVELS, LEVELS, st.lists(st.floats(min_value=0, max_value=2), max_size=20), st.data())
def test_stretches_joined_are_the_whole(momentary, short_term, peaks, data):
    """However a sound was cut, what its stretches gave is joined to what the whole would give."""

    def cut(values: list[float]) -> list[tuple[float, ...]]:
        at = sorted(data.draw(st.lists(st.integers(0, len(values)), max_size=3)))
        at = [0, *at, *[len(values)] * (4 - len(at))]
        return [tuple(values[a:b]) for a, b in itertools.pairwise(at)]

    parts = list(zip(cut(momentary), cut(short_term), cut(peaks), strict=True))
    begins = [sum(len(part[2]) for part in parts[:n]) for n in range(len(parts))]
    heard = [
        Heard(momentary=m, short_term=s, peaks=p, highest=max(p, default=None)) for m, s, p in parts
    ]
    whole = Heard(
        momentary=tuple(momentary),
        short_term=tuple(short_term),
        peaks=tuple(peaks),
        highest=max(peaks, default=None),
    )
    one, several = joined([whole], [0]), joined(heard, begins)
    assert one.loudness == several.loudness
    assert one.momentary == several.momentary
    if peaks:
        assert max(peak for _, peak in several.peaks) == max(peaks)
        assert all(peaks[second] == peak for second, peak in several.peaks)
