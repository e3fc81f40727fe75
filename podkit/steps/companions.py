"""The files beside the feed: chapters as JSON, transcripts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import FileError, FormatError
from podkit.formats import chapters as chapter_formats
from podkit.formats import transcripts as transcript_formats
from podkit.model.chapter import Chapter, clamped, shifted, trimmed
from podkit.model.transcript import Transcript
from podkit.model.transcript import trimmed as trimmed_cues
from podkit.pages.prose import sanitize
from podkit.steps.attachments import read_text
from podkit.steps.compose import CHAPTERS_NAME, ReadyTranscript

if TYPE_CHECKING:
    from podkit.model.episode import Episode, Master, TranscriptFile
    from podkit.model.rendition import Rendition
    from podkit.workspace.layout import Layout

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
