"""Children: stopped when they must be, drained whatever they say, never left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from podkit import child
from podkit.errors import ToolError

PYTHON = (sys.executable, "-I", "-S", "-c")
DEAF = """
import os, signal, time
for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
    signal.signal(number, signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def allowed():
    """Each test starts and ends with children allowed."""
    child.allow()
    yield
    child.allow()


def alive(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def gone(pid: int, seconds: float = 3.0) -> bool:
    """Whether the process is gone within that time."""
    until = time.monotonic() + seconds
    while alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    return not alive(pid)


def test_lines_and_status_arrive():
    """Every line of stdout is told in order, the last without a newline too; stderr is kept."""
    lines: list[str] = []
    code = "import sys; print('a'); print('b'); print('c', end=''); sys.exit('sorry')"
    outcome = child.run([*PYTHON, code], on_line=lambda line: lines.append(line) or True)
    assert lines == ["a", "b", "c"]
    assert (outcome.returncode, outcome.stderr, outcome.stopped) == (1, "sorry\n", child.Stop.NONE)


def test_stdin_is_closed():
    """A child that asks a question gets no answer and does not wait."""
    outcome = child.run([*PYTHON, "import sys; sys.exit(len(sys.stdin.read()))"])
    assert outcome.returncode == 0


def test_a_flood_on_stderr_is_drained_and_capped():
    """100 MB of stderr neither block the child nor stay in memory: the last 64 KB are kept."""
    code = (
        "import os\nfor _ in range(1600): os.write(2, b'x' * 65535 + b'\\n')\n"
        "os.write(2, b'the reason')"
    )
    before = _peak_memory()
    outcome = child.run([*PYTHON, code], limits=child.Limits(deadline=60))
    assert outcome.returncode == 0
    assert outcome.stderr.endswith("the reason")
    assert len(outcome.stderr) == child.STDERR_KEPT
    assert _peak_memory() - before < 32 * 1024


def _peak_memory() -> int:
    """KB of this process's largest size so far."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


@pytest.mark.parametrize(
    ("limits", "stop"),
    [
        (child.Limits(deadline=0.4), child.Stop.DEADLINE),
        (child.Limits(idle=0.4), child.Stop.IDLE),
    ],
)
def test_a_child_that_ignores_term_is_killed(limits, stop):
    """A deaf child gets TERM, then KILL after the grace, and is gone when `run` returns."""
    pids: list[int] = []
    begun = time.monotonic()
    outcome = child.run(
        [*PYTHON, DEAF], limits=limits, on_line=lambda line: bool(pids.append(int(line)))
    )
    assert outcome.stopped is stop
    assert outcome.returncode == -signal.SIGKILL
    assert time.monotonic() - begun < 0.4 + child.GRACE + 20
    assert gone(pids[0], 0.1)


def test_progress_keeps_a_child_alive():
    """The idle limit counts from the last line that meant progress, not from the start."""
    code = "import time\nfor n in range(8): print(n, flush=True); time.sleep(0.1)"
    outcome = child.run([*PYTHON, code], limits=child.Limits(idle=0.5), on_line=lambda _: True)
    assert outcome.stopped is child.Stop.NONE
    outcome = child.run([*PYTHON, code], limits=child.Limits(idle=0.5), on_line=lambda _: False)
    assert outcome.stopped is child.Stop.IDLE


def test_grandchildren_go_too():
    """What a child started in its group ends with it, even when the child ends by itself."""
    code = (
        "import subprocess, sys\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "print(p.pid, flush=True)"
    )
    pids: list[int] = []
    outcome = child.run([*PYTHON, code], on_line=lambda line: pids.append(int(line)) or True)
    assert outcome.returncode == 0
    assert outcome.seconds < 5
    assert gone(pids[0])


def test_the_cancel_flag_stops_one_child_only():
    """Several threads run children at once; a cancel flag ends its own and no other."""
    flag = threading.Event()
    sleep = [*PYTHON, "import time; time.sleep(1.2); print('done')"]
    with ThreadPoolExecutor(4) as pool:
        cancelled = pool.submit(child.run, sleep, cancel=flag)
        others = [pool.submit(child.run, sleep) for _ in range(3)]
        time.sleep(0.2)
        flag.set()
        assert cancelled.result().stopped is child.Stop.CANCELLED
        assert cancelled.result().seconds < 1.0
        assert all(other.result().returncode == 0 for other in others)


def test_many_threads_run_many_children():
    """200 children from 8 threads: each one's own lines, no mix, no hang."""

    def one(number: int) -> bool:
        lines: list[str] = []
        outcome = child.run(
            ["/bin/sh", "-c", f"echo {number}; echo e{number} >&2"],
            on_line=lambda line: lines.append(line) or True,
        )
        return lines == [str(number)] and outcome.stderr == f"e{number}\n"

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(200)))


