"""Broken feeds give what is sound, and say what was mended."""

from __future__ import annotations

import pytest

from podkit.errors import FormatError
from podkit.feed.kept import name_of
from podkit.feed.mend import MOST_PREFIXES, read_leniently

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


NAMED = (
    b'<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">A</content:encoded>'
)


def test_a_prefix_declared_for_one_element_only() -> None:
    """One item's declaration is not another's, nor is it a reason to lose or to crash."""
    head, end = b"<rss><channel><title>T</title><item>", b"</item></channel></rss>"
    bare = b"</item><item><guid>2</guid><content:encoded>B</content:encoded>"
    spec, why = read_leniently(head + NAMED + bare + end)
    assert [item.content for item in spec.items] == ["A", "B"]
    assert why == ("the prefix content: is declared in some of its elements only",)
    spec, why = read_leniently(head + NAMED + b"<title>A & B</title>" + end)
    assert len(why) == 1
    assert "&" in why[0]  # the prefix is right, and nothing is said about it


@pytest.mark.parametrize(
    "end",
    [
        b"<content:encoded>B",
        b"<content:encoded>B</item><it",
        b"<odd:thing a='1' itunes:b='2'>B</odd:thing><p",
        b"<a:1>B</a:1><:/><b:/><:c:d e:f:g='1'/><p",
        b"<podcast:person podcast:role='host'>Olha</podcast:person><p",
    ],
)
def test_no_name_of_a_cut_feed_is_too_odd(end: bytes) -> None:
    """Whatever stands before a colon, what is sound is read, and what is kept can be written again."""
    for declared in (b"", b'xmlns:content="urn:x" xmlns:a="urn:a"'):
        items = b"<item><guid>1</guid>" + NAMED + b"</item><item " + declared + b"><guid>2</guid>"
        spec, why = read_leniently(b"<rss><channel><title>T</title>" + items + end)
        assert [item.guid for item in spec.items] == ["1", "2"]
        assert "broken" in why[-1]
        for text in (text for item in spec.items for text in item.extra):
            assert name_of(text)


@pytest.mark.parametrize("before", [b"&odd;" * 2_000_001, b"<a:b/>", b"<:/>"])
def test_what_stands_before_the_channel(before: bytes) -> None:
    """Between <rss> and <channel> may stand what it likes."""
    spec, _ = read_leniently(b"<rss>" + before + b"<channel>" + ITEM + b"</channel></rss>")
    assert spec.items[0].guid == "1"


def test_very_many_prefixes() -> None:
    """So many prefixes as no feed has are not declared one by one."""
    odd = b"".join(b"<p%d:a/>" % number for number in range(MOST_PREFIXES + 1))
    spec, why = read_leniently(b"<rss><channel>" + odd + ITEM + b"</channel></rss>")
    assert spec.items[0].duration == 61
    assert len(why) == 1


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


@pytest.mark.parametrize(
    "content",
    [
        b"<rss><channel><title>x",
        '<?xml version="1.0" encoding="utf-32le"?><rss/>'.encode("utf-32-le"),
    ],
)
def test_what_cannot_be_mended_is_said_in_one_line(content: bytes) -> None:
    """Without the name of a file that is none, and with what to do."""
    with pytest.raises(FormatError) as caught:
        read_leniently(content)
    assert "\n" not in caught.value.message
    assert "<string>" not in caught.value.message
    assert caught.value.hint
