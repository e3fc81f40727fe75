"""The fault programs, each in the part that PODKIT_FAULTS asks for (a tenth by default)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = Path(__file__).resolve().parents[2] / "benchmarks" / "faults"


def run_program(name: str) -> str:
    """What the program printed; it fails the test when it found a fault."""
    done = subprocess.run(
        [sys.executable, PROGRAMS / f"{name}.py"],
        env={"PODKIT_FAULTS": "0.1", **os.environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert ", 0 wrong" in done.stdout, done.stdout
    return done.stdout


@pytest.mark.fault
def test_killed_at_any_time() -> None:
    """`kill -9` during add, transcode or build leaves the old or the new, and no child."""
    assert "self-check: " in run_program("kill_points")


@pytest.mark.fault
@pytest.mark.need("strace")
def test_killed_at_a_system_call() -> None:
    """`kill -9` at any call that changes the disk leaves an episode absent or complete."""
    run_program("kill_calls")


@pytest.mark.fault
def test_a_killed_transcode() -> None:
    """Podkit or ffmpeg killed in a transcode: nothing unverified has a name, the next run completes."""
    assert "self-check: " in run_program("transcode_kills")


@pytest.mark.fault
@pytest.mark.need("strace", "prlimit")
def test_failing_reads_and_little_memory() -> None:
    """What cannot be read or held ends in an error, and what was there stays."""
    run_program("transcode_limits")


@pytest.mark.fault
@pytest.mark.need("mount")
def test_full_disk() -> None:
    """On a full disk a command says so, ends with 1, and changes nothing."""
    assert "self-check: " in run_program("full_disk")


@pytest.mark.fault
def test_writers_at_once() -> None:
    """Of several writers at once none loses what another wrote."""
    assert "self-check: " in run_program("two_writers")


@pytest.mark.fault
@pytest.mark.need("strace")
def test_tag_writes() -> None:
    """Whatever meets a tag write, the file is the old or the new one, and no other is touched."""
    assert "self-check: " in run_program("tag_faults")


@pytest.mark.fault
def test_odd_names() -> None:
    """An odd file name is a file name, for every command."""
    run_program("odd_names")


@pytest.mark.fault
def test_damage() -> None:
    """No good file is refused, no cut one is taken, and no mutant breaks anything."""
    run_program("damage")


@pytest.mark.fault
def test_hostile_feeds() -> None:
    """No feed and no server reads a file, reaches a host inside, runs in a page, or takes for ever."""
    assert "I13 killed imports" in run_program("feeds_hostile")


def test_programs_are_all_run() -> None:
    """Each fault program is run by `make faults` and by a test."""
    here = Path(__file__).read_text(encoding="utf-8")
    runner = (PROGRAMS / "run.py").read_text(encoding="utf-8")
    programs = {p.stem for p in PROGRAMS.glob("*.py") if "sys.exit(main())" in p.read_text("utf-8")}
    assert programs - {"run"} == {n for n in programs if f'"{n}"' in runner and f'"{n}"' in here}
    assert shutil.which(sys.executable)
