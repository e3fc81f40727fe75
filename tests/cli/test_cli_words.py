"""What words on the command line mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_runs import error_of, podkit, report

from podkit.cli.options import codes, split_assignments
from podkit.cli.session import Session
from podkit.cli.transcode import split_sources
from podkit.errors import UsageError
from podkit.steps.open_show import open_show


@pytest.mark.parametrize(
    ("words", "episodes", "assignments"),
    [
        (["a", "b", "title=x=y"], ("a", "b"), ("title=x=y",)),
        (["#1", "number=", "season=2"], ("#1",), ("number=", "season=2")),
        (["https://x.example/?p=1", "title=T"], ("https://x.example/?p=1",), ("title=T",)),
        (["a", "masters.main.offset=1.5"], ("a",), ("masters.main.offset=1.5",)),
        (["title=T"], (), ("title=T",)),
    ],
)
def test_assignments_come_after_episodes(
    words: list[str], episodes: tuple[str, ...], assignments: tuple[str, ...]
) -> None:
    """One list: episodes up to the first KEY=VALUE; a GUID with `=` in it stays a GUID."""
    assert split_assignments(words) == (episodes, assignments)


@pytest.mark.parametrize("words", [["a"], ["a", "title=T", "b"]])
def test_wrong_assignments(words: list[str]) -> None:
    """Nothing to set, or an episode behind an assignment, is a usage error."""
    with pytest.raises(UsageError):
        split_assignments(words)


def test_codes() -> None:
    """Codes are repeated or separated by commas."""
    assert codes(["PK1, PK208", "explicit-missing", ""]) == ("PK1", "PK208", "explicit-missing")


def test_slash_or_existing_file_is_a_path(show: Path, tmp_path: Path) -> None:
    """A slash or a file that is there makes a path, all else an episode."""
    (tmp_path / "there.wav").touch()
    session = Session()
    session.directory = tmp_path
    opened = open_show(show)
    assert split_sources(session, opened, ["first", "#1"]) == (["first", "#1"], [])
    words = ["there.wav", "./new.wav", "sub/x"]
    paths = [tmp_path / "there.wav", tmp_path / "new.wav", tmp_path / "sub/x"]
    assert split_sources(session, opened, words) == ([], paths)
    assert split_sources(session, None, ["first"]) == ([], [tmp_path / "first"])


def test_a_word_that_is_both(show: Path, tmp_path: Path) -> None:
    """A slug that is also a file's name is refused; how to write each is said, and works."""
    (tmp_path / "first").touch()
    session = Session()
    session.directory = tmp_path
    opened = open_show(show)
    with pytest.raises(UsageError) as caught:
        split_sources(session, opened, ["first"])
    assert "./first" in caught.value.hint
    assert "--where slug=first" in caught.value.hint
    assert split_sources(session, opened, ["./first"]) == ([], [tmp_path / "first"])


def test_an_episode_folder_is_the_episode(show: Path) -> None:
    """Inside episodes/ a slug means the episode, though a folder of that name is there."""
    session = Session()
    session.directory = show / "episodes"
    assert split_sources(session, open_show(show), ["first"]) == (["first"], [])


def test_files_and_episodes_do_not_mix(show: Path, tmp_path: Path) -> None:
    """One command transcodes episodes or files."""
    with pytest.raises(UsageError):
        split_sources(Session(), open_show(show), ["first", "./x.wav"])


def test_an_empty_list_of_files_is_nothing_to_do(show: Path, tmp_path: Path) -> None:
    """A list that names no file does not mean every episode."""
    (tmp_path / "none.txt").touch()
    found = report("-C", show, "transcode", "--files-from", tmp_path / "none.txt", "-n")
    assert found == {"plan": []}


def test_folder_by_option_before_and_behind(show: Path) -> None:
    """-C works before and behind the command."""
    before = report("-C", show, "list")
    assert report("list", "-C", show) == before
    assert [one["slug"] for one in before["episodes"]] == ["first"]


def test_paths_are_seen_from_the_folder(show: Path) -> None:
    """As with git, a relative path is relative to the folder of -C."""
    found = report("-C", show / "episodes", "probe", "first/master.wav")
    assert found["files"][0]["path"].endswith("episodes/first/master.wav")


def test_quiet_and_verbose(show: Path, tmp_path: Path) -> None:
    """-q leaves answers and errors, not the notes."""
    assert podkit("-C", show, "list", "-q").stdout.count("first") == 1
    changed = podkit("-C", show, "-q", "set", "first", "summary=A new one")
    assert (changed.returncode, changed.stdout, changed.stderr) == (0, "", "")
    failed = podkit("-q", "probe", tmp_path / "none.mp3")
    assert failed.returncode == 1
    assert "none.mp3" in failed.stderr


@pytest.mark.parametrize("word", ["first", "#1", "s1e1", "latest", "fir*"])
def test_ways_to_name_an_episode(show: Path, word: str) -> None:
    """Slug, number, season and number, latest and globs name an episode."""
    found = report("-C", show, "show", word)
    assert found["slug"] == "first"


def test_an_unknown_episode(show: Path) -> None:
    """A word that means no episode ends with 2 and names the nearest."""
    assert "'first'" in error_of("-C", show, "show", "fist", code=2)["hint"]


def test_dry_run_of_set(show: Path) -> None:
    """-n prints before and after and changes nothing."""
    record = show / "episodes/first/episode.toml"
    before = record.read_bytes()
    [step] = report("-C", show, "set", "first", "title=A new title", "-n")["plan"]
    assert step == {
        "action": "set",
        "subject": "first title",
        "detail": "'First' → 'A new title'",
    }
    assert record.read_bytes() == before


def test_init_never_asks_without_a_terminal(tmp_path: Path) -> None:
    """Without a terminal a missing title is a usage error."""
    done = podkit("init", tmp_path / "new", stdin="A title\n")
    assert done.returncode == 2
    assert "--title" in done.stderr
    assert not (tmp_path / "new").exists()


def test_json_of_failures(show: Path, tmp_path: Path) -> None:
    """A report is printed also when all of it failed; the exit code says so."""
    found = report("-C", show, "add", tmp_path / "none.wav", code=1)
    assert found["added"] == []
    assert [one["path"] for one in found["failed"]] == [str(tmp_path / "none.wav")]


def test_some_of_several(show: Path, tmp_path: Path) -> None:
    """When some of several failed the exit code is 4."""
    found = report("probe", show / "episodes/first/master.wav", tmp_path / "none.wav", code=4)
    assert len(found["files"]) == len(found["failed"]) == 1


def test_report_of_jobs(show: Path, tmp_path: Path) -> None:
    """--report writes a JSON line for each job."""
    source = show / "episodes/first/master.wav"
    log = tmp_path / "jobs.jsonl"
    words = ["transcode", source, tmp_path / "none.wav", "-p", "mp3", "-o", tmp_path / "out"]
    found = report(*words, "--report", log, code=4)
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert [line["result"] for line in lines] == ["done", "failed"]
    assert lines[0]["output"] == found["done"][0]["output"]
