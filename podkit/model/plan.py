"""What a run is going to do, as a value that a dry run prints and a real run executes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from podkit.errors import PodkitError


class Action(StrEnum):
    """What happens to one file of a target."""

    PUT = "put"
    KEEP = "keep"
    DELETE = "delete"


class Stage(StrEnum):
    """The order of publishing: what a feed names is there before the feed."""

    MEDIA = "media"
    COMPANIONS = "companions"
    PAGES = "pages"
    FEEDS = "feeds"
    PRUNE = "prune"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One file of a publishing plan; `path` is relative to the target, `bytes` its size."""

    action: Action
    path: str
    bytes: int | None
    sha256: str
    stage: Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that a command is about to do, in words."""

    action: str
    subject: str
    detail: str = ""


def _name(path: object) -> str:
    return str(path).rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedFile:
    """One of several files that failed, and why; the others went on."""

    path: str
    error: str
    hint: str = ""
    exit_code: int = 1

    @classmethod
    def of(cls, path: object, error: PodkitError) -> FailedFile:
        """The failure of a path, as the error tells it, which may be about a file beside it."""
        other = error.where is not None and _name(error.where) != _name(path)
        message = f"{error.where}: {error.message}" if other else error.message
        return cls(path=str(path), error=message, hint=error.hint, exit_code=error.exit_code)
