"""`podkit tag` as a person runs it: what appears where, once, and how it ends."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from cli_runs import error_of, podkit, report, sound

from podkit.media.tools import find_ffmpeg


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three sounds in an empty folder, and one file that is none."""
    for name in ("a.wav", "b.wav"):
        sound(tmp_path / name)
    (tmp_path / "none.wav").write_text("no sound", encoding="utf-8")
    return tmp_path


def mp3(path: Path) -> Path:
    """Two seconds of a tone."""
    tone = ("-f", "lavfi", "-i", "sine=duration=2", "-b:a", "64k")
    subprocess.run([find_ffmpeg().path, "-v", "error", *tone, path], check=True)
    return path


def test_each_file_is_told_once(folder: Path) -> None:
    """A changed file has one line on stdout and none on stderr; with --json it is the other way."""
    done = podkit("tag", "?.wav", "--set", "title=New", cwd=folder)
    assert done.returncode == 0
    assert done.stdout == "changed a.wav\nchanged b.wav\n"
    assert done.stderr == ""
    done = podkit("tag", "a.wav", "--set", "title=New", cwd=folder)
    assert (done.stdout, done.stderr) == ("as it was a.wav\n", "")
    told = podkit("tag", "a.wav", "--set", "title=Newer", "--json", cwd=folder)
    assert told.stderr == "a.wav: changed\n"


def test_a_dry_run_ends_as_the_run_would(folder: Path) -> None:
    """4 when some files failed, 1 when all did; its plan is in words, and nothing is written."""
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    words = ("tag", "-n", "a.wav", "none.wav", "--set", "title=New")
    done = podkit(*words, cwd=folder)
    assert done.returncode == 4
    assert done.stdout == "tag a.wav: title: nothing → 'New'\n"
    assert "none.wav" in done.stderr
    found = report(*words, code=4, cwd=folder)
    assert found["plan"] == [
        {"action": "tag", "subject": "a.wav", "detail": "title: nothing → 'New'"}
    ]
    assert podkit("tag", "-n", "none.wav", "--set", "title=New", cwd=folder).returncode == 1
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_what_a_container_cannot_hold_is_told(folder: Path) -> None:
    """Chapters behind the end are a warning for people and a key of the report."""
    (folder / "ch.txt").write_text("00:00:00 Intro\n00:01:00 Late\n", encoding="utf-8")
    words = ("tag", "-n", "a.wav", "--chapters", "ch.txt")
    done = podkit(*words, cwd=folder)
    assert done.returncode == 0
    assert done.stderr.startswith("Warning: a.wav: 1 chapter starts after the end")
    planned = report(*words, cwd=folder)
    [done] = report("tag", "a.wav", "--chapters", "ch.txt", cwd=folder)["files"]
    assert len(done["warnings"]) == 1
    assert planned["warnings"] == [{"path": "a.wav", "warnings": done["warnings"]}]


def test_a_dry_run_warns_of_what_it_would_leave_as_it_is(folder: Path) -> None:
    """A file that may be cut off is told of in both runs' JSON, whether its tags change or not."""
    whole = mp3(folder / "c.mp3")
    whole.write_bytes(whole.read_bytes()[:-100])
    mp3(folder / "d.mp3")
    words = ("tag", "c.mp3", "d.mp3", "--set", "title=New")
    planned = report(*words, "-n", cwd=folder)
    done = {one["path"]: one["warnings"] for one in report(*words, cwd=folder)["files"]}
    assert done["c.mp3"][0].startswith("it may be cut off")
    assert done["d.mp3"] == []
    assert planned["warnings"] == [{"path": "c.mp3", "warnings": done["c.mp3"]}]
    again = report(*words, "-n", cwd=folder)
    assert again == {"plan": [], "warnings": planned["warnings"]}


def test_a_master_is_refused_from_anywhere(show: Path, tmp_path: Path) -> None:
    """The worst that could happen: another folder's command writes a show's master."""
    [master] = show.glob("episodes/*/master.*")
    before = master.read_bytes()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.copy(master, elsewhere / "own.wav")
    done = podkit("tag", master, "own.wav", "--set", "title=Mine", cwd=elsewhere)
    assert done.returncode == 4
    assert done.stdout == "changed own.wav\n"
    assert "it is a master" in done.stderr
    assert "podkit -C" in done.stderr
    assert master.read_bytes() == before


def test_a_wrong_table_is_no_bug(folder: Path) -> None:
    """A ragged row is told by file and line, as an error of the table."""
    (folder / "tags.csv").write_text("path,title\na.wav\n", encoding="utf-8")
    found = error_of("tag", "--table", "tags.csv", code=1, cwd=folder)
    assert found["where"] == "tags.csv"
    assert found["message"].startswith("line 2: it has 1 cell")
