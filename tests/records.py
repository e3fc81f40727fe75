"""Any record of the model, made by its type hints: what the round-trip laws are tried on."""

from __future__ import annotations

import collections.abc
import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from podkit.model.show import Category
from podkit.model.text import clean, clean_line

NAMES = st.from_regex(r"[A-Za-z0-9]{1,6}([-_][A-Za-z0-9]{1,4})?", fullmatch=True)
_ODD_TEXTS = (
    ["", "Київ", 'a "quoted" \\ one', "two\nlines", '"""', '\'\'\'\n""""', "\\", "# no", "x\t"],
    ["\n", "\nfirst", "last\n", "a\\\n b", "[x]", "{x}", "<b>&amp;</b>", "🎙", "\u2028"],
)
TEXTS = st.one_of(
    st.text(max_size=20).map(clean),
    st.sampled_from([text for texts in _ODD_TEXTS for text in texts]),
)
_ZONES = st.sampled_from(
    [UTC, timezone(timedelta(hours=-3, minutes=-30)), timezone(timedelta(hours=5, minutes=45))]
)
_FIRST, _LAST = datetime(1850, 1, 1), datetime(2999, 1, 1)  # noqa: DTZ001 (hypothesis adds the zone)
MOMENTS = st.one_of(
    st.datetimes(_FIRST, _LAST, timezones=_ZONES),
    st.datetimes(_FIRST, _LAST, timezones=st.just(ZoneInfo("Europe/Kyiv"))).map(
        lambda moment: moment.astimezone(timezone(moment.utcoffset()))
    ),
)
_SCALARS: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    bool: st.booleans(),
    int: st.integers(0, 2**63 - 1),
    float: st.floats(0, 1e18, allow_nan=False),
    datetime: MOMENTS,
    time: st.times(),
    object: TEXTS,
}


def records(kind: type, **known: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Records of a class: fields with a default often keep it; `known` fields are as said."""
    hints = get_type_hints(kind)
    parts = {}
    for f in fields(kind):
        part = known.get(f.name, _any_of(hints[f.name]))
        if f.name not in known and f.default is not MISSING:
            part = st.one_of(st.just(f.default), part)
        parts[f.name] = part
    return st.builds(kind, **parts)


def _any_of(hint: Any) -> st.SearchStrategy[Any]:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in {Union, types.UnionType}:
        return st.one_of(*(_any_of(h) for h in inner if h is not type(None)))
    if origin is tuple:
        return st.lists(_any_of(inner[0]), max_size=3).map(tuple)
    if origin is collections.abc.Mapping:
        return st.dictionaries(NAMES, _any_of(inner[1]), max_size=2)
    if hint is Category:
        return st.builds(Category, name=TEXTS.map(clean_line).filter(bool), sub=TEXTS)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    return records(hint) if is_dataclass(hint) else _SCALARS[hint]
