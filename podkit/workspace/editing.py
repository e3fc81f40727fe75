"""How keys of a TOML text are set and removed with everything else left as a person wrote it."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Comment, Item, Table, Whitespace

from podkit.errors import RecordError, UsageError
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
