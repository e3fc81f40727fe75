"""The feed in public/ beside the one that the world reads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit.errors import FileError, UsageError
from podkit.feed.read import from_xml
from podkit.model.address import feed_url
from podkit.model.comparison import Changed, GuidChange, Listed, compare
from podkit.model.text import MEDIA_SCHEMES, is_safe_url
from podkit.rules.release import Release
from podkit.steps import guard
from podkit.steps.live import aged_out, built_sheets
from podkit.steps.personalise import example, veil
from podkit.steps.read_feed import read_feed
from podkit.steps.write_feed import feed_named
from podkit.web.fetch import Fetcher

if TYPE_CHECKING:
    from collections.abc import Mapping

    from podkit.model.feedspec import FeedSpec
    from podkit.model.finding import Finding
    from podkit.model.show import Feed
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOrder:
    """What `podkit diff` was asked: `live` is a URL or a path; empty means the feed's own address."""

    live: str = ""
    feed: str = ""
    here: Path = Path()
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffReport:
    """What differs between the live feed and the built one; `harms` listeners when true.

    `findings` are what the guards of publishing say to that.
    """

    live: str
    built: str
    added: tuple[Listed, ...]
    removed: tuple[Listed, ...]
    changed: tuple[Changed, ...]
    guid_changes: tuple[GuidChange, ...]
    harms: bool
    findings: tuple[Finding, ...] = ()


def diff(show: OpenShow, order: DiffOrder) -> DiffReport:
    """Compare a built feed, all its sheets, with what is live.

    An episode that a feed with a limit leaves out because it is old is not gone.

    Raises:
        UsageError: no such feed, or nothing says where the live one is.
        FileError: nothing was built, or the live feed is not there.
        FormatError: the live feed is none.
        TryAgainError: the server cannot be reached.
    """
    feed = example(show, feed_named(show, order.feed or next(iter(show.podcast.feeds))))
    word = order.live or feed_url(show.podcast, feed)
    if not order.live and not is_safe_url(word, MEDIA_SCHEMES):
        raise UsageError(
            "nothing says where the live feed is", hint="podkit diff https://…/feed.xml"
        )
    sheets = built_sheets(show, feed)
    built = _built(show, feed, sheets)
    with Fetcher(word, hosts=order.hosts) as fetcher:
        live = read_feed(word, order.here / word, fetcher).spec
    found = compare(live, built)
    old = aged_out(show, feed, built.items)
    removed = tuple(one for one in found.removed if one.guid not in old)
    facts = Release(live=veil(show, word), comparison=found, aged=frozenset(old))
    return DiffReport(
        live=veil(show, word),
        built=f"public/{veil(show, feed.path)}",
        added=found.added,
        removed=removed,
        changed=found.changed,
        guid_changes=found.guid_changes,
        harms=bool(removed or found.guid_changes),
        findings=guard.findings(show, feed, sheets, facts),
    )


def _built(show: OpenShow, feed: Feed, contents: Mapping[str, bytes]) -> FeedSpec:
    sheets = [from_xml(content) for content in contents.values()]
    if not sheets:
        raise FileError(
            "the feed was not built yet", where=show.layout.public / feed.path, hint="podkit build"
        )
    return replace(sheets[0], items=tuple(item for sheet in sheets for item in sheet.items))
