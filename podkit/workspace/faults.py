"""The texts that people edit, read as TOML, and all that is wrong in one told in one error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import tomli

from podkit import files
from podkit.errors import RecordError
from podkit.workspace.lines import KeyPath, key_lines, line_of
from podkit.workspace.toml_place import place_in
from podkit.workspace.toml_words import in_words

MISSING: Final = "it is missing"
_FEW: Final = 3
"""So many hints are given where there are several faults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a file, the key that it is about, and what to do where that is known."""

    key: KeyPath
    message: str
    line: int | None = None
    hint: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether the key is not there."""
        return self.message == MISSING


def dotted(key: KeyPath) -> str:
    """A key as people write it: `people[1].role`."""
    out = ""
    for part in key:
        out += f"[{part}]" if isinstance(part, int) else f".{part}" if out else part
    return out


def record_error(where: str, faults: Sequence[Fault], text: str = "") -> RecordError:
    """All faults of one file as one error: a first line that counts them, then a line for each.

    Args:
        where: the file, as it is shown.
        faults: at least one.
        text: the file's text, to find the lines in.
    """
    lines = key_lines(text) if text else {}
    told = []
    at = [fault.line or line_of(fault.key, lines) for fault in faults]
    for fault, line in zip(faults, at, strict=True):
        place = ", ".join(filter(None, [f"line {line}" if line else "", dotted(fault.key)]))
        told.append(f"{place}: {fault.message}" if place else fault.message)
    count = "a fault" if len(told) == 1 else f"{len(told)} faults"
    hint = _own_hints(faults) or _next(where, at)
    return RecordError("\n".join([f"{where} has {count}", *told]), where=where, hint=hint)


def _own_hints(faults: Sequence[Fault]) -> str:
    """What the faults themselves say is to do; of several each with its key."""
    if len(faults) == 1:
        return faults[0].hint
    hinted = [fault for fault in faults if fault.hint]
    told = [f"{dotted(f.key)}: {f.hint}" if f.key else f.hint for f in hinted]
    return "\n".join([*dict.fromkeys(told)][:_FEW])


def _next(where: str, lines: Sequence[int | None]) -> str:
    """What to do about the faults of a file, on these of its lines."""
    known = sorted({line for line in lines if line})
    if not known:
        return f"mend {where} in an editor, then type the same again"
    place = f"line {known[0]}" if len(known) == 1 else "these lines"
    return f"mend {place} of {where} in an editor, then type the same again"


def together(errors: Sequence[RecordError]) -> RecordError:
    """The faults of several files as one error, each line with its file."""
    if len(errors) == 1:
        return errors[0]
    told = [
        f"{error.where}, {line}" if line[:5] == "line " else f"{error.where}: {line}"
        for error in errors
        for line in error.message.splitlines()[1:]
    ]
    hints = dict.fromkeys(error.hint for error in errors if error.hint)
    return RecordError(
        "\n".join([f"{len(told)} faults in {len(errors)} files", *told]),
        where=errors[0].where,
        hint="\n".join([*hints][:_FEW]),
    )


def refuse_empty(text: str, where: str) -> None:
    """Stop at a file that has lost all that it said.

    Raises:
        RecordError: there is nothing in the text.
    """
    if not text.strip():
        hint = f"take {where} back from version control or from a backup"
        raise record_error(where, [Fault(key=(), message="it is empty", hint=hint)])


def read_text(path: str | Path, where: str) -> str:
    """The text of a file that a person may have edited; a byte order mark is dropped.

    Raises:
        RecordError: it is not UTF-8.
        FileError: it cannot be read.
    """
    content = files.read(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        hint = "save it in an editor as UTF-8"
        fault = Fault(key=(), message="it is not UTF-8 text", line=line, hint=hint)
        raise record_error(where, [fault]) from error


def parse_toml(text: str, where: str, *, secret: bool = False) -> dict[str, Any]:
    """The tables of a TOML text; of a secret one no error tells a value.

    Raises:
        RecordError: it is not TOML, repeats a key, or is nested without end.
    """
    try:
        return tomli.loads(text)
    except RecursionError:
        raise record_error(where, [Fault(key=(), message="it is nested too deeply")]) from None
    except ValueError as error:
        raise record_error(where, [_not_toml(str(error), text, secret=secret)]) from error


def _not_toml(message: str, text: str, *, secret: bool) -> Fault:
    """A reader's message as a fault, with what to write instead."""
    found = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", message)
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (None, None)
    place = place_in(text, line, column)
    said = in_words(message[: found.start()] if found else message, place, secret=secret)
    at = said.at or place.line
    hint = said.hint or (f"write line {at} as in: {said.line}" if said.line else "")
    return Fault(key=(), message=f"not TOML: {said.what}", line=at, hint=hint)
