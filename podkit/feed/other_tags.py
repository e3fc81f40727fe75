"""Tags of smaller vocabularies: Podlove's chapters, Media RSS, Spotify's, and links between feeds.

Sources: Podlove Simple Chapters 1.2; Media RSS 1.5.1; what code that quotes Spotify's delivery
specification says of it; RFC 5005 (paging) and W3C WebSub (hub).
"""

from __future__ import annotations

from podkit.errors import UsageError
from podkit.feed.tag import CHANNEL, ITEM, Attribute, Tag, at
from podkit.feed.values import INTEGER, URL, Kind
from podkit.model.chapter import Chapter
from podkit.model.document import ATOM, MEDIA, PSC, SPOTIFY
from podkit.model.podcasting import FeedLink, SimpleChapters, Thumbnail
from podkit.model.timecode import format_timecode, parse_duration


def _parse_timecode(text: str) -> float:
    try:
        return round(parse_duration(text), 3)
    except UsageError as error:
        raise ValueError(text) from error


_TIMECODE = Kind(name="HH:MM:SS.mmm", show=format_timecode, parse=_parse_timecode)

SIMPLE_CHAPTERS = Tag(
    namespace=PSC, name="chapters", parents=(ITEM,), field="simple_chapters", value=SimpleChapters,
    attributes=(at("version"),),
    nested=(
        Tag(
            namespace=PSC, name="chapter", many=True, field="chapters", value=Chapter,
            attributes=(
                at("start", kind=_TIMECODE, needed=True),
                at("title"),
                at("href", "url", URL),
                at("image", kind=URL),
            ),
        ),
    ),
)  # fmt: skip
THUMBNAIL = Tag(
    namespace=MEDIA, name="thumbnail", parents=(ITEM,), many=True, field="thumbnails",
    value=Thumbnail,
    attributes=(
        at("url", kind=URL, needed=True),
        at("width", kind=INTEGER),
        at("height", kind=INTEGER),
    ),
)  # fmt: skip
SPOTIFY_LIMIT = Tag(
    namespace=SPOTIFY, name="limit", parents=(CHANNEL,), field="spotify_limit",
    attributes=(Attribute(name="recentCount", kind=INTEGER),), key="spotify_limit",
)  # fmt: skip
SPOTIFY_COUNTRY = Tag(
    namespace=SPOTIFY, name="countryOfOrigin", parents=(CHANNEL,),
    field="spotify_country_of_origin", text=Attribute(), key="spotify_country_of_origin",
)  # fmt: skip
FEED_LINK = Tag(
    namespace=ATOM, name="link", parents=(CHANNEL,), many=True, field="links", value=FeedLink,
    attributes=(
        at("href", kind=URL, needed=True),
        at("rel", needed=True),
        at("type"),
        at("title"),
    ),
)  # fmt: skip

TAGS: tuple[Tag, ...] = (
    FEED_LINK,
    SPOTIFY_LIMIT,
    SPOTIFY_COUNTRY,
    SIMPLE_CHAPTERS,
    THUMBNAIL,
)
