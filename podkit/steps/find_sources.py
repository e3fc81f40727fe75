"""Which files the words of a batch mean: files, folders with what is below them, globs."""

from __future__ import annotations

import fnmatch
import os
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from podkit.steps.stale import TranscodeOrder

SUFFIXES = frozenset(
    ".mp3 .m4a .m4b .mp4 .m4v .mov .ogg .oga .opus .flac .wav .aif .aiff .aac .mkv .mka .webm".split()  # noqa: SIM905
)


def find_sources(
    paths: Sequence[Path], order: TranscodeOrder, output: Path
) -> tuple[list[tuple[Path, Path]], list[Path]]:
    """Each source with its place below the output folder, in order, each once; what is missing.

    Args:
        paths: files and folders.
        order: says whether folders are gone into, and which names count.
        output: is no source, wherever it lies.

    Raises:
        UsageError: a folder without `recursive`.
    """
    found: dict[Path, Path] = {}
    missing: list[Path] = []
    for path in paths:
        if path.is_dir():
            if not order.recursive:
                raise UsageError(f"{path} is a folder", hint="add -r to go into it")
            for inside in _walk(path, output):
                if _is_chosen(inside.relative_to(path), order):
                    found.setdefault(inside, inside.relative_to(path).parent)
        elif not os.path.lexists(path):
            missing.append(path)
        else:
            found.setdefault(path, Path())
    return list(found.items()), missing


def _walk(folder: Path, output: Path) -> Iterator[Path]:
    """The media files below a folder; links and the output folder are left alone."""
    with files.translating(folder, "list"):
        entries = sorted(folder.iterdir())
    for entry in entries:
        if entry.is_symlink() or entry.name.startswith(".") or files.same_file(entry, output):
            continue
        if entry.is_dir():
            yield from _walk(entry, output)
        elif entry.suffix.lower() in SUFFIXES:
            yield entry


def _is_chosen(name: Path, order: TranscodeOrder) -> bool:
    texts = (str(name), name.name)
    if order.include and not any(fnmatch.fnmatch(t, g) for t in texts for g in order.include):
        return False
    return not any(fnmatch.fnmatch(t, g) for t in texts for g in order.exclude)
