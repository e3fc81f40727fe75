"""Lints a feed of ten thousand rich episodes as a stranger wrote it, beside readers of other hands.

    python benchmarks/lint_feed.py [--items N] [--rounds N] [--keep FILE] [--no-npm]

Each program runs in a process of its own, start and all; the sides take turns, and of every figure
the median is told. No registry has a validator of RSS to hold podkit against: feedparser and
podcastparser (PyPI), rss-parser and podcast-partytime (npm) only read the feed, lxml only finds out
whether it is well-formed. They judge nothing, and are a measure of the machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

PODKIT = (sys.executable, "-m", "podkit")
NPM = ("rss-parser", "podcast-partytime")
FEW = 1000
_FIRST = datetime(2026, 11, 20, 4, tzinfo=UTC)
_NEW = 0.7  # of the items are of today, the older ones of the years before Podcasting 2.0

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
  xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters">
<channel>
  <atom:link href="https://feeds.host.example/1184.rss" rel="self" type="application/rss+xml"/>
  <title>The Long Table</title>
  <link>https://longtable.example/</link>
  <language>en-us</language>
  <copyright>© 2026 The Long Table</copyright>
  <description><![CDATA[<p>Two hosts, one guest, and <b>no hurry</b>.</p>]]></description>
  <lastBuildDate>Fri, 20 Nov 2026 05:00:00 +0000</lastBuildDate>
  <itunes:author>Ana &amp; Ben</itunes:author>
  <itunes:owner><itunes:name>Ana</itunes:name><itunes:email>ana@longtable.example</itunes:email></itunes:owner>
  <itunes:category text="Society &amp; Culture"><itunes:category text="Documentary"/></itunes:category>
  <itunes:explicit>false</itunes:explicit>
  <itunes:type>episodic</itunes:type>
  <itunes:image href="https://img.host.example/1184/cover.jpg"/>
  <podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>
  <podcast:locked>yes</podcast:locked>
  <podcast:funding url="https://longtable.example/join">Join the table</podcast:funding>
"""
_PARAGRAPHS = (
    """<p>Who sets the table, and who clears it? With <a href="https://people.example/{n}">our guest</a>
we follow one meal from the field to the plate, over borders and through three ministries.</p>""",
    """<p>Про зерно, порти й ціни: розмова з людьми, які не встигають на вечерю. Хто платить за шлях,
а хто за спізнення — і чому про це ніхто не питає.</p>""",
    """<ul><li>The harvest that was sold twice</li><li>Letters from listeners &amp; what became of them
</li><li>A recipe, at last</li></ul>""",
    """<p>Read on: <a href="https://longtable.example/notes/{n}#sources">the sources</a>,
<a href="https://archive.example/paper?id={n}&amp;lang=en">the paper</a> and
<a href="https://longtable.example/map">a map</a>. Write to table@longtable.example.</p>""",
)
_TIMES = (
    "<p>0:00 Bread<br>4:1{d} Grain<br>17:3{d} The port<br>31:2{d} Who pays<br>48:05 Letters</p>"
)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--items", type=int, default=10_000, help="episodes of the large feed")
    parser.add_argument("--rounds", type=int, default=5, help="of each program")
    parser.add_argument("--keep", type=Path, help="write the large feed here, and measure nothing")
    parser.add_argument("--no-npm", action="store_true", help="leave npm's readers out")
    given = parser.parse_args()
    if given.keep:
        given.keep.write_bytes(feed_of(given.items))
        return
    with tempfile.TemporaryDirectory(prefix="podkit-bench-") as scratch:
        folder = Path(scratch)
        few, many = folder / "few.xml", folder / "many.xml"
        write(few, min(FEW, given.items))
        write(many, given.items)
        size = many.stat().st_size / 1e6
        print(
            f"{given.items:,} episodes, {size:.1f} MB ({sys.executable} {sys.version.split()[0]})"
        )
        ours(folder, few, many, given.rounds)
        others(folder, many, given.rounds, npm=not given.no_npm)


def ours(folder: Path, few: Path, many: Path, rounds: int) -> None:
    """What podkit takes, how much of it is its start, and how it grows."""
    empty = folder / "empty.xml"
    write(empty, 1)
    sides = {
        path: Side([*PODKIT, "lint", path], folder, codes=(0, 3)) for path in (empty, few, many)
    }
    take_turns(sides, rounds)
    start, small, large = (side.cpu for side in sides.values())
    items = {path: count_items(path) for path in sides}
    tell(f"podkit lint, {items[many]:,} episodes", sides[many])
    tell(f"podkit lint, {items[few]:,} episodes", sides[few])
    tell("podkit lint, 1 episode (its start)", sides[empty])
    print(f"  findings: {sides[many].said}")
    ratio = items[many] / max(1, items[few])
    growth = max(0.0, large - start) / max(1e-3, small - start)
    print(
        f"  {ratio:g} times the episodes: {large / small:.1f} × the CPU, {growth:.1f} × less the start"
    )


