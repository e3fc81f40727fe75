"""Every rule about the feed itself: what breaks it is found, at its place; what is right is not."""

from __future__ import annotations

import pytest
from rules_feed import ENERGY, GOOD, TALKS, edited, subject_of

from podkit.model.finding import Severity
from podkit.rules.check import check

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
CH, ONE, TWO = "channel", "channel/item[1]", "channel/item[2]"
DESCRIPTION = "<description>Nine agreements.</description>"
SHOW_DESCRIPTION = "<description>What happens, explained every week.</description>"
GUID_ONE = '<guid isPermaLink="false">2f6c1a0e-7d1b-4a53-9f0e-8f5ab7f3c2d1</guid>'
GUID_TWO = '<guid isPermaLink="false">9d3f0c52-52c2-4a29-8f54-4f33a1a7a0b4</guid>'
FULL_TWO = "<itunes:episode>1</itunes:episode>\n      <itunes:episodeType>full"
CATEGORY = '<itunes:category text="News"><itunes:category text="Politics"/></itunes:category>'
EXPLICIT = "<itunes:explicit>false</itunes:explicit>\n    <itunes:type>"
SELF = '<atom:link rel="self" type="application/rss+xml" href="https://example.com/feed.xml"/>'
FUNDING = '<podcast:funding url="https://example.com/join">Join</podcast:funding>'
LOCKED = "<podcast:locked>yes</podcast:locked>"
PODCAST_NS = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'
OLD_NS = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
DATE_ONE = "<pubDate>Fri, 20 Nov 2026 06:00:00 +0200</pubDate>"


def add(xml: str) -> tuple[str, str]:
    """An edit that puts something into the channel."""
    return (LOCKED, LOCKED + xml)


def in_item(xml: str) -> tuple[str, str]:
    """An edit that puts something into the first item."""
    return (DATE_ONE, DATE_ONE + xml)


IMAGE = '<podcast:image href="https://example.com/w.jpg" alt="A"'
SQUARE_TAG = f'{IMAGE} aspect-ratio="1/1"/>'
WIDE_TAG = f'{IMAGE} aspect-ratio="16/9" width="1280"/>'
SIZED_TAG = f'{IMAGE} width="1280" height="720"/>'
THUMBNAIL = '<media:thumbnail url="https://example.com/w.jpg" width="640" height="360"/>'
MEDIA = (PODCAST_NS, f'{PODCAST_NS} xmlns:media="http://search.yahoo.com/mrss/"')

