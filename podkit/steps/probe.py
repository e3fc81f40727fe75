"""Looking into any media file, and measuring it when asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podkit.errors import Cancelled, PodkitError
from podkit.media import loudness as media_loudness
from podkit.media import probe as media_probe
from podkit.media import tools
from podkit.model.plan import FailedFile
from podkit.model.progress import QUIET, Progress
from podkit.steps.seen_chapters import with_tagged_chapters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from podkit.model.media import MediaInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeReport:
    """What is in each file, in the order of the question."""

    files: tuple[MediaInfo, ...] = ()
    failed: tuple[FailedFile, ...] = ()


def probe(
    paths: Sequence[Path], *, loudness: bool = False, progress: Progress = QUIET
) -> ProbeReport:
    """Probe every path; what fails is reported beside what does not.

    Args:
        paths: files, whatever their names say.
        loudness: measure integrated loudness, true peak and range, which decodes each whole file.
        progress: told of measurements.
    """
    found: list[MediaInfo] = []
    failed: list[FailedFile] = []
    for path, answer in zip(paths, media_probe.probe_many(paths), strict=True):
        try:
            if isinstance(answer, PodkitError):
                raise answer
            seen = with_tagged_chapters(answer, path)
            found.append(_measured(path, seen, progress) if loudness else seen)
        except Cancelled:
            raise
        except PodkitError as error:
            failed.append(FailedFile.of(path, error))
    return ProbeReport(files=tuple(found), failed=tuple(failed))


def _measured(path: Path, media: MediaInfo, progress: Progress) -> MediaInfo:
    if not media.audio:
        return media
    job = str(path)
    progress.start(job, total=media.duration)
    measured = media_loudness.measure(tools.find_ffmpeg(), path)
    progress.finish(job, note="measured")
    return replace(media, loudness=measured)
