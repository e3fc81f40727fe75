"""Runs two to eight podkits at once on one show and on one file, and looks for lost updates.

    python benchmarks/faults/two_writers.py          100 rounds of add, 50 of set, 50 of tag

Rows D11, D12, D13. A reader runs all the time and must never fail; while this program itself holds
both of the show's locks, readers must answer all the same and a writer must give up. First writers
without a lock are judged: a harness that finds nothing wrong with them proves nothing.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import oracle
from harness import PODKIT, Figures, clone, environment, must, podkit, portion, rng, scratch
from shows import add_arguments, build_arguments, make_show, make_sound

ROUNDS = {"add": 100, "set": 50, "tag": 50}
Ended = list[tuple[int, str]]
"""The exit code and the last words of each writer."""
Values = Mapping[str, str | int]

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
        must(*build_arguments(show))
        figures = Figures(name="two writers")
        ended: Ended = []
        reads = _while_locked(figures, show)
        for number in range(portion(ROUNDS["add"])):
            reads += _adds(figures, folder, show, sources, number, ended)
        for number in range(portion(ROUNDS["set"])):
            _sets(figures, folder, show, number, ended)
        for number in range(portion(ROUNDS["tag"])):
            _tags(figures, folder, sources[0], number, ended)
        codes = [code for code, _ in ended]
        figures.notes = {
            "reads meanwhile": reads, "writers": len(codes), "told to try again": codes.count(AGAIN)
        }  # fmt: skip
        return figures.say()


def _while_locked(figures: Figures, show: Path) -> int:
    """Readers need no lock, writers do: with both locks held, the first work, the others say 75."""
    readers = (["list"], ["show", "first"], ["status"], ["lint"], ["verify"], ["feed", "-o", "-"])
    writers = (["set", "first", "season=2"], ["build"])
    with ExitStack() as locks:
        for name in ("lock", "build.lock"):
            held = locks.enter_context((show / ".podkit" / name).open("ab"))
            fcntl.flock(held, fcntl.LOCK_EX)
        for command in (*readers, *writers):
            done = podkit("-C", show, *command)
            figures.tried += 1
            wanted = {AGAIN} if command in writers else {0, 3}
            if done.code not in wanted:
                told = " ".join(command)
                figures.wrong.append(f"locked: {told} ended with {done.code}: {done.last()}")
    for command in writers:
        must("-C", show, *command)
    return len(readers)


def together(commands: Sequence[Sequence[str | Path]]) -> Ended:
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
    figures: Figures, folder: Path, show: Path, sources: Sequence[Path], number: int, all_ended: Ended
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
    all_ended += ended
    listed = podkit("-C", copy, "list", "--json").json()["episodes"]
    wrong = [*_judge("add", ended), *oracle.records(copy), *oracle.leftovers(copy), *reader.wrong]
    done = sum(code == 0 for code, _ in ended)
    if len(listed) != done + 1:
        wrong.append(f"{done} adds succeeded, {len(listed) - 1} episodes are there")
    if len({episode["guid"] for episode in listed}) != len(listed):
        wrong.append("two episodes have one GUID")
    figures.wrong += [f"round {number}, {many} adds: {line}" for line in wrong]
    shutil.rmtree(copy)
    return reader.reads


def _judge(what: str, ended: Ended) -> list[str]:
    """A writer ends well or is told to try again, and not all are told so."""
    wrong = [f"{what} ended with {code}: {text}" for code, text in ended if code not in {0, AGAIN}]
    if all(code != 0 for code, _ in ended):
        wrong.append(f"no {what} succeeded")
    return wrong


def _sets(figures: Figures, folder: Path, show: Path, number: int, all_ended: Ended) -> None:
    """Several `set` of different keys of one record at once: none is lost."""
    copy = clone(show, folder / f"set-{number}")
    values: Values = {"summary": f"Summary {number}", "season": 2 + number, "number": 70 + number,
                      "title": f"Title {number}", "link": f"https://podcast.example/{number}"}  # fmt: skip
    ended = together([["-C", copy, "set", "first", f"{k}={v}"] for k, v in values.items()])
    figures.tried += 1
    all_ended += ended
    wrong = [
        *_judge("set", ended),
        *_lost(copy / "episodes" / "first" / "episode.toml", values, [code for code, _ in ended]),
        *oracle.records(copy),
        *oracle.leftovers(copy),
    ]
    figures.wrong += [f"round {number}, set: {line}" for line in wrong]
    shutil.rmtree(copy)


def _lost(record: Path, values: Values, codes: Sequence[int]) -> Iterator[str]:
    """The updates that were said to be made and are not there, or the other way round."""
    try:
        found = tomllib.loads(record.read_text(encoding="utf-8"))
    except ValueError as error:
        yield f"the record is damaged: {error}"
        return
    for (key, value), code in zip(values.items(), codes, strict=True):
        if (code == 0) != (found.get(key) == value):
            yield f"set {key} ended with {code} but the record has {found.get(key)!r}"


def _tags(figures: Figures, folder: Path, source: Path, number: int, all_ended: Ended) -> None:
    """Several `tag --set` of one file at once: it is whole and has one of the titles."""
    room = folder / f"tag-{number}"
    room.mkdir()
    must("transcode", source, "-p", "mp3", "-o", room)
    file = next(room.glob("*.mp3"))
    titles = [f"Title {n}" for n in range(rng("tag", number).randint(2, 6))]
    ended = together([["tag", file, "--set", f"title={title}"] for title in titles])
    seen = podkit("tag", file, "--json").json()
    figures.tried += 1
    all_ended += ended
    wrong = _judge("tag", ended)
    if seen is None or seen["files"][0]["tags"].get("title") not in titles:
        wrong.append(f"the title is none of those written: {json.dumps(seen)[:120]}")
    if podkit("probe", file).code != 0:
        wrong.append("the file is damaged")
    wrong += oracle.leftovers(room)
    figures.wrong += [f"round {number}, {len(titles)} tags: {line}" for line in wrong]
    shutil.rmtree(room)


class Reader(threading.Thread):
    """Lists the episodes again and again while others write; every answer must be whole.

    That it waits for none of them, `_while_locked` shows: this machine may be slow.
    """

    def __init__(self, show: Path, stop: threading.Event) -> None:
        super().__init__()
        self.show = show
        self.stop = stop
        self.reads = 0
        self.wrong: list[str] = []

    def run(self) -> None:
        """Read until told to stop."""
        while not self.stop.is_set():
            done = podkit("-C", self.show, "list", "--json")
            self.reads += 1
            if done.code != 0 or done.json() is None:
                self.wrong.append(f"a reader ended with {done.code}: {done.last()}")


def _naive_fault(folder: Path) -> str:
    """What two writers without a lock do to a record that each reads, changes and writes."""
    record = folder / "naive.toml"
    record.write_text("", encoding="utf-8")
    values: Values = {f"key{n}": n for n in range(4)}
    start = threading.Barrier(len(values))

    def write(key: str) -> None:
        start.wait()
        text = record.read_text(encoding="utf-8")
        time.sleep(0.02)
        record.write_text(f"{text}{key} = {values[key]}\n", encoding="utf-8")

    threads = [threading.Thread(target=write, args=(key,)) for key in values]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return next(_lost(record, values, [0] * len(values)), "")


if __name__ == "__main__":
    sys.exit(main())
