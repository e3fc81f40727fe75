"""Whole commands as a person runs them: in a process of their own, piped or in a terminal."""

from __future__ import annotations

import json
import math
import os
import pty
import select
import struct
import subprocess
import sys
import time
import wave
from pathlib import Path
from typing import Any

import loaded
from schemas import hold

ROOT = Path(__file__).resolve().parents[2]
PODKIT = [sys.executable, "-m", "podkit"]


def environment(**more: str) -> dict[str, str]:
    """This process's environment without what would change podkit's output."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PODKIT_", "_PODKIT"))
        and key not in {"NO_COLOR", "FORCE_COLOR", "CI", "PYTHONUNBUFFERED"}
    }
    return kept | {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"} | more


def podkit(
    *words: object, cwd: Path | None = None, env: dict[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run one command line with its streams piped."""
    given = environment(**(env or {}))
    return loaded.run(words, cwd=cwd, env=given, stdin=stdin, errors="surrogateescape", timeout=60)


def report(*words: object, code: int = 0, cwd: Path | None = None) -> Any:
    """The JSON report of a command that ends with `code`."""
    done = podkit(*words, "--json", cwd=cwd)
    assert done.returncode == code, done.stderr
    document = json.loads(done.stdout)
    hold(words, document)
    return document


def error_of(*words: object, code: int, cwd: Path | None = None) -> dict[str, Any]:
    """The JSON error of a command that ends with `code` and without a report."""
    done = podkit(*words, "--json", cwd=cwd)
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    found: dict[str, Any] = json.loads(line)["error"]
    assert set(found) == {"type", "exit", "message", "where", "hint"}
    assert found["exit"] == code
    return found


def in_terminal(
    *words: object, env: dict[str, str] | None = None, cwd: Path | None = None, answers: str = ""
) -> tuple[int, str]:
    """Exit code and everything that appeared, with a terminal on all three streams."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        [*PODKIT, *map(str, words)],
        cwd=cwd,
        env=environment(**(env or {})),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    if answers:
        os.write(master, answers.encode())
    seen = b""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        ready, _, _ = select.select([master], [], [], 0.2)
        if ready:
            try:
                chunk = os.read(master, 65536)
            except OSError:  # Linux: the other side is closed
                break
            if not chunk:
                break
            seen += chunk
        elif child.poll() is not None:
            break
    os.close(master)
    return child.wait(timeout=10), seen.decode("utf-8", "surrogateescape")


def sound(path: Path, seconds: float = 1.0, *, pitch: float = 330.0) -> Path:
    """A mono WAV of a quiet tone that swells, so that it has a loudness."""
    rate = 16000
    frames = bytearray()
    for n in range(int(seconds * rate)):
        level = 6000 * (0.6 + 0.4 * math.sin(n / rate * 5))
        frames += struct.pack("<h", int(level * math.sin(2 * math.pi * pitch * n / rate)))
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(bytes(frames))
    return path


def new_show(folder: Path, **options: str) -> Path:
    """A show made by `podkit init`."""
    given = {"title": "Terminal Show", "link": "https://podcast.example/show/"} | options
    words = [part for key, value in given.items() for part in (f"--{key}", value)]
    done = podkit("init", folder, "--no-input", "--no-explicit", *words)
    assert done.returncode == 0, done.stderr
    return folder
