"""A step's report as JSON, and the exit code that it ends with."""

from __future__ import annotations

import base64
import dataclasses
import json
import math
import os
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from pathlib import PurePath
from typing import Any

from podkit.model.text import display

PARTLY = 4
FOUND = 3

# What json.dumps leaves as it is although a terminal may obey it or show it as something else:
# controls, format characters, separators of lines. JSON has none of these outside of strings, so
# each may be written as an escape.
_UNUSUAL = re.compile("[^\n -~]")
_UNSEEN = frozenset(["Cc", "Cf", "Cs", "Zl", "Zp"])


def to_json(value: object) -> Any:
    r"""Plain lists, dicts, strings and numbers of a report.

    Moments become ISO 8601, paths text, NaN and Infinity null. Bytes of a name that are no UTF-8
    are written `\xNN`; beside the key stands `KEY_base64` with the name's own bytes.
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [f.name for f in dataclasses.fields(value) if f.repr]  # not a picture's bytes
        return _mapping({name: getattr(value, name) for name in fields if name != "exit_code"})
    if isinstance(value, Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(item) for item in value]
    return _plain(value)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return _text(str(value))


def _mapping(items: Mapping[Any, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, value in items.items():
        name = _text(str(key.value if isinstance(key, Enum) else key)).rstrip("_")
        plain[name] = to_json(value)
        if isinstance(value, str | PurePath) and _is_undecodable(str(value)):
            plain[f"{name}_base64"] = base64.b64encode(os.fsencode(str(value))).decode("ascii")
    return plain


def _is_undecodable(text: str) -> bool:
    return not text.isascii() and any("\udc80" <= char <= "\udcff" for char in text)


def _text(text: str) -> str:
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return "".join(display(c) if "\ud800" <= c <= "\udfff" else c for c in text)


def dumps(value: object, *, indent: int | None = 2, ascii_only: bool = False) -> str:
    """The JSON text of a report, safe in a terminal.

    Args:
        value: whatever `to_json` takes.
        indent: spaces; None for one line.
        ascii_only: for a stream that cannot carry every character.
    """
    text = json.dumps(to_json(value), indent=indent, ensure_ascii=ascii_only, allow_nan=False)
    return _UNUSUAL.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    if unicodedata.category(found[0]) not in _UNSEEN:
        return found[0]
    units = found[0].encode("utf-16-be")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def failures(report: object) -> tuple[Any, ...]:
    """What failed in a report, its transcode part included."""
    inner = getattr(report, "transcode", None)
    return (*(getattr(report, "failed", None) or ()), *(failures(inner) if inner else ()))


def warned(report: object) -> tuple[dict[str, object], ...]:
    """What a report warns of in files, each file that there is something to say of once."""
    told = (one for one in getattr(report, "files", None) or () if getattr(one, "warnings", ()))
    files = ({"path": one.path, "warnings": one.warnings} for one in told)
    whole = general(report)
    return (*([{"path": report.feed, "warnings": whole}] if whole else ()), *files)  # type: ignore[attr-defined]


def general(report: object) -> tuple[str, ...]:
    """What the report on a feed that was read warns of."""
    return tuple(getattr(report, "warnings", ())) if hasattr(report, "feed") else ()


def exit_code(report: object, *, foreseen: bool = False) -> int:
    """0 when nothing failed, 4 when some did, else the code of the failures themselves (1, 2, 75).

    Args:
        report: what a step returned.
        foreseen: whether a dry run found something that would be done.
    """
    failed = failures(report)
    if not failed:
        return PARTLY if _holds_back_a_fault(report) else 0
    if foreseen or _anything_done(report):
        return PARTLY
    codes = {int(getattr(failure, "exit_code", 1)) for failure in failed}
    return codes.pop() if len(codes) == 1 else 1


_WAITING = frozenset(["scheduled", "draft"])


def _holds_back_a_fault(report: object) -> bool:
    """Whether an episode is held back for a fault, and not because its time has not come.

    Only to a target everything has to go; elsewhere what is not made yet is simply not there.
    """
    held = getattr(report, "held", None) or ()
    if hasattr(report, "target"):
        return any(one.reason not in _WAITING for one in held)
    return any(getattr(one, "broken", False) for one in held)


# The keys of reports under which lies what succeeded.
_DONE = ("added", "attached", "done", "skipped", "files", "changed", "feeds")


def _anything_done(report: object) -> bool:
    inner = getattr(report, "transcode", None)
    if inner is not None and _anything_done(inner):
        return True
    return any(
        isinstance(getattr(report, key, None), tuple) and getattr(report, key) for key in _DONE
    )
