"""How to do Python work on strangers' files in a child process that may crash without harm."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
import time
from dataclasses import replace
from typing import IO, TYPE_CHECKING, Any, Self

from podkit import child, sandbox
from podkit.errors import ToolError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Mapping

_TICK = 0.1  # seconds between two looks at the cancel flag and the clock


class WorkerDied(Exception):  # noqa: N818 (it says what happened; callers translate it)
    """A Python worker crashed, or said nothing in time."""


class Worker:
    """Python work in a limited child: one JSON line in, one JSON line out.

    Args:
        module: what `python -m` runs; it says one line when it is ready, then answers each line
            of its stdin with one line. Lines with "told" may come before it.
        limits: of the child; `deadline` is the time from one line to the next, in seconds.
        packages: what it imports beside the standard library.

    It sees no file but Python's own and the open one that comes with a question.
    """

    def __init__(
        self, module: str, *, limits: child.Limits, packages: tuple[str, ...] = ("av", "podkit")
    ) -> None:
        self._argv = (sys.executable, "-P", "-B", "-m", module)
        self._limits = replace(limits, fence=sandbox.installation(packages))
        self._process: child.Process | None = None
        self._begun: child.Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        for process in (self._process, self._begun):
            if process is not None:
                process.__exit__()
        self._process = self._begun = None

    def begin(self) -> None:
        """Start the child and do not wait until it is ready; in the thread that will ask it."""
        if self._process is None and self._begun is None:
            with contextlib.suppress(ToolError):  # who asks is told
                self._begun = child.Process(self._argv, self._limits, talks=True)

    def ask(
        self,
        question: Mapping[str, object],
        *,
        file: IO[bytes],
        tell: Callable[[dict[str, Any]], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> dict[str, Any]:
        """Send one question about an open file and wait for its answer, in a child that may be new.

        Args:
            question: what to do.
            file: with what.
            tell: told each line that comes before the answer.
            cancel: when set, the child is ended.

        Raises:
            WorkerDied: no answer came; the next question starts a new child.
            ToolError: the child cannot be started.
        """
        if self._process is None or self._process.ended():
            self.close()
            self._process = self._started(cancel)
        try:
            with contextlib.suppress(BrokenPipeError):  # it has died: told below
                self._process.send(json.dumps(question), descriptor=file.fileno())
            return self._answer(self._process, cancel, tell)
        except BaseException:  # Ctrl-C too: the answer would be taken for the next question's
            self.close()
            raise

    def _started(self, cancel: threading.Event | None) -> child.Process:
        """A child that has said that it is ready: what fails before is not a file's fault.

        It has seen no file yet, so where the fence is what fails (Python lies in an odd place) it
        is safe to go on without.
        """
        try:
            return self._ready(cancel)
        except ToolError:
            if self._limits.fence is None or not sandbox.version():
                raise
            self._limits = replace(self._limits, fence=None)
            return self._ready(cancel)

    def _ready(self, cancel: threading.Event | None) -> child.Process:
        process = self._begun or child.Process(self._argv, self._limits, talks=True)
        self._begun = None
        try:
            self._answer(process, cancel)
        except WorkerDied as error:
            process.__exit__()
            if child.cancelled(cancel):
                raise
            raise ToolError(f"cannot start {self._argv[-1]}: {error}") from error
        except BaseException:
            process.__exit__()
            raise
        return process

    def _answer(
        self,
        process: child.Process,
        cancel: threading.Event | None,
        tell: Callable[[dict[str, Any]], None] | None = None,
    ) -> dict[str, Any]:
        begun = time.monotonic()
        while True:
            for line in process.pump(_TICK):
                if not line.startswith("{"):
                    continue
                said = _parsed(line)
                if "told" not in said:
                    return said
                begun = time.monotonic()
                if tell is not None:
                    tell(said)
            if child.cancelled(cancel):
                raise WorkerDied("cancelled")
            if process.ended():
                last = process.stderr.strip().splitlines()[-1:]
                raise WorkerDied("it crashed" + (f": {last[0]}" if last else ""))
            if self._limits.deadline and time.monotonic() - begun > self._limits.deadline:
                raise WorkerDied(f"no answer in {self._limits.deadline:.0f} s")


def questions() -> Iterator[tuple[str, int]]:
    """What this process, as a worker, is asked: each line with the open file that came with it."""
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as ears:
        waiting, came = b"", []
        while True:
            chunk, descriptors, _, _ = socket.recv_fds(ears, 1 << 16, 1)
            if not chunk:
                return
            came += descriptors
            *lines, waiting = (waiting + chunk).split(b"\n")
            for line in lines:
                yield line.decode("ascii"), came.pop(0)


def _parsed(line: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise WorkerDied("its answer is not JSON") from error
    return answer
