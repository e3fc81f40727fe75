"""Measures how soon podkit answers, against the plainest way to do the same, as ratios.

    python benchmarks/measure.py

A ratio travels between machines, a time does not. Each figure is the median of several runs; the two
sides take turns, so that a busy machine slows both.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from material import sound

PODKIT = (sys.executable, "-m", "podkit")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="podkit-bench-") as scratch:
        folder = Path(scratch)
        source = sound(folder, 1)
        start_up()
        probe(folder, source)


def start_up() -> None:
    """How long until help appears."""
    ours, plain = pairs(
        9,
        lambda: run([*PODKIT, "--help"]),
        lambda: run([sys.executable, "-c", "import click"]),
    )
    tell("podkit --help", ours, plain, "a Python that imports click")


def probe(folder: Path, source: Path) -> None:
    """Many files in one run, for each file."""
    files = []
    for number in range(50):
        file = folder / f"{number}.wav"
        file.hardlink_to(source)
        files.append(str(file))
    one, many = pairs(
        3, lambda: run([*PODKIT, "probe", files[0]]), lambda: run([*PODKIT, "probe", *files])
    )
    each = (statistics.median(many) - statistics.median(one)) / (len(files) - 1)
    print(f"probe: {each * 1000:.1f} ms for each further file")


def pairs(
    rounds: int, ours: Callable[[], None], plain: Callable[[], None]
) -> tuple[list[float], list[float]]:
    """The seconds of each run of the two, taken in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for held, action in zip(times, (ours, plain), strict=True):
            begun = time.perf_counter()
            action()
            held.append(time.perf_counter() - begun)
    return times


def tell(name: str, ours: list[float], plain: list[float], other: str) -> None:
    """One figure: the median of the ratios, and the median of our seconds."""
    ratio = statistics.median(a / b for a, b in zip(ours, plain, strict=True))
    print(f"{name}: {ratio:.2f} x {other} ({statistics.median(ours):.2f} s)", flush=True)


def run(command: Sequence[str]) -> None:
    """Run to the end, or say why not."""
    done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip()[-300:]
        raise SystemExit(f"{' '.join(command[:6])} ended with {done.returncode}: {said}")


if __name__ == "__main__":
    main()
