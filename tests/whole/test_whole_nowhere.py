"""A show that does not say where it lies on the web: every command says what to write, and where."""

from __future__ import annotations

import shutil

import pytest
from whole_runs import answer, complaint, podkit, tone, tree

WORDS = (
    "podkit.toml",
    "no address",
    'write below [site] in podkit.toml: url = "https://podcast.example/talks/"',
)


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """A show made without --link, with one episode."""
    root = tmp_path_factory.mktemp("nowhere")
    folder = root / "show"
    podkit("init", folder, "--no-input", "--title", "Talks")
    answer("-C", folder, "add", tone(root / "first.wav"), "--published", "2026-11-01")
    return folder


@pytest.mark.parametrize("words", [("build",), ("feed", "-o", "-"), ("publish", "file:out")])
def test_what_to_write_is_told(show, words):
    """The file, the table, the line; and nothing was made, encoded or sent."""
    said = complaint("-C", show, *words)
    assert [one for one in WORDS if one not in said] == []
    made = ("public/", "out/", ".podkit/media", "episodes/first/renditions.toml")
    assert [name for name in tree(show) if name.startswith(made)] == []


def test_lint_and_status_go_on(show):
    """What else there is to say of the show is said, and PK210 has the line to write."""
    found = answer("-C", show, "lint", code=3)["findings"]
    (missing,) = [one for one in found if one["code"] == "PK210"]
    assert missing["hint"] == 'write below [site] in podkit.toml: url = "https://…"'
    assert not [one for one in found if "podcast.invalid" in one["message"]]
    assert answer("-C", show, "status")["errors"] >= 1


def test_one_line_mends_it(show, tmp_path):
    """The line that the hint names, written where it says, is all that was missing."""
    folder = tmp_path / "show"
    shutil.copytree(show, folder)
    record = folder / "podkit.toml"
    text = record.read_text(encoding="utf-8")
    line = 'url = "https://podcast.example/talks/"'
    record.write_text(text.replace("[site]", f"[site]\n{line}"), encoding="utf-8")
    assert answer("-C", folder, "build")["feeds"][0]["items"] == 1
    feed = (folder / "public/feed.xml").read_text(encoding="utf-8")
    assert 'url="https://podcast.example/talks/media/' in feed
