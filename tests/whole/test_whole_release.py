"""Who hears what, and when: early, late, ad-free, in one language; by whole commands."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from members_shows import MEMBERS, guids, of, run, tokens
from test_whole_feeds import archive
from whole_runs import make_show, podkit, tone, tree

from podkit.artwork.draw import plain_cover
from podkit.feed.read import from_xml


@pytest.fixture
def show(tmp_path):
    """Five episodes of January 2026, a public feed and one for members."""
    return archive(tmp_path / "show", MEMBERS)


def test_members_have_it_early_and_keep_its_date(show):
    """Early: in the members' feed 48 h before, in nothing public; the date stays when all have it."""
    text = (show / "podkit.toml").read_text("utf-8")
    (show / "podkit.toml").write_text(text + 'early = "48h"\n', encoding="utf-8")
    podkit("-C", show, "members", "add", "anna")
    token = tokens(show)["anna"]
    podkit("-C", show, "build", "--now", "2026-01-03 05:59")
    assert guids(of(show, token)) == ["episode-4", "episode-3", "episode-2", "episode-1"]
    built = run(show, "build", "--now", "2026-01-03 06:00")
    assert built["held"] == []
    early = of(show, token)
    assert guids(early)[0] == "episode-5"
    assert early.items[0].published == datetime.fromisoformat("2026-01-03T06:00:00+02:00")
    assert early.built == early.items[0].published
    assert early.items[0].link == "https://podcast.example/"
    public = {n: c for n, c in tree(show / "public").items() if not n.startswith("members/")}
    assert [n for n, c in public.items() if b"episode-5" in c or b"Number 5" in c] == []
    assert not [n for n in public if n.startswith("number-5")]
    podkit("-C", show, "build", "--now", "2026-01-05 06:00")
    later = of(show, token)
    assert [(i.guid, i.published) for i in later.items] == [
        (i.guid, i.published) for i in early.items
    ]
    assert later.items[0].link == "https://podcast.example/number-5/"
    (everybody, *_) = from_xml((show / "public/feed.xml").read_bytes()).items
    assert everybody.published == early.items[0].published + timedelta(hours=48)


def test_a_delayed_feed_comes_later_and_status_knows_when(show):
    """A feed with a delay names each episode that much later, under the date at which it came."""
    late = MEMBERS + 'early = "1 day"\n[feeds.late]\npath = "late.xml"\ndelay = "1 week"\n'
    archive(show / "other", late)
    show = show / "other"
    moment = (datetime.now().astimezone() - timedelta(days=3)).replace(microsecond=0)
    record = show / "episodes/number-5/episode.toml"
    text = record.read_text("utf-8").replace("2026-01-05T06:00:00+02:00", moment.isoformat())
    record.write_text(text, encoding="utf-8")
    podkit("-C", show, "build")
    assert len(from_xml((show / "public/feed.xml").read_bytes()).items) == 5
    assert "episode-5" not in guids(from_xml((show / "public/late.xml").read_bytes()))
    due = datetime.fromisoformat(run(show, "status")["next_due"])
    assert due == moment + timedelta(weeks=1)
    published = run(show, "publish", "file:out")
    assert datetime.fromisoformat(published["next_due"]) == due
    after = (due + timedelta(seconds=1)).isoformat()
    podkit("-C", show, "build", "--now", after)
    (newest, *_) = from_xml((show / "public/late.xml").read_bytes()).items
    assert (newest.guid, newest.published) == ("episode-5", due)


