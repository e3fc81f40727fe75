"""One way to write a final file."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from house_tree import ROOT, module_name, shown, sources, tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Calls that create or change a file under whatever name they are given.
OF_OS = {"rename", "renames", "replace", "link", "symlink", "truncate", "mkfifo"}
OF_SHUTIL = {"copy", "copy2", "copyfile", "copyfileobj", "copytree", "move"}
METHODS = {"write_bytes", "write_text", "touch", "hardlink_to", "symlink_to", "link_to", "rename"}

# (module, function) that may, and why: the path it writes is not a final one.
ALLOWED = {
    ("cli/terminal.py", "prepare_streams"): "the null device, for a stream that was closed",
    ("cli/terminal.py", "drop_stdout"): "the null device, where nobody reads any more",
    ("media/aac_join.py", "_pour"): "a temporary file that is removed in the end",
    ("media/mp3_join.py", "_join"): "a temporary file that the caller puts in place",
    ("staging.py", "place"): "moves what is finished and synced, in one step",
    ("steps/assemble.py", "_swap"): "moves the finished public/ where there was none",
    ("steps/public_tree.py", "_to_trash"): "moves what is not ours out of public/ into the trash",
    (
        "steps/assemble.py",
        "_replace_one_by_one",
    ): "finished files, where two folders cannot be swapped",
    ("tags/chunks.py", "replace"): "a private copy that files.replacing puts in place",
    ("tags/places.py", "Place"): "a file in a private folder of the run",
    (
        "tags/handover.py",
        "_swap",
    ): "gives a finished and synced copy its name, where names cannot swap",
    ("tags/matroska_write.py", "_Plan"): "a private copy that files.replacing puts in place",
    ("tags/matroska_write.py", "_splice"): "a private copy that files.replacing puts in place",
    ("tags/mp4_boxes.py", "_put"): "a private copy that files.replacing puts in place",
    ("tags/mp4_private.py", "blank"): "a private copy that files.replacing puts in place",
    ("tags/tails.py", "Tails"): "a private copy that files.replacing puts in place",
    ("web/part.py", "Part"): "a .part file, gone on with later and put in place when whole",
}


def writes(call: ast.Call) -> bool:
    """Whether the call writes to a path."""
    target = call.func
    if isinstance(target, ast.Name):
        return target.id == "open" and _mode(call, 1) != "r"
    if not isinstance(target, ast.Attribute):
        return False
    owner = target.value.id if isinstance(target.value, ast.Name) else ""
    if owner in _OWNERS:
        return _OWNERS[owner](target.attr, call)
    if target.attr == "open":
        return _mode(call, 0) != "r"
    if target.attr == "replace":  # Path.replace has one argument, str.replace two
        return len(call.args) == 1 and not call.keywords
    return target.attr in METHODS


def _mode(call: ast.Call, position: int) -> str:
    given = [word.value for word in call.keywords if word.arg == "mode"] + call.args[position:]
    mode = given[0].value if given and isinstance(given[0], ast.Constant) else "r"
    return "w" if set(str(mode)) & set("wax+") else "r"


def _creates(call: ast.Call) -> bool:
    flags = {node.attr for node in ast.walk(call) if isinstance(node, ast.Attribute)}
    return bool(flags & {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"})


_OWNERS: dict[str, Callable[[str, ast.Call], bool]] = {
    "os": lambda name, call: name in OF_OS or (name == "open" and _creates(call)),
    "shutil": lambda name, _: name in OF_SHUTIL,
    "files": lambda *_: False,  # the one way
    "copying": lambda *_: False,  # never over a file that is there
    "av": lambda *_: False,  # opened for reading: encoding is done by the ffmpeg program
    "Image": lambda *_: False,
}


def calls(path: Path) -> list[tuple[str, ast.Call]]:
    """Every call of a module that writes, with the name of the outermost function around it."""
    found = []

    def walk(node: ast.AST, around: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call) and writes(child):
                found.append((around, child))
            named = isinstance(child, ast.FunctionDef | ast.ClassDef)
            walk(child, around or (child.name if named else ""))  # type: ignore[attr-defined]

    walk(tree(path), "")
    return found


@pytest.mark.parametrize("path", sources(), ids=module_name)
def test_final_files_are_written_by_files_alone(path: Path) -> None:
    """No module but files.py opens, renames or links a path for writing; copying.py makes new files."""
    if path.parent.name == "podkit" and path.name in {"files.py", "copying.py"}:
        return
    name = path.relative_to(ROOT / "podkit").as_posix()
    assert [
        f"{shown(path, call)} in {around}: {ast.unparse(call)}"
        for around, call in calls(path)
        if (name, around) not in ALLOWED
    ] == []


def test_the_search_finds_what_it_looks_for() -> None:
    """Every way to write that the search knows is found in a sample of them."""
    sample = [
        "open(p, 'w')", "open(p, mode='ab')", "p.open('xb')", "p.write_bytes(b'')", "p.write_text('')",
        "os.replace(a, b)", "os.rename(a, b)", "os.open(p, os.O_WRONLY)", "shutil.move(a, b)",
        "a.replace(b)", "a.rename(b)", "p.touch()", "os.link(a, b)", "shutil.copy2(a, b)",
    ]  # fmt: skip
    harmless = [
        "open(p)",
        "p.open()",
        "p.open('rb')",
        "s.replace('a', 'b')",
        "os.open(p, os.O_RDONLY)",
    ]
    for text in sample + harmless:
        call = ast.parse(text, mode="eval").body
        assert isinstance(call, ast.Call)
        assert writes(call) == (text in sample), text


def test_what_is_allowed_is_still_there() -> None:
    """Each exception names a function that still writes."""
    there = {
        (path.relative_to(ROOT / "podkit").as_posix(), around)
        for path in sources()
        for around, _ in calls(path)
    }
    assert set(ALLOWED) - there == set()
