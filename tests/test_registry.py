"""Shelves: a taken name is an error, an unknown one says the nearest, plug-ins join by entry point."""

from __future__ import annotations

import sys

import pytest

from podkit.errors import PodkitError, UsageError
from podkit.registry import Registry, did_you_mean


@pytest.fixture
def shelf() -> Registry[int]:
    made: Registry[int] = Registry("preset", group="podkit.test_shelf")
    made.add("mp3", 1)
    made.add("m4a", 2)
    return made


def test_things_are_found_by_name(shelf):
    """In the order in which they were put there."""
    assert shelf.get("mp3") == 1
    assert list(shelf) == ["mp3", "m4a"]
    assert list(shelf.items()) == [("mp3", 1), ("m4a", 2)]
    assert list(shelf.values()) == [1, 2]
    assert "mp3" in shelf
    assert len(shelf) == 2


def test_a_decorator_registers_and_gives_back():
    """What is decorated stays what it was."""
    rules: Registry[object] = Registry("rule", group="podkit.test_shelf")

    @rules.register("PK001")
    def rule() -> str:
        return "found"

    assert rule() == "found"
    assert rules.get("PK001") is rule


def test_a_taken_name_is_an_error(shelf):
    """The first stays."""
    with pytest.raises(PodkitError, match="two presets are called 'mp3'"):
        shelf.add("mp3", 3)
    assert shelf.get("mp3") == 1


def test_an_unknown_name_is_a_usage_error(shelf):
    """With the nearest one, or all of them."""
    with pytest.raises(UsageError) as caught:
        shelf.get("mp4")
    assert caught.value.hint == "did you mean 'mp3'?"
    with pytest.raises(UsageError) as caught:
        shelf.get("zzz")
    assert caught.value.hint == "known: m4a, mp3"


def test_did_you_mean_of_nothing():
    """An empty shelf says so."""
    assert did_you_mean("x", []) == "there are none"


def plug_in(folder, name: str, body: str, points: str) -> None:
    """An installed package in a folder, with entry points."""
    (folder / f"{name}.py").write_text(body)
    meta = folder / f"{name}-1.0.dist-info"
    meta.mkdir()
    (meta / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (meta / "entry_points.txt").write_text(f"[podkit.test_shelf]\n{points}\n")


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    return tmp_path


def test_plug_ins_join_by_entry_point(shelf, site):
    """A package that offers something under the shelf's group is on it."""
    plug_in(site, "podkit_plug_good", "thing = 7\n", "opus = podkit_plug_good:thing")
    shelf.load_plugins()
    assert shelf.get("opus") == 7


@pytest.mark.parametrize(
    ("body", "points"),
    [
        ("raise RuntimeError('broken')\n", "x = podkit_plug_bad:thing"),
        ("", "x = podkit_plug_bad:thing"),
        ("thing = 1\n", "mp3 = podkit_plug_bad:thing"),
    ],
)
def test_a_bad_plug_in_is_told(shelf, site, monkeypatch, body, points):
    """One that does not import, lacks its object, or takes a name: a PodkitError, no traceback."""
    monkeypatch.delitem(sys.modules, "podkit_plug_bad", raising=False)
    plug_in(site, "podkit_plug_bad", body, points)
    with pytest.raises(PodkitError):
        shelf.load_plugins()
    sys.modules.pop("podkit_plug_bad", None)
