"""What became of each rendition that was asked for: the report of a transcoding run."""

from __future__ import annotations

from dataclasses import dataclass

from podkit.model.loudness import Loudness
from podkit.model.plan import Change
from podkit.steps.stale import Failed, Skipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A rendition that was made; `seconds` of wall time, `notes` for who wants to know more.

    `warnings` say what of the tags, chapters and pictures its container cannot hold.
    """

    source: str
    episode: str
    preset: str
    output: str
    bytes: int
    duration: float
    mime: str
    sha256: str
    loudness: Loudness | None
    seconds: float
    commands: tuple[str, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscodeReport:
    """What became of each rendition that was asked for."""

    done: tuple[Done, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    failed: tuple[Failed, ...] = ()
    plan: tuple[Change, ...] = ()
