"""What TOML knows and JSON does not, dates and times, on its way from one process to another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

# A lone surrogate, which no TOML text can hold: no table of a person's looks like a packed date.
_MARK: Final = "\ud800"
_KINDS: Final[Mapping[str, type[datetime | date | time]]] = {
    kind.__name__: kind for kind in (datetime, date, time)
}


def packed(value: datetime | date | time) -> dict[str, list[str]]:
    """A date or a time as JSON can hold it."""
    return {_MARK: [type(value).__name__, value.isoformat()]}


def unpacked(table: dict[str, Any]) -> Any:
    """The date or time that `packed` made a table of; any other table as it is."""
    if _MARK not in table:
        return table
    kind, text = table[_MARK]
    return _KINDS[kind].fromisoformat(text)
