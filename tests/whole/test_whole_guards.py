"""Publishing refuses what would harm those who follow the live feed, and then changes nothing."""

from __future__ import annotations

import json
import shutil

import pytest
from test_whole_feeds import archive
from web_servers import nginx
from whole_runs import answer, complaint, make_show, podkit, tone, tree


@pytest.fixture
def live(tmp_path):
    """A show of six episodes, published, and its target."""
    folder, out = archive(tmp_path / "show", episodes=6), tmp_path / "out"
    answer("-C", folder, "publish", out.as_uri())
    return folder, out


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """A show of two episodes with media of its own, published, and its target."""
    root = tmp_path_factory.mktemp("heard")
    folder = make_show(root / "show", "--publish-url", (root / "out").as_uri())
    for number, name in enumerate(("first", "second"), 1):
        date = f"2026-11-0{number}"
        sound = tone(root / f"{name}.wav", 1 + number)
        answer("-C", folder, "add", sound, "--title", name.title(), "--published", date)
    answer("-C", folder, "publish")
    return folder, root / "out"


@pytest.fixture
def own(heard, tmp_path):
    """A private copy of that show and of its target."""
    folder, out = tmp_path / "show", tmp_path / "out"
    shutil.copytree(heard[0], folder)
    shutil.copytree(heard[1], out)
    record = folder / "podkit.toml"
    text = record.read_text(encoding="utf-8").replace(heard[1].as_uri(), out.as_uri())
    record.write_text(text, encoding="utf-8")
    return folder, out


def findings(report, *codes: str):
    """What the guards said, of some codes."""
    return [f for f in report["findings"] if f["code"] in codes]


def set_guid(folder, slug: str, guid: str) -> None:
    """Another GUID, by hand: podkit itself refuses to write one."""
    path = folder / "episodes" / slug / "episode.toml"
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    assert first.startswith("guid")
    path.write_text(f'guid = "{guid}"\n{rest}', encoding="utf-8")


def test_half_of_the_episodes_deleted(live):
    """F05: publishing is blocked with exit 3, names what would vanish, and nothing is changed."""
    folder, out = live
    before = tree(out)
    for number in (2, 4, 6):
        shutil.rmtree(folder / f"episodes/number-{number}")
    refused = json.loads(complaint("-C", folder, "publish", out.as_uri(), "--json", code=3))
    assert refused["error"]["exit"] == 3
    assert refused["error"]["message"].count("PK901") == 3
    assert "episode-4" in refused["error"]["message"]
    assert "--allow-removal" in refused["error"]["hint"]
    assert tree(out) == before
    planned = answer("-C", folder, "publish", out.as_uri(), "-n", code=3)
    assert len(findings(planned, "PK901")) == 3
    assert tree(out) == before
    done = answer("-C", folder, "publish", out.as_uri(), "--allow-removal")
    assert {f["severity"] for f in findings(done, "PK901")} == {"info"}
    assert (out / "feed.xml").read_bytes().count(b"<item>") == 3


@pytest.mark.long
def test_no_setting_lets_an_episode_vanish(live):
    """Neither podkit.toml, nor a record, nor --ignore by code or name switches PK901 off."""
    folder, out = live
    before = tree(out)
    shutil.rmtree(folder / "episodes/number-2")
    show = folder / "podkit.toml"
    text = show.read_text(encoding="utf-8")
    show.write_text(f'{text}\n[lint]\nignore = ["PK9"]\n', encoding="utf-8")
    assert "PK901" in complaint("-C", folder, "publish", out.as_uri(), code=3)
    ignored = ("--ignore", "episode-vanished")
    assert "PK901" in complaint("-C", folder, "publish", out.as_uri(), *ignored, code=3)
    show.write_text(f'{text}\n[lint.severity]\nPK901 = "info"\n', encoding="utf-8")
    assert "PK901" in complaint("-C", folder, "publish", out.as_uri(), code=3)
    assert tree(out) == before


@pytest.mark.long
def test_an_episode_that_is_a_draft_again(live):
    """What is held back would vanish as well, and the reason is told."""
    folder, out = live
    answer("-C", folder, "set", "number-3", "draft=true")
    said = complaint("-C", folder, "publish", out.as_uri(), code=3)
    assert "number-3 is held back (draft)" in said
    assert "podkit show number-3" in said


def test_another_guid_is_refused_unless_ignored(live):
    """PK304: the same sound under another GUID stops publishing, held back or not."""
    folder, out = live
    before = tree(out)
    set_guid(folder, "number-5", "another")
    said = complaint("-C", folder, "publish", out.as_uri(), "--allow-removal", code=3)
    assert "PK304 number-5: Number 5 is live under the GUID episode-5" in said
    assert 'guid = "episode-5"' in said
    assert tree(out) == before
    found = answer("-C", folder, "diff", out / "feed.xml", code=0)
    assert [f["code"] for f in findings(found, "PK304")] == ["PK304"]
    answer("-C", folder, "publish", out.as_uri(), "--ignore", "PK304")
    assert b"another" in (out / "feed.xml").read_bytes()


