"""ffmpeg and the probe's worker see the file they are asked about, and no other."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from podkit import child, sandbox
from podkit.errors import FileError
from podkit.media import run, tools
from podkit.media.sniff import DECODERS
from podkit.media.worker import Worker

KEPT = bool(sandbox.version())


@pytest.fixture(params=["bundled", pytest.param("ffmpeg", marks=pytest.mark.need("ffmpeg"))])
def any_tool(request, tool):
    """The bundled ffmpeg and the system's."""
    return tool if request.param == "bundled" else tools.find_ffmpeg(shutil.which("ffmpeg"))


def seconds(tool, path, *, reads=None) -> float:
    arguments = ("-i", f"file:{path}", "-f", "null", "-")
    return run.ffmpeg(tool, arguments, where=path, reads=reads).seconds


def test_only_the_named_input_is_read(any_tool, containers):
    """An input that is not among those allowed cannot be opened; the one of the command can."""
    assert any_tool.fenced
    assert seconds(any_tool, containers["mp3"]) > 1
    assert (seconds(any_tool, containers["mp3"], reads=()) > 1) is not KEPT


def test_only_the_named_output_is_written(any_tool, containers, tmp_path):
    """Besides its output it writes nothing, whatever the command says."""
    one, other = tmp_path / "one.wav", tmp_path / "other.wav"
    arguments = ("-i", f"file:{containers['mp3']}", "-y", f"file:{one}", f"file:{other}")
    run.ffmpeg(any_tool, arguments, where=one, writes=(one,))
    assert other.exists() is not KEPT
    run.ffmpeg(any_tool, arguments, where=one)
    assert one.stat().st_size == other.stat().st_size


def test_an_output_that_was_not_written_is_not_there(any_tool, tmp_path, speech):
    """The empty file that stands for an output is gone when nothing came into it."""
    path = tmp_path / "x.wav"
    run.ffmpeg(any_tool, ("-i", "file:nothing.wav", "-y", f"file:{path}"), where=path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FileError, match="cannot write"):
        run.ffmpeg(any_tool, ("-i", f"file:{speech}", f"file:{path}/y.wav"), where=path)


def test_inputs_and_outputs_of_a_command():
    """Names are found behind `file:` and in parts of files, and values that look alike are none."""
    reads, writes = run.named(
        [
            "-i",
            "file:a.wav",
            "-i",
            "subfile,,start,0,end,9,,:b.raw",
            "-metadata",
            "t=file:c",
            "file:d.mp3",
            "-f",
            "null",
            "-",
        ]
    )
    assert reads == (Path("a.wav"), Path("b.raw"))
    assert writes == (Path("d.mp3"),)


SPY = """
import json, os
from podkit.media.worker import questions
print('{"ready": true}', flush=True)
for line, descriptor in questions():
    with os.fdopen(descriptor, "rb") as stream:
        size = len(stream.read())
    try:
        open(json.loads(line)["other"]).close()
        other = True
    except PermissionError:
        other = False
    print(json.dumps({"size": size, "other": other}), flush=True)
"""


def test_a_worker_reads_what_it_is_handed(tmp_path, monkeypatch):
    """A worker reads the open file that comes with a question and can open none by its name."""
    room = tmp_path / "room"
    room.mkdir()
    (room / "podkit_test_spy.py").write_text(SPY)
    secret = tmp_path / "secret"
    secret.write_text("secret")
    monkeypatch.syspath_prepend(str(room))
    fence = sandbox.installation(("av", "podkit"))
    installation = replace(fence, reads=(*fence.reads, room))
    monkeypatch.setattr(sandbox, "installation", lambda *_: installation)
    with (
        Worker("podkit_test_spy", limits=child.Limits(deadline=20.0)) as spy,
        secret.open("rb") as stream,
    ):
        for _ in range(3):
            stream.seek(0)
            answer = spy.ask({"other": str(secret)}, file=stream)
            assert answer == {"size": 6, "other": not KEPT}


def test_the_probe_stays_inside(containers):
    """The probe's own worker starts inside its fence: nothing of it lies in an odd place."""
    with (
        Worker("podkit.media.probe_worker", limits=child.Limits(deadline=60.0)) as probing,
        containers["mp3"].open("rb") as stream,
    ):
        answer = probing.ask({"demuxer": "mp3", "decoders": DECODERS}, file=stream)
        assert answer["audio"]
        assert probing._limits.fence is not None


def test_a_program_that_cannot_start_inside_is_used_without(tmp_path, tool):
    """A wrapper whose parts lie where no fence opens is run as it is, and known to be."""
    hidden = tmp_path / "hidden"
    hidden.write_text(f'#!/bin/sh\nexec "{tool.path}" "$@"\n')
    wrapper = tmp_path / "ffmpeg"
    wrapper.write_text(f'#!/bin/sh\nexec "{hidden}" "$@"\n')
    for script in (hidden, wrapper):
        script.chmod(0o755)
    assert tools.find_ffmpeg(str(wrapper)).fenced is not KEPT


def test_whether_the_fence_holds_can_be_asked(any_tool, containers):
    """The question behind `podkit doctor`'s line: a file that nobody named stays hidden."""
    assert tools.is_kept_in(any_tool, containers["mp3"]) is KEPT
    assert not tools.is_kept_in(replace(any_tool, fenced=False), containers["mp3"])
