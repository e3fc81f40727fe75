"""A live feed that was cut off, or is gone: what was published last still guards those who follow it."""

from __future__ import annotations

import json
import shutil

import pytest
from test_whole_feeds import archive
from test_whole_guards import findings
from whole_runs import answer, complaint, make_show, tone, tree


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A show of three episodes, published, and its target."""
    root = tmp_path_factory.mktemp("cut")
    folder = archive(root / "show", episodes=3)
    answer("-C", folder, "publish", (root / "out").as_uri())
    return folder, root / "out"


@pytest.fixture
def live(published, tmp_path):
    """A private copy of it, published to a target of its own; the oldest episode is a draft now."""
    folder, out = tmp_path / "show", tmp_path / "out"
    shutil.copytree(published[0], folder)
    answer("-C", folder, "publish", out.as_uri())
    answer("-C", folder, "set", "number-1", "draft=true")
    return folder, out


def cut(path, mark: bytes, *, after: int = 0) -> None:
    """Cut a file off behind the first place of `mark`, and so many bytes further on."""
    content = path.read_bytes()
    path.write_bytes(content[: content.index(mark) + len(mark) + after])


@pytest.mark.parametrize(("mark", "after"), [(b"</item>", 0), (b"<guid", 30), (b"episode-3", -1)])
def test_a_feed_that_is_cut_off_is_no_whole_one(live, mark, after):
    """PK901 names the one that would vanish, and no other, wherever the live feed breaks off."""
    folder, out = live
    cut(out / "feed.xml", mark, after=after)
    before = tree(out)
    refused = json.loads(complaint("-C", folder, "publish", out.as_uri(), "--json", code=3))
    assert refused["error"]["message"].count("PK901") == 1
    assert "number-1 is held back (draft)" in refused["error"]["message"]
    assert tree(out) == before
    answer("-C", folder, "set", "number-1", "draft=false")
    done = answer("-C", folder, "publish", out.as_uri())
    assert findings(done, "PK304", "PK901", "PK905", "PK908", "PK910") == []
    assert (out / "feed.xml").read_bytes().count(b"</item>") == 3


def test_a_cut_feed_that_nobody_remembers(live):
    """What can be read of it guards; that this may not be all is told."""
    folder, out = live
    shutil.rmtree(folder / ".podkit/published")
    cut(out / "feed.xml", b"</item>")
    (told,) = findings(answer("-C", folder, "publish", out.as_uri(), "-n"), "PK901")
    assert told["severity"] == "warning"
    assert "may have lost something" in told["message"]
    answer("-C", folder, "set", "number-3", "draft=true")
    found = findings(answer("-C", folder, "publish", out.as_uri(), "-n", code=3), "PK901")
    assert sorted(f["severity"] for f in found) == ["error", "warning"]


def test_a_feed_that_is_gone(live):
    """What was published last guards in its place; --allow-removal lets the episode go as ever."""
    folder, out = live
    (out / "feed.xml").unlink()
    before = tree(out)
    assert "PK901" in complaint("-C", folder, "publish", out.as_uri(), code=3)
    assert tree(out) == before
    done = answer("-C", folder, "publish", out.as_uri(), "--allow-removal")
    assert [f["severity"] for f in findings(done, "PK901")] == ["info"]
    assert (out / "feed.xml").read_bytes().count(b"</item>") == 2


def test_a_sheet_that_is_gone(tmp_path):
    """The episodes of a later sheet that the target lost are still live to those who follow it."""
    folder, out = archive(tmp_path / "show", "page_size = 2", episodes=4), tmp_path / "out"
    answer("-C", folder, "publish", out.as_uri())
    (out / "feed-2.xml").unlink()
    answer("-C", folder, "set", "number-1", "draft=true")
    assert "number-1 is held back" in complaint("-C", folder, "publish", out.as_uri(), code=3)


def test_damaged_media_of_a_live_episode_whose_feed_is_cut(tmp_path):
    """PK902 stops: it is not held back as one that nobody has yet."""
    folder, out = make_show(tmp_path / "show"), tmp_path / "out"
    for number, name in enumerate(("first", "second"), 1):
        sound = tone(tmp_path / f"{name}.wav", number)
        answer("-C", folder, "add", sound, "--published", f"2026-11-0{number}")
    answer("-C", folder, "publish", out.as_uri())
    cut(out / "feed.xml", b"</item>")
    for place in (folder / "public/media", out / "media"):
        (path,) = place.glob("first-*.mp3")
        with path.open("r+b") as stream:
            stream.seek(path.stat().st_size // 2)
            stream.write(b"\xff" * 64)
    said = complaint("-C", folder, "publish", out.as_uri(), code=3)
    assert "PK902 first" in said
