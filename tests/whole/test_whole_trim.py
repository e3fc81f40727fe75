"""Without the silence around it a file keeps its chapters, captions and highlights in step."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from whole_runs import SPEECH, answer, ffmpeg, make_show, podkit

from podkit.media.probe import probe

CHAPTERS = "00:00:00.000 Opening\n00:00:05.000 Second\n00:00:07.500 Third\n"
CAPTIONS = """\
WEBVTT

00:00:00.500 --> 00:00:01.000
(nobody speaks)

00:00:02.200 --> 00:00:04.500
First words

00:00:05.000 --> 00:00:09.900
Last words
"""
LENGTH = 12.0


@pytest.fixture(scope="module")
def talk(tmp_path_factory) -> Path:
    """Eight seconds of speech with two seconds of silence before and after."""
    path = tmp_path_factory.mktemp("trim") / "talk.flac"
    silence = "aformat=sample_fmts=s16,adelay=2000:all=1,apad=pad_dur=2"
    # it is cut where somebody speaks
    ffmpeg("-ss", 1, "-t", 8, "-i", SPEECH, "-af", silence, path)
    return path


@pytest.fixture(scope="module")
def show(talk) -> Path:
    """A show whose mp3 is trimmed, built."""
    folder = make_show(talk.parent / "show")
    (talk.parent / "ch.txt").write_text(CHAPTERS, encoding="utf-8")
    (talk.parent / "talk.vtt").write_text(CAPTIONS, encoding="utf-8")
    answer(
        *("-C", folder, "add", talk, "--title", "Talk", "--published", "2026-11-01"),
        *("--chapters", talk.parent / "ch.txt", "--transcript", talk.parent / "talk.vtt"),
    )
    podkit("-C", folder, "set", "talk", "soundbites=[{ start = 5, duration = 2, title = 'Hear' }]")
    record = folder / "podkit.toml"
    text = record.read_text(encoding="utf-8")
    own = '\n[presets.mp3]\nfrom = "mp3"\ntrim_silence = true\n'
    record.write_text(text + own, encoding="utf-8")
    podkit("-C", folder, "build")
    return folder


def trimmed(folder: Path) -> float:
    """The seconds at the head, as the record tells them."""
    text = (folder / "episodes/talk/renditions.toml").read_text(encoding="utf-8")
    found = re.search(r"\[mp3\](?:\n.+)*?\ntrimmed = (\S+)", text)
    assert found, text
    return float(found[1])


def seconds(clock: str) -> float:
    """A WebVTT time."""
    return sum(
        float(part) * unit for part, unit in zip(clock.split(":"), (3600, 60, 1), strict=True)
    )


def test_the_file_and_its_chapters(show):
    """The sound begins 0.3 s after the file does, and each chapter where it began to be told."""
    head = trimmed(show)
    assert head == pytest.approx(1.7, abs=0.21)
    (path,) = (show / "public/media").glob("*.mp3")
    seen = probe(path)
    assert seen.duration == pytest.approx(LENGTH - head - 1.5, abs=0.4)
    assert [chapter.start for chapter in seen.chapters] == pytest.approx(
        [0.0, 5.0 - head, 7.5 - head], abs=0.002
    )
    assert seen.chapters[-1].end == pytest.approx(seen.duration, abs=0.1)
    told = json.loads((show / "public/talk/chapters.json").read_text(encoding="utf-8"))
    starts = [chapter["startTime"] for chapter in told["chapters"]]
    assert starts == pytest.approx([0.0, 5.0 - head, 7.5 - head], abs=0.002)


def test_captions_and_soundbites(show):
    """Captions move with the sound, one in the silence goes; the feed's highlight moves too."""
    head = trimmed(show)
    text = next((show / "public/talk").glob("*.vtt")).read_text(encoding="utf-8")
    assert "nobody" not in text
    times = re.findall(r"(\d\d:\d\d:\d\d\.\d{3}) --> (\d\d:\d\d:\d\d\.\d{3})", text)
    assert [seconds(start) for start, _ in times] == pytest.approx(
        [2.2 - head, 5.0 - head], abs=0.002
    )
    feed = (show / "public/feed.xml").read_text(encoding="utf-8")
    found = re.search(r'<podcast:soundbite startTime="([\d.]+)" duration="([\d.]+)"', feed)
    assert found, feed
    assert float(found[1]) == pytest.approx(5.0 - head, abs=0.002)
    assert float(found[2]) == pytest.approx(2.0, abs=0.002)


def test_a_second_build_and_new_tags(show):
    """It is fresh afterwards; a new title gives new tags, whose chapters are where they were."""
    assert answer("-C", show, "build")["changed"] is False
    (path,) = (show / "public/media").glob("*.mp3")
    before = [chapter.start for chapter in probe(path).chapters]
    podkit("-C", show, "set", "talk", "title=Another talk")
    plan = answer("-C", show, "transcode", "talk", "-p", "mp3", "-n")["plan"]
    assert [(step["action"], step["commands"]) for step in plan] == [("transcode", [])]
    (done,) = answer("-C", show, "transcode", "talk", "-p", "mp3")["done"]
    assert done["commands"] == []
    assert [chapter.start for chapter in probe(show / done["output"]).chapters] == before
    assert trimmed(show) > 0


def test_a_file_outside_a_show(talk, tmp_path):
    """By the option, with the source's own chapters; a dry run prints a command and makes nothing."""
    chapters = tmp_path / "ch.txt"
    chapters.write_text(CHAPTERS, encoding="utf-8")
    source = tmp_path / "talk.flac"
    source.write_bytes(talk.read_bytes())
    podkit("tag", source, "--chapters", chapters)
    words = ("transcode", source, "-p", "m4a", "--trim-silence", "-o", tmp_path / "out")
    (step,) = answer(*words, "-n")["plan"]
    assert step["action"] == "transcode"
    assert any("-c:a aac" in command for command in step["commands"])
    assert "    " in podkit(*words, "-n").splitlines()[1]
    assert not (tmp_path / "out").exists()
    (done,) = answer(*words)["done"]
    assert done["duration"] == pytest.approx(8.8, abs=0.5)
    starts = [chapter.start for chapter in probe(Path(done["output"])).chapters]
    assert starts == pytest.approx([0.0, 3.3, 5.8], abs=0.25)
    whole = answer(*words[:-3], "-o", tmp_path / "whole")["done"][0]
    assert whole["duration"] == pytest.approx(LENGTH, abs=0.05)
    podkit("transcode", source, "-p", "video-720p", "--trim-silence", "-o", tmp_path, code=2)
    podkit("transcode", source, "--engine", "locall", "-o", tmp_path, code=2)
