"""Other people's feeds: read with patience, and never with harm."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.feed.read import from_xml
from podkit.feed.write import to_xml
from podkit.model.feedspec import Enclosure, FeedSpec, Item
from podkit.model.podcasting import Block, EpisodeNumber, FeedLink, SeasonNumber
from podkit.model.show import Category

ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
PODCAST = 'xmlns:podcast="https://podcastindex.org/namespace/1.0"'


def channel(inside: str, namespaces: str = f"{ITUNES} {PODCAST}") -> FeedSpec:
    """The feed with that inside its channel."""
    return from_xml(f'<rss version="2.0" {namespaces}><channel>{inside}</channel></rss>'.encode())


def item(inside: str, namespaces: str = f"{ITUNES} {PODCAST}") -> Item:
    """The one item with that inside it."""
    return channel(f"<item>{inside}</item>", namespaces).items[0]


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("yes", True),
        ("Explicit", True),
        ("TRUE", True),
        ("no", False),
        (" clean ", False),
        ("false", False),
        ("perhaps", None),
        ("", None),
    ],
)
def test_explicit_is_understood_in_every_spelling(word: str, meaning: bool | None):
    """49 of 59 real feeds say explicit in a word that is not true or false."""
    assert item(f"<itunes:explicit>{word}</itunes:explicit>").explicit is meaning


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("61", 61.0),
        ("01:01", 61.0),
        ("1:01:01", 3661.0),
        ("00:00:30.5", 30.5),
        ("90:00", 5400.0),
        (" 12 ", 12.0),
        ("", None),
        ("1:2:3:4", None),
        ("-5", None),
        ("an hour", None),
        ("inf", None),
    ],
)
def test_durations_are_understood_in_every_form(text: str, seconds: float | None):
    """Seconds, minutes and hours with colons; nonsense says nothing."""
    assert item(f"<itunes:duration>{text}</itunes:duration>").duration == seconds


SUMMER = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Tue, 30 Apr 2024 06:00:00 +0200", datetime(2024, 4, 30, 6, tzinfo=SUMMER)),
        ("30 Apr 2024 06:00:00 GMT", datetime(2024, 4, 30, 6, tzinfo=UTC)),
        ("Tue, 30 April 2024 06:00 GMT", datetime(2024, 4, 30, 6, tzinfo=UTC)),
        ("Tues, 3 Sept 2024 06:00:00 -0000", datetime(2024, 9, 3, 6, tzinfo=UTC)),
        ("Вівторок, 30 Apr 2024 06:00:00 +0000", datetime(2024, 4, 30, 6, tzinfo=UTC)),
        ("Tue, 30 Apr 2024 02:00:00 EDT", datetime(2024, 4, 30, 6, tzinfo=UTC)),
        ("Tue, 30 Apr 2024 06:00:00 CEST", datetime(2024, 4, 30, 4, tzinfo=UTC)),
        ("2024-04-30T06:00:00Z", datetime(2024, 4, 30, 6, tzinfo=UTC)),
        ("2024-04-30 06:00:00", datetime(2024, 4, 30, 6, tzinfo=UTC)),
        ("2024-04-30", datetime(2024, 4, 30, tzinfo=UTC)),
        ("yesterday", None),
        ("Tue, 30 Apr 2024 66:00:00 GMT", None),
        ("", None),
    ],
)
def test_dates_are_understood_when_they_are_nearly_right(text: str, date: datetime | None):
    """F07: RFC 2822 with the usual slips, ISO 8601, zones by name; nonsense is no date."""
    assert item(f"<pubDate>{text}</pubDate>").published == date


def test_missing_things_are_empty():
    """A feed that says nothing is a spec that says nothing."""
    assert channel("<item/>") == FeedSpec(title="", items=(Item(title="", guid=""),))


def test_what_is_not_understood_is_kept_and_written_again():
    """Unknown elements of channel and item survive, in order, with their namespaces."""
    inside = (
        '<x:a xmlns:x="urn:x" x:b="1">t<x:c/>u</x:a><ttl>60</ttl>'
        '<podcast:value type="t"><podcast:valueRecipient split="1"/></podcast:value>'
        "<itunes:keywords>a,b</itunes:keywords>"
    )
    spec = channel(f"<title>S</title>{inside}<item><guid>g</guid>{inside}</item>")
    assert spec.extra[:2] == ('<x:a xmlns:x="urn:x" x:b="1">t<x:c/>u</x:a>', "<ttl>60</ttl>")
    assert len(spec.extra) == 4
    assert spec.items[0].extra == spec.extra
    assert from_xml(to_xml(spec)) == spec


def test_a_second_self_link_and_other_atom_links():
    """The first self link is the feed's address; hubs and pages are links to other feeds."""
    atom = 'xmlns:atom="http://www.w3.org/2005/Atom"'
    links = '<atom:link rel="hub" href="https://h.example/"/><atom:link rel="self" href="https://a.example/f"/>'
    spec = channel(links, atom)
    assert spec.self_url == "https://a.example/f"
    assert spec.links == (FeedLink(rel="hub", href="https://h.example/"),)
    assert spec.extra == ()


@pytest.mark.parametrize(
    ("attributes", "enclosure"),
    [
        (
            'url=" https://a.example/a.mp3 " length=" 12 " type="audio/mpeg"',
            Enclosure(url="https://a.example/a.mp3", length=12, type="audio/mpeg"),
        ),
        (
            'url="https://a.example/a.mp3"',
            Enclosure(url="https://a.example/a.mp3", length=0, type=""),
        ),
        (
            'url="u" length="None" type="t"',
            Enclosure(url="u", length=0, type="t"),
        ),
        (
            'url="u" length="-7" type="t"',
            Enclosure(url="u", length=0, type="t"),
        ),
        ('length="5"', None),
    ],
)
def test_enclosures_are_taken_as_they_stand(attributes: str, enclosure: Enclosure | None):
    """A missing or absurd length is 0, an enclosure without an address is none."""
    assert item(f"<enclosure {attributes}/>").enclosure == enclosure


