"""The engine of this machine: one thread a slot, the longest waiting piece first."""

from __future__ import annotations

import heapq
import itertools
import threading
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from podkit.engines.engine import ENGINES
from podkit.errors import Cancelled, UsageError
from podkit.keeping import keeping

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from podkit.model.work import Engine

Result = TypeVar("Result")


@dataclass(order=True, slots=True)
class _Waiting:
    """One piece in the queue; what costs most comes first, then what came first."""

    order: tuple[float, int]
    run: Callable[[], None] = field(compare=False)


class LocalEngine:
    """Runs pieces in threads of this process; each waits for a child that does the work.

    A child dies with the thread that started it, so the threads live as long as the engine.

    Args:
        slots: how many pieces run at once.
    """

    def __init__(self, slots: int) -> None:
        self.slots = max(1, slots)
        self._queue: list[_Waiting] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._closed = False
        self._threads: list[threading.Thread] = []

    def submit(
        self,
        work: Callable[..., Result],
        /,
        *args: object,
        cost: float = 0.0,
        tell: Callable[[float], None] | None = None,
        cancel: threading.Event | None = None,
    ) -> Future[Result]:
        """Have a piece done; see `Engine`."""
        future: Future[Result] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            if cancel is not None and cancel.is_set():
                future.set_exception(Cancelled())
                return
            try:
                future.set_result(work(*args, tell=tell, cancel=cancel))
            except BaseException as error:  # noqa: BLE001 (who waits for it is told)
                future.set_exception(error)

        with self._changed:
            if self._closed:
                raise Cancelled
            heapq.heappush(self._queue, _Waiting((-cost, next(self._numbers)), run))
            if len(self._threads) < self.slots:
                name = f"podkit-slot-{len(self._threads)}"
                thread = threading.Thread(target=self._serve, name=name, daemon=True)
                self._threads.append(thread)
                thread.start()
            self._changed.notify()
        return future

    def _serve(self) -> None:
        with keeping():  # children stay for the next piece, and end with the thread
            self._work()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._queue:
                    if self._closed:
                        return
                    self._changed.wait()
                waiting = heapq.heappop(self._queue)
            waiting.run()

    def close(self) -> None:
        """Begin nothing more of what nobody waits for, and wait for what runs."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()


@ENGINES.register("local")
@contextmanager
def _open(rest: str, slots: int) -> Iterator[Engine]:
    if rest:
        raise UsageError(f"the engine 'local' takes no {rest!r}", hint="--engine local")
    engine = LocalEngine(slots)
    try:
        yield engine
    finally:
        engine.close()
