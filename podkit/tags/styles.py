"""What every container's way of tagging can do, and which way a file needs, by its own bytes."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import mutagen

from podkit import files
from podkit.errors import MediaError, NotMediaError, PodkitError
from podkit.model.chapter import Chapter, in_order, with_ends
from podkit.model.media import Picture
from podkit.model.text import clean

MAX_READ = 1000
"""More chapters than this are no table of contents but an attack: the rest is not read."""
MAX_CHAPTERS = 255
"""How many chapters are written: ID3's CTOC and MP4's chpl count them in one byte."""
MAX_TITLE = 4000
"""Bytes of a chapter's title."""
MAX_OTHER = 500
"""How many unknown tags are listed."""
MAX_TEXT = 100_000
"""How many characters of one tag are read."""
_SHOWN = 200
_OGG = (b"\x01vorbis", b"\x7fFLAC", b"Speex   ")
_NO_OGG = "no Ogg file but Opus, Vorbis, FLAC and Speex"
_MAGIC = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)


class Style(Protocol):
    """One opened file's tags. Nothing reaches the disk before `save`."""

    duration: float
    """Seconds, as the container says; 0 when it does not."""
    converts: bool
    """Whether saving alone would already change the version of the tags."""

    def fields(self) -> dict[str, str]:
        """The fields that podkit knows, as they are stored."""

    def set_field(self, name: str, value: str) -> None:
        """Store one field in place of what is there; an empty value removes it."""

    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters in order."""

    def chapter_pictures(self) -> Mapping[str, Picture]:
        """The pictures inside chapters, by the name in `Chapter.image`."""

    def kept(
        self, chapters: tuple[Chapter, ...], pictures: Mapping[str, Picture] | None = None
    ) -> tuple[Chapter, ...]:
        """What `chapters` would give once these were set and saved."""

    def set_chapters(
        self, chapters: tuple[Chapter, ...], pictures: Mapping[str, Picture] | None = None
    ) -> None:
        """Replace all chapters; `pictures` are those that they name, beside those that are there."""

    def pictures(self) -> tuple[Picture, ...]:
        """The pictures, the front cover first."""

    def kept_pictures(self, pictures: tuple[Picture, ...]) -> tuple[Picture, ...]:
        """What `pictures` would give once these were set and saved."""

    def set_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Replace all pictures; the first becomes the front cover."""

    def other(self) -> dict[str, str]:
        """By native key, what podkit does not know, shortened."""

    def clear(self) -> None:
        """Remove everything, known or not."""

    def save(self) -> None:
        """Write to the file that was opened."""


@contextlib.contextmanager
def translating(path: Path, verb: str) -> Iterator[None]:
    """Turn whatever mutagen raises into one error; the only place of this room that does.

    Damaged files made mutagen raise IndexError, ValueError, ZeroDivisionError and others beside
    its own, so every exception counts as damage but those of the disk and of podkit itself.

    Raises:
        FileError: the disk refused.
        MediaError: the tags are damaged.
    """
    try:
        with files.translating(path, verb):
            try:
                yield
            except (mutagen.MutagenError, OSError) as error:
                cause = _of_the_disk(error)
                if cause is None:
                    raise
                if cause.errno is None:  # mutagen's way to say so
                    raise EOFError("it ends too soon") from error
                raise cause from error
    except PodkitError:
        raise
    except Exception as error:
        reason = clean(str(error)).strip()[:_SHOWN] or type(error).__name__
        raise MediaError(
            f"cannot {verb}: its tags or its headers are damaged ({reason})",
            where=path,
            hint="`podkit transcode -p copy` makes a new file of its sound, with new tags",
        ) from error


def _of_the_disk(error: Exception) -> OSError | None:
    for cause in (error, error.__cause__, *error.args[:1]):
        if isinstance(cause, OSError):
            return cause
    return None


def stored(value: object) -> str:
    """A stored text as podkit hands it on: legal, normalised, of bounded length."""
    return clean(str(value)[:MAX_TEXT]).strip()


def mime_of(content: bytes, told: str) -> str:
    """A picture's type by its first bytes, else as the container says."""
    for magic, mime in _MAGIC:
        if content.startswith(magic):
            return mime
    return stored(told)


