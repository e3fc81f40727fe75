"""episode.toml and notes.md: what they may say, and how one is edited with its comments kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final

from podkit.errors import FileError, UsageError
from podkit.model.episode import Episode
from podkit.model.identity import is_slug
from podkit.model.show import Podcast
from podkit.model.text import is_safe_url
from podkit.workspace.faults import Fault, parse_toml, read_text, record_error, refuse_empty
from podkit.workspace.layout import NOTES_FILE, RECORD_FILE, Layout, is_plain_name
from podkit.workspace.lines import KeyPath
from podkit.workspace.records import Reader
from podkit.workspace.show_file import zone_of

NOT_IN_FILE: Final = ("slug", "notes")
"""Fields of an Episode that come from elsewhere: its folder's name, notes.md."""


def load(layout: Layout, slug: str, *, podcast: Podcast) -> Episode:
    """One episode with the text of its notes.

    Raises:
        RecordError: all faults of episode.toml, or notes.md is not text.
        FileError: one of them cannot be read.
    """
    text, notes = read(layout, slug)
    return parse(text, layout, slug, podcast=podcast, notes=notes)


def read(layout: Layout, slug: str) -> tuple[str, str]:
    """The texts of episode.toml and of notes.md, which need not be there.

    Raises:
        RecordError: the folder's name cannot be a slug, or a file is not text.
        FileError: one of them cannot be read.
    """
    where = _where(slug)
    if not is_slug(slug):
        message = "the folder's name cannot be a slug: use a-z, 0-9 and single hyphens"
        raise record_error(where, [Fault(key=(), message=message)])
    text = read_text(layout.place(slug, RECORD_FILE), where)
    path = layout.place(slug, NOTES_FILE)
    notes = read_text(path, f"episodes/{slug}/{NOTES_FILE}") if os.path.exists(path) else ""
    return text, notes.replace("\r\n", "\n")


def parse(text: str, layout: Layout, slug: str, *, podcast: Podcast, notes: str = "") -> Episode:
    """The episode that a text of episode.toml describes; its links are checked beside it.

    Raises:
        RecordError: all faults of the text.
    """
    refuse_empty(text, _where(slug))
    tables = parse_toml(text, _where(slug))
    return from_tables(tables, layout, slug, podcast=podcast, notes=notes, text=text)


def from_tables(
    tables: Mapping[str, Any],
    layout: Layout,
    slug: str,
    *,
    podcast: Podcast,
    notes: str = "",
    text: str = "",
) -> Episode:
    """The same of tables that were parsed already; `text` is only to name lines of faults.

    Raises:
        RecordError: all faults of the tables.
    """
    reader = Reader(zone=zone_of(podcast), release_time=podcast.show.release_time)
    episode = reader.record(Episode, tables, given={"slug": slug, "notes": notes})
    if episode is not None:
        _check(episode, layout, reader)
    if not any(fault.message.endswith("did you mean 'guid'?") for fault in reader.faults):
        reader.faults = [_advised(fault) for fault in reader.faults]
    reader.check(_where(slug), text)
    if episode is None:  # the reader would have said why
        raise record_error(_where(slug), [Fault(key=(), message="it cannot be read")])
    return episode


def _advised(fault: Fault) -> Fault:
    """A lost GUID with the way to the one that players know."""
    if fault.key != ("guid",) or not fault.is_missing:
        return fault
    hint = (
        "write the one that the episode has in the live feed, or take the record back from version "
        "control: under a new one everybody would download it again"
    )
    return replace(fault, hint=hint)


def _where(slug: str) -> str:
    return f"episodes/{slug}/{RECORD_FILE}"


def _check(episode: Episode, layout: Layout, reader: Reader) -> None:
    if not episode.guid.strip():
        reader.fault(("guid",), "it is empty")
    pictures = [("image", episode.image)]
    pictures += [(f"images[{i}].href", image.href) for i, image in enumerate(episode.images)]
    for label, name in pictures:
        if name and not is_safe_url(name):
            _check_file(name, (label,), layout, episode.slug, reader)
    for key, master in episode.masters.items():
        at: KeyPath = ("masters", key)
        if not is_plain_name(key) or not key.isascii() or " " in key:
            reader.fault(at, "a name has letters, digits, - and _ only")
        _check_file(master.file, (*at, "file"), layout, episode.slug, reader)
        if master.chapters:
            _check_file(master.chapters, (*at, "chapters"), layout, episode.slug, reader)
        for i, transcript in enumerate(master.transcripts):
            place = (*at, "transcripts", i)
            _check_file(transcript.file, place, layout, episode.slug, reader)
        if master.bytes < 0 or master.duration < 0:
            reader.fault(at, "bytes and duration cannot be negative")


def _check_file(name: str, key: KeyPath, layout: Layout, slug: str, reader: Reader) -> None:
    if not is_plain_name(name):
        reader.fault(key, "must be the plain name of a file in the episode's folder")
        return
    try:
        with suppress(UsageError):  # a slug that is none was refused before
            layout.place(slug, name)
    except FileError:
        reader.fault(key, "the link leads out of the show's folder")


def render_new(episode: Episode) -> str:
    """The text of a new episode.toml; loading it gives `episode` again."""
    from podkit.workspace.rendering import episode_text  # noqa: PLC0415 (readers need no tomlkit)

    return episode_text(episode)


def edit(text: str, changes: Mapping[str, Any]) -> str:
    """The text with some keys set and others removed; comments and order stay.

    Args:
        text: a whole episode.toml; what comes out is to be parsed before it is written.
        changes: by dotted key (`masters.main.chapters`) a value of the model, or None to remove it.

    Raises:
        UsageError: a key leads through something that is no table.
    """
    from podkit.workspace.editing import edited  # noqa: PLC0415 (readers need no tomlkit)

    return edited(text, changes)
