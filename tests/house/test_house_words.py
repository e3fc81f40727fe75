"""Names and docstrings."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest
from house_tree import module_name, shown, sources, tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EMPTY_WORDS = {"data", "info", "manager", "handler", "helper", "helpers", "utils", "misc", "common"}

# Names that somebody else gave, and that must be used.
GIVEN = {
    "get_extra_info": "a method of httpcore's streams",
    "MediaInfo": "the word of the contract for what a probe finds",
    "_handler": "the MP4 standard's word for what a track holds",
    "handle_data": "html.parser calls it so",
}


def definitions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """Every function and class of a module, however deep."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node


def words(name: str) -> set[str]:
    """The words of a name in snake_case or CamelCase, in lower case."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}


def public(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    """What others may use: no underscore, at the top of a module or of a public class."""
    wanted = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    for node in tree(path).body:
        if not isinstance(node, wanted) or node.name.startswith("_"):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, wanted) and not inner.name.startswith("_"):
                    yield inner


@pytest.mark.parametrize("path", sources(), ids=module_name)
def test_what_is_public_says_what_it_does(path: Path) -> None:
    """Every module, public class, function and method has a docstring."""
    assert ast.get_docstring(tree(path)), f"{shown(path)} says nothing"
    assert [shown(path, node) for node in public(path) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("path", sources(), ids=module_name)
def test_names_say_something(path: Path) -> None:
    """No module, class, function or parameter is named with a word that says nothing."""
    named = [(shown(path), path.stem)]
    for node in definitions(path):
        named.append((shown(path, node), node.name))
        if not isinstance(node, ast.ClassDef) and node.name not in GIVEN:
            rules = node.args
            named += [
                (shown(path, argument), argument.arg)
                for argument in (*rules.posonlyargs, *rules.args, *rules.kwonlyargs)
            ]
    assert [
        (where, name) for where, name in named if words(name) & EMPTY_WORDS and name not in GIVEN
    ] == []
