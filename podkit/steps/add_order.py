"""What `podkit add` is asked, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from podkit.model.plan import Change, FailedFile


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOrder:
    """What `podkit add` was asked; texts as typed, paths as given."""

    sources: tuple[Path, ...]
    title: str = ""
    slug: str = ""
    published: str = ""
    draft: bool = False
    number: float | None = None
    season: int | None = None
    type: str = ""
    summary: str = ""
    notes: Path | None = None
    chapters: Path | None = None
    transcripts: tuple[str, ...] = ()
    image: Path | None = None
    people: tuple[str, ...] = ()
    explicit: bool | None = None
    move: bool = False
    hardlink: bool = False
    again: bool = False
    allow_damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MasterRecord:
    """The master as it lies in the episode's folder."""

    file: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """An episode that is there now; `taken` names the keys taken from the file."""

    slug: str
    guid: str
    title: str
    path: str
    published: datetime | None
    duration: float
    master: MasterRecord
    taken: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A source that is in the show already."""

    path: str
    reason: str
    episode: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddReport:
    """What became of each source."""

    added: tuple[Added, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    plan: tuple[Change, ...] = ()
