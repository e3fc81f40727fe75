"""A show as podkit.toml says it: every key is a field here, and nothing else is allowed there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import ClassVar

from podkit.model.live import LiveItem
from podkit.model.loudness import LoudnessTarget
from podkit.model.person import Person
from podkit.model.podcasting import (
    Block,
    Chat,
    Funding,
    Image,
    License,
    Location,
    Locked,
    Podping,
    Podroll,
    Publisher,
    RemoteItem,
    SocialInteract,
    Trailer,
    Txt,
    UpdateFrequency,
)
from podkit.model.value import Value


class ShowType(StrEnum):
    """Newest first, or from the first episode on (Apple's `itunes:type`)."""

    EPISODIC = "episodic"
    SERIAL = "serial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whom platforms write to."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """An Apple category; as text `News > Politics`."""

    name: str
    sub: str = ""

    @classmethod
    def parse(cls, text: str) -> Category:
        """A category from `Name` or `Name > Sub`."""
        name, _, sub = (part.strip() for part in text.partition(">"))
        return cls(name=name, sub=sub)

    def __str__(self) -> str:
        return f"{self.name} > {self.sub}" if self.sub else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """The `[show]` table."""

    title: str
    description: str = ""
    description_file: str = ""
    language: str = "en"
    timezone: str = "UTC"
    release_time: time = time(6, 0)
    author: str = ""
    owner: Owner = Owner()
    categories: tuple[Category, ...] = ()
    explicit: bool | None = None
    type: ShowType = ShowType.EPISODIC
    image: str = ""
    copyright: str = ""
    guid: str = ""
    people: tuple[Person, ...] = ()
    complete: bool = False
    new_feed_url: str = ""
    funding: tuple[Funding, ...] = ()
    locked: Locked | None = None
    location: tuple[Location, ...] = ()
    license: License | None = None
    medium: str = ""
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
    hub: str = ""
    spotify_limit: int | None = None
    spotify_country_of_origin: str = ""
    base: str = ""
    extra: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The `[site]` table: `url` is public/ as the world sees it."""

    BARE: ClassVar[str] = "url"

    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSettings:
    """The `[media]` table: `base_url` is public/media/ as the world sees it."""

    base_url: str = ""
    presets: tuple[str, ...] = ("mp3",)
    loudness: LoudnessTarget = LoudnessTarget()
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A `[feeds.NAME]` table; a field that the show has too overrides it when it is not None.

    `limit` is how many episodes the feed names (0: all), `page_size` how many stand on one sheet of
    it (0: all; older ones follow in `feed-2.xml` and so on, RFC 5005), `light_after` how many
    carry their whole notes (0: all). `early` and `delay` shift when an episode comes out in it;
    `prefixes` None takes those of `[media]`, in a private feed none.
    """

    path: str = "feed.xml"
    url: str = ""
    enclosure: str = "mp3"
    alternates: tuple[str, ...] = ()
    only: str = ""
    only_language: str = ""
    early: str = ""
    delay: str = ""
    prefixes: tuple[str, ...] | None = None
    private: bool = False
    master: str = ""
    guid: str = ""
    limit: int = 0
    page_size: int = 0
    light_after: int = 0
    simple_chapters: bool = True
    title: str | None = None
    description: str | None = None
    image: str | None = None
    language: str | None = None
    author: str | None = None
    copyright: str | None = None
    medium: str | None = None
    explicit: bool | None = None
    type: ShowType | None = None
    categories: tuple[Category, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publishing:
    """A `[publish.NAME]` table."""

    BARE: ClassVar[str] = "url"

    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LintSettings:
    """The `[lint]` table: codes to leave out, and severities changed, as in `PK302 = "error"`."""

    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Podcast:
    """The whole of podkit.toml.

    `presets` holds the raw tables of `[presets.NAME]`; the presets room makes presets of them.
    """

    show: Show
    people: Mapping[str, Person] = field(default_factory=dict)
    site: Site = Site()
    media: MediaSettings = MediaSettings()
    feeds: Mapping[str, Feed] = field(default_factory=lambda: {"main": Feed()})
    publish: Mapping[str, Publishing] = field(default_factory=dict)
    presets: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    lint: LintSettings = LintSettings()
