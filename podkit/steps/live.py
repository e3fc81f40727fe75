"""What is live at a target, and what the built feeds name that shall be."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from podkit.model import address
from podkit.model.rendition import files_of
from podkit.steps.paginate import sheets_of
from podkit.steps.personalise import example

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from podkit.model.feedspec import Item
    from podkit.model.rendition import Part
    from podkit.model.show import Feed
    from podkit.steps.open_show import OpenShow
    from podkit.targets.target import Target

# The last parts of addresses: in one pass, since a long feed names thousands of files.
_ENDS: Final = re.compile(r"/([A-Za-z0-9._-]+)(?=[\s\"'<?#&])")


def feed_sha256(show: OpenShow, target: Target) -> str | None:
    """The SHA-256 of the first feed as the target holds it; None when it holds none."""
    first = next(iter(show.podcast.feeds.values()))
    content = target.read(example(show, first).path)
    return None if content is None else hashlib.sha256(content).hexdigest()


def sheets(show: OpenShow, target: Target) -> dict[str, dict[str, bytes]]:
    """The feeds as the target holds them, sheet by sheet, by their names."""
    feeds = show.podcast.feeds.items()
    return {name: sheets_of(example(show, feed), target.read) for name, feed in feeds}


def aged_out(show: OpenShow, feed: Feed, items: Sequence[Item]) -> set[str]:
    """The GUIDs of episodes that are older than all that a limited feed names."""
    moments = [item.published for item in items if item.published is not None]
    if not feed.limit or len(items) < feed.limit or not moments:
        return set()
    oldest = min(moments)
    return {e.guid for e in show.episodes if e.published is not None and e.published < oldest}


def built_sheets(show: OpenShow, feed: Feed) -> dict[str, bytes]:
    """The sheets of a feed that public/ holds, by path; of a members' feed one member's."""

    def content_of(name: str) -> bytes | None:
        path = show.layout.public / name
        return path.read_bytes() if path.is_file() else None

    return sheets_of(example(show, feed), content_of)


def names_in(built: Mapping[str, Mapping[str, bytes]]) -> frozenset[str]:
    """The last parts of all addresses in feeds, which are given sheet by sheet by their names."""
    sheets = (sheet for sheets in built.values() for sheet in sheets.values())
    return frozenset(
        name for sheet in sheets for name in _ENDS.findall(sheet.decode("utf-8", "replace"))
    )


def media_named(show: OpenShow) -> dict[str, Part]:
    """The recorded files that the built feeds name, and those that these name, by path in public/."""
    named = names_in({name: built_sheets(show, f) for name, f in show.podcast.feeds.items()})
    return {
        f"{address.MEDIA_FOLDER}/{one.file}": one
        for renditions in show.renditions.values()
        for rendition in renditions.values()
        if rendition.file in named
        for one in files_of(rendition)
    }
