"""The field table: how each container stores each field, and what a field's value may be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from urllib.parse import quote

from podkit.errors import UsageError
from podkit.model.tags import FIELDS
from podkit.model.text import clean, clean_line
from podkit.registry import did_you_mean


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


@dataclass(frozen=True, slots=True)
class Field:
    """One field and its native keys.

    `id3` is a frame, or `TXXX:` and a description (ID3v2.4 at id3.org; PCST, WFED, TGID, TDES,
    TCAT and TKWD are iTunes' own). `mp4` is an item of `ilst`, or `----:` and mean and name.
    `vorbis` is a comment's name.
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
    Field("language", "TLAN", _FREEFORM + "LANGUAGE", "LANGUAGE"),
    Field("copyright", "TCOP", "cprt", "COPYRIGHT"),
    Field("publisher", "TPUB", "\xa9pub", "PUBLISHER"),
    Field("url", "WOAF", "\xa9url", "URL", Kind.URL),
    Field("encoded_by", "TENC", "\xa9enc", "ENCODED_BY"),
    Field("podcast", "PCST", "pcst", "PODCAST", Kind.FLAG),
    Field("podcast_url", "WFED", "purl", "PODCASTURL", Kind.URL),
    Field("podcast_id", "TGID", "egid", "PODCASTID"),
    Field("category", "TCAT", "catg", "CATEGORY"),
    Field("keywords", "TKWD", "keyw", "KEYWORDS"),
    Field("season", "TXXX:season", "tvsn", "SEASON"),
    Field("episode", "TXXX:episode", "tves", "EPISODE"),
    Field("episode_type", "TXXX:episode_type", _FREEFORM + "EPISODE_TYPE", "EPISODE_TYPE"),
    Field("explicit", "TXXX:ITUNESADVISORY", "rtng", "ITUNESADVISORY", Kind.FLAG),
    Field("lyrics", "USLT", "\xa9lyr", "LYRICS"),
)

TABLE: dict[str, Field] = {row.name: row for row in _ROWS}
"""Every field by its name, in the order of `model.tags.FIELDS`."""

if tuple(TABLE) != FIELDS:  # one vocabulary, written in two places
    raise AssertionError("the field table and model.tags.FIELDS differ")

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_YES = frozenset(["true", "yes", "1", "explicit"])
_NO = frozenset(["false", "no", "0", "clean"])


def normal(name: str, value: str) -> str:
    """The value as podkit stores it; an empty one stays empty and means "remove".

    Raises:
        UsageError: podkit knows no such field, or the value cannot be one of its kind.
    """
    field = TABLE.get(name)
    if field is None:
        raise UsageError(f"there is no tag {name!r}", hint=did_you_mean(name, TABLE))
    if field.kind is Kind.TEXT:
        return clean(value).strip()
    line = clean_line(value)
    if not line:
        return line
    if field.kind is Kind.URL:
        return ascii_url(line)
    if field.kind is Kind.DATE:
        return _date(line)
    if field.kind is Kind.PAIR:
        return _pair(name, line)
    return _flag(name, line)


def ascii_url(url: str) -> str:
    """The URL with everything but printable ASCII percent-encoded (RFC 3987, section 3.1)."""
    return quote(url, safe="".join(map(chr, range(33, 127))))


def _date(text: str) -> str:
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
