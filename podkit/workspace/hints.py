"""The type hints of the model's classes, by which files are read and spoken of."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

from podkit.model.episode import Episode
from podkit.model.show import Podcast


@functools.cache
def hints_of(kind: type) -> dict[str, Any]:
    """The types of a dataclass's fields, by name."""
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind)}


@functools.cache
def truth_keys() -> frozenset[str]:
    """The keys that are true or false in any table of a show or an episode."""
    truths: set[str] = set()
    seen: set[type] = set()
    left: list[type] = [Podcast, Episode]
    while left:
        kind = left.pop()
        if kind in seen:
            continue
        seen.add(kind)
        for name, hint in hints_of(kind).items():
            parts = list(_parts(hint))
            if bool in parts:
                truths.add(name)
            left += [part for part in parts if isinstance(part, type) and is_dataclass(part)]
    return frozenset(truths)


def _parts(hint: Any) -> Iterator[Any]:
    """A hint and all that it is made of."""
    yield hint
    for part in get_args(hint):
        yield from _parts(part)
