"""What lies in public/, and which of it podkit made: `.podkit/public.txt` lists that with its hashes."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from podkit import copying, files

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from podkit.model.rendition import Part
    from podkit.workspace.layout import Layout

ANY: Final = ""
"""Stands for whatever bytes: lists of older builds hold none."""

_LINE: Final = re.compile(r"(?:([0-9a-f]{64})  )?(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The paths of all that is no folder: `plain` files; `odd` are links, pipes and the like."""

    plain: frozenset[str] = frozenset()
    odd: frozenset[str] = frozenset()


def look(public: Path) -> Tree:
    """What lies there, no link followed; a tenth of a second where pathlib takes half of one.

    Raises:
        FileError: a folder cannot be read.
    """
    plain: set[str] = set()
    odd: set[str] = set()
    folders = [""] if public.is_dir() else []
    while folders:
        below = folders.pop()
        with files.translating(public / below, "read"), os.scandir(public / below) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(f"{below}{entry.name}/")
                elif entry.is_file(follow_symlinks=False):
                    plain.add(below + entry.name)
                else:
                    odd.add(below + entry.name)
    return Tree(plain=frozenset(plain), odd=frozenset(odd))


def same_tree(public: Path, contents: Mapping[str, bytes], media: Mapping[str, Part]) -> bool:
    """Whether public/ holds exactly these files; media by name and size, the rest by bytes."""
    if not public.is_dir():
        return False
    there = look(public)
    if there.odd or there.plain - set(media) != set(contents):
        return False
    if any((public / path).read_bytes() != content for path, content in contents.items()):
        return False
    return all(
        (public / path).stat().st_size == rendition.bytes
        for path, rendition in media.items()
        if path in there.plain
    ) and _has_all_it_can(there.plain, media, public)


def _has_all_it_can(there: Collection[str], media: Mapping[str, Part], public: Path) -> bool:
    store = public.parent / ".podkit" / "media"
    return not any(
        (store / rendition.file).is_file() for path, rendition in media.items() if path not in there
    )


def listed(layout: Layout) -> dict[str, frozenset[str]] | None:
    """The paths in public/ that podkit made, with the hashes of what it made; None without a list."""
    try:
        lines = _list(layout).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    found: dict[str, frozenset[str]] = {}
    for line in filter(None, map(_LINE.fullmatch, lines)):
        found[line[2]] = found.get(line[2], frozenset()) | {line[1] or ANY}
    return found


def left_out(layout: Layout, ours: Collection[str]) -> tuple[str, ...]:
    """The paths of what lies in public/ and is not published: it is no file that podkit made.

    Args:
        layout: of the show.
        ours: paths that are podkit's although no list has them.
    """
    there = look(layout.public)
    known = listed(layout)
    ours = {*ours, *(there.plain if known is None else known)}
    return tuple(sorted((there.plain | there.odd) - (there.plain & ours)))


def note(layout: Layout, made: Mapping[str, Collection[str]]) -> None:
    """Write that list: whoever holds the lock of builds, who alone writes there.

    Raises:
        FileError: it cannot be written.
    """
    lines = [f"{sha}  {path}" if sha else path for path in made for sha in sorted(made[path])]
    files.sweep(_list(layout).parent)
    files.write(_list(layout), "\n".join(sorted(lines)).encode(), mode=0o600)


def set_foreign_aside(
    layout: Layout, there: Tree, made: Mapping[str, str], same: Collection[str]
) -> tuple[str, ...]:
    """Put what somebody else made or changed in public/ into the trash: nothing is ever lost.

    Args:
        layout: of the show.
        there: what lies in public/.
        made: what takes its place, with hashes.
        same: what is not looked at.

    Returns:
        The paths in public/ of what is in the trash now.

    Raises:
        FileError: something cannot be kept.
    """
    known = listed(layout)
    if known is None:
        known = dict.fromkeys(made, frozenset([ANY]))
    moved = []
    for name in sorted((there.plain | there.odd) - set(same), key=lambda name: name.split("/")):
        ours = known.get(name, frozenset())
        right = ours | {made[name]} if name in made else ours
        if name in there.plain and right and _is_one_of(layout.public / name, right):
            continue
        _to_trash(layout, name, away=name in there.odd or not ours)
        moved.append(name)
    return tuple(moved)


def _is_one_of(path: Path, hashes: Collection[str]) -> bool:
    return ANY in hashes or files.sha256(path) in hashes


def _to_trash(layout: Layout, name: str, *, away: bool) -> None:
    """Keep it in the trash; it goes away at once, or stays until another takes its place."""
    path, final = layout.public / name, layout.trash / "public" / name
    with files.translating(final, "move to the trash"):
        final.parent.mkdir(parents=True, exist_ok=True)
        while os.path.lexists(final):
            final = final.with_name(final.name + "~")
        if away:
            os.rename(path, final)
        else:
            copying.link_or_copy(path, final)
        files.sync_folder(final.parent)


def _list(layout: Layout) -> Path:
    return layout.state / "public.txt"
