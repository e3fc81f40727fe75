"""Feeds with many episodes and every kind of tag, made by commands from records alone."""

from __future__ import annotations

import json
import shutil

import pytest
from whole_runs import REPOSITORY, answer, complaint, podkit

from podkit.feed.read import from_xml

SHOW = """\
[show]
title = "Archive"
description = "All of it."
language = "en"
timezone = "Europe/Kyiv"
author = "Desk"
owner = { name = "Desk", email = "desk@podcast.example" }
categories = ["News"]
explicit = false
image = "cover.jpg"
guid = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"
hub = "https://hub.example/"
podping = true
podroll = [{ feed_guid = "9b024349-ccf0-5f69-a609-6b82873eab3c", title = "Another" }]
spotify_limit = 3
spotify_country_of_origin = "ua"
people = ["host"]

[show.chat]
server = "irc.podcast.example"
protocol = "irc"

[show.value]
type = "lightning"
method = "keysend"
recipients = [{ address = "02abc", split = 100 }]

[[show.live_items]]
status = "pending"
start = 2036-06-01T18:00:00+03:00
title = "Live"
guid = "live-1"
enclosure = "https://podcast.example/stream.mp3"
people = ["host"]

[people.host]
name = "Olha"
role = "host"

[site]
url = "https://podcast.example/"

[feeds.main]
FEED
"""

EPISODE = """\
guid = "episode-{n}"
title = "Number {n}"
published = 2026-01-{n:02d}T06:00:00+02:00
number = {n}
content_links = ["https://video.example/{n}"]
social_interact = [{{ protocol = "disabled" }}]

[enclosure]
url = "https://media.example/{n}.mp3"
length = {n}000
type = "audio/mpeg"
duration = 60.0
"""


def archive(folder, feed="", episodes=5):
    """A show of episodes whose media lie elsewhere."""
    for number in range(1, episodes + 1):
        own = folder / "episodes" / f"number-{number}"
        own.mkdir(parents=True)
        (own / "episode.toml").write_text(EPISODE.format(n=number), encoding="utf-8")
        (own / "notes.md").write_text(f"The notes of {number}, **whole**.\n", encoding="utf-8")
    shutil.copy(REPOSITORY / "cover.jpg", folder)
    (folder / "podkit.toml").write_text(SHOW.replace("FEED", feed), encoding="utf-8")
    return folder


def spec(folder, name="feed.xml"):
    return from_xml((folder / "public" / name).read_bytes())


def test_tags_of_the_record_stand_in_the_feed(tmp_path):
    """What podkit.toml and episode.toml say of chats, payments, streams and others is in the feed."""
    folder = archive(tmp_path / "show")
    report = answer("-C", folder, "build")
    assert report["feeds"][0]["items"] == 5
    feed = spec(folder)
    assert feed.chat.server == "irc.podcast.example"
    assert feed.podping.uses_podping
    assert feed.podroll.remote_items[0].title == "Another"
    assert feed.value[0].recipients[0].split == 100
    assert (feed.spotify_limit, feed.spotify_country_of_origin) == (3, "ua")
    assert [(link.rel, link.href) for link in feed.links] == [("hub", "https://hub.example/")]
    (live,) = feed.live_items
    assert (live.title, live.guid.guid, live.people[0].name) == ("Live", "live-1", "Olha")
    assert feed.items[0].content_links[0].href == "https://video.example/5"
    assert feed.items[0].social_interact[0].protocol == "disabled"


def test_a_long_feed_lies_on_several_sheets(tmp_path):
    """RFC 5005: each sheet names the next and the previous; together they hold every episode once."""
    folder = archive(tmp_path / "show", "page_size = 2")
    report = answer("-C", folder, "build")
    assert report["feeds"][0]["items"] == 5
    sheets = [spec(folder, name) for name in ("feed.xml", "feed-2.xml", "feed-3.xml")]
    assert [[i.guid for i in s.items] for s in sheets] == [
        ["episode-5", "episode-4"],
        ["episode-3", "episode-2"],
        ["episode-1"],
    ]
    base = "https://podcast.example/feed"
    assert [s.self_url for s in sheets] == [f"{base}.xml", f"{base}-2.xml", f"{base}-3.xml"]
    links = [{link.rel: link.href for link in s.links} for s in sheets]
    assert [found.get("next") for found in links] == [f"{base}-2.xml", f"{base}-3.xml", None]
    assert [found.get("previous") for found in links] == [None, f"{base}.xml", f"{base}-2.xml"]
    assert {found["last"] for found in links} == {f"{base}-3.xml"}
    assert [len(s.live_items) for s in sheets] == [1, 0, 0]
    assert answer("-C", folder, "build")["changed"] is False


