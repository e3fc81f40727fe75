"""What a server said of one address when it was asked as Apple asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ORIGIN = "https://player.example"
"""The web player in whose name servers are asked: what they allow to it they allow to any."""

_ANY_BYTES = frozenset(["", "application/octet-stream", "binary/octet-stream"])
_MARK = 200  # characters of a header: none that means well has more


class Kind(StrEnum):
    """What lies at an address, as the feed says."""

    FEED = "feed"
    MEDIA = "media"
    ARTWORK = "artwork"
    PICTURE = "picture"
    """One that Apple does not look at."""
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

    @property
    def marks(self) -> tuple[str, str, str]:
        """ETag, Last-Modified and Content-Length: by them a server says whether a file is the same."""
        names = ("etag", "last-modified", "content-length")
        etag, modified, length = (self.headers.get(name, "").strip()[:_MARK] for name in names)
        return etag, modified, length


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a picture was when it was last seen: its bytes, where they were read, and its marks.

    `day` is when that was, as `2026-11-20`.
    """

    sha256: str = ""
    etag: str = ""
    modified: str = ""
    length: str = ""
    day: str = ""

    @property
    def marks(self) -> tuple[str, str, str]:
        """What the server said of it."""
        return self.etag, self.modified, self.length

    @property
    def is_marked(self) -> bool:
        """Whether the same marks mean the same bytes: a weak ETag or a length alone do not."""
        return bool(self.modified and self.length) or _is_strong(self.etag)

    def differs(self, before: Look) -> bool | None:
        """Whether the picture has other bytes than before; None where nobody can say.

        An ETag alone is no proof: machines behind one address may each give their own.
        """
        if self.sha256 and before.sha256:
            return self.sha256 != before.sha256
        if self.is_marked and self.marks == before.marks:
            return False
        tags, lengths = (self.etag, before.etag), (self.length, before.length)
        if all(map(_is_strong, tags)) and all(map(str.isdigit, lengths)):
            return True if tags[0] != tags[1] and lengths[0] != lengths[1] else None
        return None


def look_of(served: Served, day: str = "") -> Look | None:
    """How the picture is that a server gave; None where it gave none, such as a page in its place."""
    answer = served.first
    if served.fault or answer is None or answer.status != 200 or not _may_be_picture(answer.type):
        return None
    etag, modified, length = answer.marks
    return Look(sha256=served.sha256, etag=etag, modified=modified, length=length, day=day)


def _may_be_picture(mime: str) -> bool:
    """Whether an answer of this type may be one: of any bytes, and without a type, nobody knows."""
    return mime.startswith("image/") or mime in _ANY_BYTES


def _is_strong(etag: str) -> bool:
    """Whether an ETag vouches for every byte (RFC 9110, section 8.8.1)."""
    return etag.startswith('"')
