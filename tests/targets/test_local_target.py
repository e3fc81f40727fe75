"""A folder as a target: what killed runs left goes, whatever else lies there stays."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from podkit import copying
from podkit.errors import TargetError
from podkit.targets.local import LocalTarget, open_local


@pytest.fixture
def target(tmp_path: Path) -> LocalTarget:
    """An empty target."""
    return open_local("file:out", tmp_path)


def stored(target: LocalTarget, tmp_path: Path, name: str, content: bytes = b"new") -> Path:
    """The path of a file after `put`."""
    source = tmp_path / "source"
    source.write_bytes(content)
    target.put(source, name, mime="application/octet-stream")
    return target.folder / name


def test_leftovers_of_a_killed_run_are_swept(target: LocalTarget, tmp_path: Path) -> None:
    """Temporary names of podkit's own go from every folder; foreign ones stay."""
    kept = stored(target, tmp_path, "media/one-1a2b3c4d.mp3")
    left = kept.with_name(".podkit-0123abcd.mp3")
    deeper = target.folder / "a" / "b" / ".podkit-89abcdef"
    foreign = [kept.with_name(n) for n in (".podkit-mine.tmp", ".rsync-0123abcd", "x.tmp")]
    deeper.parent.mkdir(parents=True)
    for path in (left, deeper, *foreign):
        path.write_bytes(b"half")
    assert list(target.paths()) == sorted(
        p.relative_to(target.folder).as_posix() for p in (kept, *foreign)
    )
    assert target.sweep() == ("a/b/.podkit-89abcdef", "media/.podkit-0123abcd.mp3")
    assert not left.exists()
    assert not deeper.exists()
    assert all(path.exists() for path in (kept, *foreign))
    assert target.sweep() == ()


def test_the_work_of_a_living_run_is_not_swept(
    target: LocalTarget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While some run puts a file, nobody sweeps its temporary name away."""
    copy = copying.copy
    swept: list[tuple[str, ...]] = []

    def copy_and_sweep(source: Path, temporary: Path) -> str:
        digest = copy(source, temporary)
        swept.append(target.sweep())
        return digest

    monkeypatch.setattr(copying, "copy", copy_and_sweep)
    assert stored(target, tmp_path, "feed.xml", b"whole").read_bytes() == b"whole"
    assert swept == [()]


def test_links_in_the_target_are_not_swept_through(target: LocalTarget, tmp_path: Path) -> None:
    """A link to a folder elsewhere is not entered."""
    outside = tmp_path / "outside"
    outside.mkdir()
    other = outside / ".podkit-0123abcd.mp3"
    other.write_bytes(b"theirs")
    target.folder.mkdir()
    (target.folder / "link").symlink_to(outside)
    assert target.sweep() == ()
    assert other.exists()


def test_nothing_to_sweep_where_nothing_is(target: LocalTarget) -> None:
    """A target that does not exist yet is not made by sweeping."""
    assert target.sweep() == ()
    assert not target.folder.exists()


def test_a_put_that_fails_leaves_what_was_there(target: LocalTarget, tmp_path: Path) -> None:
    """A source that cannot be read is an error, the old file is there still, nothing beside it."""
    kept = stored(target, tmp_path, "feed.xml", b"old")
    with pytest.raises(TargetError):
        target.put(tmp_path / "missing", "feed.xml", mime="application/rss+xml")
    assert kept.read_bytes() == b"old"
    assert os.listdir(target.folder) == ["feed.xml"]
