"""Apple's tags that podkit writes and reads, one record each.

Source: Apple's "A Podcaster's Guide to RSS"; a positive whole number is demanded of episode and
season, and only `Yes` has an effect in block and complete.
"""

from __future__ import annotations

from typing import Any

from podkit.feed.tag import CHANNEL, ITEM, Attribute, Tag
from podkit.feed.values import INTEGER, ONLY_YES, SECONDS, TEXT, TRUE_FALSE, URL
from podkit.model.document import ITUNES
from podkit.model.podcasting import Block, EpisodeNumber, SeasonNumber
from podkit.model.show import Category, Owner


def _tag(name: str, *parents: str, **fields: Any) -> Tag:
    return Tag(namespace=ITUNES, name=name, parents=parents, **fields)


def _counts(value: EpisodeNumber | SeasonNumber) -> bool:
    return value.number >= 1 and value.number == int(value.number)


def _blocks_all(value: Block) -> bool:
    return value.block and not value.id


_BARE = Attribute()

AUTHOR = _tag("author", CHANNEL, ITEM, field="author", text=_BARE, key="author")
OWNER = _tag(
    "owner", CHANNEL, field="owner", value=Owner, key="owner",
    nested=(_tag("name", "owner", field="name", text=_BARE), _tag("email", "owner", field="email", text=_BARE)),
)  # fmt: skip
CATEGORY = _tag(
    "category", CHANNEL, many=True, field="categories", value=Category, key="categories",
    attributes=(Attribute(name="text", field="name", needed=True),),
    nested=(_tag("category", "category", field="sub", each=True, attributes=(Attribute(name="text"),)),),
)  # fmt: skip
EXPLICIT = _tag(
    "explicit", CHANNEL, ITEM, field="explicit", text=Attribute(kind=TRUE_FALSE), key="explicit"
)
TYPE = _tag("type", CHANNEL, field="type", text=_BARE, key="type")
IMAGE = _tag(
    "image",
    CHANNEL,
    ITEM,
    field="image",
    attributes=(Attribute(name="href", kind=URL),),
    key="image",
)
COMPLETE = _tag(
    "complete", CHANNEL, field="complete", text=Attribute(kind=ONLY_YES), key="complete"
)
NEW_FEED_URL = _tag(
    "new-feed-url", CHANNEL, field="new_feed_url", text=Attribute(kind=URL), key="new_feed_url"
)
BLOCK = _tag(
    "block", CHANNEL, ITEM, field="block", value=Block, key="block", when=_blocks_all,
    text=Attribute(field="block", kind=ONLY_YES, needed=True),
)  # fmt: skip
DURATION = _tag("duration", ITEM, field="duration", text=Attribute(kind=SECONDS))
EPISODE = _tag(
    "episode", ITEM, field="episode", value=EpisodeNumber, key="number", when=_counts,
    text=Attribute(field="number", kind=INTEGER, needed=True),
)  # fmt: skip
SEASON = _tag(
    "season", ITEM, field="season", value=SeasonNumber, key="season", when=_counts,
    text=Attribute(field="number", kind=INTEGER, needed=True),
)  # fmt: skip
EPISODE_TYPE = _tag("episodeType", ITEM, field="episode_type", text=_BARE, key="type")
SUMMARY = _tag("summary", ITEM, field="summary", text=Attribute(kind=TEXT), key="summary")

TAGS: tuple[Tag, ...] = (
    AUTHOR,
    OWNER,
    CATEGORY,
    EXPLICIT,
    TYPE,
    IMAGE,
    NEW_FEED_URL,
    COMPLETE,
    BLOCK,
    DURATION,
    EPISODE,
    SEASON,
    EPISODE_TYPE,
    SUMMARY,
)
