"""podkit.toml: what it may say, what can never be meant, and what a new one looks like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, time, tzinfo
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from podkit import files
from podkit.errors import FileError, RecordError
from podkit.model.show import Feed, Podcast, Show
from podkit.model.text import is_safe_url
from podkit.registry import did_you_mean
from podkit.workspace.faults import Fault, parse_toml, read_text, record_error, refuse_empty
from podkit.workspace.feed_checks import check_feeds
from podkit.workspace.layout import Layout, is_path_inside
from podkit.workspace.records import Reader

_NAME: Final = re.compile(r"[A-Za-z0-9]+(?:[_-]+[A-Za-z0-9]+)*")


def zone_of(podcast: Podcast) -> tzinfo:
    """The show's time zone, for dates without one."""
    name = podcast.show.timezone
    return UTC if name == "UTC" else ZoneInfo(name)


def load(layout: Layout) -> Podcast:
    """The show, with the text of its description_file as its description.

    Raises:
        RecordError: all faults of podkit.toml.
        FileError: it cannot be read.
    """
    where = layout.shown(layout.show_file)
    return parse(read_text(layout.show_file, where), layout)


def parse(text: str, layout: Layout) -> Podcast:
    """The show that a text of podkit.toml describes; `layout` tells what lies beside it.

    Raises:
        RecordError: all faults of the text.
    """
    where = layout.shown(layout.show_file)
    refuse_empty(text, where)
    tables = parse_toml(text, where)
    reader = Reader()
    _set_clock(reader, tables)
    podcast = reader.record(Podcast, tables)
    if podcast is not None:
        podcast = _completed(podcast, layout, reader)
        _check_show(podcast.show, layout, reader)
        _check_names(podcast, reader)
        check_feeds(podcast, reader)
        for name, feed in podcast.feeds.items():
            _check_picture(feed.image or "", ("feeds", name, "image"), layout, reader)
    reader.check(where, text)
    if podcast is None:  # the reader would have said why
        raise record_error(where, [Fault(key=(), message="it cannot be read")])
    return podcast


def _set_clock(reader: Reader, tables: Mapping[str, Any]) -> None:
    """Let dates in this very file be read in the zone that it names."""
    show = tables.get("show")
    if not isinstance(show, dict):
        return
    name = show.get("timezone", "UTC")
    if isinstance(name, str) and name != "UTC":
        try:
            reader.zone = ZoneInfo(name)
        except (ValueError, OSError, KeyError):  # KeyError: ZoneInfoNotFoundError
            advice = did_you_mean(name, available_timezones())
            reader.fault(
                ("show", "timezone"),
                "unknown time zone; "
                + (advice if advice.startswith("did") else "write it as Europe/Kyiv"),
            )
    release = show.get("release_time")
    if isinstance(release, time):
        reader.release_time = release
    elif isinstance(release, str):
        try:
            reader.release_time = time.fromisoformat(release)
        except ValueError:
            return  # the record's reader says so


def _completed(podcast: Podcast, layout: Layout, reader: Reader) -> Podcast:
    feeds = podcast.feeds or {"main": Feed()}
    show = podcast.show
    if show.description_file and not show.description:
        show = replace(show, description=_described(show.description_file, layout, reader))
    return replace(podcast, feeds=feeds, show=show)


def _described(name: str, layout: Layout, reader: Reader) -> str:
    key = ("show", "description_file")
    path = layout.root / name
    if not is_path_inside(name) or not files.inside(layout.root, path):
        reader.fault(key, "it lies outside the show's folder")
        return ""
    try:
        return read_text(path, name).strip()
    except FileError as error:
        reader.fault(key, error.message)
    except RecordError:
        reader.fault(key, "the file is not UTF-8 text")
    return ""


def _check_show(show: Show, layout: Layout, reader: Reader) -> None:
    if not show.title.strip():
        reader.fault(("show", "title"), "it is empty")
    if show.guid:
        try:
            UUID(show.guid)
        except ValueError:
            reader.fault(("show", "guid"), "must be a UUID, as podkit init writes it")
    for i, category in enumerate(show.categories):
        if not category.name:
            reader.fault(("show", "categories", i), 'must be as in "News > Politics"')
    _check_picture(show.image, ("show", "image"), layout, reader)
    for i, image in enumerate(show.images):
        _check_picture(image.href, ("show", "images", i), layout, reader)


def _check_picture(name: str, key: tuple[str | int, ...], layout: Layout, reader: Reader) -> None:
    if not name or is_safe_url(name):
        return
    if not is_path_inside(name) or not files.inside(layout.root, layout.root / name):
        reader.fault(key, "must be a file inside the show's folder, or a URL")


def _check_names(podcast: Podcast, reader: Reader) -> None:
    for table in ("feeds", "publish", "presets"):
        for name in getattr(podcast, table):
            if not _NAME.fullmatch(name):
                reader.fault((table, name), "a name has letters, digits, - and _ only")
    for name in podcast.people:
        if not name.strip():
            reader.fault(("people", name), "an id must not be empty")


def render_new(podcast: Podcast) -> str:
    """The text of a new podkit.toml, with what a person may want to change explained."""
    from podkit.workspace.new_show import show_text  # noqa: PLC0415 (readers need no tomlkit)

    return show_text(podcast)
