"""What an output folder remembers of what was made in it, so that a second run does nothing."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from pathlib import Path

from podkit import files

NAME = ".podkit-done.json"
"""The file that remembers."""


class Memory:
    """What the output folder remembers: output → what it was made of, and its size then.

    Told from several threads; written at most once a second, and at the end.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / NAME
        self._guard = threading.Lock()
        self._saved = 0.0
        self._known: dict[str, list[object]] = {}
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            found = json.loads(self._path.read_text(encoding="utf-8"))
            self._known = {str(k): list(v) for k, v in found.items()}

    def has(self, output: Path, mark: str) -> bool:
        """Whether an output is there and was made of the same source and preset.

        Args:
            output: the file.
            mark: what tells the source and the preset.
        """
        try:
            size = output.stat().st_size
        except OSError:
            return False
        return self._known.get(self._key(output)) == [mark, size]

    def add(self, output: Path, mark: str) -> None:
        """Remember a finished output."""
        with self._guard:
            self._known[self._key(output)] = [mark, output.stat().st_size]
            if time.monotonic() - self._saved > 1.0:
                self._write()

    def save(self) -> None:
        """Write what is known."""
        with self._guard:
            self._write()

    def _write(self) -> None:
        files.write(self._path, json.dumps(self._known, sort_keys=True, indent=0).encode())
        self._saved = time.monotonic()

    def _key(self, output: Path) -> str:
        relative = os.fsencode(output.relative_to(self._folder))
        return relative.decode(errors="backslashreplace")
