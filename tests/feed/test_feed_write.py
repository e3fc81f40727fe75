"""What the feed writer prints, and what it refuses to print."""

from __future__ import annotations

import io
import locale
import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import feedparser
import podcastparser
import pytest
from feed_specs import full_item, full_spec
from lxml import etree

from podkit.errors import FormatError
from podkit.feed.read import from_xml
from podkit.feed.write import to_xml
from podkit.model.document import ATOM, CONTENT, ITUNES, PODCAST
from podkit.model.feedspec import Enclosure, FeedSpec, Item
from podkit.model.podcasting import Funding, Trailer
from podkit.model.text import clean_line

GOLDEN = Path(__file__).parent.parent / "golden" / "feed-full.xml"
ROOT = Path(__file__).parent.parent.parent


def one(**fields: object) -> FeedSpec:
    """A feed of one episode."""
    return FeedSpec(title="S", items=(Item(title="The one", guid="g", **fields),))


def test_the_full_feed_is_the_golden_feed():
    """Names, attributes, number formats and order of everything that podkit can say."""
    assert to_xml(full_spec()).decode() == GOLDEN.read_text()


def test_the_same_spec_gives_the_same_bytes():
    """No clock, no hash order: two processes with other hash seeds write the same bytes (F09)."""
    code = "import sys; from feed_specs import *; from podkit.feed.write import to_xml; "
    code += "sys.stdout.buffer.write(to_xml(full_spec()))"
    paths = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    written = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths},
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
        for seed in ("1", "2")
    ]
    assert written == [to_xml(full_spec())] * 2


def test_the_root_declares_the_four_namespaces():
    """PK103 to PK106: itunes, content, atom and podcast stand on the root, whatever is used."""
    root = etree.fromstring(to_xml(FeedSpec(title="S")))
    assert root.get("version") == "2.0"
    assert root.nsmap == {"itunes": ITUNES, "content": CONTENT, "atom": ATOM, "podcast": PODCAST}


def test_nothing_is_said_that_the_spec_does_not_say():
    """What feedgen adds by itself (its name, its docs link, the present time its placeholders) does not appear."""
    channel = etree.fromstring(to_xml(FeedSpec(title="S", items=(Item(title="", guid="g"),))))[0]
    assert [(e.tag, [c.tag for c in e]) for e in channel] == [("title", []), ("item", ["guid"])]


def test_items_stand_in_the_order_of_the_spec():
    """Although feedgen prepends, the spec's order wins."""
    items = tuple(Item(title=f"T{i}", guid=f"g{i}") for i in range(5))
    assert from_xml(to_xml(FeedSpec(title="S", items=items))).items == items


