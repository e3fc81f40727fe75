"""Where a sound is cut: pieces that cover it exactly, each with what its codec needs around it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.media import aac_join, mp3_join, segments
from podkit.media.graph import Chain
from podkit.media.tape import Tape
from podkit.presets.builtin import PRESETS

RATES = {
    "mp3": (16_000, 22_050, 24_000, 44_100, 48_000),
    "m4a": (8_000, 22_050, 44_100, 48_000, 96_000),
}


def sound(name: str, samples: int, hertz: int, **chain: object) -> segments.Sound:
    tape = Tape(path=Path("x"), start=0, samples=samples, rate=hertz, channels=2, codec="s16le")
    return segments.Sound(tape=tape, chain=Chain(channels=2, **chain), preset=PRESETS.get(name))


def shape(name: str, rate: int) -> tuple[int, int, int, int]:
    """Samples of a frame, frames of warm-up and of tail, and of the grid."""
    if name == "mp3":
        return (
            mp3_join.samples_per_frame(rate),
            mp3_join.WARM_UP,
            mp3_join.TAIL,
            mp3_join.align(rate),
        )
    return 1024, aac_join.WARM_UP, aac_join.TAIL, 1


@st.composite
def long_sounds(draw):
    name = draw(st.sampled_from(["mp3", "m4a"]))
    rate = draw(st.sampled_from(RATES[name]))
    samples = draw(st.integers(min_value=1, max_value=6 * 3600 * rate))
    return name, rate, samples


@given(long_sounds())
def test_pieces_cover_the_sound(drawn):
    """Their own frames follow each other from the first sample to the last."""
    name, rate, samples = drawn
    unit, warm_up, tail, grid = shape(name, rate)
    cuts = segments.plan(sound(name, samples, rate))
    assert cuts[0].start == cuts[0].warm_up == 0
    assert cuts[-1].end == samples
    assert cuts[-1].frames is None
    own = 0
    for cut, after in zip(cuts, [*cuts[1:], None], strict=True):
        assert cut.start == (own - cut.warm_up) * unit
        assert cut.warm_up == (warm_up if own else 0)
        assert cut.start // unit % grid == 0
        assert 0 <= cut.start < cut.end <= samples
        if after is None:
            break
        assert cut.frames is not None
        own += cut.frames
        assert cut.end == (own + tail) * unit
    last = cuts[-1]
    assert (last.end - last.start) / unit - last.warm_up > tail or len(cuts) == 1


@given(long_sounds())
def test_all_pieces_are_long_enough(drawn):
    """None is so short that more is encoded twice than once, nor others much more than thrice as long."""
    name, rate, samples = drawn
    unit, warm_up, tail, _ = shape(name, rate)
    cuts = segments.plan(sound(name, samples, rate))
    owns = [(cut.end - cut.start) / unit - cut.warm_up for cut in cuts]
    if len(cuts) > 1:
        assert min(owns) > warm_up
        assert max(owns) < 3.5 * min(owns) + tail + warm_up


@pytest.mark.parametrize("name", ["opus", "flac", "speech-clean"])
def test_what_cannot_be_joined_is_one_piece(name):
    """Opus and FLAC, whose pieces nobody joins, are encoded whole."""
    made = sound(name, 48_000 * 7200, 48_000, clean=name == "speech-clean")
    cuts = segments.plan(made)
    assert [(cut.start, cut.end, cut.warm_up, cut.frames) for cut in cuts] == [
        (0, 48_000 * 7200, 0, None)
    ]


def test_what_is_resampled_is_one_piece():
    """A resampler in each piece would begin anew at each."""
    assert len(segments.plan(sound("mp3", 22_050 * 7200, 22_050, rate=44_100))) == 1
    assert len(segments.plan(sound("mp3", 44_100 * 7200, 44_100, rate=44_100))) > 30


def test_the_last_pieces_are_short():
    """Half an hour of MP3 ends in shorter and shorter pieces, on two cores and on four alike."""
    cuts = segments.plan(sound("mp3", 48_000 * 1800, 48_000))
    seconds = [round((cut.end - cut.start) / 48_000) for cut in cuts]
    assert len(seconds) == 16
    assert max(seconds[:8]) - min(seconds[:8]) <= 2
    assert sorted(seconds[7:], reverse=True) == seconds[7:]
    assert seconds[-1] < 0.4 * seconds[0]


def test_short_sounds_are_one_piece():
    """Below the length of one piece nothing is cut."""
    assert len(segments.plan(sound("mp3", 44_100 * 110, 44_100))) == 1
    assert len(segments.plan(sound("m4a", 44_100 * 220, 44_100))) == 1
    assert len(segments.plan(sound("mp3", 44_100 * 111, 44_100))) == 2
