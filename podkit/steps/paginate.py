"""A long feed on several sheets: the newest episodes in the feed itself, older ones behind it.

Source: RFC 5005, section 3 (paged feeds): links `first`, `previous`, `next` and `last`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podkit.model import address
from podkit.model.podcasting import FeedLink

if TYPE_CHECKING:
    from collections.abc import Callable

    from podkit.model.feedspec import FeedSpec
    from podkit.model.show import Feed, Podcast


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One file of a feed: its path in public/ and what stands on it."""

    path: str
    spec: FeedSpec


def paginate(podcast: Podcast, feed: Feed, spec: FeedSpec) -> tuple[Sheet, ...]:
    """The feed on sheets of `feed.page_size` episodes; on one when it asks for no more."""
    size = feed.page_size or max(len(spec.items), 1)
    count = max(-(-len(spec.items) // size), 1)
    if count == 1:
        return (Sheet(path=feed.path, spec=spec),)
    urls = [address.sheet_url(podcast, feed, number) for number in range(1, count + 1)]
    return tuple(
        Sheet(
            path=address.sheet_path(feed.path, place + 1),
            spec=replace(
                spec,
                self_url=urls[place],
                links=spec.links + _links(urls, place),
                items=spec.items[place * size : (place + 1) * size],
                live_items=() if place else spec.live_items,
            ),
        )
        for place in range(count)
    )


def _links(urls: list[str], place: int) -> tuple[FeedLink, ...]:
    places = {"first": 0, "previous": place - 1, "next": place + 1, "last": len(urls) - 1}
    return tuple(
        FeedLink(rel=rel, href=urls[other])
        for rel, other in places.items()
        if 0 <= other < len(urls)
    )


def sheets_of(feed: Feed, content_of: Callable[[str], bytes | None]) -> dict[str, bytes]:
    """The sheets of a feed that are there, by path; the first one that is missing ends them.

    Args:
        feed: as podkit.toml has it.
        content_of: the bytes at a path, or None.
    """
    found: dict[str, bytes] = {}
    while (
        content := content_of(path := address.sheet_path(feed.path, len(found) + 1))
    ) is not None:
        found[path] = content
    return found
