"""Tables for stdout: rich shares out the width, and is loaded only when a table is shown."""

from __future__ import annotations

import io
import shutil
import sys
from typing import TYPE_CHECKING, Any

from podkit.cli import terminal
from podkit.model.text import display

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.console import Console, ConsoleOptions, RenderResult
    from rich.measure import Measurement
    from rich.table import Table

_ENDLESS = 10_000  # columns of what is no terminal: a line is never cut there
_GAP = 2  # columns between two of a table
_READABLE = 20
"""Columns that a title shall have before others are left out for it."""


def table(
    titles: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Sequence[str] = (),
    spare: Sequence[str] = (),
) -> list[str]:
    """The lines of a table for stdout; cells are outside text and are shown safely.

    Args:
        titles: of the columns, in order.
        rows: a cell for each column.
        right: titles of the columns that are aligned on the right.
        spare: titles of columns that a narrow terminal can do without, the least first; those with
            nothing in them go before.
    """
    from rich.cells import set_cell_size

    shown = [tuple(map(display, row)) for row in rows]
    seen = terminal.is_terminal(sys.stdout)
    width = shutil.get_terminal_size().columns if seen else _ENDLESS
    if spare:
        titles, shown = _fitting(titles, shown, spare, width)
    columns = [
        _Column(title, right=title in right, first=n == 0, last=n == len(titles) - 1)
        for n, title in enumerate(titles)
    ]
    for column, cells in zip(columns, zip(*shown, strict=True), strict=False):
        column.measure(cells)
    text = io.StringIO()
    console = console_on(text, colour=terminal.has_colour(sys.stdout), width=width)
    console.print(_head(columns))
    head = text.getvalue().splitlines()[:-1]  # the last is the row that only asks for widths
    body = [line for row in shown for line in _beside(columns, row, console)]
    if sum(column.width for column in columns) > width:
        body = [set_cell_size(line, width) for line in body]
    return [line.rstrip() for line in (*head, *body)]


def _fitting(
    titles: Sequence[str], rows: Sequence[tuple[str, ...]], spare: Sequence[str], width: int
) -> tuple[list[str], list[tuple[str, ...]]]:
    """The columns that leave the titles of things readable, and the rows cut to them."""
    from rich.cells import cell_len

    kept = list(titles)
    sizes = {
        title: max(map(cell_len, (title, *cells)))
        for title, cells in zip(titles, zip(*rows, strict=True), strict=False)
    }
    empty = [t for t in titles if rows and not any(row[kept.index(t)] for row in rows)]
    for title in dict.fromkeys([*empty, *spare]):
        wanted = min(sizes.get("title", 0), _READABLE)
        others = sum(sizes.get(t, 0) + _GAP for t in kept if t != "title")
        if others + wanted <= width:
            break
        kept.remove(title)
    places = [titles.index(title) for title in kept]
    return kept, [tuple(row[n] for n in places) for row in rows]


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


def console_on(
    stream: Any, *, colour: bool, width: int | None = None, live: bool = False
) -> Console:
    """A console of rich that prints what it is given and nothing else."""
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
