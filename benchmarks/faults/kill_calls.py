"""Kills podkit at the k-th of each system call that changes a disk, and looks at what is left.

    python benchmarks/faults/kill_calls.py

Rows D01, H08, P01. strace kills at the entry of a call. What `add`, `build` and `publish` change on
disk, their main thread changes: it alone is traced, so that k counts nobody else's calls.
`transcode` is traced with its threads and children, where k counts for each of them alone.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import oracle
from harness import (
    PODKIT,
    Figures,
    adopt_orphans,
    clone,
    digest,
    must,
    portion,
    reap_orphans,
    rng,
    run,
    scratch,
)
from shows import add_arguments, build_arguments, make_stages

CALLS = ("rename", "renameat", "renameat2", "link", "linkat", "symlink", "unlink", "unlinkat",
         "rmdir", "mkdir", "mkdirat", "chmod", "fchmod", "fchmodat", "fsync", "fdatasync",
         "ftruncate", "fallocate", "write", "pwrite64", "sendfile", "copy_file_range", "flock",
         "utimensat")  # fmt: skip
MOST = 40
"""Points of one call in one command; of what is called oftener, the first half and a sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One command on one show; `{show}` in the command is the copy that it runs on."""

    name: str
    command: Sequence[str | Path]
    before: Path
    after: Path
    source: Path
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One kill: the `when`-th call of its name."""

    case: Case
    call: str
    when: int
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Whether the kill came to pass, and what was wrong."""

    hit: bool
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    """Kill at each point and say the figures."""
    if shutil.which("strace") is None:
        print("kill_calls needs strace")
        return 1
    figures = Figures(name="kill -9 at a system call")
    with scratch() as folder:
        cases = [_undisturbed(case) for case in _cases(folder)]
        points = [point for case in cases for point in _points(case, folder)]
        some = sorted(rng("calls").sample(range(len(points)), portion(len(points))))
        hits = dict.fromkeys((case.name for case in cases), 0)
        with ProcessPoolExecutor(
            max_workers=min(4, os.cpu_count() or 1), initializer=adopt_orphans
        ) as pool:
            chosen = [points[n] for n in some]
            for point, seen in zip(chosen, pool.map(attempt, chosen), strict=True):
                figures.tried += 1
                hits[point.case.name] += seen.hit
                told = f"{point.case.name}, {point.call} number {point.when}"
                figures.wrong += [f"{told}: {line}" for line in seen.wrong]
        figures.notes = {f"killed in {name}": count for name, count in hits.items()}
        figures.wrong += [f"{n} was never killed" for n, count in hits.items() if not count]
    return figures.say()


def _cases(folder: Path) -> Iterator[Case]:
    stages = make_stages(folder)
    built = clone(stages.build, folder / "before-publish")
    must(*build_arguments(built))
    show = Path("{show}")
    commands: dict[str, tuple[Path, Sequence[str | Path]]] = {
        "add": (stages.add, add_arguments(show, stages.source, "Second")),
        "transcode": (stages.transcode, ["-C", show, "transcode", "--json"]),
        "build": (stages.build, build_arguments(show)),
        "publish": (built, ["-C", show, "publish", "file:published", "--no-build", "--json"]),
    }
    for name, (before, command) in commands.items():
        yield Case(
            name=name, command=(*PODKIT, *command), before=before, source=stages.source,
            after=folder / f"after-{name}", flags=("-f",) if name == "transcode" else (),
        )  # fmt: skip


def _undisturbed(case: Case) -> Case:
    done = run(_command(case, clone(case.before, case.after)))
    if done.code != 0:
        raise SystemExit(f"cannot prepare: {case.name} ended with {done.code}: {done.last()}")
    return case


def _command(case: Case, show: Path) -> list[str | Path]:
    return [show if str(part) == "{show}" else part for part in case.command]


def _strace(case: Case, log: Path, *options: str) -> list[str | Path]:
    return ["strace", *case.flags, "-o", log, *options]


def _points(case: Case, folder: Path) -> Iterator[Point]:
    """Every such call of an undisturbed run; of many, the first ones and a sample."""
    show = clone(case.before, folder / "counted")
    log = folder / "counted.log"
    names = ",".join(f"?{call}" for call in CALLS)
    run([*_strace(case, log, "-e", f"trace={names}"), *_command(case, show)])
    counted: dict[str, dict[str, int]] = {}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        who, _, said = line.partition(" ") if case.flags else ("", "", line)
        call = said.strip().partition("(")[0]
        if call in CALLS:
            each = counted.setdefault(call, {})
            each[who] = each.get(who, 0) + 1
    shutil.rmtree(show)
    for call, each in counted.items():
        found = range(1, max(each.values()) + 1)
        first = found[: MOST // 2]
        rest = found[MOST // 2 :]
        more = rng(case.name, call).sample(rest, min(len(rest), MOST - len(first)))
        for when in (*first, *sorted(more)):
            yield Point(case=case, call=call, when=when, folder=folder)


def attempt(point: Point) -> Seen:
    """Kill one run, look, run again, look again."""
    case = point.case
    name = f"trial-{case.name}-{point.call}-{point.when}"
    show = clone(case.before, point.folder / name)
    log = point.folder / f"{name}.log"
    known = digest(case.source)
    inject = f"inject={point.call}:signal=SIGKILL:when={point.when}"
    done = run(
        [*_strace(case, log, "-e", f"trace={point.call}", "-e", inject), *_command(case, show)]
    )
    hit = "killed by SIGKILL" in log.read_text(encoding="utf-8", errors="replace")
    wrong = [f"left a child: {line[:80]}" for line in reap_orphans()]
    # A child that was killed makes one of several renditions fail: 4, when another needs nothing.
    if done.code not in {-9, 0, 1, *([4] if case.name == "transcode" else [])}:
        wrong.append(f"it ended with {done.code}: {done.last()}")
    wrong += oracle.after_fault(show, case.before, case.after)
    wrong += oracle.feeds(show / "published")
    again = run(_command(case, show))
    if again.code != 0:
        wrong.append(f"the next run ended with {again.code}: {again.last()}")
    wrong += oracle.at_the_end(show, case.after)
    if digest(case.source) != known:
        wrong.append("the source was changed")
    shutil.rmtree(show)
    return Seen(hit=hit, wrong=wrong)


if __name__ == "__main__":
    sys.exit(main())
