"""What would only take time to find out again: hashes and tags of unchanged files, measured loudness.

And how pictures on servers were when they were last seen, which nobody can find out again. It may be
deleted at any time, and a damaged one counts as deleted.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from podkit import files
from podkit.errors import FileError, LockedError
from podkit.model.loudness import Loudness
from podkit.model.served import Look

if TYPE_CHECKING:
    from collections.abc import Callable

_GRAIN_NS: Final = 20_000_000
"""A file changed so shortly before the cache was written may change again within one clock tick."""
_MOST_PICTURES: Final = 2000
"""Those that were not seen for the longest time are forgotten."""


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
        self._hashes, self._seen, self._loudness, self._pictures = _load(self._path)
        self._looks: dict[str, dict[str, Any]] = {}

    def sha256(self, path: Path) -> str:
        """The SHA-256 of a file, read again only when its size, time or inode has changed.

        Raises:
            FileError: it cannot be read.
        """
        name, mark = _marked(path)
        with self._guard:
            known = self._hashes.get(name)
        if known is not None and known[1:] == mark:
            return str(known[0])
        digest = files.sha256(path)
        with self._guard:
            self._hashes[name] = [digest, *mark]
            self._changed = True
        return digest

    def seen(self, path: Path, question: str, look: Callable[[], Any]) -> Any:
        """What `look` finds in a file; it looks again only when the file or the question is another.

        Args:
            path: whose size, time and inode have to be what they were.
            question: what the answer depends on beside the file; one is kept for each file.
            look: gives an answer that JSON can hold; what it raises is not kept.

        Raises:
            FileError: it cannot be read.
        """
        name, mark = _marked(path)
        with self._guard:
            known = self._seen.get(name)
        if known is not None and known[:4] == [question, *mark]:
            return known[4]
        answer = look()
        with self._guard:
            self._seen[name] = [question, *mark, answer]
            self._changed = True
        return answer

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

    def picture(self, url: str) -> Look | None:
        """How the picture at an address was when it was last seen, or None."""
        with self._guard:
            found = self._looks.get(_key(url)) or self._pictures.get(_key(url))
        return None if found is None else Look(**found)

    def remember_picture(self, url: str, look: Look) -> None:
        """Keep how the picture at an address is."""
        with self._guard:
            self._looks[_key(url)] = asdict(look)
            self._changed = True

    def save(self) -> None:
        """Write what was learnt, together with what another run has written meanwhile.

        A cache that cannot be written is no error.
        """
        with self._guard:
            if not self._changed:
                return
            self._changed = False
            with (
                contextlib.suppress(FileError, LockedError, OSError),
                files.lock(self._path.with_suffix(".lock"), wait=1.0),
            ):
                files.sweep(self._path.parent)
                files.write(self._path, self._merged())

    def _merged(self) -> bytes:
        """The file that holds what is known here and what is known there."""
        hashes, seen, loudness, pictures = _load(self._path)
        hashes.update(self._hashes)
        seen.update(self._seen)
        seen = {name: entry for name, entry in seen.items() if os.path.exists(name)}
        loudness.update(self._loudness)
        pictures.update(self._looks)  # not what was read at first: another run may have seen more
        newest = sorted(pictures.items(), key=lambda entry: entry[1]["day"])[-_MOST_PICTURES:]
        tables = {"hashes": hashes, "seen": seen, "loudness": loudness, "pictures": dict(newest)}
        body = json.dumps(tables, sort_keys=True).encode()
        return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def _marked(path: Path) -> tuple[str, list[int]]:
    """A file's name, and what is another once it was written to."""
    with files.translating(path, "read"):
        found = os.stat(path)
    return os.path.abspath(path), [found.st_size, found.st_mtime_ns, found.st_ino]


def _key(url: str) -> str:
    """What an address is kept under: some are long, some hold a password."""
    return hashlib.sha256(url.encode()).hexdigest()


def _load(
    path: Path,
) -> tuple[
    dict[str, list[Any]], dict[str, list[Any]], dict[str, dict[str, Any]], dict[str, dict[str, Any]]
]:
    """The tables of a cache file; empty ones when it is missing or not what podkit wrote."""
    try:
        with files.open_regular(path) as stream:
            written = os.fstat(stream.fileno()).st_mtime_ns
            digest, _, body = stream.read().partition(b"\n")
    except (FileError, OSError):
        return {}, {}, {}, {}
    if hashlib.sha256(body).hexdigest().encode() != digest:
        return {}, {}, {}, {}
    known = json.loads(body)
    hashes, seen = (
        {
            name: entry
            for name, entry in known.get(table, {}).items()  # an older podkit knew fewer
            if entry[2] < written - _GRAIN_NS
        }
        for table in ("hashes", "seen")
    )
    return hashes, seen, known["loudness"], known.get("pictures", {})
