"""How single values are printed in a feed, and how tolerantly they are read from other people's."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from podkit.errors import FormatError
from podkit.model.text import clean, clean_line

# Links with these schemes run or reveal something where the feed is shown.
_ACTIVE = re.compile(r"\s*(javascript|vbscript|data|file|blob|about)\s*:", re.IGNORECASE)
# RFC 2822 section 4.3 knows only American zones; these are seen in feeds and mean one thing only.
_ZONES = {
    "WET": "+0000", "WEST": "+0100", "CET": "+0100", "CEST": "+0200", "MEZ": "+0100",
    "MESZ": "+0200", "EET": "+0200", "EEST": "+0300", "MSK": "+0300", "JST": "+0900",
    "AEST": "+1000", "AEDT": "+1100", "NZST": "+1200", "NZDT": "+1300",
}  # fmt: skip
_TRUE = frozenset(["yes", "true", "explicit", "1", "on"])
_FALSE = frozenset(["no", "false", "clean", "0", "off"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of value; `name` is what the documentation calls it.

    `show` prints a value, and an empty string means: leave it out. `parse` raises ValueError for
    what it cannot understand.
    """

    name: str
    show: Callable[[Any], str]
    parse: Callable[[str], Any]


def url(text: str) -> str:
    """A link as it is printed.

    Raises:
        FormatError: it is of a kind that runs or opens something on the reader's machine.
    """
    line = clean_line(text)
    if _ACTIVE.match(line):
        raise FormatError(
            f"{line[:80]!r} may not stand in a feed as a link",
            hint="mend it in the record; a link begins with https:// or mailto:",
        )
    return line


def number(value: float) -> str:
    """A number without trailing zeros and without an exponent: `1`, `2.5`, `0.0001`.

    Raises:
        FormatError: it is infinite or not a number.
    """
    if not math.isfinite(value):
        raise FormatError(f"{value} is not a number that a feed can hold")
    if value == int(value):
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def seconds(value: float) -> str:
    """A duration in whole seconds, as Apple wants it; half a second counts as one.

    Raises:
        FormatError: it is negative, infinite or not a number.
    """
    if not math.isfinite(value) or value < 0:
        raise FormatError(f"{value} is not a duration")
    return str(math.floor(value + 0.5))


def moment(value: datetime) -> str:
    """A moment by RFC 2822 section 3.3, in its own zone to the minute, whatever the locale.

    Raises:
        FormatError: it has no zone.
    """
    offset = value.utcoffset()
    if offset is None:
        raise FormatError(f"the date {value.isoformat()} has no time zone")
    whole = timedelta(minutes=int(offset.total_seconds() // 60))
    zone = timezone(whole) if whole else UTC
    return format_datetime(value.astimezone(zone).replace(microsecond=0))


def parse_moment(text: str) -> datetime:
    """A moment from RFC 2822, from ISO 8601, or from what is nearly so; without a zone it is UTC."""
    line = " ".join(text.split())
    try:
        found = datetime.fromisoformat(line)
    except ValueError:
        try:
            found = parsedate_to_datetime(_mended_date(line))
        except (TypeError, IndexError, OverflowError) as error:
            raise ValueError(text) from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _mended_date(line: str) -> str:
    """The date without a (perhaps foreign) day name, with short month names and numeric zones."""
    undated = re.sub(r"^[^\W\d]+\.?,?\s+(?=\d)", "", line)
    short = re.sub(r"\b([A-Za-z]{3})[a-z]+\.?(?=\s+\d)", r"\1", undated)
    return re.sub(r"\b[A-Z]{3,4}$", lambda zone: _ZONES.get(zone[0], zone[0]), short)


def parse_seconds(text: str) -> float:
    """A duration from `3661`, `61:01`, `1:01:01` or `1:01:01.5`."""
    parts = [float(part) for part in text.strip().split(":")]
    if len(parts) > 3 or not all(math.isfinite(part) and part >= 0 for part in parts):
        raise ValueError(text)
    total = 0.0
    for part in parts:
        total = total * 60 + part
    return total


def parse_bool(text: str) -> bool:
    """Yes or no, in every word that feeds have used for it."""
    word = text.strip().lower()
    if word in _TRUE:
        return True
    if word in _FALSE:
        return False
    raise ValueError(text)


def _parse_yes(text: str) -> bool:
    """Yes, in every word for it; anything else says nothing."""
    if not parse_bool(text):
        raise ValueError(text)
    return True


def parse_number(text: str) -> float:
    """A finite number."""
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def parse_integer(text: str) -> int:
    """A whole number, also when written as `2.0`."""
    value = parse_number(text)
    if value != int(value):
        raise ValueError(text)
    return int(text) if text.strip().lstrip("+-").isdigit() else int(value)


def _parse_iso(text: str) -> datetime:
    return datetime.fromisoformat(text.strip())


def _optional(show: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda value: "" if value is None else show(value)


LINE = Kind(name="text", show=clean_line, parse=clean_line)
TEXT = Kind(
    name="text, several lines",
    show=lambda text: clean(text).strip(),
    parse=lambda text: clean(text).strip(),
)
URL = Kind(name="URL", show=url, parse=clean_line)
INTEGER = Kind(name="whole number", show=_optional(number), parse=parse_integer)
DECIMAL = Kind(name="number", show=_optional(number), parse=parse_number)
SECONDS = Kind(
    name="whole seconds",
    show=_optional(seconds),
    parse=parse_seconds,
)
MOMENT = Kind(name="date (RFC 2822)", show=moment, parse=parse_moment)
ISO = Kind(name="date (ISO 8601)", show=_optional(datetime.isoformat), parse=_parse_iso)
YES_NO = Kind(name="yes or no", show=lambda value: "yes" if value else "no", parse=parse_bool)
ONLY_YES = Kind(name="Yes", show=lambda value: "Yes" if value else "", parse=_parse_yes)
ONLY_TRUE = Kind(name="true", show=lambda value: "true" if value else "", parse=_parse_yes)
TRUE_FALSE = Kind(
    name="true or false",
    show=_optional(lambda value: "true" if value else "false"),
    parse=parse_bool,
)
