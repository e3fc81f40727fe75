"""On which line each key of a TOML text stands; tomllib does not tell."""

from __future__ import annotations

import re
from typing import Final

KeyPath = tuple[str | int, ...]
"""Keys and positions in lists, from the outside in."""

# TOML 1.0.0: strings of four kinds, comments, line ends, punctuation, and bare words.
_TOKEN: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})' + "|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"' + r"|'[^'\n]*'"
    r"|\#[^\n]*|\n|[\[\]{},=.]" + r"""|[^\s\[\]{},=\#"'.]+""",
    re.DOTALL,
)
_ENDS: Final = frozenset([",", "]", "}", "\n", ""])


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, of every key, list member and table header.

    Args:
        text: TOML that tomllib has accepted; other text gives less, never an exception.
    """
    return _Scan(text).run()


def line_of(key: KeyPath, lines: dict[KeyPath, int]) -> int | None:
    """The line of a key, or of the nearest thing around it; None for the file as a whole."""
    while key:
        if key in lines:
            return lines[key]
        key = key[:-1]
    return None


class _Scan:
    def __init__(self, text: str) -> None:
        self.found: dict[KeyPath, int] = {}
        self.counts: dict[KeyPath, int] = {}
        self.tokens: list[tuple[str, int]] = []
        line = 1
        for match in _TOKEN.finditer(text):
            token = match.group()
            if not token.startswith("#"):
                self.tokens.append((token, line))
            line += token.count("\n")
        self.at = 0

    def run(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        while self.at < len(self.tokens):
            word = self.peek()
            if word == "\n":
                self.at += 1
            elif word == "[":
                table = self.header()
            else:
                self.pair(table)
                if self.peek() in {"]", "}", ","}:  # never in good TOML; go on all the same
                    self.at += 1
        return self.found

    def peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def line(self) -> int:
        return self.tokens[min(self.at, len(self.tokens) - 1)][1]

    def header(self) -> KeyPath:
        line = self.line()
        self.at += 1
        many = self.peek() == "["
        self.at += many
        parts = self.key("]")
        while self.peek() == "]":
            self.at += 1
        path: KeyPath = ()
        for part in parts[:-1]:
            path = self.member((*path, part))
        path = (*path, *parts[-1:])
        if many:
            self.counts[path] = self.counts.get(path, -1) + 1
            self.found.setdefault(path, line)
        path = self.member(path)
        self.found.setdefault(path, line)
        return path

    def member(self, path: KeyPath) -> KeyPath:
        """The last member, where the path is an array of tables."""
        return (*path, self.counts[path]) if path in self.counts else path

    def key(self, end: str) -> list[str]:
        parts = []
        while (word := self.peek()) not in {end, "\n", ""}:
            self.at += 1
            if word != ".":
                parts.append(word[1:-1] if word[0] in "\"'" else word)
        return parts

    def pair(self, table: KeyPath) -> None:
        line = self.line()
        path = table
        for part in self.key("="):
            path = (*path, part)
            self.found.setdefault(path, line)
        self.at += 1
        self.value(path)

    def value(self, path: KeyPath) -> None:
        self.found.setdefault(path, self.line())
        if self.peek() == "[":
            self.members(path)
        elif self.peek() == "{":
            self.at += 1
            while self.peek() not in {"}", "\n", ""}:
                if self.peek() == ",":
                    self.at += 1
                else:
                    self.pair(path)
            self.at += 1
        else:
            while self.peek() not in _ENDS:
                self.at += 1

    def members(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while self.peek() not in {"]", ""}:
            if self.peek() in {",", "\n", "}", "="}:
                self.at += 1
            else:
                self.value((*path, index))
                index += 1
        self.at += 1
