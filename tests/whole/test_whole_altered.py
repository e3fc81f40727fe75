"""A published file that another program wrote to in place: publish sees it, and does not send it."""

from __future__ import annotations

import json
import os
import re
import time

import pytest
from whole_runs import answer, complaint, make_show, tone, tree

from podkit import files
from podkit.steps.open_show import open_show
from podkit.steps.prove import Unfit, unfit
from podkit.steps.targets import find_target


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """A show of one published episode whose file another program wrote to, the size kept; its target."""
    root = tmp_path_factory.mktemp("altered")
    folder = make_show(root / "show", "--publish-url", (root / "out").as_uri())
    answer("-C", folder, "add", tone(root / "first.wav"), "--published", "2026-11-01")
    answer("-C", folder, "publish")
    (path,) = (folder / "public/media").iterdir()
    with path.open("r+b") as stream:
        stream.seek(path.stat().st_size // 2)
        stream.write(b"\xff" * 64)
    time.sleep(0.05)  # what was changed just now is read again for sure
    return folder, root / "out", path


def test_what_nobody_wrote_to_is_not_read_again(show, monkeypatch):
    """Sizes, times and inodes are enough where a file was read once; a new time has it read anew."""
    opened = open_show(show[0])
    target = find_target(opened, (show[1].parent / "new").as_uri())

    def found() -> tuple[Unfit, ...]:
        return unfit(opened, target, {show[2].name}, (), built=True)

    (one,) = found()
    assert (one.slug, one.rendition, one.kept) == ("first", show[2].name, False)
    read = []
    whole = files.sha256
    monkeypatch.setattr(files, "sha256", lambda path: read.append(path) or whole(path))
    assert found() == (one,)
    assert read == []
    show[2].touch()
    time.sleep(0.05)
    assert found() == (one,)
    assert read == [show[2]]


def test_what_no_feed_names_is_not_looked_at(show, monkeypatch):
    """A draft's or a scheduled episode's file is not read, be it wrong or right."""
    opened = open_show(show[0])
    target = find_target(opened, show[1].as_uri())
    monkeypatch.setattr(files, "sha256", lambda path: pytest.fail(f"{path} was read"))
    for built in (True, False):
        assert unfit(opened, target, set(), (), built=built) == ()


@pytest.mark.long
def test_it_is_refused_and_mended(show):
    """PK902 names the file and what to type; what is typed brings the same file back."""
    folder, out, path = show
    before = tree(out)
    changed = path.read_bytes()
    assert changed != before[f"media/{path.name}"]
    new = out.parent / "new"
    said = complaint("-C", folder, "publish", new.as_uri(), "--json", code=3)
    refused = json.loads(said)["error"]
    assert "PK902" in refused["message"]
    assert f"another program changed public/media/{path.name}" in refused["message"]
    assert "podkit transcode first --refresh --force" in refused["hint"]
    assert not new.exists()
    for words in (("-n",), ("--no-build",), ()):
        told = answer("-C", folder, "publish", *words)
        (warning,) = [f for f in told["findings"] if f["code"] == "PK902"]
        assert warning["severity"] == "warning"
        assert warning["episode"] == "first"
        assert "the target holds the right ones" in warning["message"]
        assert "podkit transcode first --refresh --force" in warning["hint"]
        assert told["done"] == []
    assert tree(out) == before
    answer("-C", folder, "transcode", "first", "--refresh", "--force")
    assert answer("-C", folder, "publish")["findings"] == []
    assert tree(out)[f"media/{path.name}"] == before[f"media/{path.name}"] == path.read_bytes()
    assert changed in [content for name, content in tree(folder / ".podkit/trash").items()]


def test_a_file_whose_time_was_put_back_is_not_sent(tmp_path):
    """What is about to be sent is read whole anyway: its bytes must be those that were made."""
    folder = make_show(tmp_path / "show", "--publish-url", (tmp_path / "out").as_uri())
    answer("-C", folder, "add", tone(tmp_path / "first.wav"), "--published", "2026-11-01")
    answer("-C", folder, "publish")
    (path,) = (folder / "public/media").iterdir()
    old = path.stat()
    with path.open("r+b") as stream:
        stream.seek(old.st_size // 2)
        stream.write(b"\xff" * 64)
    os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
    new = tmp_path / "new"
    for words in (("publish",), ("publish", "-n"), ("publish", "--no-build")):
        said = complaint("-C", folder, *words, new.as_uri(), code=3)
        assert "PK902" in said
        assert f"another program changed public/media/{path.name}" in said
        assert "podkit transcode first --refresh --force" in said
        assert not list(new.rglob("*.mp3"))
        assert not list(new.rglob("*.xml"))


def test_a_file_that_only_pages_name_is_not_sent(tmp_path):
    """No feed names the second preset's file; its bytes must be those that were made all the same."""
    folder = make_show(tmp_path / "show", "--publish-url", (tmp_path / "out").as_uri())
    config = folder / "podkit.toml"
    text = re.sub(r"(?m)^#? ?presets = .*$", 'presets = ["mp3", "flac"]', config.read_text("utf-8"))
    assert text.count('"flac"') == 1
    config.write_text(text, encoding="utf-8")
    answer("-C", folder, "add", tone(tmp_path / "first.wav"), "--published", "2026-11-01")
    answer("-C", folder, "publish")
    (path,) = (folder / "public/media").glob("*.flac")
    assert path.name.encode() not in (folder / "public/feed.xml").read_bytes()
    with path.open("r+b") as stream:
        stream.seek(path.stat().st_size // 2)
        stream.write(b"\xff" * 64)
    new = tmp_path / "new"
    said = complaint("-C", folder, "publish", new.as_uri(), code=3)
    assert f"PK902 another program changed public/media/{path.name}" in said
    assert not list(new.rglob("*.*"))
