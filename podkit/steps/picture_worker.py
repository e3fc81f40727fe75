"""Strangers' pictures decoded in a child: a bomb or a crash there costs one picture, not podkit.

`python -m podkit.steps.picture_worker` answers each JSON line that it is sent with an open file,
`{"shape", "side", "max_bytes"}`, with one JSON line: `{"picture": base64}`, or
`{"refused": reason, "hint": …}`. It opens no file itself.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from typing import IO, TYPE_CHECKING, Any

from podkit.artwork import alike, resize
from podkit.artwork.read import MAX_BYTES
from podkit.errors import FormatError
from podkit.media.worker import questions

if TYPE_CHECKING:
    from collections.abc import Mapping

MODULE = "podkit.steps.picture_worker"


def main() -> None:
    """Say that it is ready, then answer questions until there are no more."""
    _say({"ready": True})
    for line, descriptor in questions():
        with os.fdopen(descriptor, "rb") as stream:
            _say(answer(json.loads(line), stream))


def answer(question: Mapping[str, Any], stream: IO[bytes]) -> dict[str, Any]:
    """The picture in the shape and size that is asked for, or why there is none."""
    try:
        made = _made(question["shape"], stream.read(MAX_BYTES + 1), question)
    except FormatError as error:
        return {"refused": error.message, "hint": error.hint}
    except MemoryError:
        return {"refused": "the picture needs more memory than podkit gives to one", "hint": ""}
    return {"picture": base64.b64encode(made).decode("ascii")}


def _made(shape: str, content: bytes, question: Mapping[str, Any]) -> bytes:
    side, most = question["side"], question["max_bytes"]
    if shape == "artwork":
        return resize.artwork(content, side, max_bytes=most)
    if shape == "square":
        return resize.square(content, side, max_bytes=most)
    if shape == "wide":
        return resize.wide(content, side, max_bytes=most)
    if shape == "print":
        return alike.print_of(content, side)
    return resize.fit(content, side, max_bytes=most)


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
