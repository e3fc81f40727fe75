"""A show with every field filled, for the tests of pages; no real person is in it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime

from podkit.model.chapter import Chapter
from podkit.model.episode import Related
from podkit.model.person import Person
from podkit.model.podcasting import Funding
from podkit.model.sitespec import EpisodePage, PlayerSource, SiteSpec, SizedPicture
from podkit.model.transcript import Cue
from podkit.pages.prose import to_html

NOTES = """Nine agreements, [read line by line](https://example.org/agreements).

## What to listen for

- How long each one runs
- What *security* means

| Country | Years |
|---|---|
| Sampleland | 10 |
"""

HOST = Person(
    name="Olena Sample",
    role="host",
    group="cast",
    href="https://example.org/olena",
    img="https://example.org/olena.jpg",
    bio="Covers foreign policy.",
    id="olena",
)

EPISODE = EpisodePage(
    slug="nine-agreements",
    title="Nine agreements",
    published=datetime(2026, 11, 20, 22, 30, tzinfo=UTC),
    duration=3725.4,
    number="12",
    season=2,
    explicit=True,
    language="en",
    summary="What they promise.",
    notes=to_html(NOTES),
    url="https://podcast.example/nine-agreements/",
    image="../assets/nine.jpg",
    thumbnail="assets/nine-list.jpg",
    sizes=(
        SizedPicture(url="assets/nine-list.jpg", width=300),
        SizedPicture(url="assets/nine.jpg", width=600),
    ),
    image_alt="Nine documents on a table",
    image_credit="Olena Sample, CC BY 4.0",
    sources=(
        PlayerSource(url="../media/nine.mp3", type="audio/mpeg", label="MP3", bytes=24_600_000),
        PlayerSource(url="../media/nine.opus", type="audio/ogg", label="Opus", bytes=9_800_000),
    ),
    people=(HOST, Person(name="Taras Example", role="guest")),
    chapters=(
        Chapter(start=0, title="Why nine"),
        Chapter(start=12.3, title="Words", url="https://example.org/words"),
        Chapter(start=60, title="Not listed", hidden=True),
        Chapter(start=3661, title="What next", image="https://example.org/next.jpg"),
    ),
    transcript=(
        Cue(start=0, end=4, text="Good evening.", speaker="Olena"),
        Cue(start=4, end=8, text="Here are nine papers.", speaker="Olena"),
        Cue(start=8, end=12, text="I have read them.", speaker="Taras"),
    ),
    related=(Related(title="In one table", url="https://example.org/table", minutes=4),),
    funding=(Funding(url="https://example.org/join", text="Become a member"),),
)

VIDEO = replace(
    EPISODE,
    slug="explained",
    title="Explained",
    published=datetime(2026, 11, 13, 4, 0, tzinfo=UTC),
    url="https://podcast.example/explained/",
    sources=(
        PlayerSource(
            url="../media/explained.mp4",
            type="video/mp4",
            label="720p",
            bytes=81_000_000,
            video=True,
        ),
        PlayerSource(url="../media/explained.mp3", type="audio/mpeg", label="MP3", bytes=900),
    ),
    poster="../assets/explained-poster.jpg",
    captions="transcript.vtt",
    captions_language="uk",
)

BARE = EpisodePage(slug="bare", title="Bare")

SITE = SiteSpec(
    title="Ukraine Insights",
    description="Conversations and explainers.\n\nA sample.",
    language="en",
    author="Sample Newsroom",
    copyright="© 2026 Sample Newsroom",
    url="https://podcast.example/",
    image="assets/cover.jpg",
    icon="assets/cover-list.jpg",
    sizes=(
        SizedPicture(url="assets/cover-list.jpg", width=300),
        SizedPicture(url="assets/cover.jpg", width=600),
    ),
    image_url="https://podcast.example/assets/cover.jpg",
    timezone="Europe/Kyiv",
    feeds=(("Ukraine Insights", "feed.xml"), ("Video", "https://podcast.example/video.xml")),
    funding=(Funding(url="https://example.org/join", text="Become a member"),),
    people=(HOST,),
    episodes=(EPISODE, VIDEO, BARE),
)

KEPT = frozenset({"slug", "timezone", "type"})
"""Fields that a canary would make refused or meaningless; `type` of a source gets its own test."""


def filled(value: object, text: str) -> object:
    """The value with `text` in every field that holds text, all the way down."""
    if isinstance(value, str):
        return text
    if isinstance(value, tuple):
        return tuple(filled(part, text) for part in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    kept = KEPT - ({"type"} if isinstance(value, PlayerSource) else set())
    names = [field.name for field in fields(value) if field.name not in kept]
    return replace(value, **{name: filled(getattr(value, name), text) for name in names})
