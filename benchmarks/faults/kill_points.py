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
    tree,
)
from shows import Stages, add_arguments, build_arguments, make_stages

KILLS = 300
NAIVE_KILLS = 12
KNOWN_FAULTS = {
    "naive add": ("is not what the record says",),
    "naive transcode": ("is not whole", "left a child"),
    "naive build": ("feed.xml: ", "public/ is a mixture"),
}
"""What the harness must say of the naive writer, or it is blind."""
ENOUGH = 10
"""Kills of one command from which on some must have hit it in the middle of its work."""
START = 0.05
"""Seconds before which no program has done anything."""
HALF = 0.5
"""The part of the kills that are counted from the first change on disk."""


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
    once_changed: bool
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one kill hit: a program at work, on files already begun, with children."""

    at_work: bool
    begun: bool
    children: bool
    wrong: list[str]


def main() -> int:
    """Kill and look, then say the figures."""
    with scratch() as folder:
        stages = make_stages(folder)
        cases = [_measured(case, folder) for case in _cases(stages)]
        naive = [_measured(case, folder) for case in _naive(stages, cases, folder)]
        blind = _try_all(naive, NAIVE_KILLS * len(naive), folder, label="naive")
        unseen = [
            f"{name}: {fault}"
            for name, faults in KNOWN_FAULTS.items()
            for fault in faults
            if not any(w.startswith(name) and fault in w for w in blind.wrong)
        ]
        if unseen:
            print(f"the harness is blind: it did not find {', '.join(unseen)}")
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
        chance = rng(case.name, number)
        begun = chance.random() < HALF
        after = (
            chance.uniform(0, case.seconds / 4) if begun else chance.uniform(START, case.seconds)
        )
        trials.append(
            Trial(case=case, number=number, after=after, once_changed=begun, folder=folder)
        )
    figures = Figures(name=label, tried=len(trials))
    seen: dict[str, list[Seen]] = {case.name: [] for case in cases}
    with ProcessPoolExecutor(
        max_workers=min(4, os.cpu_count() or 1), initializer=adopt_orphans
    ) as pool:
        for trial, one in zip(trials, pool.map(attempt, trials), strict=True):
            seen[trial.case.name].append(one)
            told = f"{trial.case.name} at {trial.after:.3f} s"
            figures.wrong += [f"{told}: {line}" for line in one.wrong]
    for name, found in seen.items():
        at_work, begun, children = (
            sum(getattr(one, what) for one in found) for what in ("at_work", "begun", "children")
        )
        figures.notes[name] = f"at work {at_work}, files begun {begun}, with children {children}"
        if len(found) >= ENOUGH and not begun:
            figures.wrong.append(f"no kill hit {name} in the middle of its work")
    return figures


def attempt(trial: Trial) -> Seen:
    """Kill one run, look, run again, look again."""
    case = trial.case
    show = clone(case.before, trial.folder / f"trial-{case.name}-{trial.number}".replace(" ", "-"))
    known = digest(case.source)
    kill = run_and_kill(
        _command(case, show), trial.after, once_changed=show if trial.once_changed else None
    )
    begun = kill.at_work and tree(show) != tree(case.before)
    wrong = [f"left a child: {line[:80]}" for line in kill.orphans]
    wrong += oracle.after_fault(show, case.before, case.after)
    again = run(_command(case, show))
    if again.code != 0:
        wrong.append(f"the next run ended with {again.code}: {again.last()}")
    wrong += oracle.at_the_end(show, case.after)
    if digest(case.source) != known:
        wrong.append("the source was changed")
    shutil.rmtree(show)
    return Seen(at_work=kill.at_work, begun=begun, children=kill.children > 0, wrong=wrong)


if __name__ == "__main__":
    sys.exit(main())
