"""What can be stored at all, in whatever container; asked before a file is touched."""

from __future__ import annotations

from dataclasses import replace

from podkit.errors import UsageError
from podkit.model.tags import Tags
from podkit.tags.fields import normal
from podkit.tags.styles import MAX_CHAPTERS

ID3_VERSIONS = ("2.3", "2.4")
PICTURES = frozenset(["image/jpeg", "image/png"])
"""Types of pictures that every container with pictures holds."""


def checked(tags: Tags) -> Tags:
    """The tags as they will be stored.

    Raises:
        UsageError: an unknown field, a value or a picture that cannot be stored.
    """
    if len(tags.chapters) > MAX_CHAPTERS:
        raise UsageError(
            f"{len(tags.chapters)} chapters are too many",
            hint=f"podkit writes up to {MAX_CHAPTERS}",
        )
    for picture in tags.artwork:
        if picture.mime not in PICTURES:
            raise UsageError(
                f"a picture of type {picture.mime or 'unknown'} cannot be stored",
                hint="give a JPEG or a PNG file",
            )
    return replace(tags, fields={name: normal(name, v) for name, v in tags.fields.items()})


def check_version(id3: str | None) -> None:
    """Refuse what is no version of ID3 to write.

    Raises:
        UsageError: it is none.
    """
    if id3 is not None and id3 not in ID3_VERSIONS:
        raise UsageError(
            f"there is no ID3 version {id3!r} to write", hint=f"known: {', '.join(ID3_VERSIONS)}"
        )
