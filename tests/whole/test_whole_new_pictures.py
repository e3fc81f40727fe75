"""PK506 from end to end: a real server whose picture changes, with and without a new address."""

from __future__ import annotations

import os
import shutil

import pytest
from web_servers import nginx
from whole_runs import answer, make_show

pytestmark = pytest.mark.need("nginx")

FEED = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
     xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>T</title>
<itunes:image href="{base}{name}"/>
<podcast:image href="{base}wide.jpg"/>
<image><url>{base}small.jpg</url></image>
<item><title>One</title><guid>1</guid><itunes:image href="{base}one.jpg"/></item></channel></rss>
"""
FIRST, SECOND = b"\xff\xd8\xff" + b"a" * 100, b"\xff\xd8\xff" + b"b" * 120


@pytest.fixture
def www(tmp_path):
    """A folder with a feed's pictures."""
    folder = tmp_path / "www"
    folder.mkdir(mode=0o755)
    for name in ("cover.jpg", "wide.jpg", "small.jpg", "one.jpg", "new.jpg"):
        (folder / name).write_bytes(FIRST)
    return folder


@pytest.fixture
def server(www, tmp_path):
    """The address of a server over that folder."""
    more = "types { image/jpeg jpg; application/rss+xml xml; application/json json; }"
    with nginx(www, tmp_path / "state", more=more) as base:
        yield base


@pytest.fixture
def show(tmp_path):
    """A show, whose cache remembers."""
    return make_show(tmp_path / "show")


@pytest.fixture
def look(server, www):
    """Lints the feed behind its address, and gives the elements where PK506 was found."""

    def run(cwd, name="cover.jpg") -> list[str]:
        text = FEED.format(base=server, name=name)
        (www / "feed.xml").write_text(text, encoding="utf-8")
        words = ("lint", f"{server}feed.xml", "--live", "--select", "PK506")
        found = answer(*words, code=None, cwd=cwd)["findings"]
        assert all((f["code"], f["severity"]) == ("PK506", "warning") for f in found)
        assert all(f["line"] and "another picture than on 20" in f["message"] for f in found)
        return [f["element"].partition("channel/")[2] for f in found]

    return run


def test_another_picture_at_the_same_address_is_found(look, show, www):
    """At each place that names one, again the next time, and no more with the old bytes or a new URL."""
    assert look(show) == []
    assert look(show) == []
    for name in ("cover.jpg", "wide.jpg", "small.jpg", "one.jpg"):
        (www / name).write_bytes(SECOND)
    places = ["itunes:image", "podcast:image", "image/url", "item[1]/itunes:image"]
    assert look(show) == places
    assert look(show) == places
    assert look(show, "new.jpg") == places[1:]
    (www / "wide.jpg").write_bytes(FIRST)
    assert look(show, "new.jpg") == places[2:]


def test_a_changed_picture_with_a_new_address_is_right(look, show, www):
    """That is what the rule asks for, whatever lies at the old one."""
    assert look(show) == []
    (www / "new.jpg").write_bytes(SECOND)
    assert look(show, "new.jpg") == []
    (www / "cover.jpg").write_bytes(SECOND)
    assert look(show, "new.jpg") == []


def test_the_same_bytes_with_another_etag_are_the_same_picture(look, show, www, tmp_path):
    """A server that moved gives other marks; unchanged ones spare it the reading."""

    def read() -> int:
        return (tmp_path / "state" / "access.log").read_text().count("GET /cover.jpg")

    os.utime(www / "cover.jpg", (1_700_000_000, 1_700_000_000))
    assert look(show) == []
    assert look(show) == []
    assert read() == 1
    os.utime(www / "cover.jpg", (1_800_000_000, 1_800_000_000))
    assert look(show) == []
    assert read() == 2
    assert look(show) == []
    assert read() == 2


def test_what_is_not_remembered_is_not_found(look, show, www, tmp_path):
    """Without the cache, with a damaged one, and outside a show."""
    assert look(tmp_path) == look(show) == []
    (www / "cover.jpg").write_bytes(SECOND)
    assert look(tmp_path) == []
    cache = show / ".podkit" / "cache"
    shutil.rmtree(cache)
    assert look(show) == []
    (cache / "known.json").write_bytes((cache / "known.json").read_bytes()[:-9])
    (www / "cover.jpg").write_bytes(FIRST)
    assert look(show) == []
    (www / "cover.jpg").write_bytes(SECOND)
    assert look(show) == ["itunes:image"]


def test_what_is_no_picture_for_a_while_is_not_held_against_it(look, show, www):
    """A picture that is missing once is remembered as it was."""
    assert look(show) == []
    (www / "cover.jpg").unlink()
    assert look(show) == []
    (www / "cover.jpg").write_bytes(FIRST)
    assert look(show) == []


def test_a_message_in_place_of_a_picture_is_not_remembered(look, show, www):
    """A server that tells of its trouble with status 200: neither before nor after the picture."""
    error = www / "cover.json"
    error.write_text('{"error": "later"}', encoding="utf-8")
    assert look(show, "cover.json") == []
    error.write_text('{"error": "much later"}', encoding="utf-8")
    assert look(show, "cover.json") == []


def test_a_picture_that_the_own_show_names_elsewhere(server, show, www):
    """`podkit lint --live` of the show itself: an image of its record that lies on another server."""
    record = show / "podkit.toml"
    text = (
        record.read_text(encoding="utf-8")
        .replace("https://podcast.example/show/", server)
        .replace("https://media.example/show/", server)
    )
    image = f'\n[[show.images]]\nhref = "{server}wide.jpg"\nalt = "A pylon"\n'
    record.write_text(text + image, encoding="utf-8")

    def found() -> list[dict[str, str]]:
        return answer("lint", "--live", "--select", "PK506", code=None, cwd=show)["findings"]

    assert found() == []
    (www / "wide.jpg").write_bytes(SECOND)
    (one,) = found()
    assert one["message"].startswith(f"{server}wide.jpg: ")
    assert one["element"].endswith("podcast:image")
