"""Speech made clean: less rumble and noise, quiet voices nearer to loud ones, nothing moved in time."""

from __future__ import annotations

import math
import subprocess
from array import array

import media_sounds as sounds
import pytest

from podkit.errors import UsageError
from podkit.media import graph, run
from podkit.media.probe import probe
from podkit.presets.builtin import BUILT_IN, PRESETS
from podkit.presets.preset import apply

FLAC = PRESETS.get("flac")


def cleaned(tool, source, output, rate: int | None = None):
    """What comes out when nothing but the cleaning is done."""
    chain = graph.Chain(channels=1, clean=True, rate=rate)
    arguments = graph.encoding(probe(source), source, FLAC, chain, output)
    assert run.ffmpeg(tool, arguments, where=source).returncode == 0
    return output


def samples(path, *filters: str, rate: int | None = None) -> array[float]:
    """Decoded samples of one channel."""
    argv = [sounds.BUNDLED, "-v", "error", "-i", path, "-ac", "1"]
    argv += ["-af", ",".join(filters)] if filters else []
    argv += ["-ar", str(rate)] if rate else []
    return array("f", subprocess.check_output([*argv, "-f", "f32le", "-"]))


def level(path, start: float, end: float, *filters: str) -> float:
    """Decibels of what is heard from one second to another."""
    heard = samples(path, *filters, f"atrim={start}:{end}")
    return 10 * math.log10(sum(x * x for x in heard) / len(heard) + 1e-12)


@pytest.mark.parametrize("rate", [22050, 44100, 48000])
def test_nothing_moves_in_time(each, speech, tmp_path, rate):
    """Cleaned speech lies within a millisecond of what it was made of, and is as long."""
    source = tmp_path / "x.wav"
    sounds.make("-i", speech, "-ar", rate, source)
    path = cleaned(each, source, tmp_path / "x.flac")
    assert abs(len(samples(path)) - len(samples(source))) <= 1
    before, after = samples(source, rate=8000), samples(path, rate=8000)
    at, length = 4000, 12000

    def likeness(lag: int) -> float:
        return sum(
            a * b
            for a, b in zip(
                before[at : at + length], after[at + lag : at + lag + length], strict=True
            )
        )

    assert abs(max(range(-40, 41), key=likeness)) <= 8


def test_clicks_stay_where_they_are(each, tmp_path):
    """The first and the last of several clicks are found within a millisecond."""
    source = tmp_path / "x.wav"
    click = "aevalsrc='if(lt(mod(t,1),0.001),0.8,0)+0.01*sin(2*PI*300*t)':s=48000:d=4"
    sounds.make("-f", "lavfi", "-i", click, "-af", "adelay=500", source)
    found = samples(cleaned(each, source, tmp_path / "x.flac"))
    assert len(found) == len(samples(source))
    for second in (0, 1, 2, 3):
        around = range(int((second + 0.3) * 48000), int((second + 0.7) * 48000))
        loudest = max(around, key=lambda at: abs(found[at]))
        assert abs(loudest - (second + 0.5) * 48000) <= 48 + 48  # a click lasts a millisecond


def test_what_becomes_of_noise_rumble_and_a_quiet_voice(tool, speech, tmp_path):
    """Noise and rumble go down, a voice 14 dB too quiet comes nearer, the loud one stays itself."""
    source = tmp_path / "x.wav"
    sounds.make(
        *("-i", speech, "-f", "lavfi", "-i", "anoisesrc=c=pink:r=48000:a=0.01:d=18:seed=1"),
        *("-f", "lavfi", "-i", "sine=f=35:r=48000:d=18"),
        "-filter_complex",
        "[0]aresample=48000,volume=-4dB,atrim=0:6,apad=whole_dur=6,asplit[a][b];"
        "[a]adelay=2000[one];[b]volume=-14dB,adelay=10000[two];[2]volume=-14dB[low];"
        "[one][two][1][low]amix=inputs=4:normalize=0:duration=longest,atrim=0:18",
        source,
    )
    path = cleaned(tool, source, tmp_path / "x.flac")
    rumble = ("lowpass=f=50", "lowpass=f=50")
    hiss = ("highpass=f=500",)
    assert level(path, 0.5, 1.8, *rumble) < level(source, 0.5, 1.8, *rumble) - 10
    loud, quiet = (2.2, 7), (10.2, 15)
    snr_before = level(source, *loud, *hiss) - level(source, 0.5, 1.8, *hiss)
    assert level(path, *loud, *hiss) - level(path, 0.5, 1.8, *hiss) > snr_before + 3
    before = level(source, *loud, *hiss) - level(source, *quiet, *hiss)
    assert before > 10
    assert level(path, *loud, *hiss) - level(path, *quiet, *hiss) < before - 4


def test_never_by_default():
    """Only the preset that is named after it cleans; any sound preset can be told to."""
    assert [one.name for one in BUILT_IN if one.clean] == ["speech-clean"]
    assert apply(PRESETS.get("m4a"), {"clean": "true"}).clean
    assert apply(PRESETS.get("hls"), {"clean": "yes"}).clean
    assert not apply(PRESETS.get("speech-clean"), {"clean": "false"}).clean
    with pytest.raises(UsageError, match="means nothing to copy"):
        apply(PRESETS.get("copy"), {"clean": "true"})


def test_before_the_gain(speech):
    """What is measured after the cleaning is what the gain and the limiter are for."""
    media, path = probe(speech), speech.with_suffix(".flac")
    chain = graph.Chain(channels=1, gain=3.0, ceiling=-2.0, rate=48000, clean=True)
    whole = " ".join(graph.encoding(media, speech, FLAC, chain, path))
    places = [whole.index(x) for x in ("highpass", "afftdn", "dynaudnorm", "alimiter", "level_in")]
    assert places == sorted(places)
    plain = " ".join(graph.encoding(media, speech, FLAC, graph.Chain(channels=1), path))
    assert "afftdn" not in plain
