"""Transcripts: timed text with speakers, one model for every format."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

LONGEST: Final = 5.0
"""Seconds for which a cue is shown that does not say when it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What one speaker says from `start` to `end`, in seconds; `speaker` may be empty."""

    start: float
    end: float
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The cues in order, and the language (BCP 47) when it is known."""

    cues: tuple[Cue, ...] = ()
    language: str = ""

    @property
    def timed(self) -> bool:
        """Whether it says when something is said; plain text has every cue at zero."""
        return any(cue.end > 0 for cue in self.cues)


def shifted(cues: tuple[Cue, ...], by: float) -> tuple[Cue, ...]:
    """The cues moved by `by` seconds; what would end before zero is left out."""
    if not by:
        return cues
    return tuple(
        replace(cue, start=max(cue.start + by, 0.0), end=cue.end + by)
        for cue in cues
        if cue.end + by > 0
    )


def ended(cues: tuple[Cue, ...]) -> tuple[Cue, ...]:
    """The cues, those without a length ending where the next one begins, after 5 seconds at most.

    A cue that ends when it begins, or before, is shown by no player.
    """
    if not any(cue.end > 0 for cue in cues):
        return cues  # plain text has no times
    found: list[Cue] = []
    after = later = math.inf
    for cue in reversed(cues):
        if cue.start != after:
            after, later = cue.start, after
        end = cue.end
        if end <= cue.start:
            end = min(cue.start + LONGEST, later if later > cue.start else math.inf)
        found.append(replace(cue, end=end))
    return tuple(reversed(found))


def named(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    """The transcript with speakers by their names, where it has the ids of a register.

    Args:
        transcript: whose speakers may be ids.
        names: of people, by id.
    """
    cues = tuple(replace(c, speaker=names.get(c.speaker, c.speaker)) for c in transcript.cues)
    return replace(transcript, cues=cues)


def trimmed(cues: tuple[Cue, ...], head: float, duration: float) -> tuple[Cue, ...]:
    """The cues of a sound whose first `head` seconds are cut off, and which then lasts `duration`."""
    return tuple(
        replace(cue, start=max(cue.start - head, 0.0), end=min(cue.end - head, duration))
        for cue in cues
        if cue.start - head < duration and cue.end > head
    )
