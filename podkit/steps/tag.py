"""Looking into and changing the tags of any files, several at once, each atomically."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from podkit.artwork.read import inspect
from podkit.errors import Cancelled, FileError, PodkitError
from podkit.media import torn
from podkit.model.chapter import Chapter
from podkit.model.media import Artwork, Picture
from podkit.model.plan import Change, FailedFile
from podkit.model.progress import QUIET, Progress
from podkit.model.tags import Tags
from podkit.steps.tag_order import TagOrder, edit_of
from podkit.steps.tag_paths import Guard, expand, identity
from podkit.steps.tag_plan import plan_of
from podkit.steps.tag_table import Row, read_table
from podkit.tags import files as tag_files
from podkit.tags.edit import Changed, Edit
from podkit.tags.places import Places

_AT_ONCE = 2
"""Files that are changed side by side: one waits for the disk while the other works; more wait for both."""
_BATCH = 400
"""Files after which folders are synced and let go of."""
_BLOCK = 8 << 20
"""Bytes above those that the tags of a file usually have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """The tags of one file, after the change when there was one."""

    path: str
    tags: dict[str, str] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    artwork: tuple[Artwork, ...] = ()
    other: dict[str, str] = field(default_factory=dict)
    changed: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TagReport:
    """What became of each file."""

    files: tuple[Tagged, ...] = ()
    failed: tuple[FailedFile, ...] = ()
    plan: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What came of one file; no pictures, as many files may wait for their folder's sync."""

    tagged: Tagged
    plan: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    """One file, and what shall become of its tags."""

    path: Path
    edit: Edit


def tag(order: TagOrder, *, dry_run: bool = False, progress: Progress = QUIET) -> TagReport:
    """Read or change the tags of every file; one that fails does not stop the others.

    Args:
        order: what was asked.
        dry_run: find out what would change, and change nothing.
        progress: told of each file that is changed.

    Raises:
        UsageError: an unknown field, or options that contradict each other.
        PodkitError: a table, picture, chapters or other file that an option names is at fault.
    """
    edit = edit_of(order)
    rows = read_table(order.table, order.here) if order.table is not None else None
    jobs, failed = _jobs(order, edit, rows)
    _keep_memory()
    if not order.changes:
        return _read_all(jobs, failed)
    progress.expect(0 if dry_run else len(jobs))
    found: list[Tagged] = []
    plan: list[Change] = []
    left = iter(jobs)
    guard = Guard()
    change = partial(_change, look=_Look(), dry_run=dry_run, progress=progress)
    while batch := list(islice(left, _BATCH)):
        guard.look_again()
        for done in _change_all(batch, guard, failed, change, tidy=not dry_run):
            found.append(done.tagged)
            plan += done.plan
    return TagReport(files=tuple(found), failed=tuple(failed), plan=tuple(plan))


def _keep_memory() -> None:
    """Have the C library keep what is freed: else each cover that is read costs some fifty pages anew.

    glibc gives memory back, and asks for it again, above thresholds that grow with the largest block
    that was freed (mallopt(3), M_TRIM_THRESHOLD). Nothing of the block is touched.
    """
    bytearray(_BLOCK)


def _jobs(
    order: TagOrder, edit: Edit, rows: dict[str, Row] | None
) -> tuple[list[_Job], list[FailedFile]]:
    """Every file with its own edit, in the order in which they were named.

    With a table and no files it is the table's; with both, the files' rows.
    """
    named, inside, failed = expand(order.paths, recursive=order.recursive)
    if rows is None:
        return [_Job(path=path, edit=edit) for path in (*named, *inside)], failed
    if not order.paths:
        return [_Job(path=r.path, edit=_with(edit, r)) for r in rows.values()], failed
    jobs = []
    for path in (*named, *inside):
        row = rows.get(identity(path))
        if row is not None:
            jobs.append(_Job(path=path, edit=_with(edit, row)))
        elif path in named:
            error = FileError(
                f"it has no row in {order.table}", hint="add one, or leave the file out"
            )
            failed.append(FailedFile.of(path, error))
    return jobs, failed


def _with(edit: Edit, row: Row) -> Edit:
    """A file's own edit: what an option says of a field goes before its row."""
    fields = {key: value for key, value in row.fields.items() if key not in edit.remove}
    return replace(edit, set={**fields, **edit.set})