def others(folder: Path, feed: Path, rounds: int, *, npm: bool) -> None:
    """The same feed read by others, and the ratio of podkit's CPU seconds to theirs."""
    sides = {"podkit lint (reads and judges)": Side([*PODKIT, "lint", feed], folder, codes=(0, 3))}
    for name, program in _PYTHON.items():
        sides[f"{name} (reads only)"] = Side([sys.executable, "-c", program, feed], folder)
    if npm and (why := install(folder)):
        print(f"  npm's readers are left out: {why}")
    elif npm:
        for name, program in _NODE.items():
            sides[f"{name} (reads only)"] = Side(["node", "-e", program, feed], folder)
    take_turns(sides, rounds)
    mine = next(iter(sides.values()))
    for name, side in sides.items():
        tell(name, side)
        if side is not mine and side.runs:
            print(f"  podkit lint takes {mine.cpu / side.cpu:.2f} × its CPU seconds")


@dataclass(slots=True)
class Run:
    """One run of a program: CPU and wall seconds, and its peak memory in MB."""

    cpu: float
    wall: float
    peak: float


@dataclass(slots=True)
class Side:
    """One program and its runs; `said` is its last line, `fault` why it did not end well."""

    command: Sequence[str | Path]
    folder: Path
    codes: tuple[int, ...] = (0,)
    runs: list[Run] = field(default_factory=list)
    said: str = ""
    fault: str = ""

    def run(self) -> None:
        """Run it once to its end; its output goes into a file, as into a pipe that is read."""
        if self.fault:
            return
        out = self.folder / "out.txt"
        with out.open("wb") as stream:
            began = time.monotonic()
            child = subprocess.Popen(
                list(map(str, self.command)), cwd=self.folder, stdin=subprocess.DEVNULL,
                stdout=stream, stderr=subprocess.DEVNULL, env=_environment(),
            )  # fmt: skip
            _, status, used = os.wait4(child.pid, 0)
            wall = time.monotonic() - began
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode not in self.codes:
            self.fault = f"it ended with {child.returncode}"
            return
        lines = out.read_text(encoding="utf-8", errors="replace").splitlines()
        self.said = lines[-1] if lines else ""
        kilobytes = used.ru_maxrss / (1000 if sys.platform == "darwin" else 1)
        self.runs.append(Run(used.ru_utime + used.ru_stime, wall, kilobytes / 1000))

    @property
    def cpu(self) -> float:
        """The median of its CPU seconds."""
        return self.median(lambda run: run.cpu)

    def median(self, figure: Callable[[Run], float]) -> float:
        """The median of one figure over its runs."""
        return statistics.median(map(figure, self.runs))


def write(path: Path, items: int) -> None:
    """Have a feed written by another process: what is large here would count as the children's."""
    command = [sys.executable, __file__, "--items", str(items), "--keep", str(path)]
    subprocess.run(command, check=True)


def count_items(path: Path) -> int:
    """How many episodes a feed has, read line by line."""
    with path.open("rb") as lines:
        return sum(line.startswith(b"<item>") for line in lines)


def take_turns(sides: Mapping[Any, Side], rounds: int) -> None:
    """Run each program once, then each again; a busy machine slows them all."""
    for _ in range(rounds):
        for side in sides.values():
            side.run()


def tell(name: str, side: Side) -> None:
    """The medians of one program."""
    if not side.runs:
        print(f"{name}: {side.fault}")
        return
    wall, peak = side.median(lambda run: run.wall), side.median(lambda run: run.peak)
    lowest = min(run.cpu for run in side.runs)
    print(
        f"{name}: {side.cpu:.2f} s CPU (least {lowest:.2f}), {wall:.2f} s wall, {peak:.0f} MB",
        flush=True,
    )


_PYTHON = {
    "feedparser": "import sys, feedparser; print(len(feedparser.parse(sys.argv[1]).entries))",
    "podcastparser": (
        "import sys, podcastparser\n"
        "with open(sys.argv[1], 'rb') as stream:\n"
        "    print(len(podcastparser.parse('https://a.example/', stream)['episodes']))"
    ),
    "lxml": "import sys; from lxml import etree; print(len(etree.parse(sys.argv[1]).getroot()[0]))",
}
_NODE = {
    "rss-parser": (
        "const P = require('rss-parser'); const fs = require('fs');"
        "new P().parseString(fs.readFileSync(process.argv[1], 'utf8'))"
        ".then((feed) => console.log(feed.items.length));"
    ),
    "podcast-partytime": (
        "const p = require('podcast-partytime'); const fs = require('fs');"
        "const feed = (p.default ?? p).parseFeed(fs.readFileSync(process.argv[1], 'utf8'));"
        "console.log(feed.items.length);"
    ),
}


