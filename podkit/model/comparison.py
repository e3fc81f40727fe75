"""Two feeds compared by GUID: what listeners will notice; pure, so that guards can ask it too."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from podkit.model.assumed import with_guids

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.model.feedspec import FeedSpec, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An episode that only one of the feeds has."""

    guid: str
    title: str
    published: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A field of an episode that both have; of the show, when `guid` is empty."""

    guid: str
    field: str
    live: str
    built: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidChange:
    """What seems to be one episode under two GUIDs: apps would download it once more."""

    live: str
    built: str
    title: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What differs; everything in the order of the feed that has it.

    `rewritten` are the GUIDs of episodes with another description or other notes, an empty one for
    the show's description; `same` is whether both say the same in everything but when they were
    built.
    """

    added: tuple[Listed, ...] = ()
    removed: tuple[Listed, ...] = ()
    changed: tuple[Changed, ...] = ()
    guid_changes: tuple[GuidChange, ...] = ()
    rewritten: tuple[str, ...] = ()
    same: bool = False

    @property
    def harms(self) -> bool:
        """Whether listeners lose an episode or get one twice."""
        return bool(self.removed or self.guid_changes)


def compare(live: FeedSpec, built: FeedSpec) -> Comparison:
    """What changes for listeners when `built` takes the place of `live`.

    A live item without a GUID has the one that apps take in its place.
    """
    known = with_guids(live).items
    now_live = {item.guid: item for item in reversed(known)}
    then = {item.guid: item for item in reversed(built.items) if item.guid}
    gone = [i for guid, i in reversed(now_live.items()) if guid not in then]
    new = [i for guid, i in reversed(then.items()) if guid not in now_live]
    moved = _pairs(gone, new)
    paired = {change.live for change in moved}, {change.built for change in moved}
    changed = [*_show_changes(live, built)]
    rewritten = [""] if live.description != built.description else []
    for guid, item in reversed(then.items()):
        if guid in now_live:
            changed += _item_changes(now_live[guid], item)
            rewritten += [guid] if _prose(now_live[guid]) != _prose(item) else []
    return Comparison(
        added=tuple(_listed(i) for i in new if i.guid not in paired[1]),
        removed=tuple(_listed(i) for i in gone if i.guid not in paired[0]),
        changed=tuple(changed),
        guid_changes=tuple(moved),
        rewritten=tuple(rewritten),
        same=replace(live, built=None) == replace(built, built=None),
    )


def _listed(item: Item) -> Listed:
    return Listed(guid=item.guid, title=item.title, published=item.published)


def _pairs(gone: Sequence[Item], new: Sequence[Item]) -> list[GuidChange]:
    """Gone and new items that are the same episode: by their sound, else by title and date."""
    found: list[GuidChange] = []
    left = list(new)
    for item in gone:
        for reason, same in (("the same audio", _same_audio), ("the same title", _same_title)):
            other = next((one for one in left if same(item, one)), None)
            if other is not None:
                left.remove(other)
                found.append(
                    GuidChange(live=item.guid, built=other.guid, title=other.title, reason=reason)
                )
                break
    return found


def _same_audio(one: Item, other: Item) -> bool:
    a, b = one.enclosure, other.enclosure
    if a is None or b is None:
        return False
    # Many shows are cut to one length: that alone tells nothing.
    alike = a.length > 1 and (a.length, a.type) == (b.length, b.type)
    return a.url == b.url or (alike and one.published == other.published)


def _same_title(one: Item, other: Item) -> bool:
    return bool(one.title.strip()) and one.title.casefold() == other.title.casefold()


def _show_changes(live: FeedSpec, built: FeedSpec) -> list[Changed]:
    fields = ("title", "guid", "link", "self_url", "language", "image", "new_feed_url")
    return _differing("", "", {f: (getattr(live, f), getattr(built, f)) for f in fields})


def _item_changes(live: Item, built: Item) -> list[Changed]:
    old, new = live.enclosure, built.enclosure
    values: dict[str, tuple[object, object]] = {
        "title": (live.title, built.title),
        "published": (_moment(live.published), _moment(built.published)),
        "enclosure.url": (old and old.url, new and new.url),
        "enclosure.length": (old and old.length, new and new.length),
        "enclosure.type": (old and old.type, new and new.type),
        "duration": (_whole(live.duration), _whole(built.duration)),
        "link": (live.link, built.link),
        "guid_permalink": (live.guid_permalink, built.guid_permalink),
    }
    return _differing(built.guid, built.title, values)


def _prose(item: Item) -> tuple[str, ...]:
    return item.description, item.content, item.summary


def _differing(guid: str, title: str, values: dict[str, tuple[object, object]]) -> list[Changed]:
    return [
        Changed(guid=guid, field=name, live=_shown(old), built=_shown(new), title=title)
        for name, (old, new) in values.items()
        if old != new
    ]


def _shown(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _moment(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(UTC).isoformat()


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds + 0.5)
