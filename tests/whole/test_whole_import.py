"""A feed becomes a show, and the show becomes the same feed again."""

from __future__ import annotations

import io
from pathlib import Path

import podcastparser
import pytest
from whole_runs import answer, complaint, podkit, tree

from podkit.feed.read import from_xml

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:other="https://other.example/ns"
 xmlns:psc="http://podlove.org/simple-chapters" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>Лапки &amp; хвости</title><link>https://podcast.example/</link>
<atom:link rel="self" href="https://podcast.example/feed.xml"/>
<atom:link rel="hub" href="https://hub.example/"/>
<description>All of it.</description><language>uk</language>
<itunes:author>Desk</itunes:author><itunes:explicit>no</itunes:explicit>
<itunes:category text="News"><itunes:category text="Politics"/></itunes:category>
<itunes:image href="https://podcast.example/cover.jpg"/>
<podcast:guid>ead4c236-bf58-58c6-a2c6-a6b28d128cb6</podcast:guid>
<podcast:funding url="https://podcast.example/give">Give</podcast:funding>
<other:mood level="3">calm</other:mood>
<item>
<title>Second</title><guid isPermaLink="true">https://podcast.example/2</guid>
<link>https://podcast.example/2</link>
<pubDate>Tue, 10 Nov 2026 06:00:00 +0200</pubDate>
<description>&lt;p&gt;Read &lt;a href="https://e.example/x"&gt;this&lt;/a&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;&lt;p&gt;and that&lt;/p&gt;</description>
<enclosure url="https://media.example/2.mp3?a=1&amp;b=2" length="2222" type="audio/mpeg"/>
<itunes:duration>1:02:03</itunes:duration><itunes:season>2</itunes:season><itunes:episode>7</itunes:episode>
<itunes:episodeType>bonus</itunes:episodeType><itunes:image href="https://podcast.example/2.jpg"/>
<podcast:person role="guest" href="https://olha.example/">Olha</podcast:person>
<podcast:transcript url="https://podcast.example/2.vtt" type="text/vtt" language="uk"/>
<podcast:chapters url="https://podcast.example/2.json" type="application/json+chapters"/>
<other:mood level="9"/>
</item>
<item>
<title>First</title><guid isPermaLink="false"> tag:1 </guid>
<pubDate>Mon, 09 Nov 2026 06:00:00 GMT</pubDate>
<enclosure url="https://media.example/1.m4a" length="1111" type="audio/x-m4a"/>
<podcast:person>Olha</podcast:person>
</item>
</channel></rss>
"""


@pytest.fixture
def feed(tmp_path: Path) -> Path:
    """The feed as a file."""
    path = tmp_path / "old.xml"
    path.write_text(FEED, encoding="utf-8")
    return path


def test_no_media(feed: Path, tmp_path: Path) -> None:
    """Without media every episode keeps GUID, title, date, sound, and what podkit does not know."""
    folder = tmp_path / "show"
    report = answer("import", feed, folder, "--no-media")
    assert report["created"]
    assert [one["media"] for one in report["added"]] == ["referenced"] * 2
    assert not report["failed"]
    podkit("-C", folder, "build")
    old, new = from_xml(FEED.encode()), from_xml((folder / "public/feed.xml").read_bytes())
    fields = ("title", "link", "self_url", "language", "author", "categories", "image", "guid")
    for name in (*fields, "funding", "links", "extra"):
        assert getattr(new, name) == getattr(old, name), name
    fields = ("title", "guid", "guid_permalink", "published", "enclosure", "duration", "season")
    more = ("episode", "image", "people", "transcripts", "chapters", "extra")
    for before, after in zip(old.items, new.items, strict=True):
        for name in (*fields, *more):
            assert getattr(after, name) == getattr(before, name), name
    notes = (folder / "episodes/second/notes.md").read_text(encoding="utf-8")
    assert notes == "Read [this](<https://e.example/x>)\n\nand that\n"
    found = answer("-C", folder, "diff", feed, "--exit-code")
    assert not found["added"]
    assert not found["removed"]
    assert not found["guid_changes"]
    # podkit gives an episode without a page one of its own, and no other field differs
    assert {one["field"] for one in found["changed"]} <= {"link"}


def test_a_relative_guid_keeps_its_base(tmp_path: Path) -> None:
    """What readers complete by xml:base is read as before by those who do, and by those who do not."""
    base = "https://podcast.example/show/"
    feed = tmp_path / "old.xml"
    feed.write_text(
        f'<rss version="2.0" xml:base="{base}"><channel><title>Based</title>'
        '<item><title>One</title><guid isPermaLink="true">episode/1/</guid>'
        '<enclosure url="media/1.mp3" length="1" type="audio/mpeg"/></item></channel></rss>'
    )
    answer("import", feed, tmp_path / "show", "--no-media")
    again = podkit("-C", tmp_path / "show", "feed", "-o", "-").encode()
    (item,) = from_xml(again).items
    assert (item.guid, item.guid_permalink) == ("episode/1/", True)
    assert item.enclosure is not None
    assert item.enclosure.url == f"{base}media/1.mp3"
    for content in (feed.read_bytes(), again):
        read = podcastparser.parse("https://elsewhere.example/feed.xml", io.BytesIO(content))
        assert read["episodes"][0]["guid"] == f"{base}episode/1/"


def test_second_import_takes_what_is_new(feed: Path, tmp_path: Path) -> None:
    """A second import changes no byte of what is there, whatever a person wrote; news come in."""
    folder = tmp_path / "show"
    podkit("import", feed, folder, "--no-media")
    record = folder / "episodes/first/episode.toml"
    record.write_text(record.read_text().replace('"First"', '"Mine" # my own'), encoding="utf-8")
    before = tree(folder)
    again = answer("import", feed, folder, "--no-media")
    assert [one["episode"] for one in again["skipped"]] == ["second", "first"]
    assert not again["added"]
    assert not again["created"]
    assert tree(folder) == before
    third = FEED.replace(
        "<item>",
        "<item><title>Third</title><guid>3</guid><pubDate>Wed, 11 Nov 2026 06:00:00 GMT</pubDate>"
        '<enclosure url="https://media.example/3.mp3" length="3" type="audio/mpeg"/></item><item>',
        1,
    )
    feed.write_text(third, encoding="utf-8")
    plan = answer("-C", folder, "import", feed, "--no-media", "-n")
    assert [one["subject"] for one in plan["plan"]] == ["third"]
    assert tree(folder) == before
    news = answer("-C", folder, "import", feed, "--no-media")
    assert [one["slug"] for one in news["added"]] == ["third"]
    assert {
        name: content for name, content in tree(folder).items() if "third" not in name
    } == before


def test_broken_items(feed: Path, tmp_path: Path) -> None:
    """Of a broken feed the sound items are taken, and for the others it is said why."""
    broken = FEED.replace(
        "<pubDate>Mon, 09 Nov 2026 06:00:00 GMT</pubDate>", "<pubDate>soon</pubDate>"
    )
    broken = broken.replace(
        "</channel>",
        "<item><title>Twice</title><guid>tag:1</guid>"
        '<enclosure url="https://media.example/t.mp3" length="1" type="audio/mpeg"/></item>'
        '<item><title>Bad</title><guid>bad</guid><enclosure url="file:///etc/passwd" length="1"'
        ' type="audio/mpeg"/><link>javascript:alert(1)</link></item></channel>',
    )
    feed.write_text(broken, encoding="utf-8")
    report = answer("import", feed, tmp_path / "show", "--no-media", code=4)
    assert [one["subject"] for one in report["failed"]] == ["Twice"]
    assert [one["slug"] for one in report["added"]] == ["second", "first", "bad"]
    fates = {(one["episode"], one["field"]): one["fate"] for one in report["details"]}
    assert fates["bad", "enclosure"] == "lost"
    assert fates["bad", "link"] == "lost"
    assert fates["first", "published"] == "changed"
    podkit("-C", tmp_path / "show", "build")
    text = (tmp_path / "show/public/feed.xml").read_text(encoding="utf-8")
    assert "javascript:" not in text
    assert "passwd" not in text


def test_refusals(feed: Path, tmp_path: Path) -> None:
    """Each says what is wrong: a DOCTYPE, no feed, another scheme, a private host."""
    hostile = tmp_path / "hostile.xml"
    hostile.write_text('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><rss>&e;</rss>')
    assert "DOCTYPE" in complaint("import", hostile, tmp_path / "a")
    assert "no http or https" in complaint("import", "file:///etc/passwd", tmp_path / "a")
    assert "private network" in complaint("import", "http://10.1.2.3/feed", tmp_path / "a")
    assert "No such file" in complaint("import", tmp_path / "none.xml", tmp_path / "a")
    assert not (tmp_path / "a").exists()
    page = tmp_path / "page.html"
    page.write_text(
        "<!DOCTYPE html><html><head><link rel='alternate' type='application/rss+xml'"
        " href='https://show.example/feed.xml'></head></html>"
    )
    assert "its feed is https://show.example/feed.xml" in complaint("import", page, tmp_path / "a")
    page.write_bytes(b"\xff\xd8\xff\xe0 a picture")
    assert "no feed" in complaint("import", page, tmp_path / "a")
    assert not (tmp_path / "a").exists()
    podkit("import", feed, tmp_path / "show", "--no-media")
    assert "not built" in complaint("-C", tmp_path / "show", "diff", feed)


def test_diff_in_words(feed: Path, tmp_path: Path) -> None:
    """What is gone, new, changed, and one audio under two GUIDs; it ends with 3 when asked."""
    folder = tmp_path / "show"
    podkit("import", feed, folder, "--no-media")
    podkit("-C", folder, "build")
    live = FEED.replace("tag:1", "tag:other").replace("<title>Second<", "<title>Old name<")
    feed.write_text(live.replace("2222", "2220"), encoding="utf-8")
    report = answer("-C", folder, "diff", feed, "--exit-code", code=3)
    assert report["guid_changes"] == [
        {"live": "tag:other", "built": "tag:1", "title": "First", "reason": "the same audio"}
    ]
    changed = {one["field"]: (one["live"], one["built"]) for one in report["changed"]}
    assert changed["title"] == ("Old name", "Second")
    assert changed["enclosure.length"] == ("2220", "2222")
    text = podkit("-C", folder, "diff", feed)
    assert "apps will download it again" in text


def test_diff_of_many_in_one_line(tmp_path: Path) -> None:
    """What changed alike in many episodes is told once, and with -v of each."""
    items = "".join(
        f"<item><title>N {n}</title><link>https://show.example/</link>"
        f'<enclosure url="https://m.example/{n}.mp3" type="audio/mpeg"/></item>'
        for n in range(12)
    )
    old = tmp_path / "old.xml"
    old.write_text(
        f"<rss><channel><title>T</title><link>https://show.example/</link>{items}</channel></rss>",
        encoding="utf-8",
    )
    folder = tmp_path / "show"
    assert len(answer("import", old, folder, "--no-media")["added"]) == 12
    podkit("-C", folder, "build")
    lines = podkit("-C", folder, "diff", old, "--exit-code").splitlines()
    assert [line for line in lines if "episodes: date" in line] == [
        line for line in lines if line.startswith("changed: 12 episodes: date, such as N ")
    ]
    assert not any(line.startswith(("new:", "gone:", "changed: N ")) for line in lines)
    assert (
        sum(": date:" in line for line in podkit("-C", folder, "diff", old, "-v").splitlines())
        == 12
    )


WORDS = "Hello, see our site. one two"
MARKED = """<p>Hello, see <a href="https://site.example/">our site</a>.</p><ul><li>one</li>
<li>two</li></ul>"""


@pytest.mark.parametrize(
    ("content", "description"),
    [(MARKED, WORDS), (WORDS, MARKED), (MARKED, MARKED), (MARKED, WORDS + " three")],
)
def test_no_link_is_lost_to_a_text_of_the_same_words(tmp_path, content, description):
    """Many hosts give the same words twice, with markup and without it: the markup is the notes."""
    item = (
        f"<title>A</title><guid>a</guid><description><![CDATA[{description}]]></description>"
        f"<c:encoded><![CDATA[{content}]]></c:encoded>"
        '<enclosure url="https://media.example/a.mp3" length="1" type="audio/mpeg"/>'
    )
    (tmp_path / "feed.xml").write_text(
        '<rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>T</title><description>d</description><item>{item}</item></channel></rss>"
    )
    report = answer("import", tmp_path / "feed.xml", tmp_path / "show", "--no-media")
    notes = (tmp_path / "show/episodes/a/notes.md").read_text("utf-8")
    assert "[our site](<https://site.example/>)" in notes
    assert "- one\n- two" in notes
    lost = [d["field"] for d in report["details"] if d["fate"] == "lost"]
    assert lost == []
    if "three" in description:
        assert "three" in (tmp_path / "show/episodes/a/episode.toml").read_text("utf-8")


def test_notes_and_description_are_kept(tmp_path: Path) -> None:
    """What only one of an item's texts says is in the notes or in the summary, links and all."""
    (tmp_path / "old.xml").write_text(
        """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
        <title>T</title><link>https://show.example/</link><description>d</description>
        <item><title>A</title><guid>a</guid><link>https://show.example/a/</link>
        <description>Only here &amp;amp; nowhere else</description>
        <content:encoded><![CDATA[<div>One</div><div>Two <a href="/x">x</a></div>
        <iframe src="https://video.example/e"></iframe>]]></content:encoded></item>
        <item><title>B</title><guid>b</guid><description>The first words of the\u2026</description>
        <content:encoded>&lt;p&gt;The first words of them all&lt;/p&gt;</content:encoded></item>
        <item><title>C</title><guid>c</guid>
        <description><![CDATA[<p>Short, and <a href="https://e.example/">long</a></p>]]></description>
        <content:encoded>Short, and</content:encoded></item>
        </channel></rss>""",
        encoding="utf-8",
    )
    report = answer("import", tmp_path / "old.xml", tmp_path / "show", "--no-media")
    shown = {slug: answer("-C", tmp_path / "show", "show", slug) for slug in "abc"}
    assert shown["a"]["notes"] == (
        "One\n\nTwo [x](<https://show.example/x>)\n\n<https://video.example/e>\n"
    )
    assert shown["a"]["summary"] == "Only here & nowhere else"
    assert shown["b"]["summary"] == ""
    assert shown["c"]["notes"] == "Short, and [long](<https://e.example/>)\n"
    changed = [(d["episode"], d["field"]) for d in report["details"] if d["fate"] == "changed"]
    assert {("a", "notes"), ("a", "description")} <= set(changed)
    assert not {("b", "description"), ("c", "description")} & set(changed)


