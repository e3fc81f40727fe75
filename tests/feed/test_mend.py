"""Broken feeds give what is sound, and say what was mended."""

from __future__ import annotations

import pytest

from podkit.errors import FormatError
from podkit.feed.mend import read_leniently

ITEM = b"<item><title>One</title><guid>1</guid><itunes:duration>61</itunes:duration></item>"


def test_undeclared_prefix() -> None:
    """A usual prefix that nobody declared means what it means everywhere."""
    spec, why = read_leniently(b"<rss><channel><title>T</title>" + ITEM + b"</channel></rss>")
    assert spec.items[0].duration == 61
    assert why == ("the prefix itunes: is not declared in it",)


def test_unknown_prefix() -> None:
    """An unknown one stands for itself, and its element is kept."""
    spec, why = read_leniently(
        b"<rss><channel><title>T</title><odd:x>1</odd:x><item><guid>1</guid></item></channel></rss>"
    )
    assert len(spec.extra) == 1
    assert "odd" in why[0]


def test_broken_end() -> None:
    """What came before the fault is taken, and that something may be missing is said."""
    spec, why = read_leniently(
        b"<rss><channel><title>T</title><item><title>A & B</title><guid>1</guid></item><item><ti"
    )
    assert spec.items[0].guid == "1"
    assert "broken" in why[-1]


def test_sound_feed_is_left_alone() -> None:
    """Nothing is mended where nothing is wrong."""
    _, why = read_leniently(b"<rss><channel><title>T</title></channel></rss>")
    assert not why


@pytest.mark.parametrize(
    "content",
    [
        b"<!DOCTYPE x><rss><channel><itunes:x/></channel></rss>",
        b"<rss><channel><title>T</title><",
        b"nothing",
        b"",
    ],
)
def test_refused(content: bytes) -> None:
    """A DOCTYPE is never mended away, and what holds no episode is no feed."""
    with pytest.raises(FormatError):
        read_leniently(content)
