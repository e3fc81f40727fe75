"""Durations and moments as people type them."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import UsageError
from podkit.model.timecode import (
    format_duration,
    format_timecode,
    is_ambiguous,
    iso_duration,
    parse_duration,
    parse_moment,
    resolve_local,
)

KYIV = ZoneInfo("Europe/Kyiv")
NOW = datetime(2026, 11, 24, 12, 30, 5, 77, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:02:03", 3723),
        ("62:03.5", 3723.5),
        ("00:00:00.001", 0.001),
        ("0:05", 5),
        ("90s", 90),
        ("90", 90),
        ("12.5", 12.5),
        ("12,5", 12.5),
        ("1h", 3600),
        ("1h 2m 3s", 3723),
        ("2min", 120),
        (" 1:00 ", 60),
    ],
)
def test_durations(text, seconds):
    """Clock times, units, bare seconds."""
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "x", "1:60", "1:60:00", "1:2:3:4", "-5", "1:", "s", "1h2", "٣x"]
)
def test_what_is_no_duration(text):
    """A usage error says how to write one."""
    with pytest.raises(UsageError):
        parse_duration(text)


@given(st.floats(0, 400_000))
def test_timecodes_are_read_again(seconds):
    """To the millisecond."""
    assert abs(parse_duration(format_timecode(seconds)) - seconds) <= 0.00051
    assert abs(parse_duration(format_duration(seconds)) - seconds) <= 0.51


@pytest.mark.parametrize(
    ("seconds", "shown", "iso"),
    [
        (0, "0:00", "PT0S"),
        (61, "1:01", "PT1M1S"),
        (3600, "1:00:00", "PT1H"),
        (3723, "1:02:03", "PT1H2M3S"),
    ],
)
def test_durations_are_shown(seconds, shown, iso):
    """For people, and for the `time` element."""
    assert format_duration(seconds) == shown
    assert iso_duration(seconds) == iso


def moment(text: str) -> datetime:
    return parse_moment(text, now=NOW, zone=KYIV, release_time=time(6, 15))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", datetime(2026, 11, 24, 12, 30, 5, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, 4, 15, tzinfo=UTC)),
        ("2026-11-20 06:00", datetime(2026, 11, 20, 4, 0, tzinfo=UTC)),
        ("2026-07-20 06:00", datetime(2026, 7, 20, 3, 0, tzinfo=UTC)),
        ("2026-11-20T06:00:00Z", datetime(2026, 11, 20, 6, 0, tzinfo=UTC)),
        ("2026-11-20T06:00+05:45", datetime(2026, 11, 20, 0, 15, tzinfo=UTC)),
        ("1965-01-01 00:00Z", datetime(1965, 1, 1, tzinfo=UTC)),
    ],
)
def test_moments(text, expected):
    """Without a zone the show's, without a time its release time (F07)."""
    assert moment(text) == expected


@pytest.mark.parametrize("text", ["", "tomorrow", "20.11.2026", "2026-13-01", "2026-11-20 25:00"])
def test_what_is_no_moment(text):
    """A usage error says how to write one."""
    with pytest.raises(UsageError):
        moment(text)


def test_skipped_hours_are_refused():
    """In spring the clocks of Kyiv go from 3 to 4: 03:30 does not exist (F07)."""
    with pytest.raises(UsageError, match="clocks skip"):
        moment("2026-03-29 03:30")
    assert moment("2026-03-29 04:00") == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_hours_that_come_twice_are_the_first():
    """In autumn 03:30 comes in summer time and again in winter time (F07)."""
    found = moment("2026-10-25 03:30")
    assert found.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert is_ambiguous(found)
    assert not is_ambiguous(moment("2026-10-25 05:30"))
    assert not is_ambiguous(moment("2026-03-29 04:30"))
    assert not is_ambiguous(NOW)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 (wall-clock times)
def test_every_wall_clock_time_is_resolved_or_refused(naive):
    """What comes out shows the very time that was typed, unless the clocks skip it."""
    try:
        found = resolve_local(naive, KYIV)
    except UsageError:
        return
    assert found.astimezone(UTC).astimezone(KYIV).replace(tzinfo=None, fold=0) == naive
    assert found.utcoffset() in {timedelta(hours=h) for h in (2, 3, 4)}
