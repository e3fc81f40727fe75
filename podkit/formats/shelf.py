"""What a text format offers, and the one way in which it says where a text is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from podkit.errors import FormatError, UsageError
from podkit.model.text import clean
from podkit.registry import Registry

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFormat(Generic[T]):
    """One way to write chapters or transcripts down.

    `suffixes` are how its files end, lower case, with the dot; `opens` says whether a text (without
    byte order mark and leading white space) is certainly of this format. `format` is None where
    podkit only reads. `carries` names what it holds besides times and words: of chapters `end`,
    `url`, `image`, `hidden`, `extra`, of transcripts `speaker`, `times`, `ends`, `language`.
    `odd` gives lines that are read and not meant so, by number; `left_out` says what a text holds
    that is not read at all.
    """

    name: str
    suffixes: tuple[str, ...]
    mime: str
    parse: Callable[[str], T]
    format: Callable[[T], str] | None
    opens: Callable[[str], bool]
    carries: frozenset[str] = frozenset()
    odd: Callable[[str], tuple[tuple[int, str], ...]] = lambda _: ()
    left_out: Callable[[str], tuple[str, ...]] = lambda _: ()


def which(shelf: Registry[TextFormat[T]], name: str, text: str) -> str:
    """The format of a text by how it begins, else by its file's name, else an empty string."""
    start = text.removeprefix("\ufeff").lstrip()
    suffix = os.path.splitext(name)[1].lower()
    for key, item in shelf.items():
        if item.opens(start):
            return key
    return next((key for key, item in shelf.items() if suffix in item.suffixes), "")


def written(shelf: Registry[TextFormat[T]], value: T, name: str) -> str:
    """A value in the format of that name.

    Raises:
        UsageError: there is no such format, or podkit only reads it.
    """
    write = shelf.get(name).format
    if write is None:
        known = ", ".join(key for key, item in shelf.items() if item.format is not None)
        raise UsageError(f"podkit reads {name} and does not write it", hint=f"known: {known}")
    return write(value)


def lines_of(text: str) -> list[str]:
    r"""The lines, whatever ends them: `\n`, `\r\n` or `\r`; no byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")


def wrong(line: int, why: str, *, hint: str = "") -> FormatError:
    """The error for one line of a text, counted from 1."""
    return FormatError(f"line {line}: {why}", hint=hint)


def seconds(value: object, what: str) -> float:
    """A time in a JSON document, to the millisecond.

    Raises:
        FormatError: it is no number of seconds from zero to 10,000 hours.
    """
    number: Any = value
    if isinstance(value, str):
        try:
            number = float(value)
        except ValueError:
            number = None
    if isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= 3.6e7:
        raise FormatError(f"{what} is {shown(value)}, not a number of seconds")
    return round(float(number), 3)


def shown(value: object) -> str:
    """A value of a JSON document as a person knows it."""
    if value is None or isinstance(value, bool):
        return {None: "not given", True: "true", False: "false"}[value]
    if isinstance(value, dict | list):
        return "a list" if isinstance(value, list) else "an object"
    return repr(value) if isinstance(value, str) and len(value) <= 40 else str(value)[:40]


def number(value: float) -> int | float:
    """A time for a JSON document: whole seconds without a decimal point."""
    rounded = round(value, 3)
    return int(rounded) if rounded == int(rounded) else rounded


def word(value: object) -> str:
    """A text in a document, as podkit stores it; what is no text counts as none."""
    return clean(value).strip() if isinstance(value, str) else ""
