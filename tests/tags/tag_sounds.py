"""Small files of every kind for the tests of tags, chapters and covers, and what readers say of them."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path
from typing import Any

from PIL import Image

from podkit.media.tools import find_ffmpeg
from podkit.model.media import Picture

CANARY = "CANARY-7f3a"
TONE = ("-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000:duration=20")
OPUS = (*TONE, "-c:a", "libopus", "-b:a", "16k", "-metadata", f"comment={CANARY}")
FILM = (
    *("-f", "lavfi", "-i", "testsrc=duration=20:size=64x64:rate=5", *TONE),
    *("-c:v", "libx264", "-g", "10", "-c:a", "aac", "-b:a", "32k"),
)


def ffmpeg(*words: object) -> bytes:
    """The bundled ffmpeg's output."""
    command = [find_ffmpeg().path, "-v", "error", "-nostdin", "-y", *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def sound(path: Path) -> bytes:
    """A hash of everything that decodes from a file's sound."""
    return ffmpeg("-i", path, "-map", "0:a", "-f", "md5", "-")


def asked(*command: object) -> Any:
    """The JSON that a program prints."""
    return json.loads(subprocess.check_output(list(map(str, command)), stderr=subprocess.DEVNULL))


def ffprobe(path: Path) -> Any:
    """What ffprobe says of a file."""
    shows = ["-show_format", "-show_streams", "-show_chapters"]
    return asked("ffprobe", "-v", "error", *shows, "-of", "json", path)


def picture(color: str = "navy", side: int = 120) -> Picture:
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (side, side), color).save(out, "JPEG")
    return Picture(mime="image/jpeg", content=out.getvalue())
