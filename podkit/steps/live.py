"""What is live at a target: its feeds, their GUIDs, and the media that the built feeds name."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from podkit.errors import FormatError
from podkit.feed.mend import read_leniently
from podkit.model import address
from podkit.model.rendition import files_of
from podkit.steps.paginate import sheets_of
from podkit.steps.personalise import example

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def guids(show: OpenShow, target: Target) -> frozenset[str]:
    """The GUIDs of every episode in the feeds that the target holds; unreadable feeds have none."""
    found: set[str] = set()
    for feed in show.podcast.feeds.values():
        for content in sheets_of(example(show, feed), target.read).values():
            try:
                found |= {item.guid for item in read_leniently(content)[0].items}
            except FormatError:
                continue
    return frozenset(found)


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


def media_named(show: OpenShow) -> dict[str, Part]:
    """The recorded files that the built feeds name, and those that these name, by path in public/."""
    named = {
        name
        for feed in show.podcast.feeds.values()
        for sheet in built_sheets(show, feed).values()
        for name in _ENDS.findall(sheet.decode("utf-8"))
    }
    return {
        f"{address.MEDIA_FOLDER}/{one.file}": one
        for renditions in show.renditions.values()
        for rendition in renditions.values()
        if rendition.file in named
        for one in files_of(rendition)
    }
