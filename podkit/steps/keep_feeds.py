"""What is remembered of each target: the feeds that it was given last, and those that they replaced."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from podkit import files
from podkit.errors import UsageError
from podkit.steps.live import built_sheets
from podkit.steps.live_spec import spec_of
from podkit.steps.paginate import sheets_of
from podkit.steps.personalise import example
from podkit.steps.targets import url_of

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.model.show import Feed
    from podkit.steps.open_show import OpenShow
    from podkit.targets.target import Target

KEPT: Final = 20
"""So many replaced feeds are kept of each path of a target; the oldest go first."""

_ODD = re.compile(r"[^A-Za-z0-9.]+")


def target_name(url: str) -> str:
    """The name of a folder for a target: readable, and another one for each URL."""
    readable = _ODD.sub("-", url).strip("-.")[:40].strip("-.")
    return f"{readable}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"


def remember(show: OpenShow, target: Target) -> None:
    """Note the feeds of public/ as those that the target has now.

    Raises:
        FileError: it cannot be written.
    """
    folder = _memory(show) / target_name(target.url)
    for feed in show.podcast.feeds.values():
        built = built_sheets(show, feed)
        known = remembered(show, feed, target.url)
        for path, content in built.items():
            if known.get(path) != content:
                _make(folder / path)
                files.sweep((folder / path).parent)
                files.write(folder / path, content)
        for path in known.keys() - built.keys():
            with files.translating(folder / path, "remove"):
                (folder / path).unlink(missing_ok=True)


def remembered(show: OpenShow, feed: Feed, url: str) -> dict[str, bytes]:
    """The sheets of a feed as the target of that URL was given them last, by path."""
    folder = _memory(show) / target_name(url)

    def content_of(path: str) -> bytes | None:
        place = folder / path
        if not place.is_file():
            return None
        with files.open_regular(place) as stream, files.translating(place, "read"):
            return stream.read()

    return sheets_of(example(show, feed), content_of)


def live_guids(show: OpenShow, target: Target) -> frozenset[str]:
    """The GUIDs of every episode in the feeds that the target holds, and of those that were imported.

    What came from another host is live there until listeners are led to this target. Where a feed
    is gone or cannot be read whole, what it was given last counts too; where that is not known
    either, any episode of the show may be in a feed that cannot be read whole.
    """
    found = {episode.guid for episode in show.episodes if episode.imported}
    for feed in show.podcast.feeds.values():
        sheets = sheets_of(example(show, feed), target.read)
        live, fault = spec_of(sheets)
        specs = [live]
        if fault:
            known = remembered(show, feed, target.url)
            spec, unknown = spec_of(known)
            specs.append(spec)
            if unknown and (sheets or known):
                found |= {episode.guid for episode in show.episodes}
        found |= {item.guid for spec in specs if spec is not None for item in spec.items}
    return frozenset(found)


def usual_target(show: OpenShow) -> str:
    """The URL of the target that `podkit publish` means without a word; empty when there is none."""
    try:
        return url_of(show, "")
    except UsageError:
        return ""


def keep_replaced(show: OpenShow, target: Target, path: str, new: Path) -> Path | None:
    """Keep the feed that lies at a path of the target, before the file `new` takes its place.

    Raises:
        FileError: it cannot be kept, and so may not be replaced.
        TargetError: the target cannot be read.
    """
    old = target.read(path)
    if old is None or hashlib.sha256(old).hexdigest() == files.sha256(new):
        return None
    stem, _, suffix = path.rpartition("/")[2].rpartition(".")
    folder = show.layout.trash / "feeds" / target_name(target.url) / path.rpartition("/")[0]
    name = f"{stem or suffix}-{hashlib.sha256(old).hexdigest()[:8]}.xml"
    _make(folder / name)
    files.sweep(folder)
    files.write(folder / name, old)  # also when it is there: it is then the youngest
    kept = sorted(folder.glob(f"{stem or suffix}-????????.xml"), key=lambda p: p.stat().st_mtime_ns)
    for surplus in kept[:-KEPT]:
        with files.translating(surplus, "remove"):
            surplus.unlink()
    return folder / name


def _memory(show: OpenShow) -> Path:
    return show.layout.state / "published"


def _make(path: Path) -> None:
    with files.translating(path.parent, "make the folder"):
        path.parent.mkdir(parents=True, exist_ok=True)
