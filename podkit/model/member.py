"""Members, who each have an address of their own for a private feed: where its secret stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from podkit.model.show import Feed

TOKEN = "{token}"  # noqa: S105 (the word in podkit.toml that a member's secret takes the place of)
BLANK = "token-of-a-member-0e5b1c7d49a24f36"
"""Stands in a feed that was printed once for all members; no one's secret, and found nowhere else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An entry of members.toml.

    `token` is kept out of every report; `feeds` are names of feeds, all for members when empty;
    with `revoked` the address says that the subscription has ended.
    """

    id: str
    token: str = field(repr=False)
    label: str = ""
    feeds: tuple[str, ...] = ()
    added: datetime | None = None
    revoked: datetime | None = None

    def hears(self, name: str) -> bool:
        """Whether the feed of that name has, or had, an address for this member."""
        return not self.feeds or name in self.feeds


def is_for_members(feed: Feed) -> bool:
    """Whether every member has an own address of the feed."""
    return TOKEN in feed.path


def with_token(feed: Feed, token: str) -> Feed:
    """The feed at the address of one member; another feed is what it was."""
    path, url = feed.path.replace(TOKEN, token), feed.url.replace(TOKEN, token)
    return replace(feed, path=path, url=url) if is_for_members(feed) else feed
