"""Silence at head and tail is cut off, everything between them stays, and silence alone stays too."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import media_sounds as sounds
import pytest

from podkit.media import encode as encoding
from podkit.media.encode import EncodeOrder, encode
from podkit.media.probe import probe
from podkit.media.tape import Tape
from podkit.media.trim import sounding, trimmed
from podkit.presets.builtin import PRESETS

QUIET = -120.7


@pytest.fixture(scope="session")
def framed(folder, speech):
    """Two seconds of faint hiss, speech with a pause of three seconds in it, two seconds of hiss."""
    path = folder / "framed.wav"
    graph = (
        "[0]aformat=sample_fmts=flt,asplit[a][b];[a]apad=pad_dur=3[c];[c][b]concat=v=0:a=1,"
        "adelay=2000:all=1,apad=pad_dur=2[d];anoisesrc=r=22050:a=0.0002:seed=7:d=60[n];"
        "[d][n]amix=2:duration=first:normalize=0"
    )
    sounds.make("-i", speech, "-filter_complex", graph, "-c:a", "pcm_s24le", path)
    return path


def test_what_sounds():
    """0.3 s before and 0.5 s after the sound are kept, pauses inside whatever their length."""
    # 400 ms windows: sound in blocks 20 to 29 is heard in those of the next three
    loud = [-20.0] * 13
    assert sounding([QUIET] * 20 + loud + [QUIET] * 27, -20.0) == (17, 35)
    pause = [QUIET] * 20 + loud + [QUIET] * 200 + loud + [QUIET] * 27
    assert sounding(pause, -20.0) == (17, 248)
    assert sounding(loud, -20.0) == (0, 13)


def test_silence_is_relative_to_the_loudness():
    """The same hiss stays around quiet speech and goes around loud; what is silent has no sound."""
    quiet = [-69.0] * 20 + [-45.0] * 20 + [-69.0] * 20
    assert sounding(quiet, -45.0) == (0, 60)
    assert sounding([-45.0] * 20 + [-12.0] * 20 + [-45.0] * 20, -12.0) == (17, 42)
    assert sounding([-75.0] * 20 + [-45.0] * 20 + [-75.0] * 20, -45.0) == (17, 42)
    assert sounding([QUIET] * 50, None) is None


def test_a_tape_is_cut_at_the_same_moment_at_any_rate():
    """Blocks are counted on one tape and cut on another; the last part of a block stays."""
    tape = Tape(path=Path("x"), start=44, samples=480_500, rate=48_000, channels=2, codec="s24le")
    cut, head = trimmed(tape, (17, 42), 100, 44_100)
    assert (cut.start, cut.samples, head) == (44 + 17 * 4800 * 6, 25 * 4800, pytest.approx(1.7))
    whole, head = trimmed(tape, (0, 100), 100, 44_100)
    assert (whole, head) == (tape, 0.0)
    tail, head = trimmed(tape, (17, 100), 100, 44_100)
    assert tail.samples == 480_500 - 17 * 4800


@pytest.mark.parametrize("name", ["mp3", "m4a", "opus", "flac"])
def test_a_rendition_without_its_silence(tool, framed, speech, tmp_path, name):
    """The same seconds are cut off in every format; loud as ever, or as it was, and as long as kept."""
    preset = replace(PRESETS.get(name), trim_silence=True)
    order = EncodeOrder(
        source=framed, probe=probe(framed), preset=preset, output=tmp_path / f"x.{name}"
    )
    made = encode(tool, order)
    spoken = 2 * probe(speech).duration + 3
    assert made.trimmed == pytest.approx(1.7, abs=0.31)  # the voice itself may begin later
    assert spoken - 0.7 <= made.decoded.duration <= spoken + 0.85
    assert made.source.duration == pytest.approx(made.decoded.duration, abs=0.03)
    plain = encode(tool, replace(order, preset=PRESETS.get(name), output=tmp_path / "y"))
    assert plain.trimmed == 0.0
    assert plain.decoded.duration == pytest.approx(spoken + 4, abs=0.05)
    wanted = plain.loudness.integrated if name == "flac" else -16.0
    assert made.loudness.integrated == pytest.approx(wanted, abs=0.5)


def test_what_is_kept_is_the_same_sound(tool, framed, tmp_path):
    """Lossless and untouched, the kept samples are the source's own from the cut on."""
    preset = replace(PRESETS.get("flac"), trim_silence=True)
    output = tmp_path / "x.flac"
    made = encode(
        tool, EncodeOrder(source=framed, probe=probe(framed), preset=preset, output=output)
    )
    raw = [tmp_path / "all.raw", tmp_path / "cut.raw"]
    for path, target in zip((framed, output), raw, strict=True):
        sounds.make("-i", path, "-f", "s24le", target)
    whole, cut = (path.read_bytes() for path in raw)
    start = round(made.trimmed * 22_050) * 3
    assert len(cut) == made.decoded.samples * 3
    assert whole[start : start + len(cut)] == cut


def test_silence_alone_stays(tool, folder, tmp_path):
    """A file of nothing but silence keeps its length."""
    silent = folder / "silent.wav"
    sounds.make("-f", "lavfi", "-i", "anullsrc=r=44100:cl=mono:d=3", silent)
    preset = replace(PRESETS.get("mp3"), trim_silence=True)
    made = encode(
        tool, EncodeOrder(source=silent, probe=probe(silent), preset=preset, output=tmp_path / "x")
    )
    assert made.trimmed == 0.0
    assert made.decoded.duration == pytest.approx(3.0, abs=0.03)


def test_why_it_is_one_piece(tool, folder, tmp_path):
    """A long sound whose codec podkit joins, but not in that container, says so; others say nothing."""
    long = folder / "long.wav"
    sounds.make("-f", "lavfi", "-i", "sine=r=8000:d=230,volume=0.3", long)
    order = EncodeOrder(
        source=long, probe=probe(long), preset=PRESETS.get("m4a"), output=tmp_path / "x.m4a"
    )
    assert encode(tool, order).notes == ()
    matroska = replace(PRESETS.get("m4a"), extension="mka", mime="")
    made = encode(tool, replace(order, preset=matroska, output=tmp_path / "x.mka"))
    assert made.notes == ("encoded in one piece: aac is joined in m4a and m4b only, not in mka",)


@pytest.mark.parametrize("name", ["mp3", "speech-clean"])
def test_a_dry_run_names_the_commands_that_run(tool, containers, tmp_path, name):
    """Each command that makes a tape reads what the one before wrote, and the last one encodes."""
    source = containers["flac"]
    order = EncodeOrder(
        source=source, probe=probe(source), preset=PRESETS.get(name), output=tmp_path / "x.mp3"
    )
    commands = encoding.commands(tool, order)
    assert len(commands) == 3
    written = [command[-2].removeprefix("file:") for command in commands]
    for before, command in zip(written[:-1], commands[1:], strict=True):
        assert any(word.endswith(f"file:{before}") for word in command)
    ran = encode(tool, order).commands
    options = [word for word in commands[-1] if "file:" not in word and not word.startswith("[")]
    real = [word for word in ran[-1] if "file:" not in word and not word.startswith("[")]
    assert options == real
    assert not list(tmp_path.glob("*.raw"))
