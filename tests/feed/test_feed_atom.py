"""Atom feeds: what RFC 4287 has a word for is read as RSS would say it; lint names them."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from podkit.errors import FormatError
from podkit.feed.positions import read_document
from podkit.feed.read import from_xml
from podkit.model.feedspec import Enclosure
from podkit.rules.check import check
from podkit.rules.subject import Subject

FEED = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
      xml:lang="uk">
  <title type="html">Ukraine &amp;amp; &amp;lt;Insights&amp;gt;</title>
  <subtitle>What happens.</subtitle>
  <id>tag:example.com,2026:feed</id>
  <updated>2026-11-20T06:00:00+02:00</updated>
  <rights>Example Media</rights>
  <logo>https://example.com/cover.jpg</logo>
  <icon>https://example.com/icon.png</icon>
  <author><name>The newsroom</name><email>a@example.com</email></author>
  <link href="https://example.com/"/>
  <link rel="self" href="https://example.com/feed.atom"/>
  <link rel="next" href="https://example.com/feed-2.atom"/>
  <itunes:explicit>false</itunes:explicit>
  <entry>
    <title>Energy</title>
    <id>https://example.com/energy</id>
    <published>2026-11-13T06:00:00Z</published>
    <updated>2026-11-14T06:00:00Z</updated>
    <author><name>Olha</name></author>
    <link rel="alternate" href="https://example.com/energy/"/>
    <link rel="enclosure" href="https://example.com/energy.mp3" length="1000" type="audio/mpeg"/>
    <summary>Kickbacks &lt; 5 %</summary>
    <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">The <b>whole</b> notes.</div></content>
    <itunes:duration>62</itunes:duration>
  </entry>
  <entry>
    <title>Talks</title><id>urn:talks</id><updated>2026-11-06T06:00:00Z</updated>
    <content type="html">&lt;p&gt;Nine.&lt;/p&gt;</content>
  </entry>
</feed>
"""


def test_an_atom_feed_is_read_as_rss_would_say_it():
    """Titles, addresses, moments, authors, notes and the enclosure are where RSS has them."""
    spec = from_xml(FEED.encode())
    assert (spec.title, spec.description, spec.language) == (
        "Ukraine & <Insights>", "What happens.", "uk",
    )  # fmt: skip
    assert (spec.link, spec.self_url) == ("https://example.com/", "https://example.com/feed.atom")
    assert (spec.copyright, spec.author) == ("Example Media", "The newsroom")
    assert spec.image == "https://example.com/cover.jpg"
    assert [link.rel for link in spec.links] == ["next"]
    assert spec.explicit is False
    energy, talks = spec.items
    assert (energy.title, energy.author, energy.link) == (
        "Energy", "Olha", "https://example.com/energy/",
    )  # fmt: skip
    assert (energy.guid, energy.guid_permalink) == ("https://example.com/energy", False)
    assert energy.published == datetime(2026, 11, 13, 6, tzinfo=UTC)
    assert energy.description == "Kickbacks &lt; 5 %"
    assert energy.content == "The <b>whole</b> notes."
    assert energy.enclosure == Enclosure(
        url="https://example.com/energy.mp3", length=1000, type="audio/mpeg"
    )
    assert energy.duration == 62
    assert talks.published == datetime(2026, 11, 6, 6, tzinfo=UTC)
    assert (talks.content, talks.enclosure) == ("<p>Nine.</p>", None)


def test_lint_says_that_it_is_atom():
    """One finding: it is Atom, what apps take, and what makes RSS of it."""
    subject = Subject(name="feed.atom", document=read_document(FEED.encode()))
    (found,) = check(subject, select=["PK101"]).findings
    assert "Atom" in found.message
    assert "RSS" in found.message
    assert "podkit import" in found.hint


@settings(max_examples=40, deadline=None)
@given(
    place=st.sampled_from(
        ["Energy", "tag:example.com", "2026-11-13", "xhtml", "1000", "uk", "html"]
    ),
    text=st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30),
)
def test_any_text_in_it_is_read_or_refused(place, text):
    """Whatever stands where, it is a feed or a FormatError."""
    content = FEED.replace(place, text).encode()
    with contextlib.suppress(FormatError):
        assert len(from_xml(content).items) == 2
