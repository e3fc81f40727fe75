"""Work in pieces: runs of ffmpeg on an engine, told as one, and stopped together."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from podkit.errors import Cancelled, EncodeError
from podkit.media import run
from podkit.media.tools import Tool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from podkit.model.work import Engine

Result = TypeVar("Result")


class Flag(threading.Event):
    """A flag that is also up while another one is.

    Args:
        above: the other one; None when nobody above can stop the work.
    """

    def __init__(self, above: threading.Event | None) -> None:
        super().__init__()
        self._above = above

    def is_set(self) -> bool:
        """Whether this flag or the one above is up."""
        return super().is_set() or (self._above is not None and self._above.is_set())


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One run of ffmpeg: `where` is the file that messages name, `file_bytes` the most it writes.

    `seconds` of media that it goes through; `cost` about how many seconds of one core it takes.
    """

    tool: Tool
    arguments: tuple[str, ...]
    where: Path
    seconds: float = 0.0
    cost: float = 0.0
    file_bytes: int | None = None


def work(
    one: Run,
    *,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> run.Ran:
    """Do one run where this process is; see `run.ffmpeg` for what it raises."""
    return run.ffmpeg(
        one.tool,
        one.arguments,
        where=one.where,
        on_seconds=tell,
        cancel=cancel,
        file_bytes=one.file_bytes,
    )


def do(
    engine: Engine,
    runs: Sequence[Run],
    *,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> list[run.Ran]:
    """Do all runs on the engine and wait for them; the first that fails stops the others.

    Args:
        engine: where they run.
        runs: what to do; results come in their order.
        tell: told how many seconds all of them together have done.
        cancel: when set, all of them stop.

    Raises:
        Cancelled: `cancel` was set.
        PodkitError: what the first failed one raised.
    """
    return do_all(engine, [(work, (one,), one.cost) for one in runs], tell=tell, cancel=cancel)


def do_all(
    engine: Engine,
    calls: Sequence[tuple[Callable[..., Result], tuple[object, ...], float]],
    *,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> list[Result]:
    """The same for any work that an engine takes: functions, what they work on, and what they cost.

    Raises:
        Cancelled: `cancel` was set.
        PodkitError: what the first failed one raised.
    """
    stop = Flag(cancel)
    done = [0.0] * len(calls)

    def teller(number: int) -> Callable[[float], None]:
        def told(seconds: float) -> None:
            done[number] = seconds
            if tell is not None:
                tell(sum(done))

        return told

    def ended(future: Future[Result]) -> None:
        if future.cancelled() or future.exception() is not None:
            stop.set()

    futures = []
    for number, (function, arguments, cost) in enumerate(calls):
        future = engine.submit(function, *arguments, cost=cost, tell=teller(number), cancel=stop)
        future.add_done_callback(ended)
        futures.append(future)
    errors = [error for future in futures if (error := future.exception())]
    for error in sorted(errors, key=lambda error: isinstance(error, Cancelled)):
        raise error
    return [future.result() for future in futures]


def check(runs: Sequence[run.Ran], where: Path) -> None:
    """See that each run ended as it should.

    Raises:
        EncodeError: one gave up.
    """
    for ran in runs:
        if ran.returncode != 0:
            reason = ran.errors[-1] if ran.errors else f"exit status {ran.returncode}"
            raise EncodeError(f"ffmpeg gave up: {reason}", where=where)
