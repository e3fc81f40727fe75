"""A show moves here, with its media or without, from good servers and bad ones: nothing is heard twice."""

from __future__ import annotations

import http.server
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from web_servers import free_port
from whole_runs import answer, everything_said, make_show, podkit, talk, tree

from podkit.feed.read import from_xml


def a_feed(items: list[tuple[str, str, str]]) -> str:
    """A feed of titles, enclosure URLs and types."""
    text = "".join(
        f"<item><title>{escape(title)}</title><guid isPermaLink='false'>{title}</guid>"
        f"<enclosure url='{url}' length='0' type='{mime}'/></item>"
        for title, url, mime in items
    )
    return f"<rss version='2.0'><channel><title>Moved</title>{text}</channel></rss>"


def test_moving_keeps_what_apps_know(tmp_path: Path, served: tuple[Path, str]) -> None:
    """Built, served, imported by reference, built again: no GUID, address, length or type differs."""
    root, url = served
    old, new = tmp_path / "old", tmp_path / "new"
    make_show(old)
    for number in (1, 2):
        podkit(
            "-C",
            old,
            "add",
            talk(tmp_path / f"{number}.wav", 2.0 + number),
            "--title",
            f"N {number}",
        )
    podkit("-C", old, "build")
    feed = old / "public/feed.xml"
    (root / "feed.xml").write_bytes(feed.read_bytes())
    report = answer("import", url + "feed.xml", new, "--no-media")
    assert [one["media"] for one in report["added"]] == ["referenced"] * 2
    podkit("-C", new, "build")
    before = from_xml(feed.read_bytes()).items
    after = from_xml((new / "public/feed.xml").read_bytes()).items
    assert len(before) == 2
    for one, other in zip(before, after, strict=True):
        assert (one.guid, one.guid_permalink) == (other.guid, other.guid_permalink)
        assert (one.enclosure, one.published) == (other.enclosure, other.published)
    found = answer("-C", new, "diff", url + "feed.xml", "--exit-code")
    assert not found["added"] + found["removed"] + found["guid_changes"]
    harmful = {"guid", "enclosure.url", "enclosure.length", "enclosure.type", "published"}
    assert not harmful & {one["field"] for one in found["changed"]}


def test_one_file_for_two_items(tmp_path: Path, served: tuple[Path, str]) -> None:
    """Two items that name one file: it is fetched once, whole, and both have it."""
    root, url = served
    sound = talk(root / "a.mp3", 3.0).read_bytes()
    feed = tmp_path / "feed.xml"
    feed.write_text(a_feed([(name, url + "a.mp3", "audio/mpeg") for name in ("One", "Two", "Six")]))
    report = answer("import", feed, tmp_path / "show", "--allow-host", "127.0.0.1")
    assert [one["media"] for one in report["added"]] == ["fetched"] * 3
    for name in ("one", "two", "six"):
        assert (tmp_path / "show/episodes" / name / "master.mp3").read_bytes() == sound
    assert not list((tmp_path / "show/.podkit/cache/import").iterdir())