def test_stop_all_ends_everything_and_lets_nothing_start():
    """After `stop_all` every child ends well under 5 s, deaf ones too, and no new one starts."""
    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(child.run, [*PYTHON, DEAF]) for _ in range(3)]
        time.sleep(0.5)
        begun = time.monotonic()
        child.stop_all()
        outcomes = [run.result() for run in runs]
        assert time.monotonic() - begun < 20
    assert {outcome.stopped for outcome in outcomes} == {child.Stop.CANCELLED}
    assert child.run(["/bin/sh", "-c", "exit 0"]).stopped is child.Stop.CANCELLED


def test_ctrl_c_in_the_main_thread_leaves_no_child():
    """A KeyboardInterrupt out of `run` takes the child along."""
    code = f"""
import os, signal, sys, threading
from podkit import child
def tell(line):
    print(line, flush=True)
    os.kill(os.getpid(), signal.SIGINT)
    return True
try:
    child.run([sys.executable, "-c", {DEAF!r}], on_line=tell)
except KeyboardInterrupt:
    sys.exit(7)
"""
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=30
    )
    assert made.returncode == 7, made.stderr
    assert gone(int(made.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="the parent-death signal is Linux's")
@pytest.mark.parametrize("threaded", [False, True])
def test_a_killed_parent_leaves_no_child(threaded):
    """`kill -9` of the parent ends the child, whichever thread started it."""
    run = f'child.run([sys.executable, "-c", {DEAF!r}], on_line=tell)'
    code = (
        "import sys, threading\nfrom podkit import child\n"
        "def tell(line):\n    print(line, flush=True)\n    return True\n"
        + (f"threading.Thread(target=lambda: {run}).start()" if threaded else run)
    )
    for _ in range(5):
        parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
        parent.wait()
        parent.stdout.close()
        assert gone(pid)


def test_limits_hold():
    """A child cannot write a larger file or take more memory than it may, and dumps no core."""
    code = "import sys; open(sys.argv[1], 'wb').write(b'x' * 5_000_000)"
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"podkit-test-{os.getpid()}"
    try:
        limits = child.Limits(file_bytes=1_000_000)
        outcome = child.run([*PYTHON, code, str(path)], limits=limits)
        assert outcome.returncode != 0
        assert path.stat().st_size <= 1_000_000
    finally:
        path.unlink(missing_ok=True)
    code = "import resource; print(resource.getrlimit(resource.RLIMIT_CORE)); b'x' * (1 << 30)"
    lines: list[str] = []
    outcome = child.run(
        [*PYTHON, code],
        limits=child.Limits(memory=512 << 20),
        on_line=lambda line: lines.append(line) or True,
    )
    assert lines == ["(0, 0)"]
    assert "MemoryError" in outcome.stderr


def test_no_secret_and_no_switch_reaches_a_child(monkeypatch):
    """The environment is an allow-list: no secret, and no FFREPORT that makes ffmpeg write files."""
    monkeypatch.setenv("FFREPORT", "file=/tmp/canary.log")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    lines: list[str] = []
    child.run(
        [*PYTHON, "import os; print(dict(os.environ))"],
        on_line=lambda line: lines.append(line) or True,
    )
    assert "canary" not in lines[0]
    assert "PATH" in lines[0]


@pytest.mark.parametrize("program", ["/nowhere/ffmpeg", "/etc/hostname", "/tmp"])
def test_what_cannot_start_is_said(program):
    """A program that is missing or not executable is a ToolError that names it."""
    with pytest.raises(ToolError, match="cannot start") as caught:
        child.run([program])
    assert caught.value.where == program


def test_descriptors_do_not_pile_up():
    """A hundred children leave no open descriptor behind."""
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(100):
        child.run(["/bin/true"])
    assert len(os.listdir("/proc/self/fd")) == before
