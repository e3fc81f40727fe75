"""A sound measured in stretches is as loud as ffmpeg's own meter says of it whole."""

from __future__ import annotations

import re
import subprocess

import media_sounds as sounds
import pytest

from podkit.engines.local import LocalEngine
from podkit.media import survey
from podkit.media.tape import of_wav

CLOSE = 0.05
_I = re.compile(r"lavfi\.r128\.I=(\S+)")


@pytest.fixture(scope="module")
def engine():
    """Two slots."""
    made = LocalEngine(2)
    yield made
    made.close()


def wav(path, *arguments: object):
    sounds.make(*arguments, path)
    tape = of_wav(path)
    assert tape is not None
    return tape


def plain(path, channels: int, ffmpeg: str = sounds.BUNDLED) -> float:
    """The loudness that ebur128 has when the whole has passed, to three digits."""
    layout = ["mono", "stereo"][channels - 1]
    chain = f"aformat=sample_fmts=flt:channel_layouts={layout},ebur128=metadata=1"
    argv = [ffmpeg, "-nostdin", "-v", "error", "-i", f"file:{path}", "-af"]
    argv += [chain + ",ametadata=mode=print:file=-", "-f", "null", "-"]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
    return float(_I.findall(said)[-1])


def loud_and_quiet(speech, path, rate: int, channels: int, seconds: float = 21.3):
    """Speech that gets quieter and louder, so that the gates have work to do."""
    swell = "volume='pow(10,(-12+12*sin(t/2.3))/20)':eval=frame"
    return wav(
        path, "-stream_loop", "9", "-i", speech, "-af", swell, "-t", seconds,
        "-ar", rate, "-ac", channels,
    )  # fmt: skip


@pytest.mark.parametrize("rate", [11_025, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_in_stretches_as_whole(engine, speech, tmp_path, monkeypatch, rate, channels):
    """At every rate, on the channels that are asked for, whatever those of the source."""
    monkeypatch.setattr(survey, "STRETCH", 4.0)
    tape = loud_and_quiet(speech, tmp_path / "x.wav", rate, channels)
    assert len(survey.stretches(tape.samples, rate)) == (1 if rate == 11_025 else 8)
    for asked in (1, 2):
        found = survey.survey(tape, asked, engine=engine).loudness
        assert found.integrated == pytest.approx(plain(tape.path, asked), abs=CLOSE)


@pytest.mark.need("ffmpeg")
def test_by_the_systems_ffmpeg(engine, each, speech, tmp_path, monkeypatch):
    """Another ffmpeg measures the same, also in stretches."""
    monkeypatch.setattr(survey, "STRETCH", 4.0)
    tape = loud_and_quiet(speech, tmp_path / "x.wav", 44_100, 2)
    found = survey.survey(tape, 2, engine=engine).loudness
    assert found.integrated == pytest.approx(plain(tape.path, 2), abs=CLOSE)
    assert found.integrated == pytest.approx(plain(tape.path, 2, each.path), abs=CLOSE)


def test_every_block_is_the_same(engine, speech, tmp_path, monkeypatch):
    """The momentary loudness of each 100 ms is what it is when nothing is cut, peaks too."""
    tape = loud_and_quiet(speech, tmp_path / "x.wav", 48_000, 2)
    whole = survey.survey(tape, 2, engine=engine)
    monkeypatch.setattr(survey, "STRETCH", 4.0)
    several = survey.survey(tape, 2, engine=engine)
    assert len(whole.momentary) == len(several.momentary) == 213
    assert several.momentary == pytest.approx(whole.momentary, abs=0.02)
    assert several.loudness.range == pytest.approx(whole.loudness.range, abs=0.05)
    assert several.loudness.true_peak == whole.loudness.true_peak
    assert max(several.peaks, key=lambda p: p[1]) == max(whole.peaks, key=lambda p: p[1])


def test_the_highest_sample(engine, tmp_path):
    """What stands for the true peak is the highest sample, and the second that has it is told."""
    graph = "aevalsrc='if(eq(n,3*48000+77),0.5,0.01*sin(2*PI*300*t))':s=48000:d=8"
    tape = wav(tmp_path / "x.wav", "-f", "lavfi", "-i", graph)
    found = survey.survey(tape, 1, engine=engine)
    assert found.loudness.true_peak == pytest.approx(-6.0, abs=0.05)
    second, peak = max(found.peaks, key=lambda pair: pair[1])
    assert second == 3
    assert peak == pytest.approx(0.5, abs=0.001)


@pytest.mark.parametrize(
    ("graph", "channels"),
    [("anullsrc=r=48000:cl=stereo,atrim=end=3", 2), ("sine=f=300:r=22050:d=0.35", 1)],
)
def test_what_has_no_loudness(engine, tmp_path, graph, channels):
    """Silence, and what is shorter than one block of 400 ms, has none."""
    tape = wav(tmp_path / "x.wav", "-f", "lavfi", "-i", graph)
    found = survey.survey(tape, channels, engine=engine).loudness
    assert (found.integrated, found.range) == (None, None)


@pytest.mark.parametrize("seconds", [0.39, 0.4, 0.5, 0.95, 1.05])
def test_short_sounds(engine, tmp_path, seconds):
    """From the first whole block on there is a loudness, and it is ffmpeg's."""
    path = tmp_path / "x.wav"
    tape = wav(path, "-f", "lavfi", "-i", f"sine=f=997:r=48000:d={seconds}")
    found = survey.survey(tape, 1, engine=engine).loudness
    if seconds < 0.4:
        assert found.integrated is None
    else:
        assert found.integrated == pytest.approx(plain(path, 1), abs=CLOSE)


def test_parts_end_together():
    """A sound is cut into as many parts as most machines have cores for, or several times that."""
    assert [survey.parts(s, 10.0) for s in (0.0, 9.9, 10.0, 10.1, 20.1, 41, 81)] == [
        1, 1, 1, 2, 4, 8, 12,
    ]  # fmt: skip
