"""How a child is kept from every file that is not its business: a fence made of Linux' Landlock.

A fence is a set of rules that the kernel (5.13 and newer) keeps for a process and all that it
starts: what is not allowed is denied, also to root. Where the kernel has none, a child runs without.
Everything here follows the kernel's own description of its three system calls and their versions
(Documentation/userspace-api/landlock.rst, include/uapi/linux/landlock.h).
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import os
import stat
import struct
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# The same numbers on every architecture that came after them, and on those before but Alpha.
_CREATE, _ADD, _ENTER = 444, 445, 446
_VERSION = 1  # flag of _CREATE: only tell the version
_PATH_BENEATH = 1  # kind of rule
_PR_SET_NO_NEW_PRIVS = 38

_EXECUTE, _WRITE, _READ, _LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_FILE, _MAKE_DIR, _MAKE_FILE, _TRUNCATE = 1 << 5, 1 << 7, 1 << 8, 1 << 14
_OF_FILES = _EXECUTE | _WRITE | _READ | _TRUNCATE  # the others are about folders
_CHANGE = _READ | _LIST | _WRITE | _TRUNCATE | _MAKE_FILE | _MAKE_DIR | _REMOVE_FILE
# How many of the rights on files each version knows; later ones know at least as many.
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
_TCP_SINCE, _TCP = 4, 0b11  # neither bind nor connect
_SCOPE_SINCE, _SCOPE = 6, 0b11  # no abstract sockets, no signals to those outside

# Where programs, their libraries, fonts and tables lie: the same on every machine, no secrets.
_SYSTEM = (
    "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/gnu/store",
    "/snap", "/etc/ld.so.cache", "/etc/ld.so.conf",
    "/etc/ld.so.conf.d", "/etc/fonts", "/etc/localtime", "/var/cache/fontconfig",
    "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/sys/devices/system/cpu",
    "/dev/zero", "/dev/random", "/dev/urandom",
)  # fmt: skip
_SINK = "/dev/null"

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fence:
    """What a child may use besides its own program and the system's libraries.

    Of a folder everything in it; of one in `lists` only the names. What does not exist is left
    out: write a file's rule when it is there, for example empty.
    """

    reads: tuple[Path, ...] = ()
    lists: tuple[Path, ...] = ()
    writes: tuple[Path, ...] = ()


@functools.cache
def version() -> int:
    """The version of Landlock that the kernel offers; 0 when it has none or has it switched off."""
    if _libc is None:
        return 0
    return max(int(_libc.syscall(_CREATE, None, 0, _VERSION)), 0)


@functools.cache
def installation(names: tuple[str, ...]) -> Fence:
    """Where Python, its packages and podkit lie; never all of `sys.path`, which may hold a home."""
    found = [spec.origin for name in names if (spec := find_spec(name)) and spec.origin]
    packages = [Path(origin).parent for origin in found]
    libraries = [path for folder in packages for path in folder.parent.glob("*.libs")]  # of wheels
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix}
    return Fence(
        reads=(*map(Path, sorted(prefixes)), *packages, *libraries),
        lists=tuple(folder.parent for folder in packages),  # the import system looks for names
    )


@contextlib.contextmanager
def entrance(fence: Fence | None, program: str) -> Iterator[Callable[[], None]]:
    """What a child calls between fork and exec to be inside the fence: two system calls.

    Everything else is done here, in the parent. Without a fence, or a kernel that has any, it does
    nothing.

    Raises:
        OSError: the kernel has Landlock and refuses the rules.
    """
    if fence is None or not version():
        yield lambda: None
        return
    rules = _create()
    try:
        for path, rights in _rules(fence, program):
            _allow(rules, path, rights)
        yield functools.partial(_enter, rules)
    finally:
        os.close(rules)


def _create() -> int:
    """A new set of rules that denies everything this kernel can deny; its descriptor."""
    net = _TCP if version() >= _TCP_SINCE else 0
    scope = _SCOPE if version() >= _SCOPE_SINCE else 0
    # a kernel that knows a shorter record takes a longer one whose rest is zero
    attributes = struct.pack("=QQQ", _known(), net, scope)
    return _call(_CREATE, attributes, len(attributes), 0)


def _known() -> int:
    """The rights on files that this kernel can keep."""
    return (1 << _RIGHTS[min(version(), max(_RIGHTS))]) - 1


def _rules(fence: Fence, program: str) -> Iterator[tuple[str, int]]:
    """Each allowed path with its rights."""
    use = _READ | _LIST | _EXECUTE
    for system in _SYSTEM:
        yield system, use
    yield _SINK, _READ | _WRITE
    yield program, use
    real = os.path.realpath(program)
    home = os.path.dirname(os.path.dirname(real))
    for folder in ("lib", "lib64"):  # of an installation of its own: bin/ffmpeg, lib/libav*.so
        yield os.path.join(home, folder), use
    for folder in os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep):
        if os.path.isabs(folder):
            yield folder, use
    brew, cellar, _ = real.partition("/Cellar/")
    if cellar:  # Homebrew links each library to a folder of its own
        yield brew, use
    for path in fence.reads:
        yield os.fspath(path), _READ | _LIST
    for path in fence.lists:
        yield os.fspath(path), _LIST
    for path in fence.writes:
        yield os.fspath(path), _CHANGE


def _allow(rules: int, path: str, rights: int) -> None:
    """Add a rule; what is not there needs none."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (OSError, ValueError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_FILES
        if rights := rights & _known():
            _call(_ADD, rules, _PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
    finally:
        os.close(opened)


def _enter(rules: int) -> None:
    """Go inside; whoever cannot must not go on."""
    assert _libc is not None  # noqa: S101 (there is a version)
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or _libc.syscall(_ENTER, rules, 0):
        os._exit(126)


def _call(*arguments: object) -> int:
    assert _libc is not None  # noqa: S101 (there is a version)
    answer = int(_libc.syscall(*arguments))
    if answer < 0:
        raise OSError(ctypes.get_errno(), "Landlock: " + os.strerror(ctypes.get_errno()))
    return answer
