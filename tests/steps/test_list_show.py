"""`list` and `show` tell what is on disk, and what follows from it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from shows import SHOW, add_episode, make_show

from podkit.errors import FileError
from podkit.model.loudness import Loudness
from podkit.model.rendition import Rendition
from podkit.steps.list_show import describe, list_episodes
from podkit.steps.open_show import OpenShow, open_show
from podkit.steps.stale import stale_presets
from podkit.workspace import renditions_file

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def show(tmp_path) -> OpenShow:
    layout = make_show(tmp_path, SHOW.replace("[site]", 'categories = ["News > Politics"]\n[site]'))
    folder = add_episode(layout, "energy", published="2026-11-20")
    (folder / "master.wav").write_bytes(b"0123456789")
    made = Rendition(
        preset="mp3",
        master="main",
        file="energy-0a1b2c3d.mp3",
        bytes=5,
        sha256="0a1b",
        mime="audio/mpeg",
        duration=61.5,
        loudness=Loudness(integrated=-16.0),
    )
    (folder / "renditions.toml").write_text(renditions_file.render({"mp3": made}))
    add_episode(layout, "talks", number=2, published="2026-12-04")
    return open_show(tmp_path)


def test_a_line_for_each_episode(show):
    """Newest first, with status, length and what is stale."""
    listed = list_episodes(show, now=NOW, stale=lambda e: ("mp3",) * (e.slug == "talks")).episodes
    assert [(e.slug, e.status, e.stale) for e in listed] == [
        ("talks", "scheduled", ("mp3",)),
        ("energy", "published", ()),
    ]
    assert (listed[1].guid, listed[1].title, listed[1].number) == ("guid-energy", "Energy", 1.0)
    assert (listed[1].duration, listed[1].type, listed[1].season) == (61.5, "full", 1)


def test_everything_of_an_episode(show):
    """The record under its own keys, and under `derived` what no person wrote."""
    told = describe(show, show.episode("energy"), now=NOW, stale=lambda _: ("m4a",))
    assert json.loads(json.dumps(told)) == told
    assert told["guid"] == "guid-energy"
    assert told["people"][1]["role"] == "guest"
    assert told["masters"]["main"]["file"] == "master.wav"
    assert told["published"] == "2026-11-20T06:00:00+02:00"
    derived = told["derived"]
    assert derived["status"] == "published"
    assert derived["page"] == "https://podcast.example/ui/energy/"
    assert derived["stale"] == ["m4a"]
    assert derived["renditions"][0]["url"] == (
        "https://podcast.example/ui/media/energy-0a1b2c3d.mp3"
    )
    assert derived["renditions"][0]["loudness"]["integrated"] == -16.0
    assert {"name": "master.wav", "bytes": 10} in derived["files"]


def test_everything_of_the_show(show):
    """podkit.toml's tables, and how many episodes stand where."""
    told = describe(show, None, now=NOW, stale=lambda _: ())
    assert json.loads(json.dumps(told)) == told
    assert told["show"]["categories"] == ["News > Politics"]
    assert told["show"]["release_time"] == "06:00:00"
    assert told["derived"]["episodes"] == {"published": 1, "scheduled": 1, "draft": 0}
    assert told["derived"]["feeds"] == [
        {"name": "main", "path": "feed.xml", "url": "https://podcast.example/ui/feed.xml"}
    ]


def test_what_was_published_is_not_stale_whatever_is_missing(show):
    """A build leaves it alone; so a lost picture of one episode does not hide the list of all."""
    record = show.layout.record("energy")
    record.write_text('image = "lost.jpg"\n' + record.read_text())
    assert stale_after(show, published=NOW) == ()
    with pytest.raises(FileError, match=r"lost\.jpg"):
        stale_after(show, published=None)


def stale_after(show, *, published):
    """What is stale of the episode once its rendition was published, or not."""
    made = replace(show.renditions["energy"]["mp3"], published=published)
    path = show.layout.renditions("energy")
    path.write_text(renditions_file.render({"mp3": made}))
    fresh = open_show(show.layout.root)
    return stale_presets(fresh, fresh.episode("energy"))


def test_a_folder_without_a_record_is_told(show):
    """It looks like an episode and is none; files and hidden folders are nobody's business."""
    episodes = show.layout.episodes
    (episodes / "lost").mkdir()
    (episodes / ".git").mkdir()
    (episodes / "read-me.txt").write_text("notes")
    listed = list_episodes(show, now=NOW, stale=lambda _: ())
    assert listed.warnings == ("episodes/lost has no episode.toml, so it is no episode",)
    assert {one.slug for one in listed.episodes} == {"energy", "talks"}
