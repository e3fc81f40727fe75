"""How keys of a TOML text are set and removed with everything else left as a person wrote it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, MutableMapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Comment, Item, Table, Whitespace

from podkit.errors import RecordError, UsageError
from podkit.workspace.lines import KeyPath
from podkit.workspace.rendering import text_value, toml_value


def edited(text: str, changes: Mapping[str, Any]) -> str:
    """The text with keys set (values of the model) or removed (None).

    Raises:
        UsageError: a key leads through something that is no table.
        RecordError: the text is not TOML.
    """
    try:
        document = tomlkit.parse(text)
        for key, value in changes.items():
            _change(document, key, value)
        return tomlkit.dumps(document)
    except TOMLKitError as error:
        raise RecordError(f"it cannot be edited: {error}") from error


def rewritten(text: str, changes: Mapping[KeyPath, str], new: Mapping[str, str]) -> str:
    """The text with other texts at keys that are there, also inside lists, and new keys.

    Args:
        text: a whole record.
        changes: by the way to a key.
        new: by dotted key of a table that is there, such as `show.guid`; put behind its last key.

    Raises:
        RecordError: the text is not TOML, such a key is not there, or more would change than that.
    """
    wanted = tomllib.loads(text)
    try:
        document = tomlkit.parse(text)
        for path, value in changes.items():
            _within(document, path[:-1])[path[-1]] = text_value(value)
            _within(wanted, path[:-1])[path[-1]] = value
        for key, value in new.items():
            above, _, name = key.rpartition(".")
            _insert_after_last(document[above], name, text_value(value))
            wanted[above][name] = value
        made = tomlkit.dumps(document)
    except (TOMLKitError, LookupError, TypeError) as error:
        raise RecordError(f"it cannot be edited: {error}") from error
    if tomllib.loads(made) != wanted:
        raise RecordError("it cannot be edited without changing more than was meant")
    return made


def _within(tables: Any, path: KeyPath) -> Any:
    for part in path:
        tables = tables[part]
    return tables


def _insert_after_last(table: Any, name: str, item: Item) -> None:
    """Behind the last key that has a plain value, before comments and tables that follow it."""
    body = table.value.body if isinstance(table, Table) else []
    plain = [k for k, v in body if k is not None and not isinstance(v, Table | AoT)]
    if plain:
        table.value._insert_after(plain[-1], name, item)  # noqa: SLF001 (tomlkit has no public one)
    else:
        table[name] = item


def _change(document: tomlkit.TOMLDocument, key: str, value: Any) -> None:
    *above, name = key.split(".")
    table: MutableMapping[str, Any] = document
    for part in above:
        if part not in table:
            if value is None:
                return
            table[part] = tomlkit.table()
        inner = table[part]
        if not isinstance(inner, MutableMapping):
            raise UsageError(f"{key!r} leads through {part!r}, which is no table")
        table = inner
    if value is None:
        table.pop(name, None)
        return
    item = _item(value)
    if name not in table and isinstance(document, tomlkit.TOMLDocument) and not above:
        _insert_before_tables(document, name, item)
    else:
        table[name] = item


def _item(value: Any) -> Item:
    return text_value(value) if type(value) is str else toml_value(value)


def _insert_before_tables(document: tomlkit.TOMLDocument, name: str, item: Item) -> None:
    """Put a new top-level key after the last one, before the comments that lead a table in."""
    last = None
    for key, found in document.body:
        if isinstance(found, Table):
            break
        if key is not None and not isinstance(found, Comment | Whitespace):
            last = key.key
    if last is None:
        document[name] = item
    else:
        document._insert_after(last, name, item)  # noqa: SLF001 (tomlkit has no public one)
