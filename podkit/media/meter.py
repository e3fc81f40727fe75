"""Sound measured in child processes, one for each slot, which stay for the next piece of work.

What a child is told and what it answers: an order as JSON, and what was measured in the same words.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podkit import child, files
from podkit.errors import Cancelled, DamagedMediaError, FileError
from podkit.keeping import keeps, kept
from podkit.media import pieces
from podkit.media.sniff import DECODERS, DEMUXERS
from podkit.media.worker import Worker, WorkerDied
from podkit.model.media import Container

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from podkit.media.tape import Tape
    from podkit.model.work import Engine

_MODULE = "podkit.media.meter_worker"
_LIMITS = child.Limits(deadline=120.0, memory=4 << 30, file_bytes=0)
_TRIES = 2  # a child may have died for a reason that is not the file's


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTape:
    """Stretches of a tape one after the other, from one sample to another, behind a chain.

    `channels` that are measured, behind the `filters` as pairs of a name and its arguments; `rate`
    behind them. `between`: whether peaks are looked for between the samples.
    """

    path: Path
    start: int
    codec: str
    held: int
    tape_rate: int
    stretches: tuple[tuple[int, int], ...]
    channels: int
    rate: int
    between: bool = False
    filters: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfFile:
    """A stretch of an encoded file, which must have this rate and these channels.

    Of the bytes from `first_byte` to `last_byte`, entered at the sample `seek`, those samples count
    that lie from `begin` to `end` (None: the last); by the times of the frames, or one by one.
    """

    path: Path
    demuxer: str
    rate: int
    channels: int
    first_byte: int = 0
    last_byte: int
    seek: int = 0
    begin: int = 0
    end: int | None = None
    by_time: bool = False
    decoders: str = DECODERS
    between: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one order gave.

    `momentary` loudness in LUFS each tenth of a second, `short_term` each second; `peaks` of each
    second and the `highest`, linear; `samples` of each channel; `errors` of the decoder;
    `unsound_at` is the first sample that is no number.
    """

    samples: int
    highest: float
    errors: tuple[str, ...]
    error_count: int
    unsound_at: int | None = None
    momentary: tuple[float, ...] = field(default=(), repr=False)
    short_term: tuple[float, ...] = field(default=(), repr=False)
    peaks: tuple[float, ...] = field(default=(), repr=False)


def of_tape(
    tape: Tape,
    stretches: Sequence[tuple[int, int]],
    channels: int,
    *,
    rate: int | None = None,
    filters: Sequence[tuple[str, str]] = (),
    between: bool = False,
) -> OfTape:
    """The order for stretches of a tape; `rate` when the filters change it."""
    return OfTape(
        path=tape.path,
        start=tape.start,
        codec=tape.codec,
        held=tape.channels,
        tape_rate=tape.rate,
        stretches=tuple((first, min(last, tape.samples)) for first, last in stretches),
        channels=channels,
        rate=rate or tape.rate,
        between=between,
        filters=tuple(filters),
    )


def of_file(path: Path, container: Container, *, rate: int, channels: int) -> OfFile:
    """The order for a whole file.

    Raises:
        FileError: it cannot be read.
    """
    with files.translating(path, "read"):
        size = path.stat().st_size
    return OfFile(
        path=path, demuxer=DEMUXERS[container], rate=rate, channels=channels, last_byte=size
    )


def begin(engine: Engine) -> None:
    """Start the children of an engine's slots, while other things are looked after."""
    for _ in range(engine.slots):
        engine.submit(_begin)


def measure(
    engine: Engine,
    orders: Sequence[tuple[OfTape | OfFile, float]],
    *,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> list[Measured]:
    """Measure all of it on the engine; the first order that fails stops the others.

    Args:
        engine: where the children are.
        orders: what to measure, each with about how many seconds of one core it takes.
        tell: told how many seconds of sound are done, all orders together.
        cancel: when set, all of it stops.

    Raises:
        DamagedMediaError: nothing in a file can be decoded.
        FileError: something cannot be read.
        ToolError: a child cannot be started.
        Cancelled: `cancel` was set.
    """
    calls = [(work, (order,), cost) for order, cost in orders]
    return pieces.do_all(engine, calls, tell=tell, cancel=cancel)


def work(
    order: OfTape | OfFile,
    *,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Measured:
    """Measure in the child of this thread; see `measure` for what it raises."""
    with kept(_worker) as worker:
        for left in reversed(range(_TRIES)):
            try:
                return _asked(worker, order, tell, cancel)
            except WorkerDied as error:
                if child.cancelled(cancel):
                    raise Cancelled from error
                if not left:
                    raise DamagedMediaError(
                        f"it cannot be decoded: {error}", where=order.path
                    ) from error
    raise AssertionError


def _asked(
    worker: Worker,
    order: OfTape | OfFile,
    tell: Callable[[float], None] | None,
    cancel: threading.Event | None,
) -> Measured:
    values: dict[str, list[float]] = {"momentary": [], "short_term": [], "peaks": []}

    def told(line: dict[str, Any]) -> None:
        if tell is not None:
            tell(line["told"])
        for name, found in values.items():
            found.extend(line.get(name, ()))

    question = {key: value for key, value in asdict(order).items() if key != "path"}
    with files.open_regular(order.path) as stream:
        answer = worker.ask(question, file=stream, tell=told, cancel=cancel)
    if "refused" in answer:
        if answer["failing"]:
            raise FileError(f"cannot read: {answer['refused']}", where=order.path)
        raise DamagedMediaError(
            f"no sound in it can be decoded: {answer['refused']}", where=order.path
        )
    return Measured(
        samples=answer["samples"],
        highest=answer["highest"],
        errors=tuple(answer["errors"]),
        error_count=answer["error_count"],
        unsound_at=answer["unsound_at"],
        **{name: tuple(found) for name, found in values.items()},
    )


def _worker() -> Worker:
    """A child that measures."""
    return Worker(_MODULE, limits=_LIMITS, packages=("av", "numpy", "podkit"))


def _begin(
    *,
    tell: Callable[[float], None] | None = None,  # noqa: ARG001 (every piece of work has it)
    cancel: threading.Event | None = None,  # noqa: ARG001 (likewise)
) -> None:
    if keeps():
        with kept(_worker) as worker:
            worker.begin()
