"""Versions of ID3: which one a file has, which it gets, and what of it others do not see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from podkit.model.chapter import Chapter
from podkit.model.media import Picture

_PLAIN = 127  # bytes up to which a size is written alike in both versions
# Bytes of a chapter's frame beside its text: encoding, terminators, type.
_OF_TEXT, _OF_ADDRESS = 2, 7


def unseen(
    path: Path,
    kind: str,
    wanted: str | None,
    chapters: Sequence[Chapter],
    pictures: Mapping[str, Picture],
) -> tuple[str, ...]:
    """What ffmpeg, and what is built on it, will not see of chapters that are written; in words.

    It reads the sizes of the frames inside a chapter as plain numbers, as ID3v2.3 has them, where
    ID3v2.4 has seven bits of each byte (structure, section 6.2): a chapter with a longer one is
    dropped.

    Args:
        path: the file as it is.
        kind: how it is tagged.
        wanted: the version asked for, None to keep the file's own.
        chapters: the chapters as they will be.
        pictures: those inside them, by the names in `Chapter.image`.
    """
    if kind not in {"id3", "wave", "aiff"} or (wanted or _own(path, kind)) != "2.4":
        return ()
    long = [c for c in chapters if c.image in pictures or _longest(c) > _PLAIN]
    if not long:
        return ()
    what = "1 chapter" if len(long) == 1 else f"{len(long)} chapters"
    why = "a picture, or a title or link of more than 125 bytes, is inside"
    return (f"ffmpeg does not see {what} in ID3v2.4: {why}; --id3 2.3 writes what it sees",)


def _longest(chapter: Chapter) -> int:
    """Bytes of the longest frame inside a chapter without a picture of its own."""
    title = len(chapter.title.encode()) + _OF_TEXT
    return max(title, len(chapter.url) + _OF_TEXT, len(chapter.image) + _OF_ADDRESS)


def _own(path: Path, kind: str) -> str:
    """The version that a file has; empty where there is none at its beginning."""
    if kind != "id3":
        return ""
    with path.open("rb") as stream:
        head = stream.read(4)
    return f"2.{head[3]}" if head.startswith(b"ID3") and len(head) == 4 else ""


def version_change(path: Path, kind: str, wanted: str | None, *, changes: bool) -> str:
    """The change of ID3's version that a write brings, as `2.4 → 2.3`; empty when none.

    Args:
        path: the file.
        kind: how it is tagged.
        wanted: the version asked for, None to keep the file's own where podkit can write it.
        changes: whether the file is written at all when no version is asked for.
    """
    found = _own(path, kind)
    if not found:
        return ""
    new = wanted or ("2.3" if found == "2.2" and changes else found)
    return f"{found} → {new}" if new != found else ""
