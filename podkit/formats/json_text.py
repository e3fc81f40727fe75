"""JSON that strangers wrote: an object, without NaN, not too deep."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from podkit.errors import FormatError
from podkit.formats.shelf import wrong

_REASONS = {
    "Expecting value": "a value is missing",
    "Extra data": "something stands after its end",
    "Expecting property name": "a name in double quotes is missing",
    "Expecting ':'": "a colon is missing",
    "Expecting ','": "a comma or the closing bracket is missing",
    "Unterminated string": "a text has no closing quote",
    "Invalid control character": "a text holds a line break or a control character",
    "Invalid \\": "a text holds a backslash that means nothing",
    "Illegal trailing comma": "there is a comma too many",
}


def load(text: str) -> dict[str, Any]:
    """The object of a JSON document.

    Raises:
        FormatError: it is no JSON or no object; the message names the line.
    """
    try:
        found = json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise wrong(error.lineno, f"no JSON: {_why(error.msg)}") from error
    except RecursionError as error:
        raise FormatError("no JSON that podkit reads: it is nested too deep") from error
    except _NoNumberError as error:
        raise FormatError(f"no JSON that podkit reads: {error}") from error
    except ValueError as error:  # more digits than Python turns into a number
        raise FormatError("no JSON that podkit reads: a number is too long") from error
    if not isinstance(found, dict):
        what = "a list" if isinstance(found, list) else "a single value"
        raise FormatError(f"it is {what}, and an object is wanted: {{ … }}")
    return found


class _NoNumberError(ValueError):
    pass


def _refuse(constant: str) -> NoReturn:
    raise _NoNumberError(f"{constant} is no number in JSON")


def _why(said: str) -> str:
    """The parser's reason in words for people."""
    return next(
        (why for begin, why in _REASONS.items() if said.startswith(begin)), "it is mistyped"
    )
