"""The Podcasting 2.0 tags that podkit writes and reads, one record each.

Source: the podcast namespace's documentation, one page a tag (podcastindex.org/namespace/1.0).
"""

from __future__ import annotations

from typing import Any

from podkit.feed.tag import CHANNEL, ITEM, Attribute, Tag
from podkit.feed.values import (
    DECIMAL,
    INTEGER,
    ISO,
    LINE,
    MOMENT,
    ONLY_TRUE,
    TEXT,
    URL,
    YES_NO,
    Kind,
)
from podkit.model.document import PODCAST
from podkit.model.person import Person
from podkit.model.podcasting import (
    AlternateEnclosure,
    Block,
    ChaptersLink,
    EpisodeNumber,
    Funding,
    Image,
    Integrity,
    License,
    Location,
    Locked,
    SeasonNumber,
    Soundbite,
    Source,
    Trailer,
    TranscriptLink,
    Txt,
    UpdateFrequency,
)


def _text(field: str, kind: Kind = LINE, *, needed: bool = False) -> Attribute:
    return Attribute(field=field, kind=kind, needed=needed)


def _at(name: str, field: str = "", kind: Kind = LINE, *, needed: bool = False) -> Attribute:
    return Attribute(name=name, field=field or name, kind=kind, needed=needed)


def _tag(name: str, *parents: str, **fields: Any) -> Tag:
    return Tag(namespace=PODCAST, name=name, parents=parents, **fields)


_BARE = Attribute()

GUID = _tag("guid", CHANNEL, field="guid", text=_BARE, key="guid")
LOCKED = _tag(
    "locked", CHANNEL, field="locked", value=Locked, key="locked",
    text=_text("locked", YES_NO, needed=True), attributes=(_at("owner"),),
)  # fmt: skip
MEDIUM = _tag("medium", CHANNEL, field="medium", text=_BARE, key="medium")
BLOCK = _tag(
    "block", CHANNEL, many=True, field="block", value=Block, key="block",
    text=_text("block", YES_NO, needed=True), attributes=(_at("id"),),
)  # fmt: skip
UPDATE_FREQUENCY = _tag(
    "updateFrequency", CHANNEL, field="update_frequency", value=UpdateFrequency,
    key="update_frequency", text=_text("text"),
    attributes=(_at("rrule"), _at("dtstart", kind=ISO), _at("complete", kind=ONLY_TRUE)),
)  # fmt: skip
TRAILER = _tag(
    "trailer", CHANNEL, many=True, field="trailers", value=Trailer, key="trailers",
    text=_text("title"),
    attributes=(
        _at("url", kind=URL, needed=True),
        _at("pubdate", "published", MOMENT, needed=True),
        _at("length", kind=INTEGER),
        _at("type"),
        _at("season", kind=INTEGER),
    ),
)  # fmt: skip
PERSON = _tag(
    "person", CHANNEL, ITEM, many=True, field="people", value=Person, key="people",
    text=_text("name", needed=True),
    attributes=(_at("role"), _at("group"), _at("img", kind=URL), _at("href", kind=URL)),
)  # fmt: skip
FUNDING = _tag(
    "funding", CHANNEL, ITEM, many=True, field="funding", value=Funding, key="funding",
    text=_text("text"), attributes=(_at("url", kind=URL, needed=True),),
)  # fmt: skip
LOCATION = _tag(
    "location", CHANNEL, ITEM, many=True, field="location", value=Location, key="location",
    text=_text("name"), alone=True,
    attributes=(_at("rel"), _at("geo"), _at("osm"), _at("country")),
)  # fmt: skip
LICENSE = _tag(
    "license", CHANNEL, ITEM, field="license", value=License, key="license",
    text=_text("name"), attributes=(_at("url", kind=URL),),
)  # fmt: skip
TXT = _tag(
    "txt", CHANNEL, ITEM, many=True, field="txt", value=Txt, key="txt",
    text=_text("text", TEXT), attributes=(_at("purpose"),), alone=True,
)  # fmt: skip
IMAGE = _tag(
    "image", CHANNEL, ITEM, many=True, field="images", value=Image, key="images",
    attributes=(
        _at("href", kind=URL, needed=True),
        _at("alt"),
        _at("aspect-ratio", "aspect_ratio"),
        _at("width", kind=INTEGER),
        _at("height", kind=INTEGER),
        _at("type"),
        _at("purpose"),
    ),
)  # fmt: skip
SEASON = _tag(
    "season", ITEM, field="season", value=SeasonNumber, key="season, season_name",
    text=_text("number", INTEGER, needed=True), attributes=(_at("name"),),
)  # fmt: skip
EPISODE = _tag(
    "episode", ITEM, field="episode", value=EpisodeNumber, key="number, display",
    text=_text("number", DECIMAL, needed=True), attributes=(_at("display"),),
)  # fmt: skip
CHAPTERS = _tag(
    "chapters", ITEM, field="chapters", value=ChaptersLink,
    attributes=(_at("url", kind=URL, needed=True), _at("type")),
)  # fmt: skip
TRANSCRIPT = _tag(
    "transcript", ITEM, many=True, field="transcripts", value=TranscriptLink,
    attributes=(
        _at("url", kind=URL, needed=True),
        _at("type", needed=True),
        _at("language"),
        _at("rel"),
    ),
)  # fmt: skip
SOUNDBITE = _tag(
    "soundbite", ITEM, many=True, field="soundbites", value=Soundbite, key="soundbites",
    text=_text("title"),
    attributes=(
        _at("startTime", "start", DECIMAL, needed=True),
        _at("duration", kind=DECIMAL, needed=True),
    ),
)  # fmt: skip
SOURCE = _tag(
    "source", "alternateEnclosure", many=True, field="sources", value=Source,
    attributes=(_at("uri", kind=URL, needed=True), _at("contentType", "content_type")),
)  # fmt: skip
INTEGRITY = _tag(
    "integrity", "alternateEnclosure", field="integrity", value=Integrity,
    attributes=(_at("type", needed=True), _at("value", needed=True)),
)  # fmt: skip
ALTERNATE_ENCLOSURE = _tag(
    "alternateEnclosure", ITEM, many=True, field="alternates", value=AlternateEnclosure,
    key="alternates",
    attributes=(
        _at("type", needed=True),
        _at("length", kind=INTEGER),
        _at("bitrate", "bit_rate", DECIMAL),
        _at("height", kind=INTEGER),
        _at("lang", "language"),
        _at("title"),
        _at("rel"),
        _at("codecs"),
        _at("default", kind=ONLY_TRUE),
    ),
    nested=(SOURCE, INTEGRITY),
)  # fmt: skip

TAGS: tuple[Tag, ...] = (
    GUID,
    LOCKED,
    MEDIUM,
    BLOCK,
    UPDATE_FREQUENCY,
    TRAILER,
    SEASON,
    EPISODE,
    PERSON,
    CHAPTERS,
    TRANSCRIPT,
    SOUNDBITE,
    ALTERNATE_ENCLOSURE,
    FUNDING,
    LOCATION,
    LICENSE,
    TXT,
    IMAGE,
)
