"""Final files are whole or untouched, durable, and as readable as they should be."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit import copying, files
from podkit.errors import FileError

ROOT = Path(__file__).parents[1]


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


class Stop(Exception):  # noqa: N818 (it is no error: it stands for anything that may happen)
    """Whatever may happen inside a block."""


def test_a_new_file_is_written(tmp_path):
    """The bytes, the name, and nothing else in the folder."""
    files.write(tmp_path / "feed.xml", b"new")
    assert (tmp_path / "feed.xml").read_bytes() == b"new"
    assert names(tmp_path) == ["feed.xml"]


@pytest.mark.parametrize("error", [Stop, KeyboardInterrupt, SystemExit])
def test_an_exception_inside_leaves_the_old_file(tmp_path, error):
    """Whatever comes out of the block: the old bytes, no temporary file, the same exception."""
    path = tmp_path / "feed.xml"
    path.write_bytes(b"old")

    def half() -> None:
        with files.replacing(path) as temporary:
            temporary.write_bytes(b"ne")
            raise error

    with pytest.raises(error):
        half()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["feed.xml"]


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_failing_call_leaves_the_old_file(tmp_path, monkeypatch, call, code):
    """A failing fsync is a failing write; the error names the path and says what to do."""
    path = tmp_path / "feed.xml"
    path.write_bytes(b"old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(files.os, call, fail)
    with pytest.raises(FileError, match=os.strerror(code)) as caught:
        files.write(path, b"new")
    monkeypatch.undo()
    assert caught.value.where == str(path)
    assert bool(caught.value.hint) == (code != errno.EIO)
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["feed.xml"]


def test_a_block_that_writes_nothing_is_an_error(tmp_path):
    """No temporary file, no final one."""
    path = tmp_path / "feed.xml"
    path.write_bytes(b"old")
    with pytest.raises(FileError), files.replacing(path):
        pass
    assert path.read_bytes() == b"old"


def test_a_missing_folder_is_an_error(tmp_path):
    """Folders are made by those who know that they should be there."""
    with pytest.raises(FileError, match="No such file"):
        files.write(tmp_path / "none" / "feed.xml", b"new")


@pytest.mark.parametrize(("mask", "mode"), [(0, 0o666), (0o022, 0o644), (0o077, 0o600)])
def test_new_files_follow_the_umask(tmp_path, mask, mode):
    """0644 under the usual umask, never mkstemp's 0600 (P13)."""
    before = os.umask(mask)
    try:
        files.write(tmp_path / "feed.xml", b"new")
        assert os.umask(mask) == mask
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "feed.xml").stat().st_mode) == mode


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o444])
def test_replaced_files_keep_their_mode(tmp_path, mode):
    """Whatever the umask (P13)."""
    path = tmp_path / "feed.xml"
    path.write_bytes(b"old")
    path.chmod(mode)
    before = os.umask(0o077)
    try:
        files.write(path, b"new")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_mode_may_be_given(tmp_path):
    """And wins over both."""
    files.write(tmp_path / "secret", b"x", mode=0o600)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_link_is_replaced_not_followed(tmp_path):
    """What it pointed to stays as it is."""
    (tmp_path / "theirs").write_bytes(b"theirs")
    (tmp_path / "ours").symlink_to("theirs")
    files.write(tmp_path / "ours", b"new")
    assert (tmp_path / "theirs").read_bytes() == b"theirs"
    assert (tmp_path / "ours").read_bytes() == b"new"
    assert not (tmp_path / "ours").is_symlink()


def test_hard_links_are_cut(tmp_path):
    """Another name of the old file keeps the old bytes."""
    (tmp_path / "one").write_bytes(b"old")
    os.link(tmp_path / "one", tmp_path / "other")
    files.write(tmp_path / "one", b"new")
    assert (tmp_path / "other").read_bytes() == b"old"


@pytest.mark.parametrize("name", ["x" * 251 + ".mp3", "я" * 127, "-x.mp3", "a\nb.mp3", "%d.mp3"])
def test_odd_names_are_written(tmp_path, name):
    """Up to the 255 bytes that a file system has room for."""
    files.write(tmp_path / name, b"x")
    assert names(tmp_path) == [name]


def test_temporary_names_are_short_and_keep_the_suffix(tmp_path):
    """Ffmpeg knows the format by the suffix, and a long one would not fit."""
    assert files.temporary_beside(tmp_path / ("x" * 251 + ".mp3")).suffix == ".mp3"
    for name in ("a.mp3", "a." + "x" * 250, "a", "a.tar.gz"):
        temporary = files.temporary_beside(tmp_path / name)
        assert len(os.fsencode(temporary.name)) < 40
        assert temporary.parent == tmp_path
        assert files.is_temporary_name(temporary.name)


WRITER = (
    "import sys; from pathlib import Path; from podkit import files\n"
    "path, n = Path(sys.argv[1]), 0\n"
    "print('ready', flush=True)\n"
    "while True:\n"
    "    n = (n + 1) % 256\n"
    "    files.write(path, bytes([n]) * 200_000)\n"
)


@pytest.mark.fault
def test_a_killed_writer_leaves_a_whole_file(tmp_path):
    """Thirty kills at random moments: always whole, and the leftovers are swept (D01, D14)."""
    rng = random.Random(1)
    path = tmp_path / "feed.xml"
    path.write_bytes(b"\0" * 200_000)
    for _ in range(30):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, cwd=ROOT
        )
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(rng.uniform(0, 0.03))
        writer.kill()
        writer.wait()
        content = path.read_bytes()
        assert len(content) == 200_000
        assert len(set(content)) == 1
    files.sweep(tmp_path)
    assert names(tmp_path) == ["feed.xml"]


