"""A rendition: an encoded file made from a master, and the fingerprint that says what it was made of."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from podkit.model.loudness import Loudness

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the files that a rendition consists of: its name in public/media/, size, SHA-256."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """One encoded file, as renditions.toml records it.

    `file` is its name in public/media/; what it names in turn, as a playlist does, are `parts`;
    `duration` in seconds as decoded, `trimmed` those of silence that were cut off at the head;
    `fingerprint` of all that it was made of, `sound` of master and preset alone; `tool` made it and
    never makes it stale.
    """

    preset: str
    master: str
    file: str
    bytes: int
    sha256: str
    mime: str
    duration: float
    trimmed: float = 0.0
    loudness: Loudness | None = None
    bit_rate: int | None = None
    height: int | None = None
    fingerprint: str = ""
    sound: str = ""
    tool: str = ""
    parts: tuple[Part, ...] = ()
    published: datetime | None = None
    """When it was first published; from then on it is left alone."""


def files_of(rendition: Rendition) -> tuple[Part, ...]:
    """All files of a rendition, in the order in which they are put out: what names others last."""
    whole = Part(file=rendition.file, bytes=rendition.bytes, sha256=rendition.sha256)
    return (*rendition.parts, whole)


def fingerprint(parts: Mapping[str, object]) -> str:
    """A hash over canonical JSON, the same on every machine."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def title_of(rendition: Rendition) -> str:
    """What a listener may call the file: "Video 720p", "Video (HLS)", "Audio (M4A)"."""
    if rendition.parts:
        return "Video (HLS)"
    if rendition.height:
        return f"Video {rendition.height}p"
    kind = "Video" if rendition.mime.startswith("video/") else "Audio"
    return f"{kind} ({rendition.file.rsplit('.', 1)[-1].upper()})"
