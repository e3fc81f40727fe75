"""A file that a person broke: the command that reads it says which, where, and what to do."""

from __future__ import annotations

import json
import shutil

import pytest
from whole_runs import answer, complaint, make_show, tone


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A show of one episode."""
    root = tmp_path_factory.mktemp("broken")
    folder = make_show(root / "show", "--publish-url", "file:../out")
    answer("-C", folder, "add", tone(root / "one.wav"), "--title", "One", "--published", "now")
    return folder


@pytest.fixture
def show(sound, tmp_path):
    """A private copy."""
    return shutil.copytree(sound, tmp_path / "show")


def change(folder, name: str, old: str, new: str) -> None:
    """Put other words into a file of the show; an `old` of nothing stands for its end."""
    path = folder / name
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")


RECORD = "episodes/one/episode.toml"
MADE = "episodes/one/renditions.toml"
PRESET = 'enclosure = "mp3"'


@pytest.mark.parametrize(
    ("name", "old", "new", "said", "hint"),
    [
        ("podkit.toml", 'title = "Whole Show"', "title = Whole Show", "line 5", "Whole Show"),
        ("podkit.toml", "explicit = false", 'explicit = "no"', "show.explicit", "mend line"),
        (RECORD, 'title = "One"', "title = “One”", "line 2", 'title = "One"'),
        (RECORD, "guid =", "# guid =", "guid: it is missing", "live feed"),
        (MADE, "", "[mp3]\nbytes = 1\n", "mp3.file", f"take {MADE} back"),
        ("members.toml", "", "[ann\n", "a heading is not closed", "between [ and ]"),
    ],
)
def test_a_broken_file_stops_what_reads_it(show, name, old, new, said, hint):
    """Exit 1: the file and its line or key, why, and the next thing to do; also as JSON."""
    change(show, name, old, new)
    told = complaint("-C", show, "list")
    assert name in told
    assert said in told
    assert hint in told.partition("Hint:")[2]
    error = json.loads(complaint("-C", show, "build", "--json"))["error"]
    assert (error["type"], error["exit"], error["where"]) == ("RecordError", 1, name)
    assert hint in error["hint"]


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("podkit.toml", PRESET, 'enclosure = "mp4"', "podkit.toml, feeds.main.enclosure"),
        ("podkit.toml", PRESET, 'enclosure = "mp3"\nalternates = ["mp4"]', "feeds.main.alternates"),
        (RECORD, 'title = "One"', 'title = "One"\npresets = ["mp4"]', f"{RECORD}, presets"),
    ],
)
def test_a_preset_that_nobody_knows(show, name, old, new, place):
    """Exit 2, and the file and key that name it."""
    change(show, name, old, new)
    told = complaint("-C", show, "build", code=2)
    assert f"{place}: unknown preset 'mp4'" in told
    assert "did you mean 'm" in told


def test_a_preset_of_the_shows_own(show):
    """Its wrong key is told with the command that lists the right ones."""
    change(show, "podkit.toml", "", '\n[presets.voice]\nfrom = "mp3"\nbitrate = 5\n')
    change(show, "podkit.toml", PRESET, 'enclosure = "voice"')
    told = complaint("-C", show, "build")
    assert "podkit.toml: presets.voice.bitrate: unknown key; did you mean 'bit_rate'?" in told
    assert "podkit presets mp3" in told.partition("Hint:")[2]


def test_a_folder_without_its_record_is_told(show):
    """On stderr and as JSON, where the episode is missed: `list`."""
    (show / RECORD).rename(show / "kept.toml")
    told = complaint("-C", show, "list", code=0)
    assert "Warning: episodes/one has no episode.toml, so it is no episode" in told
    assert "put the record back" in told
    assert answer("-C", show, "list")["warnings"] == [
        "episodes/one has no episode.toml, so it is no episode"
    ]
