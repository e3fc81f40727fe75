"""A feed in a file of anybody's choice, which replaces nothing but a feed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import FileError
from podkit.feed.bounds import MAX_BYTES
from podkit.feed.positions import read_document
from podkit.steps.attachments import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

_FEEDS = frozenset(["rss", "feed", "RDF"])
"""What the outermost element of RSS 2.0, Atom and RSS 1.0 is called."""


def save(path: Path, content: bytes) -> None:
    """Write a feed there, in one step.

    Raises:
        FileError: something else is there, or it cannot be written.
    """
    check_place(path)
    files.write(path, content)


def check_place(path: Path) -> None:
    """See that a feed may be written there: nothing is there, an empty file, or a feed.

    Raises:
        FileError: it is a folder, lies in none, or is something else.
    """
    if not path.parent.is_dir():
        raise FileError("its folder is not there", where=path, hint="make it first, with mkdir")
    if path.is_dir():
        raise FileError("it is a folder", where=path, hint="name a file in it: -o DIR/feed.xml")
    if path.exists() and not _is_feed(path):
        raise FileError(
            "it is there and is no feed",
            where=path,
            hint="name another file, or remove it first; -o - prints the feed",
        )


def _is_feed(path: Path) -> bool:
    if path.is_file() and not path.stat().st_size:  # as mktemp makes them
        return True
    root = read_document(read_bytes(path, MAX_BYTES)).root
    return root is not None and root.name in _FEEDS
