"""What a thread keeps it has once, for itself, until it says that it is done."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

import pytest

from podkit.keeping import keeping, keeps, kept

MADE: list[str] = []


@pytest.fixture(autouse=True)
def _fresh() -> None:
    MADE.clear()


@contextlib.contextmanager
def thing() -> Iterator[object]:
    """Something that notes when it begins and ends."""
    MADE.append("begins")
    yield object()
    MADE.append("ends")


def test_without_keeping_each_use_has_its_own():
    """A thread that does not say that it keeps things ends each after its use."""
    assert not keeps()
    with kept(thing) as one:
        pass
    with kept(thing) as other:
        assert other is not one
    assert MADE == ["begins", "ends", "begins", "ends"]


def test_kept_until_the_end():
    """In one that does, it is made once, and ended with the outermost block."""
    with keeping():
        with kept(thing) as one:
            pass
        with keeping(), kept(thing) as other:
            assert other is one
        assert MADE == ["begins"]
    assert MADE == ["begins", "ends"]
    assert not keeps()


def test_it_is_ended_when_something_fails():
    """A failure ends what was kept, too."""

    @contextlib.contextmanager
    def sure() -> Iterator[object]:
        try:
            yield object()
        finally:
            MADE.append("ended")

    with pytest.raises(LookupError), keeping(), kept(sure):
        raise LookupError
    assert MADE == ["ended"]
    assert not keeps()


def test_no_thread_has_another_ones():
    """Another thread neither sees it nor keeps anything itself."""
    seen = []

    def other() -> None:
        with kept(thing) as own:
            seen.append((keeps(), own))

    with keeping(), kept(thing) as one:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert seen[0][0] is False
        assert seen[0][1] is not one
