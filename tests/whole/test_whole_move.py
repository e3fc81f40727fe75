"""A show moves: built, served by a real server, imported with its media, built again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from web_servers import free_port, nginx
from whole_runs import CHAPTERS, REPOSITORY, answer, make_show, podkit, talk, tree

from podkit.feed.read import from_xml

VTT = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n<v Olha>Доброго ранку\n\n"


@pytest.mark.need("nginx", "ffmpeg")
def test_moved_with_media(tmp_path: Path) -> None:
    """GUID, title, date, notes, chapters, transcript, people and the sound's bytes are the same."""
    port = free_port()
    here = f"http://127.0.0.1:{port}/"
    old = make_show(tmp_path / "old")
    record = old / "podkit.toml"
    text = record.read_text(encoding="utf-8")
    for was in ("https://podcast.example/show/", "https://media.example/show/"):
        text = text.replace(was, here + ("media/" if "media" in was else ""))
    record.write_text(text, encoding="utf-8")
    (tmp_path / "chapters.txt").write_text(CHAPTERS, encoding="utf-8")
    (tmp_path / "talk.vtt").write_text(VTT, encoding="utf-8")
    (tmp_path / "notes.md").write_text("Read [this](https://e.example/x).\n\n- one\n- two\n")
    podkit(
        *(
            "-C",
            old,
            "add",
            talk(tmp_path / "talk.mp3"),
            "--title",
            "Talk",
            "--person",
            "Olha;guest",
        ),
        *("--chapters", tmp_path / "chapters.txt", "--transcript", f"uk={tmp_path / 'talk.vtt'}"),
        *("--notes", tmp_path / "notes.md", "--published", "2026-11-10 06:00", "--number", 3),
    )
    podkit("-C", old, "build")
    new = tmp_path / "new"
    with nginx(old / "public", tmp_path / "state", port=port):
        report = answer("import", here + "feed.xml", new)
        assert [one["media"] for one in report["added"]] == ["fetched"]
        before = tree(new / "episodes")
        again = answer("-C", new, "import", here + "feed.xml")
        assert len(again["skipped"]) == 1
        assert tree(new / "episodes") == before
        podkit("-C", new, "build")
        found = answer("-C", new, "diff", here + "feed.xml", "--exit-code")
        assert not found["harms"]
    one, two = (from_xml((show / "public/feed.xml").read_bytes()) for show in (old, new))
    was, now = one.items[0], two.items[0]
    for name in ("guid", "title", "published", "people", "episode", "description", "content"):
        assert getattr(now, name) == getattr(was, name), name
    assert was.enclosure is not None
    assert now.enclosure is not None
    assert (now.enclosure.length, now.enclosure.type) == (was.enclosure.length, was.enclosure.type)
    assert now.duration == was.duration
    sound = [next((show / "public/media").glob("*.mp3")).read_bytes() for show in (old, new)]
    assert sound[0] == sound[1]
    assert tree(new / "public")["talk/chapters.json"] == tree(old / "public")["talk/chapters.json"]
    transcript = next(name for name in tree(old / "public") if name.endswith(".vtt"))
    assert tree(new / "public")[transcript] == tree(old / "public")[transcript]
    assert two.guid == one.guid
    assert not list((new / ".podkit/cache/import").iterdir())


FEED = """<rss version="2.0"><channel><title>Slow</title><item><title>Talk</title><guid>g</guid>
<pubDate>Mon, 09 Nov 2026 06:00:00 GMT</pubDate>
<enclosure url="URLtalk.mp3" length="0" type="audio/mpeg"/></item></channel></rss>"""


@pytest.mark.need("nginx", "ffmpeg")
def test_goes_on_after_ctrl_c(tmp_path: Path) -> None:
    """Ctrl-C in a download ends with 130; the same command goes on where it stopped, once."""
    port = free_port()
    root = tmp_path / "root"
    root.mkdir()
    sound = talk(root / "talk.mp3").read_bytes()
    url = f"http://127.0.0.1:{port}/"
    (root / "feed.xml").write_text(FEED.replace("URL", url))
    words = ("import", url + "feed.xml", tmp_path / "show")
    with nginx(root, tmp_path / "slow", port=port, more="limit_rate 4k;"):
        running = subprocess.Popen(
            [sys.executable, "-m", "podkit", *map(str, words)],
            env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
            stderr=subprocess.DEVNULL,
        )
        parts = tmp_path / "show/.podkit/cache/import"
        while not any(p.stat().st_size for p in parts.glob("*.part")):
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=60) == 130
    with nginx(root, tmp_path / "quick", port=port):
        report = answer(*words)
        assert not answer(*words)["added"]
    assert [one["media"] for one in report["added"]] == ["fetched"]
    assert (tmp_path / "show/episodes/talk/master.mp3").read_bytes() == sound
    assert not list(parts.iterdir())
    assert '" 206 ' in (tmp_path / "quick/access.log").read_text()
