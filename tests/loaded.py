"""Runs of podkit in processes of their own that have it loaded: forked from one that waits for words.

Loading a command takes longer than most commands of the tests take. Nothing is shared between runs
but what had been imported: each has its own memory, streams, folder, environment and exit code.
Where the environment would shape the interpreter itself, a new one is started.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import random
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
SHAPING = ("PYTHON", "LC_", "LANG", "LD_")
"""How variables begin that an interpreter reads when it starts."""
ROOMS = [
    "cli",
    "steps",
    "rules",
    "artwork",
    "feed",
    "formats",
    "media",
    "model",
    "pages",
    "presets",
    "tags",
    "targets",
    "web",
    "workspace",
]


class Parent:
    """The client's side of one process that has podkit loaded."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.shape = shape_of(env)
        self.near, far = socket.socketpair()
        self.process = subprocess.Popen(
            [sys.executable, __file__, str(far.fileno())],
            env=dict(env), pass_fds=[far.fileno()],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        far.close()

    def run(
        self, request: Mapping[str, object], streams: Sequence[IO[bytes]], timeout: float
    ) -> int:
        """The exit code of one run, as subprocess tells it.

        Raises:
            subprocess.TimeoutExpired: it did not end; it was killed.
        """
        near, far = socket.socketpair()
        with near:
            with far:
                handles = [far.fileno(), *(stream.fileno() for stream in streams)]
                socket.send_fds(self.near, [b"."], handles)
            near.sendall(json.dumps(request).encode() + b"\n")
            near.settimeout(timeout)
            with near.makefile("rb") as told:
                pid = int(told.readline())
                try:
                    return int(told.readline())
                except TimeoutError:
                    os.kill(pid, signal.SIGKILL)
                    raise subprocess.TimeoutExpired("podkit", timeout) from None


def shape_of(env: Mapping[str, str]) -> dict[str, str]:
    """The variables that shape an interpreter."""
    return {key: value for key, value in env.items() if key.startswith(SHAPING)}


_parents: list[Parent] = []
_turn = threading.Lock()


def _parent(env: Mapping[str, str]) -> Parent:
    """The one whose turn it is; one that died is replaced."""
    with _turn:
        _parents[:] = [parent for parent in _parents if parent.process.poll() is None]
        while len(_parents) < 2:
            _parents.append(Parent(env))
        _parents.reverse()
        return _parents[0]


def run(
    words: Sequence[object],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    stdin: str = "",
    errors: str = "strict",
    timeout: float,
) -> subprocess.CompletedProcess[str]:
    """Run one command line of podkit to its end, its streams piped or in files.

    Two processes take turns in being forked from: hashes of text differ between them, so what is
    made twice and depends on the order of a set still differs.
    """
    parent = _parent(env)
    said = [str(word) for word in words]
    command = [sys.executable, "-m", "podkit", *said]
    if parent.shape != shape_of(env):
        return subprocess.run(
            command, cwd=cwd, env=dict(env), input=stdin, capture_output=True, text=True,
            errors=errors, timeout=timeout, check=False,
        )  # fmt: skip
    request = {"words": said, "cwd": os.fspath(cwd or Path.cwd()), "env": dict(env)}
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(stdin.encode())
        given.seek(0)
        code = parent.run(request, (given, out, err), timeout)
        return subprocess.CompletedProcess(command, code, _text(out, errors), _text(err, errors))


def _text(stream: IO[bytes], errors: str) -> str:
    stream.seek(0)
    return io.TextIOWrapper(io.BytesIO(stream.read()), encoding="utf-8", errors=errors).read()


def load() -> None:
    """Import every module of podkit; those that need what is not installed stay out."""
    for room in ROOMS:
        package = importlib.import_module(f"podkit.{room}")
        for module in pkgutil.iter_modules(package.__path__, f"podkit.{room}."):
            try:
                importlib.import_module(module.name)
            except ImportError:
                continue


def serve(near: socket.socket) -> list[str] | None:
    """Fork for each request, in the parent until the tests end: None; in a child: its words."""
    ends: dict[int, int] = {}
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        ready, _, _ = select.select([near, reading], [], [])
        if reading in ready:
            os.read(reading, 512)
            bury(ends)
        if near in ready:
            message, handles, _, _ = socket.recv_fds(near, 1, 4)
            if not message:
                return None
            pid = os.fork()
            if not pid:
                signal.set_wakeup_fd(-1)
                for handle in (near.detach(), reading, writing, *ends.values()):
                    os.close(handle)
                return become(handles)
            with contextlib.suppress(OSError):  # who asked is gone
                os.write(handles[0], b"%d\n" % pid)
            ends[pid] = handles[0]
            for handle in handles[1:]:
                os.close(handle)


def bury(ends: dict[int, int]) -> None:
    """Tell the exit code of every child that has ended."""
    for pid in list(ends):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            end = ends.pop(pid)
            with contextlib.suppress(OSError):  # nobody waits for it any more
                os.write(end, b"%d\n" % os.waitstatus_to_exitcode(status))
            os.close(end)


def become(handles: Sequence[int]) -> list[str]:
    """Take on streams, folder and environment of a run; its words."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, handle in enumerate(handles[1:]):
        os.dup2(handle, number)
        os.close(handle)
    with socket.socket(fileno=handles[0]) as request, request.makefile("rb") as lines:
        asked = json.loads(lines.readline())
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    sys.path[0] = asked["cwd"]
    time.tzset()
    random.seed()
    return list(asked["words"])


if __name__ == "__main__":
    sys.path.insert(1, str(ROOT))
    load()
    gc.freeze()  # no run looks for garbage in what was loaded
    with socket.socket(fileno=int(sys.argv[1])) as _near:
        _words = serve(_near)
    if _words is not None:
        from podkit.cli import run as podkit

        sys.argv = ["podkit", *_words]
        _code = podkit(_words)
        # What an interpreter does at its end, but for taking apart what was loaded, piece by piece.
        threading._shutdown()
        atexit._run_exitfuncs()
        for _stream in (sys.stdout, sys.stderr):
            _stream.flush()
        os._exit(_code)
