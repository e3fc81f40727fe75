"""Renditions that another program has changed go to the trash, never lost, before the right ones come."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from podkit import copying, files
from podkit.staging import place
from podkit.workspace.cache import Cache

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from podkit.model.rendition import Part, Rendition
    from podkit.steps.open_show import OpenShow
    from podkit.workspace.layout import Layout


def set_aside(layout: Layout, recorded: Rendition | None) -> tuple[str, ...]:
    """Move the store's file to the trash when its bytes are not the recorded ones.

    Returns:
        Where it lies now, in words; nothing when it was right, or not there.

    Raises:
        FileError: it cannot be read or moved.
    """
    path = layout.media / recorded.file if recorded is not None else None
    if recorded is None or path is None or not path.is_file():
        return ()
    if path.stat().st_size == recorded.bytes and files.sha256(path) == recorded.sha256:
        return ()
    kept = _in_trash(layout, f"media/{recorded.file}")
    place(path, kept)
    return (f"what another program had made of the old file lies in {layout.shown(kept)}",)


def replaced_in_public(show: OpenShow, media: Mapping[str, Part]) -> tuple[str, ...]:
    """Paths in public/ of media files that are not the store's, and not what was recorded.

    A tagger that writes a new file under the old name parts it from the store, whose own is right.

    Args:
        show: whose public/ is looked at.
        media: what belongs there, by path.
    """
    cache = Cache(show.layout.cache)
    found = tuple(p for p, part in media.items() if _is_replaced(show.layout, p, part, cache))
    cache.save()
    return found


def keep(layout: Layout, paths: Iterable[str]) -> tuple[str, ...]:
    """Put files of public/ into the trash too, before the whole folder makes room for another.

    Raises:
        FileError: one cannot be kept; nothing else has happened.
    """
    kept = []
    for path in paths:
        final = _in_trash(layout, f"public/{path}")
        copying.link_or_copy(layout.public / path, final)
        files.sync_folder(final.parent)
        kept.append(path)
    return tuple(kept)


def _is_replaced(layout: Layout, path: str, part: Part, cache: Cache) -> bool:
    public, stored = layout.public / path, layout.media / part.file
    try:
        here, there = public.stat(), stored.stat()
    except OSError:
        return False
    if os.path.samestat(here, there) or there.st_size != part.bytes:
        return False
    return here.st_size != part.bytes or cache.sha256(public) != part.sha256


def _in_trash(layout: Layout, name: str) -> Path:
    """A free name in the trash."""
    final = layout.trash / name
    with files.translating(final, "move to the trash"):
        final.parent.mkdir(parents=True, exist_ok=True)
    while final.exists():
        final = final.with_name(final.name + "~")
    return final
