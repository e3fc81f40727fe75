"""The shelf of engines: which one a word such as "local" or "dask:tcp://host:8786" means."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from podkit.model.work import Engine
from podkit.registry import Registry

Opener = Callable[[str, int], AbstractContextManager[Engine]]
"""Opens an engine: given what follows the colon of its word, and the number of slots."""

ENGINES: Registry[Opener] = Registry("engine", group="podkit.engines", fits=callable)
"""Every engine by the first word of its name."""


def check_engine(word: str) -> None:
    """See that there is an engine of that name, before any work.

    Raises:
        UsageError: there is none; the hint names the nearest.
        PodkitError: a package's engine does not load.
    """
    ENGINES.get(word.partition(":")[0])


def open_engine(word: str, slots: int) -> AbstractContextManager[Engine]:
    """The engine that a person named, to be entered; leaving it ends its work.

    Args:
        word: such as "local", or a name, a colon, and what that engine wants to know.
        slots: how many pieces it shall run at once.

    Raises:
        UsageError: there is no such engine.
    """
    check_engine(word)
    name, _, rest = word.partition(":")
    return ENGINES.get(name)(rest, slots)
