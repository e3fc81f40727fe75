"""Feeds that nothing has changed are not made again, and whatever can change them is noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from shows import add_episode, make_show

from podkit.artwork.draw import plain_cover
from podkit.steps.open_show import OpenShow, open_show
from podkit.steps.settled import NAME, bring
from podkit.workspace.snapshot import snapshot

SHOW = """\
[show]
title = "Settled"
language = "en"
description_file = "about.txt"
[site]
url = "https://podcast.example/ui/"
[feeds.main]
path = "feed.xml"
page_size = 2
[feeds.late]
path = "late.xml"
delay = "1 week"
"""
EPISODE = """\
guid = "{guid}"
title = "{title}"
published = {published}
enclosure = {{ url = "https://media.example/{guid}.mp3", length = 9, type = "audio/mpeg" }}
[masters.main]
file = "master.wav"
sha256 = "aa"
bytes = 10
duration = 61.5
chapters = "chapters.txt"
"""
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def show(tmp_path):
    """Three episodes on two sheets, one of them still to come in the late feed; all feeds written."""
    layout = make_show(tmp_path / "show", SHOW)
    (layout.root / "about.txt").write_text("About it.", encoding="utf-8")
    for number in (1, 2, 3):
        day = f"2026-02-{number * 9:02}T06:00:00Z"
        guid, title = f"talk-{number}", f"Talk {number}"
        folder = add_episode(layout, guid, EPISODE.format(guid=guid, title=title, published=day))
        (folder / "chapters.txt").write_text("0:00 Begin\n0:30 End\n", encoding="utf-8")
        (folder / "notes.md").write_text(f"What was said in {title}.\n", encoding="utf-8")
    settle()
    made(layout.root)
    return layout.root


def settle() -> None:
    """Let the clock of the file system tick."""
    time.sleep(0.05)


def made(root: Path, now: datetime = NOW) -> bool:
    """Bring the feeds; whether the show had to be read for it."""
    opened = []

    def read() -> OpenShow:
        opened.append(root)
        return open_show(root)

    report = bring(root, opened=read, now=now)
    assert [feed.name for feed in report.feeds] == ["main", "late"]
    for feed in report.feeds:
        assert (root / "public" / feed.path).is_file()
    return bool(opened)


def fresh(root: Path, now: datetime) -> dict[str, bytes]:
    """The feeds as a copy of the show makes them that remembers nothing."""
    other = root.parent / "fresh"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns("public", ".podkit"))
    bring(other, opened=lambda: open_show(other), now=now)
    return feeds(other)


def feeds(root: Path) -> dict[str, bytes]:
    """Every sheet in public/."""
    return {path.name: path.read_bytes() for path in (root / "public").glob("*.xml")}


def test_nothing_changed(show):
    """The same report without reading the show, for all feeds or one, as a plan too."""
    before = feeds(show)
    first = bring(show, opened=lambda: open_show(show), now=NOW)
    read = pytest.fail
    assert bring(show, opened=read, now=NOW) == first
    assert not any(feed.changed for feed in first.feeds)
    assert [f.name for f in bring(show, ("late",), opened=read, now=NOW).feeds] == ["late"]
    plan = bring(show, opened=read, now=NOW, dry_run=True).plan
    assert [(step.action, step.subject) for step in plan] == [
        ("keep", "feed.xml"),
        ("keep", "late.xml"),
    ]
    assert feeds(show) == before
    assert set(before) == {"feed.xml", "feed-2.xml", "late.xml"}


def write(name: str, text: str) -> Callable[[Path], None]:
    """A change: a file gets this text."""

    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")

    return change


def same_size_and_time(root: Path) -> None:
    """Other notes of the same length, with the old time of modification put back."""
    path = root / "episodes/talk-2/notes.md"
    old = path.stat()
    path.write_text(path.read_text("utf-8").replace("said", "sung"), encoding="utf-8")
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))


def replaced(root: Path) -> None:
    """An older file of the same size takes the place of the notes."""
    path = root / "episodes/talk-2/notes.md"
    other = root.parent / "other.md"
    other.write_text(path.read_text("utf-8").replace("said", "sung"), encoding="utf-8")
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    os.replace(other, path)


def linked(root: Path) -> None:
    """An episode's folder becomes a link to another folder of the show."""
    shutil.copytree(root / "episodes/talk-2", root / "kept")
    (root / "kept/notes.md").write_text("Kept elsewhere.\n", encoding="utf-8")
    shutil.rmtree(root / "episodes/talk-2")
    os.symlink("../kept", root / "episodes/talk-2")