def test_readers_never_see_half_a_file(tmp_path):
    """While one process replaces the file, another reads it whole a thousand times (D13)."""
    path = tmp_path / "feed.xml"
    path.write_bytes(b"\0" * 200_000)
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, cwd=ROOT
    )
    try:
        assert writer.stdout.readline() == b"ready\n"
        for _ in range(1000):
            content = path.read_bytes()
            assert len(content) == 200_000
            assert content.count(content[:1]) == 200_000
    finally:
        writer.kill()
        writer.wait()


def test_sweeping_takes_only_what_is_ours(tmp_path):
    """Files and folders of podkit's own temporary names go; foreign ones stay (D14)."""
    ours = [".podkit-0a1b2c3d", ".podkit-ffffffff.mp3", ".podkit-00000000.tar.gz"]
    theirs = [
        ".podkit",
        ".podkit-0a1b2c3",
        ".podkit-0a1b2c3d4",
        ".podkit-xxxxxxxx",
        "podkit-0a1b2c3d",
    ]
    theirs += ["file.tmp", ".podkit-notes.txt", ".podkit-0A1B2C3D", "x.podkit-0a1b2c3d", "~lock"]
    for name in (*ours, *theirs):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ".podkit-aaaaaaaa" / "deep").mkdir(parents=True)
    assert sorted(p.name for p in files.sweep(tmp_path)) == sorted([*ours, ".podkit-aaaaaaaa"])
    assert names(tmp_path) == sorted(theirs)
    assert files.sweep(tmp_path / "none") == []


def test_sweeping_does_not_follow_links(tmp_path):
    """A link with a temporary name goes; what it points to stays."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "file").write_bytes(b"x")
    (tmp_path / ".podkit-0a1b2c3d").symlink_to("theirs")
    files.sweep(tmp_path)
    assert names(tmp_path) == ["theirs"]
    assert names(tmp_path / "theirs") == ["file"]


@given(st.binary(max_size=3000))
def test_copies_are_the_same_bytes(tmp_path_factory, content):
    """And the hash that comes back is theirs."""
    folder = tmp_path_factory.mktemp("copy")
    (folder / "a").write_bytes(content)
    expected = hashlib.sha256(content).hexdigest()
    assert copying.copy(folder / "a", folder / "b") == expected == files.sha256(folder / "b")
    assert (folder / "b").read_bytes() == content


def test_a_copy_never_writes_over_a_file(tmp_path):
    """The target must be free; what is there stays, also when it is the source itself."""
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "b").write_bytes(b"b")
    for target in ("a", "b"):
        with pytest.raises(FileError):
            copying.copy(tmp_path / "a", tmp_path / target)
    assert (tmp_path / "a").read_bytes() == b"a"
    assert (tmp_path / "b").read_bytes() == b"b"


def test_a_hard_link_where_wished(tmp_path):
    """One file under two names, or a copy."""
    (tmp_path / "a").write_bytes(b"a")
    copying.copy(tmp_path / "a", tmp_path / "b", hardlink=True)
    assert files.same_file(tmp_path / "a", tmp_path / "b")
    copying.link_or_copy(tmp_path / "a", tmp_path / "c")
    assert (tmp_path / "c").read_bytes() == b"a"


@pytest.mark.parametrize("read", [files.open_regular, files.read])
@pytest.mark.parametrize("make", ["fifo", "folder", "device", "socket", "missing"])
def test_only_regular_files_are_opened(tmp_path, make, read):
    """A FIFO does not block, a device is not read; the error says what it is."""
    path = tmp_path / "x"
    words = {
        "fifo": "a named pipe",
        "folder": "a folder",
        "device": "a device",
        "socket": "a socket",
        "missing": "No such file",
    }
    if make == "fifo":
        os.mkfifo(path)
    elif make == "folder":
        path.mkdir()
    elif make == "device":
        path = Path(os.devnull)
    elif make == "socket":
        import socket

        with socket.socket(socket.AF_UNIX) as server:
            server.bind(str(path))
    begin = time.monotonic()
    with pytest.raises(FileError, match=words[make]):
        read(path)
    assert time.monotonic() - begin < 10


def test_a_file_is_read_whole(tmp_path):
    """More than a system call gives, through a link, and nothing of an empty one."""
    content = os.urandom((2 << 20) + 1)
    (tmp_path / "long").write_bytes(content)
    (tmp_path / "link").symlink_to("long")
    (tmp_path / "empty").touch()
    assert files.read(tmp_path / "link") == content
    assert files.read(str(tmp_path / "empty")) == b""


def test_inside_looks_through_links(tmp_path):
    """A path that leads out by `..` or by a link is not inside."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "in").mkdir()
    (root / "out").symlink_to("/etc")
    (root / "loop").symlink_to("in")
    assert files.inside(root, root / "in" / "x")
    assert files.inside(root, root / "loop" / "x")
    assert not files.inside(root, root / "out" / "hostname")
    assert not files.inside(root, root / ".." / "x")
    assert not files.inside(root, tmp_path / "root2")


def test_removing_does_not_follow_links(tmp_path):
    """A tree goes whole; a folder that a link in it points to stays."""
    (tmp_path / "keep").mkdir()
    (tmp_path / "keep" / "file").write_bytes(b"x")
    (tmp_path / "go" / "deep").mkdir(parents=True)
    (tmp_path / "go" / "link").symlink_to(tmp_path / "keep")
    files.remove_tree(tmp_path / "go")
    files.remove_tree(tmp_path / "never-there")
    assert names(tmp_path) == ["keep"]
    assert names(tmp_path / "keep") == ["file"]
