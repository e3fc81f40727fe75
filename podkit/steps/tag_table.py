"""Tags of many files from one table: CSV as spreadsheets write it, or what `podkit tag --json` prints."""

from __future__ import annotations

import base64
import csv
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from podkit.errors import FormatError, UsageError
from podkit.formats import json_text
from podkit.formats.shelf import shown
from podkit.model.tags import FIELDS
from podkit.registry import did_you_mean
from podkit.steps.attachments import TEXT_LIMIT, read_bytes
from podkit.steps.tag_paths import identity
from podkit.tags.fields import normal

_DELIMITERS = ",;\t"
_PATH, _EXACT = "path", "path_base64"
_LIKE_PATH = frozenset(["file", "filename", "file name", "file_name", "filepath", "name"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The fields of one file; `where` names the row in messages."""

    path: Path
    fields: dict[str, str]
    where: str


def read_table(path: Path, here: Path) -> dict[str, Row]:
    """The rows of a table by `tag_paths.identity` of their files; every value is checked.

    An empty cell leaves the tag as it is. Relative paths start in the current folder.

    Args:
        path: the table.
        here: the current folder, or that of -C.

    Raises:
        FileError: it cannot be read.
        FormatError: it does not parse, or a row's key or value cannot be stored.
    """
    content = read_bytes(path, TEXT_LIMIT)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(
            f"it is not UTF-8 text (byte {error.start})",
            where=path,
            hint="save it as `CSV UTF-8`",
        ) from error
    rows: dict[str, Row] = {}
    try:
        listed = _json(text) if text.lstrip().startswith(("{", "[")) else _csv(text)
        for row in listed:
            _add(rows, row, here)
    except FormatError as error:
        raise FormatError(error.message, where=path, hint=error.hint) from error
    return rows


def value_of(key: str, value: str, place: str) -> str:
    """A field's value as it will be stored; a fault names the place and the field, once.

    Raises:
        UsageError: it is no value of this field.
    """
    try:
        return normal(key, value)
    except UsageError as error:
        named = error.message if error.message.startswith(key) else f"{key}: {error.message}"
        raise UsageError(place + named, hint=error.hint) from error


def _add(rows: dict[str, Row], row: Row, here: Path) -> None:
    """Take a row in; a file that has one already gets the rest of its fields."""
    path = Path(os.path.normpath(here / row.path))
    before = rows.setdefault(identity(path), Row(path=path, fields={}, where=row.where))
    for key, value in _checked(row).items():
        if before.fields.setdefault(key, value) != value:
            raise FormatError(
                f"{row.where}, {key}: {before.where} says {before.fields[key]!r} "
                f"of the same file, this one {value!r}",
                hint="leave one of them out",
            )


def _checked(row: Row) -> dict[str, str]:
    found = {}
    for key, value in row.fields.items():
        if key not in FIELDS:
            raise FormatError(
                f"{row.where}: unknown tag {key!r}", hint=did_you_mean(key, [_PATH, *FIELDS])
            )
        try:
            stored = value_of(key, value, f"{row.where}, ")
        except UsageError as error:
            raise FormatError(error.message, hint=error.hint) from error
        if stored:
            found[key] = stored
    return found


def _csv(text: str) -> Iterator[Row]:
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # Excel's own hint
        text, skipped, delimiter = rest, 1, first.strip()[4]
    else:
        delimiter = _delimiter(first)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    keys: list[str] = []
    try:
        for cells in reader:
            where = f"line {skipped + reader.line_num}"
            if not keys:
                keys = _head(cells, where)
            elif any(cell.strip() for cell in cells):
                yield _row(keys, cells, where)
    except csv.Error as error:
        raise FormatError(f"line {skipped + reader.line_num}: {error}") from error
    if not keys:
        raise FormatError("it is empty", hint="its first line names the columns: path,title,…")


def _delimiter(first: str) -> str:
    """What separates the column names: the sign that there is most of."""
    return max(_DELIMITERS, key=first.count)


def _head(cells: list[str], where: str) -> list[str]:
    keys = [cell.strip().lower() for cell in cells]
    while keys and not keys[-1]:  # spreadsheets write empty columns behind the last one
        keys.pop()
    if _PATH not in keys:
        like = next((key for key in keys if key in _LIKE_PATH), "")
        raise FormatError(
            f"{where}: it names no column `path`",
            hint=f"call the column {like!r} path"
            if like
            else "the first line names the columns, as in: path,title,artist",
        )
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise FormatError(f"{where}: two columns are called {twice[0]!r}")
    for number, key in enumerate(keys, 1):
        if key not in {*FIELDS, _PATH, _EXACT}:
            raise FormatError(
                f"{where}: column {number} is called {key!r}, which is no tag",
                hint=did_you_mean(key, [_PATH, *FIELDS]),
            )
    return keys


def _row(keys: list[str], cells: list[str], where: str) -> Row:
    while len(cells) > len(keys) and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != len(keys):
        raise FormatError(
            f"{where}: it has {len(cells)} cell{'s' * (len(cells) != 1)}, "
            f"the first line has {len(keys)}",
            hint='put quotes around a cell with the separator in it: "One, two"',
        )
    fields = dict(zip(keys, cells, strict=True))
    path = _path(fields.pop(_PATH), fields.pop(_EXACT, ""), where)
    return Row(path=path, fields={k: v for k, v in fields.items() if v.strip()}, where=where)


def _path(word: str, exact: str, where: str) -> Path:
    """The path of a row; where its name is no UTF-8, by the bytes beside it."""
    if exact.strip():
        try:
            word = os.fsdecode(base64.b64decode(exact, validate=True))
        except ValueError:
            raise FormatError(f"{where}, {_EXACT}: it is not base64") from None
    if not word.strip() or "\0" in word:
        raise FormatError(f"{where}: its path is empty" if not word.strip() else f"{where}: a NUL")
    return Path(word)


def _json(text: str) -> Iterable[Row]:
    hint = "podkit tag --json prints such a table"
    try:
        listed = json_text.load(text).get("files")
    except FormatError as error:
        raise FormatError(error.message, hint=hint) from error
    if not isinstance(listed, list):
        raise FormatError('it has no list "files"', hint=hint)
    return [_item(one, f"file {number}") for number, one in enumerate(listed, 1)]


def _item(one: Any, where: str) -> Row:
    if not isinstance(one, dict) or not isinstance(one.get(_PATH), str):
        raise FormatError(f'{where}: it has no text "path"')
    tags = one.get("tags")
    exact = one.get(_EXACT, "")
    if not isinstance(tags, dict) or not isinstance(exact, str):
        raise FormatError(f'{where}: it has no object "tags"')
    for key, value in tags.items():
        if not isinstance(value, str):
            raise FormatError(f"{where}, {key}: {shown(value)} is not a text")
    path = _path(one[_PATH], exact, where)
    return Row(path=path, fields=dict(tags), where=f"{where} ({path.name})")
