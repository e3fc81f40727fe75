"""What goes wrong around ffmpeg ends in a clear error and with nothing left: no file, no child."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import media_sounds as sounds
import pytest

from podkit import child
from podkit.errors import Cancelled, DamagedMediaError, EncodeError, FileError, NotMediaError
from podkit.media import run, tools, verify
from podkit.media.encode import EncodeOrder, encode
from podkit.media.probe import probe
from podkit.presets.builtin import PRESETS

REAL = sounds.BUNDLED


@pytest.fixture(autouse=True)
def allowed():
    """Each test starts and ends with children allowed."""
    child.allow()
    yield
    child.allow()


def order(source, output, name="mp3") -> EncodeOrder:
    return EncodeOrder(source=source, probe=probe(source), preset=PRESETS.get(name), output=output)


@pytest.fixture
def fake(tmp_path):
    """An ffmpeg that is the real one but for what it does when it encodes.

    It encodes when `-y` is given and what it writes is no tape.
    """

    def made(when_encoding: str) -> tools.Tool:
        path = tmp_path / "fake-ffmpeg"
        path.write_text(
            f'#!/bin/bash\nfor a in "$@"; do if [ "$a" = -y ]; then\n'
            f'out="${{*: -2:1}}"; out="${{out#file:}}"\n'
            f'[[ "$out" == *.raw ]] && break\n{when_encoding}\nfi; done\n'
            f'exec "{REAL}" "$@"\n'
        )
        path.chmod(0o755)
        return tools.find_ffmpeg(str(path))

    return made


SHORT = '"{real}" -v error -f lavfi -i sine=d=2 -ac 2 -f mp3 -y "$out" < /dev/null; exit 0'


@pytest.mark.parametrize(
    ("script", "word"),
    [
        ("exit 0", "wrote nothing"),
        (': > "$out"; exit 0', "wrote nothing"),
        ('echo hello > "$out"; exit 0', "cannot be decoded"),
        (SHORT.format(real=REAL), "it has 2"),
        ('echo "[mp3 @ 0x1] [error] something odd" >&2; exit 1', "something odd"),
        ("kill -SEGV $$", "gave up"),
    ],
)
def test_an_ffmpeg_that_lies_is_not_believed(fake, speech, tmp_path, script, word):
    """Exit status 0 with no output, another output or a short one: an error, and nothing is left."""
    path = tmp_path / "out.mp3"
    with pytest.raises(EncodeError, match=word):
        encode(fake(script), order(speech, path))
    assert not path.exists()


def test_a_result_with_the_wrong_loudness_is_not_accepted(fake, speech, tmp_path):
    """An encoder that makes everything 10 dB quieter is found out, and nothing is left."""
    quieter = (
        'exec "{real}" -v error -f lavfi -i "sine=f=300:d=$D" -ac 2 -y -f mp3 "$out" </dev/null'
    )
    length = verify.decode(tools.find_ffmpeg(), speech).duration
    path = tmp_path / "out.mp3"
    with pytest.raises(EncodeError, match="LUFS"):
        encode(fake(f"D={length}\n" + quieter.format(real=REAL)), order(speech, path))
    assert not path.exists()


def test_a_flood_of_messages(fake, speech, tmp_path):
    """100 MB of messages neither block the encode nor change it."""
    flood = "head -c 100000000 /dev/zero | tr '\\0' 'x' | fold -w 200 >&2"
    made = encode(fake(flood), order(speech, tmp_path / "out.mp3"))
    assert made.decoded.errors == ()


def test_an_ffmpeg_that_stands_still_is_stopped(fake, speech, tmp_path, monkeypatch):
    """Without progress it is stopped, even when it ignores TERM and says its place again and again."""
    monkeypatch.setattr(run, "IDLE", 0.7)
    deaf = "trap '' TERM INT HUP; while true; do echo out_time_us=1000; sleep 0.1; done"
    path = tmp_path / "out.mp3"
    path.write_bytes(b"half")
    begun = time.monotonic()
    with pytest.raises(EncodeError, match="stood still"):
        encode(fake(deaf), order(speech, path))
    assert time.monotonic() - begun < 0.7 + child.GRACE + 20
    assert not path.exists()


@pytest.mark.parametrize("by", ["flag", "stop_all"])
def test_cancelling_ends_all_soon(fake, speech, tmp_path, by):
    """A cancel flag, or `stop_all` from a signal handler, ends deaf encodes in well under 5 s."""
    deaf = "trap '' TERM INT HUP; echo half > \"$out\"; while true; do sleep 0.1; done"
    tool, flag, path = fake(deaf), threading.Event(), tmp_path / "out.mp3"
    job = order(speech, path)
    stop = flag.set if by == "flag" else child.stop_all
    raised: list[BaseException] = []

    def work() -> None:
        try:
            encode(tool, job, cancel=flag)
        except Cancelled as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    until = time.monotonic() + 20
    while not path.exists() and time.monotonic() < until:
        time.sleep(0.05)
    begun = time.monotonic()
    stop()
    thread.join()
    assert time.monotonic() - begun < 20
    assert raised
    assert not path.exists()


def test_a_killed_parent_leaves_no_ffmpeg(speech, tmp_path):
    """`kill -9` in the middle of an encode ends ffmpeg with podkit."""
    long = tmp_path / "long.wav"
    sounds.make("-stream_loop", "300", "-i", speech, "-c:a", "pcm_s16le", long)
    output = tmp_path / "out.opus"
    code = f"""
from pathlib import Path
from podkit.media import tools
from podkit.media.encode import EncodeOrder, encode
from podkit.media.probe import probe
from podkit.presets.builtin import PRESETS
source = Path({str(long)!r})
encode(tools.find_ffmpeg(), EncodeOrder(source=source, probe=probe(source),
    preset=PRESETS.get("opus"), output=Path({str(output)!r})))