def test_every_code_point_gives_a_feed():
    """F01: every character of the first plane and samples of the others, in six fields."""
    points = [*range(0x10000), *range(0x10000, 0x110000, 0x3FF), 0x1FFFE, 0x10FFFF]
    texts = [f"a{chr(point)}b" for point in points]
    names = ("title", "description", "content", "summary", "author", "guid")
    items = tuple(
        Item(**{"title": "t", "guid": str(start), name: text})
        for start in range(0, len(texts), 64)
        for name, text in [(names[start // 64 % 6], "".join(texts[start : start + 64]))]
    )
    read = from_xml(to_xml(FeedSpec(title="S", items=items)))
    assert len(read.items) == len(items)
    everything = "".join(texts)
    spec = FeedSpec(title=everything, description=everything, items=(full_item(),))
    read = from_xml(to_xml(spec))
    assert read.title == clean_line(everything)
    assert "a\x07b" not in read.description
    assert unicodedata.is_normalized("NFC", read.description)


@pytest.mark.parametrize("name", ["title", "description", "content", "summary", "author", "guid"])
def test_every_illegal_character_alone_is_taken_out(name: str):
    """F01: one control character in any field costs that character, never the feed."""
    bad = [*range(32), 0x7F, 0x80, 0x9F, 0xD800, 0xDFFF, 0xFDD0, 0xFEFF, 0xFFFE, 0xFFFF]
    items = tuple(Item(**{"title": "t", "guid": "g", name: f"a{chr(point)}b"}) for point in bad)
    for item in from_xml(to_xml(FeedSpec(title="S", items=items))).items:
        assert getattr(item, name) in {"ab", "a b", "a\nb", "a\tb"}


@pytest.mark.parametrize("text", ["]]>", "<b>]]></b>", "&amp;", "<![CDATA[x]]>", "&#38;lt;", "<p>&nbsp;</p>"])  # fmt: skip
def test_text_is_escaped_exactly_once(text: str):
    """F06: a parser sees what the spec says, in CDATA or not, in elements and attributes."""
    spec = one(description=text, content=text, summary=text, author=text)
    item = etree.fromstring(to_xml(spec)).find("channel/item")
    for name in ("description", f"{{{CONTENT}}}encoded", f"{{{ITUNES}}}summary"):
        assert item.findtext(name) == text


def test_markup_is_cdata_and_plain_text_is_not():
    """HTML stands in CDATA, where people can read it."""
    written = to_xml(one(description="<p>a</p>", content="a & b", summary="plain")).decode()
    assert "<description><![CDATA[<p>a</p>]]></description>" in written
    assert "<content:encoded><![CDATA[a & b]]></content:encoded>" in written
    assert "<itunes:summary>plain</itunes:summary>" in written


WINTER = timezone(timedelta(hours=-5))
DATES = [
    (datetime(2024, 2, 29, 6, 5, 4, tzinfo=UTC), "Thu, 29 Feb 2024 06:05:04 +0000"),
    (datetime(2024, 1, 1, tzinfo=WINTER), "Mon, 01 Jan 2024 00:00:00 -0500"),
    (datetime(2024, 3, 31, 4, tzinfo=ZoneInfo("Europe/Kyiv")), "Sun, 31 Mar 2024 04:00:00 +0300"),
    (
        datetime(2024, 10, 27, 3, 30, fold=1, tzinfo=ZoneInfo("Europe/Kyiv")),
        "Sun, 27 Oct 2024 03:30:00 +0200",
    ),
    (datetime(1969, 7, 20, 20, 17, tzinfo=UTC), "Sun, 20 Jul 1969 20:17:00 +0000"),
    (datetime(2040, 5, 1, 9, tzinfo=UTC), "Tue, 01 May 2040 09:00:00 +0000"),
    (
        datetime(1890, 1, 1, tzinfo=ZoneInfo("Europe/Amsterdam")),
        "Tue, 31 Dec 1889 23:58:00 +0018",
    ),
]


@pytest.mark.parametrize(("date", "printed"), DATES)
def test_dates_are_rfc_2822_in_their_own_zone(date: datetime, printed: str):
    """F07: the moment's own offset, also before 1970, after 2038 and in the repeated hour."""
    root = etree.fromstring(to_xml(replace(one(published=date), built=date)))
    assert root.findtext("channel/item/pubDate") == printed or date.year < 1900
    found = parsedate_to_datetime(root.findtext("channel/item/pubDate"))
    assert found.timestamp() == date.timestamp()
    assert root.findtext("channel/lastBuildDate") == root.findtext("channel/item/pubDate")


def test_a_date_without_a_zone_is_refused():
    """F07: a naive date is nobody's moment; the error names the episode."""
    with pytest.raises(FormatError, match="no time zone") as caught:
        to_xml(one(published=datetime(2024, 1, 1)))  # noqa: DTZ001 (that is the point)
    assert "The one" in str(caught.value.where)
    with pytest.raises(FormatError, match="no time zone"):
        to_xml(FeedSpec(title="S", built=datetime(2024, 1, 1)))  # noqa: DTZ001


@pytest.mark.need("localedef")
def test_dates_are_english_in_a_german_locale(tmp_path: Path):
    """F07: with LC_ALL=de_DE the bytes are the same, and the process keeps its locale."""
    made = subprocess.run(
        ["localedef", "-i", "de_DE", "-f", "UTF-8", str(tmp_path / "de_DE.UTF-8")],
        check=False,
        capture_output=True,
    )
    assert (tmp_path / "de_DE.UTF-8").is_dir(), made.stderr
    code = (
        "import locale, sys, time; from feed_specs import *; from podkit.feed.write import to_xml; "
        "locale.setlocale(locale.LC_ALL, ''); assert time.strftime('%A', (2024,1,1,0,0,0,0,1,0)) == 'Montag'; "
        "sys.stdout.buffer.write(to_xml(full_spec())); "
        "assert time.strftime('%A', (2024,1,1,0,0,0,0,1,0)) == 'Montag'"
    )
    paths = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    env = {**os.environ, "LOCPATH": str(tmp_path), "LC_ALL": "de_DE.UTF-8", "PYTHONPATH": paths}
    written = subprocess.run(
        [sys.executable, "-c", code], env=env, check=True, stdout=subprocess.PIPE
    )
    assert written.stdout == GOLDEN.read_bytes()


def test_the_locale_is_left_as_it_was():
    """Although feedgen switches the locale, after a feed it is as before."""
    before = locale.setlocale(locale.LC_ALL)
    to_xml(full_spec())
    assert locale.setlocale(locale.LC_ALL) == before


UNSAFE = [
    "", "None", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "file:///etc/passwd", "ftp://x/a.mp3",
    "data:audio/mpeg;base64,AA", "//radio.example/a.mp3", "media/a.mp3", "https://", "http:///a.mp3",
    "https://radio.example/a b.mp3", "mailto:a@radio.example",
]  # fmt: skip


@pytest.mark.parametrize("url", UNSAFE)
def test_an_enclosure_that_is_not_on_the_web_is_refused(url: str):
    """F03: only absolute http and https; the error names the episode."""
    with pytest.raises(FormatError, match=r"not an http or https URL|may not stand") as caught:
        to_xml(one(enclosure=Enclosure(url=url, length=1, type="audio/mpeg")))
    assert "The one" in str(caught.value.where)


@pytest.mark.parametrize("length", [-1, None, "12", 1.0, True])
def test_a_length_that_is_no_number_of_bytes_is_refused(length: object):
    """F03: "None", negative and other lengths never reach a feed."""
    enclosure = Enclosure(url="https://x.example/a.mp3", length=length, type="audio/mpeg")
    with pytest.raises(FormatError, match="not a number of bytes"):
        to_xml(one(enclosure=enclosure))


@pytest.mark.parametrize(
    "fields",
    [
        {"link": "javascript:alert(1)"},
        {"image": "data:image/svg+xml,<svg/>"},
        {"funding": (Funding(url=" vbscript:x"),)},
        {"duration": float("nan")},
        {"duration": float("inf")},
        {"extra": ("<a>",)},
        {"extra": ("</holder><a/><holder>",)},
        {"extra": ("<!DOCTYPE a><a/>",)},
        {"extra": ("<a/><b/>",)},
        {"extra": ("text",)},
    ],
    ids=str,
)
def test_what_no_feed_may_hold_is_refused_with_the_episodes_name(fields: dict[str, object]):
    """H01: links that run something, numbers that are none, kept elements that are not XML."""
    with pytest.raises(FormatError) as caught:
        to_xml(one(**fields))
    assert "The one" in str(caught.value.where)


def test_a_kept_element_may_leave_out_the_usual_namespaces():
    """What a person types under `extra` needs no declaration of itunes and its like."""
    written = to_xml(one(extra=("<itunes:keywords>a,b</itunes:keywords>",)))
    assert b"      <itunes:keywords>a,b</itunes:keywords>\n" in written


def test_numbers_have_no_trailing_zeros_and_no_exponents():
    """Apple and the namespace want plain numbers."""
    trailer = Trailer(url="https://x.example/t.mp3", published=DATES[0][0], length=2**40)
    root = etree.fromstring(to_xml(replace(full_spec(), trailers=(trailer,))))
    item = root.find("channel/item")
    assert root.find(f"channel/{{{PODCAST}}}trailer").get("length") == "1099511627776"
    assert item.findtext(f"{{{PODCAST}}}episode") == "2"
    assert item.find(f"{{{PODCAST}}}soundbite").attrib == {"startTime": "10.5", "duration": "20"}
    assert root.findall("channel/item")[1].find(f"{{{ITUNES}}}episode") is None
    durations = [(0.2, "0"), (1e-7, "0"), (61.5, "62"), (3661.0, "3661"), (1e7, "10000000")]
    for seconds, printed in durations:
        assert f"<itunes:duration>{printed}<".encode() in to_xml(one(duration=seconds))


@pytest.mark.need("xmllint")
def test_xmllint_is_content(tmp_path: Path):
    """The feed is well-formed for a reader that podkit does not share code with."""
    (tmp_path / "feed.xml").write_bytes(to_xml(full_spec()))
    subprocess.run(["xmllint", "--noout", tmp_path / "feed.xml"], check=True)


def test_two_other_readers_see_the_same_episodes():
    """Title, GUID, enclosure URL, length, type and duration, by feedparser and podcastparser."""
    content = to_xml(full_spec())
    theirs = feedparser.parse(content)
    assert not theirs.bozo
    assert theirs.feed.title == "Ukraine Insights"
    wanted = [
        (item.title, item.guid, item.enclosure.url, item.enclosure.length, item.enclosure.type)
        for item in full_spec().items
    ]
    assert [
        (e.title, e.id, e.enclosures[0].href, int(e.enclosures[0].length), e.enclosures[0].type)
        for e in theirs.entries
    ] == wanted
    assert [int(entry.itunes_duration) for entry in theirs.entries] == [61, 3661]
    assert [entry.guidislink for entry in theirs.entries] == [False, True]
    podcast = podcastparser.parse("https://radio.example/feed.xml", io.BytesIO(content))
    found = {e["guid"]: e for e in podcast["episodes"]}
    for title, guid, url, length, type_ in wanted:
        enclosure = found[guid]["enclosures"][0]
        assert found[guid]["title"] == title
        assert enclosure["url"] == url
        assert enclosure["file_size"] == (length or -1)
        assert enclosure["mime_type"] == type_
    assert [found[guid]["total_time"] for _, guid, *_ in wanted] == [61, 3661]
    assert found[wanted[0][1]]["published"] == full_spec().items[0].published.timestamp()


def test_a_feed_of_which_there_is_nothing_to_say():
    """A spec without a word is a feed without an element, its items beside it all the same."""
    for spec in (FeedSpec(title=""), FeedSpec(title="", items=(Item(title="", guid="g"),))):
        assert from_xml(to_xml(spec)) == spec
