"""Pieces of work: what an engine is asked to run, and the simplest engine there is."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

Result = TypeVar("Result")


class Engine(Protocol):
    """Where pieces of work run: like `concurrent.futures.Executor`, with a sink and a flag.

    A piece never waits for another piece of the same engine: who splits work and joins it again
    does so outside of the slots.
    """

    @property
    def slots(self) -> int:
        """How many pieces run at once."""

    def submit(
        self,
        work: Callable[..., Result],
        /,
        *args: object,
        cost: float = 0.0,
        tell: Callable[[float], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Future[Result]:
        """Have `work(*args, tell=…, cancel=…)` done.

        Args:
            work: a function of a module, and `args` values, so that it could run on another
                machine. It tells its progress and stops soon after `cancel` is set.
            args: what it works on.
            cost: about how many seconds it takes; of those that wait the longest begins first.
            tell: told how many seconds of media are done, from any thread.
            cancel: when set before it begins, it may never begin.
        """


class Here:
    """The engine that does each piece at once, in the thread that asks for it."""

    slots = 1

    def submit(
        self,
        work: Callable[..., Result],
        /,
        *args: object,
        cost: float = 0.0,  # noqa: ARG002 (nothing waits here)
        tell: Callable[[float], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Future[Result]:
        """Do it now; the future is finished, with what it raised or returned."""
        future: Future[Result] = Future()
        try:
            future.set_result(work(*args, tell=tell, cancel=cancel))
        except Exception as error:  # noqa: BLE001 (who waits for it is told)
            future.set_exception(error)
        return future


HERE = Here()
"""For callers who have one thing to do and no engine."""
