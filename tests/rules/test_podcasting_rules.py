"""The rules on the podcast namespace: what breaks each is found at its place; what is right is not."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest
from rules_feed import ENERGY, edited, sound, subject_of

from podkit.model.episode import Episode
from podkit.model.finding import Severity
from podkit.rules.check import check

GUID = "2f6c1a0e-7d1b-4a53-9f0e-8f5ab7f3c2d1"
W, INFO = Severity.WARNING, Severity.INFO
LOCKED = "<podcast:locked>yes</podcast:locked>"
EPISODE = "<itunes:episodeType>full</itunes:episodeType>"
SRI = "sha256-" + base64.b64encode(hashlib.sha256(b"x").digest()).decode()


def channel(xml):
    """The good feed with something more in its channel."""
    return edited((LOCKED, LOCKED + xml))


def item(xml):
    """The good feed with something more in its first item."""
    return edited((EPISODE, EPISODE + xml))


def alternate(integrity):
    return item(
        f'<podcast:alternateEnclosure type="video/mp4">{integrity}</podcast:alternateEnclosure>'
    )


LIVE = (
    '<podcast:liveItem status="live" start="2026-12-01T18:00:00+02:00"><guid>l</guid>'
    '<podcast:contentLink href="https://example.com/live">Listen</podcast:contentLink>'
    "</podcast:liveItem>"
)
SOURCE = '<podcast:source uri="https://e.org/talk.mp4"/>'
VALUE = (
    '<podcast:value type="lightning" method="keysend" suggested="0.00000005">'
    '<podcast:valueRecipient name="Olha" type="node" address="02d5" split="95"/>'
    '<podcast:valueTimeSplit startTime="60" duration="237" remotePercentage="95">'
    '<podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810" itemGuid="i" medium="music"/></podcast:valueTimeSplit>'
    "</podcast:value>"
)
BROKEN = [
    ("PK801", "podcast:funding", channel(f'<podcast:funding url="https://e.org/">{"a" * 129}</podcast:funding>')),
    ("PK801", "podcast:season", item(f'<podcast:season name="{"a" * 129}">1</podcast:season>')),
    ("PK801", "podcast:location", channel(LIVE.replace("<guid>", f"<podcast:location>{'a' * 129}</podcast:location><guid>"))),
    ("PK802", "podcast:episode", item("<podcast:episode>two</podcast:episode>")),
    ("PK802", "podcast:episode", item(f'<podcast:episode display="{"a" * 33}">2</podcast:episode>')),
    ("PK803", "podcast:season", item("<podcast:season>Spring</podcast:season>")),
    ("PK803", "podcast:season", item("<podcast:season>1.5</podcast:season>")),
    ("PK804", "podcast:person", channel("<podcast:person> </podcast:person>")),
    ("PK804", "podcast:person", item('<podcast:person role="moderator">Olha</podcast:person>')),
    ("PK804", "podcast:person", item('<podcast:person group="crew">Olha</podcast:person>')),
    ("PK804", "podcast:person", item('<podcast:person group="cast" role="composer">Olha</podcast:person>')),
    ("PK805", "podcast:location", channel("<podcast:location/>")),
    ("PK805", "podcast:location", item('<podcast:location geo="50.45,30.52">Kyiv</podcast:location>')),
    ("PK805", "podcast:location", item('<podcast:location geo="geo:95,30">Kyiv</podcast:location>')),
    ("PK805", "podcast:location", item('<podcast:location osm="421866">Kyiv</podcast:location>')),
    ("PK805", "podcast:location", item('<podcast:location country="ukr">Kyiv</podcast:location>')),
    ("PK805", "podcast:location", item('<podcast:location country="uk1">Kyiv</podcast:location>')),
    ("PK805", "podcast:location", item('<podcast:location rel="about">Kyiv</podcast:location>')),
    ("PK806", "podcast:license", channel("<podcast:license>free to use</podcast:license>")),
    ("PK807", "podcast:block", channel('<podcast:block id="Amazon Music">yes</podcast:block>')),
    ("PK807", "podcast:block", channel('<podcast:block id="amazon">true</podcast:block>')),
    ("PK808", "podcast:updateFrequency", channel('<podcast:updateFrequency rrule="every week">w</podcast:updateFrequency>')),
    ("PK808", "podcast:updateFrequency", channel('<podcast:updateFrequency rrule="FREQ=OFTEN">w</podcast:updateFrequency>')),
    ("PK808", "podcast:updateFrequency", channel('<podcast:updateFrequency rrule="FREQ=DAILY;COUNT=3">w</podcast:updateFrequency>')),
    ("PK809", "podcast:publisher", channel("<podcast:publisher/>")),
    ("PK809", "podcast:publisher/podcast:remoteItem",
     channel('<podcast:publisher><podcast:remoteItem feedGuid="g" medium="podcast"/></podcast:publisher>')),
    ("PK810", "podcast:integrity", alternate('<podcast:integrity type="sha256" value="9f86"/>')),
    ("PK810", "podcast:integrity", alternate('<podcast:integrity type="sri" value="sha256-9f86"/>')),
    ("PK810", "podcast:integrity", alternate('<podcast:integrity type="sri" value=""/>')),
    ("PK810", "podcast:integrity", alternate(f'<podcast:integrity type="sri" value="{SRI.replace("256", "384")}"/>')),
    ("PK811", "podcast:liveItem", channel(LIVE.replace('"live"', '"soon"'))),
    ("PK811", "podcast:liveItem", channel(LIVE.replace("2026-12-01T18:00:00+02:00", "tonight"))),
    ("PK811", "podcast:liveItem", channel(LIVE.replace("+02:00", ""))),
    ("PK811", "podcast:liveItem", channel(LIVE.replace("contentLink", "link"))),
    ("PK811", "podcast:liveItem", channel(LIVE.replace("<guid>l</guid>", ""))),
    ("PK812", "podcast:txt", channel(f"<podcast:txt>{'a' * 4001}</podcast:txt>")),
    ("PK812", "podcast:txt", item(f'<podcast:txt purpose="{"a" * 129}">a</podcast:txt>')),
    ("PK813", "podcast:txt", item('<podcast:txt purpose="ai-content">partly</podcast:txt>')),
    ("PK814", "podcast:images", item('<podcast:images srcset="https://e.org/a.jpg 1500w"/>')),
    ("PK814", "podcast:images", channel('<podcast:images srcset="https://e.org/a.jpg 1500w"/>')),
    ("PK815", "podcast:soundbite", item('<podcast:soundbite startTime="1" duration="5">a</podcast:soundbite>')),
    ("PK815", "podcast:soundbite", item('<podcast:soundbite startTime="0:10" duration="20">a</podcast:soundbite>')),
    ("PK815", "podcast:soundbite", item('<podcast:soundbite startTime="50" duration="20">a</podcast:soundbite>')),
    ("PK816", "podcast:medium", channel("<podcast:medium>radio</podcast:medium>")),
    ("PK816", "podcast:medium", channel("<podcast:medium>podcastL</podcast:medium>")),
    ("PK115", "podcast:funding", channel('<podcast:funding url="https://[">x</podcast:funding>')),
    ("PK115", "podcast:transcript", item('<podcast:transcript url="/talk.vtt" type="text/vtt"/>')),
    ("PK115", "podcast:chapters", item('<podcast:chapters url="https://e.org:port/c.json" type="application/json+chapters"/>')),
    *(("PK645", "podcast:alternateEnclosure", alternate(SOURCE).replace('type="video/mp4"', f'type="video/mp4" {said}'))
      for said in ('length="-5"', 'length="5 MB"', 'length="0"', 'bitrate="128k"', 'bitrate="-1"', 'height="1080p"')),
    *(("PK817", "podcast:valueRecipient", channel(VALUE.replace(*edit)))
      for edit in (('split="95"', 'split="-3"'), ('split="95"', 'split="half"'), ('split="95"', ""),
                   ('address="02d5"', 'address=" "'), ('type="node"', 'type=""'))),
    *(("PK817", "podcast:valueTimeSplit", item(VALUE.replace(*edit)))
      for edit in (('startTime="60"', 'startTime="-60"'), ('duration="237"', 'duration="0"'),
                   ('duration="237"', ""), ('remotePercentage="95"', 'remotePercentage="195"'))),
    ("PK817", "podcast:value", channel(VALUE.replace('method="keysend"', ""))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "element", "feed"), BROKEN)
def test_what_breaks_a_rule_is_found_at_its_place(code, element, feed):
    """Each rule finds one thing, at the element, with line and column."""
    findings = check(subject_of(feed, media={ENERGY: sound()}), select=[code]).findings
    assert [f.code for f in findings] == [code]
    assert findings[0].severity is (INFO if code == "PK813" else W)
    assert findings[0].element.split("[")[0].endswith(element) or element in findings[0].element
    assert findings[0].line
    assert findings[0].column


GOOD = [
    channel(f'<podcast:funding url="https://e.org/">{"a" * 128}</podcast:funding>'),
    item('<podcast:episode display="Day two">2.5</podcast:episode><podcast:season name="Spring">3</podcast:season>'),
    item('<podcast:person group="Audio Post-Production" role="Composer">Olha</podcast:person>'),
    item('<podcast:person role="producer">Olha</podcast:person><podcast:person>Petro</podcast:person>'),
    item('<podcast:location geo="geo:50.45,30.52;u=35" osm="R421866" country="UA" rel="creator">Kyiv</podcast:location>'),
    channel("<podcast:license>CC-BY-4.0</podcast:license>"),
    channel('<podcast:license url="https://e.org/own">our own</podcast:license>'),
    channel('<podcast:block id="amazon">yes</podcast:block><podcast:block>no</podcast:block>'),
    channel('<podcast:updateFrequency rrule="FREQ=WEEKLY;BYDAY=FR">w</podcast:updateFrequency>'),
    channel('<podcast:updateFrequency rrule="FREQ=DAILY;COUNT=3" dtstart="2026-12-01T00:00:00Z">w</podcast:updateFrequency>'),
    channel('<podcast:publisher><podcast:remoteItem feedGuid="917393e3-1b1e-5cef-ace4-edaa54e1f810" '
            'medium="publisher"/></podcast:publisher>'),
    alternate(f'{SOURCE}<podcast:integrity type="sri" value="{SRI}"/>'),
    alternate(f'{SOURCE}<podcast:integrity type="pgp-signature" value="anything"/>'),
    channel(LIVE),
    item('<podcast:txt purpose="ai-content">false</podcast:txt>'),
    item('<podcast:soundbite startTime="10.5" duration="40">a</podcast:soundbite>'),
    channel("<podcast:medium>music</podcast:medium>"),
    channel(VALUE),
    item(VALUE),
    alternate(SOURCE).replace("video/mp4", 'video/mp4" length="5" bitrate="128000.5" height="720'),
    item('<podcast:socialInteract protocol="activitypub" uri="https://e.org/@a/1"/>'),
    alternate('<podcast:source uri="ipfs://QmX"/>'),
]  # fmt: skip


@pytest.mark.parametrize("feed", GOOD)
def test_what_is_right_is_not_found(feed):
    """The namespace's own forms pass all of its rules."""
    subject = subject_of(feed, media={ENERGY: sound()})
    assert check(subject, select=["PK8", "PK115", "PK645"]).findings == ()


@pytest.mark.parametrize(
    ("code", "record"),
    [
        ("PK802", Episode(slug="energy", guid=GUID, title="Energy", display="Day two")),
        ("PK803", Episode(slug="energy", guid=GUID, title="Energy", season_name="Spring")),
    ],
)
def test_what_a_record_says_in_vain_is_told(code, record):
    """A name without the number that it stands for is written into no feed: the record is named."""
    subject = subject_of(item(""), own=True, episodes=(record,))
    (found,) = check(subject, select=[code]).findings
    assert (found.episode, found.element) == ("energy", "channel/item[1]")
    whole = replace(record, season=1, number=2)
    assert not check(subject_of(item(""), own=True, episodes=(whole,)), select=[code]).findings
