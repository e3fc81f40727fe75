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
    r"|^#[0-9]+\b|\s#[0-9]+$|\(#[0-9]+\)"
)
_IN_WORDS = re.compile(rf"\b(?:season|episode)\s+(?:{_SPELT})(?:\s*[:.,–—|-]|$)", re.IGNORECASE)
_DIGIT = re.compile(r"[0-9]")
# What may be a fair (E3), a petrol (E10), an agent (#47), or a year as well.
_MAYBE = re.compile(
    r"^#?0*([0-9]{1,6})\s*[.:)–—|-](?:\s|$)"
    r"|^[eE]0*([0-9]{1,6})\s*[:.–—|-]"
    r"|\s#0*([0-9]{1,6})\s*[:–—|-]"
)
# A bracket after the name opens a remark: "(live in Kyiv)". One before the name holds the name.
_AFTER = frozenset(":-–—|•·/)]}")
_BEFORE = frozenset(":-–—|•·/([{")
_OPENING, _CLOSING = "([{ ", ")]} "


def holds_number(title: str, own: str = "") -> bool:
    """Whether a season's or an episode's number stands in a title.

    Args:
        title: the title.
        own: the episode's number where it is known: what may be a year or a name as well counts
            where it is this number.
    """
    if _DIGIT.search(title) is None:
        return _IN_WORDS.search(title) is not None
    if _is_numbered(title):
        return True
    number = own.lstrip("0")
    return bool(own) and any(
        found[found.lastindex or 0].lstrip("0") == number for found in _MAYBE.finditer(title)
    )


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

    A name with a remark in brackets behind it is a title: a show may call an episode so.
    Both are compared as they are: in small letters where case shall not count.
    """
    if show not in title:
        return False
    bare = title.lstrip(_OPENING)
    if bare.startswith(show) and bare[len(show) :].lstrip()[:1] in _AFTER:
        return True
    bare = title.rstrip(_CLOSING)
    return bare.endswith(show) and bare[: -len(show)].rstrip()[-1:] in _BEFORE
