"""What would only take time to find out again: hashes of unchanged files, measured loudness.

It may be deleted at any time, and a damaged one counts as deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from podkit import files
from podkit.errors import FileError
from podkit.model.loudness import Loudness

_GRAIN_NS: Final = 20_000_000
"""A file changed so shortly before the cache was written may change again within one clock tick."""


class Cache:
    """The cache of one show; give it to everything that hashes or measures, then `save` it once.

    Its methods may be called from several threads.

    Args:
        folder: `.podkit/cache`; made by `save` when missing.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "known.json"
        self._guard = threading.Lock()
        self._changed = False
        self._hashes, self._loudness = _load(self._path)

    def sha256(self, path: Path) -> str:
        """The SHA-256 of a file, read again only when its size, time or inode has changed.

        Raises:
            FileError: it cannot be read.
        """
        with files.translating(path, "read"):
            found = os.stat(path)
        name = os.path.abspath(path)
        mark = [found.st_size, found.st_mtime_ns, found.st_ino]
        with self._guard:
            known = self._hashes.get(name)
        if known is not None and known[1:] == mark:
            return str(known[0])
        digest = files.sha256(path)
        with self._guard:
            self._hashes[name] = [digest, *mark]
            self._changed = True
        return digest

    def loudness(self, sha256: str, layout: str) -> Loudness | None:
        """What was measured of a file's bytes in a channel layout, or None.

        Args:
            sha256: of the measured file.
            layout: what it was measured as, such as `source`, `mono` or `stereo`.
        """
        with self._guard:
            found = self._loudness.get(f"{sha256} {layout}")
        return None if found is None else Loudness(**found)

    def remember_loudness(self, sha256: str, layout: str, measured: Loudness) -> None:
        """Keep a measurement."""
        with self._guard:
            self._loudness[f"{sha256} {layout}"] = asdict(measured)
            self._changed = True

    def save(self) -> None:
        """Write what was learnt, together with what another run has written meanwhile.

        A cache that cannot be written is no error.
        """
        with self._guard:
            if not self._changed:
                return
            hashes, loudness = _load(self._path)
            hashes.update(self._hashes)
            loudness.update(self._loudness)
            body = json.dumps({"hashes": hashes, "loudness": loudness}, sort_keys=True).encode()
            self._changed = False
        with contextlib.suppress(FileError, OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            files.write(self._path, hashlib.sha256(body).hexdigest().encode() + b"\n" + body)


def _load(path: Path) -> tuple[dict[str, list[Any]], dict[str, dict[str, Any]]]:
    """Both tables of a cache file; empty ones when it is missing or not what podkit wrote."""
    try:
        with files.open_regular(path) as stream:
            written = os.fstat(stream.fileno()).st_mtime_ns
            digest, _, body = stream.read().partition(b"\n")
    except (FileError, OSError):
        return {}, {}
    if hashlib.sha256(body).hexdigest().encode() != digest:
        return {}, {}
    known = json.loads(body)
    hashes = {
        name: entry for name, entry in known["hashes"].items() if entry[2] < written - _GRAIN_NS
    }
    return hashes, known["loudness"]
