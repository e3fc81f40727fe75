"""Matroska's chapters: an edition of atoms, whose links are tags that name a chapter's UID."""

from __future__ import annotations

import hashlib

from podkit.model.chapter import Chapter, in_order
from podkit.tags import ebml
from podkit.tags import matroska_ids as ids
from podkit.tags.ebml import Element
from podkit.tags.styles import MAX_READ, stored

_SECOND = 1_000_000_000
_MILLISECOND = 1_000_000
_OURS = (ids.CHAPTER_UID, ids.CHAPTER_START, ids.CHAPTER_END, ids.CHAPTER_HIDDEN, ids.DISPLAY)


def read(part: Element | None, links: dict[int, str]) -> tuple[Chapter, ...]:
    """The chapters of the first edition in order; those inside others are not read.

    Args:
        part: the file's chapters.
        links: by a chapter's UID its link.
    """
    found = []
    for atom in _atoms(part)[:MAX_READ]:
        start, end = atom.number(ids.CHAPTER_START), atom.number(ids.CHAPTER_END)
        found.append(
            Chapter(
                start=start / _SECOND,
                end=end / _SECOND if end > start else None,
                title=_title(atom),
                url=links.get(atom.number(ids.CHAPTER_UID), ""),
                hidden=bool(atom.number(ids.CHAPTER_HIDDEN)),
            )
        )
    return in_order(tuple(found))


def build(
    part: Element | None, chapters: tuple[Chapter, ...], *, webm: bool
) -> tuple[bytes | None, dict[int, str], set[int]]:
    """What stands in the part for these chapters, their links by UID, and all UIDs.

    A chapter that was there, with the same start and title, keeps its UID, its titles in other
    languages, and what podkit does not know.

    Args:
        part: what is there.
        chapters: in order, with times to the millisecond.
        webm: WebM knows neither an edition's UID nor any flag (WebM container guidelines).
    """
    old = {(_ms(atom), _title(atom)): atom for atom in reversed(_atoms(part))}
    taken: set[int] = set()
    links: dict[int, str] = {}
    atoms = []
    for number, chapter in enumerate(chapters):
        start = round(chapter.start * 1000)
        there = old.pop((start, chapter.title), None)
        uid = there.number(ids.CHAPTER_UID) if there else 0
        if not uid or uid in taken:
            uid = uid_of(f"{number} {start} {chapter.title}", taken)
        taken.add(uid)
        if chapter.url:
            links[uid] = chapter.url
        atoms.append(_atom(chapter, uid, there, webm=webm))
    if not atoms:
        return None, {}, set()
    head = [
        ebml.leaf(ids.EDITION_UID, uid_of("edition", taken)),
        ebml.leaf(ids.EDITION_DEFAULT, 1),
    ]
    edition = ebml.master(ids.EDITION, *([] if webm else head), *atoms)
    return edition.to_bytes(), links, taken


def uid_of(words: str, taken: set[int]) -> int:
    """A number of 64 bits that is not zero and not taken; the same for the same words."""
    number = 0
    while not number or number in taken:
        number = int.from_bytes(hashlib.sha256(words.encode()).digest()[:8])
        words += "'"
    return number


def _atom(chapter: Chapter, uid: int, there: Element | None, *, webm: bool) -> Element:
    start, end = round(chapter.start * 1000), round((chapter.end or 0) * 1000)
    kept = [e for e in there.elements if e.id not in _OURS] if there else []
    shows = list(there.every(ids.DISPLAY)) if there else []
    if not shows and chapter.title:
        shows = [
            ebml.master(
                ids.DISPLAY,
                ebml.leaf(ids.CHAPTER_STRING, chapter.title),
                ebml.leaf(ids.CHAPTER_LANGUAGE, "und"),
            )
        ]
    return ebml.master(
        ids.ATOM,
        ebml.leaf(ids.CHAPTER_UID, uid),
        ebml.leaf(ids.CHAPTER_START, start * _MILLISECOND),
        ebml.leaf(ids.CHAPTER_END, end * _MILLISECOND) if end > start else None,
        None if webm else ebml.leaf(ids.CHAPTER_HIDDEN, int(chapter.hidden)),
        *kept,
        *shows,
    )


def _atoms(part: Element | None) -> list[Element]:
    edition = part.first(ids.EDITION) if part else None
    return list(edition.every(ids.ATOM)) if edition else []


def _ms(atom: Element) -> int:
    return round(atom.number(ids.CHAPTER_START) / _MILLISECOND)


def _title(atom: Element) -> str:
    display = atom.first(ids.DISPLAY)
    return stored(display.text(ids.CHAPTER_STRING)) if display else ""
