"""When each rendition was first published: from then on it stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING

from podkit import files
from podkit.model import address
from podkit.workspace import renditions_file

if TYPE_CHECKING:
    from datetime import datetime

    from podkit.steps.open_show import OpenShow


def note_published(show: OpenShow, now: datetime) -> None:
    """Write down, once, when each rendition that is live now was first published.

    Raises:
        FileError: a record cannot be written; the others are whole.
    """
    public = {p.name for p in (show.layout.public / address.MEDIA_FOLDER).glob("*")}
    moment = now.astimezone(UTC).replace(microsecond=0)
    for slug, renditions in show.renditions.items():
        new = {
            key: replace(r, published=moment)
            for key, r in renditions.items()
            if r.published is None and r.file in public
        }
        if new:
            with files.lock(show.layout.lock):
                files.sweep(show.layout.episode(slug))
                path = show.layout.renditions(slug)
                entries = {**renditions_file.load(path), **new}
                files.write(path, renditions_file.render(entries).encode())