def test_other_dates_and_titles_are_told(live):
    """PK905 warns and PK908 says what to do by hand; both let publishing go on."""
    folder, out = live
    old = shutil.copy(out / "feed.xml", folder / "old.xml")
    answer("-C", folder, "set", "number-1", "published=2026-01-01T09:00:00+02:00")
    answer("-C", folder, "set", "number-2", "title=Another")
    planned = answer("-C", folder, "publish", out.as_uri(), "-n")
    (date,) = findings(planned, "PK905")
    assert (date["severity"], date["episode"]) == ("warning", "number-1")
    text = podkit("-C", folder, "publish", out.as_uri())
    assert "warning PK905: number-1: it is live with the date 2026-01-01T04:00:00+00:00" in text
    assert "PK908" in text
    assert "other notes of Another: YouTube" in podkit("-C", folder, "diff", old)
    assert answer("-C", folder, "publish", out.as_uri())["findings"] == []
    hint = date["hint"].split()
    assert hint[:3] == ["podkit", "set", "number-1"]
    answer("-C", folder, *hint[1:])
    assert findings(answer("-C", folder, "publish", out.as_uri(), "-n"), "PK905")


@pytest.mark.long
def test_bytes_that_somebody_else_changed(live):
    """PK910: the live feed says the same in other bytes; one publish makes it right again."""
    folder, out = live
    right = (out / "feed.xml").read_bytes()
    (out / "feed.xml").write_bytes(right.replace(b"  <item>", b"<item>"))
    done = answer("-C", folder, "publish", out.as_uri())
    assert [f["severity"] for f in findings(done, "PK910")] == ["warning"]
    assert (out / "feed.xml").read_bytes() == right
    kept = list((folder / ".podkit/trash/feeds").rglob("feed-*.xml"))
    assert [path.read_bytes() for path in kept] == [right.replace(b"  <item>", b"<item>")]


@pytest.mark.long
def test_a_live_feed_that_cannot_be_read(live):
    """What was published last still guards; where nobody knows it, that is told."""
    folder, out = live
    (out / "feed.xml").write_bytes(b"<html>Welcome</html>")
    shutil.rmtree(folder / "episodes/number-2")
    assert "episode-2" in complaint("-C", folder, "publish", out.as_uri(), code=3)
    shutil.rmtree(folder / ".podkit/published")
    done = answer("-C", folder, "publish", out.as_uri())
    (told,) = findings(done, "PK901")
    assert told["severity"] == "warning"
    assert "cannot be read" in told["message"]


@pytest.mark.long
def test_lint_knows_what_was_published_last(own):
    """`podkit lint` finds before publishing what publishing would refuse."""
    folder, _ = own
    podkit("-C", folder, "publish")
    assert "PK901" not in answer("-C", folder, "lint", code=0)["skipped"]
    shutil.rmtree(folder / "episodes/first")
    found = answer("-C", folder, "lint", code=3)
    assert [f["severity"] for f in findings(found, "PK901")] == ["error"]
    assert "the feed that was published last" not in str(found["skipped"])
    shutil.rmtree(folder / ".podkit/published")
    assert "PK901" in answer("-C", folder, "lint", code=0)["skipped"]


@pytest.mark.long
def test_what_only_waits_for_a_build_does_not_vanish(own):
    """Another preset is made by the next build: neither lint nor a dry run calls that vanishing."""
    folder, _ = own
    podkit("-C", folder, "publish")
    show = folder / "podkit.toml"
    text = show.read_text(encoding="utf-8")
    assert 'enclosure = "mp3"' in text
    show.write_text(text.replace('enclosure = "mp3"', 'enclosure = "m4a"'), encoding="utf-8")
    assert findings(answer("-C", folder, "publish", "-n"), "PK901") == []
    assert findings(answer("-C", folder, "lint", code=None), "PK901") == []
    done = answer("-C", folder, "publish")
    assert findings(done, "PK901", "PK906") == []
    assert any("other audio of" in f["message"] for f in findings(done, "PK908"))


def test_media_that_nobody_holds(own):
    """PK902: a feed that names what is neither here nor at the target is not sent."""
    folder, out = own
    podkit("-C", folder, "build")
    (media,) = (folder / "public/media").glob("first-*.mp3")
    feed = folder / "public/feed.xml"
    name = media.name.encode()
    feed.write_bytes(feed.read_bytes().replace(name, b"first-00000000.mp3"))
    before = tree(out)
    said = complaint("-C", folder, "publish", "--no-build", code=3)
    assert "PK902 first: the feed names" in said
    assert "neither this machine nor the target holds it" in said
    assert tree(out) == before


