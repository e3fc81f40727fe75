"""A writer with every fault that the harness looks for; the harness must find them all.

python naive.py add SHOW SOURCE | transcode SHOW | build SHOW NEW_PUBLIC
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

PAUSE = 0.02
"""Seconds between two pieces of a file, so that a kill finds it half-written."""


def slowly(content: bytes, target: Path) -> None:
    """Write straight to the final name, piece by piece."""
    target.parent.mkdir(parents=True, exist_ok=True)
    step = max(1, len(content) // 20)
    with target.open("wb") as out:
        for start in range(0, len(content), step):
            out.write(content[start : start + step])
            out.flush()
            time.sleep(PAUSE)


def add(show: Path, source: Path) -> None:
    """The record first, then the master under its final name."""
    content = source.read_bytes()
    folder = show / "episodes" / "second"
    folder.mkdir(exist_ok=True)
    (folder / "episode.toml").write_text(
        f'guid = "naive"\ntitle = "Second"\n\n[masters.main]\nfile = "master.wav"\n'
        f'sha256 = "{hashlib.sha256(content).hexdigest()}"\nbytes = {len(content)}\n',
        encoding="utf-8",
    )
    slowly(content, folder / "master.wav")


def transcode(show: Path) -> None:
    """Encode straight to the final name, with a child that nobody ends."""
    child = subprocess.Popen(["sleep", "20"], start_new_session=True)
    content = (show / "podkit.toml").read_bytes() * 50
    name = f"second-{hashlib.sha256(content).hexdigest()[:8]}.mp3"
    slowly(content, show / ".podkit" / "media" / name)
    child.kill()


def build(show: Path, new: Path) -> None:
    """The feed first, then the media, into the folder that is being served."""
    slowly((new / "feed.xml").read_bytes(), show / "public" / "feed.xml")
    for path in sorted((new / "media").glob("*")):
        slowly(path.read_bytes(), show / "public" / "media" / path.name)
    shutil.copytree(new, show / "public", dirs_exist_ok=True)


def main(command: str, *paths: str) -> None:
    """Run one of the three."""
    if command == "add":
        add(Path(paths[0]), Path(paths[1]))
    elif command == "transcode":
        transcode(Path(paths[0]))
    else:
        build(Path(paths[0]), Path(paths[1]))


if __name__ == "__main__":
    main(*sys.argv[1:])
