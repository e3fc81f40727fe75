"""Feeds that are as they would be written: found by a look at the files instead of making them anew.

The last run that wrote all feeds notes what it was made of (the state of every file, podkit and the
packages beside it, the span of time in which nothing else comes out) and the hash of every feed. As
long as all of that holds there is nothing to do. Whoever doubts it deletes `.podkit/cache`.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from podkit import files, plugins
from podkit.errors import PodkitError
from podkit.model import address
from podkit.model.member import is_for_members
from podkit.steps import release
from podkit.steps.compose import Held
from podkit.steps.uncollected import uncollected
from podkit.steps.write_feed import FeedsReport, WrittenFeed, planned, print_and_write
from podkit.workspace.layout import Layout
from podkit.workspace.snapshot import snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from podkit.steps.open_show import OpenShow

NAME: Final = "feeds.json"
_ANY_TIME: Final = ""


def bring(
    start: Path,
    names: Sequence[str] = (),
    *,
    opened: Callable[[], OpenShow],
    now: datetime,
    dry_run: bool = False,
) -> FeedsReport:
    """The named feeds (none: all) as they have to be in public/: made, where they are not so yet.

    Args:
        start: a folder in the show.
        names: of feeds in podkit.toml.
        opened: reads the show, when that is needed.
        now: what is due is decided against this moment.
        dry_run: say what would be written, and write nothing.

    Raises:
        UsageError: there is no such feed, or no show.
        LockedError: another run builds this show.
    """
    layout = Layout.find(start)
    taken = snapshot(layout)
    made_of = f"{taken.digest} {_software()}"
    known = _recall(layout, made_of, names, now)
    if known is not None:
        return replace(known, plan=planned(known.feeds)) if dry_run else known
    with uncollected():
        show = opened()
        report, written = print_and_write(show, names, now=now, dry_run=dry_run)
    if taken.settled and not names and not dry_run and _may_be_noted(show):
        _note(show, report, written, made_of=made_of, now=now)
    return report


def _may_be_noted(show: OpenShow) -> bool:
    """Not with members, whose feeds are many and secret; not where a package may change by itself."""
    if any(map(is_for_members, show.podcast.feeds.values())):
        return False
    return not any(plugins.points(group) for group in ("podkit.formats", "podkit.presets"))


def _note(
    show: OpenShow,
    report: FeedsReport,
    written: Mapping[str, Mapping[str, bytes]],
    *,
    made_of: str,
    now: datetime,
) -> None:
    """Keep it; that it cannot be kept is no error."""
    there: dict[str, str | None] = {}
    for name, sheets in written.items():
        there |= {path: hashlib.sha256(sheet).hexdigest() for path, sheet in sheets.items()}
        there[address.sheet_path(show.podcast.feeds[name].path, len(sheets) + 1)] = None
    since, until = release.span(show.podcast, show.episodes, now)
    note = {
        "made_of": made_of,
        "since": since.isoformat() if since else _ANY_TIME,
        "until": until.isoformat() if until else _ANY_TIME,
        "there": there,
        "feeds": [asdict(replace(feed, changed=False)) for feed in report.feeds],
        "held": [_told(held) for held in report.held],
    }
    body = json.dumps(note).encode()
    with contextlib.suppress(PodkitError, OSError):
        show.layout.cache.mkdir(parents=True, exist_ok=True)
        files.write(show.layout.cache / NAME, _seal(body) + b"\n" + body)


def _told(held: Held) -> dict[str, Any]:
    told = asdict(held)
    return told | {"published": held.published and held.published.isoformat()}


def _recall(
    layout: Layout, made_of: str, names: Sequence[str], now: datetime
) -> FeedsReport | None:
    """What was noted, if all of it is still so."""
    try:
        seal, _, body = (layout.cache / NAME).read_bytes().partition(b"\n")
    except OSError:
        return None
    if seal != _seal(body):
        return None
    note = json.loads(body)
    if note["made_of"] != made_of or not _holds(note["since"], note["until"], now):
        return None
    if not all(_is(layout.public / path, sha256) for path, sha256 in note["there"].items()):
        return None
    feeds = {feed["name"]: WrittenFeed(**feed) for feed in note["feeds"]}
    if any(name not in feeds for name in names):
        return None
    return FeedsReport(
        feeds=tuple(feeds[name] for name in names or feeds),
        held=tuple(Held(**{**held, "published": _moment(held)}) for held in note["held"]),
    )


def _moment(held: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(held["published"]) if held["published"] else None


def _holds(since: str, until: str, now: datetime) -> bool:
    if since != _ANY_TIME and now < datetime.fromisoformat(since):
        return False
    return until == _ANY_TIME or now < datetime.fromisoformat(until)


def _is(path: Path, sha256: str | None) -> bool:
    """Whether a file of public/ has this content, or with None is not there."""
    try:
        return files.sha256(path) == sha256
    except PodkitError:
        return sha256 is None and not os.path.lexists(path)


def _seal(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _software() -> str:
    """A mark of podkit's own files, templates too, and of every package that is installed beside it."""
    whole = hashlib.sha256(sys.version.encode())
    package = Path(__file__).parents[1]
    own = (*package.rglob("*"), *(package.parent / "templates").glob("*"))
    for path in sorted(path for path in own if path.suffix in {".py", ".html", ".css"}):
        with contextlib.suppress(OSError):  # an editor's lock may be a link that leads nowhere
            found = path.stat()
            whole.update(f"{path} {found.st_size} {found.st_mtime_ns}\n".encode())
    for folder in sys.path:
        with contextlib.suppress(OSError):
            names = (name for name in os.listdir(folder or ".") if name.endswith("-info"))
            whole.update("\n".join(sorted(names)).encode(errors="surrogateescape"))
    return whole.hexdigest()
