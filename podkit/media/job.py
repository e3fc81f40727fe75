"""What every job does around ffmpeg: run it, tell how far it is, decode what it wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from podkit.errors import DamagedMediaError, EncodeError, NotMediaError
from podkit.media import pieces, run, verify
from podkit.model.preset import Kind

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from podkit.media.order import EncodeOrder
    from podkit.media.tools import Tool
    from podkit.model.media import Decoded, MediaInfo
    from podkit.model.work import Engine

# Seconds of one core for a second of media; of what waits the longest work begins first.
_COST = {Kind.AUDIO: 0.01, Kind.VIDEO: 1.0, Kind.HLS: 2.0}


class Meter:
    """Several passes over the same sound as one scale of seconds that only grows.

    Args:
        length: seconds of the source.
        tell: told how many of them are done.
    """

    def __init__(self, length: float, tell: Callable[[float], None] | None) -> None:
        self.length = length
        self._tell = tell
        self._furthest = 0.0

    def part(self, start: float, end: float) -> Callable[[float], None]:
        """What one pass tells, which stands for the part of the job from `start` to `end` (0-1)."""

        def tell(seconds: float) -> None:
            share = min(seconds / self.length, 1.0) if self.length else 1.0
            reached = self.length * (start + (end - start) * share)
            if self._tell is not None and reached > self._furthest:
                self._furthest = reached
                self._tell(reached)

        return tell


class Job:
    """One order on its way, the commands that were run for it, and what else became of it.

    `trimmed` seconds were cut off at the head; `notes` say what a person may want to know.
    """

    def __init__(
        self,
        tool: Tool,
        order: EncodeOrder,
        engine: Engine,
        look: Callable[[Path], MediaInfo],
        on_progress: Callable[[float], None] | None,
        cancel: threading.Event | None,
    ) -> None:
        self.tool, self.order, self.engine, self.cancel = tool, order, engine, cancel
        self.look = look
        self.meter = Meter(order.probe.duration or 0.0, on_progress)
        self.commands: list[tuple[str, ...]] = []
        self.notes: list[str] = []
        self.trimmed = 0.0

    def write(
        self,
        arguments: Sequence[str],
        tell: Callable[[float], None],
        *,
        file_bytes: int | None = None,
    ) -> None:
        """Run ffmpeg to write the output.

        Raises:
            EncodeError: it wrote nothing, or gave up.
        """
        self.commands.append(run.command(self.tool, arguments))
        one = pieces.Run(
            tool=self.tool,
            arguments=tuple(arguments),
            where=self.order.output,
            cost=self.meter.length * _COST.get(self.order.preset.kind, 0.0),
            file_bytes=file_bytes,
        )
        (ran,) = pieces.do(self.engine, [one], tell=tell, cancel=self.cancel)
        if not self.order.allow_damaged:
            self.check_ended([ran])
        self.check_written()

    def check_ended(self, runs: Sequence[run.Ran]) -> None:
        """See that ffmpeg did not give up.

        Raises:
            EncodeError: it did.
        """
        try:
            pieces.check(runs, self.order.source)
        except EncodeError as error:
            self.fail(error.message, error)

    def check_written(self) -> None:
        """See that there is something.

        Raises:
            EncodeError: there is nothing.
        """
        if not self.order.output.exists():
            self.fail("ffmpeg wrote nothing")

    def decode_output(self, *, loudness: bool, tell: Callable[[float], None]) -> Decoded:
        """Decode what was written to its end.

        Raises:
            EncodeError: it cannot be decoded without errors.
        """
        try:
            made = verify.decode(
                self.tool,
                self.order.output,
                loudness=loudness,
                engine=self.engine,
                on_progress=tell,
                cancel=self.cancel,
            )
        except (DamagedMediaError, NotMediaError) as error:
            self.fail(f"what ffmpeg wrote cannot be decoded: {error.message}", error)
        if made.errors and not self.order.allow_damaged:
            self.fail(f"what ffmpeg wrote does not decode cleanly: {made.errors[0]}")
        return made

    def check_length(self, made: float, wanted: float, what: str, *, slack: float = 0.0) -> None:
        """Hold the result's seconds against the source's.

        Raises:
            EncodeError: they differ by more than `verify.tolerance` and `slack`.
        """
        if abs(made - wanted) > verify.tolerance(wanted) + slack:
            self.fail(f"it has {made:.2f} s of {what}, the source {wanted:.2f} s")

    def fail(self, message: str, cause: Exception | None = None, *, hint: str = "") -> NoReturn:
        """Say that the result is not what was planned, or that the disk is full if that is why.

        Raises:
            FileError: the disk is full.
            EncodeError: in all other cases.
        """
        if run.is_full(self.order.output.parent):
            raise run.full_disk(self.order.output) from cause
        raise EncodeError(message, where=self.order.source, hint=hint) from cause
