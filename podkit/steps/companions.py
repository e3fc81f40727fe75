"""The files beside the feed: chapters as JSON, transcripts, artwork in the sizes that are asked for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.artwork.read import inspect
from podkit.artwork.resize import square
from podkit.errors import FileError, FormatError
from podkit.formats import chapters as chapter_formats
from podkit.formats import transcripts as transcript_formats
from podkit.model import address
from podkit.model.chapter import Chapter, clamped, shifted, trimmed
from podkit.model.transcript import Transcript
from podkit.model.transcript import trimmed as trimmed_cues
from podkit.pages.prose import sanitize
from podkit.steps.attachments import PICTURE_LIMIT, read_bytes, read_text
from podkit.steps.compose import CHAPTERS_NAME, ReadyTranscript

if TYPE_CHECKING:
    from podkit.model.episode import Episode, Master, TranscriptFile
    from podkit.model.rendition import Rendition
    from podkit.workspace.layout import Layout

FEED_SIDE = 3000
FEED_BYTES = 512_000
THUMBNAIL_SIDE = 600
THUMBNAIL_BYTES = 100_000
SMALLEST_SIDE = 1400
"""Apple: feed artwork is square, 1400 to 3000 pixels; PRX advises at most 512 kB."""

TIMED = frozenset(["vtt", "srt", "json"])
MIME = {"vtt": "text/vtt", "html": "text/html", "txt": "text/plain"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Companions:
    """What lies beside an episode's page; `files` are names and contents in public/<slug>/."""

    chapters: tuple[Chapter, ...] = ()
    transcripts: tuple[ReadyTranscript, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)


def companions(
    layout: Layout, episode: Episode, *, language: str, heard: Rendition | None = None
) -> Companions:
    """An episode's chapters and transcripts, ready to be published.

    Args:
        layout: where the episode lies.
        episode: its main master's chapters and transcripts count.
        language: of transcripts that name none.
        heard: the file that they go with; what was cut off at its head moves their times.

    Raises:
        FormatError: a file does not parse.
        FileError: a file that the record names is not there.
    """
    master = main_master(episode)
    if master is None:
        return Companions()
    heard = heard if heard is not None and heard.trimmed else None
    chapters = chapters_of(layout, episode, master)
    if heard is not None:
        chapters = trimmed(chapters, heard.trimmed, heard.duration)
    elif episode.duration:
        chapters = clamped(chapters, episode.duration)
    out: dict[str, bytes] = {}
    if chapters:
        out[CHAPTERS_NAME] = chapter_formats.format(chapters, "json").encode()
    ready = []
    for transcript in master.transcripts:
        one, content = _transcript(layout, episode, transcript, language, heard)
        if one.name in out:
            raise FormatError(
                f"two transcripts would be published as {one.name}",
                where=layout.record(episode.slug),
                hint="give each its language",
            )
        out[one.name] = content
        ready.append(one)
    return Companions(chapters=chapters, transcripts=tuple(ready), files=out)


def main_master(episode: Episode) -> Master | None:
    """The master whose times count: the main one, else the first."""
    if "main" in episode.masters:
        return episode.masters["main"]
    return next(iter(episode.masters.values()), None)


def beside(layout: Layout, episode: Episode, name: str) -> Path:
    """A file in the episode's folder; links that lead out of it are not followed.

    Raises:
        FileError: it is not there, or lies elsewhere.
    """
    folder = layout.episode(episode.slug)
    path = folder / name
    if not files.inside(folder, path):
        raise FileError("it lies outside the episode's folder", where=path)
    if not path.is_file():
        raise FileError(
            f"the record names {name}, which is not there",
            where=folder,
            hint="put it back, or take the name out of episode.toml",
        )
    return path


def chapters_of(layout: Layout, episode: Episode, master: Master) -> tuple[Chapter, ...]:
    """The chapters in a master's own time: its own, else the main master's, moved by the offset."""
    main = main_master(episode)
    name = master.chapters or (main.chapters if main else "")
    if not name:
        return ()
    path = beside(layout, episode, name)
    text = read_text(path)
    try:
        chapters = chapter_formats.parse(text, chapter_formats.detect(name, text))
    except FormatError as error:
        raise FormatError(error.message, where=path, hint=error.hint) from error
    return chapters if master.chapters else shifted(chapters, master.offset)


