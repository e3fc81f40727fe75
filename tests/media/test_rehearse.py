"""What a rehearsal on some of the sound foresees is what the whole then has."""

from __future__ import annotations

import subprocess

import media_sounds as sounds
import pytest

from podkit.engines.local import LocalEngine
from podkit.media import graph, level, rehearse, survey
from podkit.media.graph import Chain
from podkit.media.level import Level
from podkit.media.loudness import parse
from podkit.media.tape import of_wav

WANTED, ALLOWED = -16.0, -1.9
ROUNDING = 0.05
"""LU and dB that `ebur128` leaves out."""


@pytest.fixture(scope="module")
def engine():
    """Two slots."""
    made = LocalEngine(2)
    yield made
    made.close()


def stage(engine, speech, path, *, filters: str, seconds: float) -> rehearse.Stage:
    """Speech at 48 kHz behind some filters, surveyed."""
    sounds.make(
        "-stream_loop", "99", "-i", speech, "-af", filters, "-ar", 48_000, "-t", seconds, path
    )
    tape = of_wav(path)
    assert tape is not None
    return rehearse.Stage(
        tape=tape,
        survey=survey.survey(tape, 1, engine=engine),
        chain=lambda plan: Chain(channels=1, gain=plan.gain, ceiling=plan.ceiling),
        engine=engine,
    )


def whole(stage: rehearse.Stage, plan: Level):
    """Loudness and true peak of all of it at a level, by ffmpeg."""
    chain = ",".join(f"{one.name}={one.words}" for one in graph.filters(stage.chain(plan)))
    argv = [sounds.BUNDLED, "-nostdin", "-hide_banner", "-i", f"file:{stage.tape.path}"]
    argv += ["-af", f"{chain},ebur128=peak=true", "-f", "null", "-"]
    return parse(subprocess.run(argv, check=True, capture_output=True, text=True).stderr)


PEAKED = "volume='if(lt(mod(t,11),1),1,0.45+0.1*sin(t/5))':eval=frame"
LOUD = "acompressor=threshold=0.05:ratio=6:makeup=4"


@pytest.mark.parametrize("seconds", [15.0, 90.0, pytest.param(400.0, marks=pytest.mark.long)])
@pytest.mark.parametrize("filters", [PEAKED, LOUD, f"{PEAKED},volume=-20dB"])
def test_it_comes_out_as_foreseen(engine, speech, tmp_path, filters, seconds):
    """Speech with loud peaks comes out so near that it need not be encoded once more."""
    tried = stage(engine, speech, tmp_path / "x.wav", filters=filters, seconds=seconds)
    plan = rehearse.rehearse(tried, Level(ceiling=ALLOWED), WANTED, ALLOWED)
    found = whole(tried, plan)
    assert found.integrated == pytest.approx(WANTED, abs=level.CLOSE_ENOUGH + ROUNDING)
    assert found.true_peak <= ALLOWED + 0.2 + ROUNDING


def test_linear_gain_needs_no_trial(engine, speech, tmp_path):
    """Without a limiter the gain is the difference, by a rehearsal and by a guess."""
    tried = stage(engine, speech, tmp_path / "x.wav", filters="volume=-20dB", seconds=30)
    plan = rehearse.rehearse(tried, Level(), WANTED, ALLOWED)
    assert plan == rehearse.guess(tried, Level(), WANTED)
    assert whole(tried, plan).integrated == pytest.approx(WANTED, abs=0.06)


def test_silence_is_not_rehearsed(engine, speech, tmp_path):
    """Where nothing is to be heard the level stays as it is."""
    tried = stage(engine, speech, tmp_path / "x.wav", filters="volume=0", seconds=30)
    assert rehearse.rehearse(tried, Level(ceiling=-2.0), WANTED, ALLOWED) == Level(ceiling=-2.0)
    assert rehearse.guess(tried, Level(ceiling=-2.0), WANTED) == Level(ceiling=-2.0)


def test_a_mild_limiter_is_guessed(engine, speech, tmp_path):
    """A short sound whose peaks are lowered a little is not tried; more, or a long one, is."""
    tried = stage(engine, speech, tmp_path / "x.wav", filters=LOUD, seconds=20)
    measured = tried.survey.loudness
    ceiling = measured.true_peak + WANTED - measured.integrated - 1.0
    guessed = rehearse.guess(tried, Level(ceiling=ceiling), WANTED)
    assert guessed is not None
    assert whole(tried, guessed).integrated == pytest.approx(WANTED, abs=0.3)
    assert rehearse.guess(tried, Level(ceiling=ceiling - 3), WANTED) is None
