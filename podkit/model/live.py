"""A live stream as the podcast namespace tells it: an item that is on the air for a while.

Source: the namespace's page on liveItem.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from podkit.model.person import Person
from podkit.model.podcasting import (
    AlternateEnclosure,
    Chat,
    ContentLink,
    Funding,
    Image,
    Location,
    SocialInteract,
)
from podkit.model.value import Value


class LiveStatus(StrEnum):
    """Where a stream stands."""

    PENDING = "pending"
    LIVE = "live"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveGuid:
    """The identity of a stream; `permalink` when it is the address of its page."""

    BARE: ClassVar[str] = "guid"

    guid: str
    permalink: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveEnclosure:
    """The stream itself; `length` in bytes is unknown, which is 0."""

    BARE: ClassVar[str] = "url"

    url: str
    type: str = "audio/mpeg"
    length: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveItem:
    """A stream that is announced, on the air, or over; `description` is text or HTML.

    `extra` are elements as XML text: a stream may hold whatever an episode may.
    """

    status: LiveStatus
    start: datetime
    title: str
    guid: LiveGuid
    end: datetime | None = None
    link: str = ""
    description: str = ""
    author: str = ""
    image: str = ""
    explicit: bool | None = None
    enclosure: LiveEnclosure | None = None
    alternates: tuple[AlternateEnclosure, ...] = ()
    content_links: tuple[ContentLink, ...] = ()
    people: tuple[Person, ...] = ()
    images: tuple[Image, ...] = ()
    chat: Chat | None = None
    social_interact: tuple[SocialInteract, ...] = ()
    value: tuple[Value, ...] = ()
    funding: tuple[Funding, ...] = ()
    location: tuple[Location, ...] = ()
    extra: tuple[str, ...] = ()
