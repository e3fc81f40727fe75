"""How a child is kept for the next piece of work of its thread, and ended with the others.

A child dies with the thread that started it, so each thread keeps its own. Only a thread that says
that it will end them keeps any: elsewhere each is ended after its one piece of work.
"""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

Kept = TypeVar("Kept")


class _Shelf(threading.local):
    """What this thread keeps, by what makes it; None where it keeps nothing."""

    things: dict[Callable[[], Any], Any] | None = None
    stack: contextlib.ExitStack


_shelf = _Shelf()


@contextlib.contextmanager
def keeping() -> Iterator[None]:
    """Keep what this thread uses until the end of the block, or of the one around it."""
    if _shelf.things is not None:
        yield
        return
    with contextlib.ExitStack() as stack:
        _shelf.things, _shelf.stack = {}, stack
        try:
            yield
        finally:
            _shelf.things = None


@contextlib.contextmanager
def kept(make: Callable[[], AbstractContextManager[Kept]]) -> Iterator[Kept]:
    """The thing of this thread that `make` makes: the one that is kept, or one for this block.

    Args:
        make: a function of a module; it is what a kept thing is known by.
    """
    things = _shelf.things
    if things is None:
        with make() as made:
            yield made
        return
    if make not in things:
        things[make] = _shelf.stack.enter_context(make())
    found: Kept = things[make]
    yield found


def keeps() -> bool:
    """Whether this thread keeps what it uses, so that it may be made early."""
    return _shelf.things is not None
