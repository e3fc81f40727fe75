"""Work on very many things without looking for garbage among them."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Let cyclic garbage lie for a while.

    A large feed, or the records of a long show, are a million objects without a circle among them;
    to look for one again and again while they are made takes a tenth to a half of all time.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
