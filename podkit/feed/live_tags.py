"""The record of a live stream, which holds elements of RSS, of Apple's and of the podcast namespace.

Source: the podcast namespace's page on liveItem.
"""

from __future__ import annotations

from typing import Any

from podkit.feed import apple_tags
from podkit.feed import podcasting_tags as podcasting
from podkit.feed.tag import CHANNEL, Attribute, Tag, at, text_of
from podkit.feed.values import INTEGER, ISO, TEXT, TRUE_FALSE, URL, Kind
from podkit.model.document import PODCAST
from podkit.model.live import LiveEnclosure, LiveGuid, LiveItem, LiveStatus


def _rss(name: str, **fields: Any) -> Tag:
    return Tag(namespace="", name=name, **fields)


_STATUS = Kind(
    name="pending, live or ended",
    show=str,
    parse=lambda text: LiveStatus(text.strip().lower()),
)

LIVE_ITEM = Tag(
    namespace=PODCAST, name="liveItem", parents=(CHANNEL,), many=True, field="live_items",
    value=LiveItem, key="live_items", rest="extra",
    attributes=(
        at("status", kind=_STATUS, needed=True),
        at("start", kind=ISO, needed=True),
        at("end", kind=ISO),
    ),
    nested=(
        _rss("title", field="title", text=Attribute()),
        _rss("description", field="description", text=Attribute(kind=TEXT)),
        _rss("link", field="link", text=Attribute(kind=URL)),
        _rss(
            "guid", field="guid", value=LiveGuid, text=text_of("guid", needed=True),
            attributes=(at("isPermaLink", "permalink", TRUE_FALSE),),
        ),
        _rss(
            "enclosure", field="enclosure", value=LiveEnclosure,
            attributes=(
                at("url", kind=URL, needed=True),
                at("length", kind=INTEGER),
                at("type"),
            ),
        ),
        apple_tags.AUTHOR,
        apple_tags.IMAGE,
        apple_tags.EXPLICIT,
        podcasting.PERSON,
        podcasting.FUNDING,
        podcasting.LOCATION,
        podcasting.ALTERNATE_ENCLOSURE,
        podcasting.IMAGE,
        podcasting.VALUE,
        podcasting.CHAT,
        podcasting.SOCIAL_INTERACT,
        podcasting.CONTENT_LINK,
    ),
)  # fmt: skip

TAGS: tuple[Tag, ...] = (LIVE_ITEM,)
