"""A feed without a fault, and what is known of its files; each test breaks one thing in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from podkit.feed.positions import read_document
from podkit.model.loudness import Loudness
from podkit.model.media import Artwork, AudioStream, Container, Decoded, MediaInfo
from podkit.rules.subject import MediaFacts, Subject

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
COVER = "https://example.com/cover.jpg"
EPISODE_COVER = "https://example.com/assets/energy.png"
ENERGY = "https://media.example.com/energy-1f9c2b07.mp3"
TALKS = "https://media.example.com/talks-77aa01ff.m4a"

GOOD = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
     xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"
     xmlns:podcast="https://podcastindex.org/namespace/1.0">
  <channel>
    <title>Ukraine Insights</title>
    <link>https://example.com/</link>
    <atom:link rel="self" type="application/rss+xml" href="https://example.com/feed.xml"/>
    <description>What happens, explained every week.</description>
    <language>en-gb</language>
    <copyright>Example Media</copyright>
    <lastBuildDate>Fri, 20 Nov 2026 06:00:00 +0200</lastBuildDate>
    <itunes:author>The newsroom of Example</itunes:author>
    <itunes:owner><itunes:name>Example</itunes:name><itunes:email>podcast@example.com</itunes:email></itunes:owner>
    <itunes:category text="News"><itunes:category text="Politics"/></itunes:category>
    <itunes:explicit>false</itunes:explicit>
    <itunes:type>episodic</itunes:type>
    <itunes:image href="{COVER}"/>
    <podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>
    <podcast:locked>yes</podcast:locked>
    <podcast:funding url="https://example.com/join">Join</podcast:funding>
    <item>
      <title>Energy</title>
      <link>https://example.com/energy/</link>
      <guid isPermaLink="false">2f6c1a0e-7d1b-4a53-9f0e-8f5ab7f3c2d1</guid>
      <pubDate>Fri, 20 Nov 2026 06:00:00 +0200</pubDate>
      <description><![CDATA[<p>Kickbacks, <a href="https://example.com/a">explained</a>.</p>]]></description>
      <content:encoded><![CDATA[<p>The whole notes.</p>]]></content:encoded>
      <enclosure url="{ENERGY}" length="1000000" type="audio/mpeg"/>
      <itunes:duration>62</itunes:duration>
      <itunes:explicit>false</itunes:explicit>
      <itunes:season>1</itunes:season>
      <itunes:episode>2</itunes:episode>
      <itunes:episodeType>full</itunes:episodeType>
      <itunes:image href="{EPISODE_COVER}"/>
    </item>
    <item>
      <title>Talks</title>
      <link>https://example.com/talks/</link>
      <guid isPermaLink="false">9d3f0c52-52c2-4a29-8f54-4f33a1a7a0b4</guid>
      <pubDate>Fri, 13 Nov 2026 06:00:00 +0200</pubDate>
      <description>Nine agreements.</description>
      <enclosure url="{TALKS}" length="900000" type="audio/x-m4a"/>
      <itunes:duration>1:02</itunes:duration>
      <itunes:season>1</itunes:season>
      <itunes:episode>1</itunes:episode>
      <itunes:episodeType>full</itunes:episodeType>
    </item>
  </channel>
</rss>
"""

SQUARE = Artwork(mime="image/jpeg", width=3000, height=3000, bytes=300_000, dpi=72)
SOUND = MediaFacts(
    bytes=1_000_000,
    media=MediaInfo(
        path="energy.mp3",
        container=Container.MP3,
        duration=62.04,
        bytes=1_000_000,
        bit_rate=128_300,
        audio=(AudioStream(codec="mp3", channels=2, sample_rate=48_000, bit_rate=128_000),),
        tags={"title": "Energy", "album": "Ukraine Insights"},
        artwork=(SQUARE,),
    ),
    decoded=Decoded(duration=62.0, loudness=Loudness(integrated=-16.2, true_peak=-1.3, range=4.0)),
)


def subject_of(text: str = GOOD, **known: object) -> Subject:
    """A subject of this feed; by default nothing is known beside the feed and the time."""
    facts: dict[str, object] = {"name": "feed.xml", "now": NOW, **known}
    return Subject(document=read_document(text.encode()), **facts)


def edited(*edits: tuple[str, str]) -> str:
    """The good feed with texts replaced once each; an edit that changes nothing is a mistake."""
    text = GOOD
    for old, new in edits:
        assert old in text, f"{old!r} is not in the feed"
        text = text.replace(old, new, 1)
    return text


def sound(**changes: object) -> MediaFacts:
    """The facts of a good sound file with some changed; those of the probe by their own names."""
    media_keys = {"container", "duration", "bit_rate", "audio", "tags", "artwork", "video"}
    media = {key: value for key, value in changes.items() if key in media_keys}
    rest = {key: value for key, value in changes.items() if key not in media_keys}
    return replace(SOUND, media=replace(SOUND.media, **media), **rest)
