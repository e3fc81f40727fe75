"""A build reads its show once, and writes only what changed."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from shows import add_episode, make_show

from podkit import files
from podkit.errors import LockedError
from podkit.steps.assemble import assemble
from podkit.steps.build import BuildOrder, build
from podkit.steps.open_show import OpenShow, open_show
from podkit.steps.public_tree import same_tree

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.workspace.layout import Layout

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize("dry_run", [False, True])
def test_the_show_is_read_once_and_under_the_lock(tmp_path, dry_run):
    """What another run recorded while this one waited is seen; a dry run waits for nobody."""
    layout = make_show(tmp_path)
    add_episode(layout, "energy", published="2026-11-20\ndraft = true")
    locked = []

    def opened() -> OpenShow:
        try:
            with files.lock(layout.build_lock, wait=0):
                locked.append(False)
        except LockedError:
            locked.append(True)
        return open_show(tmp_path)

    report = build(
        tmp_path, BuildOrder(site=False), opened=opened, moment=lambda _: NOW, dry_run=dry_run
    )
    assert locked == [not dry_run]
    assert [one.slug for one in report.held] == ["energy"]


def test_every_file_of_public_counts(tmp_path):
    """However deep, hidden, a pipe or a link, be it to a folder; a folder alone does not."""
    public = tmp_path / "public"
    contents = {"feed.xml": b"1", "a/b/index.html": b"2", "a/.hidden": b"3"}
    for path, content in contents.items():
        (public / path).parent.mkdir(parents=True, exist_ok=True)
        (public / path).write_bytes(content)
    (public / "empty").mkdir()
    assert same_tree(public, contents, {})
    assert not same_tree(public, {**contents, "a/b/more": b""}, {})
    (tmp_path / "elsewhere").mkdir()
    for target in (tmp_path / "elsewhere", "nowhere"):
        (public / "a/b/foreign").symlink_to(target)
        assert not same_tree(public, contents, {})
        (public / "a/b/foreign").unlink()
    (public / "feed.xml").rename(tmp_path / "feed.xml")
    (public / "feed.xml").symlink_to(tmp_path / "feed.xml")
    assert not same_tree(public, contents, {})
    (public / "feed.xml").unlink()
    os.mkfifo(public / "feed.xml")
    assert not same_tree(public, contents, {})


@pytest.mark.parametrize("swaps", [True, False])
def test_only_what_changed_is_written(tmp_path, monkeypatch, swaps):
    """A second build leaves the files of public/ that say the same, also where folders cannot swap."""
    if not swaps:
        monkeypatch.setattr("podkit.steps.assemble.exchange", lambda *_: False)
    layout = make_show(tmp_path)
    add_remote(layout, "energy")
    add_remote(layout, "talks")
    assemble(open_show(tmp_path), now=NOW)
    before = seen(layout.public)
    os.chmod(layout.public / "energy/index.html", 0o600)
    record = layout.record("talks")
    record.write_text(record.read_text().replace("Talks", "Talks & more"))
    assemble(open_show(tmp_path), now=NOW)
    after = seen(layout.public)
    changed = {path for path, mark in after.items() if mark != before[path]}
    assert changed == {"feed.xml", "index.html", "talks/index.html", "energy/index.html"}
    assert {(layout.public / path).stat().st_mode & 0o777 for path in after} == {0o644}
    assert {(layout.public / path).stat().st_nlink for path in after} == {1}


def test_another_file_in_its_place_is_not_taken_over(tmp_path):
    """A link to somebody's file of the same bytes, or other bytes of the same length."""
    layout = make_show(tmp_path)
    add_remote(layout, "energy")
    assemble(open_show(tmp_path), now=NOW)
    page, front = layout.public / "energy/index.html", layout.public / "index.html"
    right = {path: path.read_bytes() for path in (page, front)}
    own = tmp_path / "mine.html"
    own.write_bytes(right[page])
    page.unlink()
    page.symlink_to(own)
    front.write_bytes(right[front][::-1])
    assemble(open_show(tmp_path), now=NOW)
    assert {path: path.read_bytes() for path in right} == right
    assert not page.is_symlink()
    assert not page.samefile(own)


def add_remote(layout: Layout, slug: str) -> None:
    """An episode whose media lies elsewhere, so that there is nothing to encode."""
    folder = add_episode(layout, slug)
    record = (folder / "episode.toml").read_text()
    enclosure = (
        'url = "https://media.example/a.mp3"\nlength = 1\ntype = "audio/mpeg"\nduration = 1.0'
    )
    text = record.partition("# the sound")[0] + f"[enclosure]\n{enclosure}\n"
    (folder / "episode.toml").write_text(text)


def seen(public: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of every file, by path."""
    files_in = (path for path in public.rglob("*") if path.is_file())
    return {
        path.relative_to(public).as_posix(): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in files_in
    }
