"""What a reader of TOML says of a text that is none, in words of people who write no TOML otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from podkit.model.text import display

# What word processors make of quotes.
_QUOTES: Final = "“”„«»‘’‚"
_WORDS: Final = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_UNCLOSED: Final = r"Illegal character '\\n'|Unterminated string|Expected ['\"]{4,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is wrong, and the next thing to do; `line` as a person may write it, empty if unknown."""

    what: str
    hint: str = ""
    line: str = ""


def in_words(message: str, line: str, *, secret: bool = False) -> Said:
    """Put a reader's message about a line of text into plain words.

    Args:
        message: what tomli says, without the place.
        line: the line that it is about, as it stands in the file.
        secret: whether what stands on the line may not be told.
    """
    if secret:
        key = re.match(r"\s*[\w-]*\s*=", line)
        line = f"{key[0]} …" if key else ""
    if line.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return Said(
            what="version control left its marks of a conflict",
            hint="keep one of the two sides, and take the lines with <<<<<<<, ======= and >>>>>>> out",
        )
    if message.startswith("Invalid value"):
        return _value(line)
    if message.startswith("Expected '=' after a key"):
        return Said(what="there is no = between a key and its value", line=_joined(line))
    if re.match(_UNCLOSED, message):
        key = re.match(r"\s*([\w-]+)\s*=", line)
        what = "a text is not closed: the quote at its end is missing"
        return Said(what=what, line=f'{key[1] if key else "title"} = "…"')
    for start, said in _SAID:
        if re.match(start, message):
            return said
    return Said(what=message[:1].lower() + message[1:])


def _value(line: str) -> Said:
    """A value that is none of what TOML knows: mostly a text without its quotes."""
    key, _, value = (part.strip() for part in line.partition("="))
    bare = value.partition(" #")[0].strip()
    if not bare or bare.startswith("#"):
        return Said(what="no value stands after the =", line=f'{key} = "…"')
    if bare[0] in _QUOTES:
        inner = bare.strip(_QUOTES + '"').replace('"', "'")
        return Said(what="its quotes are not the straight ones", line=f'{key} = "{display(inner)}"')
    word = _WORDS.get(bare.lower(), bare.lower())
    if word in {"true", "false"}:
        return Said(what="true and false are written in small letters", line=f"{key} = {word}")
    if not re.fullmatch(r"[\w-]+", key) or not re.fullmatch(r"\w[^\"\\\[\]{}=]*", bare):
        return Said(what="the value is none: a text has quotes around it, a list [ and ]")
    return Said(what="a text has quotes around it", line=f'{key} = "{display(bare)}"')


def _joined(line: str) -> str:
    """A key and its value with the = that they lack."""
    found = re.fullmatch(r"""\s*([\w-]+)\s*:?\s*(["'[{]?)(.*?)\s*""", line)
    if found is None or not found[3] or "=" in found[3]:
        return 'title = "…"'
    value = found[2] + found[3] if found[2] else f'"{found[3]}"'
    return display(f"{found[1]} = {value}")


# By how tomli's messages begin (tomli 2, `_parser.py`); any other is told as it is.
_SAID: Final[tuple[tuple[str, Said], ...]] = (
    (r"Illegal character", Said(what="it has a character that nobody sees", hint="type it anew")),
    (
        r"Cannot overwrite a value|Duplicate inline table key",
        Said(what="the key stands there twice", hint="keep one of the two"),
    ),
    (
        r"Cannot (declare|redefine)",
        Said(
            what="this heading stands there twice",
            hint="put the keys of both below one of them",
        ),
    ),
    (
        r"Cannot mutate immutable",
        Said(
            what="it adds to a table that was written in one line",
            hint="write all of that table's keys into that line, between { and }",
        ),
    ),
    (
        r"Expected '\]\]?' at the end",
        Said(what="a heading is not closed", hint="its name stands between [ and ]"),
    ),
    (
        r"Invalid statement",
        Said(
            what="it is neither key = value, nor a [heading], nor a # comment", line='title = "…"'
        ),
    ),
    (
        r"Expected newline or end of document",
        Said(
            what="something follows that does not belong to the value",
            hint='one key to a line; inside of a text a quote is written \\"; '
            "a date is written 2026-11-20T06:00:00",
        ),
    ),
    (r"Invalid date", Said(what="there is no such date", hint="it is written 2026-11-20T06:00:00")),
    (
        r"Unclosed array",
        Said(
            what="a list is not closed, or a comma is missing in it",
            line='presets = ["mp3", "m4a"]',
        ),
    ),
    (
        r"Unclosed inline table",
        Said(
            what="a table is not closed, or a comma is missing in it",
            line='owner = { name = "…", email = "…" }',
        ),
    ),
    (
        r"Unescaped|Invalid hex value|Escaped character",
        Said(what="a backslash stands in a text", hint=r"write it twice: \\"),
    ),
    (
        r"Invalid initial character for a key",
        Said(what="a key has letters, digits, - and _ only", line='title = "…"'),
    ),
)