def test_the_second_enclosure_is_kept():
    """RSS allows one; the other one is not lost."""
    both = '<enclosure url="a" length="1" type="t"/><enclosure url="b" length="2" type="t"/>'
    read = item(both)
    assert read.enclosure == Enclosure(url="a", length=1, type="t")
    assert read.extra == ('<enclosure url="b" length="2" type="t"/>',)


@pytest.mark.parametrize(
    ("element", "guid", "permalink"),
    [
        ('<guid isPermaLink="false">https://a.example/1</guid>', "https://a.example/1", False),
        ("<guid>https://a.example/1</guid>", "https://a.example/1", True),
        ("<guid> tag:abc </guid>", "tag:abc", False),
        ('<guid isPermaLink="True">x</guid>', "x", True),
        ("<guid/>", "", False),
    ],
)
def test_guids_are_verbatim_with_their_permalink(element: str, guid: str, permalink: bool):
    """F04: RSS assumes a permalink when nothing is said, which only an address can be."""
    read = item(element)
    assert (read.guid, read.guid_permalink) == (guid, permalink)


def test_the_namespaces_number_is_before_apples():
    """podcast:episode says more than itunes:episode, wherever it stands."""
    apple = "<itunes:episode>3</itunes:episode><itunes:season>2</itunes:season>"
    assert item(apple).episode == EpisodeNumber(number=3)
    assert item(apple).season == SeasonNumber(number=2)
    both = item(apple + '<podcast:episode display="3b">3.5</podcast:episode>')
    assert both.episode == EpisodeNumber(number=3.5, display="3b")


def test_block_is_apples_and_the_namespaces():
    """itunes:block Yes is a Block for everybody; any other word of Apple's says nothing."""
    assert channel("<itunes:block>Yes</itunes:block>").block == (Block(),)
    assert channel("<itunes:block>no</itunes:block>").block == ()
    assert item("<itunes:block>yes</itunes:block>").block == (Block(),)
    two = '<itunes:block>Yes</itunes:block><podcast:block id="amazon">yes</podcast:block>'
    assert channel(two).block == (Block(id="amazon"), Block())


def test_a_category_with_several_inside_is_several():
    """Apple lets one category hold many; each is one Category."""
    nested = (
        '<itunes:category text="News"><itunes:category text="Politics"/>'
        '<itunes:category text="Tech News"/></itunes:category><itunes:category text=""/>'
    )
    assert channel(nested).categories == (
        Category(name="News", sub="Politics"),
        Category(name="News", sub="Tech News"),
    )


def test_old_spellings_of_namespaces_are_the_namespaces():
    """Case, http for https, a slash too many, the namespace's first address."""
    old = (
        'xmlns:i="http://www.itunes.com/DTDs/Podcast-1.0.dtd" xmlns:p="https://github.com/'
        'Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"'
    )
    read = item(
        "<i:duration>5</i:duration><i:image href='https://a.example/i.jpg'/>"
        "<p:person>A</p:person>"
        "<p:alternateEnclosure type='t'><p:source uri='https://a.example/s'/></p:alternateEnclosure>",
        old,
    )
    assert (read.duration, read.image) == (5.0, "https://a.example/i.jpg")
    assert read.people[0].name == "A"
    assert read.alternates[0].sources[0].uri == "https://a.example/s"
    assert read.extra == ()


def test_raw_elements_in_prose_are_kept_as_markup():
    """PK111's offenders: HTML that is not escaped is HTML all the same."""
    assert item("<description>a <b>b</b> c</description>").description == "a <b>b</b> c"


def test_the_image_of_rss_stands_in_for_apples():
    """A feed from before iTunes has its picture in RSS's own element."""
    assert channel("<image><url> https://a.example/i.png </url></image>").image == "https://a.example/i.png"  # fmt: skip


_snippets = st.sampled_from(
    [
        "<itunes:owner/>",
        "<itunes:image/>",
        "<itunes:duration>1:99999999999999999999:5</itunes:duration>",
        "<itunes:episode>9e999</itunes:episode>",
        "<itunes:episode>nan</itunes:episode>",
        "<podcast:person/>",
        "<podcast:trailer url='u' pubdate='never'>t</podcast:trailer>",
        "<podcast:trailer url='u' pubdate='Fri, 99 Xxx 99999 99:99:99 +9999'/>",
        "<podcast:soundbite startTime='a' duration='1'/>",
        "<podcast:alternateEnclosure length='x'/>",
        "<podcast:alternateEnclosure type='t' length='x'><podcast:source/></podcast:alternateEnclosure>",
        "<podcast:updateFrequency dtstart='then'>w</podcast:updateFrequency>",
        "<podcast:locked>maybe</podcast:locked>",
        "<podcast:image width='1'/>",
        "<podcast:season>two</podcast:season>",
        "<podcast:location/>",
        "<pubDate>Mon, 31 Feb 2024 00:00:00 GMT</pubDate>",
        "<pubDate>0</pubDate>",
        "<guid/><guid>b</guid>",
        "<item/>",
        "<enclosure/>",
    ]
)


@given(st.lists(_snippets, max_size=6))
def test_odd_tags_never_stop_a_feed(snippets: list[str]):
    """Whatever the tags say, the feed is read; what was read is written and read the same."""
    inside = "".join(snippets)
    spec = channel(f"<title>S</title>{inside}<item>{inside.replace('<item/>', '')}</item>")
    again = from_xml(to_xml(spec))
    assert from_xml(to_xml(again)) == again
