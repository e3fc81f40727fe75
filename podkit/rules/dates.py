"""Dates as feeds write them: RFC 2822, and what is wrong with those that are not."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = dict(
    zip(
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        range(1, 13),
        strict=True,
    )
)
_ZONES = "GMT|UT|Z|EST|EDT|CST|CDT|MST|MDT|PST|PDT"
# RFC 2822 section 3.3, with the zone names that section 4.3 still allows.
_STRICT = re.compile(
    rf"(?:(?P<day>{'|'.join(_DAYS)}),\s+)?[0-9]{{1,2}}\s+"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\s+[0-9]{4}\s+"
    rf"[0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}})?\s+(?:[+-][0-9]{{4}}|{_ZONES})"
)


# As nearly all feeds write it; what is written so needs no other look.
_USUAL = re.compile(
    rf"({'|'.join(_DAYS)}), ([0-9]{{1,2}}) ({'|'.join(_MONTHS)}) ([1-9][0-9]{{3}}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) (GMT|[+-][0-9]{4})"
)
NO_DAY = "the day's name is missing"
"""The slip of a date that RFC 2822 allows and strict readers of feeds may refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date that was read: None when it cannot be; `slip` is what strict readers may refuse."""

    value: datetime | None = None
    slip: str = ""


def parse_date(text: str) -> Moment:
    """What the text says, read as kindly as mail programs do."""
    usual = _USUAL.fullmatch(text)
    value = None if usual is None else _usual(*usual.groups())
    if value is not None and usual is not None and usual[1] == _DAYS[value.weekday()]:
        return Moment(value=value)
    try:
        value = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return Moment(slip="it is not a date as in RFC 2822")
    if value.tzinfo is None:  # a zone of "-0000", or none at all
        value = value.replace(tzinfo=UTC)
    # RFC 2822, section 3.2.3: a comment in brackets, often the zone's name
    bare = text.rpartition("(")[0].rstrip() if text.endswith(")") else text
    found = _STRICT.fullmatch(bare)
    if found is None:
        return Moment(value=value, slip="its form is not that of RFC 2822")
    if found["day"] is None:
        return Moment(value=value, slip=NO_DAY)
    if found["day"] != _DAYS[value.weekday()]:
        return Moment(value=value, slip=f"that day is a {_DAYS[value.weekday()]}")
    return Moment(value=value)


def _usual(*words: str) -> datetime | None:
    """The moment that the words of such a date say; None where there is no such moment."""
    _, day, month, year, hour, minute, second, zone = words
    try:
        return datetime(
            int(year), _MONTHS[month], int(day), int(hour), int(minute), int(second),
            tzinfo=_zone(zone),
        )  # fmt: skip
    except ValueError:
        return None


@functools.lru_cache(maxsize=256)
def _zone(word: str) -> timezone:
    if word in {"GMT", "-0000"}:
        return UTC
    minutes = int(word[1:3]) * 60 + int(word[3:])
    return timezone(timedelta(minutes=-minutes if word[0] == "-" else minutes))
