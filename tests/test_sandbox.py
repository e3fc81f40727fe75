"""The fence: a child sees its own file and nothing else, where the kernel can keep it so.

On a kernel without Landlock the same children see what podkit sees, which is the documented
fallback; each test then asserts that instead.
"""

from __future__ import annotations

import socket
import sys
from dataclasses import replace

import pytest

from podkit import child, sandbox
from podkit.sandbox import Fence

KEPT = bool(sandbox.version())
PYTHON = (sys.executable, "-I", "-S", "-c")
PREFIXES = (sys.prefix, sys.base_prefix)


def can(fence: Fence | None, code: str, *names: object) -> bool:
    """Whether a fenced Python gets through the code, which finds the names in `n`."""
    inside = fence and replace(fence, reads=(*fence.reads, *PREFIXES))
    limits = child.Limits(fence=inside)
    text = f"import os, socket, sys\nn = sys.argv[1:]\n{code}"
    outcome = child.run([*PYTHON, text, *map(str, names)], limits=limits)
    assert outcome.returncode in {0, 1}, outcome.stderr
    if outcome.returncode:
        assert "PermissionError" in outcome.stderr or "Cross-device" in outcome.stderr
    return outcome.returncode == 0


@pytest.fixture
def folder(tmp_path):
    """Two files and an empty folder."""
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "other").write_text("other")
    (tmp_path / "room").mkdir()
    return tmp_path


READ = "open(n[0]).read()"
WRITE = "open(n[0], 'w').write('x')"
APPEND = "open(n[0], 'a').write('x')"


def test_reading(folder):
    """The named file can be read, through a link too; no other file and no folder's list."""
    (folder / "link").symlink_to(folder / "mine")
    fence = Fence(reads=(folder / "mine",))
    assert can(fence, READ, folder / "mine")
    assert can(fence, READ, folder / "link")
    assert can(fence, READ, folder / "other") is not KEPT
    assert can(fence, READ, "/etc/passwd") is not KEPT
    assert can(fence, READ, "/proc/1/environ" if not KEPT else "/proc/self/environ") is not KEPT
    assert can(fence, "os.listdir(n[0])", folder) is not KEPT
    assert can(fence, WRITE, folder / "mine") is not KEPT


def test_writing(folder):
    """The named output can be written and cut; nothing beside it is made, changed or removed."""
    fence = Fence(writes=(folder / "mine",))
    assert can(fence, WRITE, folder / "mine")
    assert can(fence, "os.truncate(n[0], 0)", folder / "mine")
    assert can(fence, APPEND, folder / "other") is not KEPT
    assert can(fence, WRITE, folder / "new") is not KEPT
    assert can(fence, "os.mkdir(n[0])", folder / "new-folder") is not KEPT
    assert can(fence, "os.symlink('/etc', n[0])", folder / "new-link") is not KEPT
    assert can(fence, "os.rename(*n)", folder / "mine", folder / "moved") is not KEPT
    assert can(fence, "os.unlink(n[0])", folder / "other") is not KEPT


def test_a_folder_of_outputs(folder):
    """In a named folder files can be made, renamed and removed; not outside it."""
    room = folder / "room"
    fence = Fence(writes=(room,))
    code = "open(n[0], 'w').close(); os.rename(n[0], n[1]); os.mkdir(n[0]); os.unlink(n[1])"
    assert can(fence, code, room / "a", room / "b")
    assert can(fence, WRITE, folder / "new") is not KEPT


def test_names_only(folder):
    """Of a folder in `lists` the names are seen and the contents are not."""
    fence = Fence(lists=(folder,))
    assert can(fence, "assert 'mine' in os.listdir(n[0])", folder)
    assert can(fence, READ, folder / "mine") is not KEPT


def test_no_network(folder):
    """A fenced child opens no connection, not even to this machine (kernel 6.7 and newer)."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = "socket.create_connection(('127.0.0.1', int(n[0])), 5)"
        open_to_it = can(Fence(), code, server.getsockname()[1])
    assert open_to_it is (sandbox.version() < 4)


def test_no_fence(folder):
    """Without a fence nothing is denied."""
    assert can(None, READ, folder / "other")


def test_a_kernel_without(folder, monkeypatch):
    """Where the kernel has no Landlock, a child with a fence runs all the same, without it."""
    monkeypatch.setattr(sandbox, "version", lambda: 0)
    assert can(Fence(), READ, folder / "other")


@pytest.mark.parametrize("version", range(1, 9))
def test_every_version_gets_what_it_knows(monkeypatch, version):
    """No right is asked for that an older kernel would refuse, and none is lost on a newer one."""
    monkeypatch.setattr(sandbox, "version", lambda: version)
    assert sandbox._known() == (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1
    seen: list[tuple[object, ...]] = []
    monkeypatch.setattr(sandbox, "_call", lambda *a: seen.append(a) or 7)
    assert sandbox._create() == 7
    assert len(seen[0][1]) == 24
    network, scope = seen[0][1][8], seen[0][1][16]
    assert (network, scope) == (3 if version >= 4 else 0, 3 if version >= 6 else 0)


def test_what_is_missing_needs_no_rule(folder):
    """A rule for something that does not exist is left out, not an error."""
    assert can(Fence(reads=(folder / "missing", folder / "mine")), READ, folder / "mine")
