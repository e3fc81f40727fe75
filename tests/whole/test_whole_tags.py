"""Every tag of the podcast namespace, in each of its places, goes through an import and comes out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from whole_runs import podkit

from podkit.feed.table import tag_table
from podkit.model.document import PODCAST, PREFIXES
from podkit.steps.open_show import open_show

URL = "https://e.org/a%20b?x=1&amp;y=2"
UUID = "917393e3-1b1e-5cef-ace4-edaa54e1f810"
TEXT = "Ой, «так» &amp; &lt;b&gt;ні&lt;/b&gt; 🔥"
REMOTE = f'<podcast:remoteItem feedGuid="{UUID}" feedUrl="{URL}" itemGuid="{TEXT}" medium="music" title="{TEXT}"/>'
ANYWHERE = f"""
<podcast:funding url="{URL}">{TEXT}</podcast:funding>
<podcast:person role="guest" group="cast" img="{URL}" href="{URL}">{TEXT}</podcast:person>
<podcast:location rel="subject" geo="geo:50.45,30.52;u=5" osm="R421866" country="UA">{TEXT}</podcast:location>
<podcast:location rel="creator">Lviv</podcast:location>
<podcast:license url="{URL}">{TEXT}</podcast:license>
<podcast:txt purpose="{TEXT}">{TEXT}</podcast:txt>
<podcast:socialInteract protocol="activitypub" uri="{URL}" accountId="@ой" accountUrl="{URL}" priority="0"/>
<podcast:socialInteract protocol="disabled"/>
<podcast:chat server="e.org" protocol="matrix" accountId="@ой" space="#ой &amp; x"/>
<podcast:image href="{URL}" alt="{TEXT}" aspect-ratio="16/9" width="1920" height="1080" type="image/jpeg"
  purpose="artwork social"/>
<podcast:images srcset="{URL} 1500w"/>
<podcast:value type="lightning" method="keysend" suggested="0.00000015000">
<podcast:valueRecipient name="{TEXT}" type="node" address="02d5" customKey="7" customValue="{TEXT}" split="0"
  fee="true"/>
<podcast:valueTimeSplit startTime="0" duration="0.5" remoteStartTime="0" remotePercentage="0">{REMOTE}
</podcast:valueTimeSplit>
<podcast:valueTimeSplit startTime="60" duration="3"><podcast:valueRecipient type="lnaddress" address="a@b.c"
  split="1"/></podcast:valueTimeSplit></podcast:value>
"""
SHOW = f"""
<podcast:locked owner="ой@e.org">no</podcast:locked><podcast:guid>{UUID}</podcast:guid>
<podcast:medium>course</podcast:medium>
<podcast:block id="amazon">no</podcast:block><podcast:block>yes</podcast:block>
<podcast:trailer url="{URL}" pubdate="Fri, 20 Nov 2026 06:00:00 +0200" length="0" type="audio/mpeg" season="0">
{TEXT}</podcast:trailer>
<podcast:updateFrequency rrule="FREQ=WEEKLY" dtstart="2026-12-01T00:00:00+02:00" complete="true">{TEXT}
</podcast:updateFrequency>
<podcast:podping usesPodping="false"/>{REMOTE}
<podcast:podroll>{REMOTE}<podcast:remoteItem feedGuid="{UUID}"/></podcast:podroll>
<podcast:publisher><podcast:remoteItem feedGuid="{UUID}" medium="publisher"/></podcast:publisher>
"""
EPISODE = f"""
<podcast:transcript url="{URL}" type="text/vtt" language="uk" rel="captions"/>
<podcast:transcript url="{URL}2" type="application/json"/>
<podcast:chapters url="{URL}" type="application/json+chapters"/>
<podcast:soundbite startTime="0" duration="15.25">{TEXT}</podcast:soundbite>
<podcast:season name="{TEXT}">0</podcast:season><podcast:episode display="{TEXT}">0.5</podcast:episode>
<podcast:alternateEnclosure type="video/mp4" length="12345678901" bitrate="128000.5" height="1080" lang="uk"
  title="{TEXT}" rel="{TEXT}" codecs="avc1.64, mp4a" default="true">
