"""JSON that strangers wrote: an object, without NaN, not too deep."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from podkit.errors import FormatError
from podkit.formats.shelf import wrong


def load(text: str) -> dict[str, Any]:
    """The object of a JSON document.

    Raises:
        FormatError: it is no JSON or no object; the message names the line.
    """
    try:
        found = json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        raise wrong(error.lineno, f"no JSON: {error.msg}") from error
    except (RecursionError, ValueError) as error:
        raise FormatError(f"no JSON that podkit reads: {error}") from error
    if not isinstance(found, dict):
        raise FormatError("the JSON document is no object")
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number in JSON")
