"""How TOML tables become records: by the type hints of the model's classes, all faults at once.

Strings stay strings and nothing is coerced; what is not meant to be there gets a "did you mean".
"""

from __future__ import annotations

import collections.abc
import functools
import math
import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING as NO_DEFAULT
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Any, Final, TypeVar, Union, cast, get_args, get_origin

from podkit.errors import PodkitError
from podkit.model import text as gate
from podkit.model.timecode import resolve_local
from podkit.registry import did_you_mean
from podkit.workspace.examples import as_table, instead
from podkit.workspace.faults import MISSING, Fault, record_error
from podkit.workspace.hints import hints_of
from podkit.workspace.lines import KeyPath

T = TypeVar("T")
Convert = Callable[[Any, KeyPath, "Reader"], Any]

_BAD: Final = object()
_FEW: Final = 12
"""So many known keys may be listed when none is near."""


class Reader:
    """Makes records of one file's tables and remembers every fault on the way.

    Args:
        zone: the zone of dates that are written without one.
        release_time: the wall-clock time of bare dates.
    """

    def __init__(self, *, zone: tzinfo = UTC, release_time: time = time(6)) -> None:
        self.zone = zone
        self.release_time = release_time
        self.faults: list[Fault] = []

    def fault(self, key: KeyPath, message: str) -> object:
        """Remember a fault; gives the mark of a value that is none."""
        self.faults.append(Fault(key=key, message=message))
        return _BAD

    def record(
        self,
        kind: type[T],
        table: Mapping[str, object],
        key: KeyPath = (),
        *,
        given: Mapping[str, object] | None = None,
    ) -> T | None:
        """A record of one table, or None when something in it is wrong.

        Args:
            kind: a dataclass of the model.
            table: what TOML has there.
            key: where the table stands in its file.
            given: fields that do not come from the file; as keys they are unknown.
        """
        made = _from_table(kind, table, key, self, given or {})
        return None if made is _BAD else cast("T", made)

    def check(self, where: str, text: str) -> None:
        """Stop here when there were faults.

        Raises:
            RecordError: all of them.
        """
        if self.faults:
            raise record_error(where, self.faults, text)


@functools.cache
def _converters(kind: type) -> dict[str, Convert]:
    return {name: _converter(hint) for name, hint in hints_of(kind).items()}


@functools.cache
def _required(kind: type) -> tuple[str, ...]:
    return tuple(
        f.name for f in fields(kind) if f.default is NO_DEFAULT and f.default_factory is NO_DEFAULT
    )


def unknown(word: str, known: collections.abc.Iterable[str]) -> str:
    """What to say of a key that nobody knows."""
    names = list(known)
    advice = did_you_mean(word, names)
    if advice.startswith("known:") and len(names) > _FEW:
        return "unknown key"
    return f"unknown key; {advice}"


def _from_table(
    kind: type, table: Mapping[str, Any], key: KeyPath, reader: Reader, given: Mapping[str, object]
) -> object:
    converters = _converters(kind)
    values = dict(given)
    good = True
    for name, value in table.items():
        if name not in converters or name in given:
            known = (k for k in converters if k not in given)
            reader.fault((*key, name), unknown(name, known))
            good = False
            continue
        made = converters[name](value, (*key, name), reader)
        good = good and made is not _BAD
        values[name] = made
    for name in _required(kind):
        if name not in values:
            reader.fault((*key, name), MISSING)
            good = False
    if not good:
        return _BAD
    return _build(lambda: kind(**values), key, reader)


def _build(make: Callable[[], object], key: KeyPath, reader: Reader) -> object:
    try:
        return make()
    except PodkitError as error:
        return reader.fault(key, error.message)
    except ValueError as error:
        return reader.fault(key, str(error))


@functools.cache
def _converter(hint: Any) -> Convert:
    origin, inner = get_origin(hint), get_args(hint)
    convert: Convert = _SCALARS.get(hint, _anything)
    if origin in {Union, types.UnionType}:
        convert = _one_of([h for h in inner if h is not type(None)])
    elif origin is tuple:
        convert = functools.partial(_many, _converter(inner[0]))
    elif origin is collections.abc.Mapping:
        convert = functools.partial(_mapping, _converter(inner[1]))
    elif isinstance(hint, type) and issubclass(hint, StrEnum):
        convert = functools.partial(_word, hint)
    elif isinstance(hint, type) and is_dataclass(hint):
        convert = functools.partial(_record, hint)
    return convert


