"""Kills podkit with -9 at random times during add, transcode and build, and looks at what is left.

    python benchmarks/faults/kill_points.py          300 kills, a third in each command

Rows D01, D03, D14, D17, D20, H08, M12. First a deliberately naive writer is killed: a harness that
finds nothing wrong with it proves nothing.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import oracle
from harness import (
    PODKIT,
    Figures,
    adopt_orphans,
    clone,
    digest,
    portion,
    rng,
    run,
    run_and_kill,
    scratch,
)
from shows import Stages, add_arguments, build_arguments, make_stages

KILLS = 300
NAIVE_KILLS = 12
START = 0.05
"""Seconds before which no program has done anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One command on one show; `{show}` in the command is the copy that it runs on."""

    name: str
    command: tuple[str | Path, ...]
    before: Path
    after: Path
    source: Path
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One kill."""

    case: Case
    number: int
    after: float
    folder: Path


def main() -> int:
    """Kill and look, then say the figures."""
    with scratch() as folder:
        stages = make_stages(folder)
        cases = [_measured(case, folder) for case in _cases(stages)]
        naive = [_measured(case, folder) for case in _naive(stages, cases, folder)]
        blind = _try_all(naive, NAIVE_KILLS * len(naive), folder, label="naive")
        unseen = [case.name for case in naive if not any(case.name in w for w in blind.wrong)]
        if unseen:
            print(
                f"the harness is blind: it found nothing wrong with the naive {', '.join(unseen)}"
            )
            return 1
        print(
            f"self-check: {len(blind.wrong)} faults found in {blind.tried} kills of a naive writer"
        )
        return _try_all(cases, portion(KILLS), folder, label="kill -9").say()


def _cases(stages: Stages) -> list[Case]:
    show = Path("{show}")
    commands: list[tuple[str, Path, Sequence[str | Path]]] = [
        ("add", stages.add, add_arguments(show, stages.source, "Second")),
        ("transcode", stages.transcode, ["-C", show, "transcode", "--json"]),
        ("build", stages.build, build_arguments(show)),
    ]
    return [
        Case(name=name, command=(*PODKIT, *command), before=before, after=before,
             source=stages.source, seconds=0)
        for name, before, command in commands
    ]  # fmt: skip


def _naive(stages: Stages, cases: list[Case], folder: Path) -> list[Case]:
    program = (sys.executable, Path(__file__).with_name("naive.py"))
    built = next(case.after for case in cases if case.name == "build")
    public = clone(built / "public", folder / "naive-public")
    rest: dict[str, tuple[Path, ...]] = {
        "add": (stages.source,), "transcode": (), "build": (public,)
    }  # fmt: skip
    return [
        Case(name=f"naive {case.name}", command=(*program, case.name, Path("{show}"), *rest[case.name]),
             before=case.before, after=case.before, source=case.source, seconds=0)
        for case in cases
    ]  # fmt: skip


def _measured(case: Case, folder: Path) -> Case:
    """The case with the show an undisturbed run leaves behind, and the seconds that it takes."""
    after = clone(case.before, folder / f"after {case.name}")
    begun = time.monotonic()
    done = run(_command(case, after))
    seconds = time.monotonic() - begun
    if done.code != 0:
        raise SystemExit(f"cannot prepare: {case.name} ended with {done.code}: {done.last()}")
    return Case(name=case.name, command=case.command, before=case.before, after=after,
                source=case.source, seconds=seconds)  # fmt: skip


def _command(case: Case, show: Path) -> list[str | Path]:
    return [show if str(part) == "{show}" else part for part in case.command]


def _try_all(cases: list[Case], kills: int, folder: Path, *, label: str) -> Figures:
    trials = []
    for number in range(kills):
        case = cases[number % len(cases)]
        after = rng(case.name, number).uniform(START, case.seconds * 1.1)
        trials.append(Trial(case=case, number=number, after=after, folder=folder))
    figures = Figures(name=label)
    hits = dict.fromkeys((case.name for case in cases), 0)
    with ProcessPoolExecutor(
        max_workers=min(4, os.cpu_count() or 1), initializer=adopt_orphans
    ) as pool:
        for trial, (at_work, wrong) in zip(trials, pool.map(attempt, trials), strict=True):
            figures.tried += 1
            hits[trial.case.name] += at_work
            figures.wrong += [f"{trial.case.name} at {trial.after:.3f} s: {line}" for line in wrong]
    figures.notes = {f"at work in {name}": count for name, count in hits.items()}
    return figures


def attempt(trial: Trial) -> tuple[bool, list[str]]:
    """Kill one run, look, run again, look again."""
    case = trial.case
    show = clone(case.before, trial.folder / f"trial-{case.name}-{trial.number}".replace(" ", "-"))
    known = digest(case.source)
    at_work, orphans = run_and_kill(_command(case, show), trial.after)
    wrong = [f"left a child: {line[:80]}" for line in orphans]
    wrong += oracle.after_fault(show, case.before, case.after)
    again = run(_command(case, show))
    if again.code != 0:
        wrong.append(f"the next run ended with {again.code}: {again.last()}")
    wrong += oracle.at_the_end(show, case.after)
    if digest(case.source) != known:
        wrong.append("the source was changed")
    shutil.rmtree(show)
    return at_work, wrong


if __name__ == "__main__":
    sys.exit(main())
