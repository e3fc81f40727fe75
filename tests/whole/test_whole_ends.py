"""How a run ends before its end: by a signal, by a closed pipe, and what the next run tidies up."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from whole_runs import REPOSITORY, answer, make_show, podkit, tone, tree

from podkit.files import is_temporary_name

CODES = {signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGTERM: 143}
NOW = ("--now", "2026-11-20T12:00:00+00:00")


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show with one built episode and a long one that is not encoded yet."""
    folder = make_show(tmp_path_factory.mktemp("ends") / "show")
    short = tone(folder.parent / "short.wav")
    podkit("-C", folder, "add", short, "--title", "Short", "--published", "2026-11-01")
    podkit("-C", folder, "build", *NOW)
    long = tone(folder.parent / "long.wav", 900)
    podkit("-C", folder, "add", long, "--title", "Long", "--published", "2026-11-02")
    return folder


def children(of: int) -> set[int]:
    """The processes that one has started, and theirs."""
    parents = {}
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
            parents[int(entry.name)] = int(stat.rpartition(")")[2].split()[1])
    found = {of}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {of}


def works(pid: int) -> bool:
    """Whether a process still runs; a dead one that nobody has buried does not."""
    with contextlib.suppress(OSError):
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        return stat.rpartition(")")[2].split()[0] not in "ZX"
    return False


def stopped(number: signal.Signals, *words: object, staged: Path) -> tuple[int, set[int], str]:
    """Signal a command as soon as a child of its writes a file; its code, that child, its words."""
    process = subprocess.Popen(
        [sys.executable, "-m", "podkit", *map(str, words)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    seen: set[int] = set()
    while process.poll() is None and not (begun(staged) and (seen := children(process.pid))):
        time.sleep(0.02)  # looking takes the time that it needs to get on
    assert process.poll() is None, "it ended before it could be stopped"
    process.send_signal(number)
    said = process.communicate()[1]
    return process.returncode, seen, said


def begun(folder: Path) -> bool:
    """Whether something unfinished has bytes in it."""
    with contextlib.suppress(OSError):
        return any(p.is_file() and p.stat().st_size for p in left_in(folder))
    return False


def left_in(folder: Path) -> list[Path]:
    """Temporary files and folders, and what lies in them."""
    found = (p.relative_to(folder) for p in folder.rglob("*"))
    return [folder / p for p in found if any(map(is_temporary_name, p.parts))]


@pytest.mark.parametrize("number", CODES)
@pytest.mark.parametrize("command", ["transcode", "build"])
def test_a_signal_ends_it_without_a_trace(show: Path, command: str, number: signal.Signals) -> None:
    """129, 130 or 143, no child, no temporary file, nothing final changed (D19)."""
    before = tree(show)
    more = NOW if command == "build" else ()
    code, seen, said = stopped(number, "-C", show, command, *more, staged=show / ".podkit")
    assert code == CODES[number]
    assert not [pid for pid in seen if works(pid)]
    assert "Traceback" not in said
    assert left_in(show) == []
    after = tree(show)
    assert {n: after.get(n) for n in before if "cache/" not in n} == {
        n: content for n, content in before.items() if "cache/" not in n
    }


@pytest.mark.parametrize("number", [signal.SIGINT])
def test_a_signal_ends_the_transcoding_of_files(
    show: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """Outside a show as well: the output folder has nothing half-made in it."""
    out = tmp_path / "out"
    code, seen, _ = stopped(
        number, "transcode", show.parent / "long.wav", "-o", out, staged=tmp_path
    )
    assert code == CODES[number]
    assert not [pid for pid in seen if works(pid)]
    assert left_in(tmp_path) == []
    assert not list(out.rglob("*.mp3"))


def test_leftovers_of_a_kill_are_swept_by_a_run_without_work(tmp_path: Path) -> None:
    """The next `add` or `build` sweeps them also when there is nothing else to do (D14)."""
    folder = make_show(tmp_path / "show")
    source = tone(tmp_path / "short.wav")
    words = ("-C", folder, "add", source, "--title", "Short", "--published", "2026-11-01")
    podkit(*words)
    podkit("-C", folder, "build", *NOW)
    for command in (words, ("-C", folder, "build", *NOW)):
        left = folder / ".podkit" / "staging" / ".podkit-0123abcd"
        left.mkdir()
        left.with_name(left.name + ".lock").touch()
        answer(*command)
        assert list(left.parent.iterdir()) == []


def test_a_closed_pipe_is_quiet(show: Path) -> None:
    """`podkit list | head -1` says nothing about its broken pipe."""
    listing = subprocess.Popen(
        [sys.executable, "-m", "podkit", "-C", show, "rules"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(REPOSITORY)},
    )  # fmt: skip
    assert listing.stdout is not None
    listing.stdout.close()  # before it has said a word
    _, said = listing.communicate()
    assert said == b""
    assert listing.returncode in {0, 141}
