"""The pages as they shall be: what a reader sees, with every address decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from podkit.model.chapter import Chapter
from podkit.model.episode import Related
from podkit.model.person import Person
from podkit.model.podcasting import Funding
from podkit.model.transcript import Cue


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayerSource:
    """A file for the page's player: `url` relative to the episode's page or absolute."""

    url: str
    type: str
    label: str
    bytes: int
    video: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SizedPicture:
    """One size of a picture: `url` relative to the front page (or absolute), `width` in pixels."""

    url: str
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodePage:
    """One episode's page at `<slug>/index.html`.

    `notes` is clean HTML; `image`, `poster` and `captions` are addresses relative to the episode's
    page (or absolute); `thumbnail` and `sizes` are relative to the front page, `sizes` of the same
    picture, smallest first; `poster` is a film's picture in 16:9; `duration` in seconds.
    """

    slug: str
    title: str
    published: datetime | None = None
    duration: float | None = None
    number: str = ""
    season: int | None = None
    type: str = "full"
    language: str = ""
    explicit: bool = False
    summary: str = ""
    notes: str = ""
    url: str = ""
    image: str = ""
    thumbnail: str = ""
    sizes: tuple[SizedPicture, ...] = ()
    poster: str = ""
    image_alt: str = ""
    image_credit: str = ""
    sources: tuple[PlayerSource, ...] = ()
    captions: str = ""
    captions_language: str = ""
    people: tuple[Person, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    transcript: tuple[Cue, ...] = ()
    related: tuple[Related, ...] = ()
    funding: tuple[Funding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSpec:
    """All pages: the front page lists `episodes`, newest first; `feeds` are (title, address).

    `image` is the show's picture, `sizes` that picture's sizes, `icon` a small one.
    """

    title: str
    description: str = ""
    language: str = "en"
    author: str = ""
    copyright: str = ""
    url: str = ""
    image: str = ""
    sizes: tuple[SizedPicture, ...] = ()
    icon: str = ""
    image_url: str = ""
    timezone: str = "UTC"
    feeds: tuple[tuple[str, str], ...] = ()
    funding: tuple[Funding, ...] = ()
    people: tuple[Person, ...] = ()
    episodes: tuple[EpisodePage, ...] = ()
