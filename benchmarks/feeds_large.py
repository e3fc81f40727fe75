"""Writes the feed of shows of 1,000, 10,000, … episodes, and says what that takes and how it grows.

    python benchmarks/feeds_large.py [EPISODES…]

For each size a show is made whose episodes have notes, people, a season and a number, their sound
elsewhere. `podkit feed` is run the first time, and three times with nothing changed (the median
counts); told are seconds of processor, its children included, and the most memory of a process.
It ends with 1 when a feed does not hold every episode, or when time or memory grow by more than a
tenth beyond the number of episodes.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

PODKIT = (sys.executable, "-m", "podkit")
SIZES = (1_000, 10_000)
SHOW = """\
[show]
title = "A long show"
language = "en"
timezone = "Europe/Kyiv"
explicit = false
author = "The desk"
categories = ["News"]
guid = "798226c6-c5bd-5c5d-91b9-7b80e5cbfd96"
people = ["host"]

[people.host]
name = "Olha"
role = "host"

[site]
url = "https://podcast.example/"
"""
EPISODE = """\
guid = "guid-{0}"
title = "Episode {0}: what was said that day"
published = {1:04}-{2:02}-{3:02}T06:00:00+02:00
number = {0}
season = {1}
summary = "A summary of one sentence, number {0}."
people = ["host", {{ name = "Guest {4}", role = "guest" }}]

[enclosure]
url = "https://media.example/{0}.mp3"
length = {5}
type = "audio/mpeg"
duration = 1800.0
"""
NOTES = (
    "About **number {0}**, with a [link](https://e.example/{0}):\n\n- one\n- two\n\nAnd an end.\n"
)


def main() -> int:
    """Measure each size and print it; 1 when it grows too fast."""
    sizes = [int(word) for word in sys.argv[1:]] or SIZES
    found = {}
    for count in sizes:
        with tempfile.TemporaryDirectory(prefix="podkit-bench-") as scratch:
            folder = Path(scratch)
            make(folder, count)
            first, memory = run(folder)
            again = statistics.median(run(folder)[0] for _ in range(3))
            feed = (folder / "public" / "feed.xml").read_bytes()
        if feed.count(b"<item>") != count:
            print(f"{count:,} episodes: the feed has {feed.count(b'<item>')}")
            return 1
        found[count] = (first, again, memory)
        print(
            f"{count:,} episodes: {len(feed) / 1e6:.1f} MB of feed, first {first:.1f} s, "
            f"again {again:.1f} s, {memory:.0f} MB",
            flush=True,
        )
    small, large = min(found), max(found)
    grown = [b / a for a, b in zip(found[small], found[large], strict=True)]
    told = ", ".join(
        f"{name} × {by:.1f}" for name, by in zip(("first", "again", "memory"), grown, strict=True)
    )
    print(f"from {small:,} to {large:,} episodes (× {large // small}): {told}")
    return 1 if max(grown) > 1.1 * large / small else 0


def make(folder: Path, count: int) -> None:
    """A show of so many episodes."""
    (folder / "podkit.toml").write_text(SHOW, encoding="utf-8")
    for n in range(1, count + 1):
        home = folder / "episodes" / f"episode-{n}"
        home.mkdir(parents=True)
        year, rest = 1926 + n // 1000 % 100, n % 1000
        record = EPISODE.format(n, year, 1 + rest // 28 % 12, 1 + rest % 28, n % 50, 1000 + n)
        (home / "episode.toml").write_text(record, encoding="utf-8")
        (home / "notes.md").write_text(NOTES.format(n), encoding="utf-8")


def run(folder: Path) -> tuple[float, float]:
    """`podkit feed`: seconds of processor, and MB of memory at the most."""
    process = subprocess.Popen([*PODKIT, "-q", "-C", folder, "feed"])
    most = 0.0
    while True:
        with suppress(OSError):
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
            most = max([most, *(int(r.split()[1]) for r in status.splitlines() if "VmHWM" in r)])
        done, code, used = os.wait4(process.pid, os.WNOHANG)
        if done:
            break
        time.sleep(0.01)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise SystemExit("podkit feed failed")
    return used.ru_utime + used.ru_stime, most / 1024


if __name__ == "__main__":
    sys.exit(main())
