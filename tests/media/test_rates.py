"""Which sample rate comes out of which: the nearest of the family, and no more than is needed."""

from __future__ import annotations

import pytest

from podkit.media.rates import chosen
from podkit.presets.builtin import PRESETS

MPEG_2 = (16_000, 22_050, 24_000, 44_100, 48_000)
TABLE = {
    # source: 44.1 and 48 kHz only, all of MPEG-2 too, AAC without a list, FLAC without a list
    8_000: (48_000, 16_000, 8_000, 8_000),
    11_025: (44_100, 22_050, 11_025, 11_025),
    12_000: (48_000, 16_000, 12_000, 12_000),
    16_000: (48_000, 16_000, 16_000, 16_000),
    22_050: (44_100, 22_050, 22_050, 22_050),
    24_000: (48_000, 24_000, 24_000, 24_000),
    32_000: (48_000, 48_000, 32_000, 32_000),
    37_800: (44_100, 44_100, 44_100, 37_800),
    44_100: (44_100, 44_100, 44_100, 44_100),
    48_000: (48_000, 48_000, 48_000, 48_000),
    50_000: (48_000, 48_000, 64_000, 50_000),
    64_000: (48_000, 48_000, 64_000, 64_000),
    88_200: (44_100, 44_100, 88_200, 88_200),
    96_000: (48_000, 48_000, 96_000, 96_000),
    176_400: (44_100, 44_100, 88_200, 176_400),
    192_000: (48_000, 48_000, 96_000, 192_000),
}


@pytest.mark.parametrize("rate", TABLE)
def test_the_rate_that_comes_out(rate):
    """Every usual rate becomes the one of its family that holds it, or the highest there is."""
    usual = chosen((44_100, 48_000), "mp3", rate)
    low = chosen(MPEG_2, "mp3", rate)
    assert (usual, low, chosen((), "aac", rate), chosen((), "flac", rate)) == TABLE[rate]


@pytest.mark.parametrize("rate", TABLE)
def test_opus_runs_at_48_khz(rate):
    """Opus has one rate (RFC 6716), whatever comes in."""
    assert chosen((48_000,), "opus", rate) == chosen((), "opus", rate) == 48_000


@pytest.mark.parametrize("rate", TABLE)
def test_the_order_of_a_presets_rates_says_nothing(rate):
    """`[48000, 44100]` and `[44100, 48000]` mean the same."""
    assert chosen((48_000, 44_100), "aac", rate) == chosen((44_100, 48_000), "aac", rate)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_puts_out_a_rate_of_its_own(name):
    """Of whatever source, a preset that names rates puts out one of them."""
    preset = PRESETS.get(name)
    for rate in TABLE:
        made = chosen(preset.sample_rates, preset.audio_codec, rate)
        assert made in (preset.sample_rates or (rate,))