CHANGES: dict[str, Callable[[Path], None]] = {
    "notes": write("episodes/talk-1/notes.md", "Other notes.\n"),
    "same size and time": same_size_and_time,
    "replaced": replaced,
    "no notes": lambda root: (root / "episodes/talk-1/notes.md").unlink(),
    "chapters": write("episodes/talk-3/chapters.txt", "0:00 One\n0:40 Two\n"),
    "show": write("podkit.toml", SHOW.replace("Settled", "Other")),
    "description": write("about.txt", "About something else."),
    "template": write("templates/credits.html", "<p>Good bye from {{ episode.title }}.</p>"),
    "episode gone": lambda root: shutil.rmtree(root / "episodes/talk-1"),
    "linked": linked,
    "feed edited": write("public/feed.xml", "<rss/>"),
    "feed gone": lambda root: (root / "public/late.xml").unlink(),
    "sheet gone": lambda root: (root / "public/feed-2.xml").unlink(),
    "another sheet": write("public/feed-3.xml", "<rss/>"),
    "nothing remembered": lambda root: (root / ".podkit/cache" / NAME).unlink(),
    "torn memory": write(f".podkit/cache/{NAME}", "{}"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_each_change_is_noticed(show, change):
    """The show is read, and the feeds are those that a fresh clone makes; then all is quiet again."""
    change(show)
    settle()
    assert made(show)
    assert feeds(show) == fresh(show, NOW)
    assert not made(show)


def test_a_cover_is_a_file_of_the_show(show):
    """podkit.toml names it, wherever it lies; other bytes of it are noticed."""
    text = SHOW.replace('language = "en"', 'language = "en"\nimage = "art/cover.jpg"')
    (show / "art").mkdir()
    for title in ("One", "Two"):
        (show / "art/cover.jpg").write_bytes(plain_cover(title, 1400))
        (show / "podkit.toml").write_text(text, encoding="utf-8")
        settle()
        assert made(show)
        assert not made(show)


def test_time_passes(show):
    """What comes out meanwhile is noticed, in whichever feed; so is a clock that was set back."""
    assert b"talk-3" not in feeds(show)["late.xml"]
    assert not made(show, NOW + timedelta(days=5))
    assert made(show, NOW + timedelta(days=6))
    assert b"talk-3" in feeds(show)["late.xml"]
    assert not made(show, NOW + timedelta(days=600))
    assert made(show, NOW)
    assert feeds(show) == fresh(show, NOW)


def test_what_was_changed_just_now_is_not_trusted(show):
    """A file may change twice within one tick of the clock: such a state is never remembered."""
    path = show / "episodes/talk-1/notes.md"
    ahead = time.time() + 3600
    os.utime(path, (ahead, ahead))
    assert made(show)
    assert made(show)


def test_a_byte_order_mark_hides_no_file(show):
    """As Windows editors write it; what podkit.toml names is looked at all the same."""
    (show / "podkit.toml").write_bytes(b"\xef\xbb\xbf" + SHOW.encode())
    settle()
    assert made(show)
    assert not made(show)
    (show / "about.txt").write_text("About another thing.", encoding="utf-8")
    settle()
    assert made(show)


def test_templates_are_followed_through_links(show, tmp_path):
    """As the templates themselves follow them, at any depth; a link into itself ends."""
    shared = tmp_path / "shared"
    shared.mkdir()
    (show / "templates/parts").mkdir(parents=True)
    os.symlink(shared, show / "templates/parts/linked")
    os.symlink(".", show / "templates/parts/itself")
    (show / "templates/credits.html").write_text("{% include 'parts/linked/end.html' %}", "utf-8")
    for word in ("One", "Two"):
        (shared / "end.html").write_text(f"<p>{word} end.</p>", encoding="utf-8")
        settle()
        assert made(show)
        assert f"{word} end.".encode() in feeds(show)["feed.xml"]
        assert not made(show)


def test_whole_seconds_are_trusted_later(show, monkeypatch):
    """Where a file system tells whole seconds only, a state is remembered seconds after a change."""
    plain = os.stat

    def coarse(path: Any, **more: Any) -> os.stat_result:
        found = plain(path, **more)
        whole = [*found][:10]
        return os.stat_result(
            whole, {"st_mtime_ns": whole[8] * 10**9, "st_ctime_ns": whole[9] * 10**9}
        )

    layout = open_show(show).layout
    settle()
    assert snapshot(layout).settled
    monkeypatch.setattr(os, "stat", coarse)
    assert not snapshot(layout).settled
    later = time.time_ns() + 5 * 10**9
    monkeypatch.setattr(time, "time_ns", lambda: later)
    assert snapshot(layout).settled


def test_a_locale_that_cannot_name_a_file_hides_none(show):
    """Every text in podkit.toml may be a path: one that the system cannot even name is no file."""
    (show / "podkit.toml").write_text(SHOW.replace("Settled", "Розмови"), encoding="utf-8")
    surroundings = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "podkit", "-C", show, "feed", "--json"],
        env=os.environ | surroundings, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "Розмови".encode() in feeds(show)["feed.xml"]


def test_members_feeds_are_always_made(show):
    """They are many and secret: nothing of them is kept in the cache."""
    text = SHOW + '[feeds.friends]\npath = "friends/{token}.xml"\nprivate = true\n'
    (show / "podkit.toml").write_text(text, encoding="utf-8")
    (show / ".podkit/cache" / NAME).unlink()
    settle()
    bring(show, opened=lambda: open_show(show), now=NOW)
    assert not (show / ".podkit/cache" / NAME).exists()


def test_a_snapshot_names_every_file(show):
    """Two looks at the same files are equal; a new folder's file makes another."""
    opened = open_show(show)
    one, two = snapshot(opened.layout), snapshot(opened.layout)
    assert one.digest == two.digest
    (show / "episodes/talk-1/more").mkdir()
    (show / "episodes/talk-1/more/picture.png").write_bytes(b"x")
    assert snapshot(opened.layout).digest != one.digest
