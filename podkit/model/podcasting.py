"""The values of the Podcasting 2.0 tags, one class a tag, in the words of the namespace.

Each class is written in podkit.toml or episode.toml as a table with its fields as keys; where
`BARE` names a field, a bare value stands for that field alone. How a tag looks in XML is known by
`feed.podcasting_tags`. Source: the podcast namespace's documentation, one page a tag.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from podkit.model.chapter import Chapter


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """Whether other hosts may import the feed; `owner` is the e-mail address that may unlock it."""

    BARE: ClassVar[str] = "locked"

    locked: bool = True
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Funding:
    """A link to give money or to become a member, with its label."""

    BARE: ClassVar[str] = "url"

    url: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where it is about or was made: `geo` by RFC 5870, `osm` an OpenStreetMap object."""

    BARE: ClassVar[str] = "name"

    name: str
    rel: str = ""
    geo: str = ""
    osm: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """An SPDX-like identifier of the namespace's list, or a name with a `url`."""

    BARE: ClassVar[str] = "name"

    name: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundbite:
    """A highlight: `start` and `duration` in seconds."""

    start: float
    duration: float
    title: str = ""

    def trimmed(self, head: float, duration: float) -> Soundbite | None:
        """The same highlight of a sound without its first `head` seconds, which then lasts `duration`.

        None when nothing of it is left.
        """
        start = max(self.start - head, 0.0)
        end = min(self.start + self.duration - head, duration)
        return replace(self, start=start, duration=end - start) if end > start else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trailer:
    """A trailer of the show or of a season; `length` in bytes."""

    url: str
    published: datetime
    title: str = ""
    length: int | None = None
    type: str = ""
    season: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Txt:
    """Free text with a purpose, such as `applepodcastsverify`."""

    BARE: ClassVar[str] = "text"

    text: str
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Whether a platform (`id` of the service list; empty: all) may list the feed."""

    BARE: ClassVar[str] = "block"

    block: bool = True
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFrequency:
    """How often it appears, in words and as an RFC 5545 rule."""

    BARE: ClassVar[str] = "text"

    text: str = ""
    rrule: str = ""
    dtstart: datetime | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture for a shape and a use; sizes in pixels."""

    BARE: ClassVar[str] = "href"

    href: str
    alt: str = ""
    aspect_ratio: str = ""
    width: int | None = None
    height: int | None = None
    type: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLink:
    """A transcript or captions: `rel` is `captions` when timed."""

    url: str
    type: str
    language: str = ""
    rel: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaptersLink:
    """A chapters file."""

    url: str
    type: str = "application/json+chapters"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonNumber:
    """A season's number, and its name if it has one."""

    number: int
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeNumber:
    """An episode's number (decimals allowed), and what to show in its place."""

    number: float
    display: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where an alternate enclosure lies."""

    uri: str
    content_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrity:
    """What proves the bytes: `type` is `sri` or `pgp-signature`."""

    value: str
    type: str = "sri"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlternateEnclosure:
    """Another encoding, a video, another language; `length` in bytes, `bit_rate` in bit/s."""

    type: str
    length: int | None = None
    bit_rate: float | None = None
    height: int | None = None
    language: str = ""
    title: str = ""
    rel: str = ""
    codecs: str = ""
    default: bool = False
    sources: tuple[Source, ...] = ()
    integrity: Integrity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteItem:
    """Another feed, or an episode in one, by their GUIDs; `feed_url` helps who does not know it."""

    BARE: ClassVar[str] = "feed_guid"

    feed_guid: str
    feed_url: str = ""
    item_guid: str = ""
    medium: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Podroll:
    """Shows that this one recommends."""

    BARE: ClassVar[str] = "remote_items"

    remote_items: tuple[RemoteItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """The feed of the publisher, which links back to this one."""

    remote_item: RemoteItem


@dataclass(frozen=True, slots=True, kw_only=True)
class Podping:
    """Whether new episodes are announced by podping."""

    BARE: ClassVar[str] = "uses_podping"

    uses_podping: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """The official chat room; `protocol` is a word of the namespace's list, such as `matrix`."""

    server: str
    protocol: str
    account_id: str = ""
    space: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SocialInteract:
    """The post under which people comment; `protocol` is `disabled` where nobody shall."""

    protocol: str
    uri: str = ""
    account_id: str = ""
    account_url: str = ""
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentLink:
    """The same content elsewhere, such as a video portal, with what to call it."""

    BARE: ClassVar[str] = "href"

    href: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thumbnail:
    """A picture for platforms that read Media RSS; sizes in pixels."""

    BARE: ClassVar[str] = "url"

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimpleChapters:
    """Podlove's chapters inside the feed; ends and hidden ones are not carried."""

    chapters: tuple[Chapter, ...] = ()
    version: str = "1.2"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A link between feeds: `rel` is `hub` (WebSub), or `first`, `next` and others of RFC 5005."""

    rel: str
    href: str
    type: str = ""
    title: str = ""
