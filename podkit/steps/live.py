"""What is live at a target: its feeds, their GUIDs, and the media that the built feeds name."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from podkit.errors import FindingsError, FormatError
from podkit.feed.read import from_xml
from podkit.model import address
from podkit.model.rendition import files_of

if TYPE_CHECKING:
    from podkit.model.rendition import Part
    from podkit.steps.open_show import OpenShow
    from podkit.targets.target import Target


def feed_sha256(show: OpenShow, target: Target) -> str | None:
    """The SHA-256 of the first feed as the target holds it; None when it holds none."""
    first = next(iter(show.podcast.feeds.values()))
    content = target.read(first.path)
    return None if content is None else hashlib.sha256(content).hexdigest()


def guids(show: OpenShow, target: Target) -> frozenset[str]:
    """The GUIDs of every episode in the feeds that the target holds; unreadable feeds have none."""
    found: set[str] = set()
    for feed in show.podcast.feeds.values():
        content = target.read(feed.path)
        if content is None:
            continue
        try:
            found |= {item.guid for item in from_xml(content).items}
        except FormatError:
            continue
    return frozenset(found)


def refuse_removals(show: OpenShow, live: frozenset[str], *, allowed: bool) -> None:
    """Rule PK901: an episode that is live may not vanish by accident.

    Raises:
        FindingsError: a live GUID is in none of the built feeds.
    """
    if allowed or not live:
        return
    built: set[str] = set()
    for feed in show.podcast.feeds.values():
        path = show.layout.public / feed.path
        if path.is_file():
            built |= {item.guid for item in from_xml(path.read_bytes()).items}
    gone = sorted(live - built)
    if gone:
        raise FindingsError(
            f"PK901: {len(gone)} live episode{'s' * (len(gone) > 1)} would vanish from the feed\n"
            + "\n".join(gone[:10]),
            hint="put them back, or publish with --allow-removal; nothing was sent",
        )


def media_named(show: OpenShow) -> dict[str, Part]:
    """The recorded files that the built feeds name, and those that these name, by path in public/."""
    texts = [
        path.read_text(encoding="utf-8")
        for feed in show.podcast.feeds.values()
        if (path := show.layout.public / feed.path).is_file()
    ]
    return {
        f"{address.MEDIA_FOLDER}/{one.file}": one
        for renditions in show.renditions.values()
        for rendition in renditions.values()
        if any(rendition.file in text for text in texts)
        for one in files_of(rendition)
    }
