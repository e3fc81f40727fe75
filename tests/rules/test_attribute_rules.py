"""Attributes and places of the podcast namespace's elements: what is missing, odd or misplaced is told."""

from __future__ import annotations

import pytest
from rules_feed import edited, subject_of

from podkit.model.finding import Severity
from podkit.rules.check import check

LOCKED = "<podcast:locked>yes</podcast:locked>"
EPISODE = "<itunes:episodeType>full</itunes:episodeType>"
UUID = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
DATE = 'pubdate="Fri, 20 Nov 2026 06:00:00 +0200"'
TRAILER = f'<podcast:trailer url="https://e.org/a.mp3" {DATE}>x</podcast:trailer>'
IMAGE = '<podcast:image href="https://e.org/a.jpg" alt="A" aspect-ratio="16/9" width="1920"/>'
REMOTE = f'<podcast:remoteItem feedGuid="{UUID}" medium="music"/>'
PODROLL = f"<podcast:podroll>{REMOTE}</podcast:podroll>"
COMMENTS = '<podcast:socialInteract protocol="activitypub" uri="https://e.org/1" priority="1"/>'
CHAT = '<podcast:chat server="e.org" protocol="matrix"/>'
OFTEN = '<podcast:updateFrequency dtstart="2026-12-01T00:00:00Z" complete="true">w</podcast:updateFrequency>'
TEXT = '<podcast:transcript url="https://e.org/a.vtt" type="text/vtt" language="uk"/>'
CHAPTERS = '<podcast:chapters url="https://e.org/c.json" type="application/json+chapters"/>'
FILM = (
    '<podcast:alternateEnclosure type="video/mp4" lang="uk" default="true">'
    '<podcast:source uri="https://e.org/t.mp4" contentType="video/mp4"/></podcast:alternateEnclosure>'
)
PAID = (
    '<podcast:value type="lightning" method="keysend">'
    '<podcast:valueRecipient type="node" address="02d5" split="1" fee="true"/></podcast:value>'
)


def channel(xml):
    """The good feed with something more in its channel."""
    return edited((LOCKED, LOCKED + xml))


def item(xml):
    """The good feed with something more in its first item."""
    return edited((EPISODE, EPISODE + xml))


def live(xml):
    """The good feed with a stream that holds something."""
    return channel(
        f'<podcast:liveItem status="live" start="2026-12-01T18:00Z">{xml}</podcast:liveItem>'
    )


def without(place, xml, attribute):
    """The same with one attribute cut out."""
    head, _, rest = xml.partition(f' {attribute}="')
    assert rest, f"{attribute} is not in {xml}"
    return place(head + rest.partition('"')[2])


def says(place, xml, attribute, value):
    """The same with another value of one attribute."""
    head, found, rest = xml.partition(f' {attribute}="')
    assert found, f"{attribute} is not in {xml}"
    tail = rest[rest.index('"') :]
    return place(head + found + value + tail)


BROKEN = [
    ("PK818", "podcast:funding", channel("<podcast:funding>Join</podcast:funding>")),
    ("PK818", "podcast:chapters", without(item, CHAPTERS, "url")),
    ("PK818", "podcast:chapters", without(item, CHAPTERS, "type")),
    ("PK818", "podcast:trailer", without(channel, TRAILER, "url")),
    ("PK818", "podcast:trailer", without(channel, TRAILER, "pubdate")),
    ("PK818", "podcast:image", without(item, IMAGE, "href")),
    ("PK818", "podcast:images", channel("<podcast:images/>")),
    ("PK818", "podcast:socialInteract", without(item, COMMENTS, "protocol")),
    ("PK818", "podcast:socialInteract", without(channel, COMMENTS, "uri")),
    ("PK818", "podcast:remoteItem", without(channel, REMOTE, "feedGuid")),
    ("PK818", "podcast:podroll/podcast:remoteItem", without(channel, PODROLL, "feedGuid")),
    ("PK818", "podcast:podroll", channel("<podcast:podroll/>")),
    ("PK818", "podcast:chat", without(channel, CHAT, "server")),
    ("PK818", "podcast:chat", without(item, CHAT, "protocol")),
    ("PK818", "podcast:contentLink", item("<podcast:contentLink>Watch</podcast:contentLink>")),
    ("PK818", "podcast:liveItem/podcast:contentLink", live("<podcast:contentLink/>")),
    ("PK819", "podcast:locked", edited((LOCKED, LOCKED.replace(">yes", ' owner="the desk">yes')))),
    *(("PK819", "podcast:trailer", says(channel, TRAILER, "pubdate", value))
      for value in ("2026-11-20", "20 Nov 26 06:00:00", "Thu, 20 Nov 2026 06:00:00 +0200")),
    *(("PK819", "podcast:trailer", says(channel, TRAILER.replace(" url", f' {name}="1" url'), name, value))
      for name, value in (("length", "5 MB"), ("season", "one"), ("season", "-1"), ("type", "mp3"))),
    *(("PK819", "podcast:image", says(item, IMAGE, "aspect-ratio", value)) for value in (
        "wide", "16/", "16x9", "auto auto", "16/9 auto 4/3", "auto wide")),
    *(("PK819", "podcast:image", says(channel, IMAGE, "width", value)) for value in ("0", "-1", "1920px", "٣")),
    ("PK819", "podcast:image", live(IMAGE.replace(" alt", ' purpose="' + "a" * 129 + '" alt'))),
    ("PK819", "podcast:socialInteract", says(item, COMMENTS, "protocol", "facebook")),
    ("PK819", "podcast:socialInteract", says(item, COMMENTS, "priority", "high")),
    ("PK819", "podcast:chat", says(channel, CHAT, "protocol", "whatsapp")),
    ("PK819", "podcast:remoteItem", says(channel, REMOTE, "feedGuid", "my-show")),
    ("PK819", "podcast:remoteItem", says(channel, REMOTE, "medium", "radio")),
    ("PK819", "podcast:podping", channel('<podcast:podping usesPodping="yes"/>')),
    ("PK819", "podcast:updateFrequency", says(channel, OFTEN, "dtstart", "next week")),
    ("PK819", "podcast:updateFrequency", says(channel, OFTEN, "complete", "yes")),
    *(("PK819", "podcast:transcript", says(item, TEXT, "language", value)) for value in ("english", "ua", "e")),
    ("PK819", "podcast:transcript", says(item, TEXT, "type", "vtt")),
    ("PK819", "podcast:chapters", says(item, CHAPTERS, "type", "text/json")),
    ("PK819", "podcast:alternateEnclosure", says(item, FILM, "lang", "ukrainian")),
    ("PK819", "podcast:alternateEnclosure", says(item, FILM, "default", "yes")),
    ("PK819", "podcast:alternateEnclosure", says(item, FILM, "type", "mp4")),
    ("PK819", "podcast:source", says(item, FILM, "contentType", "mp4")),
    ("PK819", "podcast:valueRecipient", says(channel, PAID, "fee", "maybe")),
    *(("PK120", f"podcast:{name}", channel(xml)) for name, xml in (
        ("transcript", TEXT), ("chapters", CHAPTERS), ("alternateEnclosure", FILM),
        ("soundbite", '<podcast:soundbite startTime="1" duration="20"/>'),
        ("season", "<podcast:season>1</podcast:season>"), ("episode", "<podcast:episode>1</podcast:episode>"),
        ("source", '<podcast:source uri="https://e.org/t.mp4"/>'),
        ("valueRecipient", '<podcast:valueRecipient type="node" address="02d5" split="1"/>'))),
    *(("PK120", f"podcast:{name}", item(xml)) for name, xml in (
        ("locked", LOCKED), ("trailer", TRAILER), ("podroll", PODROLL), ("remoteItem", REMOTE),
        ("guid", f"<podcast:guid>{UUID}</podcast:guid>"), ("medium", "<podcast:medium>music</podcast:medium>"),
        ("block", "<podcast:block>yes</podcast:block>"), ("updateFrequency", OFTEN))),
    ("PK120", "itunes:episode", channel("<itunes:episode>1</itunes:episode>")),
    ("PK120", "itunes:owner", item("<itunes:owner><itunes:email>a@e.org</itunes:email></itunes:owner>")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "element", "feed"), BROKEN)
