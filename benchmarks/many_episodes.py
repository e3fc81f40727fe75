"""Measures a show with very many episodes: its feed, its pages, its lists, and how the cost grows.

    python benchmarks/many_episodes.py [--episodes N] [--rounds N] [--plain]

The show is made on the spot: each episode has a record, notes of about 900 bytes with links and a
list, two people of the register and a recorded MP3; each fifth has chapters and a transcript. With
`--plain` the notes are two sentences with a link, and there is nothing else. Media are not there:
`podkit feed` needs none, and `build` takes what was published as it is. Wall time says what one waits for, CPU seconds what the machine has to do,
memory is that of the largest process. Ends with 1 when an episode is missing in the feed, or when
anything grows by more than a tenth beyond the number of episodes.

`first` has no cache; `again` changes nothing; `one note` follows an edit of one episode's notes.
For `verify` each master is there, of a few bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image
from transcode import Cost, cost_of

PODKIT = (sys.executable, "-m", "podkit", "-q")
GROWTH = 10
TOO_MUCH = 1.1
_SHOW = """
[show]
title = "Very many talks"
description = "A show that was made to be measured."
language = "en"
timezone = "Europe/Kyiv"
author = "The editors"
owner = { name = "The editors", email = "editors@podcast.example" }
categories = ["News > Politics"]
explicit = false
image = "cover.jpg"
guid = "0b1f8e0e-26a0-5c0d-9b3b-6f6c6f1f8a11"
people = ["host"]

[people.host]
name = "A Host"
href = "https://podcast.example/people/host/"

[people.guest]
name = "A Guest"
role = "guest"

[site]
url = "https://podcast.example/talks/"

[media]
base_url = "https://media.example/talks/"
presets = ["mp3"]

[feeds.main]
path = "feed.xml"
enclosure = "mp3"
"""
_RECORD = """\
guid = "talk-{number}@podcast.example"
title = "Talk {number}: what was agreed in the {number}th week"
published = {date}
number = {number}
season = {season}
summary = "Two people go through what was signed in week {number}, who signed it, and what it costs."
people = ["host", "guest"]

