"""What no feed may say holds its own episode alone, in every command, and never one that is live."""

from __future__ import annotations

import re
import shutil

import pytest
from whole_runs import answer, built_show, complaint, podkit, tree

RECORD = "episodes/second/episode.toml"
LINK = 'link = "javascript:alert(1)"\n'
PERSON = 'people = [{ name = "Guest", href = "data:text/html,hi" }]\n'
TORN = 'extra = ["<broken"]\n'


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A show of three built episodes, none of which is live."""
    return built_show(tmp_path_factory.mktemp("refused"), "first", "second", "third")


@pytest.fixture
def show(made, tmp_path):
    """A private copy."""
    return shutil.copytree(made, tmp_path / "show")


def say(folder, line: str, slug: str = "second") -> None:
    """Put a line into an episode's record."""
    path = folder / f"episodes/{slug}/episode.toml"
    path.write_text(line + path.read_text("utf-8"), encoding="utf-8")


def titles(path) -> list[str]:
    """The episodes in a feed."""
    return titles_in(path.read_text("utf-8"))


def titles_in(text: str) -> list[str]:
    """The episodes in the text of a feed."""
    return re.findall(r"<title>(First|Second|Third)</title>", text)


@pytest.mark.parametrize(
    ("line", "why"),
    [(LINK, "'javascript:alert(1)'"), (PERSON, "'data:text/html,hi'"), (TORN, "malformed XML")],
)
def test_it_is_held_alone(show, line, why):
    """Exit 4; the others come out, and the report names the record, the value and the way out."""
    say(show, line)
    (hold,) = (
        m for m in answer("-C", show, "build", "-n", code=4)["plan"] if m["action"] == "hold"
    )
    assert hold["subject"] == "second"
    for command in ("feed", "build", "feed"):
        (held,) = answer("-C", show, command, code=4)["held"]
        assert held["slug"] == "second"
        assert held["reason"].startswith(f"{RECORD}: ")
        assert why in held["reason"]
        assert "mend it in the record" in held["reason"]
    assert titles(show / "public/feed.xml") == ["Third", "First"]
    assert not (show / "public/second").exists()
    assert not list((show / "public/media").glob("second-*"))


def test_what_is_new_is_published_without_it(show):
    """The dry run foretells it; mended, it comes out."""
    say(show, LINK)
    for words in (("publish", "-n"), ("publish",)):
        (held,) = answer("-C", show, *words, code=4)["held"]
        assert held["reason"].startswith(f"{RECORD}: 'javascript:alert(1)'")
    out = show.parent / "out"
    assert titles(out / "feed.xml") == ["Third", "First"]
    path = show / RECORD
    path.write_text(path.read_text("utf-8").removeprefix(LINK), encoding="utf-8")
    answer("-C", show, "publish")
    assert titles(out / "feed.xml") == ["Third", "Second", "First"]


def test_what_is_live_does_not_vanish(show):
    """Publishing stops, and what is live stays as it is."""
    answer("-C", show, "publish")
    before = tree(show.parent / "out")
    say(show, LINK)
    planned = answer("-C", show, "publish", "-n", code=3)
    assert "PK901" in {f["code"] for f in planned["findings"] if f["severity"] == "error"}
    said = complaint("-C", show, "publish", code=3)
    assert "PK901" in said
    assert f"second is held back ({RECORD}: 'javascript:alert(1)'" in said
    assert tree(show.parent / "out") == before


def test_it_makes_room_for_the_next_in_a_short_feed(show):
    """A feed of one episode has the newest of those that it can hold."""
    path = show / "podkit.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("[feeds.main]\n", "[feeds.main]\nlimit = 1\n"), encoding="utf-8")
    say(show, LINK, "third")
    say(show, PERSON, "second")
    held = answer("-C", show, "feed", code=4)["held"]
    assert {one["slug"] for one in held} == {"second", "third"}
    assert titles(show / "public/feed.xml") == ["First"]


def test_where_nothing_is_left_it_stops(show):
    """An empty feed in the place of a full one helps nobody."""
    for slug in ("first", "second", "third"):
        say(show, LINK, slug)
    before = tree(show / "public")
    for command in ("build", "feed"):
        assert "'javascript:alert(1)' may not stand in a feed" in complaint("-C", show, command)
    assert tree(show / "public") == before


def test_the_channel_is_nobody_elses_fault(show):
    """What podkit.toml says wrongly stops everything, as it concerns everybody."""
    path = show / "podkit.toml"
    text = path.read_text("utf-8").replace(
        "[show]\n", '[show]\nfunding = [{ url = "javascript:1", text = "Give" }]\n', 1
    )
    path.write_text(text, encoding="utf-8")
    say(show, LINK)
    assert "'javascript:1' may not stand in a feed" in complaint("-C", show, "feed")


def test_a_feed_for_elsewhere_says_what_it_lacks(show):
    """On stderr, as the feed itself may be what stdout is for; exit 4."""
    say(show, LINK)
    assert f"held back: second ({RECORD}: " in complaint("-C", show, "feed", "-o", "-", code=4)
    assert titles_in(podkit("-C", show, "feed", "-o", "-", code=4)) == ["Third", "First"]


@pytest.mark.parametrize(
    ("line", "content", "place", "why"),
    [
        (LINK, None, RECORD, "'javascript:alert(1)' may not stand in a feed"),
        ("", None, RECORD, "the record names chapters.json, which is not there"),
        ("", '{"version": "1.2.0", "chap', "episodes/second/chapters.json", "JSON"),
    ],
)
def test_lint_tells_of_it(show, line, content, place, why):
    """An episode that no feed has fails the check: file, reason, hint; the others are looked at."""
    say(show, line)
    if not line:
        record = show / RECORD
        text = record.read_text("utf-8")
        sound = "[masters.main]\n"
        record.write_text(text.replace(sound, f'{sound}chapters = "chapters.json"\n'), "utf-8")
    if content:
        (show / "episodes/second/chapters.json").write_text(content, encoding="utf-8")
    report = answer("-C", show, "lint", code=4)
    (failed,) = report["failed"]
    assert failed["path"] == place
    assert why in failed["error"]
    assert failed["hint"]
    assert {f["episode"] for f in report["findings"]} == {"first", "third"}
    said = complaint("-C", show, "lint", code=4)
    assert f"Error: {place}: " in said
    assert failed["hint"] in said
    podkit("-C", show, "set", "second", "draft=true")
    answer("-C", show, "lint")
