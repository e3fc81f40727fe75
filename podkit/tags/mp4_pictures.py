"""Pictures of chapters in MP4: a track of JPEGs that the others name beside the track of titles.

So iTunes' enhanced podcasts have them, and Apple's players show them. Where a chapter has none the
track's edit list shows nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import IO

from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.tags import mp4_track
from podkit.tags.mp4_boxes import Box
from podkit.tags.styles import picture_name

MIME = "image/jpeg"
"""The only kind that the track holds."""

_MAX_PICTURE, _MAX_ALL = 16 << 20, 128 << 20
_NEAR = 0.05  # seconds by which a picture and its chapter may begin apart
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def read(
    stream: IO[bytes], tracks: list[Box], scale: int, chapters: tuple[Chapter, ...]
) -> tuple[tuple[Chapter, ...], dict[str, Picture]]:
    """The chapters with the names of their pictures, and those by their names.

    Args:
        stream: the file.
        tracks: those that hold chapters' pictures.
        scale: of the movie's clock.
        chapters: as the titles' track tells them.
    """
    found: dict[str, Picture] = {}
    starts: list[tuple[float, str]] = []
    left = _MAX_ALL
    for sample in (s for track in tracks for s in mp4_track.samples(track, scale)):
        left -= sample.size
        if sample.size > _MAX_PICTURE or left < 0:
            continue
        stream.seek(sample.offset)
        content = stream.read(sample.size)
        if content.startswith(b"\xff\xd8"):
            picture = Picture(mime=MIME, content=content)
            name = picture_name(picture)
            found[name] = picture
            starts.append((sample.start, name))
    named = tuple(
        replace(c, image=next((n for s, n in starts if abs(s - c.start) < _NEAR), ""))
        for c in chapters
    )
    used = {c.image for c in named}
    return named, {name: picture for name, picture in found.items() if name in used}


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """The track of pictures, and what its samples are."""

    track: Box
    samples: bytes


def build(
    chapters: tuple[Chapter, ...],
    pictures: dict[str, Picture],
    *,
    number: int,
    scale: int,
    end: int,
) -> Strip | None:
    """The track for chapters in order; None when none of them has a picture.

    Args:
        chapters: with `image` a name in `pictures`.
        pictures: JPEGs.
        number: the track's id.
        scale: of the movie's clock.
        end: milliseconds, when the last chapter ends.
    """
    starts = [round(c.start * mp4_track.SCALE) for c in chapters]
    parts = [(s, pictures.get(c.image)) for s, c in zip(starts, chapters, strict=True)]
    if starts and starts[0]:
        parts.insert(0, (0, None))
    lengths: list[int] = []
    contents: list[bytes] = []
    edits: list[tuple[int, int]] = []
    for (start, picture), after in zip(parts, [*(s for s, _ in parts[1:]), end], strict=True):
        shown = round(after / mp4_track.SCALE * scale) - round(start / mp4_track.SCALE * scale)
        if shown <= 0:
            continue
        if picture is None and edits and edits[-1][1] < 0:
            edits[-1] = (edits[-1][0] + shown, -1)
        else:
            edits.append((shown, -1 if picture is None else sum(lengths)))
        if picture is not None:
            lengths.append(after - start)
            contents.append(picture.content)
    if not contents:
        return None
    if edits[-1][1] < 0:
        edits.pop()
    look = mp4_track.jpeg(*_size(contents[0]))
    whole = sum(length for length, _ in edits)
    has_gaps = any(begin < 0 for _, begin in edits)
    sizes = [len(content) for content in contents]
    track = mp4_track.build(look, number, whole, lengths, sizes, edits if has_gaps else None)
    return Strip(track=track, samples=b"".join(contents))


def _size(content: bytes) -> tuple[int, int]:
    """Width and height of a JPEG by its frame header (ITU-T T.81, B.2.2); 1 by 1 without one."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _FRAMES:
            return int.from_bytes(content[at + 7 : at + 9]), int.from_bytes(
                content[at + 5 : at + 7]
            )
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
    return 1, 1
