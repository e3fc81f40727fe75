"""What a newcomer types first, and gets wrong: each answer says what to type instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_runs import error_of, podkit, report
from shows import add_episode, make_show

from podkit.workspace.layout import Layout


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A show without episodes."""
    make_show(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", ["probe", "add", "transcode", "tag"])
def test_an_address_is_not_taken_for_a_path(empty: Path, command: str) -> None:
    """The address is repeated as it was typed, and saving it first is the advice."""
    found = error_of(command, "https://podcast.example/feed.xml", code=2, cwd=empty)
    assert "'https://podcast.example/feed.xml'" in found["message"]
    assert "curl" in found["hint"]


def test_a_feed_that_cannot_be_read_is_not_praised(empty: Path) -> None:
    """Where nothing was looked at, `nothing found` is not said."""
    done = podkit("lint", "./missing.xml", cwd=empty)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "missing.xml" in done.stderr


def test_a_huge_feed_is_refused_in_one_line(empty: Path) -> None:
    """More than a feed may have is told once, with its size."""
    with (empty / "huge.xml").open("wb") as out:
        out.write(b"<rss>")
        out.truncate(100 << 20)
    done = podkit("lint", "./huge.xml", cwd=empty)
    assert done.returncode == 1
    assert done.stderr.strip() == "Error: huge.xml: it is larger than 64 MB"


def test_what_to_type_until_there_is_an_episode(empty: Path) -> None:
    """PK224 says: add a file; then: build; and what to do when all are drafts."""

    def hint() -> str:
        found = report("lint", "--select", "PK224", "--now", "2026-11-24", code=3, cwd=empty)
        return str(found["findings"][0]["hint"])

    assert hint().startswith("podkit add FILE")
    record = add_episode(Layout(empty), "energy") / "episode.toml"
    assert hint().startswith("podkit build")
    record.write_text(record.read_text("utf-8").replace("season", "draft = true\nseason"), "utf-8")
    assert "published=now" in hint()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["add", "."], 1, "name the files in it"),
        (["add", "podkit.toml"], 1, "--image"),
        (["add", "x.wav", "--published", "yesterday"], 2, "2026-11-20"),
        (["add", "x.wav", "--notes", "none.md"], 1, "none.md"),
        (["add", "x.wav", "--image", "podkit.toml"], 1, "podkit.toml: "),
        (["show", "latest"], 2, "podkit add FILE"),
        (["publish", "nowhere"], 2, "file:nowhere"),
        (["publish"], 2, "file:out"),
        (["transcode", "talk.wav"], 2, "there is no file 'talk.wav'"),
    ],
)
def test_the_next_thing_to_type(empty: Path, words: list[str], code: int, told: str) -> None:
    """Errors name the file they are about and the words that would work."""
    done = podkit(*words, cwd=empty)
    assert done.returncode == code
    assert told in done.stderr


def test_missing_files_are_named(empty: Path) -> None:
    """`verify` names what is not on this machine; that alone is no fault."""
    add_episode(Layout(empty), "energy")
    done = podkit("verify", cwd=empty)
    assert done.returncode == 0
    assert "not on this machine: episodes/energy/master.wav" in done.stdout


def test_what_was_not_published_is_not_called_so(empty: Path) -> None:
    """A run that could send nothing says so, with what is live, and ends with 1."""
    (empty / "file").touch()
    podkit("build", cwd=empty)
    found = podkit(
        "publish", "file:file/out", "--no-build", "--ignore", "PK1,PK2,PK3,PK4", cwd=empty
    )
    assert found.returncode == 1
    assert "not published to file:file/out: " in found.stdout
    assert "no feed is live yet" in found.stdout
    assert "sent (" not in found.stdout


def test_a_file_of_no_known_kind_is_not_attached(empty: Path) -> None:
    """`attach` says how to name its kind."""
    add_episode(Layout(empty), "energy")
    found = podkit("attach", "energy", "./podkit.toml", cwd=empty)
    assert found.returncode == 1
    assert "--as transcript" in found.stderr
