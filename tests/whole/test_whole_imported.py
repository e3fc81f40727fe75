"""An imported show goes to its new host whole or not at all: its listeners have every episode already."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from whole_runs import answer, complaint

ITEM = """
<item><title>Part of {word}</title><guid isPermaLink="false">part-{n}</guid>
<pubDate>0{n} Nov 2026 06:00:00 +0000</pubDate><description>About {word}.</description>
<enclosure url="https://media.example/{n}.mp3" length="1000" type="audio/mpeg"/>
<itunes:duration>60</itunes:duration>{number}</item>"""
FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>
<title>A serial</title><link>https://old.example/</link><description>Told in parts.</description>
<language>en</language><itunes:type>serial</itunes:type><itunes:explicit>false</itunes:explicit>
<itunes:author>The editors</itunes:author><itunes:category text="News"/>
<itunes:image href="https://old.example/cover.jpg"/>{items}</channel></rss>"""


@pytest.fixture
def show(tmp_path: Path) -> Path:
    """A serial of three parts from another host; Apple wants numbers, and only the third has one."""
    items = "".join(
        ITEM.format(n=n, word=word, number="<itunes:episode>3</itunes:episode>" * (n == 3))
        for n, word in enumerate(("rain", "snow", "sun"), start=1)
    )
    (tmp_path / "feed.xml").write_text(FEED.format(items=items), encoding="utf-8")
    folder = tmp_path / "show"
    answer("import", tmp_path / "feed.xml", folder, "--no-media")
    with (folder / "podkit.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[publish.default]\nurl = "file:../out"\n')
    return folder


def live(show: Path) -> list[str]:
    """The GUIDs at the target, oldest first."""
    feed = show.parent / "out/feed.xml"
    return sorted(re.findall(r"part-\d", feed.read_text("utf-8"))) if feed.exists() else []


def test_no_imported_episode_is_left_out_for_an_error(show):
    """Lint's errors stop the move instead, and it says how it goes on."""
    said = complaint("-C", show, "publish", code=3)
    assert "PK215" in said
    assert "never left out" in said
    assert live(show) == []
    answer("-C", show, "publish", "--ignore", "PK215")
    assert live(show) == ["part-1", "part-2", "part-3"]


def test_an_imported_episode_that_cannot_be_built_stops_the_move(show):
    """Planned or real; a person may let it go, and one that is new is held back alone as ever."""
    for number in (1, 2):
        answer("-C", show, "set", f"part-of-{('', 'rain', 'snow')[number]}", f"number={number}")
    record = show / "episodes/part-of-snow/episode.toml"
    whole = record.read_text("utf-8")
    record.write_text('image = "gone.jpg"\n' + whole, encoding="utf-8")
    for words in (["-n"], []):
        said = complaint("-C", show, "publish", *words, code=3)
        assert "PK901" in said
        assert "part-of-snow" in said
        assert live(show) == []
    report = answer("-C", show, "publish", "--allow-removal", code=4)
    assert [one["slug"] for one in report["held"]] == ["part-of-snow"]
    assert live(show) == ["part-1", "part-3"]
    record.write_text(whole, encoding="utf-8")
    answer("-C", show, "publish")
    assert live(show) == ["part-1", "part-2", "part-3"]


def test_a_new_episode_beside_them_is_held_alone(show):
    """What nobody has yet may wait; the move goes on."""
    for number in (1, 2):
        answer("-C", show, "set", f"part-of-{('', 'rain', 'snow')[number]}", f"number={number}")
    folder = show / "episodes/new"
    folder.mkdir()
    text = (show / "episodes/part-of-sun/episode.toml").read_text("utf-8")
    text = text.replace("part-3", "part-4").replace("imported = true\n", "")
    (folder / "episode.toml").write_text('image = "gone.jpg"\n' + text, encoding="utf-8")
    report = answer("-C", show, "publish", code=4)
    assert [one["slug"] for one in report["held"]] == ["new"]
    assert live(show) == ["part-1", "part-2", "part-3"]


def test_broken_feeds_are_no_fault_of_podkit(tmp_path: Path) -> None:
    """A prefix that one item only declares, a cut in such a tag, and the last second there is."""
    named = '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">A</content:encoded>'
    feed = tmp_path / "old.xml"
    for number, (first, end) in enumerate(
        [
            (named, "<content:encoded>B</content:encoded></item></channel></rss>"),
            (named, "<content:encoded>B"),
            ("", "<pubDate>Fri, 31 Dec 9999 23:59:59 GMT</pubDate></item></channel></rss>"),
            ("", "<pubDate>Fri, 31 Dec 9999 23:59:59 +0300</pubDate></item></channel></rss>"),
        ]
    ):
        items = f"<item><title>One</title><guid>1</guid>{first}</item><item><guid>2</guid>{end}"
        feed.write_text(f"<rss version='2.0'><channel><title>Odd</title>{items}")
        report = answer("import", feed, tmp_path / f"show-{number}", "--no-media")
        assert [one["guid"] for one in report["added"]] == ["1", "2"]
        listed = answer("-C", tmp_path / f"show-{number}", "list")["episodes"]
        assert len(listed) == 2
