"""What can never be meant in a `[feeds.NAME]` table or of measurement prefixes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from podkit.errors import UsageError
from podkit.model.address import is_sheet_of
from podkit.model.member import TOKEN, is_for_members
from podkit.model.show import Feed, Podcast
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.model.timecode import parse_span
from podkit.registry import did_you_mean
from podkit.workspace.layout import is_path_inside
from podkit.workspace.lines import KeyPath
from podkit.workspace.records import Reader

_KINDS: Final = ("audio", "video")
_MOST_HOPS: Final = 6
"""As many redirects as rule PK435 allows; each prefix is one."""


def check_feeds(podcast: Podcast, reader: Reader) -> None:
    """Remember every fault of the feeds and of the show's own prefixes."""
    _check_prefixes(podcast.media.prefixes, ("media", "prefixes"), reader)
    _check_paths(podcast.feeds, reader)
    for name, feed in podcast.feeds.items():
        key = ("feeds", name)
        _check_numbers(feed, key, reader)
        _check_members(feed, key, reader)
        _check_release(feed, key, reader)
        _check_choice(feed, key, reader)
        _check_prefixes(feed.prefixes or (), (*key, "prefixes"), reader)


def _check_paths(feeds: Mapping[str, Feed], reader: Reader) -> None:
    seen: dict[str, str] = {}
    for name, feed in feeds.items():
        key = ("feeds", name, "path")
        if not is_path_inside(feed.path) or any(p.startswith(".") for p in feed.path.split("/")):
            reader.fault(key, "must be a file inside public/, such as feed.xml")
        other = seen.setdefault(feed.path.casefold(), name)
        if other != name:
            reader.fault(key, f"[feeds.{other}] is written to the same file")
        for first, paged in feeds.items():
            if first != name and paged.page_size and is_sheet_of(feed.path, paged.path):
                reader.fault(key, f"[feeds.{first}] is written there when it has several sheets")


def _check_numbers(feed: Feed, key: KeyPath, reader: Reader) -> None:
    for number in ("limit", "page_size", "light_after"):
        if getattr(feed, number) < 0:
            reader.fault((*key, number), "must be 0 (all) or more")
    if feed.guid:
        try:
            UUID(feed.guid)
        except ValueError:
            reader.fault((*key, "guid"), "must be a UUID")


def _check_members(feed: Feed, key: KeyPath, reader: Reader) -> None:
    """`{token}` stands once, in a private feed, and in its URL as well."""
    other = feed.path.replace(TOKEN, "", 1)
    if "{" in other or "}" in other:
        reader.fault((*key, "path"), f"braces stand only in {TOKEN}, and that only once")
        return
    if is_for_members(feed) and not feed.private:
        reader.fault((*key, "path"), f"a feed with {TOKEN} is for members: add private = true")
    if feed.url and is_for_members(feed) != (TOKEN in feed.url):
        fault = f"it needs {TOKEN} as the path has" if is_for_members(feed) else "the path has none"
        reader.fault((*key, "url"), f"{fault}: each member has an own address")


def _check_release(feed: Feed, key: KeyPath, reader: Reader) -> None:
    for name in ("early", "delay"):
        try:
            parse_span(getattr(feed, name))
        except UsageError as error:
            reader.fault((*key, name), f"{error.message}; {error.hint}")
    if feed.early and feed.delay:
        reader.fault((*key, "delay"), "a feed is early or late, not both")
    if feed.early and not feed.private:
        reader.fault(
            (*key, "early"), "everybody would have it early: only a private feed can be (private)"
        )


def _check_choice(feed: Feed, key: KeyPath, reader: Reader) -> None:
    if feed.only and feed.only not in _KINDS:
        advice = did_you_mean(feed.only, _KINDS)
        reader.fault((*key, "only"), f"{feed.only!r} is not one of its words; {advice}")


def _check_prefixes(prefixes: tuple[str, ...], key: KeyPath, reader: Reader) -> None:
    for n, prefix in enumerate(prefixes):
        if not is_safe_url(prefix, MEDIA_SCHEMES) or "?" in prefix or "#" in prefix:
            reader.fault((*key, n), 'must be an address, as in "https://prefix.example/e/"')
        elif prefix.rstrip("/") in {other.rstrip("/") for other in prefixes[:n]}:
            reader.fault((*key, n), "it is named twice: each would count every download")
    if len(prefixes) > _MOST_HOPS:
        reader.fault(
            key,
            f"{len(prefixes)} prefixes are {len(prefixes)} redirects before the file; "
            f"players follow {_MOST_HOPS} at most",
        )
