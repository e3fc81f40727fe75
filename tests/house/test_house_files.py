"""The shape of the files themselves."""

from __future__ import annotations

import re
from collections import Counter

from house_tree import ROOT, shown, tracked

LONGEST = 350
"""Lines of one Python file."""

HEAVIEST = 1 << 20
"""Bytes of one tracked file."""

# Written in pieces, so that this file does not find itself.
MACHINE = re.compile(
    "|".join(["/" + "root/", "/" + "work/", "/" + "home/[a-z]", "/" + "Users/[a-z]"])
)
INDEX = re.compile(r"--(?:extra-)?" + r"index-url[ =]+\S")
ADDRESS = re.compile(r"https?://")


def texts() -> list[tuple[str, str]]:
    """Name and text of every tracked text file."""
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found.append((shown(path), content.decode("utf-8", "replace")))
    return found


def test_no_python_file_is_long() -> None:
    """A Python file stays under 350 lines."""
    lengths = {
        shown(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked()
        if path.suffix == ".py"
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}
    assert len(lengths) > 50, "the listing of files is broken"


def test_no_tracked_file_is_heavy() -> None:
    """No tracked file is over a mebibyte."""
    assert [shown(path) for path in tracked() if path.stat().st_size > HEAVIEST] == []


def test_no_path_of_a_machine() -> None:
    """No tracked file holds a path that exists on somebody's machine only."""
    assert [name for name, text in texts() if MACHINE.search(text)] == []


def test_lock_names_no_host() -> None:
    """The lock has a hash for every package and the address of none."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not ADDRESS.search(lock)
    packages = re.findall(r"^[a-z0-9][\w.-]*==", lock, re.MULTILINE)
    assert len(packages) > 30
    assert lock.count("--hash=sha256:") >= len(packages)
    assert [name for name, text in texts() if INDEX.search(text)] == []


def test_test_modules_have_names_of_their_own() -> None:
    """Two test modules never share a name, since pytest would import one for the other."""
    names = Counter(path.name for path in tracked() if path.name.startswith("test_"))
    assert [name for name, count in names.items() if count > 1] == []


def test_nothing_is_left_unfinished() -> None:
    """No module holds a note to finish it later."""
    left = re.compile(r"\b(?:TO" + "DO|FIX" + "ME|XX" + "X|NotImpl" + r"ementedError)\b")
    python = [(name, text) for name, text in texts() if name.endswith(".py")]
    assert [name for name, text in python if left.search(text)] == []