def test_a_page_in_place_of_a_sound(tmp_path: Path, served: tuple[Path, str]) -> None:
    """What a server sends instead of the sound is not taken for it; the next run asks again."""
    root, url = served
    sound = talk(tmp_path / "a.mp3", 3.0).read_bytes()
    (root / "a.mp3").write_text("<!doctype html><title>Please log in</title>")
    (root / "b.mp3").write_bytes(sound[: len(sound) // 2 + 7])
    feed = tmp_path / "feed.xml"
    feed.write_text(a_feed([(n, f"{url}{n}.mp3", "audio/mpeg") for n in ("a", "b")]))
    words = ("import", feed, tmp_path / "show", "--allow-host", "127.0.0.1")
    report = answer(*words, code=1)
    assert [one["subject"] for one in report["failed"]] == ["a", "b"]
    assert "a page in place of the sound" in report["failed"][0]["error"]
    for name in ("a", "b"):
        (root / f"{name}.mp3").write_bytes(sound)
    assert len(answer(*words)["added"]) == 2
    assert (tmp_path / "show/episodes/b/master.mp3").read_bytes() == sound


def test_a_password_is_not_told_on(tmp_path: Path, served: tuple[Path, str]) -> None:
    """A feed read by name and password: neither its record nor the feed built from it has them."""
    root, url = served
    (root / "feed.xml").write_text(a_feed([("One", "a.mp3", "audio/mpeg")]))
    secret = url.replace("http://", "http://olha:s3cret@") + "feed.xml"
    answer("import", secret, tmp_path / "show", "--no-media")
    podkit("-C", tmp_path / "show", "build")
    for name, content in tree(tmp_path / "show").items():
        assert b"s3cret" not in content, name


def test_a_server_that_is_away(tmp_path: Path, served: tuple[Path, str]) -> None:
    """I12: what can be had is taken and the rest told (4); where nothing can be had, later (75)."""
    root, url = served
    talk(root / "a.mp3", 2.0)
    away = f"http://127.0.0.1:{free_port()}/b.mp3"
    feed = tmp_path / "feed.xml"
    words = ("import", feed, tmp_path / "show", "--allow-host", "127.0.0.1")
    feed.write_text(a_feed([("Gone", away, "audio/mpeg")]))
    report = answer(*words, code=75)
    assert (report["created"], report["added"]) == (True, [])
    feed.write_text(a_feed([("Gone", away, "audio/mpeg"), ("Here", url + "a.mp3", "audio/mpeg")]))
    report = answer(*words, code=4)
    assert [one["guid"] for one in report["added"]] == ["Here"]
    assert [one["subject"] for one in report["failed"]] == ["Gone"]
    assert "cannot be reached" in report["failed"][0]["error"]
    assert answer(*words, code=4)["skipped"][0]["guid"] == "Here"


def test_a_server_that_knows_the_encoding(
    tmp_path: Path, served: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """GUIDs and titles come in whole when only the server says what the feed's bytes are."""
    root, url = served
    text = a_feed([("Розмова", "https://m.example/1.mp3", "audio/mpeg")])
    (root / "feed.cp1251").write_bytes(text.encode("windows-1251"))
    types = http.server.SimpleHTTPRequestHandler.extensions_map
    monkeypatch.setitem(types, ".cp1251", "application/rss+xml; charset=windows-1251")
    report = answer("import", f"{url}feed.cp1251", tmp_path / "show", "--no-media")
    assert [one["guid"] for one in report["added"]] == ["Розмова"]
    assert "windows-1251" in report["warnings"][0]


def test_a_torn_guid_is_not_taken(tmp_path: Path) -> None:
    """An episode whose GUID cannot be read fails: under another one everybody would get it twice."""
    old = tmp_path / "old.xml"
    items = [(f"N {n}", f"https://m.example/{n}.mp3", "audio/mpeg") for n in range(40)]
    old.write_bytes(a_feed(items).encode().replace(b">N 7<", b">N \xb37<"))
    plan = answer("import", old, tmp_path / "show", "--no-media", "-n", code=4)
    assert "UTF-8" in plan["warnings"][0]["warnings"][0]
    assert "not all of it is UTF-8" in podkit("import", old, tmp_path / "no", "-n", code=4)
    report = answer("import", old, tmp_path / "show", "--no-media", code=4)
    assert len(report["added"]) == 39
    assert "GUID" in report["failed"][0]["error"]


def test_several_at_once_have_an_order(tmp_path: Path) -> None:
    """Of what one command adds the last is the newest, and no two are of one moment."""
    make_show(tmp_path / "show")
    files = [talk(tmp_path / f"{name}.wav", 2.0 + n) for n, name in enumerate(("c", "a", "b"))]
    podkit("-C", tmp_path / "show", "add", *files)
    listed = answer("-C", tmp_path / "show", "list")["episodes"]
    assert [one["slug"] for one in listed] == ["b", "a", "c"]
    assert len({one["published"] for one in listed}) == 3


def test_a_damaged_sound_is_named_by_its_address(tmp_path: Path, served: tuple[Path, str]) -> None:
    """Nobody is told of the place in which a download lies for a while."""
    root, url = served
    talk(tmp_path / "whole.mp3", 6.0)
    (root / "cut.mp3").write_bytes((tmp_path / "whole.mp3").read_bytes()[:40000])
    talk(root / "good.mp3", 3.0)
    items = [("Cut", f"{url}cut.mp3", "audio/mpeg"), ("Good", f"{url}good.mp3", "audio/mpeg")]
    (root / "feed.xml").write_text(a_feed(items), encoding="utf-8")
    said = everything_said("import", f"{url}feed.xml", tmp_path / "show")
    assert f"{url}cut.mp3: the file ends" in said
    assert f"{url}good.mp3: decoded to its end" in said
    assert ".podkit" not in said
