"""A dry run of publish foretells what lint would stop, or hold back, in the real one."""

from __future__ import annotations

import shutil

import pytest
from whole_runs import answer, built_show, complaint, podkit, tree

LANGUAGE = 'language = "en"'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A show of two built episodes, neither of which is live."""
    return built_show(tmp_path_factory.mktemp("foretold"), "first", "second")


@pytest.fixture
def show(made, tmp_path):
    """A private copy."""
    return shutil.copytree(made, tmp_path / "show")


def change(folder, name: str, old: str, new: str) -> None:
    """Put other words into a file of the show."""
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("built", [("--no-build",), ()])
def test_an_error_of_the_show_is_foretold(show, built):
    """The same code and exit code as the real run; nothing is written by either."""
    change(show, "podkit.toml", LANGUAGE, 'language = "xx-nobody"')
    if built:
        answer("-C", show, "build")
    planned = answer("-C", show, "publish", "-n", *built, code=3)
    assert "PK203" in {f["code"] for f in planned["findings"] if f["severity"] == "error"}
    said = podkit("-C", show, "publish", "-n", *built, code=3)
    assert "error PK203" in said
    assert "and send nothing" in said
    assert "PK203" in complaint("-C", show, "publish", *built, code=3)
    assert not (show.parent / "out").exists()
    told = answer("-C", show, "publish", "-n", "--ignore", "PK203", code=0)
    assert not [f for f in told["findings"] if f["severity"] == "error"]


def test_a_new_episode_is_foretold_as_held(show):
    """It alone stays out, in the plan as in the run."""
    change(show, "episodes/second/episode.toml", 'title = "Second"', 'title = "  "')
    before = tree(show / "public")
    planned = answer("-C", show, "publish", "-n", code=4)
    assert tree(show / "public") == before
    assert not (show.parent / "out").exists()
    done = answer("-C", show, "publish", code=4)
    assert planned["held"] == done["held"]
    assert [one["slug"] for one in done["held"]] == ["second"]
    assert done["held"][0]["reason"].startswith("PK131 ")
    assert not any("second" in move["path"] for move in planned["plan"])


def test_what_is_not_built_yet_is_no_error(show):
    """A show that was never built would be published whole: an empty feed is not what comes."""
    for path in (show / "public", show / ".podkit"):
        shutil.rmtree(path)
    for path in show.glob("episodes/*/renditions.toml"):
        path.unlink()
    assert "PK224" in {f["code"] for f in answer("-C", show, "lint", code=3)["findings"]}
    planned = answer("-C", show, "publish", "-n")
    assert not [f for f in planned["findings"] if f["severity"] == "error"]
    assert planned["held"] == []
