"""What `KEY=VALUE` typed on the command line means, by the type of the key in an episode's record."""

from __future__ import annotations

import collections.abc
import tomllib
import types
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from typing import Any, Final, Union, get_args, get_origin

from podkit.errors import UsageError
from podkit.model.episode import Episode
from podkit.model.text import clean
from podkit.model.timecode import parse_moment
from podkit.registry import did_you_mean
from podkit.workspace.episode_file import NOT_IN_FILE
from podkit.workspace.hints import hints_of

_TRUTHS: Final = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}

# Keys that podkit itself keeps, and what to do instead.
_KEPT: Final = {
    "guid": "it was written once, for life: players know the episode by it",
    "guid_permalink": "it belongs to the GUID, which was written once, for life",
    "slug": "it is the folder's name",
    "notes": "edit notes.md in the episode's folder",
}
# What lies beside a master, as a file.
_ATTACHED: Final = frozenset(["chapters", "transcript", "transcripts", "master"])
_EXAMPLES: Final = {str: '"…"', int: "1", float: "1.5", bool: "true"}
_KEPT_OF_MASTER: Final = frozenset(["file", "sha256", "bytes", "duration", "video", "damaged"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What dates are understood by: `now`, the show's zone and its release time."""

    now: datetime
    zone: tzinfo
    release_time: time


def split(assignment: str) -> tuple[str, str]:
    """Key and value of `KEY=VALUE`, split at the first `=`.

    Raises:
        UsageError: there is no `=`, or no key.
    """
    key, equals, value = assignment.partition("=")
    if not equals or not key.strip():
        raise UsageError(f"{assignment!r} is not KEY=VALUE", hint='as in title="A new title"')
    return key.strip(), value


def value_of(key: str, text: str, clock: Clock) -> Any:
    """The value that `text` stands for at a dotted key; None for empty text, which removes it.

    Strings need no quotes; lists are TOML (`["mp3", "m4a"]`) or one value; tables are TOML.

    Raises:
        UsageError: the key is unknown or not to be changed, or the text is not of its type.
    """
    hint = _hint_of(key)
    return None if not text.strip() else _typed(hint, text, key, clock)


def _hint_of(key: str) -> Any:
    parts = key.split(".")
    if parts[0] in _KEPT:
        raise UsageError(f"{parts[0]} cannot be set", hint=_KEPT[parts[0]])
    if parts[0] == "masters" and len(parts) == 3 and parts[2] in _KEPT_OF_MASTER:
        raise UsageError(
            f"{key} cannot be set: it describes the file as it was added",
            hint="podkit attach takes in another file",
        )
    hint: Any = Episode
    for part in parts:
        kind = _table_of(hint)
        if kind is None:
            raise UsageError(f"unknown key {key!r}: nothing lies below that")
        if get_origin(kind) is collections.abc.Mapping:
            hint = get_args(kind)[1]
            continue
        known = {n: h for n, h in hints_of(kind).items() if n not in NOT_IN_FILE}
        if part not in known:
            attached = part in _ATTACHED and kind is Episode
            hint = (
                "podkit attach EPISODE FILE takes it in" if attached else did_you_mean(part, known)
            )
            raise UsageError(f"unknown key {key!r}", hint=hint)
        hint = known[part]
    return hint


def _choices(hint: Any) -> list[Any]:
    if get_origin(hint) in {Union, types.UnionType}:
        return [h for h in get_args(hint) if h is not type(None)]
    return [hint]


def _table_of(hint: Any) -> Any:
    """The dataclass or mapping among what a key may hold."""
    for choice in _choices(hint):
        if is_dataclass(choice) or get_origin(choice) is collections.abc.Mapping:
            return choice
    return None


def _typed(hint: Any, text: str, key: str, clock: Clock) -> Any:
    bare = text.strip()
    choices = _choices(hint)
    if bare.startswith("{") and _table_of(_inner(hint)) is not None:
        return _toml(bare, key)
    kind = choices[0] if len(choices) == 1 else next(c for c in choices if not is_dataclass(c))
    if get_origin(kind) is tuple:
        return _toml(bare, key) if bare.startswith("[") else _one(kind, text, key, clock)
    if is_dataclass(kind):
        field = getattr(kind, "BARE", None)
        if field is None:
            raise UsageError(f"{key} is a table", hint=f"as in {key}='{_example(kind)}'")
        return _typed(hints_of(kind)[field], text, key, clock)  # type: ignore[arg-type]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return _word(kind, bare, key)
    scalar = _SCALARS.get(kind)
    if scalar is None:
        raise UsageError(f"{key} is a table", hint="set the keys below it, or edit the file")
    return scalar(text, key, clock)


def _inner(hint: Any) -> Any:
    """What one member of a list may be; any other hint itself."""
    for choice in _choices(hint):
        if get_origin(choice) is tuple:
            return get_args(choice)[0]
    return hint


def _one(kind: Any, text: str, key: str, clock: Clock) -> list[Any]:
    member = get_args(kind)[0]
    if "," in text:
        parts = ", ".join(f'"{part.strip()}"' for part in text.split(","))
        raise UsageError(f"{key} is a list", hint=f"write {key}='[{parts}]'")
    if is_dataclass(member) and getattr(member, "BARE", None) is None:
        hint = f"as in {key}='[{_example(member)}]'"
        raise UsageError(f"{key} is a list of tables", hint=hint)
    return [_typed(member, text, key, clock)]


def _example(kind: Any) -> str:
    """A table with the keys that it must have, as a person may type it."""
    hints = hints_of(kind)
    needed = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]
    keys = [key for key in needed or hints if hints[key] in _EXAMPLES]
    return "{ " + ", ".join(f"{key} = {_EXAMPLES[hints[key]]}" for key in keys) + " }"


def _toml(text: str, key: str) -> Any:
    try:
        tables = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError) as error:
        raise UsageError(
            f"{key}: {text!r} is not TOML: {error}", hint="""write it as '["one", "two"]'"""
        ) from error
    if set(tables) != {"value"}:
        raise UsageError(f"{key}: {text!r} is more than one value")
    return tables["value"]


def _word(kind: type[StrEnum], text: str, key: str) -> StrEnum:
    try:
        return kind(text.lower())
    except ValueError:
        words = [str(member) for member in kind]
        raise UsageError(f"{text!r} is no {key}", hint=did_you_mean(text, words)) from None


def _truth(text: str, key: str, _clock: Clock) -> bool:
    try:
        return _TRUTHS[text.strip().lower()]
    except KeyError:
        raise UsageError(f"{key} is true or false, not {text!r}") from None


def _whole(text: str, key: str, _clock: Clock) -> int:
    if not text.strip().lstrip("-").isdecimal():
        raise UsageError(f"{key} is a whole number, not {text!r}")
    return int(text)


def _number(text: str, key: str, _clock: Clock) -> float:
    try:
        return float(text)
    except ValueError:
        raise UsageError(f"{key} is a number, not {text!r}") from None


def _moment(text: str, _key: str, clock: Clock) -> datetime:
    return parse_moment(text, now=clock.now, zone=clock.zone, release_time=clock.release_time)


_SCALARS: Final[dict[Any, Callable[[str, str, Clock], Any]]] = {
    str: lambda text, _key, _clock: clean(text),
    bool: _truth,
    int: _whole,
    float: _number,
    datetime: _moment,
    date: lambda text, key, clock: _moment(text, key, clock).date(),
}
