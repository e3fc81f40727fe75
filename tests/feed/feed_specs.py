"""A feed with everything in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

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
        funding=(Funding(url=f"{SITE}/join", text="Join us"),),
        location=(Location(name="Kyiv"),),
        extra=(
            f'<podcast:txt xmlns:podcast="{PODCAST}">kept</podcast:txt>',
            "<pubDate>Sat, 01 Jun 2024 18:00:00 +0300</pubDate>",
        ),
    )


def full_spec() -> FeedSpec:
    """A feed that uses every field; its second item is as small as an item can be."""
    return FeedSpec(
        title="Ukraine Insights",
        link=f"{SITE}/",
        base=f"{SITE}/",
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
        social_interact=(COMMENTS,),
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
