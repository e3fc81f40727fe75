"""The values of the Podcasting 2.0 tags, one class a tag, in the words of the namespace.

Each class is written in podkit.toml or episode.toml as a table with its fields as keys; where
`BARE` names a field, a bare value stands for that field alone. How a tag looks in XML is known by
`feed.podcasting_tags`. Source: the podcast namespace's documentation, one page a tag.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar


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