@pytest.mark.long
def test_media_of_another_length(own):
    """PK902: a length that is not the file's is found before the feed goes out."""
    folder, out = own
    podkit("-C", folder, "build")
    (media,) = (folder / "public/media").glob("first-*.mp3")
    feed = folder / "public/feed.xml"
    size = str(media.stat().st_size).encode()
    feed.write_bytes(feed.read_bytes().replace(b'length="' + size, b'length="1' + size))
    before = tree(out)
    assert "PK902" in complaint("-C", folder, "publish", "--no-build", code=3)
    assert tree(out) == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"</rss>", b"", "cannot be read again"),
        (b"<language>en</language>", b"<language>xx-klingon</language>", "PK203"),
    ],
)
def test_a_feed_that_is_not_proven_is_not_sent(own, old, new, said):
    """PK903: what was edited by hand into an error never replaces the live feed."""
    folder, out = own
    podkit("-C", folder, "build")
    feed = folder / "public/feed.xml"
    assert old in feed.read_bytes()
    feed.write_bytes(feed.read_bytes().replace(old, new))
    before = tree(out)
    refused = complaint("-C", folder, "publish", "--no-build", code=3)
    assert "PK903" in refused
    assert said in refused
    assert tree(out) == before
    planned = answer("-C", folder, "publish", "--no-build", "-n", code=3)
    assert findings(planned, "PK903")


@pytest.mark.long
def test_the_old_address_of_changed_audio(own):
    """PK906: a file made anew has a new address; it warns only when the old one is gone."""
    folder, out = own
    answer("-C", folder, "set", "first", "title=Another")
    answer("-C", folder, "transcode", "first", "--refresh", "--tags-only")
    planned = answer("-C", folder, "publish", "-n")
    assert findings(planned, "PK906") == []
    assert any("other audio of Another" in f["message"] for f in findings(planned, "PK908"))
    (old,) = (out / "media").glob("first-*.mp3")
    old.unlink()
    done = answer("-C", folder, "publish")
    (told,) = findings(done, "PK906")
    assert (told["severity"], told["episode"]) == ("warning", "first")
    assert old.name in told["message"]


def test_the_feed_that_was_replaced_is_kept(own):
    """PK903: the old feed lies byte for byte in the trash, for each change one."""
    folder, out = own
    feeds = [(out / "feed.xml").read_bytes()]
    for title in ("One", "Two"):
        answer("-C", folder, "set", "second", f"title={title}")
        answer("-C", folder, "publish")
        feeds.append((out / "feed.xml").read_bytes())
    kept = {path.read_bytes() for path in (folder / ".podkit/trash/feeds").rglob("feed-*.xml")}
    assert kept == set(feeds[:-1])
    assert answer("-C", folder, "publish")["done"] == []
    assert {p.read_bytes() for p in (folder / ".podkit/trash/feeds").rglob("*.xml")} == kept


@pytest.mark.long
def test_what_cannot_be_kept_is_not_replaced(own):
    """Where the old feed cannot be kept, it stays live and the command says why."""
    folder, out = own
    shutil.rmtree(folder / ".podkit/trash", ignore_errors=True)
    (folder / ".podkit/trash").write_text("no folder", encoding="utf-8")
    answer("-C", folder, "set", "second", "title=One")
    before = (out / "feed.xml").read_bytes()
    report = answer("-C", folder, "publish", code=4)
    assert [one["path"] for one in report["failed"]] == ["feed.xml"]
    assert (out / "feed.xml").read_bytes() == before


@pytest.mark.long
@pytest.mark.need("nginx")
def test_lint_asks_the_old_addresses(tmp_path):
    """PK906 with --live: of two files under new addresses, the one whose old address is dead."""
    www = tmp_path / "www"
    www.mkdir()
    for name in ("1.mp3", "new-1.mp3", "new-2.mp3"):
        (www / name).write_bytes(b"x" * 1000)
    folder = archive(tmp_path / "show", episodes=2)
    show = folder / "podkit.toml"
    text = show.read_text(encoding="utf-8")
    url = (tmp_path / "out").as_uri()
    show.write_text(f'{text}\n[publish.default]\nurl = "{url}"\n', encoding="utf-8")
    with nginx(www, tmp_path / "nginx") as base:
        for old, new in (("https://media.example/", base), (base, f"{base}new-")):
            for record in folder.glob("episodes/*/episode.toml"):
                record.write_text(record.read_text("utf-8").replace(old, new), encoding="utf-8")
            if old != base:
                answer("-C", folder, "publish")
        asked = ("lint", "--live", "--allow-host", "127.0.0.1", "--select", "PK906")
        found = answer("-C", folder, *asked)["findings"]
    assert [f["episode"] for f in found] == ["number-2"]
    assert f"its audio was at {base}2.mp3" in found[0]["message"]
