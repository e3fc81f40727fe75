"""Kills `podkit add` at the k-th of each system call that changes a disk, and looks at what is left.

    python benchmarks/faults/kill_calls.py

Row D01. strace kills at the entry of a call; each thread counts for itself, so k runs until the
command comes through unharmed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import oracle
from harness import (
    PODKIT,
    Figures,
    adopt_orphans,
    clone,
    digest,
    portion,
    reap_orphans,
    rng,
    run,
    scratch,
)
from shows import add_arguments, make_stages

CALLS = ("rename", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "chmod", "fchmod",
         "fsync", "fdatasync", "ftruncate", "write", "sendfile", "copy_file_range", "ioctl", "flock")  # fmt: skip
MOST = 40
"""Points of one system call; of what is called oftener, the first ones and a sample."""


def main() -> int:
    """Kill at each point and say the figures."""
    if shutil.which("strace") is None:
        print("kill_calls needs strace")
        return 1
    adopt_orphans()
    figures = Figures(name="kill -9 at a system call")
    with scratch() as folder:
        stages = make_stages(folder)
        after = clone(stages.add, folder / "after")
        command = [*PODKIT, *add_arguments(after, stages.source, "Second")]
        if run(command).code != 0:
            raise SystemExit("cannot prepare: add failed")
        points: dict[str, int] = {}
        for call in rng("calls").sample(CALLS, portion(len(CALLS))):
            points[call] = _walk(figures, call, folder, stages.add, after, stages.source)
        figures.notes = {call: count for call, count in points.items() if count}
        if not any(points.values()):
            figures.wrong.append("no call was ever hit: strace does not work here")
    return figures.say()


def _walk(
    figures: Figures, call: str, folder: Path, before: Path, after: Path, source: Path
) -> int:
    """Kill at the first, second, … such call; how many points were hit."""
    hit = 0
    for when in range(1, portion(MOST) + 1):
        show = clone(before, folder / "trial")
        known = digest(source)
        trace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}"]
        trace += ["-e", f"inject={call}:signal=SIGKILL:when={when}"]
        command = [*PODKIT, *add_arguments(show, source, "Second")]
        done = run([*trace, *command])
        wrong = [f"left a child: {line[:80]}" for line in reap_orphans()]
        wrong += oracle.after_fault(show, before, after)
        wrong += _again(command, show, after)
        if digest(source) != known:
            wrong.append("the source was changed")
        shutil.rmtree(show)
        figures.tried += 1
        figures.wrong += [f"{call} number {when}: {line}" for line in wrong]
        if done.code == 0:
            break
        hit += 1
    return hit


def _again(command: list[str | Path], show: Path, after: Path) -> list[str]:
    again = run(command)
    wrong = [] if again.code == 0 else [f"the next run ended with {again.code}: {again.last()}"]
    return [*wrong, *oracle.at_the_end(show, after)]


if __name__ == "__main__":
    sys.exit(main())