def _one_of(hints: list[Any]) -> Convert:
    converters = [_converter(hint) for hint in hints]
    if len(converters) == 1:
        return converters[0]
    tables = next(c for h, c in zip(hints, converters, strict=True) if is_dataclass(h))
    others = next(c for h, c in zip(hints, converters, strict=True) if not is_dataclass(h))

    def either(value: Any, key: KeyPath, reader: Reader) -> object:
        return (tables if isinstance(value, dict) else others)(value, key, reader)

    return either


def _many(convert: Convert, value: Any, key: KeyPath, reader: Reader) -> object:
    if not isinstance(value, list):
        one = convert(value, key, reader)
        return one if one is _BAD else (one,)
    made = tuple(convert(member, (*key, i), reader) for i, member in enumerate(value))
    return _BAD if any(m is _BAD for m in made) else made


def _mapping(convert: Convert, value: Any, key: KeyPath, reader: Reader) -> object:
    if not isinstance(value, dict):
        return reader.fault(key, instead("a table", value))
    made = {name: convert(member, (*key, name), reader) for name, member in value.items()}
    return _BAD if any(m is _BAD for m in made.values()) else made


def _record(kind: type, value: Any, key: KeyPath, reader: Reader) -> object:
    if isinstance(value, dict):
        return _from_table(kind, value, key, reader, {})
    bare = getattr(kind, "BARE", None)
    if bare is not None:
        made = _converters(kind)[bare](value, key, reader)
        return made if made is _BAD else _build(lambda: kind(**{bare: made}), key, reader)
    parse = getattr(kind, "parse", None)
    if parse is not None and isinstance(value, str):
        return _build(lambda: parse(gate.clean(value)), key, reader)
    if parse is not None:
        return reader.fault(key, instead("text", value, key))
    return reader.fault(key, f"{instead('a table', value)}; {as_table(_shown(kind))}")


def _shown(kind: type) -> tuple[str, ...]:
    """The keys by which a table is shown: those that it must have, else all that are text."""
    return _required(kind) or tuple(key for key, hint in hints_of(kind).items() if hint is str)


def _word(kind: type[StrEnum], value: Any, key: KeyPath, reader: Reader) -> object:
    if not isinstance(value, str):
        return reader.fault(key, instead("text", value, key))
    try:
        return kind(value)
    except ValueError:
        advice = did_you_mean(value, [str(member) for member in kind])
        return reader.fault(key, f"{gate.display(value)!r} is not one of its words; {advice}")


def _text(value: Any, key: KeyPath, reader: Reader) -> object:
    if not isinstance(value, str):
        return reader.fault(key, instead("text", value, key))
    return value if value.isascii() and value.isprintable() else gate.clean(value)


def _truth(value: Any, key: KeyPath, reader: Reader) -> object:
    return (
        value
        if isinstance(value, bool)
        else reader.fault(key, instead("true or false", value, key))
    )


def _whole(value: Any, key: KeyPath, reader: Reader) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return reader.fault(key, instead("a whole number", value, key))


def _number(value: Any, key: KeyPath, reader: Reader) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            made = float(value)
        except OverflowError:
            made = math.inf
        return made if math.isfinite(made) else reader.fault(key, "must be a finite number")
    return reader.fault(key, instead("a number", value, key))


def _moment(value: Any, key: KeyPath, reader: Reader) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, reader.release_time)
    if not isinstance(value, datetime):
        return reader.fault(key, instead("a date", value))
    if value.tzinfo is not None:
        return value
    try:
        aware = resolve_local(value, reader.zone)
    except OverflowError:
        return reader.fault(key, "it is too far away for a date")
    except PodkitError as error:
        return reader.fault(key, f"{error.message}; {error.hint}")
    # PEP 495: in an hour that comes twice, a moment in a named zone equals no other zone's moment.
    return aware.replace(tzinfo=timezone(aware.utcoffset() or timedelta()), fold=0)


def _day(value: Any, key: KeyPath, reader: Reader) -> object:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return reader.fault(key, instead("a date", value))


def _clock(value: Any, key: KeyPath, reader: Reader) -> object:
    if isinstance(value, str):
        try:
            value = time.fromisoformat(value)
        except ValueError:
            return reader.fault(key, 'must be a time of day, as in "06:00"')
    if isinstance(value, time) and value.tzinfo is None:
        return value
    return reader.fault(key, 'must be a time of day, as in "06:00"')


def _anything(value: Any, _key: KeyPath, _reader: Reader) -> object:
    if isinstance(value, str):
        return gate.clean(value)
    if isinstance(value, list):
        return [_anything(member, _key, _reader) for member in value]
    if isinstance(value, dict):
        return {name: _anything(member, _key, _reader) for name, member in value.items()}
    return value


_SCALARS: Final[dict[Any, Convert]] = {
    str: _text,
    bool: _truth,
    int: _whole,
    float: _number,
    datetime: _moment,
    date: _day,
    time: _clock,
}
