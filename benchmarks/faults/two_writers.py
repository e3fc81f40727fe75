"""Runs two to eight podkits at once on one show and on one file, and looks for lost updates.

    python benchmarks/faults/two_writers.py          60 rounds of add, 20 of set, 20 of tag

Rows D11, D12, D13. A reader runs all the time: it must never fail nor wait.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import oracle
from harness import PODKIT, Figures, clone, environment, must, podkit, portion, rng, scratch
from shows import add_arguments, make_show, make_sound

ROUNDS = {"add": 60, "set": 20, "tag": 20}
LIMIT = 180.0
AGAIN = 75
"""The exit code of "locked by another run, try again later"."""


def main() -> int:
    """Run all rounds and say the figures."""
    with scratch() as folder:
        found = _naive_fault(folder)
        if not found:
            print("the harness is blind: it found nothing wrong with a naive writer")
            return 1
        print(f"self-check: found that {found}")
        sources = [make_sound(folder / f"s{n}.wav", seconds=0.4, seed=n) for n in range(8)]
        show = make_show(folder / "show")
        must(*add_arguments(show, make_sound(folder / "first.wav", seconds=0.4, seed=99), "First"))
        figures = Figures(name="two writers")
        reads = 0
        for number in range(portion(ROUNDS["add"])):
            reads += _adds(figures, folder, show, sources, number)
        for number in range(portion(ROUNDS["set"])):
            _sets(figures, folder, show, number)
        for number in range(portion(ROUNDS["tag"])):
            _tags(figures, folder, sources[0], number)
        figures.notes = {"reads meanwhile": reads}
        return figures.say()


def together(commands: Sequence[Sequence[str | Path]]) -> list[tuple[int, str]]:
    """Start all at once; the exit code and the last words of each."""
    running = [
        subprocess.Popen(
            [*PODKIT, *map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=environment(), text=True,
        )
        for command in commands
    ]  # fmt: skip
    said = [process.communicate(timeout=LIMIT)[0] for process in running]
    return [(p.returncode, text.strip()[-200:]) for p, text in zip(running, said, strict=True)]


def _adds(
    figures: Figures, folder: Path, show: Path, sources: Sequence[Path], number: int
) -> int:  # fmt: skip
    """Several adds at once: each is there afterwards, each exactly once."""
    copy = clone(show, folder / f"add-{number}")
    many = rng("add", number).randint(2, len(sources))
    stop = threading.Event()
    reader = Reader(copy, stop)
    reader.start()
    ended = together([add_arguments(copy, s, f"Episode {n}") for n, s in enumerate(sources[:many])])
    stop.set()
    reader.join()
    figures.tried += 1
    wrong = [f"add ended with {code}: {text}" for code, text in ended if code not in {0, AGAIN}]
    done = sum(code == 0 for code, _ in ended)
    listed = podkit("-C", copy, "list", "--json").json()["episodes"]
    if len(listed) != done + 1:
        wrong.append(f"{done} adds succeeded, {len(listed) - 1} episodes are there")
    if len({episode["guid"] for episode in listed}) != len(listed):
        wrong.append("two episodes have one GUID")
    if done == 0:
        wrong.append("no add succeeded")
    wrong += [*oracle.records(copy), *oracle.leftovers(copy), *reader.wrong]
    figures.wrong += [f"round {number}, {many} adds: {line}" for line in wrong]
    shutil.rmtree(copy)
    return reader.reads


def _sets(figures: Figures, folder: Path, show: Path, number: int) -> None:
    """Several `set` of different keys of one record at once: none is lost."""
    copy = clone(show, folder / f"set-{number}")
    keys = {"summary": "A summary", "season": "2", "number": "7", "author": "Somebody"}
    ended = together([["-C", copy, "set", "first", f"{k}={v}"] for k, v in keys.items()])
    record = (copy / "episodes" / "first" / "episode.toml").read_text(encoding="utf-8")
    figures.tried += 1
    wrong = [
        f"set {key} ended with {code} ({text}) but the record has {key in record}"
        for key, (code, text) in zip(keys, ended, strict=True)
        if code not in {0, AGAIN} or (code == 0) != (f"{key} =" in record)
    ]
    wrong += [*oracle.records(copy), *oracle.leftovers(copy)]
    figures.wrong += [f"round {number}, set: {line}" for line in wrong]
    shutil.rmtree(copy)


def _tags(figures: Figures, folder: Path, source: Path, number: int) -> None:
    """Several `tag --set` of one file at once: it is whole and has one of the titles."""
    room = folder / f"tag-{number}"
    room.mkdir()
    must("transcode", source, "-p", "mp3", "-o", room)
    file = next(room.glob("*.mp3"))
    titles = [f"Title {n}" for n in range(rng("tag", number).randint(2, 6))]
    ended = together([["tag", file, "--set", f"title={title}"] for title in titles])
    seen = podkit("tag", file, "--json").json()
    figures.tried += 1
    wrong = [f"tag ended with {code}: {text}" for code, text in ended if code not in {0, AGAIN}]
    if seen is None or seen["files"][0]["tags"].get("title") not in titles:
        wrong.append(f"the title is none of those written: {json.dumps(seen)[:120]}")
    if podkit("probe", file).code != 0:
        wrong.append("the file is damaged")
    wrong += oracle.leftovers(room)
    figures.wrong += [f"round {number}, {len(titles)} tags: {line}" for line in wrong]
    shutil.rmtree(room)


class Reader(threading.Thread):
    """Lists the episodes again and again while others write; every answer must be whole."""

    def __init__(self, show: Path, stop: threading.Event) -> None:
        super().__init__()
        self.show = show
        self.stop = stop
        self.reads = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        """Read until told to stop."""
        while not self.stop.is_set():
            begun = time.monotonic()
            done = podkit("-C", self.show, "list", "--json")
            self.reads += 1
            if done.code != 0 or done.json() is None:
                self.wrong.append(f"a reader ended with {done.code}: {done.last()}")
            elif time.monotonic() - begun > LIMIT / 6:
                self.wrong.append("a reader waited")


def _naive_fault(folder: Path) -> str:
    """What two writers without a lock do to a record that each reads, changes and writes."""
    path = folder / "naive.json"
    path.write_text("{}", encoding="utf-8")
    start = threading.Barrier(4)

    def write(key: int) -> None:
        start.wait()
        record = json.loads(path.read_text(encoding="utf-8"))
        time.sleep(0.02)
        path.write_text(json.dumps({**record, str(key): 1}), encoding="utf-8")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        kept = len(json.loads(path.read_text(encoding="utf-8")))
    except ValueError:
        return "a naive record is damaged"
    return f"{4 - kept} of 4 naive updates are lost" if kept < 4 else ""


if __name__ == "__main__":
    sys.exit(main())
