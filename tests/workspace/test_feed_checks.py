"""What a feed's table may not say, and how long a span of time is."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shows import SHOW, make_show

from podkit.errors import RecordError, UsageError
from podkit.model.timecode import parse_span
from podkit.workspace import show_file


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ('path = "m/{token}.xml"', "add private = true"),
        ('path = "m/{tokn}.xml"\nprivate = true', "braces stand only in {token}"),
        ('path = "m/{token}{token}.xml"\nprivate = true', "only once"),
        ('path = "m/{token}.xml"\nprivate = true\nurl = "https://a.example/m.xml"', "own address"),
        ('private = true\nearly = "soon"', "no span of time"),
        ('early = "1 day"', "only a private feed can be"),
        ('private = true\nearly = "1 day"\ndelay = "1 day"', "early or late, not both"),
        ('delay = "-1 day"', "no span of time"),
        ('only = "vido"', "did you mean 'video'"),
        ('prefixes = ["count.example"]', "must be an address"),
        ('prefixes = ["https://c.example/e", "https://c.example/e/"]', "named twice"),
        (f"prefixes = {json.dumps([f'https://{n}.example/' for n in range(7)])}", "7 redirects"),
    ],
)
def test_what_can_never_be_meant_is_told(tmp_path, feed, said):
    """A wrong key of a feed is named with its line."""
    text = f"{SHOW}\n[feeds.main]\n{feed}\n"
    with pytest.raises(RecordError) as caught:
        show_file.parse(text, make_show(tmp_path / "show"))
    assert said in caught.value.message
    assert "line " in caught.value.message


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("", timedelta()),
        ("48h", timedelta(hours=48)),
        ("2 days", timedelta(days=2)),
        (" 1 Week ", timedelta(weeks=1)),
        ("1d 12 hours 30min", timedelta(days=1, hours=12, minutes=30)),
        ("90 minutes", timedelta(minutes=90)),
    ],
)
def test_spans_as_people_write_them(text, span):
    """Weeks, days, hours, minutes, short or long, in this order."""
    assert parse_span(text) == span


@pytest.mark.parametrize(
    "text", ["7", "soon", "-1 day", "1.5 days", "2 days ago", "٣ days", "999999999 weeks"]
)
def test_what_is_no_span(text):
    """A bare number, a fraction, a sign, other digits, and more than ten years are refused."""
    with pytest.raises(UsageError):
        parse_span(text)


@given(
    st.text() | st.from_regex(r"[0-9]{0,12} ?(w|d|h|m|weeks|days)? ?[0-9]{0,12}h?", fullmatch=True)
)
def test_any_text_is_a_span_or_refused(text):
    """No text makes it fail in another way, and none gives a negative or an endless span."""
    try:
        span = parse_span(text)
    except UsageError:
        return
    assert timedelta() <= span <= timedelta(days=3660)
