"""Shelves: a taken name is an error, an unknown one says the nearest, plug-ins join by entry point."""

from __future__ import annotations

import sys

import pytest

from podkit.errors import PodkitError, UsageError
from podkit.registry import Registry, did_you_mean


@pytest.fixture
def shelf() -> Registry[int]:
    made: Registry[int] = Registry(
        "preset", group="podkit.test_shelf", fits=lambda item: isinstance(item, int)
    )
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
    rules: Registry[object] = Registry(
        "rule", group="podkit.test_shelf", fits=lambda item: isinstance(item, int)
    )

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
    """A package that offers something under the shelf's group is on it, after podkit's own."""
    plug_in(site, "podkit_plug_good", "thing = 7\n", "opus = podkit_plug_good:thing")
    assert shelf.get("opus") == 7
    assert list(shelf) == ["mp3", "m4a", "opus"]
    assert not shelf.faults


def test_what_podkit_brings_is_found_without_asking_packages(shelf, site, monkeypatch):
    """Not one module of a package is imported for it."""
    monkeypatch.delitem(sys.modules, "podkit_plug_lazy", raising=False)
    plug_in(site, "podkit_plug_lazy", "thing = 7\n", "opus = podkit_plug_lazy:thing")
    assert shelf.get("mp3") == 1
    assert shelf.here() == (1, 2)
    assert "podkit_plug_lazy" not in sys.modules


def test_a_module_puts_its_own_things_there(site, monkeypatch):
    """The entry point leads to a module; importing it is all."""
    shelf: Registry[int] = Registry("rule", group="podkit.test_shelf", reserved="PK")
    monkeypatch.setattr(sys, "podkit_test_shelf", shelf, raising=False)
    body = (
        "import sys\nsys.podkit_test_shelf.add('XX001', 1)\nsys.podkit_test_shelf.add('XX002', 2)\n"
    )
    monkeypatch.delitem(sys.modules, "podkit_plug_module", raising=False)
    plug_in(site, "podkit_plug_module", body, "mine = podkit_plug_module")
    assert list(shelf) == ["XX001", "XX002"]


@pytest.mark.parametrize(
    ("body", "points", "told"),
    [
        ("raise RuntimeError('broken')\n", "x = podkit_plug_bad:thing", "does not load: broken"),
        ("", "x = podkit_plug_bad:thing", "nothing of that name"),
        ("thing = 1\n", "mp3 = podkit_plug_bad:thing", "two presets are called 'mp3'"),
        ("thing = 'text'\n", "x = podkit_plug_bad:thing", "is no preset called 'x'"),
        (
            "import sys\nsys.podkit_test_shelf.add('PK9', 1)\n",
            "x = podkit_plug_bad",
            "podkit's own",
        ),
        (
            "import sys\nsys.podkit_test_shelf.add('half', 1)\nraise RuntimeError('late')\n",
            "x = podkit_plug_bad",
            "does not load: late",
        ),
    ],
)
def test_a_bad_plug_in_is_told(site, monkeypatch, body, points, told):
    """One that fails puts nothing there, is named with its package, and hinders no other."""
    shelf: Registry[int] = Registry(
        "preset",
        group="podkit.test_shelf",
        fits=lambda item: isinstance(item, int),
        reserved="PK",
    )
    shelf.add("mp3", 1)
    monkeypatch.setattr(sys, "podkit_test_shelf", shelf, raising=False)
    monkeypatch.delitem(sys.modules, "podkit_plug_bad", raising=False)
    plug_in(site, "podkit_plug_bad", body, points)
    assert list(shelf) == ["mp3"]
    assert shelf.get("mp3") == 1
    with pytest.raises(PodkitError) as caught:
        shelf.check_plugins()
    assert told in caught.value.message
    assert "podkit_plug_bad 1.0" in caught.value.message
    assert "pip install -U podkit_plug_bad" in caught.value.hint
    name = points.partition(" ")[0]
    if name != "mp3":
        with pytest.raises(PodkitError, match="podkit_plug_bad"):
            shelf.get(name)
    sys.modules.pop("podkit_plug_bad", None)
