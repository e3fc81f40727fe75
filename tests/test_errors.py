"""The error tree: one root, exit codes as documented, whole when it crosses a process."""

from __future__ import annotations

import pickle
import re

import pytest

from podkit import errors
from podkit.errors import Cancelled, PodkitError, UsageError


def tree() -> list[type[PodkitError]]:
    found = [PodkitError]
    for kind in found:
        found += [k for k in kind.__subclasses__() if k.__module__ == "podkit.errors"]
    return found


def test_the_docstring_draws_every_class_with_its_code():
    """Name, depth and exit code in the module's docstring are those of the classes."""
    drawn = re.findall(r"^([│├└─ ]*)(\w+) +(\d+)\b", errors.__doc__, re.MULTILINE)
    told = {name: (len(indent) // 4, int(code)) for indent, name, code in drawn}
    for kind in tree():
        depth = [k.__name__ for k in kind.__mro__].index("PodkitError")
        if kind is Cancelled:
            assert told["Cancelled"][1] == 128 + Cancelled().signal_number
        else:
            assert told[kind.__name__] == (depth, kind.exit_code)
    assert set(told) == {kind.__name__ for kind in tree()}


@pytest.mark.parametrize("kind", [k for k in tree() if k is not Cancelled])
def test_errors_cross_processes_whole(kind):
    """Pickled and back: class, message, where and hint are the same."""
    error = pickle.loads(pickle.dumps(kind("failed", where="a.wav", hint="try again")))  # noqa: S301 (our own)
    assert type(error) is kind
    assert (error.message, error.where, error.hint) == ("failed", "a.wav", "try again")
    assert str(error) == "failed"


def test_a_signal_crosses_processes():
    """Cancelled keeps its number."""
    assert pickle.loads(pickle.dumps(Cancelled(signal_number=15))).signal_number == 15  # noqa: S301 (our own)


def test_where_is_text():
    """Paths and episodes are told as text."""
    assert UsageError("x", where=12).where == "12"
    assert UsageError("x").where is None
