"""What of faster-whisper can be held without it: refusals, and how long sound is cut."""

from __future__ import annotations

import io
import random
from array import array

import pytest

from podkit.errors import FileError, ToolError, UsageError
from podkit.transcribers import faster_whisper
from podkit.transcribers.faster_whisper_worker import stretches
from podkit.transcribers.transcriber import TRANSCRIBERS, Listening, transcriber


def test_the_shelf_names_the_nearest():
    """A name with a typing error is answered with the right one."""
    assert list(TRANSCRIBERS) == ["faster-whisper", "pocketsphinx"]
    with pytest.raises(UsageError) as caught:
        transcriber("pocketsfinx")
    assert "pocketsphinx" in caught.value.hint


def test_without_the_package_it_says_what_to_install():
    """A missing package is told by the very command that brings it."""
    with pytest.raises(ToolError) as caught:
        faster_whisper.apart.check_installed("faster-whisper", "no_such_package_here", "asr")
    assert caught.value.hint == "pip install 'podkit[asr]'"


def test_a_model_has_to_be_named_and_be_there(tmp_path, monkeypatch):
    """It never downloads one: no model, or a folder that holds none, is an error before any work."""
    monkeypatch.setattr(faster_whisper.apart, "find_spec", lambda _: object())
    engine = transcriber("faster-whisper")
    with pytest.raises(UsageError, match="needs a model"):
        engine.check(Listening())
    with pytest.raises(FileError, match=r"model\.bin"):
        engine.check(Listening(model=tmp_path))
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(FileError, match=r"tokenizer\.json"):
        engine.check(Listening(model=tmp_path))
    (tmp_path / "tokenizer.json").write_bytes(b"")
    engine.check(Listening(model=tmp_path))


def test_long_sound_is_cut_where_it_is_silent():
    """All samples come out once and in order; each cut lies in the pause."""
    rate = 16_000
    draw = random.Random(5)
    noise = [draw.randrange(-9000, 9000) for _ in range(rate * 20)]
    for at in (rate * 7, rate * 13):
        noise[at : at + rate] = [0] * rate
    sound = array("h", noise).tobytes()
    second = rate * 2
    parts = list(stretches(io.BytesIO(sound), most=9 * second, searched=4 * second))
    assert b"".join(parts) == sound
    cuts = [len(parts[0]) / second, len(parts[0] + parts[1]) / second]
    assert 7 <= cuts[0] <= 8
    assert 13 <= cuts[1] <= 14