# code, severity, element, edits
BROKEN = [
    ("PK101", E, "rss", [('version="2.0"', 'version="0.91"')]),
    ("PK101", E, CH, [("</channel>", "</channel><channel/>")]),
    ("PK102", E, "", [("UTF-8", "ISO-8859-1")]),
    ("PK102", E, "", [(' encoding="UTF-8"', "")]),
    ("PK103", E, "rss", [("dtds/podcast-1.0.dtd", "DTDs/Podcast-1.0.dtd")]),
    ("PK104", W, "rss", [("modules/content/", "modules/content")]),
    ("PK105", E, "rss", [("www.w3.org/2005/Atom", "www.w3.org/2005/atom")]),
    ("PK105", E, "rss", [(PODCAST_NS, 'xmlns:pod="https://example.com/"'), ("<podcast:guid>", "<guid>"),
     ("</podcast:guid>", "</guid>"), (LOCKED, ""), (FUNDING, "")]),
    ("PK106", W, "rss", [("https://podcastindex.org/namespace/1.0", OLD_NS)]),
    ("PK107", E, f"{ONE}/itunes:episodetype",
     [("episodeType>full</itunes:episodeType", "episodetype>full</itunes:episodetype")]),
    ("PK107", E, f"{CH}/itunes:category", [('text="News"', 'text="news"')]),
    ("PK108", W, f"{ONE}/title", [("<title>Energy", "<title> Energy")]),
    ("PK108", W, f"{ONE}/enclosure", [(ENERGY, ENERGY + " ")]),
    ("PK109", W, f"{CH}/itunes:author", [("The newsroom of", "The newsroom " * 30)]),
    ("PK110", W, f"{ONE}/title", [("<title>Energy", "<title>Facts &amp;amp; Energy")]),
    ("PK110", W, f"{CH}/itunes:category", [('text="News"', 'text="Kids &amp;amp; Family"')]),
    ("PK111", E, f"{TWO}/description/p", [(DESCRIPTION, "<description><p>Nine</p></description>")]),
    ("PK112", W, f"{ONE}/title", [("<title>Energy", "<title>Energy&#127;")]),
    ("PK112", W, f"{ONE}/title", [("<title>Energy", "<title>Énergie&#150;")]),
    ("PK114", W, f"{CH}/title[2]", [add("<title>Another</title>")]),
    ("PK114", W, f"{ONE}/itunes:duration[2]",
     [("<itunes:duration>62", "<itunes:duration>62</itunes:duration><itunes:duration>62")]),
    ("PK115", W, f"{CH}/podcast:funding", [("https://example.com/join", "http://example.com/join")]),
    ("PK201", E, f"{CH}/title", [("<title>Ukraine Insights", "<title> ")]),
    ("PK201", E, CH, [("<title>Ukraine Insights</title>", "")]),
    ("PK201", W, f"{CH}/title", [("Ukraine Insights", "News | Politics | Interviews")]),
    ("PK202", E, CH, [(SHOW_DESCRIPTION, "")]),
    ("PK202", E, f"{CH}/description", [("What happens", "Що " * 900)]),
    ("PK203", E, CH, [("<language>en-gb</language>", "")]),
    ("PK203", E, f"{CH}/language", [("en-gb", "ua")]),
    ("PK203", E, f"{CH}/language", [("en-gb", "English")]),
    ("PK203", E, f"{CH}/language", [("en-gb", "en_GB")]),
    ("PK204", E, CH, [(CATEGORY, "")]),
    ("PK204", E, f"{CH}/itunes:category", [(CATEGORY, '<itunes:category text="Current Affairs"/>')]),
    ("PK205", W, f"{CH}/itunes:category/itunes:category", [('"Politics"', '"Documentary"')]),
    ("PK206", INFO, f"{CH}/itunes:category[2]", [add('<itunes:category text="Technology"/>')]),
    ("PK207", W, f"{CH}/itunes:category", [(CATEGORY, '<itunes:category text="News &amp; Politics"/>')]),
    ("PK207", W, f"{CH}/itunes:category/itunes:category",
     [(CATEGORY, '<itunes:category text="Technology"><itunes:category text="Gadgets"/></itunes:category>')]),
    ("PK208", E, CH, [(EXPLICIT, "<itunes:type>")]),
    ("PK208", E, f"{CH}/itunes:explicit", [(EXPLICIT, EXPLICIT.replace("false", "maybe"))]),
    ("PK208", W, f"{CH}/itunes:explicit", [(EXPLICIT, EXPLICIT.replace("false", "clean"))]),
    ("PK208", W, f"{CH}/itunes:explicit", [(EXPLICIT, EXPLICIT.replace("false", "Yes"))]),
    ("PK209", E, CH, [('<itunes:image href="https://example.com/cover.jpg"/>', "")]),
    ("PK209", E, f"{CH}/itunes:image", [('href="https://example.com/cover.jpg"', 'href="cover.jpg"')]),
    ("PK210", E, CH, [("<link>https://example.com/</link>", "")]),
    ("PK210", E, f"{CH}/link", [("<link>https://example.com/</link>", "<link>example.com</link>")]),
    ("PK211", E, CH, [(SELF, "")]),
    ("PK211", E, f"{CH}/atom:link", [("https://example.com/feed.xml", "feed.xml")]),
    ("PK211", W, f"{CH}/atom:link", [(' type="application/rss+xml"', "")]),
    ("PK212", W, CH, [("<itunes:author>The newsroom of Example</itunes:author>", "")]),
    ("PK213", W, f"{CH}/itunes:owner", [("<itunes:email>podcast@example.com</itunes:email>", "")]),
    ("PK213", W, f"{CH}/itunes:owner/itunes:email", [("podcast@example.com", "podcast at example.com")]),
    ("PK214", W, f"{CH}/itunes:type", [("episodic", "series")]),
    ("PK215", E, TWO, [("episodic", "serial"), ("<itunes:episode>1</itunes:episode>", "")]),
    ("PK216", W, f"{CH}/itunes:block", [add("<itunes:block>true</itunes:block>")]),
    ("PK216", W, f"{CH}/itunes:complete", [add("<itunes:complete>no</itunes:complete>")]),
    ("PK217", W, f"{CH}/itunes:new-feed-url", [add("<itunes:new-feed-url>/f.xml</itunes:new-feed-url>")]),
    ("PK218", W, f"{CH}/copyright", [("Example Media", "© 2026 Example Media")]),
    ("PK219", W, CH, [(LOCKED, "")]),
    ("PK219", W, f"{CH}/podcast:locked", [(">yes<", ">true<")]),
    ("PK220", W, f"{CH}/podcast:guid", [("917393e3-1b1e-5cef-ace4-edaa54e1f810", "my-show")]),
    ("PK220", W, CH, [("<podcast:guid>917393e3-1b1e-5cef-ace4-edaa54e1f810</podcast:guid>", "")]),
    ("PK221", W, f"{CH}/lastBuildDate", [("Date>Fri, 20 Nov 2026", "Date>Fri, 13 Nov 2026")]),
    ("PK221", W, f"{CH}/lastBuildDate", [("Date>Fri, 20 Nov 2026 06:00:00 +0200", "Date>2026-11-20")]),
    ("PK222", INFO, f"{CH}/itunes:title", [add("<itunes:title>Insights S1E2</itunes:title>")]),
    ("PK223", INFO, f"{CH}/podcast:txt", [add('<podcast:txt purpose="applepodcastsverify"/>')]),
    ("PK225", INFO, f"{CH}/itunes:keywords", [add("<itunes:keywords>a, b</itunes:keywords>")]),
    ("PK226", W, f"{CH}/spotify:countryOfOrigin",
     [add('<s:countryOfOrigin xmlns:s="http://www.spotify.com/ns/rss">England</s:countryOfOrigin>')]),
    ("PK226", W, f"{CH}/spotify:limit",
     [add('<s:limit xmlns:s="http://www.spotify.com/ns/rss" recentCount="ten"/>')]),
    ("PK226", W, "rss", [add('<spotify:limit xmlns:spotify="http://spotify.com/" recentCount="1"/>')]),
    ("PK227", INFO, f"{CH}/media:restriction",
     [add('<m:restriction xmlns:m="http://search.yahoo.com/mrss/" type="country" '
          'relationship="deny">us</m:restriction>')]),
    ("PK301", E, ONE, [("<title>Energy</title>", "")]),
    ("PK301", E, f"{ONE}/title", [("<title>Energy", "<title>")]),
    ("PK302", W, f"{ONE}/title", [("<title>Energy", "<title>Episode 2: Energy")]),
    ("PK302", W, f"{ONE}/title", [("<title>Energy", "<title>#2 Energy")]),
    ("PK302", W, f"{ONE}/title", [("<title>Energy", "<title>Energy | Ukraine Insights")]),
    ("PK303", E, ONE, [(GUID_ONE, "")]),
    ("PK303", E, f"{ONE}/guid", [(GUID_ONE, "<guid> </guid>")]),
    ("PK303", E, f"{TWO}/guid", [(GUID_TWO, GUID_ONE)]),
    ("PK305", W, f"{ONE}/guid", [('<guid isPermaLink="false">2f6c', "<guid>2f6c")]),
    ("PK306", E, ONE, [(DATE_ONE, "")]),
    ("PK306", E, f"{ONE}/pubDate", [(DATE_ONE, "<pubDate>2026-11-20</pubDate>")]),
    ("PK306", W, f"{ONE}/pubDate", [(DATE_ONE, "<pubDate>20 Nov 2026 06:00:00 +0200</pubDate>")]),
    ("PK306", W, f"{ONE}/pubDate", [(DATE_ONE, DATE_ONE.replace("Fri", "Sat"))]),
    ("PK306", W, f"{ONE}/pubDate", [(DATE_ONE, DATE_ONE.replace("+0200", "Europe/Kyiv"))]),
    ("PK307", W, f"{ONE}/pubDate", [(DATE_ONE, DATE_ONE.replace("Fri, 20", "Mon, 30"))]),
    ("PK307", W, f"{TWO}/pubDate", [("Fri, 13 Nov 2026", "Fri, 20 Nov 2026")]),
    ("PK308", W, TWO, [(DESCRIPTION, "")]),
    ("PK308", W, f"{TWO}/description", [("Nine agreements", "Дев'ять " * 300)]),
    ("PK308", W, f"{TWO}/description", [("Nine agreements", "&lt;h1>Nine&lt;/h1>")]),
    ("PK309", W, ONE, [("<itunes:duration>62</itunes:duration>", "")]),
    ("PK309", W, f"{ONE}/itunes:duration", [(">62<", ">00:50:95<")]),
    ("PK309", W, f"{ONE}/itunes:duration", [(">62<", ">1:75:00<")]),
    ("PK309", W, f"{ONE}/itunes:duration", [(">62<", ">an hour<")]),
    ("PK309", W, f"{ONE}/itunes:duration", [(">62<", ">62.5<")]),
    ("PK309", W, f"{ONE}/itunes:duration", [(">62<", ">0<")]),
    ("PK310", W, f"{ONE}/itunes:season", [("<itunes:season>1", "<itunes:season>one")]),
    ("PK310", W, f"{ONE}/itunes:episode", [("<itunes:episode>2", "<itunes:episode>0")]),
    ("PK310", W, f"{ONE}/itunes:episode", [("<itunes:episode>2", "<itunes:episode>2.5")]),
    ("PK311", W, f"{ONE}/itunes:episodeType", [(">full<", ">Full<")]),
    ("PK312", W, f"{TWO}/guid", [(GUID_TWO, GUID_ONE), (FULL_TWO, FULL_TWO.replace("full", "trailer"))]),
    ("PK313", W, f"{TWO}/itunes:episode", [("<itunes:episode>1<", "<itunes:episode>02<")]),
    ("PK314", W, f"{ONE}/itunes:explicit",
     [("false</itunes:explicit>\n      <itunes:season>", "no</itunes:explicit>\n      <itunes:season>")]),
    ("PK315", W, TWO, [("<link>https://example.com/talks/</link>", "")]),
    ("PK315", W, f"{TWO}/link", [("<link>https://example.com/talks/</link>", "<link>/talks/</link>")]),
    ("PK316", W, f"{ONE}/description", [("https://example.com/a", "http://example.com/a")]),
    ("PK317", W, f"{TWO}/description", [("Nine agreements", "1 &amp;lt; 2")]),
    ("PK317", W, f"{TWO}/description", [("Nine agreements", "a" * 5001)]),
    ("PK318", W, f"{TWO}/description", [("Nine agreements", "a" * 4001)]),
    ("PK319", INFO, f"{TWO}/itunes:block",
     [(DESCRIPTION, DESCRIPTION + "<itunes:block>Yes</itunes:block>")]),
    ("PK320", W, f"{TWO}/enclosure[2]",
     [(DESCRIPTION, DESCRIPTION + '<enclosure url="https://e.org/a.mp3" length="1" type="audio/mpeg"/>')]),
    ("PK401", E, ONE, [(f'<enclosure url="{ENERGY}" length="1000000" type="audio/mpeg"/>', "")]),
    ("PK401", E, f"{ONE}/enclosure", [(' length="1000000"', "")]),
    ("PK401", E, f"{ONE}/enclosure", [(ENERGY, "javascript:alert(1).mp3")]),
    ("PK402", E, f"{TWO}/enclosure", [(TALKS, ENERGY)]),
    ("PK403", E, f"{ONE}/enclosure", [(ENERGY, ENERGY.replace(".mp3", ".ogg"))]),
    ("PK403", E, f"{ONE}/enclosure", [(ENERGY, ENERGY.replace(".mp3", ""))]),
    ("PK403", E, f"{ONE}/enclosure", [("audio/mpeg", "video/mp4")]),
    ("PK404", E, f"{ONE}/enclosure", [("audio/mpeg", "binary/octet-stream")]),
    ("PK404", W, f"{ONE}/enclosure", [("audio/mpeg", "audio/mp3")]),
    ("PK406", W, f"{ONE}/enclosure", [('length="1000000"', 'length="0"')]),
    ("PK406", E, f"{ONE}/enclosure", [('length="1000000"', 'length="-5"')]),
    ("PK407", E, f"{ONE}/enclosure", [("energy-1f9c2b07", "енергія")]),
    ("PK407", W, f"{ONE}/enclosure", [("energy-1f9c2b07", "%D0%B5")]),
    ("PK408", E, f"{ONE}/enclosure", [("energy-1f9c2b07", "my energy")]),
    ("PK408", E, f"{ONE}/enclosure", [("energy-1f9c2b07", "my%2520energy")]),
    ("PK408", E, f"{ONE}/enclosure", [("energy-1f9c2b07", "100%energy")]),
    ("PK409", W, f"{ONE}/enclosure", [(ENERGY, ENERGY.replace("https", "http"))]),
    ("PK508", INFO, f"{ONE}/enclosure", [("audio/mpeg", "video/mp4")]),
    ("PK508", INFO, f"{ONE}/enclosure", [("audio/mpeg", "video/mp4"), in_item(SQUARE_TAG)]),
    ("PK510", INFO, f"{CH}/podcast:image", [add('<podcast:image href="https://example.com/w.jpg"/>')]),
]  # fmt: skip

