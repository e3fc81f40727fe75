"""Reading every master and rendition again, and comparing each with its recorded hash."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import PodkitError
from podkit.model.progress import QUIET, Progress
from podkit.model.rendition import files_of
from podkit.steps.produce import default_jobs, run_all
from podkit.steps.stale import find_media

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyFailed:
    """A file that is not what its record says."""

    path: str
    error: str
    episode: str
    hint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """How many files and bytes were read, what differs, and which files are not on this machine."""

    checked: int = 0
    bytes: int = 0
    failed: tuple[VerifyFailed, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    episode: str
    path: Path
    shown: str
    sha256: str
    bytes: int


def verify(
    show: OpenShow,
    episodes: Sequence[Episode],
    *,
    jobs: int | None = None,
    progress: Progress = QUIET,
) -> VerifyReport:
    """Read every recorded file of the episodes whole.

    A file that is not here at all is listed under `missing`: a clone without masters is no fault.

    Args:
        show: the open show.
        episodes: whose masters and renditions are read.
        jobs: how many files at once; None takes every core.
        progress: told of each file.
    """
    recorded = [one for episode in episodes for one in _recorded(show, episode)]
    here: list[_Recorded] = []
    missing: list[str] = []
    for one in recorded:
        if one.path.is_file():
            here.append(one)
        else:
            missing.append(one.shown)

    def work(one: _Recorded) -> VerifyFailed | None:
        progress.start(one.shown)
        fault = _fault(one)
        progress.finish(one.shown, note=fault or "as recorded")
        if not fault:
            return None
        hint = "restore it from a backup, or make it anew"
        return VerifyFailed(path=one.shown, error=fault, episode=one.episode, hint=hint)

    results = run_all(work, here, jobs=jobs or default_jobs())
    return VerifyReport(
        checked=len(here),
        bytes=sum(one.bytes for one in here),
        failed=tuple(result for result in results if result is not None),
        missing=tuple(missing),
    )


def _fault(one: _Recorded) -> str:
    try:
        found = files.sha256(one.path)
    except PodkitError as error:
        return error.message
    if found != one.sha256:
        return f"its bytes have changed: SHA-256 {found[:12]}…, recorded {one.sha256[:12]}…"
    return ""


def _recorded(show: OpenShow, episode: Episode) -> Iterator[_Recorded]:
    folder = show.layout.episode(episode.slug)
    for master in episode.masters.values():
        path = folder / master.file
        yield _Recorded(
            episode=episode.slug,
            path=path,
            shown=show.layout.shown(path),
            sha256=master.sha256,
            bytes=master.bytes,
        )
    made = show.renditions.get(episode.slug, {}).values()
    for one in (one for rendition in made for one in files_of(rendition)):
        stored = show.layout.media / one.file
        path = find_media(show, one) or stored
        yield _Recorded(
            episode=episode.slug,
            path=path,
            shown=show.layout.shown(path),
            sha256=one.sha256,
            bytes=one.bytes,
        )
