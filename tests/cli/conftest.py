"""Shows to work in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cli_runs import new_show, podkit, sound


@pytest.fixture(scope="session")
def made_show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show with one episode of a second, never changed."""
    folder = new_show(tmp_path_factory.mktemp("shows") / "made")
    source = sound(folder.parent / "first.wav")
    words = ["add", source, "--title", "First", "--number", "1", "--season", "1"]
    done = podkit("-C", folder, *words, "--published", "2024-05-01T06:00:00+00:00")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def show(made_show: Path, tmp_path: Path) -> Path:
    """A copy of the show, for one test."""
    return Path(shutil.copytree(made_show, tmp_path / "show"))