RIGHT = [
    ("PK102", [("UTF-8", "utf-8")]),
    ("PK108", [("<description>Nine", "<description>\n  Nine")]),
    ("PK109", [(DESCRIPTION, f"<description>{'a ' * 200}</description>")]),
    ("PK110", [("<title>Energy", "<title>R&amp;D; Energy &amp; more")]),
    ("PK111", [(DESCRIPTION, "<description>&lt;p>Nine&lt;/p></description>")]),
    ("PK112", [("<title>Energy", "<title>Énergie — «вогонь» 🔥")]),
    ("PK114", [add("<category>a</category><category>b</category>")]),
    ("PK115", [add('<podcast:person href="https://example.com/p">P</podcast:person>')]),
    ("PK201", [("Ukraine Insights", "War, Peace, and Energy")]),
    ("PK202", [("What happens", "Що " * 790)]),
    ("PK203", [("en-gb", "uk")]),
    ("PK203", [("en-gb", "zh-Hant-TW")]),
    ("PK204", [('text="News"', 'text="Kids &amp; Family"')]),
    ("PK205", [(CATEGORY, '<itunes:category text="Technology"/>')]),
    ("PK211", [(SELF, f'<atom:link rel="hub" href="https://hub.example/"/>{SELF}')]),
    ("PK214", [("<itunes:type>episodic</itunes:type>", "")]),
    ("PK215", [("episodic", "serial"), (FULL_TWO, "<itunes:episodeType>trailer")]),
    ("PK216", [add("<itunes:block>Yes</itunes:block>")]),
    ("PK217", [add("<itunes:new-feed-url>https://n.example/f</itunes:new-feed-url>")]),
    ("PK226", [add('<s:countryOfOrigin xmlns:s="http://www.spotify.com/ns/rss">gb ua</s:countryOfOrigin>'
                   '<s:limit xmlns:s="http://www.spotify.com/ns/rss" recentCount="9"/>')]),
    ("PK227", [add('<m:restriction xmlns:m="http://search.yahoo.com/mrss/" type="country" '
                   'relationship="allow">de fr</m:restriction>')]),
    ("PK222", [add("<itunes:title>Insights</itunes:title>")]),
    ("PK223", [add('<podcast:txt purpose="applepodcastsverify">2a9c</podcast:txt>')]),
    ("PK302", [("<title>Energy", "<title>The 9 agreements of 2024")]),
    ("PK302", [("<title>Energy", "<title>Ukraine Insights from inside")]),
    ("PK303", [(GUID_TWO, GUID_ONE.upper().replace("GUID", "guid").replace("ISPERMALINK", "isPermaLink"))]),
    ("PK305", [('<guid isPermaLink="false">2f6c1a0e', "<guid>https://example.com/2f6c1a0e")]),
    ("PK306", [("Fri, 20 Nov 2026 06:00:00 +0200</pub", "Fri, 20 Nov 2026 04:00 GMT</pub")]),
    ("PK308", [("Nine agreements", "&lt;p>&lt;strong>Nine&lt;/strong>&lt;br/>&lt;/p>")]),
    ("PK309", [(">62<", ">01:02<")]),
    ("PK309", [(">62<", ">75:10<")]),
    ("PK313", [("<itunes:episode>1<", "<itunes:episode>2<"),
               ("<itunes:season>1</itunes:season>\n      <itunes:episode>2<",
                "<itunes:season>2</itunes:season>\n      <itunes:episode>2<")]),
    ("PK317", [("Nine agreements", "&lt;b>Nine&lt;/b> &amp;amp; more")]),
    ("PK403", [(ENERGY, ENERGY + "?source=feed")]),
    ("PK403", [(ENERGY, "https://op3.dev/e/media.example.com/energy.MP3")]),
    ("PK404", [("audio/x-m4a", "audio/m4a")]),
    ("PK408", [("energy-1f9c2b07", "my%20energy")]),
    ("PK508", [("audio/mpeg", "video/mp4"), in_item(WIDE_TAG)]),
    ("PK508", [("audio/mpeg", "video/mp4"), in_item(SIZED_TAG)]),
    ("PK508", [("audio/mpeg", "video/mp4"), in_item(THUMBNAIL), MEDIA]),
    ("PK510", [add('<podcast:image href="https://example.com/w.jpg" alt="A" aspect-ratio="16/9"/>')]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "severity", "element", "edits"),
    BROKEN,
    ids=[f"{row[0]}-{n}" for n, row in enumerate(BROKEN)],
)
def test_what_breaks_a_rule_is_found_at_its_place(code, severity, element, edits):
    """One change to a good feed is found by that rule, with its severity and element."""
    findings = check(subject_of(edited(*edits)), select=[code]).findings
    assert (severity, element) in {(f.severity, f.element) for f in findings}
    assert all(f.line and f.column and f.message for f in findings)


