"""How records become TOML text: fields in their order, defaults left out.

The one place that makes TOML; reading for a command that writes nothing does not come here.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Any

import tomlkit
from tomlkit.items import InlineTable, Item

from podkit.model.episode import Episode

_WHOLE = 2**53
"""Above this a float has no room for a fraction, and its digits would say more than it knows."""


def to_table(record: Any, *, omit: Collection[str] = ()) -> dict[str, Item]:
    """A record's keys and TOML values: fields in order, defaults left out.

    Args:
        record: a dataclass of the model.
        omit: fields that are not in the file.
    """
    return {name: toml_value(value) for name, value in _said(record).items() if name not in omit}


def _said(record: Any) -> dict[str, Any]:
    """What a record says beyond its defaults, and whatever has no default."""
    said = {}
    for f in fields(record):
        value = getattr(record, f.name)
        if value is None:
            continue
        default = f.default if f.default_factory is MISSING else f.default_factory()
        if default is MISSING or value != default:
            said[f.name] = value
    return said


_FOR_LIFE = "written once, never changed"


def toml_value(value: Any) -> Item:
    """A value of the model as TOML on one line; only lists of tables take a line for each member."""
    if is_dataclass(value):
        return _record(value)
    if isinstance(value, tuple | list):
        return _members(value)
    if isinstance(value, Mapping):
        return _inline({name: toml_value(member) for name, member in value.items()})
    item: Item = tomlkit.item(_scalar(value))
    return item


def _scalar(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return int(value)
    if isinstance(value, datetime):
        return _with_whole_offset(value)
    if isinstance(value, time) and not value.second and not value.microsecond:
        return value.isoformat("minutes")
    return value


def _with_whole_offset(moment: datetime) -> datetime:
    """The same moment with an offset that TOML can write: in whole minutes."""
    offset = moment.utcoffset() or timedelta()
    return moment if offset % timedelta(minutes=1) == timedelta() else moment.astimezone(UTC)


def _record(record: Any) -> Item:
    said = _said(record)
    bare = getattr(record, "BARE", None)
    if bare is not None and set(said) <= {bare}:
        return toml_value(getattr(record, bare))
    parse = getattr(type(record), "parse", None)
    if parse is not None and parse(str(record)) == record:
        return tomlkit.item(str(record))
    return _inline({name: toml_value(value) for name, value in said.items()})


def _inline(values: Mapping[str, Item]) -> Item:
    table = tomlkit.inline_table()
    for name, value in values.items():
        table.append(name, value)
    return table


def _members(values: tuple[Any, ...] | list[Any]) -> Item:
    array = tomlkit.array()
    for value in values:
        array.append(toml_value(value))
    if len(values) > 1 and any(isinstance(member, InlineTable) for member in array):
        array.multiline(multiline=True)
    return array


def text_value(text: str) -> Item:
    """Text as TOML: on several lines when it has several."""
    return tomlkit.string(text, multiline="\n" in text)


def _section(parent: Any, name: str, values: Mapping[str, Item]) -> None:
    table = tomlkit.table()
    for key, value in values.items():
        table.add(key, value)
    parent.add(name, table)


def _sections(document: tomlkit.TOMLDocument, name: str, records: Mapping[str, Any]) -> None:
    """`[name.KEY]` tables, one for each record."""
    if not records:
        return
    above = tomlkit.table(is_super_table=True)
    for key, record in records.items():
        _section(above, key, to_table(record))
    document.add(name, above)


def episode_text(episode: Episode) -> str:
    """A whole episode.toml."""
    document = tomlkit.document()
    tables = ("masters", "enclosure")
    for name, value in to_table(episode, omit=("slug", "notes", *tables)).items():
        text = getattr(episode, name)
        item = text_value(text) if type(text) is str else value
        document.add(name, item.comment(_FOR_LIFE) if name == "guid" else item)
    if isinstance(episode.enclosure, str):
        if episode.enclosure:
            document.add("enclosure", toml_value(episode.enclosure))
    else:
        document.add(tomlkit.nl())
        _section(document, "enclosure", to_table(episode.enclosure))
    if episode.masters:
        document.add(tomlkit.nl())
        _sections(document, "masters", episode.masters)
    return tomlkit.dumps(document)


def tables_text(records: Mapping[str, Any], *, omit: Collection[str] = ()) -> str:
    """A text of `[KEY]` tables, one for each record, each after an empty line."""
    parts = []
    for key, record in records.items():
        lines = [
            f"{name} = {value.as_string()}" for name, value in to_table(record, omit=omit).items()
        ]
        parts.append("\n".join(["", f"[{tomlkit.key(key).as_string()}]", *lines, ""]))
    return "".join(parts)
