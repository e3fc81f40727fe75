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


class Names:
    """The names of folders while more of them come: a free one is found as fast among many.

    Compared without regard to case and to composed letters, as some file systems do.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._there = set(map(_folded, taken))
        self._last: dict[str, int] = {}

    def add(self, name: str) -> None:
        """Count a name as taken."""
        self._there.add(_folded(name))

    def free(self, wanted: str) -> str:
        """The slug itself, or the first of `-2`, `-3`, … that none has; it is not taken by that."""
        number = self._last.get(wanted, 1)
        candidate = wanted if number == 1 else _numbered(wanted, number)
        while candidate in self._there:
            number += 1
            candidate = _numbered(wanted, number)
        self._last[wanted] = number
        return candidate


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _numbered(wanted: str, number: int) -> str:
    ending = f"-{number}"
    return _cut(wanted, SLUG_LENGTH - len(ending)) + ending


def free_slug(wanted: str, taken: Iterable[str]) -> str:
    """The slug itself, or the first of `-2`, `-3`, … that no folder has in any spelling.

    Args:
        wanted: a slug.
        taken: names of folders; compared without regard to case and to composed letters, as some
            file systems do.
    """
    return Names(taken).free(wanted)
