"""How to do Python work on strangers' files in a child process that may crash without harm."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from typing import TYPE_CHECKING, Any, Self

from podkit import child
from podkit.errors import ToolError

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

_TICK = 0.1  # seconds between two looks at the cancel flag and the clock


class WorkerDied(Exception):  # noqa: N818 (it says what happened; callers translate it)
    """A Python worker crashed, or said nothing in time."""


class Worker:
    """Python work in a limited child: one JSON line in, one JSON line out.

    Args:
        module: what `python -m` runs; it says one line when it is ready, then answers each line
            of its stdin with one line.
        limits: of the child; `deadline` is the time for one answer, in seconds.
    """

    def __init__(self, module: str, *, limits: child.Limits) -> None:
        self._argv = (sys.executable, "-P", "-m", module)
        self._limits = limits
        self._process: child.Process | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        if self._process is not None:
            self._process.__exit__()
            self._process = None

    def ask(
        self, question: Mapping[str, object], *, cancel: threading.Event | None = None
    ) -> dict[str, Any]:
        """Send one question and wait for its answer, in a fresh child if there is none.

        Raises:
            WorkerDied: no answer came; the next question starts a new child.
            ToolError: the child cannot be started.
        """
        if self._process is None or self._process.ended():
            self.close()
            self._process = self._started(cancel)
        try:
            with contextlib.suppress(BrokenPipeError):  # it has died: told below
                self._process.send(json.dumps(question))
            return self._answer(self._process, cancel)
        except BaseException:  # Ctrl-C too: the answer would be taken for the next question's
            self.close()
            raise

    def _started(self, cancel: threading.Event | None) -> child.Process:
        """A child that has said that it is ready: what fails before is not a file's fault."""
        process = child.Process(self._argv, self._limits, talks=True)
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

    def _answer(self, process: child.Process, cancel: threading.Event | None) -> dict[str, Any]:
        begun = time.monotonic()
        while True:
            for line in process.pump(_TICK):
                if line.startswith("{"):
                    return _parsed(line)
            if child.cancelled(cancel):
                raise WorkerDied("cancelled")
            if process.ended():
                last = process.stderr.strip().splitlines()[-1:]
                raise WorkerDied("it crashed" + (f": {last[0]}" if last else ""))
            if self._limits.deadline and time.monotonic() - begun > self._limits.deadline:
                raise WorkerDied(f"no answer in {self._limits.deadline:.0f} s")


def _parsed(line: str) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(line)
    except ValueError as error:
        raise WorkerDied("its answer is not JSON") from error
    return answer
