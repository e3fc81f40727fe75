"""What a rule may see of a feed that is about to take the place of the one that the world reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from podkit.model.comparison import Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A file that the feed names under `url`, why the target cannot serve it, and what to type.

    `harmless` where the target can, and only this machine's own copy is wrong.
    """

    url: str
    why: str
    hint: str = ""
    harmless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A built feed, all its sheets, beside the live one; what nobody has looked at is None.

    Args:
        live: where the live feed is, as it is shown; empty when nothing is live yet.
        comparison: what changes for listeners; None when there is no live feed that can be read.
        unreadable: why it cannot be read.
        aged: GUIDs of episodes that only grew too old for the feed's limit.
        removal: whether a person allowed that episodes vanish.
        held: why an episode that has a record is left out, by GUID.
        answers: whether the old address of changed audio still answers, by that address.
        lacks: files that the feed names and the target will not hold.
        faults: why the built feed may not take the place of the live one.
        other_bytes: whether the two differ in bytes where they say the same.
    """

    live: str
    comparison: Comparison | None = None
    unreadable: str = ""
    aged: frozenset[str] = frozenset()
    removal: bool = False
    held: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, bool] | None = None
    lacks: tuple[Lack, ...] | None = None
    faults: tuple[str, ...] | None = None
    other_bytes: bool = False
