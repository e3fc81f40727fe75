"""Locks hold between processes, are waited for, and die with their holder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from podkit import files
from podkit.errors import FileError, LockedError

ROOT = Path(__file__).parents[1]

HOLDER = (
    "import sys, time; from pathlib import Path; from podkit import files\n"
    "with files.lock(Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    time.sleep(float(sys.argv[2]))\n"
)


def holding(path: Path, seconds: float) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, path, str(seconds)], stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdout.readline() == b"held\n"
    return process


def test_a_held_lock_is_told_with_its_holder(tmp_path):
    """Exit code 75, the process id, and what to do."""
    path = tmp_path / ".podkit" / "lock"
    holder = holding(path, 60)
    try:
        with pytest.raises(LockedError) as caught, files.lock(path, wait=0.2):
            pass
        assert f"process {holder.pid}" in caught.value.message
        assert caught.value.exit_code == 75
        assert caught.value.hint
    finally:
        holder.kill()
        holder.wait()


def test_a_lock_is_waited_for(tmp_path):
    """Who comes second goes on as soon as the first is done."""
    holder = holding(tmp_path / "lock", 0.5)
    begin = time.monotonic()
    with files.lock(tmp_path / "lock"):
        assert 0.05 < time.monotonic() - begin < 30
    assert holder.wait() == 0


def test_a_dead_holder_holds_nothing(tmp_path):
    """The kernel releases the lock of a killed process; its note does not matter (D12)."""
    holder = holding(tmp_path / "lock", 60)
    holder.kill()
    holder.wait()
    assert (tmp_path / "lock.holder").exists()
    with files.lock(tmp_path / "lock", wait=0.2):
        assert files.holder_of(tmp_path / "lock") == str(os.getpid())
    assert files.holder_of(tmp_path / "lock") == ""


COUNTER = (
    "import sys; from pathlib import Path; from podkit import files\n"
    "lock, count = Path(sys.argv[1]), Path(sys.argv[2])\n"
    "for _ in range(50):\n"
    "    with files.lock(lock, wait=60):\n"
    "        files.write(count, str(int(count.read_text()) + 1).encode())\n"
)


def test_nothing_is_lost_between_processes(tmp_path):
    """Four processes count to fifty each: two hundred (D11)."""
    count = tmp_path / "count"
    count.write_text("0")
    running = [
        subprocess.Popen([sys.executable, "-c", COUNTER, tmp_path / "lock", count], cwd=ROOT)
        for _ in range(4)
    ]
    assert [process.wait(timeout=120) for process in running] == [0] * 4
    assert count.read_text() == "200"


def test_a_lock_in_a_place_that_cannot_be_written(tmp_path):
    """A file where its folder should be: a FileError, not a traceback."""
    (tmp_path / "state").write_bytes(b"")
    with pytest.raises(FileError, match="cannot lock"), files.lock(tmp_path / "state" / "lock"):
        pass
