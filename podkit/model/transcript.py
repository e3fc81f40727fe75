"""Transcripts: timed text with speakers, one model for every format."""

from __future__ import annotations

from dataclasses import dataclass


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
