"""The repository's own show moves house: no listener downloads an episode twice, and nothing is lost."""

from __future__ import annotations

import http.server
import re
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
from whole_runs import answer, podkit, sample, tree

from podkit.feed.read import from_xml
from podkit.model.feedspec import FeedSpec, Item

# The sample's files, put out as they are: what is moved is not what costs time.
PRESETS = (
    ('presets = ["mp3", "m4a"]', 'presets = ["copy"]'),
    ('enclosure = "mp3"', 'enclosure = "copy"'),
    ('alternates = ["m4a", "video-720p"]', 'alternates = ["film"]'),
    ('enclosure = "video-720p"', 'enclosure = "film"'),
    ("[publish.default]", '[presets.film]\nfrom = "copy"\nfrom_video = true\n\n[publish.default]'),
)
SITE = "https://podcast.example/ukraine-insights/"
MEDIA = "https://media.example/ukraine-insights/"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The sample show, built, with site and media on a server of this machine; and its address."""
    folder = sample(tmp_path_factory.mktemp("house") / "old")
    handler = partial(_Quiet, directory=str(folder / "public"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        record = folder / "podkit.toml"
        text = record.read_text(encoding="utf-8")
        media = url.replace("127.0.0.1", "localhost") + "media/"
        for before, after in (*PRESETS, (f'url = "{SITE}"', f'url = "{url}"'), (MEDIA, media)):
            assert before in text
            text = text.replace(before, after)
        record.write_text(text, encoding="utf-8")
        podkit("-C", folder, "build")
        yield folder, url
        server.shutdown()


class _Prose(HTMLParser):
    """What a reader sees of notes: where links lead, and the text of each block."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: Counter[str | None] = Counter()
        self._text = ""
        self.feed(html)
        self.blocks = Counter(" ".join(block.split()) for block in self._text.split("\0"))
        self.blocks.pop("", None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.links[dict(attrs)["href"]] += 1
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)

    def handle_data(self, data: str) -> None:
        self._text += data

    def _break(self, tag: str) -> None:
        if re.fullmatch(r"p|li|ul|ol|br|t[hdr]|h\d", tag):
            self._text += "\0"


def spec_of(folder: Path, name: str = "feed.xml") -> FeedSpec:
    """A feed in a show's public/."""
    return from_xml((folder / "public" / name).read_bytes())


def differing(one: FeedSpec | Item, other: FeedSpec | Item) -> dict[str, tuple[object, object]]:
    """Every field that is another."""
    names = (field.name for field in fields(one) if field.name != "items")
    pairs = {name: (getattr(one, name), getattr(other, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def assert_same(folder: Path, new: Path, name: str = "feed.xml") -> None:
    """Every field of feed and episodes is what it was; of notes, every link and every paragraph."""
    before, after = spec_of(folder, name), spec_of(new, name)
    assert differing(before, after) == {}
    assert [item.guid for item in after.items] == [item.guid for item in before.items]
    for one, other in zip(before.items, after.items, strict=True):
        assert (
            differing(one, replace(other, content=one.content, description=one.description)) == {}
        )
        for was, made in ((one.content, other.content), (one.description, other.description)):
            assert _Prose(made).links == _Prose(was).links
            assert _Prose(made).blocks == _Prose(was).blocks


def assert_nothing_new(folder: Path, new: Path, *words: object) -> None:
    """No app sees a new episode, and a second import finds none and changes no byte."""
    found = answer("-C", new, "diff", folder / "public/feed.xml", "--exit-code")
    assert not found["added"] + found["removed"] + found["guid_changes"] + found["changed"]
    before = {name: text for name, text in tree(new).items() if not name.startswith(".podkit/")}
    again = answer("-C", new, "import", *words)
    assert (again["added"], again["failed"], len(again["skipped"])) == ([], [], 3)
    assert before.items() <= tree(new).items()


@pytest.mark.long
def test_by_reference(old: tuple[Path, str], tmp_path: Path) -> None:
    """From the feed's file, with nothing fetched: the same feed, its sound where it was."""
    folder, new = old[0], tmp_path / "new"
    report = answer("import", folder / "public/feed.xml", new, "--no-media")
    assert [one["media"] for one in report["added"]] == ["referenced"] * 3
    assert {one["fate"] for one in report["details"]} <= {"changed"}
    podkit("-C", new, "build")
    assert_same(folder, new)
    assert_nothing_new(folder, new, folder / "public/feed.xml", "--no-media")


def test_with_all_its_media(old: tuple[Path, str], tmp_path: Path) -> None:
    """From its address, with all that is there: the same feed, byte for byte the same sound."""
    folder, url = old
    new = tmp_path / "new"
    report = answer("import", url + "feed.xml", new)
    assert [one["media"] for one in report["added"]] == ["fetched"] * 3
    assert {one["fate"] for one in report["details"]} <= {"changed"}
    podkit("-C", new, "build")
    assert_same(folder, new)
    was, made = tree(folder / "public"), tree(new / "public")
    sounds = {
        item.enclosure.url.rpartition("/")[2] for item in spec_of(new).items if item.enclosure
    }
    wanted = [*(f"media/{name}" for name in sounds), "nine-agreements/transcript.en.vtt"]
    wanted += [name for name in was if name.endswith("chapters.json")]
    assert len(wanted) == 7
    assert {name: made[name] for name in wanted} == {name: was[name] for name in wanted}
    assert_nothing_new(folder, new, url + "feed.xml")


@pytest.mark.long
def test_the_feed_of_films(old: tuple[Path, str], tmp_path: Path) -> None:
    """A show's second feed moves as well, under its own GUID, title and path."""
    folder, new = old[0], tmp_path / "new"
    answer("import", folder / "public/video.xml", new, "--no-media")
    podkit("-C", new, "build")
    assert_same(folder, new, "video.xml")
