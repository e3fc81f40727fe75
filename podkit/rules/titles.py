"""What a title holds beside what the episode is about: numbers of episodes and seasons, the show's name."""

from __future__ import annotations

import functools
import re

# "Episode" and "season" in the languages in which most podcasts are made.
_WORDS = (
    r"season|episode|ep\.?|folge|staffel|épisode|saison|episodio|temporada|cap[ií]tulo|episódio|"
    r"puntata|stagione|aflevering|seizoen|avsnitt|säsong|odcinek|sezon|bölüm|díl|"
    r"випуск|епізод|сезон|серія|выпуск|эпизод|серия"
)
_SPELT = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_NUMBERED = (
    r"(?<!\w)(?:s[0-9]{1,3}\s{0,3}[:.,·-]?\s{0,3}e[0-9]{1,4}"
    rf"|(?:{_WORDS})\s{{0,3}}(?:#|№|no\.)?\s{{0,3}}[0-9]+)\b"
    r"|^#[0-9]+\b|\s#[0-9]+$|\(#[0-9]+\)|\s#[0-9]{2,4}\s*[:–—|-]"
    r"|^e[0-9]{1,4}\s*[:.–—|-]"
)
_IN_WORDS = re.compile(rf"\b(?:season|episode)\s+(?:{_SPELT})(?:\s*[:.,–—|-]|$)", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
_LEADING = re.compile(r"#?0*([0-9]{1,6})\s*[.:)–—|-](?:\s|$)")
_AFTER = frozenset(":-–—|•·/([{)]}")
_BEFORE = frozenset(":-–—|•·/([{")
_OPENING, _CLOSING = "([{ ", ")]} "


def holds_number(title: str, own: str = "") -> bool:
    """Whether a season's or an episode's number stands in a title.

    Args:
        title: the title.
        own: the episode's number where it is known: at the beginning of the title it is no year.
    """
    if _DIGIT.search(title) is None:
        return _IN_WORDS.search(title) is not None
    if _is_numbered(title):
        return True
    leading = _LEADING.match(title) if own else None
    return leading is not None and leading[1].lstrip("0") == own.lstrip("0")


def _is_numbered(title: str) -> bool:
    """Whether such words and numbers are in it; in small letters they are found in half the time.

    Only of ASCII are small letters what the expression takes for equal.
    """
    if title.isascii():
        return _numbered(0).search(title.lower()) is not None
    return _numbered(re.IGNORECASE).search(title) is not None


@functools.cache
def _numbered(flags: int) -> re.Pattern[str]:
    return re.compile(_NUMBERED, flags)


def repeats(title: str, show: str) -> bool:
    """Whether the show's name stands before or after the title, set off by a mark or in brackets.

    Both are compared as they are: in small letters where case shall not count.
    """
    if show not in title:
        return False
    bare = title.lstrip(_OPENING)
    if bare.startswith(show):
        return bare[len(show) :].lstrip()[:1] in _AFTER
    bare = title.rstrip(_CLOSING)
    return bare.endswith(show) and bare[: -len(show)].rstrip()[-1:] in _BEFORE
