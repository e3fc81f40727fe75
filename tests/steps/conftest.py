"""Small sounds and a picture for the tests of `podkit tag`."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import mutagen
import pytest
from PIL import Image

from podkit.media.tools import find_ffmpeg


@pytest.fixture(scope="session")
def sounds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of a tone in each of three containers, without notes of the encoder."""
    folder = tmp_path_factory.mktemp("sounds")
    tone = ["-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000:duration=1"]
    for name, codec in {"x.mp3": "libmp3lame", "x.m4a": "aac", "x.wav": "pcm_s16le"}.items():
        command = [find_ffmpeg().path, "-v", "error", *tone, "-c:a", codec, folder / name]
        subprocess.run(command, check=True)
    mutagen.File(folder / "x.mp3").delete()
    return folder


@pytest.fixture
def talk(sounds: Path, tmp_path: Path) -> Path:
    """A private MP3 without tags."""
    return Path(shutil.copy(sounds / "x.mp3", tmp_path / "talk.mp3"))


@pytest.fixture
def cover(tmp_path: Path) -> Path:
    """A small JPEG."""
    path = tmp_path / "cover.jpg"
    Image.new("RGB", (100, 100), "navy").save(path)
    return path
