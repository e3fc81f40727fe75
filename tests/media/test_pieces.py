"""Pieces of one work end together: when one fails, or when somebody says so."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from podkit.engines.local import LocalEngine
from podkit.errors import Cancelled, EncodeError, ToolError
from podkit.media import pieces, run
from podkit.model.work import HERE

WHERE = Path("sound.wav")
ENDLESS = ("-re", "-f", "lavfi", "-i", "sine", "-f", "null", "-")


@pytest.fixture
def engine():
    """Four slots."""
    made = LocalEngine(4)
    yield made
    made.close()


def tone(tool, seconds: float) -> pieces.Run:
    words = ("-f", "lavfi", "-i", f"sine=d={seconds}", "-f", "null", "-")
    return pieces.Run(tool=tool, arguments=words, where=WHERE, cost=seconds)


def endless(tool) -> pieces.Run:
    return pieces.Run(tool=tool, arguments=ENDLESS, where=WHERE, cost=9)


def test_results_come_in_their_order(tool, engine):
    """Whatever ends first, and whatever began first."""
    found = pieces.do(engine, [tone(tool, n) for n in (1, 30, 2, 20, 3)])
    assert [round(ran.seconds) for ran in found] == [1, 30, 2, 20, 3]


@pytest.mark.parametrize("place", [0, 1, 3])
def test_the_first_error_stops_the_others(tool, engine, place):
    """Those that run and those that wait; what is raised is the error, not that they were stopped."""
    runs = [endless(tool) for _ in range(6)]
    runs[place] = replace(runs[place], tool=replace(tool, path="/nowhere/ffmpeg"), cost=99)
    with pytest.raises(ToolError, match="/nowhere/ffmpeg"):
        pieces.do(engine, runs)


def test_here_too(tool):
    """An engine that does each piece at once does not begin what follows an error."""
    broken = replace(tone(tool, 1), tool=replace(tool, path="/nowhere/ffmpeg"))
    with pytest.raises(ToolError):
        pieces.do(HERE, [broken, endless(tool)])


def test_cancelling_stops_all(tool, engine):
    """A flag from above stops what runs and what waits."""
    flag = threading.Event()
    told: list[float] = []

    def tell(seconds: float) -> None:
        told.append(seconds)
        flag.set()

    with pytest.raises(Cancelled):
        pieces.do(engine, [endless(tool) for _ in range(4)], tell=tell, cancel=flag)
    assert told


def test_progress_is_that_of_all_together(tool, engine):
    """What is told is how many seconds all pieces have done, and it reaches their sum."""
    told: list[float] = []
    pieces.do(engine, [tone(tool, 5), tone(tool, 7)], tell=told.append)
    assert max(told) == pytest.approx(12, abs=0.1)


def test_an_ended_child_is_no_end_of_the_sound(tmp_path, tool):
    """What a signal ended is an error, for nobody knows what it would have said."""
    path = tmp_path / "ffmpeg"
    path.write_text("#!/bin/sh\necho out_time_us=1000000\nkill -KILL $$\n")
    path.chmod(0o755)
    with pytest.raises(EncodeError, match="signal 9"):
        run.ffmpeg(replace(tool, path=str(path), fenced=False), ENDLESS, where=WHERE)


def test_one_that_gave_up(tool):
    """An exit status that is not 0 is an error where the caller asks for it."""
    words = ("-f", "lavfi", "-i", "sine=d=1", "-c:a", "nothing", "-f", "null", "-")
    ran = pieces.do(HERE, [pieces.Run(tool=tool, arguments=words, where=WHERE)])
    with pytest.raises(EncodeError, match="gave up"):
        pieces.check(ran, WHERE)


def test_a_flag_below_another():
    """It is up when the one above is, and does not raise that one."""
    above = threading.Event()
    below = pieces.Flag(above)
    assert not below.is_set()
    below.set()
    assert below.is_set()
    assert not above.is_set()
    other = pieces.Flag(above)
    above.set()
    assert other.is_set()
