"""A rendition that is there, with new tags: its sound is copied, never encoded again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podkit import copying, files
from podkit.errors import FileError
from podkit.steps import imprint
from podkit.steps.produce import Produced
from podkit.steps.stale import find_media

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.steps.imprint import Imprinter
    from podkit.steps.open_show import OpenShow
    from podkit.steps.stale import Job


def retag(show: OpenShow, job: Job, staged: Path, imprinter: Imprinter) -> Produced | None:
    """The recorded file with new tags, when its sound is still the right one; else None."""
    there = job.there
    path = find_media(show, there) if there else None
    if there is None or path is None or copying.copy(path, staged) != there.sha256:
        staged.unlink(missing_ok=True)
        return None
    tags = imprinter.tags(job.intent)
    if job.wanted.preset.trim_silence:
        tags = imprint.retimed(tags, there.trimmed, there.duration)
    return Produced(
        warnings=imprint.put(staged, tags),
        path=staged,
        sha256=files.sha256(staged),
        bytes=staged.stat().st_size,
        duration=there.duration,
        height=there.height,
        loudness=there.loudness,
        seconds=0.0,
        commands=(),
        trimmed=there.trimmed,
    )


def cannot(show: OpenShow, job: Job) -> FileError:
    """Why new tags alone are not enough, when nothing else was asked for."""
    name = job.there.file if job.there else ""
    stored = show.layout.media / name
    altered = name and stored.is_file()
    return FileError(
        "another program changed its file, so its sound is not known to be the published one"
        if altered
        else "its file is not on this machine",
        where=show.layout.shown(stored),
        hint="without --tags-only it is encoded anew: "
        f"podkit transcode {job.episode.slug} --refresh",
    )
