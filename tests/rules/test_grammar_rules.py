"""The rules on RSS 2.0's grammar: what breaks each is found once, at its place; what is right is not."""

from __future__ import annotations

import pytest
from rules_feed import GOOD, edited, subject_of

from podkit.model.finding import Severity
from podkit.rules.check import check

LOCKED = "<podcast:locked>yes</podcast:locked>"
EPISODE = "<itunes:episodeType>full</itunes:episodeType>"
TITLE = "<title>Energy</title>"
TALKS = "<title>Talks</title>"
NINE = "<description>Nine agreements.</description>"
IMAGE = "<image><url>https://e.org/a.jpg</url><title>t</title><link>https://e.org/</link>{}</image>"


def channel(xml):
    """The good feed with something more in its channel."""
    return edited((LOCKED, LOCKED + xml))


def item(xml):
    """The good feed with something more in its first item."""
    return edited((EPISODE, EPISODE + xml))


BROKEN = [
    ("PK120", "channel/titel", channel("<titel>x</titel>")),
    ("PK120", "channel/item[1]/itunes:season-number", item("<itunes:season-number>1</itunes:season-number>")),
    ("PK120", "channel/podcast:hosts", channel("<podcast:hosts>x</podcast:hosts>")),
    ("PK120", "channel/image/size", channel(IMAGE.format("<size>1</size>"))),
    ("PK120", "channel/item[1]/subtitle", item("<subtitle>x</subtitle>")),
    ("PK121", "channel/managingEditor", channel("<managingEditor>The newsroom</managingEditor>")),
    ("PK121", "channel/webMaster", channel("<webMaster>desk at example.com</webMaster>")),
    ("PK121", "channel/item[1]/author", item("<author>Olha</author>")),
    ("PK122", "channel/ttl", channel("<ttl>1 hour</ttl>")),
    ("PK122", "channel/ttl", channel("<ttl>0</ttl>")),
    ("PK123", "channel/skipHours/hour", channel("<skipHours><hour>24</hour></skipHours>")),
    ("PK123", "channel/skipHours/hour[2]", channel("<skipHours><hour>7</hour><hour>07</hour></skipHours>")),
    ("PK123", "channel/skipDays/day", channel("<skipDays><day>Montag</day></skipDays>")),
    ("PK124", "channel/image", channel("<image><url>https://e.org/a.jpg</url></image>")),
    ("PK124", "channel/image/width", channel(IMAGE.format("<width>3000</width>"))),
    ("PK124", "channel/image/height", channel(IMAGE.format("<height>tall</height>"))),
    ("PK125", "channel/cloud", channel('<cloud domain="e.org"/>')),
    ("PK125", "channel/cloud",
     channel('<cloud domain="e.org" port="80" path="/" registerProcedure="" protocol="smtp"/>')),
    ("PK125", "channel/cloud",
     channel('<cloud domain="e.org" port="www" path="/" registerProcedure="" protocol="soap"/>')),
    ("PK126", "channel/textInput", channel("<textInput><title>Search</title></textInput>")),
    ("PK127", "channel/item[1]/title", edited((TITLE, '<title type="html">Energy</title>'))),
    ("PK128", "channel/link", edited(("<link>https://example.com/</link>", "<link>www.example.com</link>"))),
    ("PK128", "channel/docs", channel("<docs>rss.html</docs>")),
    ("PK129", "channel/item[1]/link", edited(("https://example.com/energy/", "/energy/"))),
    ("PK129", "channel/item[1]/comments", item("<comments>below</comments>")),
    ("PK130", "channel/item[1]/guid", edited(('isPermaLink="false">2f6', 'isPermaLink="no">2f6'))),
    ("PK131", "channel/item[2]", edited((TALKS, ""), (NINE, ""))),
    ("PK132", "channel/item[1]/source", item("<source>Another</source>")),
    ("PK133", "channel/item[1]/category", item("<category> </category>")),
    ("PK133", "channel/category", channel("<category/>")),
    ("PK134", "channel/item[1]", item(" Who pays? ")),
    ("PK134", "channel", channel("loose")),
    ("PK135", "channel/item[2]/description",
     edited((NINE, '<description><![CDATA[<a href="/a">a</a> <img src="b.png">]]></description>'))),
    ("PK135", "channel/item[1]/content:encoded",
     edited(("<p>The whole notes.</p>", "<a class='x' href='../a'>a</a>"))),
    ("PK136", "channel/item[1]/enclosure", edited(('length="1000000"', 'length="1,000,000"'))),
    ("PK136", "channel/item[1]/enclosure", edited(('type="audio/mpeg"', 'type="mp3"'))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "element", "feed"), BROKEN)
def test_what_breaks_a_rule_is_found_at_its_place(code, element, feed):
    """Each rule finds one thing, at the element, with line and column."""
    findings = check(subject_of(feed), select=[code]).findings
    assert [(f.code, f.element) for f in findings] == [(code, element)]
    wanted = Severity.ERROR if code == "PK131" else Severity.WARNING
    assert findings[0].severity is wanted
    assert findings[0].line
    assert findings[0].column


GOOD_FEEDS = [
    channel("<managingEditor>desk@example.com (The newsroom)</managingEditor><ttl>60</ttl>"),
    channel("<skipHours><hour>0</hour><hour>23</hour></skipHours><skipDays><day>Monday</day></skipDays>"),
    channel(IMAGE.format("<width>144</width><height>400</height><description>d</description>")),
    channel('<cloud domain="e.org" port="80" path="/" registerProcedure="" protocol="xml-rpc"/>'),
    channel("<textInput><title>t</title><description>d</description><name>n</name><link>https://e.org/</link></textInput>"),
    channel('<x:own xmlns:x="urn:x"><x:inside/></x:own><category domain="d">News</category>'),
    item('<source url="https://e.org/feed.xml">Other</source><comments>https://e.org/c</comments>'),
    item("<author>olha@example.com (Olha)</author><category>Energy</category>"),
    edited((TALKS, "")),
    edited((NINE, '<description><![CDATA[<a href="mailto:a@e.org">a</a> <a href="#t">b</a> a < b]]></description>')),
    edited(('type="audio/mpeg"', 'type="audio/mpeg; codecs=mp3"')),
]  # fmt: skip


@pytest.mark.parametrize("feed", GOOD_FEEDS)
def test_what_is_right_is_not_found(feed):
    """RSS 2.0's own forms pass all of its rules."""
    codes = [f"PK1{number}" for number in range(20, 37)]
    assert check(subject_of(feed), select=codes).findings == ()


def test_each_undefined_name_is_told_once():
    """A made-up element in every item is one finding with its count."""
    feed = GOOD.replace("<itunes:season>", "<rating2>5</rating2><itunes:season>")
    (found,) = check(subject_of(feed), select=["PK120"]).findings
    assert "2 in this feed" in found.message
