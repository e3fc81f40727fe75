"""How to run another program so that it can neither outlive, block nor flood podkit.

The only importer of subprocess. Each child has its own process group, dies with its parent, is
stopped by TERM and then KILL, and has limits; what it says on stderr is drained and capped.
"""

from __future__ import annotations

import contextlib
import os
import resource
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Self

from podkit import sandbox
from podkit.errors import ToolError
from podkit.share import follow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STDERR_KEPT = 64 * 1024
"""Bytes of a child's stderr that are kept: the last ones, where the reason stands."""

GRACE = 3.0
"""Seconds between TERM and KILL."""

_TICK = 0.1  # seconds between two looks at the cancel flag and the clock
_LINE_CAP = 1 << 20  # a line longer than this is handed on in pieces
# What a child may know of our environment: nothing in it is a secret.
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")

_running: dict[int, subprocess.Popen[bytes]] = {}
_stopping = threading.Event()


class Stop(StrEnum):
    """Why a child was stopped from outside; NONE when it ended by itself."""

    NONE = ""
    CANCELLED = "cancelled"
    DEADLINE = "deadline"
    IDLE = "idle"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one child may use.

    `deadline` and `idle` in seconds of wall time, `cpu` in seconds of processor time,
    `file_bytes` per written file and `memory` of address space in bytes; None is no limit.
    """

    deadline: float | None = None
    idle: float | None = None
    """Seconds without progress; what progress is, `on_line` says."""
    cpu: int | None = None
    memory: int | None = None
    file_bytes: int | None = None
    fence: sandbox.Fence | None = None
    """The files it may touch; None lets it touch what podkit may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a child ended: `returncode` is negative for a signal, `stderr` its last 64 KB."""

    returncode: int
    stderr: str = field(repr=False)
    stopped: Stop = Stop.NONE
    seconds: float = 0.0


NO_LIMITS = Limits()


def run(
    argv: Sequence[str],
    *,
    limits: Limits = NO_LIMITS,
    on_line: Callable[[str], bool] | None = None,
    cancel: threading.Event | None = None,
) -> Outcome:
    """Run a program to its end, or until a limit or the cancel flag ends it.

    Several threads may run children at once. The calling thread stays until the child and its
    whole group are gone, which also keeps the parent-death signal from firing early: the kernel
    sends it when the *thread* that started the child ends.

    Args:
        argv: the program and its arguments; never a shell line.
        limits: when to stop it.
        on_line: told each line of stdout; returns whether it means progress. Without it every
            output counts as progress.
        cancel: when set, the child is stopped.

    Raises:
        ToolError: the program cannot be started.
    """
    begun = time.monotonic()
    if cancelled(cancel):
        return Outcome(returncode=-signal.SIGTERM, stderr="", stopped=Stop.CANCELLED)
    with Process(argv, limits) as process:
        stopped = _watch(process, limits, on_line, cancel, begun)
    return Outcome(
        returncode=process.returncode,
        stderr=process.stderr,
        stopped=stopped,
        seconds=time.monotonic() - begun,
    )


def stop_all() -> None:
    """Stop every child of this process and start no more until `allow` is called.

    Safe in a signal handler: it takes no lock. TERM goes out at once; each `run` then sends KILL
    after its grace and returns `Stop.CANCELLED`.
    """
    _stopping.set()
    for pid in list(_running):
        _signal_group(pid, signal.SIGTERM)


def allow() -> None:
    """Let children start again after `stop_all`."""
    _stopping.clear()


def cancelled(cancel: threading.Event | None) -> bool:
    """Whether the flag is set or everything is to stop."""
    return _stopping.is_set() or (cancel is not None and cancel.is_set())


def _watch(
    process: Process,
    limits: Limits,
    on_line: Callable[[str], bool] | None,
    cancel: threading.Event | None,
    begun: float,
) -> Stop:
    """Pump the pipes until the child has ended; say why it was stopped, if it was."""
    moved = time.monotonic()
    while True:
        lines = process.pump(_TICK)
        now = time.monotonic()
        # every line is told, so no short-circuit
        if sum([on_line(line) if on_line else True for line in lines]):
            moved = now
        if process.ended():
            if on_line and (rest := process.rest()):
                on_line(rest)
            return Stop.NONE
        stop = Stop.NONE
        if cancelled(cancel):
            stop = Stop.CANCELLED
        elif limits.deadline is not None and now - begun > limits.deadline:
            stop = Stop.DEADLINE
        elif limits.idle is not None and now - moved > limits.idle:
            stop = Stop.IDLE
        if stop:
            process.stop()
            return stop


class Process:
    """One child with its pipes; leaving the block ends the whole group, whatever happened.

    Args:
        argv: the program and its arguments.
        limits: those that the kernel keeps (`cpu`, `memory`, `file_bytes`).
        talks: whether its stdin is a socket for `send`; else it is closed.

    Raises:
        ToolError: the program cannot be started.
    """

    def __init__(self, argv: Sequence[str], limits: Limits, *, talks: bool = False) -> None:
        self._tail = bytearray()
        self._partial = b""
        self._mouth: socket.socket | None = None
        ears: socket.socket | None = None
        if talks:
            self._mouth, ears = socket.socketpair()
        try:
            with sandbox.entrance(limits.fence, argv[0]) as enter:
                self._popen = subprocess.Popen(
                    list(argv),
                    stdin=subprocess.DEVNULL if ears is None else ears.fileno(),
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=_environment(),
                    start_new_session=True,
                    # only system calls run between fork and exec
                    preexec_fn=_preparation(limits, enter),  # noqa: PLW1509
                )
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            if self._mouth is not None:
                self._mouth.close()
            reason = getattr(error, "strerror", None) or str(error)
            raise ToolError(f"cannot start {argv[0]}: {reason}", where=argv[0]) from error
        finally:
            if ears is not None:
                ears.close()
        _running[self._popen.pid] = self._popen
        self._selector = selectors.DefaultSelector()
        for stream in (self._popen.stdout, self._popen.stderr):
            assert stream is not None  # noqa: S101 (both are pipes)
            os.set_blocking(stream.fileno(), False)
            self._selector.register(stream, selectors.EVENT_READ)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._gone():
            self.stop()
        _signal_group(self._popen.pid, signal.SIGKILL)  # whoever is left of its group
        self._popen.wait()
        _running.pop(self._popen.pid, None)
        self._selector.close()
        for stream in (self._mouth, self._popen.stdout, self._popen.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    @property
    def returncode(self) -> int:
        """The exit status; negative for a signal."""
        return self._popen.returncode if self._popen.returncode is not None else -signal.SIGKILL

    @property
    def stderr(self) -> str:
        """The last 64 KB that it said."""
        return self._tail.decode("utf-8", "replace")

    def send(self, line: str, *, descriptor: int | None = None) -> None:
        """Write one line to its stdin, and hand over an open file with it."""
        assert self._mouth is not None  # noqa: S101 (asked for in __init__)
        message = line.encode("ascii") + b"\n"
        if descriptor is not None:
            socket.send_fds(self._mouth, [message[:1]], [descriptor])
            message = message[1:]
        self._mouth.sendall(message)

    def pump(self, wait: float) -> list[str]:
        """Wait up to `wait` seconds for output; keep stderr's tail, give stdout's whole lines."""
        chunks = b""
        if not self._selector.get_map():
            time.sleep(min(wait, 0.02))
            return []
        for key, _ in self._selector.select(wait):
            try:
                chunk = os.read(key.fd, 1 << 16)
            except BlockingIOError:
                continue
            if not chunk:
                self._selector.unregister(key.fileobj)
            elif key.fileobj is self._popen.stderr:
                self._tail += chunk
                del self._tail[:-STDERR_KEPT]
            else:
                chunks += chunk
        *lines, self._partial = (self._partial + chunks).split(b"\n")
        if len(self._partial) > _LINE_CAP:
            lines, self._partial = [*lines, self._partial], b""
        return [line.decode("utf-8", "replace") for line in lines]

    def rest(self) -> str:
        """The last line of stdout when nothing ended it."""
        return self._partial.decode("utf-8", "replace")

    def ended(self) -> bool:
        """Whether it has ended and all that it said was read."""
        if not self._gone():
            return False
        # a grandchild may hold the pipes open: what it has to say does not matter
        return not self._selector.get_map() or not self._selector.select(0)

    def stop(self) -> None:
        """TERM to the group, KILL after the grace; keep draining meanwhile."""
        _signal_group(self._popen.pid, signal.SIGTERM)
        until = time.monotonic() + GRACE
        while not self._gone() and time.monotonic() < until:
            self.pump(_TICK)
        _signal_group(self._popen.pid, signal.SIGKILL)

    def _gone(self) -> bool:
        """Whether it has ended; it is not reaped yet where that can be avoided.

        As long as it is a zombie its group's number cannot be given to others.
        """
        if self._popen.returncode is not None:
            return True
        if not hasattr(os, "waitid"):
            return self._popen.poll() is not None
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        try:
            return os.waitid(os.P_PID, self._popen.pid, flags) is not None
        except ChildProcessError:
            return True


def _signal_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _environment() -> dict[str, str]:
    """An environment without secrets and without FFREPORT; messages in plain English."""
    kept = {key: os.environ[key] for key in _PASSED_ON if key in os.environ}
    # never the current folder, where a stranger's module might lie
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    search = os.pathsep.join([here, *(part for part in sys.path if os.path.isabs(part))])
    return {**kept, "LC_ALL": "C.UTF-8", "PYTHONPATH": search, "PYTHONIOENCODING": "utf-8"}


def _preparation(limits: Limits, enter: Callable[[], None]) -> Callable[[], None]:
    """What runs in the child between fork and exec: die with the parent, take the limits."""
    parent = os.getpid()
    wanted = [(resource.RLIMIT_CORE, 0)]
    for kind, value in (
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.cpu),
    ):
        if value is not None:
            highest = resource.getrlimit(kind)[1]
            wanted.append((kind, value if highest < 0 else min(value, highest)))

    def prepare() -> None:
        follow(parent)
        for kind, value in wanted:
            resource.setrlimit(kind, (value, value))
        enter()

    return prepare