def shown(value: object) -> str:
    """An unknown tag's value in a few words; bytes by their number only."""
    if isinstance(value, bytes | bytearray):
        return f"({len(value)} bytes)"
    text = clean(str(value)[: 4 * _SHOWN])
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def plain(
    chapters: tuple[Chapter, ...], *, url: bool = False, image: bool = False, hidden: bool = False
) -> tuple[Chapter, ...]:
    """The chapters in order, to the millisecond, with only what the container can carry."""
    return tuple(
        Chapter(
            start=round(max(c.start, 0.0) * 1000) / 1000,
            title=stored(cut(c.title).decode()),
            url=c.url if url else "",
            image=c.image if image else "",
            hidden=c.hidden and hidden,
        )
        for c in in_order(chapters)
        if hidden or not c.hidden
    )


def closed(
    chapters: tuple[Chapter, ...],
    duration: float,
    *,
    url: bool = False,
    image: bool = False,
    hidden: bool = False,
) -> tuple[Chapter, ...]:
    """As `plain`, with an end of each: its own, else the next one's start, the last one's the file's."""
    if not chapters:
        return ()
    ordered = tuple(c for c in in_order(chapters) if hidden or not c.hidden)
    last = max(duration, *(c.start + 0.001 for c in chapters))
    return tuple(
        replace(
            chapter,
            end=max(round((whole.end or 0) * 1000), round(chapter.start * 1000) + 1) / 1000,
        )
        for chapter, whole in zip(
            plain(ordered, url=url, image=image, hidden=hidden),
            with_ends(ordered, last),
            strict=True,
        )
    )


def picture_name(picture: Picture) -> str:
    """What a chapter in a file calls the picture inside it: the same for the same bytes."""
    extension = {"image/jpeg": "jpg", "image/png": "png"}.get(picture.mime, "bin")
    return f"picture-{hashlib.sha256(picture.content).hexdigest()[:16]}.{extension}"


def cut(title: str, limit: int = MAX_TITLE) -> bytes:
    """UTF-8 of at most `limit` bytes that ends with a whole letter."""
    return title.encode()[:limit].decode(errors="ignore").encode()


def listed(found: Mapping[str, object]) -> dict[str, str]:
    """Unknown tags for `Tags.other`: sorted, shortened, at most `MAX_OTHER`."""
    names = sorted(found)[:MAX_OTHER]
    return {clean(name)[:_SHOWN]: shown(found[name]) for name in names}


def kind_of(path: Path) -> str:
    """How the file is tagged, by its first bytes.

    It is `id3`, `wave`, `aiff`, `mp4`, `flac`, `opus`, `matroska`, or `vorbis` (any other Ogg with
    such comments).

    Raises:
        FileError: it cannot be read, or is no regular file.
        NotMediaError: it is nothing that podkit knows.
        MediaError: podkit does not write tags into such a file.
    """
    with files.open_regular(path) as stream, files.translating(path, "read"):
        head = stream.read(4096)
        after = _behind_id3(head)
        if after:
            stream.seek(after)
            behind = stream.read(4)
        else:
            behind = head[:4]
    if behind == b"fLaC":
        return "flac"
    if after or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in {0xE2, 0xE4, 0xE6}):
        return "id3"
    kind = _by_magic(head)
    if kind in {"", "empty"}:
        raise NotMediaError(
            "it is empty" if kind else "it is not a sound or video file that podkit knows",
            where=path,
        )
    if kind.startswith("no "):
        raise MediaError(
            f"podkit does not edit the tags of {kind[3:]}",
            where=path,
            hint="`podkit probe` shows them",
        )
    return kind


def _behind_id3(head: bytes) -> int:
    """Where an ID3v2 tag at the beginning ends (id3.org, ID3v2.4 structure, section 3.1)."""
    if len(head) < 10 or not head.startswith(b"ID3"):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte & 0x7F
    return size + (20 if head[5] & 0x10 else 10)


def _by_magic(head: bytes) -> str:
    if head.startswith(b"OggS"):
        if b"OpusHead" in head[:64]:
            return "opus"
        return "vorbis" if any(magic in head[:64] for magic in _OGG) else _NO_OGG
    for kind, matches in (
        ("empty", not head),
        ("wave", head[:4] == b"RIFF" and head[8:12] == b"WAVE"),
        ("no RIFF file but plain WAV", head[:4] in {b"RIFF", b"RF64"}),
        ("aiff", head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}),
        ("mp4", head[4:8] in {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"}),
        ("matroska", head.startswith(b"\x1aE\xdf\xa3")),
        ("no raw AAC stream", head[:1] == b"\xff" and head[1:2] and head[1] & 0xF6 == 0xF0),
    ):
        if matches:
            return kind
    return ""