[masters.main]
file = "master.wav"
sha256 = "{sha}"
bytes = 317520044
duration = 1800.5
video = false
{beside}"""
_RENDITION = """\
[mp3]
master = "main"
file = "talk-{number}-{short}.mp3"
bytes = {size}
sha256 = "{sha}"
mime = "audio/mpeg"
duration = 1800.5
loudness = {{ integrated = -16.02, true_peak = -1.4, range = 5.1 }}
bit_rate = 128000
published = {date}
"""
_NOTES = """\
By the end of week {number}, **nine countries** had signed agreements of the *same* kind. This talk
goes through them in three steps: what was promised, who signed, and what such a paper holds. The
texts are on [the page of week {number}](https://www.example.org/weeks/{number}), and older ones are
kept in https://archive.example.org/weeks/{number}.

## To look up

- [The summit of week {number}](https://en.example.org/wiki/Summit_{number}), where the group made
  its declaration
- [The office](https://www.office.example/en/{number}), which publishes the texts
- [The memorandum](https://en.example.org/wiki/Memorandum_{number}) of the year before

Questions & answers go to [the editors](mailto:editors@podcast.example), who read each of them; those
of week {number} are answered in the next talk. *No person was recorded for this.*
"""
_PLAIN_NOTES = """\
What was signed in week {number}, who signed it, and [where to read
it](https://www.example.org/weeks/{number}).

The next talk comes on Friday.
"""
_PEOPLE = 'people = ["host", "guest"]\n'
_CHAPTERS = "00:00:00.000 Begin\n00:05:10.500 What was promised\n00:20:00.000 Who signed {number}\n"
_TRANSCRIPT = "WEBVTT\n\n" + "\n".join(
    f"00:{m:02}:{s:02}.000 --> 00:{m:02}:{s + 9:02}.000\n<v A Host>Sentence {m}-{s} of talk {{number}}.\n"
    for m in range(10)
    for s in (0, 10, 20, 30, 40, 50)
)


def make_show(folder: Path, count: int, *, plain: bool = False) -> Path:
    """A show of so many episodes; every file is older than a file system's clock can confuse."""
    folder.mkdir(parents=True)
    (folder / "podkit.toml").write_text(_SHOW, encoding="utf-8")
    Image.new("RGB", (1400, 1400), (40, 80, 160)).save(folder / "cover.jpg")
    begun = datetime(1998, 1, 1, 6, tzinfo=UTC)
    for number in range(1, count + 1):
        make_episode(folder / "episodes" / f"talk-{number}", number, begun, plain=plain)
    old = begun.timestamp()
    for path in (*folder.rglob("*"), folder):
        os.utime(path, (old, old))
    return folder


def make_episode(folder: Path, number: int, begun: datetime, *, plain: bool) -> None:
    """One episode with its notes and what is recorded of its MP3."""
    folder.mkdir(parents=True)
    sha = hashlib.sha256(str(number).encode()).hexdigest()
    beside = ""
    if number % 5 == 0 and not plain:
        beside = 'chapters = "chapters.txt"\ntranscripts = [{ file = "transcript.vtt" }]\n'
        (folder / "chapters.txt").write_text(_CHAPTERS.format(number=number))
        (folder / "transcript.vtt").write_text(_TRANSCRIPT.format(number=number))
    date = (begun + timedelta(days=number)).isoformat()
    values = {
        "number": number, "season": number // 500 + 1, "date": date, "sha": sha,
        "short": sha[:8], "size": 28_000_000 + number, "beside": beside,
    }  # fmt: skip
    for name, text in (
        ("episode.toml", _RECORD.replace(_PEOPLE, "") if plain else _RECORD),
        ("renditions.toml", _RENDITION),
        ("notes.md", _PLAIN_NOTES if plain else _NOTES),
    ):
        (folder / name).write_text(text.format(**values), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Job:
    """A command in the show, and what to do before each run of it."""

    name: str
    words: tuple[str, ...]
    prepare: Callable[[Path], None] | None = None


def forget(folder: Path) -> None:
    """As after a clone: no cache, nothing built."""
    for name in (".podkit", "public"):
        shutil.rmtree(folder / name, ignore_errors=True)


def edit_note(folder: Path) -> None:
    """One more line in one episode's notes."""
    with (folder / "episodes/talk-7/notes.md").open("a", encoding="utf-8") as stream:
        stream.write("\nOne more line.\n")


def lay_masters(folder: Path) -> None:
    """Every master, as its record says: the hash is that of the episode's number."""
    for episode in (folder / "episodes").iterdir():
        (episode / "master.wav").write_text(episode.name.removeprefix("talk-"), encoding="utf-8")


JOBS = (
    Job("feed, first", ("feed",), forget),
    Job("feed, again", ("feed",)),
    Job("feed, one note edited", ("feed",), edit_note),
    # a feed of this size is an error for itself (PK113)
    Job("lint of the feed's file", ("lint", "--ignore", "PK113", "public/feed.xml")),
    Job("list", ("list",)),
    Job("list as JSON", ("list", "--json")),
    Job("status", ("status",)),
    Job("build, first", ("build",), forget),
    Job("build, again", ("build",)),
    Job("verify", ("verify",), lay_masters),
)


def main() -> int:
    """Make the shows, run the jobs in turns, print the table; 1 when a feed is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--episodes", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--plain", action="store_true", help="two sentences of notes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podkit-bench-") as scratch:
        few, many = given.episodes // GROWTH, given.episodes
        costs = {
            count: measure(
                make_show(Path(scratch, str(count)), count, plain=given.plain), count, given.rounds
            )
            for count in (few, many)
        }
    print(f"| | {few:,}: s | {many:,}: s | CPU, s | largest process, MB | growth |")
    print("|---|---|---|---|---|---|")
    grown = []
    for job in JOBS:
        small, large = costs[few][job.name], costs[many][job.name]
        grown += [of(large, what) / of(small, what) for what in ("wall", "cpu", "memory")]
        print(
            f"| {job.name} | {of(small, 'wall'):.2f} | {of(large, 'wall'):.2f} "
            f"| {of(large, 'cpu'):.2f} | {of(large, 'memory'):.0f} "
            f"| {of(large, 'wall') / of(small, 'wall'):.1f} x |"
        )
    return int(max(grown) > TOO_MUCH * GROWTH)


def measure(show: Path, count: int, rounds: int) -> dict[str, list[Cost]]:
    """What each job costs in a show of so many episodes, round by round."""
    os.chdir(show)
    costs: dict[str, list[Cost]] = {job.name: [] for job in JOBS}
    for _ in range(rounds):
        for job in JOBS:
            if job.prepare is not None:
                job.prepare(show)
            costs[job.name].append(cost_of([*PODKIT, *job.words], {}))
            if (found := (show / "public/feed.xml").read_bytes().count(b"<item>")) != count:
                raise SystemExit(f"after {job.name} the feed has {found} of {count} episodes")
    return costs


def of(costs: list[Cost], what: str) -> float:
    """The median of one figure over the rounds."""
    return float(statistics.median(getattr(cost, what) for cost in costs))


if __name__ == "__main__":
    sys.exit(main())
