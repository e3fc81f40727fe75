"""Looking into and changing the tags of any files, one by one, each atomically."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from podkit import files
from podkit.artwork.read import inspect
from podkit.errors import Cancelled, FileError, FormatError, PodkitError, UsageError
from podkit.formats import chapters as chapter_formats
from podkit.model.chapter import Chapter
from podkit.model.media import Artwork, Picture
from podkit.model.plan import Change, FailedFile
from podkit.model.progress import QUIET, Progress
from podkit.model.tags import FIELDS, Tags
from podkit.registry import did_you_mean
from podkit.steps.attachments import PICTURE_LIMIT, read_bytes, read_text
from podkit.tags import files as tag_files

if TYPE_CHECKING:
    from podkit.steps.open_show import OpenShow

SUFFIXES = frozenset(
    ".mp3 .m4a .m4b .mp4 .m4v .mov .ogg .oga .opus .flac .wav .aif .aiff .mkv .mka .webm".split()  # noqa: SIM905
)
"""What `-r` takes out of a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagOrder:
    """What `podkit tag` was asked; without a change it only prints."""

    paths: tuple[Path, ...] = ()
    set: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    clear: bool = False
    image: Path | None = None
    remove_image: bool = False
    chapters: Path | None = None
    remove_chapters: bool = False
    copy_from: Path | None = None
    table: Path | None = None
    recursive: bool = False
    id3: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """The tags of one file, after the change when there was one."""

    path: str
    tags: dict[str, str] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    artwork: tuple[Artwork, ...] = ()
    other: dict[str, str] = field(default_factory=dict)
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TagReport:
    """What became of each file."""

    files: tuple[Tagged, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    plan: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What shall become of one file's tags."""

    set: dict[str, str]
    remove: tuple[str, ...] = ()
    clear: bool = False
    picture: Picture | None = None
    remove_picture: bool = False
    chapters: tuple[Chapter, ...] | None = None

    @property
    def is_empty(self) -> bool:
        flags = (self.clear, self.remove_picture, bool(self.set), bool(self.remove))
        return not any(flags) and self.picture is None and self.chapters is None


def tag(
    order: TagOrder,
    *,
    show: OpenShow | None = None,
    dry_run: bool = False,
    progress: Progress = QUIET,
) -> TagReport:
    """Read or change the tags of every file; one that fails does not stop the others.

    Args:
        order: what was asked.
        show: the show one stands in, whose masters are refused.
        dry_run: find out what would change, and change nothing.
        progress: told of each file that is changed.

    Raises:
        UsageError: an unknown field, or options that contradict each other.
        FormatError: a table or chapters file that does not parse.
    """
    wish = _wish(order)
    rows = _table(order.table) if order.table else {}
    found: list[Tagged] = []
    failed: list[FailedFile] = []
    plan: list[Change] = []
    for path in [*_expand(order), *map(Path, rows)]:
        own = _with_row(wish, rows.get(str(path)))
        try:
            if own.is_empty and order.id3 is None:
                found.append(_shown(path, tag_files.read(path)))
                continue
            if show is not None:
                _refuse_master(show, path)
            if dry_run:
                plan += _plan(path, own)
                continue
            progress.start(str(path))
            changed = _update(path, own, order.id3)
            progress.finish(str(path), note="changed" if changed else "as it was")
            found.append(_shown(path, tag_files.read(path), changed=changed))
        except (UsageError, Cancelled):
            raise
        except PodkitError as error:
            failed.append(FailedFile.of(path, error))
    return TagReport(files=tuple(found), failed=tuple(failed), plan=tuple(plan))


def _update(path: Path, wish: _Wish, id3: str | None) -> bool:
    return tag_files.update(
        path,
        set=wish.set,
        remove=wish.remove,
        clear=wish.clear,
        picture=wish.picture,
        remove_picture=wish.remove_picture,
        chapters=wish.chapters,
        id3=id3,
    )


def _plan(path: Path, wish: _Wish) -> list[Change]:
    before, after = tag_files.preview(
        path,
        set=wish.set,
        remove=wish.remove,
        clear=wish.clear,
        picture=wish.picture,
        remove_picture=wish.remove_picture,
        chapters=wish.chapters,
    )
    keys = [key for key in FIELDS if before.fields.get(key) != after.fields.get(key)]
    changes = [
        Change(
            action="tag",
            subject=str(path),
            detail=f"{key}: {before.fields.get(key, '')!r} → {after.fields.get(key, '')!r}",
        )
        for key in keys
    ]
    for what, old, new in (
        ("chapters", before.chapters, after.chapters),
        ("pictures", before.artwork, after.artwork),
    ):
        if old != new:
            detail = f"{what}: {len(old)} → {len(new)}"
            changes.append(Change(action="tag", subject=str(path), detail=detail))
    return changes


def _wish(order: TagOrder) -> _Wish:
    fields: dict[str, str] = {}
    picture = None
    chapters = None
    if order.copy_from is not None:
        source = tag_files.read(order.copy_from)
        fields = dict(source.fields)
        picture = source.artwork[0] if source.artwork else None
        chapters = source.chapters or None
    fields |= dict(map(_assignment, order.set))
    for key in order.remove:
        _check_key(key)
    if order.image is not None:
        content = read_bytes(order.image, PICTURE_LIMIT)
        picture = Picture(mime=inspect(content).mime, content=content)
    if order.chapters is not None:
        text = read_text(order.chapters)
        name = order.chapters.name
        chapters = chapter_formats.parse(text, chapter_formats.detect(name, text))
    if order.remove_chapters:
        if order.chapters is not None:
            raise UsageError("--chapters and --remove-chapters exclude each other")
        chapters = ()
    return _Wish(
        set=fields,
        remove=order.remove,
        clear=order.clear,
        picture=picture,
        remove_picture=order.remove_image,
        chapters=chapters,
    )


def _assignment(word: str) -> tuple[str, str]:
    key, equals, value = word.partition("=")
    if not equals:
        raise UsageError(f"{word!r} sets nothing", hint="write --set title='The first talk'")
    return _check_key(key.strip()), value


def _check_key(key: str) -> str:
    if key not in FIELDS:
        raise UsageError(f"unknown tag {key!r}", hint=did_you_mean(key, FIELDS))
    return key


def _with_row(wish: _Wish, row: dict[str, str] | None) -> _Wish:
    if not row:
        return wish
    return replace(wish, set={**row, **wish.set})


def _table(path: Path) -> dict[str, dict[str, str]]:
    """Path → fields, from CSV with a `path` column or from the JSON of `podkit tag --json`."""
    text = read_text(path)
    if text.lstrip().startswith("{"):
        return _json_table(path, text)
    rows = csv.DictReader(io.StringIO(text))
    if "path" not in (rows.fieldnames or ()):
        raise FormatError("its first line names no column `path`", where=path)
    for key in rows.fieldnames or ():
        if key != "path":
            _check_key(key)
    return {row["path"]: {k: v for k, v in row.items() if k != "path" and v} for row in rows}


def _json_table(path: Path, text: str) -> dict[str, dict[str, str]]:
    try:
        document: Any = json.loads(text)
        return {
            str(one["path"]): {_check_key(str(k)): str(v) for k, v in one["tags"].items()}
            for one in document["files"]
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FormatError(
            "it is not what `podkit tag --json` prints", where=path, hint=str(error)
        ) from error


def _expand(order: TagOrder) -> list[Path]:
    found: list[Path] = []
    for path in order.paths:
        if path.is_dir() and order.recursive:
            inside = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in SUFFIXES)
            found += [p for p in inside if p.is_file() and not p.is_symlink()]
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _refuse_master(show: OpenShow, path: Path) -> None:
    for episode in show.episodes:
        folder = show.layout.episode(episode.slug)
        if any(files.same_file(path, folder / m.file) for m in episode.masters.values()):
            raise FileError(
                "it is a master, and masters are never written again",
                where=path,
                hint=f"renditions get their tags from the record: podkit set {episode.slug} title=…",
            )


def _shown(path: Path, tags: Tags, *, changed: bool = False) -> Tagged:
    return Tagged(
        path=str(path),
        tags=dict(tags.fields),
        chapters=tags.chapters,
        artwork=tuple(_seen(p) for p in tags.artwork),
        other=dict(tags.other),
        changed=changed,
    )


def _seen(picture: Picture) -> Artwork:
    try:
        return inspect(picture.content)
    except PodkitError:
        return Artwork(mime=picture.mime, width=0, height=0, bytes=len(picture.content))
