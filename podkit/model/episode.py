"""An episode as episode.toml says it, with its masters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from podkit.model.person import Person
from podkit.model.podcasting import (
    Block,
    Chat,
    ContentLink,
    Funding,
    Image,
    License,
    Location,
    SocialInteract,
    Soundbite,
    Txt,
)
from podkit.model.value import Value


class EpisodeType(StrEnum):
    """Apple's `itunes:episodeType`."""

    FULL = "full"
    TRAILER = "trailer"
    BONUS = "bonus"


class Status(StrEnum):
    """Where an episode stands at a given moment."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Something to read next; `minutes` of reading."""

    title: str
    url: str
    minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptFile:
    """A transcript beside the episode's record."""

    BARE: ClassVar[str] = "file"

    file: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """A file as it was added; never written again.

    `duration` in seconds as decoded; `video` whether it has pictures; `offset` in seconds by which
    its times differ from the main master's; `damaged` whether it was taken with --allow-damaged.
    """

    file: str
    sha256: str
    bytes: int
    duration: float = 0.0
    video: bool = False
    language: str = ""
    offset: float = 0.0
    damaged: bool = False
    chapters: str = ""
    transcripts: tuple[TranscriptFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteEnclosure:
    """An enclosure that was imported without its media."""

    url: str
    length: int
    type: str
    duration: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """The whole of one episode.toml; `slug` is its folder's name, `notes` the text of notes.md.

    `imported` says that another host has it already: its listeners must not lose it by the move.
    """

    slug: str
    guid: str
    guid_permalink: bool = False
    title: str
    published: datetime | None = None
    draft: bool = False
    imported: bool = False
    number: float | None = None
    display: str = ""
    season: int | None = None
    season_name: str = ""
    type: EpisodeType = EpisodeType.FULL
    summary: str = ""
    author: str = ""
    language: str = ""
    explicit: bool | None = None
    link: str = ""
    people: tuple[Person, ...] | None = None
    image: str = ""
    image_alt: str = ""
    image_credit: str = ""
    related: tuple[Related, ...] = ()
    presets: tuple[str, ...] | None = None
    enclosure: str | RemoteEnclosure = ""
    alternates: tuple[str, ...] | None = None
    soundbites: tuple[Soundbite, ...] = ()
    funding: tuple[Funding, ...] = ()
    location: tuple[Location, ...] = ()
    license: License | None = None
    txt: tuple[Txt, ...] = ()
    images: tuple[Image, ...] = ()
    block: tuple[Block, ...] = ()
    value: tuple[Value, ...] = ()
    chat: Chat | None = None
    social_interact: tuple[SocialInteract, ...] = ()
    content_links: tuple[ContentLink, ...] = ()
    lint_ignore: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    masters: Mapping[str, Master] = field(default_factory=dict)
    notes: str = ""

    def status(self, now: datetime) -> Status:
        """Where it stands at the moment `now`."""
        if self.draft or self.published is None:
            return Status.DRAFT
        return Status.PUBLISHED if self.published <= now else Status.SCHEDULED

    @property
    def duration(self) -> float:
        """Seconds of the main master, or of the imported enclosure; 0 when unknown."""
        main = self.masters.get("main")
        if main is not None:
            return main.duration
        for master in self.masters.values():
            return master.duration
        remote = self.enclosure
        return (remote.duration or 0.0) if isinstance(remote, RemoteEnclosure) else 0.0