def _transcript(
    layout: Layout,
    episode: Episode,
    transcript: TranscriptFile,
    language: str,
    heard: Rendition | None,
) -> tuple[ReadyTranscript, bytes]:
    path = beside(layout, episode, transcript.file)
    text = read_text(path)
    try:
        kind = transcript_formats.detect(path.name, text)
        parsed: Transcript = transcript_formats.parse(text, kind)
    except FormatError as error:
        raise FormatError(error.message, where=path, hint=error.hint) from error
    if heard is not None:
        cues = trimmed_cues(parsed.cues, heard.trimmed, heard.duration)
        parsed = replace(parsed, cues=cues)
    middle = f".{transcript.language}" if transcript.language else ""
    suffix = path.suffix.lower().lstrip(".")
    if suffix in TIMED:
        suffix, content = "vtt", transcript_formats.format(parsed, "vtt")
    else:
        content = sanitize(text) if suffix == "html" else text
    ready = ReadyTranscript(
        name=f"transcript{middle}.{suffix}",
        mime=MIME.get(suffix, "text/plain"),
        language=transcript.language or language,
        cues=parsed.cues if suffix == "vtt" else (),
    )
    return ready, content.encode()


def feed_artwork(layout: Layout, content: bytes) -> tuple[str, bytes]:
    """Extension and bytes of artwork as platforms take it; fit originals stay byte for byte.

    Raises:
        MediaError: it is no picture that could become artwork.
    """
    seen = inspect(content)
    fits = (
        seen.width == seen.height
        and SMALLEST_SIDE <= seen.width <= FEED_SIDE
        and seen.mode == "RGB"
        and not seen.alpha
        and not seen.private
        and seen.bytes <= FEED_BYTES
    )
    if fits:
        return ("png" if seen.mime == "image/png" else "jpg"), content
    return "jpg", _resized(layout, content, FEED_SIDE, FEED_BYTES)


def thumbnail(layout: Layout, content: bytes) -> bytes:
    """A small square JPEG, for tags and pages."""
    return _resized(layout, content, THUMBNAIL_SIDE, THUMBNAIL_BYTES)


def _resized(layout: Layout, content: bytes, side: int, max_bytes: int) -> bytes:
    digest = hashlib.sha256(content).hexdigest()
    kept = layout.cache / "artwork" / f"{digest}-{side}.jpg"
    if kept.is_file():
        found = read_bytes(kept, PICTURE_LIMIT)
        if found.startswith(b"\xff\xd8") and found.endswith(b"\xff\xd9"):
            return found
    made = square(content, side, max_bytes=max_bytes)
    with files.translating(kept, "write"):
        kept.parent.mkdir(parents=True, exist_ok=True)
    files.write(kept, made)
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Artworks:
    """Pictures for public/assets/, by name; `of` maps a slug ("" for the show) to feed and thumbnail names."""

    files: dict[str, bytes] = field(default_factory=dict)
    of: dict[str, tuple[str, str]] = field(default_factory=dict)

    def put(self, layout: Layout, slug: str, content: bytes) -> None:
        """Keep a picture in both sizes."""
        extension, feed_picture = feed_artwork(layout, content)
        small = thumbnail(layout, content)
        stem = slug or "cover"
        names = []
        for label, picture, ending in (
            (stem, feed_picture, extension),
            (f"{stem}-small", small, "jpg"),
        ):
            name = address.asset_name(label, hashlib.sha256(picture).hexdigest(), ending)
            self.files[name] = picture
            names.append(name)
        self.of[slug] = (names[0], names[1])

    def feed_name(self, slug: str) -> str:
        """The name of the picture for the feed; empty when there is none."""
        return self.of.get(slug, ("", ""))[0]

    def small_name(self, slug: str) -> str:
        """The name of the small picture: the episode's, else the show's, else empty."""
        return self.of.get(slug, self.of.get("", ("", "")))[1]


def picture_of(layout: Layout, episode: Episode | None, show_image: str) -> bytes | None:
    """The bytes of an episode's own picture, or of the show's; None when neither has one.

    Raises:
        FileError: the record names a picture that is not there.
    """
    if episode is not None and episode.image:
        return read_bytes(beside(layout, episode, episode.image), PICTURE_LIMIT)
    if not show_image:
        return None
    path = layout.root / show_image
    if not files.inside(layout.root, path):
        raise FileError("the show's image lies outside the show", where=path)
    if not path.is_file():
        raise FileError(
            "podkit.toml names an image that is not there",
            where=path,
            hint="put it there, or change show.image",
        )
    return read_bytes(path, PICTURE_LIMIT)
