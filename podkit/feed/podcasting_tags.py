"""The Podcasting 2.0 tags that podkit writes and reads, one record each.

Source: the podcast namespace's documentation, one page a tag (podcastindex.org/namespace/1.0).
"""

from __future__ import annotations

from typing import Any

from podkit.feed.tag import CHANNEL, ITEM, Attribute, Tag, at, text_of
from podkit.feed.values import (
    DECIMAL,
    INTEGER,
    ISO,
    MOMENT,
    ONLY_TRUE,
    TEXT,
    TRUE_FALSE,
    URL,
    YES_NO,
)
from podkit.model.document import PODCAST
from podkit.model.person import Person
from podkit.model.podcasting import (
    AlternateEnclosure,
    Block,
    ChaptersLink,
    Chat,
    ContentLink,
    EpisodeNumber,
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
    SocialInteract,
    Soundbite,
    Source,
    Trailer,
    TranscriptLink,
    Txt,
    UpdateFrequency,
)
from podkit.model.value import Value, ValueRecipient, ValueTimeSplit


def _tag(name: str, *parents: str, **fields: Any) -> Tag:
    return Tag(namespace=PODCAST, name=name, parents=parents, **fields)


_BARE = Attribute()

GUID = _tag("guid", CHANNEL, field="guid", text=_BARE, key="guid")
LOCKED = _tag(
    "locked", CHANNEL, field="locked", value=Locked, key="locked",
    text=text_of("locked", YES_NO, needed=True), attributes=(at("owner"),),
)  # fmt: skip
MEDIUM = _tag("medium", CHANNEL, field="medium", text=_BARE, key="medium")
BLOCK = _tag(
    "block", CHANNEL, many=True, field="block", value=Block, key="block",
    text=text_of("block", YES_NO, needed=True), attributes=(at("id"),),
)  # fmt: skip
UPDATE_FREQUENCY = _tag(
    "updateFrequency", CHANNEL, field="update_frequency", value=UpdateFrequency,
    key="update_frequency", text=text_of("text"),
    attributes=(at("rrule"), at("dtstart", kind=ISO), at("complete", kind=ONLY_TRUE)),
)  # fmt: skip
TRAILER = _tag(
    "trailer", CHANNEL, many=True, field="trailers", value=Trailer, key="trailers",
    text=text_of("title"),
    attributes=(
        at("url", kind=URL, needed=True),
        at("pubdate", "published", MOMENT, needed=True),
        at("length", kind=INTEGER),
        at("type"),
        at("season", kind=INTEGER),
    ),
)  # fmt: skip
PERSON = _tag(
    "person", CHANNEL, ITEM, many=True, field="people", value=Person, key="people",
    text=text_of("name", needed=True),
    attributes=(at("role"), at("group"), at("img", kind=URL), at("href", kind=URL)),
)  # fmt: skip
FUNDING = _tag(
    "funding", CHANNEL, ITEM, many=True, field="funding", value=Funding, key="funding",
    text=text_of("text"), attributes=(at("url", kind=URL, needed=True),),
)  # fmt: skip
LOCATION = _tag(
    "location", CHANNEL, ITEM, many=True, field="location", value=Location, key="location",
    text=text_of("name"), alone=True,
    attributes=(at("rel"), at("geo"), at("osm"), at("country")),
)  # fmt: skip
LICENSE = _tag(
    "license", CHANNEL, ITEM, field="license", value=License, key="license",
    text=text_of("name"), attributes=(at("url", kind=URL),),
)  # fmt: skip
TXT = _tag(
    "txt", CHANNEL, ITEM, many=True, field="txt", value=Txt, key="txt",
    text=text_of("text", TEXT), attributes=(at("purpose"),), alone=True,
)  # fmt: skip
IMAGE = _tag(
    "image", CHANNEL, ITEM, many=True, field="images", value=Image, key="images",
    attributes=(
        at("href", kind=URL, needed=True),
        at("alt"),
        at("aspect-ratio", "aspect_ratio"),
        at("width", kind=INTEGER),
        at("height", kind=INTEGER),
        at("type"),
        at("purpose"),
    ),
)  # fmt: skip
SEASON = _tag(
    "season", ITEM, field="season", value=SeasonNumber, key="season, season_name",
    text=text_of("number", INTEGER, needed=True), attributes=(at("name"),),
)  # fmt: skip
EPISODE = _tag(
    "episode", ITEM, field="episode", value=EpisodeNumber, key="number, display",
    text=text_of("number", DECIMAL, needed=True), attributes=(at("display"),),
)  # fmt: skip
CHAPTERS = _tag(
    "chapters", ITEM, field="chapters", value=ChaptersLink,
    attributes=(at("url", kind=URL, needed=True), at("type")),
)  # fmt: skip
TRANSCRIPT = _tag(
    "transcript", ITEM, many=True, field="transcripts", value=TranscriptLink,
    attributes=(
        at("url", kind=URL, needed=True),
        at("type", needed=True),
        at("language"),
        at("rel"),
    ),
)  # fmt: skip
SOUNDBITE = _tag(
    "soundbite", ITEM, many=True, field="soundbites", value=Soundbite, key="soundbites",
    text=text_of("title"),
    attributes=(
        at("startTime", "start", DECIMAL, needed=True),
        at("duration", kind=DECIMAL, needed=True),
    ),
)  # fmt: skip
SOURCE = _tag(
    "source", "alternateEnclosure", many=True, field="sources", value=Source,
    attributes=(at("uri", kind=URL, needed=True), at("contentType", "content_type")),
)  # fmt: skip
INTEGRITY = _tag(
    "integrity", "alternateEnclosure", field="integrity", value=Integrity,
    attributes=(at("type", needed=True), at("value", needed=True)),
)  # fmt: skip
ALTERNATE_ENCLOSURE = _tag(
    "alternateEnclosure", ITEM, many=True, field="alternates", value=AlternateEnclosure,
    key="alternates",
    attributes=(
        at("type", needed=True),
        at("length", kind=INTEGER),
        at("bitrate", "bit_rate", DECIMAL),
        at("height", kind=INTEGER),
        at("lang", "language"),
        at("title"),
        at("rel"),
        at("codecs"),
        at("default", kind=ONLY_TRUE),
    ),
    nested=(SOURCE, INTEGRITY),
)  # fmt: skip

