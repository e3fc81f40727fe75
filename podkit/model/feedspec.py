"""A feed as it shall be: every decision made, nothing printed yet. `compose` makes it, `feed` writes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from podkit.model.live import LiveItem
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
    Thumbnail,
    Trailer,
    TranscriptLink,
    Txt,
    UpdateFrequency,
)
from podkit.model.show import Category, Owner
from podkit.model.value import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """The file that listeners get: absolute `url`, `length` in bytes, MIME `type`."""

    url: str
    length: int
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One episode in a feed.

    `description` is HTML of at most 4,000 bytes, `content` the whole notes as HTML, `summary` plain
    text; `duration` in seconds; `explicit` None says nothing. `unread` are elements that say what
    nobody can read, each as its name and its text; no feed is written with them.
    """

    title: str
    guid: str
    guid_permalink: bool = False
    link: str = ""
    published: datetime | None = None
    description: str = ""
    content: str = ""
    summary: str = ""
    author: str = ""
    enclosure: Enclosure | None = None
    duration: float | None = None
    explicit: bool | None = None
    episode: EpisodeNumber | None = None
    season: SeasonNumber | None = None
    episode_type: str = ""
    image: str = ""
    block: tuple[Block, ...] = ()
    people: tuple[Person, ...] = ()
    chapters: ChaptersLink | None = None
    transcripts: tuple[TranscriptLink, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    alternates: tuple[AlternateEnclosure, ...] = ()
    funding: tuple[Funding, ...] = ()
    location: tuple[Location, ...] = ()
    license: License | None = None
    txt: tuple[Txt, ...] = ()
    images: tuple[Image, ...] = ()
    value: tuple[Value, ...] = ()
    chat: Chat | None = None
    social_interact: tuple[SocialInteract, ...] = ()
    content_links: tuple[ContentLink, ...] = ()
    simple_chapters: SimpleChapters | None = None
    thumbnails: tuple[Thumbnail, ...] = ()
    extra: tuple[str, ...] = ()
    unread: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSpec:
    """A whole feed; `items` newest first; `self_url` its own address, `built` its lastBuildDate.

    `block` holds Apple's and the namespace's: a Block without an id is `itunes:block` too.
    `links` lead to other feeds (WebSub's hub, RFC 5005's pages); the self link is not among them.
    `base` is the address against which a GUID that is a relative address is read (XML Base).
    `extra` are elements as XML text that podkit keeps without understanding them.
    """

    title: str
    link: str = ""
    base: str = ""
    self_url: str = ""
    description: str = ""
    language: str = ""
    copyright: str = ""
    author: str = ""
    owner: Owner = Owner()
    categories: tuple[Category, ...] = ()
    explicit: bool | None = None
    type: str = ""
    image: str = ""
    guid: str = ""
    built: datetime | None = None
    generator: str = ""
    complete: bool = False
    new_feed_url: str = ""
    locked: Locked | None = None
    medium: str = ""
    people: tuple[Person, ...] = ()
    funding: tuple[Funding, ...] = ()
    location: tuple[Location, ...] = ()
    license: License | None = None
    trailers: tuple[Trailer, ...] = ()
    update_frequency: UpdateFrequency | None = None
    txt: tuple[Txt, ...] = ()
    block: tuple[Block, ...] = ()
    images: tuple[Image, ...] = ()
    value: tuple[Value, ...] = ()
    chat: Chat | None = None
    podping: Podping | None = None
    publisher: Publisher | None = None
    podroll: Podroll | None = None
    social_interact: tuple[SocialInteract, ...] = ()
    remote_items: tuple[RemoteItem, ...] = ()
    live_items: tuple[LiveItem, ...] = ()
    links: tuple[FeedLink, ...] = ()
    spotify_limit: int | None = None
    spotify_country_of_origin: str = ""
    items: tuple[Item, ...] = ()
    extra: tuple[str, ...] = ()
