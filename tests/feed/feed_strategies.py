"""A strategy that makes feeds of every shape."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

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
        social_interact=comments, value=values, funding=fundings, location=locations, extra=extras,
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
    base=maybe_url,
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
    social_interact=comments,
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
