"""What lies beside a master: notes, chapters, transcripts and a picture, checked before they are kept."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from pathlib import Path

from podkit import files
from podkit.artwork.read import inspect
from podkit.errors import FormatError, MediaError, PodkitError, UsageError
from podkit.formats import chapters as chapter_formats
from podkit.formats import transcripts as transcript_formats
from podkit.model.chapter import Chapter
from podkit.model.episode import TranscriptFile
from podkit.model.tags import Tags
from podkit.model.text import clean

TEXT_LIMIT = 8 << 20
PICTURE_LIMIT = 32 << 20
"""Bytes of a text and of a picture beyond which nobody means it."""

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png")
TRANSCRIPT_SUFFIXES = (".vtt", ".srt", ".json", ".html", ".txt")


@dataclass(slots=True, kw_only=True)
class Attachments:
    """Files that will lie in an episode's folder, by name, and what they are there for."""

    contents: dict[str, bytes] = field(default_factory=dict)
    notes: str = ""
    chapters: str = ""
    image: str = ""
    transcripts: tuple[TranscriptFile, ...] = ()

    def put_text(self, name: str, text: str) -> str:
        """Keep a text under a name that is free."""
        stem, dot, suffix = name.rpartition(".")
        number = 2
        while name in self.contents:
            name = f"{stem}-{number}{dot}{suffix}"
            number += 1
        self.contents[name] = text.encode()
        return name

    def put_chapters_file(self, path: Path) -> None:
        """Keep a chapters file as it is, after it was understood, and pictures beside it.

        Raises:
            FormatError: no known format, or a fault in it.
        """
        text = read_text(path)
        chapters = chapter_formats.parse(text, chapter_formats.detect(path.name, text))
        for name in {c.image for c in chapters}:
            beside = path.parent / name
            if beside.suffix.lower() in PICTURE_SUFFIXES and "/" not in name and beside.is_file():
                self.contents[name] = read_bytes(beside, PICTURE_LIMIT)
        suffix = path.suffix.lower() if path.suffix.lower() in {".json", ".txt"} else ".txt"
        self.chapters = self.put_text("chapters" + suffix, text)

    def put_picture_file(self, path: Path) -> None:
        """Keep a picture as it is, after its bytes were understood.

        Raises:
            MediaError: it is not a picture that platforms take.
        """
        content = read_bytes(path, PICTURE_LIMIT)
        try:
            self.put_picture(content)
        except PodkitError as error:
            raise MediaError(error.message, where=path, hint=error.hint) from error

    def put_picture(self, content: bytes) -> None:
        """Keep a picture under the name that its bytes deserve.

        Raises:
            MediaError: it is not a picture that platforms take.
        """
        self.image = picture_name(content)
        self.contents[self.image] = content

    def put_chapter_pictures(self, tags: Tags) -> tuple[Chapter, ...]:
        """Keep the pictures inside a file's chapters; gives the chapters that name them.

        What is no picture that podkit reads is left out.
        """
        kept: dict[str, str] = {"": ""}
        for name, picture in tags.chapter_pictures.items():
            with contextlib.suppress(PodkitError):
                kept[name] = picture_name(picture.content, name.partition(".")[0])
                self.contents[kept[name]] = picture.content
        return tuple(
            replace(c, image=c.image if ":" in c.image else kept.get(c.image, ""))
            for c in tags.chapters
        )

    def write(self, folder: Path) -> None:
        """Write everything into a folder.

        Raises:
            FileError: it cannot be written.
        """
        for name, content in self.contents.items():
            files.write(folder / name, content)
        files.write(folder / "notes.md", self.notes.encode())


def picture_name(content: bytes, stem: str = "cover") -> str:
    """`cover.jpg` or `cover.png`, by the real bytes.

    Raises:
        MediaError: it is neither.
    """
    return stem + (".png" if inspect(content).mime == "image/png" else ".jpg")


def read_bytes(path: Path, limit: int) -> bytes:
    """The file's bytes.

    Raises:
        FileError: it cannot be read.
        FormatError: it is larger than `limit` bytes.
    """
    with files.open_regular(path) as stream, files.translating(path, "read"):
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise FormatError(f"it is larger than {limit >> 20} MB", where=path)
    return content


def read_text(path: Path) -> str:
    """The file's text, which must be UTF-8.

    Raises:
        FormatError: it is not.
    """
    try:
        return clean(read_bytes(path, TEXT_LIMIT).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FormatError(
            f"it is not UTF-8 text (byte {error.start})", where=path, hint="save it as UTF-8"
        ) from error


def read_transcripts(words: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """Name to keep, text and language of each transcript, from `FILE` or `LANGUAGE=FILE`.

    Raises:
        FormatError: it does not parse.
        UsageError: an unknown kind of file.
    """
    return tuple(_transcript(*split_language(word)) for word in words)


def split_language(word: str) -> tuple[str, Path]:
    """`uk=talk.vtt` as language and path; a path with an equals sign needs a `./` before it."""
    language, equals, rest = word.partition("=")
    if equals and language.replace("-", "").isalnum() and len(language) <= 12:
        return language, Path(rest)
    return "", Path(word)


def _transcript(language: str, path: Path) -> tuple[str, str, str]:
    suffix = path.suffix.lower()
    if suffix not in TRANSCRIPT_SUFFIXES:
        raise UsageError(
            f"{path.name} is no transcript that podkit knows",
            hint="use " + ", ".join(TRANSCRIPT_SUFFIXES),
        )
    text = read_text(path)
    transcript_formats.parse(text, transcript_formats.detect(path.name, text))
    middle = f".{language}" if language else ""
    return f"transcript{middle}{suffix}", text, language
