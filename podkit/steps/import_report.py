"""What `podkit import` is asked and what it answers: for each field what was kept, changed, lost, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from podkit.model.plan import Change

SHOW = ""
"""The place of a fate that is the show's own."""


class Fate(StrEnum):
    """What became of a field."""

    KEPT = "kept"
    CHANGED = "changed"
    LOST = "lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """What `podkit import` was asked: `feed` is a URL or a path as typed.

    `hosts` are names of private hosts that may be asked; `jobs` how many downloads run at once.
    """

    feed: str
    folder: Path | None = None
    here: Path = Path()
    media: bool = True
    hosts: tuple[str, ...] = ()
    jobs: int = 3
    allow_damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldFate:
    """One field of the show (`episode` is empty) or of an episode, and what became of it."""

    episode: str
    field: str
    fate: Fate
    why: str = ""


@dataclass(slots=True, kw_only=True)
class Fates:
    """Collects what became of the fields of one place."""

    episode: str = ""
    found: list[FieldFate] = field(default_factory=list)
    _kept: dict[str, FieldFate] = field(default_factory=dict)
    _worse: set[str] = field(default_factory=set)

    def note(self, name: str, fate: Fate = Fate.KEPT, why: str = "") -> None:
        """Remember what became of a field; what is worse than kept stands in the place of that."""
        one = FieldFate(episode=self.episode, field=name, fate=fate, why=why)
        if fate is Fate.KEPT:
            if name in self._worse:
                return
            self._kept[name] = one
        else:
            self._worse.add(name)
            if (before := self._kept.pop(name, None)) is not None:
                self.found.remove(before)
        self.found.append(one)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCount:
    """How often a field was kept, changed and lost; `place` is `show` or `episode`."""

    place: str
    field: str
    kept: int
    changed: int
    lost: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """An episode that is there now; `media` is `fetched`, `referenced` or `none`."""

    slug: str
    guid: str
    title: str
    published: datetime | None
    url: str
    media: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlreadyThere:
    """An item whose GUID an episode of the show has; it was left as it is."""

    guid: str
    title: str
    episode: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedItem:
    """An item that could not be taken; the others went on."""

    subject: str
    error: str
    hint: str = ""
    exit_code: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a feed: `fields` in sum, `details` each that was changed or lost."""

    feed: str
    folder: str
    title: str
    guid: str
    created: bool
    added: tuple[Imported, ...] = ()
    skipped: tuple[AlreadyThere, ...] = ()
    failed: tuple[FailedItem, ...] = ()
    fields: tuple[FieldCount, ...] = ()
    details: tuple[FieldFate, ...] = ()
    warnings: tuple[str, ...] = ()
    plan: tuple[Change, ...] = ()


def counted(fates: Iterable[FieldFate]) -> tuple[FieldCount, ...]:
    """The fates in sum, the show's fields first, in the order in which they came."""
    groups: dict[tuple[str, str], list[FieldFate]] = {}
    for one in fates:
        place = "episode" if one.episode else "show"
        groups.setdefault((place, one.field), []).append(one)
    ordered = sorted(groups.items(), key=lambda group: group[0][0] != "show")
    return tuple(
        FieldCount(
            place=place,
            field=field,
            kept=_number(found, Fate.KEPT),
            changed=_number(found, Fate.CHANGED),
            lost=_number(found, Fate.LOST),
            why=tuple(dict.fromkeys(one.why for one in found if one.why)),
        )
        for (place, field), found in ordered
    )


def _number(fates: list[FieldFate], fate: Fate) -> int:
    return sum(one.fate is fate for one in fates)
