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
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomli

from podkit.workspace.layout import Layout

_GRAIN_NS: Final = 20_000_000
"""Most file systems tell time in steps of up to 10 ms (Linux with 100 Hz); twice that is safe."""

_COARSE_NS: Final = 4_000_000_000
"""Some tell whole seconds, FAT every other one."""

_SECOND_NS: Final = 1_000_000_000


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
    newest, grain = 0, _COARSE_NS
    named = _named(layout)
    for path, found in _looks(layout, named or ()):
        mark: tuple[int, ...] = ()
        if found is not None:
            changed = (found.st_mtime_ns, found.st_ctime_ns)
            mark = (*changed, found.st_size, found.st_ino, found.st_dev, found.st_mode)
            newest = max(newest, *changed)
            if found.st_ctime_ns % _SECOND_NS:
                grain = _GRAIN_NS
        whole.update(f"{path}\0{mark}\n".encode(errors="backslashreplace"))
    settled = named is not None and newest < begun - grain
    return Snapshot(digest=whole.hexdigest(), settled=settled)


def _looks(layout: Layout, named: Iterable[Path]) -> Iterator[tuple[str, os.stat_result | None]]:
    """Every path, with what the disk says of it; None where there is nothing to be read."""
    own = (layout.show_file, layout.members_file, *named)
    for path in own:
        yield str(path), _stat(path)
    for folder in (layout.root / "templates", layout.episodes):
        yield from _below(str(folder), frozenset())


def _below(
    folder: str, above: frozenset[tuple[int, int]]
) -> Iterator[tuple[str, os.stat_result | None]]:
    """The files in a folder, however deep, links followed; never into a folder that it lies in."""
    found = _stat(folder)
    here = (found.st_dev, found.st_ino) if found is not None else (0, 0)
    if found is None or here in above:
        yield folder, None
        return
    try:
        with os.scandir(folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError:
        yield folder, None
        return
    for entry in entries:
        if entry.is_dir():
            yield from _below(entry.path, above | {here})
        else:
            yield entry.path, _stat(entry.path)


def _stat(path: str | os.PathLike[str]) -> os.stat_result | None:
    try:
        return os.stat(path)
    except (OSError, ValueError):  # ValueError: the system's locale cannot even name it
        return None


def _named(layout: Layout) -> list[Path] | None:
    """The files that podkit.toml may name: covers, pictures, the description; None if it cannot be read."""
    try:
        tables = tomli.loads(layout.show_file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return None  # whoever reads it next says what is wrong
    return [layout.root / text for text in sorted(set(_texts(tables))) if _may_be_path(text)]


def _may_be_path(text: str) -> bool:
    return 0 < len(text) < 256 and "\0" not in text and "\n" not in text and "://" not in text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _texts(member)
