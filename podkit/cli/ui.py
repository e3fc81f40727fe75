"""Tables and progress bars; the only importer of rich, and only when one of them is shown."""

from __future__ import annotations

import io
import shutil
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from podkit.cli import terminal
from podkit.model.text import display
from podkit.model.timecode import format_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from types import TracebackType

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.live import Live
    from rich.measure import Measurement
    from rich.table import Table

_PATIENCE = 1.0  # seconds that a job may take before bars appear
_ROWS = 8  # bars at once; the total counts them all
_ENDLESS = 10_000  # columns of what is no terminal: a line is never cut there
_NAME = 40  # columns for a job's name beside its bar, at most
_FIGURES = 30  # columns for share, rate and time left
_BAR = 24
_NARROW = 10  # columns of a bar where the terminal has fewer than _WIDE
_WIDE = 90


def table(
    titles: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[str] = ()
) -> list[str]:
    """The lines of a table for stdout; cells are outside text and are shown safely.

    Args:
        titles: of the columns, in order.
        rows: a cell for each column.
        right: titles of the columns that are aligned on the right.
    """
    from rich.cells import set_cell_size

    shown = [tuple(map(display, row)) for row in rows]
    columns = [
        _Column(title, right=title in right, first=n == 0, last=n == len(titles) - 1)
        for n, title in enumerate(titles)
    ]
    for column, cells in zip(columns, zip(*shown, strict=True), strict=False):
        column.measure(cells)
    text = io.StringIO()
    seen = terminal.is_terminal(sys.stdout)
    width = shutil.get_terminal_size().columns if seen else _ENDLESS
    console = _console(text, colour=terminal.has_colour(sys.stdout), width=width)
    console.print(_head(columns))
    head = text.getvalue().splitlines()[:-1]  # the last is the row that only asks for widths
    body = [line for row in shown for line in _beside(columns, row, console)]
    if sum(column.width for column in columns) > width:
        body = [set_cell_size(line, width) for line in body]
    return [line.rstrip() for line in (*head, *body)]


def _head(columns: Sequence[_Column]) -> Table:
    """A table for rich to share out the width by: the titles, and the columns themselves as a row."""
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    made = Table(box=None, padding=0, header_style="bold", show_edge=False)
    for column in columns:
        made.add_column(
            Padding(Text(column.title), (0, column.gaps[1], 0, column.gaps[0])),
            justify="right" if column.right else "left",
            no_wrap=not column.wraps,
            overflow="fold",
        )
    made.add_row(*columns)
    return made


class _Column:
    """A column of a table: rich asks it how wide it would be, and tells it how wide it is.

    rich lays out each cell with everything that a cell may be, which takes a millisecond for a row.
    Here a cell is one text that nearly always fits; rich is asked only to break one that does not.
    """

    def __init__(self, title: str, *, right: bool, first: bool, last: bool) -> None:
        from rich.cells import cell_len

        self.title = title
        self.right = right
        self.wraps = title == "title"
        self.gaps = (int(not first), int(not last))
        self.width = 0
        self._most = 0
        self._size = cell_len

    def measure(self, cells: Iterable[str]) -> None:
        """Find out how many columns of the terminal the widest cell takes."""
        self._most = max(map(self._size, cells))

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        """Say how many it would like."""
        from rich.measure import Measurement

        return Measurement(0, self._most + sum(self.gaps))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Learn how many it has, and draw nothing."""
        self.width = options.max_width
        return ()

    def lines(self, cell: str, console: Console) -> list[str]:
        """The lines of a cell, each as wide as the column."""
        left, right = self.gaps
        room = self.width - left - right
        if room < 1:
            return []
        cell = cell.rstrip() if self.right else cell
        fill = room - self._size(cell)
        if fill < 0:
            parts = self._broken(cell, room, console)
        else:
            parts = [" " * fill + cell if self.right else cell + " " * fill]
        return [" " * left + part + " " * right for part in parts]

    def _broken(self, cell: str, room: int, console: Console) -> list[str]:
        from rich.cells import set_cell_size
        from rich.text import Text

        broken = Text(cell).wrap(console, room, overflow="fold", no_wrap=not self.wraps)
        return [set_cell_size(line.plain, room) for line in broken]


def _beside(columns: Sequence[_Column], row: Sequence[str], console: Console) -> Iterator[str]:
    """The lines of a row: those of its cells, side by side."""
    cells = [column.lines(cell, console) for column, cell in zip(columns, row, strict=True)]
    pairs = list(zip(columns, cells, strict=True))
    for n in range(max(1, *map(len, cells))):
        yield "".join(cell[n] if n < len(cell) else " " * column.width for column, cell in pairs)


def _console(stream: Any, *, colour: bool, width: int | None = None, live: bool = False) -> Console:
    from rich.console import Console

    return Console(
        file=stream,
        width=width,
        force_terminal=colour or live,
        no_color=not colour,
        color_system="standard" if colour else None,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
    )


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
            console = _console(sys.stderr, colour=terminal.has_colour(sys.stderr), live=True)
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