def test_what_is_missing_odd_or_misplaced_is_found(code, element, feed):
    """One finding at the element itself, and what to write; none where nothing can be read."""
    (found,) = check(subject_of(feed), select=[code]).findings
    assert found.severity is Severity.WARNING
    assert found.element.split("[")[0].endswith(element) or element in found.element
    assert found.line
    assert found.column
    assert found.hint or code != "PK819"


RIGHT = [
    *(channel(xml) for xml in (TRAILER, IMAGE, REMOTE, PODROLL, COMMENTS, CHAT, OFTEN, PAID)),
    *(item(xml) for xml in (IMAGE, COMMENTS, CHAT, TEXT, CHAPTERS, FILM, PAID)),
    *(live(xml) for xml in (IMAGE, TEXT, FILM, CHAT)),
    item('<podcast:socialInteract protocol="disabled"/>'),
    says(item, TEXT, "type", "text/vtt; charset=utf-8"),
    *(says(item, IMAGE, "aspect-ratio", value) for value in ("1.91 / 1", "auto 16/9", "4  /3 Auto", "auto", "1.5")),
    says(item, CHAPTERS, "type", "application/json"),
    says(channel, TRAILER, "pubdate", "01 Apr 2021 08:00:00 +0000"),
    says(channel, REMOTE, "medium", "podcastL"),
    says(channel, OFTEN, "dtstart", "2026-12-01"),
    channel(TRAILER.replace(" url", ' length="0" season="0" type="video/mp4" url')),
    channel(f"<podcast:podroll>{REMOTE}{REMOTE.replace(UUID, UUID.upper())}</podcast:podroll>"),
    edited((LOCKED, LOCKED.replace(">yes", ' owner="desk@e.org">yes'))),
    item("<itunes:keywords>a, b</itunes:keywords><itunes:category text='News'/>"),
]  # fmt: skip


@pytest.mark.parametrize("feed", RIGHT)
def test_what_the_namespace_allows_is_not_found(feed):
    """What each page of the namespace shows passes, in the channel, in items and in streams."""
    assert check(subject_of(feed), select=["PK818", "PK819", "PK120"]).findings == ()


OLD = "http://podcastindex.org/namespace/1.0"


@pytest.mark.parametrize(
    ("code", "feed"),
    [
        ("PK115", channel('<podcast:funding url="http://e.org/">Join</podcast:funding>')),
        ("PK107", item('<podcast:Transcript url="https://e.org/a.vtt" type="text/vtt"/>')),
        ("PK120", item("<podcast:transscript/>")),
        ("PK818", channel("<podcast:podroll/>")),
        ("PK819", says(channel, CHAT, "protocol", "whatsapp")),
    ],
)
def test_elements_of_the_old_namespace_are_looked_at_too(code, feed):
    """Whatever rule looks at elements by name finds them under the address that the namespace had."""
    text = feed.replace("https://podcastindex.org/namespace/1.0", OLD)
    found = {
        (f.code, f.element, f.message) for f in check(subject_of(text), select=[code]).findings
    }
    right = {
        (f.code, f.element, f.message) for f in check(subject_of(feed), select=[code]).findings
    }
    assert found == right != set()
