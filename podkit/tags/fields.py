"""The field table: how each container stores each field, and what a field's value may be."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from urllib.parse import quote

from podkit.errors import UsageError
from podkit.model.episode import EpisodeType
from podkit.model.tags import FIELDS
from podkit.model.text import clean, clean_line, display
from podkit.registry import did_you_mean
from podkit.tags.languages import shortest


class Kind(Enum):
    """What a field's value looks like."""

    TEXT = auto()
    """Text; its line ends are kept."""
    DATE = auto()
    """`2026`, `2026-11`, `2026-11-20`, `2026-11-20T06:00:00`, in UTC where it has a time."""
    PAIR = auto()
    """A number, or a number and a total: `3`, `3/10`."""
    URL = auto()
    """An address; what is not ASCII in it is percent-encoded (ID3 links are Latin-1)."""
    FLAG = auto()
    """`true` or `false`."""
    COUNT = auto()
    """A whole number from 0."""
    NUMBER = auto()
    """A number from 0 that may have decimals, as `podcast:episode` may."""
    TYPE = auto()
    """`full`, `trailer` or `bonus`."""
    LANGUAGE = auto()
    """A language as feeds have it: `en`, `uk`, `pt-BR`; `eng` counts as `en`. Others stay."""
    CREDITS = auto()
    """People by their roles: `host: Olena Koval; guest: Ivan Petrenko`."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field and its native keys.

    `id3` is a frame, or `TXXX:` and a description (ID3v2.4 at id3.org; PCST, WFED, TGID, TDES,
    TCAT and TKWD are iTunes' own). `mp4` is an item of `ilst`, or `----:` and mean and name.
    `vorbis` is a comment's name. Credits are pairs of role and name in TIPL (IPLS in v2.3), one
    text in MP4, and one comment for each person in Vorbis (`Olena Koval (host)`).
    """

    name: str
    id3: str
    mp4: str
    vorbis: str
    kind: Kind = Kind.TEXT


_FREEFORM = "----:com.apple.iTunes:"

_ROWS = (
    Field("title", "TIT2", "\xa9nam", "TITLE"),
    Field("artist", "TPE1", "\xa9ART", "ARTIST"),
    Field("album", "TALB", "\xa9alb", "ALBUM"),
    Field("album_artist", "TPE2", "aART", "ALBUMARTIST"),
    Field("date", "TDRC", "\xa9day", "DATE", Kind.DATE),
    Field("track", "TRCK", "trkn", "TRACKNUMBER", Kind.PAIR),
    Field("genre", "TCON", "\xa9gen", "GENRE"),
    Field("comment", "COMM", "\xa9cmt", "COMMENT"),
    Field("description", "TDES", "desc", "DESCRIPTION"),
    Field("long_description", "TXXX:long_description", "ldes", "LONG_DESCRIPTION"),
    Field("language", "TLAN", _FREEFORM + "LANGUAGE", "LANGUAGE", Kind.LANGUAGE),
    Field("copyright", "TCOP", "cprt", "COPYRIGHT"),
    Field("publisher", "TPUB", "\xa9pub", "PUBLISHER"),
    Field("url", "WOAF", "\xa9url", "URL", Kind.URL),
    Field("encoded_by", "TENC", "\xa9enc", "ENCODED_BY"),
    Field("podcast", "PCST", "pcst", "PODCAST", Kind.FLAG),
    Field("podcast_url", "WFED", "purl", "PODCASTURL", Kind.URL),
    Field("podcast_id", "TGID", "egid", "PODCASTID"),
    Field("category", "TCAT", "catg", "CATEGORY"),
    Field("keywords", "TKWD", "keyw", "KEYWORDS"),
    Field("season", "TXXX:season", "tvsn", "SEASON", Kind.COUNT),
    Field("episode", "TXXX:episode", "tves", "EPISODE", Kind.NUMBER),
    Field(
        "episode_type", "TXXX:episode_type", _FREEFORM + "EPISODE_TYPE", "EPISODE_TYPE", Kind.TYPE
    ),
    Field("explicit", "TXXX:ITUNESADVISORY", "rtng", "ITUNESADVISORY", Kind.FLAG),
    Field("lyrics", "USLT", "\xa9lyr", "LYRICS"),
    Field("credits", "TIPL", _FREEFORM + "CREDITS", "PERFORMER", Kind.CREDITS),
)

TABLE: dict[str, Field] = {row.name: row for row in _ROWS}
"""Every field by its name, in the order of `model.tags.FIELDS`."""

if tuple(TABLE) != FIELDS:  # one vocabulary, written in two places
    raise AssertionError("the field table and model.tags.FIELDS differ")

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_YES = frozenset(["true", "yes", "1", "explicit"])
_NO = frozenset(["false", "no", "0", "clean"])
_TYPES = frozenset(EpisodeType)
_YEAR = re.compile(r"(?<!\d)(1[5-9]|20)\d\d(?!\d)")
_NO_BRACKETS = str.maketrans("", "", "():")  # Vorbis has the role in brackets
_NO_SEPARATORS = str.maketrans(";\n", ",,")
_REFUSED = frozenset(["Cc", "Cs"])


