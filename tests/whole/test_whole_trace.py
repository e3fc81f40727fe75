"""A finding about one's own show names the record that says it: file, line and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_whole_feeds import archive
from whole_runs import answer, podkit

PEOPLE = """people = [
  { name = "Olha" },
  { name = "Petro", role = "moderator" },
]"""
RIGHTS = 'explicit = false\ncopyright = "© 2026 Example"\nmedium = "radio"\n'
TITLE = """title = "Episode 2: Energy"
soundbites = [{ start = 1, duration = 2 }]
location = [{ name = "Kyiv", geo = "Kyiv" }]
"""
RECORD = "episodes/number-2/episode.toml"
EDITS = (
    ("podkit.toml", 'language = "en"', 'language = "ua"'),
    ("podkit.toml", "explicit = false\n", RIGHTS),
    ("podkit.toml", 'people = ["host"]', PEOPLE),
    (RECORD, 'title = "Number 2"\n', TITLE),
)
SAID = {
    "PK203": ("podkit.toml", "show.language"),
    "PK218": ("podkit.toml", "show.copyright"),
    "PK816": ("podkit.toml", "show.medium"),
    "PK804": ("podkit.toml", "show.people[1]"),
    "PK302": (RECORD, "title"),
    "PK815": (RECORD, "soundbites"),
    "PK805": (RECORD, "location"),
}


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show with a fault in each of several keys."""
    folder = archive(tmp_path_factory.mktemp("trace") / "show", episodes=3)
    for name, old, new in EDITS:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    (folder / "episodes/number-2/notes.md").write_text("[here](http://e.org/)\n", encoding="utf-8")
    return folder


def test_each_finding_leads_to_its_key(faulty: Path) -> None:
    """The line is the one on which a person finds the key, the member of a list where there are several."""
    found = answer("-C", faulty, "lint", code=3)["findings"]
    for code, (name, key) in SAID.items():
        (place,) = {one["record"] for one in found if one["code"] == code}
        file, _, said = place.partition(" ")
        path, _, line = file.partition(":")
        assert (path, said) == (name, key), code
        shown = (faulty / path).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert key.rpartition(".")[2].partition("[")[0] in shown or "Petro" in shown, (code, shown)
    prose = {one["record"] for one in found if one["code"] == "PK316"}
    assert prose == {"episodes/number-2/notes.md"}
    assert all(one["record"] for one in found if one["element"].startswith("channel"))


def test_people_read_it_too(faulty: Path) -> None:
    """The text says it in a line of its own."""
    text = podkit("-C", faulty, "lint", "--select", "PK203", code=3)
    line = (
        (faulty / "podkit.toml").read_text(encoding="utf-8").splitlines().index('language = "ua"')
    )
    assert f"    said in podkit.toml:{line + 1} show.language\n" in text


def test_other_peoples_feeds_have_no_records(faulty: Path, tmp_path: Path) -> None:
    """A feed that is named as a file is judged alone, even the show's own."""
    podkit("-C", faulty, "build")
    found = answer("-C", faulty, "lint", "public/feed.xml", code=3)["findings"]
    assert {one["record"] for one in found} == {""}