CHAT = _tag(
    "chat", CHANNEL, ITEM, field="chat", value=Chat, key="chat",
    attributes=(
        at("server", needed=True),
        at("protocol", needed=True),
        at("accountId", "account_id"),
        at("space"),
    ),
)  # fmt: skip
SOCIAL_INTERACT = _tag(
    "socialInteract", CHANNEL, ITEM, many=True, field="social_interact", value=SocialInteract,
    key="social_interact",
    attributes=(
        at("protocol", needed=True),
        at("uri", kind=URL),
        at("accountId", "account_id"),
        at("accountUrl", "account_url", URL),
        at("priority", kind=INTEGER),
    ),
)  # fmt: skip
CONTENT_LINK = _tag(
    "contentLink", ITEM, many=True, field="content_links", value=ContentLink, key="content_links",
    text=text_of("text"), attributes=(at("href", kind=URL, needed=True),),
)  # fmt: skip
PODPING = _tag(
    "podping", CHANNEL, field="podping", value=Podping, key="podping",
    attributes=(at("usesPodping", "uses_podping", TRUE_FALSE, needed=True),),
)  # fmt: skip


def _remote_item(field: str, *parents: str, **fields: Any) -> Tag:
    return _tag(
        "remoteItem", *parents, field=field, value=RemoteItem,
        attributes=(
            at("feedGuid", "feed_guid", needed=True),
            at("feedUrl", "feed_url", URL),
            at("itemGuid", "item_guid"),
            at("medium"),
            at("title"),
        ),
        **fields,
    )  # fmt: skip


REMOTE_ITEM = _remote_item("remote_items", CHANNEL, many=True, key="remote_items")
PODROLL = _tag(
    "podroll", CHANNEL, field="podroll", value=Podroll, key="podroll",
    nested=(_remote_item("remote_items", many=True),),
)  # fmt: skip
PUBLISHER = _tag(
    "publisher", CHANNEL, field="publisher", value=Publisher, key="publisher",
    nested=(_remote_item("remote_item"),),
)  # fmt: skip
VALUE_RECIPIENT = _tag(
    "valueRecipient", many=True, field="recipients", value=ValueRecipient,
    attributes=(
        at("name"),
        at("type", needed=True),
        at("address", needed=True),
        at("customKey", "custom_key"),
        at("customValue", "custom_value"),
        at("split", kind=INTEGER, needed=True),
        at("fee", kind=ONLY_TRUE),
    ),
)  # fmt: skip
VALUE_TIME_SPLIT = _tag(
    "valueTimeSplit", many=True, field="splits", value=ValueTimeSplit,
    attributes=(
        at("startTime", "start", DECIMAL, needed=True),
        at("duration", kind=DECIMAL, needed=True),
        at("remoteStartTime", "remote_start", DECIMAL),
        at("remotePercentage", "remote_percentage", DECIMAL),
    ),
    nested=(VALUE_RECIPIENT, _remote_item("remote_item")),
)  # fmt: skip
VALUE = _tag(
    "value", CHANNEL, ITEM, many=True, field="value", value=Value, key="value",
    attributes=(at("type", needed=True), at("method", needed=True), at("suggested")),
    nested=(VALUE_RECIPIENT, VALUE_TIME_SPLIT),
)  # fmt: skip

TAGS: tuple[Tag, ...] = (
    GUID,
    LOCKED,
    MEDIUM,
    BLOCK,
    UPDATE_FREQUENCY,
    PODPING,
    PUBLISHER,
    PODROLL,
    REMOTE_ITEM,
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
    VALUE,
    CHAT,
    SOCIAL_INTERACT,
    CONTENT_LINK,
)
