"""Chapters: one model for every format and container that carries them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A named part of an episode.

    `start` and `end` are seconds from the beginning of the audio; `end` None means up to the next
    one. `image` is a URL or a file's name. A hidden chapter is not listed (JSON: `toc: false`).
    `extra` is what a JSON file says besides: pairs of a key and its value as JSON text, which no
    other format carries and no comparison looks at.
    """

    start: float
    title: str = ""
    end: float | None = None
    url: str = ""
    image: str = ""
    hidden: bool = False
    extra: tuple[tuple[str, str], ...] = field(default=(), compare=False, repr=False)


def in_order(chapters: tuple[Chapter, ...]) -> tuple[Chapter, ...]:
    """The chapters by their start."""
    return tuple(sorted(chapters, key=lambda c: c.start))


def with_ends(chapters: tuple[Chapter, ...], duration: float) -> tuple[Chapter, ...]:
    """Every chapter with an end: its own, else the next start, else the duration (seconds).

    What starts at or after the duration is left out; what ends after it ends with it.
    """
    ordered = [c for c in in_order(chapters) if c.start < duration]
    ends = [*(c.start for c in ordered[1:]), duration][: len(ordered)]
    return tuple(
        replace(
            c, start=max(c.start, 0.0), end=min(c.end if c.end and c.end > c.start else e, duration)
        )
        for c, e in zip(ordered, ends, strict=True)
    )


def trimmed(chapters: tuple[Chapter, ...], head: float, duration: float) -> tuple[Chapter, ...]:
    """The chapters of a sound whose first `head` seconds are cut off, and which then lasts `duration`.

    What lies in a part that is cut off is left out, and what reaches into it is shortened.
    """
    ordered = in_order(chapters)
    following = [*(c.start for c in ordered[1:]), math.inf][: len(ordered)]
    return tuple(
        replace(
            c,
            start=max(c.start - head, 0.0),
            end=None if c.end is None else min(c.end - head, duration),
        )
        for c, after in zip(ordered, following, strict=True)
        if c.start - head < duration and (after if c.end is None else c.end) > head
    )


def shifted(chapters: tuple[Chapter, ...], by: float) -> tuple[Chapter, ...]:
    """The chapters moved by `by` seconds.

    What would end before zero is left out, and what would begin before zero begins there.
    """
    if by < 0:
        return trimmed(chapters, -by, math.inf)
    return tuple(
        replace(c, start=c.start + by, end=None if c.end is None else c.end + by)
        for c in chapters
        if c.end is None or c.end + by > 0
    )


def clamped(chapters: tuple[Chapter, ...], duration: float) -> tuple[Chapter, ...]:
    """The chapters that begin before the end of a sound, none of them lasting longer than it."""
    return tuple(
        replace(c, end=None if c.end is None else min(c.end, duration))
        for c in chapters
        if c.start < duration
    )
