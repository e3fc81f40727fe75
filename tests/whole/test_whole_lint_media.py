"""`podkit lint FILE` finds media that is cut, torn or none at all, and nothing wrong with its end else."""

from __future__ import annotations

import random

import pytest
from whole_runs import SPEECH, answer, ffmpeg, make_show, podkit

CUT = ("mp3", "m4a", "flac", "opus", "ogg", "wav", "aiff", "aac", "mkv")


def voice(path, seconds):
    """A piece of speech in the format of the path's suffix."""
    ffmpeg("-i", SPEECH, "-t", seconds, "-ac", 2, "-ar", 48000, path)
    return path


def found(path, code: int = 3) -> list[dict[str, object]]:
    """The findings that say something about the file as a whole."""
    findings = answer("lint", path, code=code)["findings"]
    return [
        f for f in findings if f["code"] in {"PK608", "PK601"} and "podkit tran" not in f["hint"]
    ]


@pytest.mark.parametrize("suffix", CUT)
def test_a_file_that_was_cut_is_an_error(tmp_path, suffix):
    """A download that broke off has one error more than the whole file: that its end is missing."""
    whole = voice(tmp_path / f"whole.{suffix}", 6)
    assert [f for f in found(whole, code=None) if f["code"] == "PK608"] == []
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    [finding] = [f for f in found(cut) if f["severity"] == "error"]
    assert finding["code"] in {"PK601", "PK608"}
    assert "missing" in finding["message"] or "ends after" in finding["message"]
    assert "error" in podkit("lint", cut, code=3)


def test_a_video_whose_end_is_missing(tmp_path):
    """An index at the front opens the file, and its end is missed all the same."""
    whole = tmp_path / "film.mp4"
    picture = ("-f", "lavfi", "-i", "testsrc=s=160x120:r=10:d=3", "-f", "lavfi", "-i", "sine=d=3")
    ffmpeg(*picture, "-c:v", "libx264", "-c:a", "aac", "-movflags", "+faststart", whole)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[:-9000])
    assert "PK608" not in {f["code"] for f in answer("lint", whole, code=None)["findings"]}
    assert "PK608" in {f["code"] for f in found(cut)}


@pytest.mark.parametrize("name", ["ep.mp3", "EP.M4A", "ep.wav", "ep.flac"])
def test_what_is_no_media_says_so(tmp_path, name):
    """Random bytes under a sound file's name are no feed with faults, but no sound."""
    path = tmp_path / name
    path.write_bytes(random.Random(608).randbytes(50_000))
    [finding] = answer("lint", path, code=3)["findings"]
    assert (finding["code"], finding["severity"]) == ("PK601", "error")
    assert "not sound or video" in finding["message"]


def test_a_web_page_under_a_sounds_name(tmp_path):
    """What a server gave in place of the file is named as what it is."""
    path = tmp_path / "ep.mp3"
    path.write_text("<!doctype html><html><body>Not found</body></html>", encoding="utf-8")
    [finding] = answer("lint", path, code=3)["findings"]
    assert "a web page, not sound or video" in finding["message"]


def test_a_head_without_sound_is_an_error(tmp_path):
    """A file that begins as media and holds none that decodes is an error, not a failure."""
    whole = voice(tmp_path / "whole.opus", 3)
    path = tmp_path / "torn.opus"
    path.write_bytes(whole.read_bytes()[:300])
    assert found(path)


def test_samples_that_are_no_numbers(tmp_path):
    """`lint` and `add` judge such a file alike, and `add --allow-damaged` takes it."""
    path = tmp_path / "talk.wav"
    ffmpeg("-i", SPEECH, "-t", 2, "-ac", 1, "-ar", 48000, "-c:a", "pcm_f32le", path)
    content = bytearray(path.read_bytes())
    content[-48_000 * 4 : -47_999 * 4] = b"\0\0\xc0\x7f"  # one second before the end
    path.write_bytes(content)
    said = "samples in it are no numbers (NaN or infinite), the first at 1.000 s"
    [finding] = [f for f in found(path) if f["code"] == "PK608"]
    assert (finding["severity"], finding["message"]) == ("error", f"the file is damaged: {said}")
    show = make_show(tmp_path / "show")
    report = answer("-C", show, "add", path, "--title", "Talk", code=1)
    assert said in report["failed"][0]["error"]
    [added] = answer("-C", show, "add", path, "--title", "Talk", "--allow-damaged")["added"]
    assert added["title"] == "Talk"
