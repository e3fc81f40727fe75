"""Transcripts: timed text with speakers, one model for every format."""

from __future__ import annotations

from dataclasses import dataclass, replace


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


def trimmed(cues: tuple[Cue, ...], head: float, duration: float) -> tuple[Cue, ...]:
    """The cues of a sound whose first `head` seconds are cut off, and which then lasts `duration`."""
    return tuple(
        replace(cue, start=max(cue.start - head, 0.0), end=min(cue.end - head, duration))
        for cue in cues
        if cue.start - head < duration and cue.end > head
    )