"""
    parent = subprocess.Popen([sys.executable, "-c", code])
    until = time.monotonic() + 60
    while not (output.exists() and output.stat().st_size) and time.monotonic() < until:
        time.sleep(0.01)  # the encode itself has begun, and goes on for long
    children = _children(parent.pid)
    parent.kill()
    parent.wait()
    assert children
    until = time.monotonic() + 30
    while any(map(_alive, children)) and time.monotonic() < until:
        time.sleep(0.02)
    assert not any(map(_alive, children))


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _alive(pid: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 100 kB; only root can make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    argv = ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(argv, check=False, capture_output=True).returncode:
        pytest.skip("needs root to mount a small tmpfs")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("name", ["mp3", "m4a", "opus", "flac", "copy", "original", "video-480p"])
@pytest.mark.parametrize(
    "binary", ["bundled", pytest.param("system", marks=pytest.mark.need("ffmpeg"))]
)
def test_a_full_disk(small_disk, speech, video, tmp_path, name, binary, monkeypatch):
    """A full disk, which ffmpeg may end with status 0, is said to be full, and nothing is left."""
    if binary == "system":
        monkeypatch.setenv(tools.VARIABLE, "ffmpeg")
    source = tmp_path / "x.wav"
    sounds.make("-stream_loop", "4", "-i", speech, "-c:a", "pcm_s16le", source)
    if name == "video-480p":
        source = tmp_path / "x.mp4"
        sounds.make("-i", video, "-vf", "noise=alls=40:allf=t", "-c:a", "copy", source)
    with pytest.raises(FileError, match=r"full|No space") as caught:
        encode(tools.find_ffmpeg(), order(source, small_disk / "out", name))
    assert "free some space" in caught.value.hint
    assert list(small_disk.iterdir()) == []


@pytest.mark.parametrize("free", range(0, 100, 12))
def test_a_disk_that_fills_at_any_point(small_disk, speech, tool, free):
    """However much room is left: a whole verified file, or a clear error and nothing."""
    (small_disk / "ballast").write_bytes(b"x" * (1024 * (96 - free)))
    path = small_disk / "out.mp3"
    with contextlib.suppress(FileError):
        made = encode(tool, order(speech, path, "mp3-mono"))
        assert made.decoded.duration == pytest.approx(made.source.duration, abs=0.05)
        return
    assert not path.exists()


@pytest.mark.need("strace")
def test_a_read_error_is_an_error(speech, tmp_path):
    """EIO while the source is read fails the job, though ffmpeg would end with status 0."""
    wrapper = tmp_path / "ffmpeg"
    wrapper.write_text(
        f'#!/bin/sh\ncase "$*" in *" -i "*) exec strace -f -o /dev/null -P "{tmp_path}/x.flac" '
        f'-e inject=read:error=EIO:when=5+ "{REAL}" "$@";; esac\nexec "{REAL}" "$@"\n'
    )
    wrapper.chmod(0o755)
    source = tmp_path / "x.flac"
    sounds.make(
        "-stream_loop", "4", "-i", speech, "-c:a", "flac", "-compression_level", "0", source
    )
    job = order(source, tmp_path / "out.mp3")
    with pytest.raises((FileError, DamagedMediaError)):
        encode(tools.find_ffmpeg(str(wrapper)), job)
    assert not (tmp_path / "out.mp3").exists()


def test_a_source_that_disappears(speech, tmp_path, tool):
    """A source that is gone, or became a pipe, is refused at once."""
    source = tmp_path / "x.wav"
    shutil.copyfile(speech, source)
    job = order(source, tmp_path / "out.mp3")
    source.unlink()
    with pytest.raises(FileError):
        encode(tool, job)
    os.mkfifo(source)
    begun = time.monotonic()
    with pytest.raises(FileError, match="named pipe"):
        encode(tool, job)
    assert time.monotonic() - begun < 10


def test_a_source_that_became_a_playlist(containers, tmp_path, tool):
    """A source exchanged for a playlist after its probe is refused; no other file is read."""
    source = tmp_path / "x.mp3"
    shutil.copyfile(containers["mp3"], source)
    job = order(source, tmp_path / "out.mp3")
    source.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:6,\n{containers['mp3']}\n")
    with pytest.raises(NotMediaError, match="HLS playlist"):
        encode(tool, job)


def test_no_ffmpeg_and_no_ffprobe_on_path(speech, tmp_path, monkeypatch):
    """With an empty PATH and an empty HOME the bundled ffmpeg does everything."""
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    monkeypatch.delenv(tools.VARIABLE, raising=False)
    tool = tools.find_ffmpeg()
    assert tool.origin == "bundled"
    for name in ("mp3", "m4a", "opus", "copy"):
        assert encode(tool, order(speech, tmp_path / "out", name)).decoded.duration > 1


def test_odd_names_are_encoded(containers, tmp_path, tool):
    """Odd names of source and output are names, not options, patterns or addresses."""
    for number, name in enumerate(
        (
            "-x.mp3",
            "a:b.mp3",
            "http:x.mp3",
            "n\nl.mp3",
            "%d.mp3",
            "bad\udcff.mp3",
            "x" * 251 + ".mp3",
        )
    ):
        folder = tmp_path / f"folder{number}"
        folder.mkdir()
        source = folder / os.fsdecode(os.fsencode(name))
        shutil.copyfile(containers["mp3"], source)
        output = folder / os.fsdecode(os.fsencode("-" + name[1:-3] + "opus"))[-200:]
        encode(tool, order(source, output, "opus"))
        assert sorted(folder.iterdir()) == sorted([source, output])