@pytest.mark.long
def test_members_hear_the_master_without_ads(tmp_path):
    """The ad-free one where there is one, else the usual file; early media lie there, and nothing tells of them."""
    show = make_show(tmp_path / "show")
    text = (show / "podkit.toml").read_text("utf-8")
    feeds = MEMBERS.removeprefix('path = "feed.xml"\n') + 'master = "adfree"\nearly = "2 days"\n'
    (show / "podkit.toml").write_text(
        text.replace("[media]\n", '[media]\nprefixes = ["https://count.example/e"]\n') + feeds,
        encoding="utf-8",
    )
    podkit("-C", show, "members", "add", "anna")
    text = tmp_path / "said.vtt"
    text.write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nA secret plan.\n", encoding="utf-8")
    first, second = tone(tmp_path / "one.wav", 2), tone(tmp_path / "two.wav", 3)
    short = tone(tmp_path / "short.wav", 1)
    podkit("-C", show, "add", first, "--title", "One", "--published", "2026-01-01")
    podkit(
        *("-C", show, "add", second, "--title", "Two", "--published", "2026-02-01"),
        *("--transcript", text),
    )
    podkit("-C", show, "attach", "two", short, "--as", "adfree")
    podkit("-C", show, "build", "--now", "2026-01-31")
    token = tokens(show)["anna"]
    two, one = of(show, token).items
    (public,) = from_xml((show / "public/feed.xml").read_bytes()).items
    assert two.enclosure.url.startswith("https://media.example/show/two-")
    assert public.enclosure.url == one.enclosure.url.replace("https://", "https://count.example/e/")
    assert (round(one.duration), round(two.duration)) == (2, 1)
    assert two.transcripts == ()
    there = tree(show / "public")
    name = two.enclosure.url.rpartition("/")[2]
    assert len(there[f"media/{name}"]) == two.enclosure.length
    open_ = {n: c for n, c in there.items() if not n.startswith(("members/", "media/"))}
    assert [n for n, c in open_.items() if name.encode() in c or b"secret plan" in c] == []
    assert not [n for n in open_ if "two" in n]
    podkit("-C", show, "build", "--now", "2026-02-02")
    two, one = of(show, token).items
    assert [link.url for link in two.transcripts] == [
        "https://podcast.example/show/two/transcript.vtt"
    ]
    public, _ = from_xml((show / "public/feed.xml").read_bytes()).items
    assert round(public.duration) == 3
    pages = {n: c for n, c in tree(show / "public").items() if n.endswith((".html", "/feed.xml"))}
    assert [n for n, c in pages.items() if name.encode() in c or token.encode() in c] == []
    assert run(show, "lint")["counts"]["error"] == 0


@pytest.mark.long
def test_a_show_in_two_languages(tmp_path):
    """A feed of one language takes what is spoken in it: whole episodes, and dubbed masters."""
    feeds = (
        'only_language = "en"\n[feeds.uk]\npath = "uk.xml"\nonly_language = "uk"\n'
        'language = "uk"\ntitle = "Архів"\nimage = "обкладинка.jpg"\n'
    )
    show = archive(tmp_path / "show", feeds, episodes=3)
    (show / "обкладинка.jpg").write_bytes(plain_cover("Архів"))
    podkit("-C", show, "set", "number-2", "language=uk")
    podkit("-C", show, "set", "number-3", "language=uk-UA")
    english, dubbed = tone(tmp_path / "english.wav", 2), tone(tmp_path / "dubbed.wav", 1)
    podkit("-C", show, "add", english, "--title", "Both", "--published", "2026-02-01")
    podkit("-C", show, "attach", "both", dubbed, "--as", "ukrainian", "--language", "uk")
    podkit("-C", show, "build")
    main = from_xml((show / "public/feed.xml").read_bytes())
    other = from_xml((show / "public/uk.xml").read_bytes())
    assert [i.title for i in main.items] == ["Both", "Number 1"]
    assert [i.title for i in other.items] == ["Both", "Number 3", "Number 2"]
    assert {f.image.rpartition("-")[0] for f in (main, other)} == {
        "https://podcast.example/assets/cover",
        "https://podcast.example/assets/cover.uk",
    }
    assert (show / "public/assets" / other.image.rpartition("/")[2]).is_file()
    assert (main.language, other.language, other.title) == ("en", "uk", "Архів")
    assert [round(f.items[0].duration) for f in (main, other)] == [2, 1]
    assert main.items[0].guid == other.items[0].guid
    found = run(show, "lint")
    assert [f for f in found["findings"] if f["severity"] == "error"] == []
