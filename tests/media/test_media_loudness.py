"""Loudness: measured as ffmpeg measures it, on the layout that is put out, with null for silence."""

from __future__ import annotations

import subprocess

import media_sounds as sounds
import pytest

from podkit.errors import DamagedMediaError
from podkit.media import level, loudness, verify
from podkit.media.probe import probe
from podkit.model.loudness import Loudness, LoudnessTarget
from podkit.presets.builtin import PRESETS

TARGET = LoudnessTarget()


@pytest.mark.need("ffmpeg")
def test_it_is_what_the_systems_ffmpeg_measures(tool, speech):
    """The same file has the same loudness, whichever ffmpeg looks."""
    mine = loudness.measure(tool, speech)
    assert (mine.integrated, mine.true_peak) == pytest.approx(sounds.measured(speech), abs=0.11)
    assert mine.range is not None


def test_a_tone_has_the_loudness_of_the_standard(tool, tmp_path):
    """A 997 Hz sine at -20 dBFS in both channels is -20 LUFS (EBU Tech 3341, case 1 shifted)."""
    tone = tmp_path / "tone.wav"
    sounds.make(
        *("-f", "lavfi", "-i", "sine=f=997:r=48000:d=5"),
        *("-af", "volume=-1.94dB,aformat=sample_fmts=fltp,pan=stereo|c0=c0|c1=c0"),
        *("-c:a", "pcm_f32le", tone),
    )
    measured = loudness.measure(tool, tone)
    assert measured.integrated == pytest.approx(-20.0, abs=0.1)
    assert measured.true_peak == pytest.approx(-20.0, abs=0.1)


@pytest.mark.parametrize("source", ["anullsrc=d=2:r=48000", "sine=d=0.2"])
def test_silence_has_no_loudness(tool, tmp_path, source):
    """Silence, and what is shorter than one gating block, has null, never -70 or nan."""
    path = tmp_path / "x.wav"
    sounds.make("-f", "lavfi", "-i", source, path)
    assert loudness.measure(tool, path).integrated is None


def test_it_is_measured_on_the_layout_that_is_put_out(tool, speech, tmp_path):
    """Channels that cancel each other are loud in stereo and nothing in mono; both can be asked."""
    path = tmp_path / "x.wav"
    sounds.make("-i", speech, "-af", "aformat=sample_fmts=fltp,pan=stereo|c0=c0|c1=-1*c0", path)
    stereo = loudness.measure(tool, path, channels=2).integrated
    assert stereo is not None
    assert stereo == loudness.measure(tool, path).integrated
    assert loudness.measure(tool, path, channels=1).integrated is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Loudness()),
        ("Integrated loudness:\n    I:  nan LUFS\n  LRA:  0.0 LU", Loudness()),
        (
            "Integrated loudness:\n I: -70.0 LUFS\n LRA: 0.0 LU\n True peak:\n Peak: -inf dBFS",
            Loudness(),
        ),
        (
            "Integrated loudness:\n I: -16.2 LUFS\n Threshold: -26\n Loudness range:\n LRA: 3.1 LU",
            Loudness(integrated=-16.2, range=3.1),
        ),
        ("I: -1 LUFS", Loudness()),
    ],
)
def test_any_summary_is_read(text, expected):
    """nan, inf, a missing peak and no summary at all are read without an exception."""
    assert loudness.parse(text) == expected


def test_nothing_to_decode_is_an_error(tool, tmp_path, video):
    """A file without sound has no loudness to give."""
    mute = tmp_path / "mute.mp4"
    sounds.make("-i", video, "-an", "-c", "copy", mute)
    with pytest.raises(DamagedMediaError, match="no sound"):
        loudness.measure(tool, mute)
    with pytest.raises(DamagedMediaError, match="no sound"):
        verify.decode(tool, mute)


@pytest.mark.parametrize("extension", ["mp3", "m4a", "ogg", "opus", "flac", "wav", "mka", "aiff"])
def test_decoding_counts_every_sample(tool, containers, extension):
    """The length is counted in decoded samples, as an independent count of bytes has them."""
    found = verify.decode(tool, containers[extension], loudness=True)
    assert found.samples == sounds.samples(containers[extension])
    assert found.errors == ()
    assert found.loudness is not None
    assert found.loudness.integrated == pytest.approx(
        loudness.measure(tool, containers[extension]).integrated, abs=0.11
    )


def test_linear_gain_is_all_when_the_peaks_allow_it():
    """No limiter as long as gain and encoder stay under the target's peak."""
    quiet = Loudness(integrated=-30.0, true_peak=-25.0, range=3.0)
    assert level.first(quiet, PRESETS.get("m4a"), 128_000, TARGET) == level.Level(gain=14.0)
    loud = Loudness(integrated=-20.0, true_peak=-3.0, range=3.0)
    plan = level.first(loud, PRESETS.get("m4a"), 128_000, TARGET)
    assert plan.ceiling is not None
    assert plan.ceiling < TARGET.true_peak


def test_silence_gets_no_gain():
    """What is below -60 LUFS or has no loudness is left alone."""
    for silent in (Loudness(), Loudness(integrated=-65.0, true_peak=-50.0)):
        assert level.first(silent, PRESETS.get("mp3"), 128_000, TARGET) == level.Level()


def test_a_peak_that_is_too_high_lowers_the_ceiling():
    """The next ceiling is lower by more than what was too high; a good peak changes nothing."""
    assert level.over(Loudness(integrated=-16.0, true_peak=0.5), TARGET) > 1.5
    assert level.over(Loudness(integrated=-16.0, true_peak=-1.2), TARGET) == 0.0
    assert level.over(Loudness(), TARGET) == 0.0


def test_gain_follows_a_limiters_slope():
    """Where 1 dB more gain gives half an LU, twice the gain is added."""
    assert level.next_gain([(5.0, -17.0)], -16.0) == 6.0
    assert level.next_gain([(5.0, -17.0), (6.0, -16.5)], -16.0) == pytest.approx(7.0)
    assert level.next_gain([(5.0, -17.0), (6.0, -17.0)], -16.0) == pytest.approx(10.0)


@pytest.mark.parametrize("extension", ["mp3", "m4a", "ogg", "opus", "flac", "wav", "aiff", "mka"])
def test_whole_files_are_whole(tool, containers, extension):
    """No sound file is called damaged that is not, in any container."""
    path = containers[extension]
    verify.check_whole(verify.decode(tool, path), probe(path), path)


def test_headers_that_know_no_length(tool, speech, tmp_path):
    """A WAV written to a pipe and an MP3 without Xing header promise nothing and pass."""
    piped = tmp_path / "piped.wav"
    piped.write_bytes(
        subprocess.run(
            [sounds.BUNDLED, "-v", "error", "-i", speech, "-f", "wav", "-"],
            check=True,
            capture_output=True,
        ).stdout
    )
    bare = tmp_path / "bare.mp3"
    sounds.make("-i", speech, "-ar", "44100", "-q:a", "4", "-write_xing", "0", bare)
    for path in (piped, bare):
        verify.check_whole(verify.decode(tool, path), probe(path), path)