@pytest.mark.parametrize(
    ("code", "edits"), RIGHT, ids=[f"{row[0]}-{n}" for n, row in enumerate(RIGHT)]
)
def test_what_a_rule_allows_is_not_found(code, edits):
    """What is unusual but right is left alone."""
    assert check(subject_of(edited(*edits)), select=[code]).findings == ()


def test_a_good_feed_has_no_finding():
    """No rule finds anything in a feed that keeps them all."""
    assert check(subject_of(GOOD)).findings == ()


def test_a_feed_without_published_episodes():
    """An empty feed, and one with only a future episode, have PK224."""
    empty = GOOD[: GOOD.index("<item>")] + "</channel></rss>"
    assert [f.code for f in check(subject_of(empty), select=["PK224"]).findings] == ["PK224"]
    future = empty.replace(
        "</channel>",
        "<item><pubDate>Wed, 20 Nov 2041 06:00:00 +0200</pubDate>"
        '<enclosure url="https://e.org/a.mp3" length="1" type="audio/mpeg"/></item></channel>',
    )
    assert [f.code for f in check(subject_of(future), select=["PK224"]).findings] == ["PK224"]
    assert check(subject_of(future, now=None), select=["PK224"]).findings == ()


def test_the_self_link_is_compared_with_the_real_address():
    """Where the feed's address is known, another self link is an error."""
    subject = subject_of(GOOD, feed_url="https://elsewhere.example/feed.xml")
    findings = check(subject, select=["PK211"]).findings
    assert [(f.severity, f.element) for f in findings] == [(E, "channel/atom:link")]


