"""Chapters in ID3: CHAP frames with title, link and picture inside, and the CTOC that lists them.

Times are milliseconds, and one that no table of contents lists is hidden (ID3v2 Chapter Frame
Addendum 1.0). A picture is bytes, or with the MIME type `-->` an address (ID3v2.4 frames, 4.14).
"""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mutagen import id3

from podkit.model.chapter import Chapter, in_order
from podkit.model.media import Picture
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.tags.fields import ascii_url
from podkit.tags.styles import MAX_READ, mime_of, picture_name, stored

_NO_OFFSET = 0xFFFFFFFF
_CONTENTS = "toc"
_ADDRESS = "-->"
_OURS = frozenset(["TIT2", "WXXX", "APIC"])
_UTF8 = id3.Encoding.UTF8  # mutagen turns it into UTF-16 where it writes v2.3


def read(tags: Any) -> tuple[Chapter, ...]:
    """The chapters in order."""
    tables = tags.getall("CTOC")
    named = {element for table in tables for element in table.child_element_ids}
    found = []
    for frame in tags.getall("CHAP")[:MAX_READ]:
        start, end = frame.start_time / 1000, frame.end_time / 1000
        links = frame.sub_frames.getall("WXXX")
        found.append(
            Chapter(
                start=start,
                end=end if end > start and frame.end_time != _NO_OFFSET else None,
                title=_title(frame),
                url=stored(links[0].url) if links else "",
                image=_image(frame),
                hidden=bool(tables) and frame.element_id not in named,
            )
        )
    return in_order(tuple(found))


def pictures(tags: Any) -> dict[str, Picture]:
    """The pictures inside the chapters, by the name that `read` gives them."""
    found = (_picture(frame) for frame in tags.getall("CHAP")[:MAX_READ])
    return {picture_name(picture): picture for picture in found if picture}


def kept(chapter: Chapter, there: Mapping[str, Picture]) -> Chapter:
    """The chapter as its frame will hold it.

    Args:
        chapter: with times to the millisecond.
        there: the pictures that can be put inside, by the names that chapters give them.
    """
    image = ""
    if chapter.image in there:
        image = picture_name(there[chapter.image])
    elif is_safe_url(chapter.image, MEDIA_SCHEMES):
        image = ascii_url(chapter.image)
    return replace(chapter, url=ascii_url(chapter.url), image=image)


def write(tags: Any, chapters: tuple[Chapter, ...], there: Mapping[str, Picture]) -> None:
    """Replace all chapters by CHAP frames and one ordered top-level CTOC.

    What others put inside a chapter stays in the one with the same start and title.

    Args:
        tags: the frames of a file.
        chapters: as `kept` gives them, in order.
        there: the pictures, by `picture_name`.
    """
    old = {(f.start_time, _title(f)): _foreign(f) for f in reversed(tags.getall("CHAP"))}
    tables = [t for t in tags.getall("CTOC") if t.flags & id3.CTOCFlags.TOP_LEVEL]
    about = list(tables[0].sub_frames.values()) if tables else []
    tags.delall("CHAP")
    tags.delall("CTOC")
    visible = []
    for number, chapter in enumerate(chapters):
        element = f"chp{number}"
        inside = old.pop((round(chapter.start * 1000), chapter.title), [])
        tags.add(_chap(element, chapter, there.get(chapter.image), inside))
        if not chapter.hidden:
            visible.append(element)
    if chapters:
        flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
        tags.add(
            id3.CTOC(element_id=_CONTENTS, flags=flags, child_element_ids=visible, sub_frames=about)
        )


def _chap(element: str, chapter: Chapter, picture: Picture | None, foreign: list[Any]) -> Any:
    inside: list[Any] = []
    if chapter.title:
        encoding = id3.Encoding.LATIN1 if chapter.title.isascii() else _UTF8
        inside.append(id3.TIT2(encoding=encoding, text=chapter.title))
    if chapter.url:
        inside.append(id3.WXXX(encoding=id3.Encoding.LATIN1, desc="", url=chapter.url))
    if picture is not None or chapter.image:
        inside.append(
            id3.APIC(
                encoding=id3.Encoding.LATIN1,
                mime=picture.mime if picture else _ADDRESS,
                type=id3.PictureType.OTHER,
                desc="",
                data=picture.content if picture else chapter.image.encode("ascii"),
            )
        )
    return id3.CHAP(
        element_id=element,
        start_time=round(chapter.start * 1000),
        end_time=round((chapter.end or 0) * 1000),
        start_offset=_NO_OFFSET,
        end_offset=_NO_OFFSET,
        sub_frames=inside + foreign,
    )


def _title(frame: Any) -> str:
    titles = frame.sub_frames.getall("TIT2")
    return stored(titles[0].text[0]) if titles and titles[0].text else ""


def _foreign(frame: Any) -> list[Any]:
    return [f for f in frame.sub_frames.values() if f.FrameID not in _OURS]


def _image(frame: Any) -> str:
    """The name of a chapter's picture, or its address."""
    if picture := _picture(frame):
        return picture_name(picture)
    found = frame.sub_frames.getall("APIC")
    return stored(bytes(found[0].data).decode("latin-1")) if found else ""


def _picture(frame: Any) -> Picture | None:
    found = frame.sub_frames.getall("APIC")
    if not found or found[0].mime == _ADDRESS or not found[0].data:
        return None
    content = bytes(found[0].data)
    return Picture(
        mime=mime_of(content, found[0].mime), content=content, description=stored(found[0].desc)
    )
