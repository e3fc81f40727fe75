"""Promises of the tables: what rich would print of them, without rich laying out each cell."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table
from rich.text import Text

from podkit.cli import tables, terminal
from podkit.model.text import display

if TYPE_CHECKING:
    from collections.abc import Sequence

_TITLES = ("slug", "no.", "title", "status", "published", "length", "stale")
_RIGHT = ("no.", "length")
_WORDS = (
    "talk", "a", "Випуск", "дуже довгий заголовок", "日本語", "中文標題很長很長很長", "ｗｉｄｅ", "한국어",
    "👩\u200d🚀", "🇺🇦", "❤\ufe0f", "e\u0301", "\u202eevil", "עברית", "العربية", "x" * 50, "tab\there",
    "two\nlines", "\x1b[31mred", "\u200b", "[bold]b[/bold]", ":smile:", "\udc80", "─", "s2e5", "",
)  # fmt: skip
_CELL = st.lists(st.sampled_from(_WORDS), max_size=8).map(" ".join)
_ROWS = st.lists(st.tuples(*[_CELL] * len(_TITLES)), max_size=6)
_WIDTHS = st.sampled_from([1, 2, 5, 10, 20, 40, 60, 79, 80, 100, 120, 132, 160, 200, 400, None])


def of_rich(rows: Sequence[Sequence[str]], *, width: int | None, colour: bool) -> list[str]:
    """The lines of the same table where rich lays out all of it."""
    made = Table(box=None, pad_edge=False, header_style="bold", show_edge=False)
    for title in _TITLES:
        made.add_column(
            title,
            justify="right" if title in _RIGHT else "left",
            no_wrap=title != "title",
            overflow="fold",
        )
    for row in rows:
        made.add_row(*(Text(display(cell)) for cell in row))
    text = io.StringIO()
    Console(
        file=text,
        width=width or 10_000,
        force_terminal=colour,
        no_color=not colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
    ).print(made)
    return [line.rstrip() for line in text.getvalue().splitlines()]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=_ROWS, width=_WIDTHS, colour=st.booleans())
def test_a_table_is_what_rich_makes_of_it(
    rows: list[tuple[str, ...]],
    width: int | None,
    colour: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In every script, at every width, in colour and in a pipe."""
    monkeypatch.setattr(terminal, "is_terminal", lambda _: width is not None)
    monkeypatch.setattr(terminal, "has_colour", lambda _: colour)
    monkeypatch.setenv("COLUMNS", str(width or 80))
    assert tables.table(_TITLES, rows, right=_RIGHT) == of_rich(rows, width=width, colour=colour)


def test_only_what_does_not_fit_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long title goes on below itself; the rows beside it stay on one line."""
    monkeypatch.setattr(terminal, "is_terminal", lambda _: True)
    monkeypatch.setattr(terminal, "has_colour", lambda _: False)
    monkeypatch.setenv("COLUMNS", "30")
    rows = [("one", "Short", "5"), ("two", "What was agreed in the week", "17")]
    assert tables.table(("slug", "title", "no."), rows, right=("no.",)) == [
        "slug  title                no.",
        "one   Short                  5",
        "two   What was agreed in    17",
        "      the week",
    ]


@pytest.mark.parametrize(
    ("width", "titles"),
    [
        (200, ["slug", "no.", "title", "status", "published", "length", "stale"]),
        (90, ["slug", "no.", "title", "status", "published", "length"]),
        (80, ["slug", "no.", "title", "status", "published"]),
        (60, ["slug", "title", "status"]),
        (40, ["slug", "title", "status"]),
    ],
)
def test_a_narrow_terminal_shows_what_things_are_called(
    width: int, titles: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Columns that it can do without go before the titles do, empty ones first."""
    monkeypatch.setattr(terminal, "is_terminal", lambda _: True)
    monkeypatch.setattr(terminal, "has_colour", lambda _: False)
    monkeypatch.setenv("COLUMNS", str(width))
    row = ("talks-that-followed-1", "s2e5", "What was agreed in the week", "published")
    rows = [(*row, "2026-11-20 06:00", "1:01:05", "")]
    if width == 200:
        rows.append((*rows[0][:-1], "mp3"))
    spare = ("length", "no.", "published", "stale")
    lines = tables.table(_TITLES, rows, right=_RIGHT, spare=spare)
    assert lines[0].split() == titles
    assert all(len(line) <= width for line in lines)
    shown = " ".join(lines)
    assert all(word in shown for word in ("talks-that-followed-1", "What", "agreed", "week"))
