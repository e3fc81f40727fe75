"""The texts that people edit, read as TOML, and all that is wrong in one told in one error."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli

from podkit import files
from podkit.errors import RecordError
from podkit.workspace.lines import KeyPath, key_lines, line_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in a file, and the key that it is about."""

    key: KeyPath
    message: str
    line: int | None = None


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
    for fault in faults:
        line = fault.line or line_of(fault.key, lines)
        place = ", ".join(filter(None, [f"line {line}" if line else "", dotted(fault.key)]))
        told.append(f"{place}: {fault.message}" if place else fault.message)
    count = "a fault" if len(told) == 1 else f"{len(told)} faults"
    return RecordError("\n".join([f"{where} has {count}", *told]), where=where)


def together(errors: Sequence[RecordError]) -> RecordError:
    """The faults of several files as one error, each line with its file."""
    if len(errors) == 1:
        return errors[0]
    told = [
        f"{error.where}, {line}" if line[:5] == "line " else f"{error.where}: {line}"
        for error in errors
        for line in error.message.splitlines()[1:]
    ]
    hint = next((error.hint for error in errors if error.hint), "")
    return RecordError(
        "\n".join([f"{len(told)} faults in {len(errors)} files", *told]),
        where=errors[0].where,
        hint=hint,
    )


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
        fault = Fault(key=(), message="it is not UTF-8 text", line=line)
        raise record_error(where, [fault]) from error


def parse_toml(text: str, where: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        RecordError: it is not TOML, repeats a key, or is nested without end.
    """
    try:
        return tomli.loads(text)
    except RecursionError:
        raise record_error(where, [Fault(key=(), message="it is nested too deeply")]) from None
    except ValueError as error:
        message = re.sub(r" \(at (?:line \d+, column \d+|end of document)\)", "", str(error))
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        fault = Fault(key=(), message=f"not TOML: {message[:1].lower()}{message[1:]}", line=line)
        raise record_error(where, [fault]) from error
