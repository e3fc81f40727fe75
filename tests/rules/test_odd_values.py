"""Whatever stands in a feed's attributes and elements, the rules and the import judge it and go on."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rules_feed import ENERGY, GOOD, sound, subject_of

from podkit.cli import run
from podkit.feed.mend import read_leniently
from podkit.rules.check import check
from podkit.rules.urls import extension_of, has_login, is_broken, is_web
from podkit.steps.import_items import drafts_of
from podkit.steps.import_show import Register, show_of

# Every element that has attributes or a value with a form; ATTRIBUTE and TEXT stand for anything.
CHANNEL = """
<podcast:locked owner=A>T</podcast:locked><podcast:funding url=A>T</podcast:funding>
<podcast:value type=A method=A suggested=A><podcast:valueRecipient name=A type=A address=A split=A fee=A/>
<podcast:valueTimeSplit startTime=A duration=A remoteStartTime=A remotePercentage=A>
<podcast:remoteItem feedGuid=A feedUrl=A itemGuid=A medium=A/></podcast:valueTimeSplit></podcast:value>
<podcast:person role=A group=A img=A href=A>T</podcast:person><podcast:medium>T</podcast:medium>
<podcast:location geo=A osm=A country=A rel=A>T</podcast:location><podcast:guid>T</podcast:guid>
<podcast:license url=A>T</podcast:license><podcast:block id=A>T</podcast:block>
<podcast:trailer url=A pubdate=A length=A type=A season=A>T</podcast:trailer>
<podcast:updateFrequency complete=A dtstart=A rrule=A>T</podcast:updateFrequency>
<podcast:publisher><podcast:remoteItem feedGuid=A feedUrl=A medium=A/></podcast:publisher>
<podcast:liveItem status=A start=A end=A><guid>T</guid><podcast:contentLink href=A>T</podcast:contentLink>
</podcast:liveItem><podcast:txt purpose=A>T</podcast:txt><podcast:image href=A width=A aspect-ratio=A/>
<podcast:images srcset=A/><podcast:podping usesPodping=A/><podcast:chat server=A protocol=A/>
<atom:link rel=A href=A type=A/><itunes:new-feed-url>T</itunes:new-feed-url><ttl>T</ttl>
<cloud domain=A port=A path=A protocol=A/><skipHours><hour>T</hour></skipHours><pubDate>T</pubDate>
<image><url>T</url><width>T</width><height>T</height></image><docs>T</docs>
<itunes:category text=A/><itunes:complete>T</itunes:complete>
"""
ITEM = """
<item><title>T</title><guid isPermaLink=A>T</guid><link>T</link><pubDate>T</pubDate>
<enclosure url=A length=A type=A/><itunes:duration>T</itunes:duration><itunes:season>T</itunes:season>
<itunes:episode>T</itunes:episode><itunes:episodeType>T</itunes:episodeType><itunes:image href=A/>
<itunes:explicit>T</itunes:explicit><source url=A>T</source><category domain=A>T</category>
<comments>T</comments><description>T</description>
<podcast:transcript url=A type=A language=A rel=A/><podcast:chapters url=A type=A/>
<podcast:soundbite startTime=A duration=A>T</podcast:soundbite><podcast:episode display=A>T</podcast:episode>
<podcast:season name=A>T</podcast:season><podcast:socialInteract uri=A protocol=A priority=A/>
<podcast:alternateEnclosure type=A length=A bitrate=A height=A lang=A default=A>
<podcast:source uri=A contentType=A/><podcast:integrity type=A value=A/></podcast:alternateEnclosure></item>
"""
ODD = [
    "", " ", "https://[", "http://[::1", "https://", "//", "https://e.org:99999999/", "-1", "1e999",
    "NaN", "9" * 5000, "٣", "²", "0x1", "1/0", "::", "%", "%zz", "FREQ=DAILY;INTERVAL=0",
    "FREQ=YEARLY;BYEASTER=a", "RRULE:", "sri-", "sha256-é", "geo:,", "é" * 300, "\u202e", "&<>\"'",
    "Fri, 99 Foo 99999 99:99:99 +9999", "0000-00-00T00:00:00Z", "{}", "none", "a/b/c", "1:99:99",
]  # fmt: skip
VALUES = st.sampled_from(ODD) | st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40
)


def feed_with(value: str, text: str) -> str:
    """The good feed with more in it, every attribute of which has one value and every text another."""
    filled = (CHANNEL + ITEM).replace("=A", f"={quoteattr(value)}")
    return GOOD.replace("</channel>", filled.replace(">T<", f">{escape(text)}<") + "</channel>")


@pytest.mark.parametrize("value", ODD)
def test_odd_values_are_judged(value):
    """No rule raises on a value that others have written or may write."""
    subject = subject_of(feed_with(value, value), media={ENERGY: sound()})
    assert subject.view is not None
    assert check(subject).findings


@settings(max_examples=30, deadline=None)
@given(value=VALUES, text=VALUES)
@example(value="\ufffe", text="\uffff")
def test_any_value_is_judged(value, text):
    """No rule raises on any text in any attribute of any tag."""
    assert check(subject_of(feed_with(value, text))).findings


@settings(max_examples=30, deadline=None)
@given(value=VALUES, text=VALUES)
def test_any_value_is_imported(value, text):
    """An import makes a show and its drafts of any text in any attribute of any tag."""
    spec, _ = read_leniently(feed_with(value, text).encode())
    register = Register()
    assert show_of(spec, "https://example.com/feed.xml", register).podcast
    assert len(drafts_of(spec, register.credit)) == 3


@pytest.mark.parametrize("value", ["https://[", "/cover.jpg", "", "::", "1e999"])
def test_a_feed_of_odd_values_becomes_a_show(value, tmp_path, monkeypatch):
    """One broken address in a feed costs that address, and never the import of the feed."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "feed.xml").write_text(feed_with(value, value), encoding="utf-8")
    assert run(["-q", "import", "--no-media", "feed.xml", "show"]) == 0
    assert run(["-C", "show", "-q", "build"]) == 0


@given(url=VALUES | st.text(max_size=30).map("https://".__add__))
def test_any_text_is_asked_about_as_a_url(url):
    """What rules ask of a URL has an answer for every text, and a broken one is never of the web."""
    assert isinstance(has_login(url), bool)
    assert isinstance(extension_of(url), str)
    assert not (is_web(url) and is_broken(url))


@pytest.mark.parametrize(
    "url", ["https://[", "https://", "http:///x", "https://e.org:x/", "https://:80/"]
)
def test_an_address_without_a_host_is_none(url):
    """A URL that nobody can follow is not taken for one of the web."""
    assert not is_web(url)
    assert is_broken(url)
