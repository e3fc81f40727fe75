"""Staging folders: what a killed run left is swept, what a living run works in is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from podkit import files, staging


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """The root of staging folders and the workspace's lock."""
    root = tmp_path / "staging"
    root.mkdir()
    return root, tmp_path / "lock"


def names(root: Path) -> list[str]:
    return sorted(entry.name for entry in root.iterdir())


@pytest.mark.parametrize(
    "left",
    [
        (".podkit-0123abcd/", ".podkit-0123abcd.lock"),
        (".podkit-0123abcd/",),
        (".podkit-0123abcd.lock",),  # killed before the folder was made, or after it was removed
    ],
)
def test_leftovers_are_swept_whatever_is_left_of_them(
    places: tuple[Path, Path], left: tuple[str, ...]
) -> None:
    """The folder and its lock go, also when only one of the two is there."""
    root, guard = places
    for name in left:
        if name.endswith("/"):
            (root / name).mkdir()
            (root / name / "half.mp3").write_bytes(b"half")
        else:
            (root / name).touch()
    (root / "theirs").touch()
    staging.tidy(root, guard=guard)
    assert names(root) == ["theirs"]


def test_the_folder_of_a_living_run_stays(places: tuple[Path, Path]) -> None:
    """Neither its folder nor its lock is swept."""
    root, guard = places
    with staging.staging(root, guard=guard) as folder:
        (folder / "work").touch()
        staging.tidy(root, guard=guard)
        assert (folder / "work").exists()
        assert len(names(root)) == 2
    assert names(root) == []


def test_tidying_waits_for_nobody(places: tuple[Path, Path]) -> None:
    """While another run holds the workspace's lock, leftovers stay for the next run."""
    root, guard = places
    (root / ".podkit-0123abcd").mkdir()
    with files.lock(guard):
        staging.tidy(root, guard=guard)
    assert names(root) == [".podkit-0123abcd"]


def test_where_there_is_nothing_to_tidy_nothing_is_made(tmp_path: Path) -> None:
    """Not even the lock file."""
    staging.tidy(tmp_path / "staging", guard=tmp_path / "lock")
    assert list(tmp_path.iterdir()) == []
