"""How a title becomes an episode's folder name and address, and what a taken one becomes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from slugify import slugify

from podkit.model.identity import SLUG_LENGTH, is_slug, transliterate_ukrainian


def slug_for(title: str, *, fallback: str = "episode") -> str:
    """An ASCII slug of a title, cut between words at 80 characters.

    Ukrainian is written by the table of 2010; other scripts as python-slugify does.

    Args:
        title: any text.
        fallback: a slug for titles without a letter that can be written in ASCII; it also follows
            a name that is reserved.
    """
    made = _cut(slugify(transliterate_ukrainian(unicodedata.normalize("NFC", title))), SLUG_LENGTH)
    if not made:
        return fallback
    return made if is_slug(made) else f"{made}-{fallback}"


def _cut(slug: str, length: int) -> str:
    if len(slug) <= length:
        return slug
    cut = slug[:length]
    if slug[length] != "-" and "-" in cut:
        cut = cut.rsplit("-", 1)[0]
    return cut.strip("-")


def free_slug(wanted: str, taken: Iterable[str]) -> str:
    """The slug itself, or the first of `-2`, `-3`, … that no folder has in any spelling.

    Args:
        wanted: a slug.
        taken: names of folders; compared without regard to case and to composed letters, as some
            file systems do.
    """
    there = {unicodedata.normalize("NFC", name).casefold() for name in taken}
    candidate, number = wanted, 1
    while candidate in there:
        number += 1
        ending = f"-{number}"
        candidate = _cut(wanted, SLUG_LENGTH - len(ending)) + ending
    return candidate
