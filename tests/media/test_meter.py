"""The children that measure: kept for the next piece, ended with their engine, replaced when they die."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace

import media_sounds as sounds
import pytest

from podkit import child
from podkit.engines.local import LocalEngine
from podkit.errors import Cancelled, DamagedMediaError, FileError
from podkit.media import meter
from podkit.media.sniff import DEMUXERS, sniff
from podkit.media.tape import of_wav
from podkit.model.media import Container
from podkit.model.work import HERE

CODECS = {
    "s16le": "pcm_s16le",
    "s24le": "pcm_s24le",
    "s32le": "pcm_s32le",
    "f32le": "pcm_f32le",
}


@pytest.fixture
def engine():
    """One slot."""
    made = LocalEngine(1)
    yield made
    made.close()


@pytest.fixture
def tape(speech, tmp_path):
    """Half a minute of speech in stereo."""
    path = tmp_path / "x.wav"
    sounds.make("-stream_loop", "9", "-i", speech, "-ac", 2, "-ar", 48_000, "-t", 30, path)
    found = of_wav(path)
    assert found is not None
    return found


def measured(engine, tape, **more: object) -> meter.Measured:
    order = meter.of_tape(tape, [(0, tape.samples)], tape.channels, **more)
    (found,) = meter.measure(engine, [(order, 1.0)])
    return found


def test_one_child_for_all(engine, tape):
    """The child of a slot is started once, early when that is asked for, and gone with the engine."""
    before = set(child._running)
    meter.begin(engine)
    first = measured(engine, tape)
    (pid,) = set(child._running) - before
    assert measured(engine, tape) == first
    assert set(child._running) - before == {pid}
    engine.close()
    assert set(child._running) == before
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_without_an_engine_nothing_stays(tape):
    """Where nobody ends what is kept, nothing is."""
    before = set(child._running)
    meter.begin(HERE)
    assert measured(HERE, tape).samples == tape.samples
    assert set(child._running) == before


def test_a_child_that_dies_is_replaced(engine, tape):
    """A child that was killed costs nothing but its time."""
    before = set(child._running)
    first = measured(engine, tape)
    (pid,) = set(child._running) - before
    os.kill(pid, signal.SIGKILL)
    assert measured(engine, tape) == first


def test_it_stops_when_it_is_told_to(engine, tape):
    """A flag that goes up on the way ends the work; the next piece is measured by a new child."""
    flag = threading.Event()
    order = meter.of_tape(tape, [(0, tape.samples)] * 100, 2, between=True)
    with pytest.raises(Cancelled):
        meter.measure(engine, [(order, 1.0)], tell=lambda _: flag.set(), cancel=flag)
    assert measured(engine, tape).samples == tape.samples


def test_what_it_tells_only_grows(engine, tape):
    """On the way it says how many seconds are done, at the end all."""
    told: list[float] = []
    order = meter.of_tape(tape, [(0, tape.samples)] * 20, 2, between=True)
    meter.measure(engine, [(order, 1.0)], tell=told.append)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(20 * tape.duration)


def test_a_tape_that_was_cut(engine, tape):
    """A tape that ends before its samples do is not measured as far as it goes."""
    with tape.path.open("r+b") as stream:
        stream.truncate(tape.start + 1000)
    with pytest.raises(DamagedMediaError, match="it ends before its samples do"):
        measured(engine, tape)
    with pytest.raises(FileError):
        measured(engine, replace(tape, path=tape.path.with_name("gone.wav")))


def test_a_file_that_is_another(engine, tape, containers):
    """A file with another rate, or no sound that can be decoded, is refused with a reason."""
    path = containers["mp3"]
    order = meter.of_file(path, sniff(path), rate=48_000, channels=1)
    with pytest.raises(DamagedMediaError, match="its sound changes on the way"):
        meter.measure(engine, [(order, 1.0)])
    order = replace(order, path=tape.path, demuxer=DEMUXERS[Container.MP4])
    with pytest.raises(DamagedMediaError, match="no sound in it can be decoded"):
        meter.measure(engine, [(order, 1.0)])


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("wanted", [1, 2])
def test_every_kind_of_sample(engine, speech, tmp_path, codec, wanted):
    """Samples of each format, mixed to one or two channels, are what ffmpeg makes of them."""
    path = tmp_path / "x.wav"
    sounds.make("-i", speech, "-c:a", CODECS[codec], "-ac", 3 - wanted, "-ar", 32_000, path)
    found = of_wav(path)
    assert found is not None
    assert found.codec == codec
    order = meter.of_tape(found, [(0, found.samples)], wanted)
    mixed = meter.of_tape(
        found,
        [(0, found.samples)],
        wanted,
        filters=[("aformat", "sample_fmts=fltp"), ("anull", "")],
    )
    direct, behind = meter.measure(engine, [(order, 1.0), (mixed, 1.0)])
    assert direct.momentary == pytest.approx(behind.momentary, abs=0.002)
    sounds.make(
        "-i", path, "-af",
        f"aformat=sample_fmts=flt:channel_layouts={('mono', 'stereo')[wanted - 1]}",
        "-c:a", "pcm_f32le", tmp_path / "mixed.wav",
    )  # fmt: skip
    theirs = of_wav(tmp_path / "mixed.wav")
    assert theirs is not None
    right = measured(engine, theirs)
    assert direct.momentary == pytest.approx(right.momentary, abs=0.002)
    assert direct.highest == pytest.approx(right.highest, rel=1e-4)
