"""A feed with everything in it, and a strategy that makes feeds of every shape."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from podkit.model.document import PODCAST
from podkit.model.feedspec import Enclosure, FeedSpec, Item
from podkit.model.person import Person
from podkit.model.podcasting import (
    AlternateEnclosure,
    Block,
    ChaptersLink,
    EpisodeNumber,
    Funding,
    Image,
    Integrity,
    License,
    Location,
    Locked,
    SeasonNumber,
    Soundbite,
    Source,
    Trailer,
    TranscriptLink,
    Txt,
    UpdateFrequency,
)
from podkit.model.show import Category, Owner
from podkit.model.text import clean, clean_line

SITE = "https://radio.example"
KYIV = timezone(timedelta(hours=3))


def full_item() -> Item:
    """An episode that uses every field."""
    return Item(
        title="Ціна & «енергія» <1>",
        guid="3f0c5f1e-8a51-4c1e-9c52-6a4f0d2b7c11",
        link=f"{SITE}/energy/",
        published=datetime(2024, 4, 30, 6, 0, tzinfo=KYIV),
        description="<p>Who paid &amp; why ]]&gt; <a href='https://radio.example/'>more</a></p>",
        content="<h2>Notes</h2>\n<p>a ]]> b &lt;c&gt;</p>",
        summary="Who paid, and why.\nTwo lines.",
        author="Olha & Co",
        enclosure=Enclosure(
            url=f"{SITE}/media/energy-0a1b2c3d.mp3", length=980123, type="audio/mpeg"
        ),
        duration=61.0,
        explicit=False,
        episode=EpisodeNumber(number=2, display="Two"),
        season=SeasonNumber(number=1, name="Start"),
        episode_type="full",
        image=f"{SITE}/energy/cover.jpg",
        people=(
            Person(
                name="Olha", role="host", group="cast", href=f"{SITE}/olha", img=f"{SITE}/o.jpg"
            ),
            Person(name="Petro", role="guest"),
        ),
        chapters=ChaptersLink(url=f"{SITE}/energy/chapters.json"),
        transcripts=(
            TranscriptLink(
                url=f"{SITE}/energy/t.vtt", type="text/vtt", language="uk", rel="captions"
            ),
            TranscriptLink(url=f"{SITE}/energy/t.html", type="text/html"),
        ),
        soundbites=(Soundbite(start=10.5, duration=20.0, title="The turn"),),
        alternates=(
            AlternateEnclosure(
                type="video/mp4",
                length=5_000_000,
                bit_rate=650_000.25,
                height=720,
                language="uk",
                title="Video",
                rel="video",
                codecs="avc1.640028, mp4a.40.2",
                default=True,
                sources=(
                    Source(uri=f"{SITE}/media/energy.mp4"),
                    Source(uri="ipfs://someRandomMp4File", content_type="video/mp4"),
                ),
                integrity=Integrity(value="sha256-AAAA", type="sri"),
            ),
        ),
        funding=(Funding(url=f"{SITE}/join", text="Join us"),),
        location=(
            Location(
                name="Kyiv", rel="subject", geo="geo:50.45,30.52", osm="R421866", country="UA"
            ),
        ),
        license=License(name="cc-by-4.0", url="https://creativecommons.org/licenses/by/4.0/"),
        txt=(Txt(text="true", purpose="ai-content"),),
        images=(
            Image(
                href=f"{SITE}/energy/wide.jpg",
                alt="A pylon",
                aspect_ratio="16/9",
                width=1280,
                height=720,
                type="image/jpeg",
                purpose="artwork",
            ),
        ),
        extra=('<psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.2"/>',),
    )


def full_spec() -> FeedSpec:
    """A feed that uses every field; its second item is as small as an item can be."""
    return FeedSpec(
        title="Ukraine Insights",
        link=f"{SITE}/",
        self_url=f"{SITE}/feed.xml",
        description="Talks & explainers",
        language="en",
        copyright="© Radio Example 2024",
        author="Radio Example",
        owner=Owner(name="The desk", email="desk@radio.example"),
        categories=(Category(name="News", sub="Politics"), Category(name="Society & Culture")),
        explicit=False,
        type="episodic",
        image=f"{SITE}/cover.jpg",
        guid="917393e3-1b1e-5cef-ace4-edaa54e1f810",
        built=datetime(2024, 5, 1, 12, 0, tzinfo=UTC),
        generator="podkit",
        complete=True,
        new_feed_url=f"{SITE}/feed.xml",
        locked=Locked(locked=True, owner="desk@radio.example"),
        medium="podcast",
        people=(Person(name="Olha", role="host"),),
        funding=(Funding(url=f"{SITE}/join", text="Join us"),),
        location=(Location(name="Kyiv", country="UA"),),
        license=License(name="cc-by-4.0"),
        trailers=(
            Trailer(
                url=f"{SITE}/media/trailer.mp3",
                published=datetime(2024, 1, 1, tzinfo=UTC),
                title="Soon",
                length=12345,
                type="audio/mpeg",
                season=1,
            ),
        ),
        update_frequency=UpdateFrequency(
            text="weekly",
            rrule="FREQ=WEEKLY",
            dtstart=datetime(2024, 1, 1, tzinfo=UTC),
            complete=True,
        ),
        txt=(Txt(text="abc", purpose="applepodcastsverify"),),
        block=(Block(block=False), Block(block=True, id="amazon"), Block()),
        images=(Image(href=f"{SITE}/wide.jpg", width=1280),),
        items=(
            full_item(),
            Item(
                title="First",
                guid=f"{SITE}/1",
                guid_permalink=True,
                episode=EpisodeNumber(number=1.5),
                block=(Block(),),
                enclosure=Enclosure(url="http://radio.example/1.m4a", length=0, type="audio/x-m4a"),
                duration=3661.0,
            ),
        ),
        extra=('<x:mood xmlns:x="https://x.example/ns">calm<x:em/> sea</x:mood>',),
    )


_raw = st.text(max_size=12) | st.sampled_from(
    ["]]>", "<b>&amp;</b>", "&", "a\nb", "<![CDATA[x]]>", "\"'", "<!-- -->", "éа́", "-", "\x00\x85z"]
)
lines = _raw.map(clean_line)
words = lines.filter(bool)
prose = _raw.map(lambda text: clean(text).strip())
urls = st.builds(
    lambda scheme, path: f"{scheme}://radio.example/{path}",
    st.sampled_from(["http", "https"]),
    st.text("abc019-_.~%?&=#;/'", max_size=10),
)
maybe_url = st.just("") | urls
counts = st.none() | st.integers(0, 2**40)
numbers = st.integers(-5, 3000).map(float) | st.floats(allow_nan=False, allow_infinity=False)
moments = st.builds(
    lambda naive, minutes: naive.replace(
        microsecond=0, tzinfo=timezone(timedelta(minutes=minutes))
    ),
    st.datetimes(datetime(1900, 1, 2), datetime(9998, 1, 1)),  # noqa: DTZ001 (the zone comes next)
    st.integers(-14 * 60, 14 * 60),
)
flags = st.none() | st.booleans()


def _many(one: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(one, max_size=2).map(tuple)


people = _many(
    st.builds(Person, name=words, role=lines, group=lines, href=maybe_url, img=maybe_url)
)
fundings = _many(st.builds(Funding, url=urls, text=lines))
locations = _many(st.builds(Location, name=lines, rel=lines, geo=lines, osm=lines, country=lines))
licenses = st.none() | st.builds(License, name=words, url=maybe_url)
txts = _many(st.builds(Txt, text=prose, purpose=lines))
images = _many(
    st.builds(
        Image, href=urls, alt=lines, aspect_ratio=lines, width=counts, height=counts, type=lines,
        purpose=lines,
    )
)  # fmt: skip
extras = _many(
    st.sampled_from(
        [
            '<x:mood xmlns:x="https://x.example/ns">calm<x:em/> sea</x:mood>',
            '<x:a xmlns:x="https://x.example/ns" x:b="1"><x:c> </x:c><x:d>&lt;</x:d></x:a>',
            '<category domain="d">News</category>',
            '<e xmlns="urn:e"><f/></e>',
            f'<podcast:value xmlns:podcast="{PODCAST}"><podcast:valueRecipient/></podcast:value>',
        ]
    )
)
items = st.builds(
    Item,
    title=lines,
    guid=words,
    guid_permalink=st.booleans(),
    link=maybe_url,
    published=st.none() | moments,
    description=prose,
    content=prose,
    summary=prose,
    author=lines,
    enclosure=st.none() | st.builds(Enclosure, url=urls, length=st.integers(0, 2**45), type=lines),
    duration=st.none() | st.integers(0, 10**6).map(float),
    explicit=flags,
    episode=st.none() | st.builds(EpisodeNumber, number=numbers, display=lines),
    season=st.none() | st.builds(SeasonNumber, number=st.integers(-3, 9999), name=lines),
    episode_type=lines,
    image=maybe_url,
    block=st.sampled_from([(), (Block(),)]),
    people=people,
    chapters=st.none() | st.builds(ChaptersLink, url=urls, type=words),
    transcripts=_many(
        st.builds(TranscriptLink, url=urls, type=words, language=lines, rel=lines)
    ),
    soundbites=_many(st.builds(Soundbite, start=numbers, duration=numbers, title=lines)),
    alternates=_many(
        st.builds(
            AlternateEnclosure, type=words, length=counts, bit_rate=st.none() | numbers,
            height=counts, language=lines, title=lines, rel=lines, codecs=lines,
            default=st.booleans(),
            sources=_many(st.builds(Source, uri=urls, content_type=lines)),
            integrity=st.none() | st.builds(Integrity, value=words, type=words),
        )
    ),
    funding=fundings,
    location=locations,
    license=licenses,
    txt=txts,
    images=images,
    extra=extras,
)  # fmt: skip
specs = st.builds(
    FeedSpec,
    title=lines,
    link=maybe_url,
    self_url=maybe_url,
    description=prose,
    language=lines,
    copyright=lines,
    author=lines,
    owner=st.builds(Owner, name=lines, email=lines),
    categories=_many(st.builds(Category, name=words, sub=lines)),
    explicit=flags,
    type=lines,
    image=maybe_url,
    guid=lines,
    built=st.none() | moments,
    generator=lines,
    complete=st.booleans(),
    new_feed_url=maybe_url,
    locked=st.none() | st.builds(Locked, locked=st.booleans(), owner=lines),
    medium=lines,
    people=people,
    funding=fundings,
    location=locations,
    license=licenses,
    trailers=_many(
        st.builds(
            Trailer, url=urls, published=moments, title=lines, length=counts, type=lines,
            season=st.none() | st.integers(0, 50),
        )
    ),
    update_frequency=st.none()
    | st.builds(
        UpdateFrequency, text=words, rrule=lines,
        dtstart=st.none() | moments | st.datetimes(), complete=st.booleans(),
    ),
    txt=txts,
    block=_many(st.builds(Block, block=st.booleans(), id=lines)),
    images=images,
    items=st.lists(items, max_size=2).map(tuple),
    extra=extras,
)  # fmt: skip
