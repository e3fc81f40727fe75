"""Runs all fault programs, one after the other, and ends with 1 when any found a fault."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

PROGRAMS = (
    "kill_points",
    "kill_calls",
    "transcode_kills",
    "transcode_limits",
    "full_disk",
    "two_writers",
    "tag_faults",
    "odd_names",
    "damage",
    "feeds_hostile",
)


def main() -> int:
    """Run each; the worst exit code."""
    worst = 0
    for name in PROGRAMS:
        begun = time.monotonic()
        program = Path(__file__).with_name(f"{name}.py")
        code = subprocess.run([sys.executable, program], check=False).returncode
        print(f"{name}: {time.monotonic() - begun:.0f} s", flush=True)
        worst = max(worst, abs(code))
    return min(worst, 1)


if __name__ == "__main__":
    sys.exit(main())
