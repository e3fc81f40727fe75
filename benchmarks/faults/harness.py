"""What all fault programs share: running podkit, reaping orphans, comparing trees, printing figures."""

from __future__ import annotations

import ctypes
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PODKIT = (sys.executable, "-m", "podkit")
SEED = int(os.environ.get("PODKIT_FAULTS_SEED", "2026"))
NOW = "2026-11-20T12:00:00+00:00"
"""The moment of all builds, so that two of them give the same bytes."""

_PR_SET_CHILD_SUBREAPER = 36
_ITSELF = " -m podkit "
_GRACE = 3.0
"""Seconds that a child of a killed podkit has to be gone."""


def portion(whole: int) -> int:
    """How many of the `whole` runs to do: the part named by PODKIT_FAULTS, at least one."""
    return max(1, round(whole * float(os.environ.get("PODKIT_FAULTS", "1"))))


@dataclass(kw_only=True)
class Figures:
    """Counts what was tried and what went wrong."""

    name: str
    tried: int = 0
    wrong: list[str] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)

    def say(self) -> int:
        """Print the figures; 0 when nothing went wrong, else 1."""
        told = ", ".join(f"{key} {value}" for key, value in self.notes.items())
        print(
            f"{self.name}: {self.tried} tried, {len(self.wrong)} wrong{', ' if told else ''}{told}"
        )
        for line in self.wrong[:20]:
            print(f"  wrong: {line}")
        sys.stdout.flush()
        return 1 if self.wrong else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended; `code` is negative when a signal ended it."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """The report on stdout; None when there is none."""
        try:
            return json.loads(self.out)
        except ValueError:
            return None

    def last(self) -> str:
        """The end of what it said, for a message."""
        return (self.err or self.out).strip()[-300:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """How it was when a program was killed: `children` counts those that lived then.

    `orphans` are the command lines of those that outlived it by more than three seconds.
    """

    at_work: bool
    children: int
    orphans: list[str]


def podkit(*arguments: str | bytes | Path, cwd: Path | None = None, limit: float = 120) -> Outcome:
    """Run podkit to its end."""
    return run([*PODKIT, *arguments], cwd=cwd, limit=limit)


def must(*arguments: str | Path, cwd: Path | None = None) -> Outcome:
    """Run podkit where a failure means that the harness itself cannot go on."""
    done = podkit(*arguments, cwd=cwd)
    if done.code != 0:
        shown = " ".join(str(a) for a in arguments)
        raise SystemExit(f"cannot prepare: podkit {shown} ended with {done.code}: {done.last()}")
    return done


def run(
    command: Sequence[str | bytes | Path], *, cwd: Path | None = None, limit: float = 120
) -> Outcome:
    """Run a program to its end."""
    done = subprocess.run(
        [os.fspath(part) for part in command], cwd=cwd, capture_output=True, timeout=limit,
        stdin=subprocess.DEVNULL, check=False, env=environment(),
    )  # fmt: skip
    return Outcome(
        code=done.returncode,
        out=done.stdout.decode("utf-8", "replace"),
        err=done.stderr.decode("utf-8", "replace"),
    )


def environment() -> dict[str, str]:
    """This environment, with nothing of a user's own configuration in it."""
    return {**os.environ, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}


def adopt_orphans() -> None:
    """Become the parent of whatever a killed child leaves behind, so that it can be seen."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise SystemExit("cannot adopt orphans on this system")


def run_and_kill(
    command: Sequence[str | Path],
    after: float,
    *,
    once_changed: Path | None = None,
    once_helped: bool = False,
) -> Kill:
    """Start a program and `kill -9` it after some seconds.

    They count from its start, from the first change in a folder, or from its first child, however
    slow this machine is.
    """
    process = subprocess.Popen(
        [os.fspath(part) for part in command], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    if once_changed is not None:
        at_first = _glance(once_changed)
        while process.poll() is None and _glance(once_changed) == at_first:
            time.sleep(0.002)
    while once_helped and process.poll() is None and not children(process.pid):
        time.sleep(0.002)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=after)
    living = len(children(process.pid))
    at_work = process.poll() is None
    process.kill()
    process.wait()
    return Kill(at_work=at_work, children=living, orphans=reap_orphans())


def _glance(folder: Path) -> list[tuple[str, int]]:
    """Each name below a folder with the moment of its last change."""
    found = []
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            with suppress(OSError):
                path = os.path.join(root, name)
                found.append((path, os.lstat(path).st_mtime_ns))
    return found


def reap_orphans() -> list[str]:
    """The command lines of adopted children that nothing ended; they are killed now.

    Each is held still first: one that would end by itself because its work is short has outlived
    its parent all the same. A copy of podkit itself has not become another program yet; it looks for
    its parent before it does, and may go on to.
    """
    deadline = time.monotonic() + _GRACE
    while time.monotonic() < deadline:
        if not _reap():
            return []
        for pid in children(os.getpid()):
            if _ITSELF in _command_line(pid):
                continue
            with suppress(OSError):
                os.kill(pid, signal.SIGSTOP)
        time.sleep(0.01)
    left = []
    while _reap():
        for pid in children(os.getpid()):
            left.append(_command_line(pid))
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    return left


def _command_line(pid: int) -> str:
    with suppress(OSError):
        said = Path(f"/proc/{pid}/cmdline").read_bytes()
        return said.replace(b"\0", b" ").decode(errors="replace")
    return "?"


def _reap() -> bool:
    """Collect the dead; whether some child still lives."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == 0:
            return True


def children(parent: int) -> list[int]:
    """The processes that it has started and that are not yet collected."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            pid = int(entry.name)
            of_whom = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            if of_whom == parent:
                found.append(pid)
    return found


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def tree(folder: Path) -> dict[str, str]:
    """Each file below a folder with the hash of its bytes."""
    return {
        path.relative_to(folder).as_posix(): digest(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def difference(one: dict[str, str], other: dict[str, str]) -> str:
    """The first few names in which two trees differ; empty when they are equal."""
    names = sorted(n for n in one.keys() | other.keys() if one.get(n) != other.get(n))
    return ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def clone(source: Path, target: Path) -> Path:
    """A copy of a folder with its hard links kept."""
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)
    return target


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder for one program's run."""
    with tempfile.TemporaryDirectory(prefix="podkit-faults-") as folder:
        yield Path(folder)


def rng(*words: object) -> random.Random:
    """A source of chance that is the same in every run."""
    return random.Random(f"{SEED}/{'/'.join(map(str, words))}")
