"""The engine of this machine: in order of cost, never more at once than slots, nothing left behind."""

from __future__ import annotations

import sys
import threading

import pytest

from podkit.engines.engine import ENGINES, check_engine, open_engine
from podkit.engines.local import LocalEngine
from podkit.errors import Cancelled, UsageError
from podkit.model.work import HERE

LONG = 30.0
"""Seconds after which a test that hangs has failed."""


class Gate:
    """A piece of work that reports that it has begun, and waits until it may go on."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.open = threading.Event()

    def __call__(self, **_: object) -> str:
        """Wait until it may go on; the name of the thread."""
        self.begun.set()
        assert self.open.wait(LONG)
        return threading.current_thread().name


def add(left, right, *, tell, cancel):
    """A piece that ends at once, and tells."""
    if tell is not None:
        tell(1.5)
    return left + right


def fail(*, tell, cancel):
    """A piece that goes wrong."""
    raise ValueError("wrong")


@pytest.fixture
def engine():
    """One slot."""
    made = LocalEngine(1)
    yield made
    made.close()


@pytest.mark.parametrize("slots", [1, 3])
def test_results_errors_and_progress(slots):
    """A future gives what the piece returned or raised; its progress is told."""
    with open_engine("local", slots) as engine:
        told = []
        futures = [engine.submit(add, n, 1, tell=told.append) for n in range(5)]
        assert [future.result(LONG) for future in futures] == [1, 2, 3, 4, 5]
        assert told == [1.5] * 5
        with pytest.raises(ValueError, match="wrong"):
            engine.submit(fail).result(LONG)
        assert engine.submit(add, 1, 1).result(LONG) == 2, "a piece that failed ends its slot"


def test_what_costs_most_begins_first(engine):
    """Of those that wait the longest begins, then who came first."""
    gate, order = Gate(), []

    def note(name, **_: object) -> None:
        order.append(name)

    first = engine.submit(gate)
    assert gate.begun.wait(LONG)
    costs = {"a": 1.0, "b": 5.0, "c": 5.0, "d": 0.5}
    futures = [engine.submit(note, name, cost=cost) for name, cost in costs.items()]
    gate.open.set()
    for future in (first, *futures):
        future.result(LONG)
    assert order == ["b", "c", "a", "d"]


@pytest.mark.parametrize("slots", [1, 2, 3])
def test_never_more_at_once_than_slots(slots):
    """As many pieces run at once as there are slots, and never one more."""
    guard, full = threading.Lock(), threading.Barrier(slots)
    running, most = 0, 0

    def piece(**_: object) -> None:
        nonlocal running, most
        with guard:
            running += 1
            most = max(most, running)
        full.wait(LONG)  # goes on when all slots are taken, and breaks when they never are
        with guard:
            running -= 1

    with open_engine("local", slots) as engine:
        assert engine.slots == slots
        for future in [engine.submit(piece) for _ in range(4 * slots)]:
            future.result(LONG)
    assert most == slots


def test_a_raised_flag_stops_what_waits(engine):
    """What has not begun when its flag is raised never begins; what has, sees the flag."""
    gate, stop, ran = Gate(), threading.Event(), []
    seen = []

    def watching(*, cancel: threading.Event, **_: object) -> None:
        gate()
        seen.append(cancel.is_set())

    running = engine.submit(watching, cancel=stop)
    assert gate.begun.wait(LONG)
    waiting = engine.submit(lambda **_: ran.append(1), cancel=stop)
    stop.set()
    gate.open.set()
    running.result(LONG)
    with pytest.raises(Cancelled):
        waiting.result(LONG)
    assert (seen, ran) == ([True], [])


def test_a_future_that_is_cancelled_never_begins(engine):
    """As with any executor of the standard library."""
    gate = Gate()
    running = engine.submit(gate)
    assert gate.begun.wait(LONG)
    waiting = engine.submit(fail)
    assert waiting.cancel()
    gate.open.set()
    running.result(LONG)
    assert waiting.cancelled()
    assert not running.cancel()


def test_closing_waits_for_what_runs():
    """At the end of `with` no thread is left, and nothing new is taken."""
    gate = Gate()
    with open_engine("local", 2) as engine:
        running = engine.submit(gate)
        assert gate.begun.wait(LONG)
        gate.open.set()
    assert running.done()
    assert running.result() not in {thread.name for thread in threading.enumerate()}
    with pytest.raises(Cancelled):
        engine.submit(add, 1, 1)


def test_here_does_it_at_once():
    """The engine for callers without one: the same thread, one slot, errors in the future."""
    assert HERE.slots == 1
    assert HERE.submit(add, 1, 2).result() == 3
    name = HERE.submit(lambda **_: threading.current_thread().name).result()
    assert name == threading.current_thread().name
    assert isinstance(HERE.submit(fail).exception(), ValueError)


def test_an_engine_of_an_installed_package(tmp_path, monkeypatch):
    """What a package offers under `podkit.engines` is opened by its name, with what follows it."""
    body = "from contextlib import nullcontext\ndef opened(rest, slots):\n"
    (tmp_path / "podkit_far.py").write_text(body + "    return nullcontext((rest, slots))\n")
    meta = tmp_path / "podkit_far-1.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text("Metadata-Version: 2.1\nName: podkit_far\nVersion: 1.0\n")
    (meta / "entry_points.txt").write_text("[podkit.engines]\nfar = podkit_far:opened\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    monkeypatch.setattr(ENGINES, "_items", dict(ENGINES.items()))
    monkeypatch.setattr(ENGINES, "_faults", None)
    with open_engine("far:tcp://host:1", 3) as opened:
        assert opened == ("tcp://host:1", 3)


def test_names():
    """An unknown engine is a usage error that names the nearest; the local one takes no address."""
    assert "local" in ENGINES
    check_engine("local")
    with pytest.raises(UsageError) as caught:
        check_engine("locl:x")
    assert "local" in caught.value.hint
    with pytest.raises(UsageError), open_engine("local:host", 1):
        pass
