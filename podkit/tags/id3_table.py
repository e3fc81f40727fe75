"""Whether the chapters of an MP3 can be found: the table of contents that the standard wants.

Source: ID3v2 Chapter Frame Addendum, sections 3.1 (CHAP) and 3.2 (CTOC).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mutagen.id3 import ID3, CTOCFlags, ID3NoHeaderError

from podkit.tags.styles import translating


def table_fault(path: Path) -> str:
    """What is wrong with the table of contents of an MP3 file that has chapters; else nothing.

    Raises:
        FileError: it cannot be read.
        MediaError: its tags are damaged.
    """
    with translating(path, "read the tags"):
        try:
            tags: Any = ID3(path)  # type: ignore[no-untyped-call]
        except ID3NoHeaderError:
            return ""
        chapters = tags.getall("CHAP")
        return _fault(chapters, tags.getall("CTOC")) if chapters else ""


def _fault(chapters: list[Any], tables: list[Any]) -> str:
    top = [table for table in tables if table.flags & CTOCFlags.TOP_LEVEL]
    if len(top) != 1:
        many = f"{len(top)} top-level tables" if top else "no top-level table"
        return f"{len(chapters)} chapters, and {many} of contents"
    if not top[0].flags & CTOCFlags.ORDERED:
        return "the table of contents is not marked as ordered"
    known = {chapter.element_id for chapter in chapters}
    known |= {table.element_id for table in tables}
    lost = [name for name in top[0].child_element_ids if name not in known]
    if lost:
        return f"the table of contents lists {len(lost)} chapters that are not there"
    starts = {chapter.element_id: chapter.start_time for chapter in chapters}
    listed = [starts[name] for name in top[0].child_element_ids if name in starts]
    return "" if listed == sorted(listed) else "the table of contents is not in order"
