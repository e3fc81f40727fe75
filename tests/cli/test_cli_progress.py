"""Progress: bars in a terminal, a plain line per job elsewhere, nothing with -q."""

from __future__ import annotations

import contextlib
import io
import itertools
import threading
from typing import TYPE_CHECKING

import pytest

from podkit.cli.tables import table
from podkit.cli.ui import Bars

if TYPE_CHECKING:
    from collections.abc import Iterator


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Always."""
        return True


def test_a_line_for_each_finished_job(capsys: pytest.CaptureFixture[str]) -> None:
    """Off a terminal a finished job is one plain line with its rate, on stderr."""
    clock = Clock()
    with Bars(clock=clock) as bars:
        bars.start("talk mp3", total=60)
        bars.advance("talk mp3", 30)
        clock.now += 5
        bars.advance("talk mp3", 60)
        bars.finish("talk mp3", note="made")
        bars.message("the picture\nis small")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["talk mp3: made (12.0× real time)", "the picture", "is small"]


def test_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    """With -q there is nothing."""
    with Bars(quiet=True) as bars:
        bars.start("a", total=1)
        bars.finish("a")
        bars.message("b")
    assert capsys.readouterr() == ("", "")


def test_names_are_shown_safely(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is full of escapes, and one that is no UTF-8, is one harmless line."""
    with Bars() as bars:
        bars.start("a\x1b]0;x\x07\r\nb\udcff", total=None)
        bars.finish("a\x1b]0;x\x07\r\nb\udcff")
    assert capsys.readouterr().err == "a\\x1b]0;x\\x07\\x0d\\x0ab\\xff: done\n"


def drawn(bars: Bars) -> list[str]:
    """The lines of the bars as they would be drawn now."""
    from rich.console import Console

    screen = io.StringIO()
    Console(file=screen, width=100, markup=False).print(bars._drawn())
    return [line.rstrip() for line in screen.getvalue().splitlines()]


def test_bars_have_rate_and_time_left() -> None:
    """Each job has share, rate and time left; from two jobs on there is a total."""
    clock = Clock()
    bars = Bars(clock=clock)
    bars.start("one", total=100)
    clock.now += 10
    bars.advance("one", 50)
    [line] = drawn(bars)
    assert "one" in line
    assert "50%" in line
    assert "5.0×" in line
    assert "0:10 left" in line
    bars.start("two", total=300)
    bars.finish("one")
    lines = drawn(bars)
    assert len(lines) == 2
    assert lines[0].startswith("two")
    assert lines[1].startswith("total: 1 of 2")
    assert "25%" in lines[1]


def test_a_job_of_unknown_length() -> None:
    """A job whose length is unknown shows the time spent."""
    clock = Clock()
    bars = Bars(clock=clock)
    bars.start("verify")
    clock.now += 75
    [line] = drawn(bars)
    assert "1:15" in line
    assert "%" not in line


def test_many_jobs_stay_on_one_screen() -> None:
    """A hundred jobs at once are a few bars and a total."""
    bars = Bars()
    for n in range(100):
        bars.start(f"job {n}", total=10)
    lines = drawn(bars)
    assert len(lines) < 12
    assert "0 of 100" in lines[-1]


def test_the_total_counts_what_is_to_come() -> None:
    """What is announced counts before it begins, and what has ended counts whole, also with a note."""
    clock = Clock()
    bars = Bars(clock=clock)
    bars.expect(3, total=400)
    bars.start("one", total=100)
    clock.now += 10
    bars.advance("one", 50)
    assert "total: 0 of 3" in drawn(bars)[-1]
    bars.finish("one", note="failed")
    assert "total: 1 of 3" in drawn(bars)[-1]
    assert "25%" in drawn(bars)[-1]


def test_a_long_name_keeps_its_end() -> None:
    """The preset stands at the end of a job's name; the middle gives way, on one line."""
    bars = Bars()
    bars.start("розмова " * 20 + "mp3-mono", total=10)
    [line] = drawn(bars)
    assert line.startswith("розмова")
    assert "… mp3-mono" in line or "mp3-mono " in line
    assert "…" in line


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Surroundings of a real terminal."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


@contextlib.contextmanager
def screen() -> Iterator[Screen]:
    """A terminal in place of stderr."""
    made = Screen()
    with contextlib.redirect_stderr(made):
        yield made


@pytest.mark.usefixtures("terminal")
def test_quick_work_draws_nothing() -> None:
    """Work of less than a second draws no bars."""
    with screen() as shown, Bars() as bars:
        bars.start("quick", total=1)
        bars.finish("quick")
    assert shown.getvalue() == "quick: done\n"


@pytest.mark.usefixtures("terminal")
def test_a_dumb_terminal_gets_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    """TERM=dumb has no bars."""
    monkeypatch.setenv("TERM", "dumb")
    with screen() as shown, Bars() as bars:
        bars.start("slow", total=1)
        bars._appear()
        bars.finish("slow")
    assert shown.getvalue() == "slow: done\n"


@pytest.mark.usefixtures("terminal")
def test_bars_leave_the_terminal_as_it_was() -> None:
    """The cursor is shown again and the bars are gone, also when the work fails."""
    with screen() as shown, contextlib.suppress(KeyError), Bars() as bars:
        bars.start("slow", total=10)
        bars._appear()
        bars.advance("slow", 5)
        bars.message("a note above the bars")
        raise KeyError("x")
    text = shown.getvalue()
    assert text.rindex("\x1b[?25h") > text.rindex("\x1b[?25l")
    assert "a note above the bars" in text


def test_told_from_several_threads(capsys: pytest.CaptureFixture[str]) -> None:
    """Threads report at once; every line is whole."""
    bars = Bars()

    def work(name: int) -> None:
        for n in itertools.count():
            job = f"{name}-{n}"
            bars.start(job, total=1)
            bars.advance(job, 0.5)
            drawn(bars)
            bars.finish(job, note="made")
            if n == 20:
                return

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 84
    assert all(line.endswith(": made") or "×" in line for line in lines)


def test_tables_are_data_not_markup() -> None:
    """Cells that look like markup or hold escapes are shown as they are, and never cut in a pipe."""
    rows = [("[link=http://x]a[/link]", "\x1b[31m"), ("x" * 300, ":smile:")]
    lines = table(("name", "title"), rows)
    assert "[link=http://x]a[/link]" in lines[1]
    assert "\\x1b[31m" in lines[1]
    assert "x" * 300 in lines[2]
    assert ":smile:" in lines[2]