def normal(name: str, value: str) -> str:
    """The value as podkit stores it; an empty one stays empty and means "remove".

    Raises:
        UsageError: podkit knows no such field, or the value cannot be one of its kind.
    """
    field = TABLE.get(name)
    if field is None:
        raise UsageError(f"there is no tag {name!r}", hint=did_you_mean(name, TABLE))
    _check_characters(name, value)
    if field.kind is Kind.TEXT:
        return clean(value).strip()
    if field.kind is Kind.CREDITS:
        return join_credits(parse_credits(value))
    line = clean_line(value)
    if not line:
        return line
    return _LINES[field.kind](name, line)


def legal(found: Mapping[str, str]) -> dict[str, str]:
    """The fields of a foreign file as podkit can store them; what it cannot store is left out.

    Of a date that is none the year is kept.
    """
    kept = {}
    for name, value in found.items():
        text = clean(value)
        year = _YEAR.search(text) if name == "date" else None
        for attempt in (text, year[0] if year else ""):
            with contextlib.suppress(UsageError):
                kept[name] = normal(name, attempt)
                break
    return {name: value for name, value in kept.items() if value}


def parse_credits(text: str) -> tuple[tuple[str, str], ...]:
    """Role and name of each person; somebody without a role is the host (podcast:person)."""
    found = []
    for part in re.split(r"[;\n]", clean(text)):
        role, colon, name = clean_line(part).partition(": ")
        if not colon:
            role, name = "", role
        role = role.translate(_NO_BRACKETS).strip().lower()
        if name.strip():
            found.append((role or "host", name.strip()))
    return tuple(dict.fromkeys(found))


def join_credits(people: Iterable[tuple[str, str]]) -> str:
    """Pairs of role and name in one text, as `parse_credits` reads it."""
    parts = (f"{role}: {name}".translate(_NO_SEPARATORS) for role, name in people)
    return "; ".join(f"{role}: {name}" for role, name in parse_credits("; ".join(parts)))


def _check_characters(name: str, value: str) -> None:
    """Refuse what no reader could show.

    Raises:
        UsageError: a control character, or a byte that was no UTF-8.
    """
    bad = next((c for c in value if c not in "\t\n\r" and unicodedata.category(c) in _REFUSED), "")
    if bad:
        what = "a byte that is no UTF-8" if "\udc80" <= bad <= "\udcff" else "a control character"
        raise UsageError(f"{name} holds {what} ({display(bad)})", hint="leave it out")


def ascii_url(url: str) -> str:
    """The URL with everything but printable ASCII percent-encoded (RFC 3987, section 3.1)."""
    return quote(url, safe="".join(map(chr, range(33, 127))))


def _url(_name: str, text: str) -> str:
    return ascii_url(text)


def _date(_name: str, text: str) -> str:
    """An ISO date, or a moment in UTC to the second (ID3v2.4 structure, section 4)."""
    try:
        if _DATE.fullmatch(text):
            datetime.fromisoformat(text + "-01-01"[len(text) - 4 :])
            return text
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{text!r} is not a date", hint="write it as 2026, 2026-11-20 or 2026-11-20T06:00:00"
        ) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.replace(microsecond=0, tzinfo=None).isoformat()


def _language(_name: str, text: str) -> str:
    return shortest(text)


def _pair(name: str, text: str) -> str:
    number, slash, total = text.partition("/")
    parts = [number, total] if slash else [number]
    if not all(p.isascii() and p.isdigit() and 0 < int(p) < 1 << 16 for p in parts):
        raise UsageError(
            f"{name} {text!r} is not a number from 1 to 65535", hint="write it as 3 or 3/10"
        )
    return "/".join(str(int(p)) for p in parts)


def _flag(name: str, text: str) -> str:
    if text.lower() in _YES:
        return "true"
    if text.lower() in _NO:
        return "false"
    raise UsageError(f"{name} is true or false, not {text!r}")


def _count(name: str, text: str) -> str:
    if not (text.isascii() and text.isdigit() and int(text) < 1 << 31):
        raise UsageError(f"{name} is a whole number, not {text!r}", hint=f"write {name}=3")
    return str(int(text))


def _number(name: str, text: str) -> str:
    whole, point, decimals = text.partition(".")
    if not all(p.isascii() and p.isdigit() for p in ([whole, decimals] if point else [whole])):
        raise UsageError(f"{name} is a number, not {text!r}", hint=f"write {name}=7 or {name}=7.5")
    decimals = decimals.rstrip("0")
    return _count(name, whole) + (f".{decimals}" if decimals else "")


def _type(name: str, text: str) -> str:
    if text.lower() not in _TYPES:
        raise UsageError(f"{name} is full, trailer or bonus, not {text!r}")
    return text.lower()


_LINES = {
    Kind.DATE: _date,
    Kind.LANGUAGE: _language,
    Kind.PAIR: _pair,
    Kind.URL: _url,
    Kind.FLAG: _flag,
    Kind.COUNT: _count,
    Kind.NUMBER: _number,
    Kind.TYPE: _type,
}
"""What makes one line of each kind."""
