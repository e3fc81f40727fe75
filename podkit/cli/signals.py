"""Ctrl-C, TERM and HUP: children are stopped, the stack unwinds, and at the latest after 4.5 s all ends."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

PATIENCE = 4.5
"""Seconds for what was begun to be tidied up; the contract allows 5."""

_BASE = 128  # shells add the signal's number to it


class Interrupted(KeyboardInterrupt):
    """Raised where the main thread stands; not an Exception, so nothing on the way swallows it."""


class Signals:
    """Listens while it is entered; `code` is the exit code of the first signal that came, or None."""

    def __init__(self) -> None:
        self.code: int | None = None

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        if self.code is not None:  # already ending
            return
        self.code = _BASE + number
        _stop_children()
        threading.Thread(target=_end, args=(self.code,), daemon=True).start()
        raise Interrupted

    @contextlib.contextmanager
    def heard(self) -> Iterator[None]:
        """Hear signals until the block ends; one that is ignored (nohup) stays ignored."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {}
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, self._receive)
        try:
            yield
        finally:
            if self.code is None:  # while all ends, a second Ctrl-C changes nothing
                for number, handler in before.items():
                    signal.signal(number, handler)


def _stop_children() -> None:
    child = sys.modules.get("podkit.child")  # not loaded: there are none
    if child is not None:
        child.stop_all()  # takes no lock


def _end(code: int) -> None:
    threading.Event().wait(PATIENCE)
    os._exit(code)
