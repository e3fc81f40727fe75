"""ffmpeg: found in order, refused when it is too old, deaf, no ffmpeg at all or lacks a part."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from podkit.errors import ToolError
from podkit.media import tools
from podkit.presets.builtin import PRESETS


def stub(path: Path, script: str) -> Path:
    """A program that pretends to be ffmpeg."""
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("n7.1", (7, 1)),
        ("7.0.2-static", (7, 0, 2)),
        ("5.1.9-0+deb12u1", (5, 1, 9)),
        ("n9.0.2-17-g2a571b6068-20260930", (9, 0, 2)),
        ("N-12345-gabcdef", ()),
        ("git-2026-01-01-abc", ()),
    ],
)
def test_versions_are_understood(version, numbers):
    """Releases, static and distribution builds have numbers; development builds have none."""
    assert tools.version_numbers(version) == numbers


def test_the_order_of_looking(tmp_path, monkeypatch):
    """The environment comes first, then the configuration, then what is in the wheel, then PATH."""
    one = stub(tmp_path / "one", "echo ffmpeg version 6.0")
    two = stub(tmp_path / "ffmpeg", "echo ffmpeg version 7.0")
    monkeypatch.delenv(tools.VARIABLE, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert tools.find_ffmpeg().origin == "bundled"
    assert tools.find_ffmpeg(str(two)).origin == "configuration"
    assert tools.find_ffmpeg("ffmpeg").version == "7.0"
    monkeypatch.setenv(tools.VARIABLE, str(one))
    assert tools.find_ffmpeg(str(two)).version == "6.0"
    monkeypatch.delenv(tools.VARIABLE)
    monkeypatch.setattr(tools, "_bundled", lambda: None)
    assert tools.find_ffmpeg().origin == "path"
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ToolError, match="no ffmpeg") as caught:
        tools.find_ffmpeg()
    assert tools.VARIABLE in caught.value.hint


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("echo ffmpeg version 3.4.8", "too old: 3.4.8"),
        ("echo ffmpeg version n5.0", "too old"),
        ("echo hello", "not ffmpeg"),
        ("exit 3", "does not answer"),
        ("kill -9 $$", "does not answer"),
    ],
)
def test_what_is_no_usable_ffmpeg_is_refused(tmp_path, script, word):
    """A named ffmpeg that cannot do is refused with its reason, never passed over."""
    with pytest.raises(ToolError, match=word) as caught:
        tools.find_ffmpeg(str(stub(tmp_path / "ffmpeg", script)))
    assert caught.value.where == str(tmp_path / "ffmpeg")


def test_a_missing_encoder_is_said_before_any_work(tmp_path):
    """Without libmp3lame the preset mp3 is refused, while m4a goes on."""
    filters = "".join(
        f"echo ' T. {name} A->A x'\n" for name in (*tools._FILTERS, *tools._PICTURE_FILTERS)
    )
    script = (
        'case "$2" in\n-version) echo ffmpeg version 7.1;;\n'
        f"-encoders) echo ' A....D aac AAC';;\n-filters) {filters};;\nesac"
    )
    tool = tools.find_ffmpeg(str(stub(tmp_path / "ffmpeg", script)))
    tools.check(tool, PRESETS.get("m4a"))
    tools.check(tool, PRESETS.get("copy"))
    with pytest.raises(ToolError, match=r"without libmp3lame, which the preset 'mp3' needs"):
        tools.check(tool, PRESETS.get("mp3"))


def test_an_exchanged_binary_is_asked_again(tmp_path):
    """What a binary said is remembered until it changes."""
    path = stub(tmp_path / "ffmpeg", "echo ffmpeg version 6.0; echo x >> " + str(tmp_path / "log"))
    for _ in range(3):
        assert tools.find_ffmpeg(str(path)).version == "6.0"
    assert (tmp_path / "log").read_text() == "x\n"
    stub(path, "echo ffmpeg version 6.1")
    os.utime(path, ns=(time.time_ns(), time.time_ns() + 1000))
    assert tools.find_ffmpeg(str(path)).version == "6.1"


@pytest.mark.parametrize("name", list(PRESETS))
def test_the_bundled_ffmpeg_can_do_every_preset(tool, name):
    """Nothing but the wheel is needed for any built-in preset."""
    tools.check(tool, PRESETS.get(name))


@pytest.mark.need("ffmpeg")
@pytest.mark.parametrize("name", list(PRESETS))
def test_the_systems_ffmpeg_can_do_every_preset(name, monkeypatch):
    """The distribution's ffmpeg does as well."""
    monkeypatch.delenv(tools.VARIABLE, raising=False)
    tools.check(tools.find_ffmpeg("ffmpeg"), PRESETS.get(name))
