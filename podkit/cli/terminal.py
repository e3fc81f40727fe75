"""What a stream can show: colour, live progress, which characters; nothing here loads rich."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import IO, TYPE_CHECKING

from podkit.model.text import display

if TYPE_CHECKING:
    from collections.abc import Iterable

# ECMA-48 section 8.3.117, SELECT GRAPHIC RENDITION
_STYLES = {"bold": "1", "dim": "2", "error": "1;31", "warning": "33", "good": "32", "hint": "36"}


def is_terminal(stream: IO[str] | None) -> bool:
    """Whether somebody is looking at it."""
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # closed
        return False


def is_live(stream: IO[str] | None) -> bool:
    """Whether it can redraw lines, as progress bars do."""
    return is_terminal(stream) and os.environ.get("TERM", "dumb") != "dumb"


def has_colour(stream: IO[str] | None) -> bool:
    """Whether to colour it: https://no-color.org and https://force-color.org, then the terminal."""
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or is_live(stream)


def styled(text: str, style: str, stream: IO[str] | None) -> str:
    """The text in a style where the stream has colour; `style` is one of the names above."""
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if has_colour(stream) else text


def lines(text: object) -> list[str]:
    """Outside text that may have several lines, each of them safe to show."""
    return [display(line) for line in str(text).removesuffix("\n").split("\n")]


def shown(text: object) -> str:
    """Outside text, safe to show; of several lines the breaks stay."""
    return "\n".join(lines(text))


def say(text: str, stream: IO[str] | None) -> None:
    """Write a line and flush, so that what follows on the other stream comes after it.

    The text must have been through `display` where it comes from outside.

    Raises:
        OSError: the stream is full or nobody reads it any more.
    """
    if stream is not None:
        stream.write(text + "\n")
        stream.flush()


def out(text: str) -> None:
    """A line of the result, on stdout."""
    say(text, sys.stdout)


def note(text: str) -> None:
    """A line beside the result, on stderr; nobody reading it is no failure."""
    with contextlib.suppress(OSError, ValueError):
        say(text, sys.stderr)


def out_bytes(content: bytes) -> None:
    """Bytes as they are, on stdout."""
    if sys.stdout is None:
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def is_utf8(stream: IO[str] | None) -> bool:
    """Whether every character can be written to it."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "") == "utf8"


def prepare_streams() -> None:
    """Make stdin, stdout and stderr exist and never fail on a character.

    A closed standard descriptor would be given to the first file that is opened, which would then
    be written by whoever prints: it is bound to the null device.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def drop_stdout() -> None:
    """Forget what nobody reads any more, so that the interpreter's last flush is silent."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(null, sys.stdout.fileno())
        finally:
            os.close(null)


def columns(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Lines of `name  value`, the values below each other; rows without a value are left out."""
    kept = [(name, value) for name, value in rows if value]
    width = max((len(name) for name, _ in kept), default=0)
    return [f"{name:<{width}}  {value}" for name, value in kept]


def size(count: int) -> str:
    """Bytes for people, in powers of ten: `512 bytes`, `4.2 MB`."""
    if count < 1000:
        return f"{count} bytes"
    value = float(count)
    for unit in ("kB", "MB", "GB"):
        value /= 1000
        if value < 999.95:
            return f"{value:.1f} {unit}"
    return f"{value / 1000:.1f} TB"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 episode`, `3 episodes`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
