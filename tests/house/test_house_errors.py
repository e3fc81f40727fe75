"""The error tree and its exit codes."""

from __future__ import annotations

import pickle

import pytest

from podkit import errors
from podkit.errors import Cancelled, PodkitError

EXIT_CODES = {
    "PodkitError": 1,
    "UsageError": 2,
    "FindingsError": 3,
    "PartlyDoneError": 4,
    "TryAgainError": 75,
    "LockedError": 75,
}
"""As docs promise; every other class ends with 1."""


def family(root: type[PodkitError]) -> list[type[PodkitError]]:
    """The class and all that come from it."""
    return [root, *(kind for child in root.__subclasses__() for kind in family(child))]


TREE = sorted(
    {kind for kind in family(PodkitError) if kind.__module__ == "podkit.errors"},
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", TREE, ids=lambda kind: kind.__name__)
def test_drawn_in_the_docstring(kind: type[PodkitError]) -> None:
    """The tree drawn in the docstring names every class, and its code where it has one."""
    lines = [
        line for line in (errors.__doc__ or "").splitlines() if f"{kind.__name__} " in line + " "
    ]
    assert lines, f"{kind.__name__} is not drawn"
    code = EXIT_CODES.get(kind.__name__, 1)
    if kind is not Cancelled:
        assert kind.exit_code == code
        assert f" {code} " in f"{lines[0]} " or kind.__name__ == "LockedError"


@pytest.mark.parametrize("kind", [k for k in TREE if k is not Cancelled], ids=lambda k: k.__name__)
def test_travels_between_processes(kind: type[PodkitError]) -> None:
    """An error raised in a child arrives whole: class, message, where and hint."""
    made = kind("it ends early", where="a.mp3", hint="try again")
    arrived = pickle.loads(pickle.dumps(made))  # noqa: S301 (our own bytes)
    assert type(arrived) is kind
    assert (arrived.message, arrived.where, arrived.hint) == ("it ends early", "a.mp3", "try again")


def test_a_signal_is_kept() -> None:
    """What was stopped by a signal still knows by which one in another process."""
    arrived = pickle.loads(pickle.dumps(Cancelled(signal_number=15)))  # noqa: S301 (our own bytes)
    assert arrived.signal_number == 15


def test_no_error_of_ours_outside_the_tree() -> None:
    """No module makes an exception class outside the tree, private control flow aside."""
    strangers = [kind for kind in family(PodkitError) if not kind.__module__.startswith("podkit")]
    assert strangers == []