<podcast:source uri="{URL}" contentType="video/mp4"/><podcast:source uri="ipfs://Qm"/>
<podcast:integrity type="sri" value="sha256-x"/></podcast:alternateEnclosure>
<podcast:contentLink href="{URL}">{TEXT}</podcast:contentLink>
"""
LIVE = f"""
<podcast:liveItem status="pending" start="2026-12-01T18:00:00+02:00" end="2026-12-01T19:00:00+02:00">
<title>Live</title><guid isPermaLink="false">live</guid><author>a@e.org</author>
<pubDate>Fri, 20 Nov 2026 06:00:00 +0200</pubDate><itunes:duration>60</itunes:duration>
<x:y xmlns:x="urn:x">unknown</x:y>{ANYWHERE}{EPISODE}</podcast:liveItem>
"""
FEED = f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:itunes="{PREFIXES["itunes"]}" xmlns:podcast="{PODCAST}"><channel>
<title>All of it</title><link>https://e.org/</link><description>Tags</description><language>uk</language>
{ANYWHERE}{SHOW}{LIVE}
<item><title>One</title><guid isPermaLink="false">1</guid>
<pubDate>Fri, 20 Nov 2026 06:00:00 +0200</pubDate>
<enclosure url="https://e.org/1.mp3" length="1" type="audio/mpeg"/>{ANYWHERE}{EPISODE}</item>
</channel></rss>
"""


def said(element: etree._Element, way: str = "") -> Iterator[tuple[str, str, str]]:
    """Everything that is said below an element: the way, the attribute (or nothing), the value."""
    for child in element.iterchildren("*"):
        here = f"{way}/{etree.QName(child).localname}"
        yield from ((here, name, value) for name, value in child.attrib.items())
        if (child.text or "").strip():
            yield (here, "", " ".join(child.text.split()))
        yield from said(child, here)


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, etree._Element, etree._Element]:
    """The show that the feed became, the feed as it was, and as podkit writes it."""
    folder = tmp_path_factory.mktemp("tags")
    (folder / "old.xml").write_text(FEED, encoding="utf-8")
    podkit("import", "old.xml", "show", "--no-media", cwd=folder)
    podkit("build", cwd=folder / "show")
    written = (folder / "show" / "public" / "feed.xml").read_bytes()
    return folder / "show", etree.fromstring(FEED.encode()), etree.fromstring(written)


@pytest.mark.parametrize("place", ["channel", "channel/item", f"channel/{{{PODCAST}}}liveItem"])
def test_nothing_is_lost_on_the_way(moved, place: str) -> None:
    """Each attribute and text, of streams what no record has a key for too, is in the built feed."""
    _, old, new = moved
    before, after = (set(said(root.find(place))) for root in (old, new))
    assert before - after == set()


def test_the_feed_of_the_test_has_all_there_is() -> None:
    """Each tag and attribute that podkit knows stands in the feed above, so that none is forgotten."""
    there = {
        (etree.QName(element).localname, name)
        for element in etree.fromstring(FEED.encode()).iter("*")
        for name in ("", *element.attrib)
    }
    rows = [row for row in tag_table() if row.namespace == PODCAST]
    known = {
        (row.tag.partition(":")[2], name)
        for row in rows
        for name in ("", *(n for n, _ in row.attributes))
    }
    assert known - there == set()


def test_what_the_show_says_of_itself_is_in_keys(moved) -> None:
    """What has a key in podkit.toml is written there under it; only what has none is kept as XML."""
    show = open_show(moved[0]).podcast.show
    assert [etree.QName(etree.fromstring(one)).localname for one in show.extra] == ["images"]
    assert [one.protocol for one in show.social_interact] == ["activitypub", "disabled"]
    (live,) = show.live_items
    assert live.funding
    assert live.location[0].osm == "R421866"
