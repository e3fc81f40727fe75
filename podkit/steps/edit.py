"""Changing values in episodes' records: comments kept, checked before anything is written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from podkit import files
from podkit.errors import RecordError, UsageError
from podkit.model.episode import Episode
from podkit.model.plan import Change
from podkit.steps.open_show import OpenShow
from podkit.workspace import episode_file
from podkit.workspace.faults import read_text
from podkit.workspace.typed import Clock, split, value_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One key of one episode; None stands for a key that is not written."""

    episode: str
    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class SetReport:
    """What changed, or would."""

    changed: tuple[Changed, ...]
    plan: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    episode: Episode
    text: str
    changed: tuple[Changed, ...]


def set_values(
    show: OpenShow,
    episodes: Sequence[Episode],
    assignments: Sequence[str],
    *,
    now: datetime,
    dry_run: bool = False,
) -> SetReport:
    """Set keys in the records of some episodes; every new text is checked before the first is written.

    Args:
        show: the open show.
        episodes: whose records.
        assignments: `KEY=VALUE`, the value by the key's type; `KEY=` removes.
        now: what `published=now` means.
        dry_run: only say what would change.

    Raises:
        UsageError: nothing to set, an unknown key, a value of another type, or a record that would
            be wrong afterwards; nothing was changed.
        LockedError: another run is writing.
        FileError: a record cannot be written; the others are whole.
    """
    if not episodes or not assignments:
        missing = "episode" if not episodes else "KEY=VALUE"
        raise UsageError(f"no {missing} is named", hint="podkit set EPISODE KEY=VALUE")
    clock = Clock(now=now, zone=show.zone, release_time=show.podcast.show.release_time)
    pairs = [split(assignment) for assignment in assignments]
    values = {key: value_of(key, text, clock) for key, text in pairs}
    if len(values) < len(pairs):
        raise UsageError("a key is named twice")
    if dry_run:
        return _report([_edit(show, episode, values) for episode in episodes])
    with files.lock(show.layout.lock):
        edits = [_edit(show, episode, values) for episode in episodes]
        for edit in edits:
            files.sweep(show.layout.episode(edit.episode.slug))
            if edit.changed:
                files.write(show.layout.record(edit.episode.slug), edit.text.encode())
    return _report(edits)


def _edit(show: OpenShow, episode: Episode, values: Mapping[str, Any]) -> _Edit:
    slug = episode.slug
    path = show.layout.record(slug)
    before = read_text(path, show.layout.shown(path))
    after = episode_file.edit(before, values)
    try:
        episode_file.parse(after, show.layout, slug, podcast=show.podcast)
    except RecordError as error:
        why = "\n".join(error.message.splitlines()[1:])
        raise UsageError(
            f"the record of {slug} would be wrong; nothing was changed\n{why}"
        ) from error
    old, new = tomllib.loads(before), tomllib.loads(after)
    changed = tuple(
        Changed(episode=slug, key=key, before=was, after=becomes)
        for key in values
        if repr(was := _at(old, key)) != repr(becomes := _at(new, key))
    )
    return _Edit(episode=episode, text=after, changed=changed)


def _at(tables: Any, key: str) -> Any:
    for part in key.split("."):
        tables = tables.get(part) if isinstance(tables, dict) else None
    return tables


def _report(edits: Sequence[_Edit]) -> SetReport:
    changed = tuple(change for edit in edits for change in edit.changed)
    plan = tuple(
        Change(
            action="set" if c.after is not None else "remove",
            subject=f"{c.episode} {c.key}",
            detail=f"{_shown(c.before)} → {_shown(c.after)}",
        )
        for c in changed
    )
    return SetReport(changed=changed, plan=plan)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(value) if isinstance(value, str) else str(value)