def _read_all(jobs: Sequence[_Job], failed: list[FailedFile]) -> TagReport:
    found = []
    look = _Look()
    for job in jobs:
        with _isolated(job.path, failed):
            found.append(_shown(job.path, tag_files.read(job.path), look))
    return TagReport(files=tuple(found), failed=tuple(failed))


def _change_all(
    jobs: Sequence[_Job],
    guard: Guard,
    failed: list[FailedFile],
    change: Callable[[_Job, Places], _Done],
    *,
    tidy: bool,
) -> list[_Done]:
    """Change some files side by side; what came of those that did not fail, in order.

    Nothing counts as done before the folders are synced.
    """
    cancel = threading.Event()
    waiting: list[tuple[_Job, Future[_Done]]] = []
    done: list[tuple[_Job, _Done]] = []
    with Places(cancel, tidy=tidy) as places, _pool(cancel) as pool:
        for job in jobs:
            with _isolated(job.path, failed):
                guard.check(job.path)
                waiting.append((job, pool.submit(change, job, places)))
        for job, work in waiting:
            with _isolated(job.path, failed):
                done.append((job, work.result()))
        wrong = places.settle()
    kept = []
    for job, one in done:
        if one.tagged.changed and job.path.parent in wrong:
            failed.append(FailedFile.of(job.path, wrong[job.path.parent]))
        else:
            kept.append(one)
    return kept


def _change(job: _Job, places: Places, *, look: _Look, dry_run: bool, progress: Progress) -> _Done:
    doubts = _doubts(job.path)
    if dry_run:
        done = tag_files.change(job.path, job.edit, places=places, dry_run=True)
    else:
        done = _write(job, places, progress)
    done = replace(done, warnings=(*done.warnings, *doubts))
    with look.alone:
        return _Done(
            tagged=_shown(job.path, done.after, look, changed=done),
            plan=plan_of(job.path, done) if dry_run and done.changed else (),
        )


def _write(job: _Job, places: Places, progress: Progress) -> Changed:
    name = str(job.path)
    note = "failed"
    progress.start(name)
    try:
        places.look()
        done = tag_files.change(job.path, job.edit, places=places)
        note = "changed" if done.changed else "as it was"
    finally:
        progress.finish(name, note=note)
    return done


def _doubts(path: Path) -> tuple[str, ...]:
    """What shows that the file may be a torn one.

    Raises:
        DamagedMediaError: it is one.
    """
    if path.is_symlink() or not path.is_file():  # refused when it is opened
        return ()
    found = torn.doubt(path)
    return (f"it may be cut off: {found}",) if found else ()


@contextmanager
def _pool(cancel: threading.Event) -> Iterator[ThreadPoolExecutor]:
    """Threads that stop soon when the block is left by an error or by Ctrl-C."""
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="podkit-tag") as pool:
        try:
            yield pool
        except BaseException:
            cancel.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


@contextmanager
def _isolated(path: Path, failed: list[FailedFile]) -> Iterator[None]:
    """Have one file's failure end nothing but itself."""
    try:
        yield
    except Cancelled:
        raise
    except PodkitError as error:
        failed.append(FailedFile.of(path, error))


def _shown(path: Path, tags: Tags, look: _Look, *, changed: Changed | None = None) -> Tagged:
    return Tagged(
        path=str(path),
        tags=dict(tags.fields),
        chapters=tags.chapters,
        artwork=tuple(map(look.at, tags.artwork)),
        other=dict(tags.other),
        changed=changed is not None and changed.changed,
        warnings=changed.warnings if changed is not None else (),
    )


class _Look:
    """Says what a picture is; the files of a show have mostly the same one, so it is remembered."""

    def __init__(self) -> None:
        self._last: tuple[Picture, Artwork] | None = None
        self.alone = threading.Lock()
        """Held by a thread that looks: Python's filters of warnings, which a look sets, are of all."""

    def at(self, picture: Picture) -> Artwork:
        """What it is by its bytes; where they are no picture, as the tags call it."""
        if self._last is None or self._last[0] != picture:
            self._last = (picture, _seen(picture))
        return self._last[1]


def _seen(picture: Picture) -> Artwork:
    try:
        return inspect(picture.content)
    except PodkitError:
        return Artwork(mime=picture.mime, width=0, height=0, bytes=len(picture.content))
