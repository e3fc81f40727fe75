"""A feed with everything in it, and a strategy that makes feeds of every shape."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from podkit.model.chapter import Chapter
from podkit.model.document import PODCAST
from podkit.model.feedspec import Enclosure, FeedSpec, Item
from podkit.model.live import LiveEnclosure, LiveGuid, LiveItem, LiveStatus
from podkit.model.person import Person
from podkit.model.podcasting import (
    AlternateEnclosure,
    Block,
    ChaptersLink,
    Chat,
    ContentLink,
    EpisodeNumber,
    FeedLink,
    Funding,
    Image,
    Integrity,
    License,
    Location,
    Locked,
    Podping,
    Podroll,
    Publisher,
    RemoteItem,
    SeasonNumber,
    SimpleChapters,
    SocialInteract,
    Soundbite,
    Source,
    Thumbnail,
    Trailer,
    TranscriptLink,
    Txt,
    UpdateFrequency,
)
from podkit.model.show import Category, Owner
from podkit.model.text import clean, clean_line
from podkit.model.value import Value, ValueRecipient, ValueTimeSplit

SITE = "https://radio.example"
KYIV = timezone(timedelta(hours=3))
REMOTE = RemoteItem(
    feed_guid="9b024349-ccf0-5f69-a609-6b82873eab3c",
    feed_url=f"{SITE}/other.xml",
    item_guid="other-1",
    medium="podcast",
    title="Another show",
)
DONOR = ValueRecipient(
    address="02abc",
    split=95,
    type="node",
    name="The desk",
    custom_key="906608",
    custom_value="x",
    fee=True,
)
VALUE = Value(
    type="lightning",
    method="keysend",
    suggested="0.00000005000",
    recipients=(DONOR, ValueRecipient(address="desk@radio.example", split=5, type="lnaddress")),
    splits=(
        ValueTimeSplit(
            start=60.0,
            duration=237.5,
            remote_start=174.0,
            remote_percentage=95.0,
            remote_item=REMOTE,
        ),
        ValueTimeSplit(start=0.0, duration=5.0, recipients=(DONOR,)),
    ),
)
CHAT = Chat(server="irc.radio.example", protocol="irc", account_id="@desk", space="#talks")
COMMENTS = SocialInteract(
    protocol="activitypub",
    uri=f"{SITE}/@desk/1",
    account_id="@desk",
    account_url=f"{SITE}/@desk",
    priority=1,
)


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
        value=(VALUE,),
        chat=CHAT,
        social_interact=(COMMENTS, SocialInteract(protocol="disabled")),
        content_links=(ContentLink(href=f"{SITE}/watch/1", text="Watch"),),
        simple_chapters=SimpleChapters(
            chapters=(
                Chapter(start=0.0, title="Start"),
                Chapter(
                    start=12.345, title="«Ціна»", url=f"{SITE}/price", image=f"{SITE}/price.jpg"
                ),
            )
        ),
        thumbnails=(Thumbnail(url=f"{SITE}/energy/wide.jpg", width=1280, height=720),),
        extra=('<x:note xmlns:x="https://x.example/ns">kept</x:note>',),
    )


def full_live() -> LiveItem:
    """A live stream that uses every field."""
    return LiveItem(
        status=LiveStatus.PENDING,
        start=datetime(2024, 6, 1, 18, 0, tzinfo=KYIV),
        end=datetime(2024, 6, 1, 19, 0, tzinfo=KYIV),
        title="Live: the talks",
        guid=LiveGuid(guid=f"{SITE}/live", permalink=True),
        link=f"{SITE}/live",
        description="<p>Tonight</p>",
        author="Radio Example",
        image=f"{SITE}/live.jpg",
        explicit=False,
        enclosure=LiveEnclosure(url=f"{SITE}/stream.mp3", type="audio/mpeg", length=312),
        alternates=(
            AlternateEnclosure(type="audio/ogg", sources=(Source(uri=f"{SITE}/stream.ogg"),)),
        ),
        content_links=(ContentLink(href=f"{SITE}/watch", text="Watch"),),
        people=(Person(name="Olha", role="host"),),
        images=(Image(href=f"{SITE}/live-wide.jpg", aspect_ratio="16/9"),),
        chat=CHAT,
        social_interact=(COMMENTS,),
        value=(VALUE,),
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
        value=(VALUE,),
        chat=CHAT,
        podping=Podping(),
        publisher=Publisher(remote_item=RemoteItem(feed_guid="p-1", medium="publisher")),
        podroll=Podroll(remote_items=(REMOTE,)),
        remote_items=(REMOTE, RemoteItem(feed_guid="only-this")),
        live_items=(full_live(),),
        links=(
            FeedLink(rel="hub", href="https://hub.example/"),
            FeedLink(rel="next", href=f"{SITE}/feed-2.xml", type="application/rss+xml", title="2"),
        ),
        spotify_limit=10,
        spotify_country_of_origin="ua pl",
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
            f'<podcast:new xmlns:podcast="{PODCAST}"><podcast:inside/></podcast:new>',
        ]
    )
)
remotes = st.builds(
    RemoteItem, feed_guid=words, feed_url=maybe_url, item_guid=lines, medium=lines, title=lines
)
_recipients = _many(
    st.builds(
        ValueRecipient, address=words, split=st.integers(0, 100), type=words, name=lines,
        custom_key=lines, custom_value=lines, fee=st.booleans(),
    )
)  # fmt: skip
values = _many(
    st.builds(
        Value, type=words, method=words, suggested=lines, recipients=_recipients,
        splits=_many(
            st.builds(
                ValueTimeSplit, start=numbers, duration=numbers,
                remote_start=st.none() | numbers, remote_percentage=st.none() | numbers,
                recipients=_recipients, remote_item=st.none() | remotes,
            )
        ),
    )
)  # fmt: skip
chats = st.none() | st.builds(Chat, server=words, protocol=words, account_id=lines, space=lines)
comments = _many(
    st.builds(
        SocialInteract, protocol=words, uri=maybe_url, account_id=lines, account_url=maybe_url,
        priority=st.none() | st.integers(0, 9),
    )
)  # fmt: skip
content_links = _many(st.builds(ContentLink, href=urls, text=lines))
simple_chapters = st.none() | st.builds(
    SimpleChapters,
    chapters=_many(
        st.builds(
            Chapter, start=st.integers(0, 10**7).map(lambda ms: ms / 1000), title=lines,
            url=maybe_url, image=maybe_url,
        )
    ),
)  # fmt: skip
lives = _many(
    st.builds(
        LiveItem, status=st.sampled_from(LiveStatus), start=moments, end=st.none() | moments,
        title=words, guid=st.builds(LiveGuid, guid=words, permalink=st.booleans()),
        link=maybe_url, description=prose, author=lines, image=maybe_url, explicit=flags,
        enclosure=st.none()
        | st.builds(LiveEnclosure, url=urls, type=words, length=st.integers(0, 99)),
        content_links=content_links, people=people, images=images, chat=chats,
        social_interact=comments, value=values,
    )
)  # fmt: skip
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
    value=values,
    chat=chats,
    social_interact=comments,
    content_links=content_links,
    simple_chapters=simple_chapters,
    thumbnails=_many(st.builds(Thumbnail, url=urls, width=counts, height=counts)),
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
    value=values,
    chat=chats,
    podping=st.none() | st.builds(Podping, uses_podping=st.booleans()),
    publisher=st.none() | st.builds(Publisher, remote_item=remotes),
    podroll=st.none() | st.builds(Podroll, remote_items=st.lists(remotes, min_size=1, max_size=2).map(tuple)),
    remote_items=_many(remotes),
    live_items=lives,
    links=_many(
        st.builds(
            FeedLink, rel=st.sampled_from(["hub", "next", "payment"]), href=urls, type=lines,
            title=lines,
        )
    ),
    spotify_limit=st.none() | st.integers(0, 100),
    spotify_country_of_origin=lines,
    items=st.lists(items, max_size=2).map(tuple),
    extra=extras,
)  # fmt: skip
