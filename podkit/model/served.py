"""What a server said of one address when it was asked as Apple asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ORIGIN = "https://player.example"
"""The web player in whose name servers are asked: what they allow to it they allow to any."""


class Kind(StrEnum):
    """What lies at an address, as the feed says."""

    FEED = "feed"
    MEDIA = "media"
    ARTWORK = "artwork"
    CHAPTERS = "chapters"
    TRANSCRIPT = "transcript"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer: its status, and its headers by their names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The MIME type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """All that was asked of one address.

    `head` is the answer to HEAD, `first` that to a request for the first byte, `middle` that for the
    byte at `middle_at`, `again` that to a request with the validators that came before; what was not
    asked is None. `hops` are the addresses that the first one led to; `fault` is why nobody
    answered. `sha256` of the whole, where it was read.
    """

    url: str
    kind: Kind
    head: Answer | None = None
    first: Answer | None = None
    middle: Answer | None = None
    middle_at: int = 0
    again: Answer | None = None
    hops: tuple[str, ...] = ()
    fault: str = ""
    sha256: str = ""

    @property
    def final(self) -> str:
        """The address that answered in the end."""
        return self.hops[-1] if self.hops else self.url
