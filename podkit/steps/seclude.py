"""What a private feed keeps to itself, so that no directory lists it and nobody can claim it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from podkit.model.podcasting import Block

if TYPE_CHECKING:
    from podkit.model.feedspec import FeedSpec


def seclude(spec: FeedSpec) -> FeedSpec:
    """The feed blocked everywhere, without the owner's address, and without what calls others to it.

    No hub and no Podping are told of it, and it does not send its members to the public feed.
    """
    return replace(
        spec,
        owner=replace(spec.owner, email=""),
        locked=replace(spec.locked, owner="") if spec.locked is not None else None,
        block=(Block(),),
        podping=None,
        new_feed_url="",
        links=tuple(link for link in spec.links if link.rel != "hub"),
    )
