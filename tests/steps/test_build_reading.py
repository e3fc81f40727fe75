"""A build reads its show once, when it alone builds it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from shows import add_episode, make_show

from podkit import files
from podkit.errors import LockedError
from podkit.steps.assemble import same_tree
from podkit.steps.build import BuildOrder, build
from podkit.steps.open_show import OpenShow, open_show

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
    """However deep, hidden or a link; a folder alone does not, nor one that a link leads to."""
    public = tmp_path / "public"
    contents = {"feed.xml": b"1", "a/b/index.html": b"2", "a/.hidden": b"3"}
    for path, content in contents.items():
        (public / path).parent.mkdir(parents=True, exist_ok=True)
        (public / path).write_bytes(content)
    (public / "empty").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/file").write_bytes(b"4")
    (public / "linked").symlink_to(tmp_path / "elsewhere")
    assert same_tree(public, contents, {})
    assert not same_tree(public, {**contents, "a/b/more": b""}, {})
    (public / "a/b/foreign").symlink_to("nowhere")
    assert not same_tree(public, contents, {})
