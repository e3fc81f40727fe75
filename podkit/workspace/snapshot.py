"""The state of all files that a show is built from, told by their names, sizes and times alone.

It costs one look at each file and reads only podkit.toml. A file that was changed has another time
of change (`ctime`, which nobody can set back), another size or another inode. One that was changed
just now may be changed again within the same tick of the clock: such a state is not `settled`, and
nothing may be concluded from meeting it again.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import tomli

from podkit.workspace.layout import Layout

_GRAIN_NS: Final = 20_000_000
"""File systems tell time in steps of up to 10 ms (Linux with 100 Hz); twice that is safe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What the files were: equal digests mean equal files, when the older one was settled."""

    digest: str
    settled: bool


def snapshot(layout: Layout) -> Snapshot:
    """The files of a show as they are now: its records, templates, pictures, episodes' folders.

    Take it before anything is read, so that a change during the work shows in the next one.
    """
    begun = time.time_ns()
    whole = hashlib.sha256()
    newest = 0
    for path, found in _looks(layout):
        mark: tuple[int, ...] = ()
        if found is not None:
            changed = (found.st_mtime_ns, found.st_ctime_ns)
            mark = (*changed, found.st_size, found.st_ino, found.st_dev, found.st_mode)
            newest = max(newest, *changed)
        whole.update(b"%b\0%b\n" % (os.fsencode(path), repr(mark).encode()))
    return Snapshot(digest=whole.hexdigest(), settled=newest < begun - _GRAIN_NS)


def _looks(layout: Layout) -> Iterator[tuple[str, os.stat_result | None]]:
    """Every path, with what the disk says of it; None where there is nothing to be read."""
    own = (layout.show_file, layout.members_file, *_named(layout))
    for path in own:
        yield str(path), _stat(path)
    for folder in (layout.root / "templates", layout.episodes):
        yield from _below(str(folder), linked=True)


def _below(folder: str, *, linked: bool) -> Iterator[tuple[str, os.stat_result | None]]:
    """The files in a folder, however deep; `linked` folders are entered at its first level only."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        yield folder, None
        return
    for entry in found:
        if entry.is_dir(follow_symlinks=linked):
            yield from _below(entry.path, linked=False)
        else:
            yield entry.path, _stat(entry.path)


def _stat(path: str | os.PathLike[str]) -> os.stat_result | None:
    try:
        return os.stat(path)
    except OSError:
        return None


def _named(layout: Layout) -> list[os.PathLike[str]]:
    """The files beside podkit.toml that it names: covers, pictures, the description."""
    try:
        tables = tomli.loads(layout.show_file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return []  # whoever reads it next says what is wrong
    return [layout.root / text for text in sorted(set(_texts(tables))) if _may_be_path(text)]


def _may_be_path(text: str) -> bool:
    return 0 < len(text) < 256 and "\0" not in text and "\n" not in text and "://" not in text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _texts(member)
