"""What a reader of TOML says of a text that is none, in words of people who write no TOML otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from podkit.model.text import display
from podkit.workspace.hints import truth_keys
from podkit.workspace.toml_place import Place

# What word processors make of quotes.
_QUOTES: Final = "“”„«»‘’‚"
_WORDS: Final = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_UNCLOSED: Final = r"(Illegal|Found invalid) character '\\n'|Unterminated string|Expected \"'+\"$"
_STATEMENT: Final = re.compile(r"\s*([\w-]+)\s*=\s*")
_HEADING: Final = re.compile(r"\s*\[{1,2}[\w.-]+\]{1,2}\s*")
# By the bracket that opens it: what it is, its end, and what the reader says inside of it.
_ENDS: Final = {
    "[": ("list", "]", "Invalid value|Unclosed array"),
    "{": ("table", "}", "Invalid value|Unclosed inline|Invalid initial|Expected '=' after"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is wrong, and the next thing to do.

    Args:
        what: the fault.
        hint: what to do, where it is no line to write.
        line: the faulty line as a person may write it, empty if unknown.
        at: the line where the fault is, where that is not where the reader stopped.
    """

    what: str
    hint: str = ""
    line: str = ""
    at: int | None = None


def in_words(message: str, place: Place, *, secret: bool = False) -> Said:
    """Put a reader's message into plain words.

    Args:
        message: what tomli says, without the place.
        place: where it stopped.
        secret: whether what stands there may not be told.
    """
    if place.text.startswith(("<<<<<<<", "=======", ">>>>>>>")):
        return Said(
            what="version control left its marks of a conflict",
            hint="keep one of the two sides, and take the lines with <<<<<<<, ======= and >>>>>>> out",
        )
    said = _unclosed(place) if re.match(_UNCLOSED, message) else _unended(message, place)
    if said is None and message.startswith("Invalid value"):
        said = _value(place, secret=secret)
    if said is None and message.startswith("Expected '=' after a key"):
        said = _joined(place, secret=secret)
    if said is not None:
        return said
    for start, known in _SAID:
        if re.match(start, message):
            return known
    return Said(what=message[:1].lower() + message[1:])


def _unclosed(place: Place) -> Said:
    """A text without its end."""
    what = "a text is not closed: the quote at its end is missing"
    if len(place.opened) > 1:
        what = f"a text is not closed: the {place.opened} at its end are missing"
        return Said(what=what, hint=f"write {place.opened} where it ends", at=place.since)
    key = _STATEMENT.match(place.before) if place.is_top and not place.is_end else None
    if key and place.before[key.end() : key.end() + 1] in {'"', "'"}:
        return Said(what=what, line=f'{key[1]} = "…"', at=place.since)
    return Said(what=what, hint="write a quote where it ends", at=place.since)


def _unended(message: str, place: Place) -> Said | None:
    """A list or a table without its end, if it is that."""
    kind, end, inside = _ENDS.get(place.opened, ("", "", "$^"))
    if not re.match(inside, message):
        return None
    at = place.since
    if _HEADING.fullmatch(place.text) and not place.is_top:
        if at == place.line:  # the heading's own bracket, read as a list in the list
            at = place.began
    elif not place.is_end and (place.opened == "{" or not _STATEMENT.match(place.rest)):
        return None
    return Said(what=f"a {kind} is not closed", hint=f"write {end} where it ends", at=at)


def _value(place: Place, *, secret: bool) -> Said:
    """A value that is none of what TOML knows: mostly a text without its quotes."""
    found = re.search(r"([\w-]+)\s*=\s*$", place.before)
    key = found[1] if found else ""
    is_line = place.is_top and _STATEMENT.fullmatch(place.before) is not None
    bare = place.rest.partition(" #")[0].strip()
    if not is_line:
        bare = re.split(r"[,\[\]{}=\"]", bare, maxsplit=1)[0].strip()
    if not bare or bare.startswith("#"):
        return _none(place, key if is_line else "")
    if secret:
        return Said(what="a text has quotes around it", hint="put quotes around it")
    word = _WORDS.get(bare.lower(), bare.lower())
    if word in {"true", "false"} and key in truth_keys():
        what = "true and false are written in small letters"
        return (
            Said(what=what, line=f"{key} = {word}")
            if is_line
            else Said(what=what, hint=f"write {word}")
        )
    what, inner = "a text has quotes around it", bare
    if bare[0] in _QUOTES:
        what = "its quotes are not the straight ones"
        inner = bare.strip(_QUOTES + '"').replace('"', "'")
    elif not re.fullmatch(r"\w[^\"\\\[\]{}=]*", bare):
        return Said(what="the value is none: a text has quotes around it, a list [ and ]")
    if is_line:
        return Said(what=what, line=f'{key} = "{display(inner)}"')
    return Said(what=what, hint=f'put quotes around it: "{display(inner)}"')


def _none(place: Place, key: str) -> Said:
    """A place where a value should stand; `key` if a line could be made of it."""
    if key:
        return Said(what="no value stands after the =", line=f'{key} = "…"')
    if place.before.rstrip().endswith("="):
        return Said(what="no value stands after the =", hint="write one, a text between quotes")
    if place.rest.lstrip().startswith(","):
        return Said(what="no value stands before a comma", hint="take the comma out")
    return Said(what="the value is none: a text has quotes around it, a list [ and ]")


def _joined(place: Place, *, secret: bool) -> Said:
    """A key and its value without the = between them."""
    what = "there is no = between a key and its value"
    found = re.fullmatch(r"""\s*([\w-]+)\s*:?\s*(["'[{]?)(.*?)\s*""", place.text)
    if secret or not place.is_top or found is None or not found[3] or "=" in found[3]:
        return Said(what=what, hint='they are written as key = "value"')
    value = found[2] + found[3] if found[2] else f'"{found[3]}"'
    return Said(what=what, line=display(f"{found[1]} = {value}"))


# By how tomli's messages begin (tomli 2, `_parser.py`); any other is told as it is.
_SAID: Final[tuple[tuple[str, Said], ...]] = (
    (
        r"(Illegal|Found invalid) character",
        Said(what="it has a character that nobody sees", hint="type it anew"),
    ),
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
            what="it is neither key = value, nor a [heading], nor a # comment",
            hint='a key and its value are written as key = "value"',
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
            hint="write a comma between its members, and ] where it ends",
        ),
    ),
    (
        r"Unclosed inline table",
        Said(
            what="a table is not closed, or a comma is missing in it",
            hint='write a comma between its keys, and } where it ends: { a = "…", b = "…" }',
        ),
    ),
    (
        r"Unescaped|Invalid hex value|Escaped character",
        Said(what="a backslash stands in a text", hint=r"write it twice: \\"),
    ),
    (
        r"Invalid initial character for a key",
        Said(
            what="a key has letters, digits, - and _ only",
            hint='a key and its value are written as key = "value"',
        ),
    ),
)
