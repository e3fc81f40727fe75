"""A sound encoded in pieces cannot be told from one encoded whole: no click, no shift, no sample."""

from __future__ import annotations

import subprocess

import media_sounds as sounds
import numpy as np
import pytest
from mp3_pieces import SOUNDS, STEREO

from podkit.engines.local import LocalEngine
from podkit.media import aac_frames, aac_join, mp3_join, segments
from podkit.media.graph import Chain
from podkit.media.tape import of_wav
from podkit.presets.builtin import PRESETS

SECONDS = {"mp3": 31.234, "mp3-mono": 31.234, "m4a": 76.543}
PIECES = {"mp3": 8, "mp3-mono": 8, "m4a": 4}
WINDOW = 0.1
"""Seconds around a join, and of what it is compared with."""


def master(name: str, rate: int, seconds: float, speech, path):
    """A tone, real speech or something like music, in stereo; as a tape."""
    cut = ["-ar", rate, "-ac", 2, "-t", seconds, "-c:a", "pcm_f32le", path]
    if name == "speech":
        wide = f"aformat=sample_fmts=flt,aresample={rate},{STEREO.replace('adelay=7', 'adelay=7:all=1')}"
        sounds.make("-stream_loop", "99", "-i", speech, "-filter_complex", wide, *cut)
    else:
        graph = SOUNDS[name].format(rate=rate) + "," + STEREO
        sounds.make("-filter_complex", graph, *cut)
    tape = of_wav(path)
    assert tape is not None
    return tape


def decoded(path, channels: int, ffmpeg: str = sounds.BUNDLED):
    """Samples by channels."""
    argv = [ffmpeg, "-nostdin", "-v", "error", "-i", f"file:{path}", "-f", "f32le", "-"]
    raw = subprocess.run(argv, check=True, capture_output=True).stdout
    return np.frombuffer(raw, "<f4").reshape(-1, channels).astype(float)


def encoded(tool, tape, preset: str, number: int, folder, monkeypatch):
    """Encode in so many pieces; the file, and the samples at which one piece follows another."""
    monkeypatch.setattr(segments, "parts", lambda *_: number)
    made = PRESETS.get(preset)
    sound = segments.Sound(tape=tape, chain=Chain(channels=made.channels or 2), preset=made)
    moved: list[int] = []
    join, best = mp3_join.join, aac_join.best_cut

    def joined(*args: object, **options: object) -> tuple[mp3_join.Seam, ...]:
        seams = join(*args, **options)
        moved.extend(seam.moved for seam in seams)
        return seams

    def cut(left, one, right, other) -> aac_join.Cut:
        found = best(left, one, right, other)
        moved.append(found.right - right.warm_up)
        return found

    monkeypatch.setattr(mp3_join, "join", joined)
    monkeypatch.setattr(aac_join, "best_cut", cut)
    output = folder / f"{number}.{made.extension}"
    engine = LocalEngine(2)
    try:
        segments.encode(tool, sound, output, folder, engine=engine, file_bytes=1 << 28)
    finally:
        engine.close()
        monkeypatch.undo()
    frame = aac_frames.SAMPLES
    if made.extension == "mp3":
        frame = mp3_join.samples_per_frame(tape.rate)
    cuts = segments.plan(sound) if number == 1 else None
    assert cuts is None or len(cuts) == 1
    monkeypatch.setattr(segments, "parts", lambda *_: number)
    firsts = [c.start // frame + c.warm_up for c in segments.plan(sound)][1:]
    monkeypatch.undo()
    assert len(firsts) == len(moved) == number - 1
    return output, [(first + by) * frame for first, by in zip(firsts, moved, strict=True)]


def noise(got, wanted):
    """What the encoder changed, after its own change of level is put right."""
    scale = float((got * wanted).sum() / (wanted * wanted).sum())
    return ((got - scale * wanted) ** 2).sum(axis=1)


def lag(got, wanted, most: int) -> int:
    """By how many samples one lies behind the other where they fit best."""
    inner = slice(most, len(wanted) - most)
    energy = [
        float(((got[most + by : len(got) - most + by or None] - wanted[inner]) ** 2).sum())
        for by in range(-most, most + 1)
    ]
    return int(np.argmin(energy)) - most


@pytest.mark.parametrize(
    ("preset", "name", "rate"),
    [
        ("mp3", "speech", 44_100),
        ("m4a", "speech", 44_100),
        pytest.param("mp3", "tone", 44_100, marks=pytest.mark.long),
        pytest.param("mp3", "music", 44_100, marks=pytest.mark.long),
        pytest.param("mp3", "music", 48_000, marks=pytest.mark.long),
        pytest.param("mp3", "tone", 48_000, marks=pytest.mark.long),
        pytest.param("mp3-mono", "speech", 44_100, marks=pytest.mark.long),
        pytest.param("mp3-mono", "tone", 48_000, marks=pytest.mark.long),
        pytest.param("m4a", "tone", 44_100, marks=pytest.mark.long),
        pytest.param("m4a", "music", 44_100, marks=pytest.mark.long),
        pytest.param("m4a", "speech", 48_000, marks=pytest.mark.long),
        pytest.param("m4a", "music", 48_000, marks=pytest.mark.long),
    ],
)
def test_no_seam_can_be_found(tool, speech, tmp_path, monkeypatch, preset, name, rate):
    """As many samples as in one piece and as in the source, in place, and no noise at the joins."""
    tape = master(name, rate, SECONDS[preset], speech, tmp_path / "master.wav")
    channels = PRESETS.get(preset).channels or 2
    wanted = decoded(tape.path, 2)
    if channels == 1:
        wanted = wanted.mean(axis=1, keepdims=True)
    one, _ = encoded(tool, tape, preset, 1, tmp_path, monkeypatch)
    several, joins = encoded(tool, tape, preset, PIECES[preset], tmp_path, monkeypatch)
    serial, parallel = decoded(one, channels), decoded(several, channels)
    assert len(serial) == len(parallel) == tape.samples

    errors = noise(parallel, wanted)
    half = round(WINDOW * rate / 2)
    total = np.concatenate([[0.0], np.cumsum(errors)])
    middles = np.arange(half, len(errors) - half)
    around = total[middles + half] - total[middles - half]
    near = np.zeros(len(middles), dtype=bool)
    for join in joins:
        near |= np.abs(middles - join) <= 2 * half
    elsewhere = around[~near].max()
    assert all(around[join - half] <= elsewhere for join in joins)

    most = 20 if name == "tone" else rate // 500
    for part in (slice(0, 3 * half), slice(-3 * half, None)):
        assert abs(lag(parallel[part], wanted[part], most)) <= rate / 1000


@pytest.mark.long
@pytest.mark.need("ffmpeg")
@pytest.mark.parametrize("preset", ["mp3", "m4a"])
def test_by_the_systems_ffmpeg(speech, tmp_path, monkeypatch, each, preset):
    """Whichever ffmpeg encodes, the sound has its samples for the bundled one and, MP3, for 5.1."""
    tape = master("speech", 44_100, SECONDS[preset], speech, tmp_path / "master.wav")
    several, joins = encoded(each, tape, preset, PIECES[preset], tmp_path, monkeypatch)
    assert len(joins) == PIECES[preset] - 1
    assert len(decoded(several, 2)) == tape.samples
    if preset == "mp3":
        assert len(decoded(several, 2, "ffmpeg")) == tape.samples