def test_what_nobody_can_read_is_told(tmp_path: Path) -> None:
    """A date, a duration or a number in words is lost, and the report quotes it."""
    (tmp_path / "old.xml").write_text(
        """<rss xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><title>T</title>
        <item><title>A</title><guid>a</guid><pubDate>last week</pubDate>
        <itunes:duration>PT5M</itunes:duration><itunes:episode>third</itunes:episode>
        <itunes:season>two</itunes:season><itunes:season>2</itunes:season></item>
        <item><title>B</title><guid>b</guid><itunes:duration/></item></channel></rss>""",
        encoding="utf-8",
    )
    report = answer("import", tmp_path / "old.xml", tmp_path / "show", "--no-media")
    why = {(d["episode"], d["field"]): (d["fate"], d["why"]) for d in report["details"]}
    assert why["a", "published"][1].startswith("its date 'last week' cannot be read")
    assert why["a", "duration"] == ("lost", "'PT5M' cannot be read")
    assert why["a", "episode"] == ("lost", "'third' cannot be read")
    assert ("a", "season") not in why
    assert why["b", "published"][1].startswith("the feed gives no date")
    assert ("b", "duration") not in why


def test_two_shows_are_not_mixed_by_chance(feed: Path, tmp_path: Path) -> None:
    """Standing in another show is not enough to take a feed into it; naming its folder is."""
    podkit("import", feed, tmp_path / "mine", "--no-media")
    other = tmp_path / "other.xml"
    other.write_text(
        "<rss><channel><title>Other</title><item><title>X</title><guid>x</guid></item></channel></rss>"
    )
    said = complaint("-C", tmp_path / "mine", "import", other, "--no-media")
    assert "has no episode of that feed" in said
    assert f"podkit import {other} DIR" in said
    assert len(answer("-C", tmp_path / "mine", "list")["episodes"]) == 2
    report = answer("import", other, tmp_path / "mine", "--no-media")
    assert [one["guid"] for one in report["added"]] == ["x"]
