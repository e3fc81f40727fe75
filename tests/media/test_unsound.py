"""Samples that are no numbers: one outcome for every preset, with words that say where they are."""

from __future__ import annotations

import os
import struct
import subprocess

import media_sounds as sounds
import numpy as np
import pytest

from podkit.errors import DamagedMediaError
from podkit.media import unsound
from podkit.media.encode import EncodeOrder, encode
from podkit.media.probe import probe
from podkit.presets.builtin import PRESETS

RATE = 48_000
AT = 1.25
KINDS = {"NaN": float("nan"), "infinity": float("inf"), "minus infinity": float("-inf")}


def spoiled(path, value: float, channels: int = 2, *, seconds: float = 2.0, at: float = AT) -> None:
    """A float WAV with 480 samples of one channel that are no numbers, and a good one beside it."""
    times = np.arange(round(seconds * RATE)) / RATE
    tone = (0.2 * np.sin(2 * np.pi * 220 * times) * (0.5 + 0.5 * np.sin(3 * times))).astype("<f4")
    samples = np.repeat(tone[:, None], channels, axis=1)
    samples.tofile(path.with_suffix(".raw"))
    frame = 4 * channels
    shape = struct.pack("<HHIIHH", 3, channels, RATE, RATE * frame, frame, 32)

    def whole(body: bytes) -> bytes:
        chunks = b"fmt " + struct.pack("<I", len(shape)) + shape
        chunks += b"data" + struct.pack("<I", len(body)) + body
        return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks

    begin = round(at * RATE)
    silent = samples.copy()
    silent[begin : begin + 480, -1] = 0
    path.with_name("silent.wav").write_bytes(whole(silent.tobytes()))
    samples[begin : begin + 480, -1] = value
    path.write_bytes(whole(samples.tobytes()))


def order(path, output, name, **more: object) -> EncodeOrder:
    return EncodeOrder(
        source=path, probe=probe(path), preset=PRESETS.get(name), output=output, **more
    )


NAN_EVERYWHERE = [(name, "NaN") for name in ("mp3", "mp3-mono", "m4a", "opus", "flac", "copy")]


@pytest.mark.parametrize(
    ("name", "kind"), [*NAN_EVERYWHERE, ("m4a", "infinity"), ("flac", "minus infinity")]
)
def test_every_preset_refuses_them_in_the_same_words(tool, tmp_path, name, kind):
    """What is wrong, where, and what to do; and nothing is left of it."""
    path = tmp_path / "talk.wav"
    spoiled(path, KINDS[kind])
    with pytest.raises(DamagedMediaError) as caught:
        encode(tool, order(path, tmp_path / "x", name))
    assert caught.value.message == (
        "samples in it are no numbers (NaN or infinite), the first at 1.250 s"
    )
    assert "--allow-damaged" in caught.value.hint
    assert caught.value.where == str(path)
    assert not (tmp_path / "x").exists()


def heard(path) -> np.ndarray:
    """A file's sound as numbers."""
    argv = [sounds.BUNDLED, "-v", "error", "-i", path, "-f", "f32le", "-"]
    made = subprocess.run(argv, check=True, capture_output=True).stdout
    return np.frombuffer(made, "<f4")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("mp3", "NaN"), ("m4a", "infinity"), ("opus", "NaN"), ("flac", "minus infinity")],
)
def test_where_damage_is_allowed_they_are_silence(tool, tmp_path, name, kind):
    """The result is the very bytes that come of the same sound with zeros in their place."""
    path = tmp_path / "talk.wav"
    spoiled(path, KINDS[kind])
    made = encode(tool, order(path, tmp_path / "x", name, allow_damaged=True))
    zeros = tmp_path / "silent.wav"
    encode(tool, order(zeros, tmp_path / "y", name))
    assert np.isfinite(heard(tmp_path / "x")).all()
    assert np.abs(heard(tmp_path / "x") - heard(tmp_path / "y")).max() < 1e-3
    assert [note for note in made.notes if "no numbers" in note and "at 1.250 s" in note]
    assert made.decoded.errors == ()


@pytest.mark.parametrize("extension", ["aiff", "mka", "mov"])
def test_they_are_found_in_other_containers(tool, tmp_path, extension):
    """Floating point samples lie in more than WAV files, in 64 bits too."""
    spoiled(tmp_path / "talk.wav", float("nan"), 1)
    path = tmp_path / f"talk.{extension}"
    codec = {"aiff": "pcm_f32be", "mka": "pcm_f64le", "mov": "pcm_f32le"}[extension]
    sounds.make("-i", tmp_path / "talk.wav", "-c:a", codec, path)
    assert unsound.first(path, probe(path)) == pytest.approx(AT)
    with pytest.raises(DamagedMediaError, match=r"no numbers .* at 1\.250 s"):
        encode(tool, order(path, tmp_path / "x", "mp3"))


@pytest.mark.long
def test_a_late_one_is_found_where_it_is(tool, tmp_path):
    """A long file is measured in stretches: the second is that of the whole."""
    path = tmp_path / "talk.wav"
    spoiled(path, float("nan"), 1, seconds=260.0, at=250.5)
    with pytest.raises(DamagedMediaError, match=r"the first at 250\.500 s"):
        encode(tool, order(path, tmp_path / "x", "mp3"))


def test_good_floats_are_taken(tool, tmp_path):
    """Sound above full scale is no damage, and nothing is said of it."""
    spoiled(tmp_path / "talk.wav", 3.5)
    made = encode(tool, order(tmp_path / "talk.wav", tmp_path / "x", "flac"))
    assert made.notes == ()
    assert unsound.first(tmp_path / "talk.wav", probe(tmp_path / "talk.wav")) is None


@pytest.mark.parametrize("name", ["mp3", "flac"])
def test_surround_is_judged_too(tool, tmp_path, name):
    """Of six channels one is enough, whether they are measured mixed down or not at all."""
    spoiled(tmp_path / "talk.wav", float("nan"), 6)
    with pytest.raises(DamagedMediaError, match=r"no numbers .* at 1\.250 s"):
        encode(tool, order(tmp_path / "talk.wav", tmp_path / "x", name))
    assert "x" not in os.listdir(tmp_path)
