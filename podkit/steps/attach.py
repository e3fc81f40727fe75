"""More for an episode that is there: another master, chapters, transcripts, notes, a picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import copying, files
from podkit.artwork.read import inspect
from podkit.errors import Cancelled, FileError, NotMediaError, PodkitError, UsageError
from podkit.formats import chapters as chapter_formats
from podkit.formats import transcripts as transcript_formats
from podkit.model.identity import is_slug
from podkit.model.plan import Change, FailedFile
from podkit.model.progress import QUIET, Progress
from podkit.staging import place, staging
from podkit.steps.attachments import PICTURE_LIMIT, read_bytes, read_text, split_language
from podkit.steps.examine import Examined, examine
from podkit.workspace import episode_file

if TYPE_CHECKING:
    from podkit.model.episode import Episode
    from podkit.steps.open_show import OpenShow

KINDS = {
    "notes": {".md", ".markdown"},
    "image": {".jpg", ".jpeg", ".png", ".webp", ".gif", ".svg", ".bmp"},
    "transcript": {".vtt", ".srt"},
    "text": {".txt", ".json", ".ffmetadata"},
}
"""Suffixes that say what a file is for; a "text" has to be looked into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachOrder:
    """What `podkit attach` was asked: `as_` names a master, or says what a text file is."""

    files: tuple[Path, ...]
    as_: str = ""
    language: str = ""
    allow_damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that belongs to the episode now: `kind` master, chapters, transcript, notes or image."""

    file: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachReport:
    """What became of each file."""

    episode: str
    attached: tuple[Attached, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    plan: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checked:
    """A file that was understood: the name it gets, and the changes of the record."""

    kind: str
    name: str
    changes: dict[str, object]
    content: bytes | None = None
    source: Examined | None = None


def attach(
    show: OpenShow,
    episode: Episode,
    order: AttachOrder,
    *,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> AttachReport:
    """Add files to an episode; each is checked as by `add`, and one that fails stops no other.

    Raises:
        UsageError: `--as` is no name for a master.
        LockedError: another run held the workspace too long.
    """
    if order.as_ and not is_slug(order.as_):
        raise UsageError(f"{order.as_!r} is no name for a master", hint="such as --as video")
    attached: list[Attached] = []
    failed: list[FailedFile] = []
    plan: list[Change] = []
    for path in order.files:
        try:
            path_language, bare = split_language(str(path))
            checked = _check(episode, bare, order, path_language or order.language, progress)
            detail = f"{checked.name} as {checked.kind}"
            if dry_run:
                plan.append(Change(action="attach", subject=episode.slug, detail=detail))
                continue
            _commit(show, episode, checked)
            attached.append(Attached(file=str(path), kind=checked.kind, name=checked.name))
        except (UsageError, Cancelled):
            raise
        except PodkitError as error:
            if isinstance(error, NotMediaError) and not error.hint:
                error.hint = (
                    "say what it is: --as transcript, --as chapters, --as notes, --as image"
                )
            failed.append(FailedFile.of(path, error))
    return AttachReport(
        episode=episode.slug, attached=tuple(attached), failed=tuple(failed), plan=tuple(plan)
    )


def _check(
    episode: Episode, path: Path, order: AttachOrder, language: str, progress: Progress
) -> _Checked:
    kind = _kind_of(path, order.as_)
    if kind == "notes":
        text = read_text(path)
        return _Checked(kind=kind, name="notes.md", changes={}, content=text.encode())
    if kind == "image":
        return _image(path)
    if kind == "chapters":
        return _chapters(episode, path)
    if kind == "transcript":
        return _transcript(episode, path, language)
    return _master(
        episode, examine(path, allow_damaged=order.allow_damaged, progress=progress), order
    )


def _kind_of(path: Path, as_: str) -> str:
    """What a file is for: as it was said, else by its suffix, else by what is in it."""
    if as_ in {"notes", "image", "chapters", "transcript"}:
        return as_
    suffix = path.suffix.lower()
    kind = next((kind for kind, suffixes in KINDS.items() if suffix in suffixes), "master")
    if kind != "text":
        return kind
    text = read_text(path)
    try:
        chapter_formats.parse(text, chapter_formats.detect(path.name, text))
    except PodkitError:
        return "transcript"
    return "chapters"


def _image(path: Path) -> _Checked:
    content = read_bytes(path, PICTURE_LIMIT)
    suffix = ".png" if inspect(content).mime == "image/png" else ".jpg"
    name = "cover" + suffix
    return _Checked(kind="image", name=name, changes={"image": name}, content=content)


def _chapters(episode: Episode, path: Path) -> _Checked:
    text = read_text(path)
    chapter_formats.parse(text, chapter_formats.detect(path.name, text))
    suffix = path.suffix.lower() if path.suffix.lower() in {".txt", ".json"} else ".txt"
    name = "chapters" + suffix
    key = f"masters.{_main_of(episode)}.chapters"
    return _Checked(kind="chapters", name=name, changes={key: name}, content=text.encode())


def _transcript(episode: Episode, path: Path, language: str) -> _Checked:
    text = read_text(path)
    transcript_formats.parse(text, transcript_formats.detect(path.name, text))
    name = f"transcript{'.' + language if language else ''}{path.suffix.lower()}"
    main = _main_of(episode)
    there = episode.masters[main].transcripts
    kept = [{"file": t.file, "language": t.language} for t in there if t.file != name]
    entries = [*kept, {"file": name, "language": language}]
    tables = [{key: value for key, value in entry.items() if value} for entry in entries]
    changes: dict[str, object] = {f"masters.{main}.transcripts": tables}
    return _Checked(kind="transcript", name=name, changes=changes, content=text.encode())


def keep_transcript(
    show: OpenShow,
    episode: Episode,
    *,
    name: str,
    text: str,
    language: str,
    without: frozenset[str] = frozenset(),
) -> None:
    """Put a transcript beside the master and into the record.

    Args:
        show: whose.
        episode: as its record is now.
        name: of the file.
        text: its content.
        language: of the text.
        without: names of transcripts that it takes the place of; their files stay.

    Raises:
        LockedError: another run held the workspace too long.
        FileError: it cannot be written.
    """
    main = _main_of(episode)
    there = episode.masters[main].transcripts
    kept = [t for t in there if t.file != name and t.file not in without]
    tables = [{"file": t.file, "language": t.language} for t in kept]
    tables.append({"file": name, "language": language})
    entries = [{key: value for key, value in table.items() if value} for table in tables]
    changes: dict[str, object] = {f"masters.{main}.transcripts": entries}
    _commit(
        show,
        episode,
        _Checked(kind="transcript", name=name, changes=changes, content=text.encode()),
    )


def _main_of(episode: Episode) -> str:
    if not episode.masters:
        raise UsageError(f"{episode.slug} has no master to which this could belong")
    return "main" if "main" in episode.masters else next(iter(episode.masters))


def _master(episode: Episode, source: Examined, order: AttachOrder) -> _Checked:
    master = order.as_ or order.language or ("video" if source.media.video else "")
    if not master or master in episode.masters:
        raise UsageError(
            f"{episode.slug} has a master {master or 'main'!r} already",
            hint="name another: --as NAME" + ("" if master else ", such as --as adfree"),
        )
    suffix = source.path.suffix.lower()
    name = f"master-{master}{suffix if suffix[1:].isalnum() and suffix.isascii() else '.media'}"
    record = {
        "file": name,
        "sha256": source.sha256,
        "bytes": source.media.bytes,
        "duration": round(source.decoded.duration, 3),
        "video": bool(source.media.video),
        "language": order.language,
        "damaged": source.damaged,
    }
    kept = {key: value for key, value in record.items() if value}
    return _Checked(kind="master", name=name, changes={f"masters.{master}": kept}, source=source)


def _commit(show: OpenShow, episode: Episode, checked: _Checked) -> None:
    """Put the file in place, then the record that names it; a kill between leaves a spare file."""
    layout = show.layout
    final = layout.episode(episode.slug) / checked.name
    with staging(layout.staging, guard=layout.lock) as workplace:
        staged = workplace / checked.name
        if checked.source is not None:
            digest = copying.copy(checked.source.path, staged)
            if digest != checked.source.sha256:
                raise FileError("the source changed while it was read", where=checked.source.path)
        else:
            files.write(staged, checked.content or b"")
        with files.lock(layout.lock):
            record = layout.record(episode.slug)
            text = read_text(record)
            changed = episode_file.edit(text, checked.changes) if checked.changes else text
            place(staged, final)
            if changed != text:
                files.write(record, changed.encode())
