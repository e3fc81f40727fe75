"""Work that is shared among forks: the same results in the same order, whatever befalls a fork."""

from __future__ import annotations

import subprocess
import sys

import pytest

from podkit.share import shared

BEGIN = """
import os, sys, threading, time
from podkit.share import shared
here = os.getpid()
"""


def ran(code: str) -> str:
    """What a process without other threads printed; forks need that."""
    done = subprocess.run(
        [sys.executable, "-c", BEGIN + code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def test_results_come_in_order_from_several_processes() -> None:
    """Every thing once, with any text in it, and more than one process at work."""
    code = """
work = lambda n: [n, f"«{n}» \\udc80\\x00", os.getpid()]
made = shared(work, range(1001), copies=3)
print([m[0] for m in made] == list(range(1001)), {m[1] == work(m[0])[1] for m in made})
print(len({m[2] for m in made}))
"""
    assert ran(code).split("\n")[:2] == ["True {True}", "3"]


@pytest.mark.parametrize(
    "fate", ["os.kill(os.getpid(), 9)", "os._exit(0)", "raise ValueError", "sys.exit(3)"]
)
def test_a_fork_that_fails_is_made_good(fate: str) -> None:
    """Killed, ended early, or with an error that only it meets: its share is done again, in silence."""
    code = f"""
def work(n):
    if os.getpid() != here and n > 500:
        {fate}
    return n
print(shared(work, range(1000), copies=2) == list(range(1000)))
"""
    assert ran(code) == "True\n"


def test_what_the_work_raises_comes_out() -> None:
    """As without forks, and no fork is left."""
    code = """
def work(n):
    if n == 7:
        raise KeyError(n)
    return n
for copies in (1, 2, 3):
    try:
        shared(work, range(1000), copies=copies)
    except KeyError as error:
        print(error)
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("nobody")
"""
    assert ran(code) == "7\n7\n7\nnobody\n"


def test_a_process_with_threads_does_not_fork() -> None:
    """A lock that another thread holds would never be given back in a fork."""
    code = """
threading.Thread(target=time.sleep, args=(2,), daemon=True).start()
print(set(shared(lambda n: os.getpid(), range(1000), copies=4)) == {here})
"""
    assert ran(code) == "True\n"


def test_forks_end_with_their_parent() -> None:
    """When it is killed at work, too."""
    code = """
pid = os.fork()
if pid == 0:
    os.close(1)  # or the test would wait for the forks
    shared(lambda n: time.sleep(60), range(10), copies=3)
def living():
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            state, parent = open(f"/proc/{name}/stat").read().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            yield name, parent
while len(these := {one for one, parent in living() if parent == str(pid)}) < 2:
    time.sleep(0.01)
os.kill(pid, 9)
os.waitpid(pid, 0)
while these & {one for one, _ in living()}:
    time.sleep(0.01)
print(len(these))
"""
    assert ran(code) == "2\n"


def test_few_things_stay_here() -> None:
    """No process is started for what is done at once."""
    assert shared(str, [1, 2, 3]) == ["1", "2", "3"]
    assert shared(str, []) == []


@pytest.mark.parametrize(
    "want",
    [
        "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir('/proc/self/fd')), 99))",
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))",
        "os.fork = os.memfd_create = lambda *_: open('/nowhere/at/all')",
    ],
    ids=["children ignored", "no more files", "no room for results", "no more processes"],
)
def test_where_nobody_can_help_the_work_is_done_here(want: str) -> None:
    """Whatever the system refuses, or whoever started podkit has set."""
    code = f"""
{want}
print(shared(str, range(1000), copies=3) == [str(n) for n in range(1000)])
"""
    assert ran(code) == "True\n"


def test_a_user_who_may_start_no_process_more() -> None:
    """The kernel refuses the forks, as it does at a limit of processes: all is done here."""
    code = """
import contextlib, resource
with contextlib.suppress(OSError):  # no limit holds for root; who is another stays that
    os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (1, 1))
try:
    os.fork() or os._exit(0)
except BlockingIOError:
    print("refused")
made = shared(lambda n: [n, os.getpid()], range(1000), copies=3)
print(made == [[n, here] for n in range(1000)])
"""
    assert ran(code) == "refused\nTrue\n"