def install(folder: Path) -> str:
    """Get npm's readers into the folder; why not, or nothing."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "there is no node here"
    (folder / "package.json").write_text("{}", encoding="utf-8")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", *NPM]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"npm ended with {done.returncode}"


def _environment() -> dict[str, str]:
    """As a person has it: bytecode is kept, output is buffered."""
    left_out = {"PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    return {name: value for name, value in os.environ.items() if name not in left_out}


def feed_of(count: int) -> bytes:
    """A feed of so many episodes, the newest first, as a host makes them; no byte by chance."""
    parts = [_HEAD, *(_item(number, count) for number in range(count, 0, -1))]
    return "".join([*parts, "</channel>\n</rss>\n"]).encode()


def _item(number: int, count: int) -> str:
    published = format_datetime(_FIRST - timedelta(hours=20 * (count - number)))
    audio = f"https://media.host.example/1184/{number:05}-the-long-table.mp3"
    said = [_PARAGRAPHS[(number + k) % 4].format(n=number) for k in range(4)]
    short, notes = "".join(said[:2]), "".join(said)
    times = _TIMES.format(d=number % 10) if number % 3 else ""
    new = number > count * (1 - _NEW)
    lines = [
        "<item>",
        f"<title>What the table said, part {_word(number)}</title>",
        f"<itunes:title>What the table said, part {_word(number)}</itunes:title>",
        f"<link>https://longtable.example/{number}</link>",
        f'<guid isPermaLink="false">host-1184-{number}-{number * 7919 % 99991:05}</guid>',
        f"<pubDate>{published}</pubDate>",
        f"<description><![CDATA[{short}]]></description>",
        f"<content:encoded><![CDATA[{times}{notes}]]></content:encoded>",
        f'<enclosure url="{audio}" length="{20_000_000 + number * 1013}" type="audio/mpeg"/>',
        "<itunes:author>Ana &amp; Ben</itunes:author>",
        f'<itunes:image href="https://img.host.example/1184/{number}.jpg"/>',
        f"<itunes:duration>{1800 + number % 1700}</itunes:duration>",
        f"<itunes:season>{1 + number // 50}</itunes:season>",
        f"<itunes:episode>{number}</itunes:episode>",
        "<itunes:episodeType>full</itunes:episodeType>",
        *(_of_today(number) if new else _of_old(number)),
        "</item>\n",
    ]
    return "\n    ".join(lines)


def _of_today(number: int) -> Iterator[str]:
    there = f"https://files.host.example/1184/{number}"
    yield "<itunes:explicit>false</itunes:explicit>"
    yield f'<podcast:transcript url="{there}.vtt" type="text/vtt" rel="captions"/>'
    yield f'<podcast:transcript url="{there}.srt" type="application/x-subrip" rel="captions"/>'
    yield f'<podcast:transcript url="{there}.html" type="text/html"/>'
    yield f'<podcast:chapters url="{there}/chapters.json" type="application/json+chapters"/>'
    yield f'<podcast:soundbite startTime="73.{number % 10}" duration="45.0">Who pays</podcast:soundbite>'
    yield '<podcast:person role="host" href="https://longtable.example/ana">Ana</podcast:person>'
    yield '<podcast:person role="host" href="https://longtable.example/ben">Ben</podcast:person>'
    yield f'<podcast:person role="guest" img="{there}.png">Guest {_word(number)}</podcast:person>'
    yield '<psc:chapters version="1.2">'
    for start, title in (
        ("0", "Bread"),
        ("4:10", "Grain"),
        ("17:30", "The port"),
        ("31:20", "Who pays"),
    ):
        yield f'  <psc:chapter start="{start}" title="{title}"/>'
    yield "</psc:chapters>"


def _of_old(number: int) -> Iterator[str]:
    yield "<itunes:explicit>no</itunes:explicit>"
    yield f"<itunes:subtitle>Part {_word(number)}</itunes:subtitle>"
    yield "<itunes:summary>Two hosts, one guest, and no hurry.</itunes:summary>"
    yield "<itunes:keywords>food, trade, letters</itunes:keywords>"


def _word(number: int) -> str:
    """A number in letters, so that it is no number in a title."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


if __name__ == "__main__":
    main()