def test_a_big_feed_is_told():
    """Above 1 MB a warning, above 5 MB an error."""
    padding = "<!-- " + "x" * 1_000_000 + " -->"
    big = GOOD.replace("<channel>", padding + "<channel>")
    assert [f.severity for f in check(subject_of(big), select=["PK113"]).findings] == [W]
    huge = GOOD.replace("<channel>", padding * 5 + "<channel>")
    assert [f.severity for f in check(subject_of(huge), select=["PK113"]).findings] == [E]


def test_dropped_tags_are_told_once():
    """A tag that Apple dropped is one finding for the feed, not one an episode."""
    text = GOOD.replace("<itunes:season>", "<itunes:summary>a</itunes:summary><itunes:season>")
    findings = check(subject_of(text), select=["PK225"]).findings
    assert [f.element for f in findings] == ["channel/item[1]/itunes:summary"]
    assert "2 in this feed" in findings[0].message


@pytest.mark.parametrize("legacy", ["yes", "no", "clean", "Yes", "TRUE"])
def test_legacy_explicit_values_are_calm(legacy):
    """What 49 of 59 real feeds say is a warning, never an error."""
    text = GOOD.replace("<itunes:explicit>false", f"<itunes:explicit>{legacy}")
    findings = check(subject_of(text)).findings
    assert {(f.code, f.severity) for f in findings} == {("PK208", W), ("PK314", W)}


def test_the_old_podcast_namespace_is_understood():
    """Its elements count as the podcast namespace's; only its address is told."""
    text = edited(("https://podcastindex.org/namespace/1.0", OLD_NS))
    assert {f.code for f in check(subject_of(text)).findings} == {"PK106"}
