"""How a value of each kind is written, for whoever wrote another one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Final

from podkit.model.text import display

_KINDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "true or false"),
    (str, "text"),
    (int, "a whole number"),
    (float, "a number"),
    (date, "a date"),
    (time, "a time"),
    (list, "a list"),
    (dict, "a table"),
)
SECRET: Final = frozenset(["token"])
"""Keys whose values no message may show."""

_TRUTHS: Final = {"true", "false", "yes", "no"}


def instead(wanted: str, value: object, key: Sequence[object] = ()) -> str:
    """What to say of a key's value of another kind, and how the wanted kind is written."""
    found = next((name for kind, name in _KINDS if isinstance(value, kind)), "something else")
    how = "" if SECRET & set(key) else _how(wanted, value)
    return f"must be {wanted}, not {found}" + (f"; {how}" if how else "")


def as_table(keys: Iterable[str]) -> str:
    """How a table with these keys is written."""
    return "write it as { " + ", ".join(f'{key} = "…"' for key in keys) + " }"


def _how(wanted: str, value: object) -> str:
    """How to write it; empty where the wanted kind says enough."""
    if wanted == "text" and not isinstance(value, str):
        return _quoted(value)
    if not isinstance(value, str):
        return ""
    if wanted == "true or false":
        plain = value.strip().lower()
        return "write true or false, without quotes" if plain in _TRUTHS else ""
    if wanted in {"a whole number", "a number"} and re.fullmatch(r"\s*-?\d+\s*", value):
        return f"write it without quotes: {display(value.strip())}"
    return "write it without quotes" if wanted == "a date" and _is_date(value) else ""


def _quoted(value: object) -> str:
    """How it is written as text; 1e5 and 1.50 are read as other signs than stand there."""
    if isinstance(value, bool):
        return f'write it between quotes: "{str(value).lower()}"'
    if isinstance(value, int) and abs(value) < 10**15:
        return f'write it between quotes: "{value}"'
    is_scalar = isinstance(value, int | float | date | time)
    return "write it between quotes, as it stands there" if is_scalar else ""


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip())
    except ValueError:
        return False
    return True
