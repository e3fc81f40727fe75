"""Which GUID an item has that gives none: the one that apps take in its place, so that none starts anew."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podkit.model.feedspec import FeedSpec, Item


def with_guids(spec: FeedSpec) -> FeedSpec:
    """The feed with a GUID for each item: its own, else its link, else the address of its sound.

    A link that several items have, or that is the show's own, tells none of them apart.
    """
    if all(item.guid for item in spec.items):
        return spec
    links = Counter(item.link for item in spec.items)
    links[spec.link] += 1
    items = tuple(
        item if item.guid else replace(item, guid=_assumed(item, links)) for item in spec.items
    )
    return replace(spec, items=items)


def _assumed(item: Item, links: Counter[str]) -> str:
    link = item.link if links[item.link] == 1 else ""
    return link or (item.enclosure.url if item.enclosure else "") or item.title or "untitled"
