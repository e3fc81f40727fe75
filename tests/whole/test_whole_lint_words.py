"""A word of [lint] that means nothing is told with the file and the key it stands in."""

from __future__ import annotations

import json

import pytest
from whole_runs import complaint, make_show, podkit


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """A show without episodes."""
    root = tmp_path_factory.mktemp("words")
    return make_show(root / "show", "--publish-url", "file:../out")


@pytest.mark.parametrize(
    ("table", "key", "said", "hint"),
    [
        ('[lint]\nignore = ["PK208", "PK2O8"]\n', "lint.ignore", "unknown rule 'PK2O8'", "PK218"),
        ('[lint.severity]\nPK2O8 = "info"\n', "lint.severity", "unknown rule 'PK2O8'", "PK218"),
        (
            '[lint.severity]\nPK208 = "eror"\n',
            "lint.severity",
            "unknown severity 'eror' for PK208",
            "error",
        ),
    ],
)
def test_the_file_and_the_key_are_named(show, table, key, said, hint):
    """Exit 2, whoever asks the rules: lint, lint --fix, and publish."""
    path = show / "podkit.toml"
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{table}", encoding="utf-8")
    try:
        for words in (("lint",), ("lint", "--fix"), ("publish",)):
            told = complaint("-C", show, *words, code=2)
            assert f"podkit.toml, {key}: {said}" in told
            assert f"did you mean {hint!r}" in told
        error = json.loads(complaint("-C", show, "lint", "--json", code=2))["error"]
        assert error["where"] == f"podkit.toml, {key}"
    finally:
        path.write_text(before, encoding="utf-8")


def test_a_word_that_was_typed_names_no_file(show):
    """What stands on the command line is nobody's file."""
    told = complaint("-C", show, "lint", "--ignore", "PK2O8", code=2)
    assert told.startswith("Error: unknown rule 'PK2O8'")
    assert "podkit.toml" not in told
    podkit("-C", show, "lint", "--ignore", "PK2", code=None)
