"""A feed by its address or as a file: its bytes once, its further sheets, as one spec."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit, urlunsplit

from podkit.errors import FileError, FormatError
from podkit.feed.bounds import MAX_BYTES
from podkit.feed.discover import feed_of_page, is_page
from podkit.feed.mend import read_leniently
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.steps.attachments import read_bytes
from podkit.web.fetch import check_address

if TYPE_CHECKING:
    from podkit.errors import PodkitError
    from podkit.model.feedspec import FeedSpec, Item
    from podkit.web.fetch import Fetcher

SHEETS: Final = 500
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.IGNORECASE)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True, slots=True, kw_only=True)
class LostSheet:
    """The first of a feed's older sheets that could not be read; none behind it was."""

    address: str
    error: PodkitError


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFeed:
    """A feed as read: `address` is empty for a file."""

    spec: FeedSpec
    address: str = ""
    warnings: tuple[str, ...] = ()
    lost: LostSheet | None = None


@dataclass(slots=True, kw_only=True)
class _Older:
    """What the sheets behind the first one hold."""

    items: list[Item] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lost: LostSheet | None = None


def is_address(word: str) -> bool:
    """Whether a word is meant as an address: it begins with a scheme, and no such file is there."""
    return _SCHEME.match(word) is not None and not Path(word).exists()


def read_feed(word: str, path: Path, fetcher: Fetcher) -> ReadFeed:
    """The feed that a word names, with the episodes of all its sheets (RFC 5005) when it has an address.

    Raises:
        FileError: there is no such file, or no such thing on the web.
        FormatError: it is no feed.
        TryAgainError: the server cannot be reached.
    """
    if not is_address(word):
        spec, mended = _parsed(read_bytes(path, MAX_BYTES), word)
        return ReadFeed(spec=absolute(spec, spec.self_url or spec.link), warnings=mended)
    check_address(word)
    found = fetcher.read(word, limit=MAX_BYTES)
    spec, mended = _parsed(found.content, word, found.type)
    spec = absolute(spec, without_login(found.url))
    older = _older(spec, {word, found.url}, found.url, fetcher)
    return ReadFeed(
        spec=replace(spec, items=(*spec.items, *older.items)),
        address=without_login(found.url),
        warnings=(*mended, *older.warnings),
        lost=older.lost,
    )


def _older(page: FeedSpec, seen: set[str], here: str, fetcher: Fetcher) -> _Older:
    """The sheets behind the first, up to one that cannot be read, or is one too many."""
    older = _Older()
    sheets = 1
    while (after := _next(page, here)) and after not in seen:
        seen.add(after)
        shown = without_login(after)
        if sheets == SHEETS:
            most = FormatError(f"no more than {SHEETS} sheets of a feed are read")
            older.lost = LostSheet(address=shown, error=most)
            break
        try:
            sheet = fetcher.read(after, limit=MAX_BYTES)
            page, mended = _parsed(sheet.content, shown, sheet.type)
        except (FileError, FormatError) as error:
            older.lost = LostSheet(address=shown, error=error)
            break
        sheets += 1
        here = sheet.url
        page = absolute(page, without_login(here))
        older.items += page.items
        older.warnings += [f"{shown}: {why}" for why in mended]
    return older


def without_login(url: str) -> str:
    """The address without a name and password, which no show and no feed may tell on."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _next(spec: FeedSpec, base: str) -> str:
    """The address of the next sheet; empty when there is none on the web."""
    href = next((link.href for link in spec.links if link.rel == "next"), "")
    there = _joined(base, href)
    return there if is_safe_url(there, MEDIA_SCHEMES) else ""


def absolute(spec: FeedSpec, base: str) -> FeedSpec:
    """The feed with addresses that were relative as the world sees them from its own base, else `base`."""
    base = spec.base or base
    if not is_safe_url(base, MEDIA_SCHEMES):
        return spec
    return replace(
        spec,
        link=_joined(base, spec.link),
        image=_joined(base, spec.image),
        items=tuple(
            replace(
                item,
                link=_joined(base, item.link),
                image=_joined(base, item.image),
                enclosure=item.enclosure
                and replace(item.enclosure, url=_joined(base, item.enclosure.url)),
            )
            for item in spec.items
        ),
    )


def _joined(base: str, address: str) -> str:
    if not address or _SCHEME.match(address):
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _parsed(content: bytes, where: str, kind: str = "") -> tuple[FeedSpec, tuple[str, ...]]:
    """The feed and what was mended; `kind` is the type that the server says, perhaps with an encoding."""
    told = _CHARSET.search(kind)
    try:
        return read_leniently(content, told[1] if told else "")
    except FormatError as error:
        if is_page(content):
            there = feed_of_page(content, where if is_address(where) else "")
            hint = f"it says that its feed is {there}" if there else "give the address of its feed"
            raise FormatError("it is a web page, not a feed", where=where, hint=hint) from error
        raise FormatError(error.message, where=where, hint=error.hint) from error
