"""`Name: text`, the only way in which SRT and plain text say who speaks."""

from __future__ import annotations

import re

# A name: begins with a capital letter or a digit, has up to five words and no sentence in it.
_NAMED = re.compile(r"([^\W_](?:[^:\n.!?,;]|\.(?=\s)){0,59}):[ \t]+(\S.*)", re.DOTALL)
_DASH = re.compile(r"^[ \t]*[-\u2010-\u2015][ \t]*", re.MULTILINE)
_MOST_WORDS = 5
# Words that stand before a colon in prose, and are nobody's name.
_PROSE = frozenset(
    [
        *("achtung", "attention", "correction", "example", "hinweis", "important", "nota", "note"),
        *("ps", "source", "tip", "update", "warning"),
        *("важливо", "джерело", "приклад", "примітка", "увага"),
    ]
)


def split(text: str) -> tuple[str, str]:
    """Speaker and text; the speaker is empty where the text does not begin with a name."""
    match = _NAMED.fullmatch(text)
    if match is None or not is_name(match[1]):
        return "", text
    return match[1].strip(), match[2]


def turns(text: str) -> tuple[tuple[str, str], ...]:
    """Speakers and texts of a dialogue whose turns begin with dashes.

    Empty where it is none, or names nobody: then the dashes belong to the words.
    """
    if not _DASH.match(text):
        return ()
    parts = [part.strip() for part in _DASH.split(text)]
    found = tuple(split(part) for part in parts if part)
    return found if any(speaker for speaker, _ in found) else ()


def join(speaker: str, text: str) -> str:
    """The text with its speaker in front."""
    return f"{speaker}: {text}" if speaker else text


def is_name(text: str) -> bool:
    """Whether it looks like the name of a person, as far as letters can tell."""
    name = text.strip()
    first = name[:1]
    begins = first.isupper() or first.isdigit()
    return begins and len(name.split()) <= _MOST_WORDS and name.lower() not in _PROSE
