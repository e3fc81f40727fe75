"""Where in a TOML text a reader stopped, and what was begun and not ended before that place."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

# Closed texts, comments and brackets; an open quote is one whose end is nowhere.
_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}' + r"|'''.*?'{3,5}"
    r'|(?P<long>"""|' + r"''')"
    r'|"(?:\\[^\n]|[^"\\\n])*"' + r"|'[^'\n]*'"
    r"|\#[^\n]*|(?P<bracket>[\[\]{}])" + r"""|(?P<short>["'])""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place in a text of which all before is good, as far as it is ended.

    Args:
        line: counted from 1.
        text: the whole line.
        before: what stands on the line before the place.
        rest: what stands on the line from the place on.
        opened: the innermost of `[`, `{` and quotes that is open here, empty for none.
        since: on which line that stands.
        began: on which line the outermost stands that is open here.
        is_end: whether the text ends here.
    """

    line: int
    text: str = field(repr=False)
    before: str = field(repr=False)
    rest: str = field(repr=False)
    opened: str
    since: int
    began: int
    is_end: bool

    @property
    def is_top(self) -> bool:
        """Whether the statement begins on this line."""
        return self.began == self.line


def place_in(text: str, line: int | None, column: int | None) -> Place:
    """What is open at a place of a text.

    Args:
        text: TOML up to the place, as far as it is ended.
        line: counted from 1; None for the end.
        column: counted from 1; None for the end.
    """
    text = text.replace("\r\n", "\n")
    lines = text.split("\n")
    if line is None or column is None:
        line, column = len(lines), len(lines[-1]) + 1
        at = len(text)
    else:
        at = sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
    here = lines[line - 1]
    opened = _opened(text, at)
    starts = [text.count("\n", 0, start) + 1 for start, _ in opened]
    return Place(
        line=line,
        text=here,
        before=here[: column - 1],
        rest=here[column - 1 :],
        opened=opened[-1][1] if opened else "",
        since=starts[-1] if starts else line,
        began=starts[0] if starts else line,
        is_end=at >= len(text),
    )


def _opened(text: str, end: int) -> list[tuple[int, str]]:
    """Places and kinds of what is open before `end`, from the outside in."""
    opened: list[tuple[int, str]] = []
    for found in _TOKEN.finditer(text):
        if found.start() >= end:
            break
        kind = found["long"] or found["short"]
        if kind or found.end() > end:
            opened.append((found.start(), kind or found[0][0]))
            break
        if found["bracket"] in {"[", "{"}:
            opened.append((found.start(), found["bracket"]))
        elif found["bracket"] and opened:
            opened.pop()
    return opened