def test_sheets_are_published_and_none_vanishes(tmp_path):
    """All sheets are sent, the first one last; an episode on a later sheet is live, not gone."""
    folder = archive(tmp_path / "show", "page_size = 2")
    out = (tmp_path / "out").as_uri()
    report = answer("-C", folder, "publish", out)
    feeds = [move["path"] for move in report["done"] if move["stage"] == "feeds"]
    assert feeds == ["feed-2.xml", "feed-3.xml", "feed.xml"]
    (folder / "podkit.toml").write_text(SHOW.replace("FEED", ""), encoding="utf-8")
    assert answer("-C", folder, "publish", out)["failed"] == []
    (folder / "podkit.toml").write_text(SHOW.replace("FEED", "limit = 4"), encoding="utf-8")
    assert answer("-C", folder, "publish", out)["failed"] == []
    assert [i.guid for i in spec(folder).items][-1] == "episode-2"
    (folder / "episodes" / "number-4" / "episode.toml").unlink()
    (folder / "episodes" / "number-4" / "notes.md").unlink()
    refused = complaint("-C", folder, "publish", out, code=3)
    assert "PK901" in refused
    assert "episode-4" in refused


def test_the_channel_is_judged_once(tmp_path):
    """What is wrong with the show is found on the first sheet, not on each."""
    folder = archive(tmp_path / "show", "page_size = 2\nlanguage = 'xx-klingon'")
    found = [f for f in answer("-C", folder, "lint", code=3)["findings"] if f["code"] == "PK203"]
    assert [f["subject"] for f in found] == ["public/feed.xml"]


def test_the_sheets_of_a_shorter_feed_go(tmp_path):
    """`podkit feed` writes sheets as well, and takes away those that nothing leads to any more."""
    folder = archive(tmp_path / "show", "page_size = 1", episodes=3)
    assert answer("-C", folder, "feed")["feeds"][0]["changed"] is True
    assert (folder / "public" / "feed-3.xml").is_file()
    (folder / "podkit.toml").write_text(SHOW.replace("FEED", "page_size = 2"), encoding="utf-8")
    assert answer("-C", folder, "feed")["feeds"][0]["changed"] is True
    names = sorted(path.name for path in (folder / "public").glob("*.xml"))
    assert names == ["feed-2.xml", "feed.xml"]


def test_old_episodes_can_be_light(tmp_path):
    """`light_after`: older episodes keep title, description and sound, and leave out the notes."""
    folder = archive(tmp_path / "show", "light_after = 2")
    answer("-C", folder, "build")
    items = spec(folder).items
    assert [bool(item.content) for item in items] == [True, True, False, False, False]
    assert all(item.description and item.enclosure for item in items)


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ("limit = -1", "must be 0 (all) or more"),
        ('page_size = 2\n[feeds.other]\npath = "feed-2.xml"', "several sheets"),
    ],
)
def test_what_no_feed_can_be_is_refused(tmp_path, feed, said):
    """Negative numbers, and two feeds in one file, are faults of the record, with their key."""
    folder = archive(tmp_path / "show", feed, episodes=1)
    assert said in json.loads(complaint("-C", folder, "feed", "--json"))["error"]["message"]


def test_a_feed_elsewhere_replaces_only_a_feed(tmp_path):
    """`feed -o FILE` makes a file, writes over a feed or an empty one, and over nothing else."""
    folder = archive(tmp_path / "show")
    new, precious = tmp_path / "feed.xml", tmp_path / "thesis.txt"
    new.touch()
    for _ in range(2):
        podkit("-C", folder, "feed", "-o", new)
        assert from_xml(new.read_bytes()).title == "Archive"
    for content in ("my thesis", "<html><body>rss</body></html>", "<rss"):
        precious.write_text(content, encoding="utf-8")
        said = complaint("-C", folder, "feed", "-o", precious)
        assert "is no feed" in said
        assert "thesis.txt" in said
        assert precious.read_text(encoding="utf-8") == content
    for kept in ("podkit.toml", "cover.jpg"):
        before = (folder / kept).read_bytes()
        complaint("-C", folder, "feed", "-o", folder / kept)
        assert (folder / kept).read_bytes() == before
    assert "folder" in complaint("-C", folder, "feed", "-o", tmp_path)
    assert "mkdir" in complaint("-C", folder, "feed", "-o", tmp_path / "none/feed.xml")
