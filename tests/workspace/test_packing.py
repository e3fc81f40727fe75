"""Dates and times of TOML travel through JSON as what they are."""

from __future__ import annotations

import json
from datetime import timedelta, timezone

import tomli
from hypothesis import given
from hypothesis import strategies as st

from podkit.workspace.packing import packed, unpacked


def unfolded(value):
    """TOML cannot say which of two equal times it means."""
    return value.replace(fold=0)


ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
SCALARS = (
    st.text()
    | st.integers()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.datetimes(timezones=st.none() | ZONES, allow_imaginary=False).map(unfolded)
    | st.dates()
    | st.times().map(unfolded)
)
TABLES = st.recursive(SCALARS, lambda of: st.lists(of) | st.dictionaries(st.text(), of))


def sent(value: object) -> object:
    """What arrives."""
    return json.loads(json.dumps(value, default=packed), object_hook=unpacked)


@given(TABLES)
def test_everything_arrives_as_it_was(value):
    """The same value of the same type: a moment without a zone stays without one."""
    assert repr_of(sent(value)) == repr_of(value)


def repr_of(value: object) -> str:
    """A zone of no hours has two spellings."""
    return repr(value).replace("datetime.timezone(datetime.timedelta(0))", "datetime.timezone.utc")


def test_what_toml_can_say_arrives():
    """Each of its four kinds of dates, numbers without end, and a table that looks packed."""
    tables = tomli.loads(
        """
        moment = 2026-11-06T06:00:00.123456+02:00
        zulu = 2026-11-06T06:00:00Z
        local = 2026-11-06T06:00:00
        day = 2026-11-06
        clock = 06:00:00
        numbers = [inf, -inf, 1e300, 99999999999999999999]
        looks = { "\\uD7FF" = ["datetime", "x"], datetime = ["x"] }
        """
    )
    assert sent(tables) == tables
