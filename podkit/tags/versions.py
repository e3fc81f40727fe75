"""Versions of ID3: which one a file has, and which it gets."""

from __future__ import annotations

from pathlib import Path


def version_change(path: Path, kind: str, wanted: str | None, *, changes: bool) -> str:
    """The change of ID3's version that a write brings, as `2.4 → 2.3`; empty when none.

    Args:
        path: the file.
        kind: how it is tagged.
        wanted: the version asked for, None to keep the file's own where podkit can write it.
        changes: whether the file is written at all when no version is asked for.
    """
    if kind != "id3":
        return ""
    with path.open("rb") as stream:
        head = stream.read(4)
    if not head.startswith(b"ID3"):
        return ""
    found = f"2.{head[3]}"
    new = wanted or ("2.3" if found == "2.2" and changes else found)
    return f"{found} → {new}" if new != found else ""
