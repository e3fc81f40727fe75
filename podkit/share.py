"""Work on very many small things, shared with forked copies of this process: one for each core.

A copy inherits all that this process knows, so only results travel, as JSON in a file without a
name. Whatever befalls a copy, its share is done again here: forking makes it quicker, never other.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from typing import IO, Any, Final, TypeVar

T = TypeVar("T")

_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None  # bound before any fork

_ENDING: Final = [
    number for number in signal.Signals if number.name in {"SIGINT", "SIGTERM", "SIGHUP"}
]
"""They wait while a copy begins: it would take them for podkit, whose handlers it has inherited."""

LEAST: Final = 300
"""Fewer things are not worth a fork, which takes some hundredths of a second."""


def shared(
    work: Callable[[T], Any],
    things: Sequence[T],
    *,
    each: int = 1,
    copies: int | None = None,
    pack: Callable[[Any], Any] | None = None,
    unpack: Callable[[dict[str, Any]], Any] | None = None,
) -> list[Any]:
    """What `work` makes of each thing, in their order.

    Args:
        work: gives what JSON can hold, and changes nothing; what it raises comes out of here.
        things: what to work on.
        pack: makes of something that JSON cannot hold something that it can.
        unpack: takes each object of the JSON and gives what it stood for.
        each: how many small things one of them stands for.
        copies: how many processes share it; None: one for each core, if there are many things.
    """
    count = min(copies or (_cores() if len(things) * each >= LEAST else 1), len(things))
    if count < 2 or sys.platform != "linux" or threading.active_count() > 1:
        return [work(thing) for thing in things]  # a fork would take along half-held locks
    begun: list[_Copy] = []
    made: list[Any] = [None] * len(things)
    try:
        begun.extend(_Copy(work, things[place::count], pack) for place in range(1, count))
        made[::count] = [work(thing) for thing in things[::count]]
        for place, copy in enumerate(begun, start=1):
            found = copy.result(unpack)
            mine = things[place::count]
            made[place::count] = [work(one) for one in mine] if found is None else found
    finally:
        for copy in begun:
            copy.end()
    return made


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Copy:
    """A fork of this process that does a share of the work and ends."""

    def __init__(
        self, work: Callable[[T], Any], things: Sequence[T], pack: Callable[[Any], Any] | None
    ) -> None:
        self._out: IO[bytes] | None = None
        self._id: int | None = None
        parent = os.getpid()
        with contextlib.suppress(OSError):  # too many files or processes: then nobody shares
            self._out = out = os.fdopen(os.memfd_create("share"), "w+b")
            before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
            try:
                self._id = os.fork()
                if self._id == 0:
                    _do(lambda: json.dumps([*map(work, things)], default=pack), out, parent)
            finally:  # a copy never comes here
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def result(self, unpack: Callable[[dict[str, Any]], Any] | None) -> list[Any] | None:
        """What it made, once it has ended; None when it failed."""
        if self._id is None or self._out is None or self._wait():
            return None
        self._out.seek(0)
        try:
            found: list[Any] = json.load(self._out, object_hook=unpack)
        except ValueError:  # it ended before it had written all
            return None
        return found

    def end(self) -> None:
        """Stop it, if it still runs."""
        if self._id is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._id, signal.SIGKILL)
            self._wait()
        if self._out is not None:
            self._out.close()

    def _wait(self) -> int:
        """Wait for its end; 0 when all went well, as far as the system tells."""
        assert self._id is not None  # noqa: S101 (both callers have looked)
        pid, self._id = self._id, None
        try:
            return os.waitpid(pid, 0)[1]
        except ChildProcessError:  # who started podkit ignores SIGCHLD: the kernel has buried it
            return 0


def follow(parent: int) -> None:
    """In a fresh child: die when the parent does, also when it is killed."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before the signal was asked for
            os._exit(1)


def _do(work: Callable[[], str], out: IO[bytes], parent: int) -> None:
    """All that a copy does; it never comes back, and says nothing."""
    code = 1
    try:
        for number in _ENDING:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
        follow(parent)
        out.write(work().encode())
        out.flush()
        code = 0
    finally:
        os._exit(code)
