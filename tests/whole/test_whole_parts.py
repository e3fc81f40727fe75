"""A rendition of several files: a playlist and what it names go the whole way to the listener together."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from whole_runs import answer, complaint, film, make_show, podkit, talk, tree

from podkit.model.rendition import Part, Rendition
from podkit.workspace import renditions_file

MOMENT = datetime(2026, 11, 1, 6, tzinfo=UTC)
FEED = """
alternates = ["hls"]
"""


def recorded(folder: Path, contents: dict[str, bytes], **facts: Any) -> Rendition:
    """A published rendition whose files lie in the store; the last one is its own."""
    parts = []
    for name, content in contents.items():
        digest = hashlib.sha256(content).hexdigest()
        stem, _, extension = name.rpartition(".")
        file = f"talk-{stem}{'-' if stem else ''}{digest[:8]}.{extension}"
        (folder / file).write_bytes(content)
        parts.append(Part(file=file, bytes=len(content), sha256=digest))
    *inner, whole = parts
    return Rendition(
        master=facts.pop("master", "main"),
        file=whole.file,
        bytes=whole.bytes,
        sha256=whole.sha256,
        duration=8.0,
        parts=tuple(inner),
        published=MOMENT,
        **facts,
    )


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """A show with an audio enclosure and, as its alternate, HLS; all of it made before."""
    root = tmp_path_factory.mktemp("parts")
    folder = make_show(root / "show")
    toml = folder / "podkit.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("[feeds.main]", "[feeds.main]" + FEED, 1), encoding="utf-8")
    added = ("add", talk(root / "talk.mp3"), "--slug", "talk", "--published", "2026-11-01")
    podkit("-C", folder, *added)
    podkit("-C", folder, "attach", "talk", film(root / "film.mp4", 2), "--as", "video")
    store = folder / ".podkit/media"
    store.mkdir(parents=True, exist_ok=True)
    sound = (root / "talk.mp3").read_bytes()
    mp3 = recorded(store, {".mp3": sound}, preset="mp3", mime="audio/mpeg")
    hls = recorded(
        store,
        {"720p.mp4": b"pictures", "720p.m3u8": b"#EXTM3U 720", ".m3u8": b"#EXTM3U"},
        preset="hls",
        master="video",
        mime="application/x-mpegURL",
        height=720,
        bit_rate=2_000_000,
    )
    path = folder / "episodes/talk/renditions.toml"
    path.write_text(renditions_file.render({"mp3": mp3, "hls": hls}), encoding="utf-8")
    return folder


def test_all_files_are_published_the_playlists_last(show):
    """What a playlist names is at the target before it; the feed comes after all."""
    plan = answer("-C", show, "publish", f"file:{show.parent / 'out'}", "--ignore", "PK6")["plan"]
    order = [Path(move["path"]).name.rpartition("-")[0] for move in plan if "media" in move["path"]]
    assert order == ["talk", "talk-720p", "talk-720p", "talk"]
    names = [Path(move["path"]).suffix for move in plan if move["stage"] == "media"]
    assert names == [".mp3", ".mp4", ".m3u8", ".m3u8"]
    there = tree(show.parent / "out")
    assert {path for path in there if path.startswith("media/")} == {
        move["path"] for move in plan if move["stage"] == "media"
    }


def test_the_feed_names_the_playlist_alone(show):
    """One alternate enclosure of the type that players know, no size, its own hash."""
    podkit("-C", show, "build")
    feed = (show / "public/feed.xml").read_text(encoding="utf-8")
    assert feed.count('type="application/x-mpegURL"') == 1
    (line,) = [x for x in feed.splitlines() if "x-mpegURL" in x and "alternateEnclosure" in x]
    assert 'height="720"' in line
    assert "length" not in line
    assert "720p" not in feed
    page = (show / "public/talk/index.html").read_text(encoding="utf-8")
    assert "m3u8" not in page


def test_a_clone_without_media_needs_all_of_them_at_the_target(show):
    """When one part is missing at the target, publishing stops before the feed."""
    out = show.parent / "out"
    podkit("-C", show, "publish", f"file:{out}", "--ignore", "PK6")
    for path in (show / "public/media").iterdir():
        path.unlink()
    for path in (show / ".podkit/media").iterdir():
        path.rename(show.parent / path.name)
    kept = answer("-C", show, "publish", f"file:{out}", "--ignore", "PK6")["plan"]
    assert [m["action"] for m in kept if m["stage"] == "media"] == ["keep"] * 4
    (part,) = out.glob("media/*.mp4")
    part.unlink()
    said = complaint("-C", show, "publish", f"file:{out}", "--ignore", "PK6", code=3)
    assert f"neither this machine nor the target holds media/{part.name}" in said
    assert not part.exists()
    for path in show.parent.glob("talk-*"):
        path.rename(show / ".podkit/media" / path.name)
    podkit("-C", show, "publish", f"file:{out}", "--ignore", "PK6")
    assert part.is_file()


def test_a_damaged_part_is_found(show):
    """`verify` reads the parts as well."""
    podkit("-C", show, "verify")
    (part,) = (show / ".podkit/media").glob("*.mp4")
    whole = part.read_bytes()
    part.write_bytes(whole[::-1])
    report = json.loads(podkit("-C", show, "verify", "--json", code=3))
    assert [Path(one["path"]).name for one in report["failed"]] == [part.name]
    part.write_bytes(whole)


def test_a_lost_part_makes_it_stale(show):
    """A playlist without what it names counts as not there."""
    (part,) = (show / ".podkit/media").glob("*.mp4")
    path = show / "episodes/talk/renditions.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("published = ", "# published = "), encoding="utf-8")
    (listed,) = answer("-C", show, "list")["episodes"]
    assert "hls" in listed["stale"]
    path.write_text(text, encoding="utf-8")
    assert part.is_file()
    assert answer("-C", show, "list")["episodes"][0]["stale"] == []
