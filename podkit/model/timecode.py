"""Durations and moments as people type them, and as they are shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, tzinfo

from podkit.errors import UsageError

_CLOCK = re.compile(r"(?:(?P<h>\d+):)?(?P<m>\d{1,3}):(?P<s>\d{1,2}(?:[.,]\d+)?)")
_UNITS = re.compile(
    r"(?:(?P<h>\d+(?:\.\d+)?)\s*h(?:ours?)?)?\s*(?:(?P<m>\d+(?:\.\d+)?)\s*m(?:in(?:utes?)?)?)?\s*"
    r"(?:(?P<s>\d+(?:\.\d+)?)\s*s(?:ec(?:onds?)?)?)?"
)

_SPAN = re.compile(
    r"(?:(\d{1,9})\s*w(?:eeks?)?)?\s*(?:(\d{1,9})\s*d(?:ays?)?)?\s*"
    r"(?:(\d{1,9})\s*h(?:ours?)?)?\s*(?:(\d{1,9})\s*m(?:in(?:utes?)?)?)?",
    re.ASCII,
)


def parse_duration(text: str) -> float:
    """Seconds from `1:02:03`, `62:03.5`, `90s`, `1h 2m`, `12.5`.

    Raises:
        UsageError: it is none of these.
    """
    bare = text.strip().lower()
    if re.fullmatch(r"\d+(?:[.,]\d+)?", bare):
        return float(bare.replace(",", "."))
    found = _CLOCK.fullmatch(bare) or (_UNITS.fullmatch(bare) if bare else None)
    if found is None:
        raise UsageError(f"{text!r} is not a duration", hint="write it as 1:02:03, 90s or 12.5")
    hours, minutes, seconds = (
        float((found[key] or "0").replace(",", ".")) for key in ("h", "m", "s")
    )
    if ":" in bare and (seconds >= 60 or (found["h"] and minutes >= 60)):
        raise UsageError(f"{text!r} is not a duration", hint="minutes and seconds end at 59")
    return hours * 3600 + minutes * 60 + seconds


def parse_span(text: str) -> timedelta:
    """How long before or after: `48h`, `2 days`, `1 week`, `1 day 12 hours`, `90 min`; empty is nothing.

    Raises:
        UsageError: it is none of these, or longer than ten years.
    """
    found = _SPAN.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError(f"{text!r} is no span of time", hint='write it as "48h" or "2 days"')
    weeks, days, hours, minutes = (int(n or 0) for n in found.groups())
    span = timedelta(days=min(7 * weeks + days, 10**6), hours=hours, minutes=minutes)
    if span > timedelta(days=3660):
        raise UsageError(f"{text!r} is more than ten years", hint='write it as "48h" or "2 days"')
    return span


def format_timecode(seconds: float, *, separator: str = ".") -> str:
    """`HH:MM:SS.mmm`, rounded to the nearest millisecond."""
    total = max(round(seconds * 1000), 0)
    whole, millis = divmod(total, 1000)
    minutes, secs = divmod(whole, 60)
    hours, mins = divmod(minutes, 60)
    return f"{hours:02d}:{mins:02d}:{secs:02d}{separator}{millis:03d}"


def format_duration(seconds: float) -> str:
    """`1:02:03` or `2:03`, for people."""
    minutes, secs = divmod(round(seconds), 60)
    hours, mins = divmod(minutes, 60)
    return f"{hours}:{mins:02d}:{secs:02d}" if hours else f"{mins}:{secs:02d}"


def iso_duration(seconds: float) -> str:
    """`PT1H2M3S`, ISO 8601, for the `time` element of a page."""
    minutes, secs = divmod(round(seconds), 60)
    hours, mins = divmod(minutes, 60)
    parts = (f"{hours}H" if hours else "") + (f"{mins}M" if mins else "")
    return f"PT{parts}{secs}S" if secs or not parts else f"PT{parts}"


def parse_moment(text: str, *, now: datetime, zone: tzinfo, release_time: time) -> datetime:
    """An aware moment from `now`, a date, or a date and time with or without a zone.

    Args:
        text: `now`, `2026-11-20` (at the show's release time), `2026-11-20 06:00`, ISO 8601.
        now: what `now` means; aware.
        zone: the zone of what is typed without one.
        release_time: the wall-clock time of a bare date.

    Raises:
        UsageError: it is no date, or names an hour that the clocks skip in that zone.
    """
    bare = text.strip()
    if bare.lower() == "now":
        return now.replace(microsecond=0)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", bare):
            naive = datetime.combine(datetime.fromisoformat(bare).date(), release_time)
        else:
            naive = datetime.fromisoformat(bare)
    except ValueError:
        raise UsageError(
            f"{text!r} is not a date", hint="write 2026-11-20, 2026-11-20 06:00 or now"
        ) from None
    if naive.tzinfo is not None:
        return naive
    return resolve_local(naive, zone)


def resolve_local(naive: datetime, zone: tzinfo) -> datetime:
    """The moment of a wall-clock time; of an hour that comes twice, the first.

    Raises:
        UsageError: the clocks skip that hour.
    """
    aware = naive.replace(tzinfo=zone, fold=0)
    if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise UsageError(
            f"{naive:%Y-%m-%d %H:%M} does not exist in {zone}: the clocks skip that hour",
            hint="choose another hour, or write the zone, as in 2026-03-29T03:30+03:00",
        )
    return aware


def is_ambiguous(moment: datetime) -> bool:
    """Whether the wall-clock time comes twice in its zone (the end of summer time)."""
    if moment.tzinfo is None:
        return False
    return moment.replace(fold=0).utcoffset() != moment.replace(fold=1).utcoffset() and (
        moment.replace(fold=0).utcoffset() or timedelta()
    ) > (moment.replace(fold=1).utcoffset() or timedelta())
