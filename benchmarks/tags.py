"""Measures setting and reading the tags of many files, against plain mutagen loops, as ratios.

    python benchmarks/tags.py [--files N] [--rounds N]

Setting: title and cover of N MP3s of 5 MB. podkit copies each, syncs it, looks into it and swaps it
in; one plain loop copies, saves, syncs and renames as well, a second one saves in place and syncs, a
third one saves in place and syncs nothing. Reading: `podkit tag --json`, less what podkit takes to
start, against a loop that reads the same tags. Wall time says what one waits for, CPU seconds what
the machine has to do; the sides take turns, on files of their own.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from podkit.media.tools import find_ffmpeg

PODKIT = (sys.executable, "-m", "podkit")
_SECONDS = 312  # of 128 kbit/s are 5 MB
_SET = """
import os, shutil, sys
from pathlib import Path
from mutagen.mp3 import MP3
from mutagen.id3 import APIC, TIT2
cover, *finals = sys.argv[1:]
data = Path(cover).read_bytes()
for final in finals:
    path = final
    if COPY:
        path = final + '.new'
        shutil.copyfile(final, path)
    file = MP3(path)
    if file.tags is None:
        file.add_tags()
    file.tags.add(TIT2(encoding=3, text='A new title'))
    file.tags.add(APIC(encoding=0, mime='image/jpeg', type=3, desc='', data=data))
    file.save()
    if SYNC:
        with open(path, 'rb') as stream:
            os.fsync(stream.fileno())
    if COPY:
        os.replace(path, final)
"""
_LOOPS = {
    "mutagen that copies, saves, syncs and renames each": "COPY = SYNC = True",
    "mutagen in place that syncs each": "COPY, SYNC = False, True",
    "mutagen in place": "COPY = SYNC = False",
}
_READ = """
import json, sys
import mutagen
found = []
for path in sys.argv[1:]:
    file = mutagen.File(path)
    found.append({'path': path, 'tags': {
        k: str(v) for k, v in (file.tags or {}).items() if not k.startswith('APIC')}})
json.dump(found, sys.stdout)
"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=200, help="how many")
    parser.add_argument("--rounds", type=int, default=3, help="of each side")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podkit-bench-", dir=Path.cwd()) as scratch:
        folder = Path(scratch)
        talk, cover = _material(folder)
        _setting(folder, talk, cover, given.files, given.rounds)
        _reading(folder, talk, cover, given.files, given.rounds)


def _material(folder: Path) -> tuple[Path, Path]:
    """An MP3 of 5 MB with a few tags, and a cover of 600 pixels."""
    talk = folder / "talk.mp3"
    sound = ("-f", "lavfi", "-i", f"sine=frequency=300:sample_rate=44100:duration={_SECONDS}")
    tags = ("-metadata", "artist=Our Show", "-metadata", "album=Our Show", "-id3v2_version", "3")
    subprocess.run(
        [find_ffmpeg().path, "-v", "error", *sound, "-b:a", "128k", *tags, talk], check=True
    )
    cover = folder / "cover.jpg"
    Image.effect_noise((600, 600), 60).convert("RGB").save(cover, quality=80)
    return talk, cover


def _setting(folder: Path, talk: Path, cover: Path, files: int, rounds: int) -> None:
    ours = Side()
    plain = {name: Side() for name in _LOOPS}
    words = ("--set", "title=A new title", "--image", cover, "-q")
    runs: list[tuple[Side, list[str | Path], tuple[str | Path, ...]]]
    runs = [(ours, [*PODKIT, "tag"], words)]
    for name, settings in _LOOPS.items():
        runs.append((plain[name], [sys.executable, "-c", f"{settings}\n{_SET}", cover], ()))
    for _ in range(rounds):
        for side, before, after in runs:
            paths = _copies(folder / "set", talk, files)
            side.run([*before, *paths, *after])
            shutil.rmtree(paths[0].parent)
    what = f"title and cover of {files} MP3s of {talk.stat().st_size / 1e6:.1f} MB"
    for name, side in plain.items():
        tell(what, ours, side, name, files)


def _reading(folder: Path, talk: Path, cover: Path, files: int, rounds: int) -> None:
    paths = _copies(folder / "read", talk, files)
    words = ("--set", "title=A title", "--image", cover, "-q")
    subprocess.run([*PODKIT, "tag", *paths, *words], check=True)
    ours, plain, our_start, plain_start = Side(), Side(), Side(), Side()
    for _ in range(rounds):
        our_start.run([*PODKIT, "tag", "--json", paths[0]])
        plain_start.run([sys.executable, "-c", _READ, paths[0]])
        ours.run([*PODKIT, "tag", "--json", *paths])
        plain.run([sys.executable, "-c", _READ, *paths])
    ours.less(our_start)
    plain.less(plain_start)
    tell(f"tag --json of {files} files, each less its start", ours, plain, "mutagen", files)


def _copies(folder: Path, talk: Path, files: int) -> list[Path]:
    """Copies in a folder, on the disk before anything is measured."""
    folder.mkdir()
    paths = [folder / f"{number:04}.mp3" for number in range(files)]
    for path in paths:
        shutil.copyfile(talk, path)
    os.sync()
    return paths


class Side:
    """The times of one side: wall seconds and CPU seconds of each run."""

    def __init__(self) -> None:
        self.wall: list[float] = []
        self.cpu: list[float] = []

    def run(self, command: Sequence[str | Path]) -> None:
        """Run a program to its end."""
        before, began = _cpu(), time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        self.wall.append(time.monotonic() - began)
        self.cpu.append(_cpu() - before)

    def less(self, other: Side) -> None:
        """Take the median of another side off every run."""
        for mine, theirs in ((self.wall, other.wall), (self.cpu, other.cpu)):
            mine[:] = [seconds - statistics.median(theirs) for seconds in mine]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tell(what: str, ours: Side, plain: Side, other: str, files: int) -> None:
    """Print the ratio of the medians, and the milliseconds of one file."""
    figure: Callable[[list[float]], float] = statistics.median
    for kind in ("wall", "cpu"):
        mine, theirs = figure(getattr(ours, kind)), figure(getattr(plain, kind))
        each = f"{mine / files * 1000:.2f} ms against {theirs / files * 1000:.2f} ms a file"
        print(f"{what}: {mine / theirs:.2f} × {other} in {kind} time ({each})", flush=True)


if __name__ == "__main__":
    main()
