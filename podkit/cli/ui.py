"""Progress bars, by rich, which is loaded only when one of them is shown."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from podkit.cli import terminal
from podkit.cli.tables import console_on
from podkit.model.text import display
from podkit.model.timecode import format_duration

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from rich.live import Live
    from rich.table import Table

_PATIENCE = 1.0  # seconds that a job may take before bars appear
_ROWS = 8  # bars at once; the total counts them all
_NAME = 40  # columns for a job's name beside its bar, at most
_FIGURES = 30  # columns for share, rate and time left
_BAR = 24
_NARROW = 10  # columns of a bar where the terminal has fewer than _WIDE
_WIDE = 90


@dataclass(slots=True)
class _Job:
    """How far one job is; times in seconds of the monotonic clock, `done` and `total` of media."""

    name: str
    total: float | None
    began: float
    done: float = 0.0
    ended: float | None = field(default=None)

    def rate(self, now: float) -> float | None:
        """Seconds of media per second of wall time."""
        spent = (self.ended or now) - self.began
        return self.done / spent if spent > 0.2 and self.done > 0 else None


class Bars:
    """A Progress for the terminal: bars where lines can be redrawn, else a line per finished job.

    Args:
        quiet: say nothing at all.
        verbose: say also when a job begins.
        lines: say when a job has ended.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        *,
        quiet: bool = False,
        verbose: bool = False,
        lines: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._quiet = quiet
        self._verbose = verbose
        self._lines = lines
        self._clock = clock
        self._live_wanted = not quiet and terminal.is_live(sys.stderr)
        self._lock = threading.RLock()
        self._jobs: dict[str, _Job] = {}
        self._expected = 0
        self._expected_total = 0.0
        self._live: Live | None = None
        self._timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        with self._lock:
            self._live_wanted = False
            timer, self._timer = self._timer, None
            live, self._live = self._live, None
        if timer is not None:
            timer.cancel()
        if live is not None:
            live.stop()

    def expect(self, jobs: int, *, total: float | None = None) -> None:
        """So many more jobs will begin, together `total` seconds of media long."""
        with self._lock:
            self._expected += jobs
            self._expected_total += total or 0.0

    def start(self, job: str, *, total: float | None = None) -> None:
        """A job begins; `total` is its length in seconds of media, or None when unknown."""
        with self._lock:
            self._jobs[job] = _Job(job, total, self._clock())
            if self._live_wanted and self._timer is None:
                self._timer = threading.Timer(_PATIENCE, self._appear)
                self._timer.daemon = True
                self._timer.start()
        if self._verbose:
            self._line(f"{display(job)}: begins")

    def advance(self, job: str, done: float) -> None:
        """`done` seconds of the job's media are behind it."""
        with self._lock:
            known = self._jobs.get(job)
            if known is not None and known.ended is None:
                known.done = done if known.total is None else min(done, known.total)

    def finish(self, job: str, *, note: str = "") -> None:
        """The job ended; `note` says how in a few words."""
        with self._lock:
            known = self._jobs.setdefault(job, _Job(job, None, self._clock()))
            known.ended = self._clock()
            if not note and known.total:
                known.done = known.total
            rate = known.rate(known.ended)
        said = display(note) if note else "done"
        if rate is not None:
            said += f" ({rate:.1f}× real time)"
        if self._lines:
            self._line(f"{display(job)}: {said}")

    def message(self, text: str) -> None:
        """Something a person should read."""
        self._line(terminal.shown(text))

    def _line(self, text: str) -> None:
        if self._quiet:
            return
        with self._lock:
            if self._live is None:
                terminal.note(text)
                return
            from rich.text import Text

            self._live.console.print(Text(text), soft_wrap=True)

    def _appear(self) -> None:
        """Show the bars; the timer calls it when the work takes long."""
        from rich.live import Live

        with self._lock:
            if not self._live_wanted:
                return
            console = console_on(sys.stderr, colour=terminal.has_colour(sys.stderr), live=True)
            self._live = Live(
                get_renderable=self._drawn,
                console=console,
                refresh_per_second=8,
                transient=True,
                redirect_stdout=False,
                redirect_stderr=False,
            )
            self._live.start()

    def _drawn(self) -> Table:
        """The bars of what is under way, and the total when there is more than one job."""
        from rich.table import Table

        with self._lock:
            now = self._clock()
            running = [job for job in self._jobs.values() if job.ended is None]
            jobs = list(self._jobs.values())
            width = self._live.console.width if self._live is not None else _WIDE
            drawn = Table.grid(padding=(0, 1))
            for job in running[:_ROWS]:
                spent = now - job.began
                drawn.add_row(
                    *_row(display(job.name), job.done, job.total, job.rate(now), spent, width)
                )
            count = max(len(jobs), self._expected)
            if count > 1 and jobs:
                ended = [job for job in jobs if job.ended is not None]
                done = sum(j.total or j.done for j in ended) + sum(j.done for j in running)
                total = max(sum(j.total or 0.0 for j in jobs), self._expected_total)
                spent = now - min(j.began for j in jobs)
                name = f"total: {len(ended)} of {count}"
                rate = done / spent if spent else None
                drawn.add_row(*_row(name, done, total or None, rate, spent, width))
        return drawn


def _row(
    name: str, done: float, total: float | None, rate: float | None, spent: float, width: int
) -> tuple[Any, ...]:
    """Name, bar, share, rate, time left; without a total the time spent."""
    from rich.progress_bar import ProgressBar
    from rich.text import Text

    bar_width = _BAR if width >= _WIDE else _NARROW
    short = _shortened(name, min(_NAME, max(width - bar_width - _FIGURES, _NARROW)))
    bar = ProgressBar(total=total, completed=done, width=bar_width, pulse=total is None)
    speed = f"{rate:.1f}×" if rate else ""
    if not total:
        return Text(short), bar, Text(""), Text(speed), Text(format_duration(spent))
    left = f"{format_duration((total - done) / rate)} left" if rate else ""
    return Text(short), bar, Text(f"{done / total:4.0%}"), Text(speed), Text(left)


def _shortened(name: str, columns: int) -> str:
    """The name, without its middle where it is too long: the preset stands at its end."""
    from rich.cells import cell_len, set_cell_size

    if cell_len(name) <= columns:
        return name
    end = name[-(columns // 3) :]
    return set_cell_size(name, max(columns - cell_len(end) - 1, 1)).rstrip() + "…" + end
