"""From sound to a transcript: a synthetic voice is really heard, and a person's words are safe."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from whole_runs import REPOSITORY, answer, ffmpeg, make_show, podkit, tone

from podkit.formats import vtt

pytestmark = pytest.mark.need("espeak-ng")

SAID = (
    "the president of the united states said that the american people want to go forward",
    "one two three four five six seven eight nine ten",
)


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    """Two sentences with two seconds of silence between, as MP3."""
    folder = tmp_path_factory.mktemp("speech")
    for number, text in enumerate(SAID):
        command = ["espeak-ng", "-v", "en-us+f2", "-s", "120", "-w", folder / f"{number}.wav", text]
        subprocess.run(command, check=True)
    graph = "[0]apad=pad_dur=2[a];[a][1]concat=v=0:a=1"
    inputs = ("-i", folder / "0.wav", "-i", folder / "1.wav")
    ffmpeg(*inputs, "-filter_complex", graph, "-b:a", "128k", folder / "talk.mp3")
    return folder / "talk.mp3"


@pytest.fixture(scope="module")
def heard(talk):
    """What `podkit transcribe FILE -o FILE --json` says, and the file."""
    output = talk.with_name("talk.vtt")
    return answer("transcribe", talk, "-o", output), output


def test_words_are_recognised_with_their_times(heard):
    """More than a third of the words, in cues of two short lines, cut at the pause."""
    report, output = heard
    found = re.findall(r"[a-z']+", " ".join(cue["text"] for cue in report["cues"]))
    for text in SAID:
        wanted = text.split()
        assert 3 * sum(word in found for word in wanted) > len(wanted), found
    assert report["words"] == len(found)
    assert report["language"] == "en"
    assert vtt.parse(output.read_text()).cues
    for cue in report["cues"]:
        assert cue["end"] - cue["start"] <= 7
        assert all(len(line) <= 42 for line in cue["text"].split("\n"))
    gaps = [b["start"] - a["end"] for a, b in pairwise(report["cues"])]
    assert max(gaps) > 1.5


def test_the_report_fits_its_schema(heard):
    """--json is what docs/schemas says."""
    import jsonschema

    schema = json.loads((REPOSITORY / "docs/schemas/transcribe.json").read_text())
    jsonschema.validate(heard[0], schema)


@pytest.fixture(scope="module")
def short(talk):
    """Half of it, for the tests that only want some words."""
    ffmpeg("-i", talk, "-t", 2.5, talk.with_name("short.wav"))
    return talk.with_name("short.wav")


def test_an_episode_gets_its_transcript_and_a_persons_is_safe(short, tmp_path):
    """It goes into the record; podkit's own is replaced, a corrected one only by --force, and kept."""
    show = make_show(tmp_path / "show")
    answer("-C", show, "add", short, "--title", "Talk", "--draft")
    planned = podkit("-C", show, "transcribe", "talk", "-n")
    assert "transcribe" in planned
    folder = show / "episodes/talk"
    assert not list(folder.glob("transcript*"))
    first = answer("-C", show, "transcribe", "talk")
    assert first["output"] == "episodes/talk/transcript.en.vtt"
    record = (folder / "episode.toml").read_text()
    assert "transcript.en.vtt" in record
    again = answer("-C", show, "transcribe", "talk")
    assert again["output"] == first["output"]
    assert (folder / "episode.toml").read_text() == record

    path = folder / "transcript.en.vtt"
    corrected = path.read_text().rstrip() + " corrected by hand\n"
    path.write_text(corrected)
    podkit("-C", show, "transcribe", "talk", code=1)
    assert path.read_text() == corrected
    forced = answer("-C", show, "transcribe", "talk", "--force")
    assert forced["output"] == "episodes/talk/transcript.en-2.vtt"
    assert path.read_text() == corrected
    record = (folder / "episode.toml").read_text()
    assert "transcript.en-2.vtt" in record
    assert "transcript.en.vtt" not in record


def test_a_file_of_somebody_else_is_not_replaced(short, tmp_path):
    """-o on a text that podkit did not make is refused before anything is heard."""
    other = tmp_path / "talk.srt"
    other.write_text("1\n00:00:01,000 --> 00:00:02,000\nMine\n")
    podkit("transcribe", short, "-o", other, code=1)
    assert "Mine" in other.read_text()
    before = short.read_bytes()
    podkit("transcribe", short, "-o", short, "--force", code=1)
    assert short.read_bytes() == before
    podkit("transcribe", short, "-o", tmp_path / "nowhere/talk.vtt", code=1)
    podkit("transcribe", short, "-o", other, "--force")
    assert "Mine" not in other.read_text()


def test_what_holds_no_words_makes_no_file(tmp_path):
    """A tone: exit 1, nothing written."""
    podkit("transcribe", tone(tmp_path / "t.wav"), "-o", tmp_path / "t.vtt", code=1)
    assert not (tmp_path / "t.vtt").exists()


def test_wrong_words_are_told_before_any_work(short, tmp_path):
    """Unknown engine, format and language end with 2; a model that is none with 1."""
    podkit("transcribe", short, "--engine", "pocketsfinx", code=2)
    podkit("transcribe", short, "--to", "docx", code=2)
    podkit("transcribe", short, "--language", "uk", code=2)
    podkit("transcribe", short, "--model", tmp_path, code=1)
    podkit("transcribe", tmp_path / "no.wav", code=1)


def test_a_model_of_ones_own(short, tmp_path):
    """Four words and nothing else, in the wheel's sounds: only those four are heard."""
    from pocketsphinx import get_model_path

    os.symlink(get_model_path("en-us/en-us"), tmp_path / "sounds")
    words = ("president", "the", "states", "united")
    dictionary = Path(get_model_path("en-us/cmudict-en-us.dict"))
    lines = dictionary.read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if re.sub(r"\(\d\)", "", line.split(" ")[0]) in words]
    (tmp_path / "few.dict").write_text("\n".join(kept) + "\n")
    grams = "\n".join(f"-0.7 {word}" for word in ("<s>", "</s>", *words))
    (tmp_path / "few.lm").write_text(f"\\data\\\nngram 1=6\n\n\\1-grams:\n{grams}\n\n\\end\\\n")
    report = answer("transcribe", short, "--model", tmp_path, "--language", "en-GB")
    found = " ".join(cue["text"] for cue in report["cues"]).split()
    assert set(found) <= set(words)
    assert "president" in found
    assert report["language"] == "en-GB"


def test_ctrl_c_leaves_nothing(talk, tmp_path):
    """Stopped in the middle: 130, no transcript, no temporary folder, no child."""
    (tmp_path / "tmp").mkdir()
    ffmpeg("-stream_loop", 20, "-i", talk, "-c", "copy", tmp_path / "long.mp3")
    command = [sys.executable, "-m", "podkit", "transcribe", tmp_path / "long.mp3"]
    running = subprocess.Popen(
        [*command, "-o", tmp_path / "long.vtt"],
        env=os.environ | {"PYTHONPATH": str(REPOSITORY), "TMPDIR": str(tmp_path / "tmp")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    samples = tmp_path / "tmp"
    while running.poll() is None and not list(samples.glob("podkit-*/speech")):
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate()
    assert running.returncode == 130, said
    assert not (tmp_path / "long.vtt").exists()
    assert list(samples.iterdir()) == []
