"""Words that were heard, and how they become cues that a person can read in time."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from podkit.model.transcript import Cue

LINE = 42
LINES = 2
LONGEST = 7.0
"""Characters of a line, lines and seconds of a cue: what subtitlers agree on."""

_SHORTEST = 0.01  # seconds of a cue; one that ends when it begins is none
_PAUSE = 0.7  # seconds of silence after which a new cue begins
_STOPS = (".", "?", "!", "…", "。", "？", "！")
_FULL = 0.6  # of a cue's characters, after which the end of a sentence ends it


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word and its times in seconds; `text` begins with a space where one belongs before it."""

    start: float
    end: float
    text: str


def cues_of(words: Iterable[Word]) -> tuple[Cue, ...]:
    """Cues of at most two lines and seven seconds, split at pauses and where sentences end."""
    groups: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.start):
        if not word.text.strip():
            continue
        if groups and _fits(groups[-1], word):
            groups[-1].append(word)
        else:
            groups.append([word])
    starts: list[float] = []
    for group in groups:  # recognisers give words without length, several at one time
        least = starts[-1] + _SHORTEST if starts else 0.0
        starts.append(round(max(group[0].start, least), 3))
    starts.append(float("inf"))
    cues = []
    for group, (start, after) in zip(groups, pairwise(starts), strict=True):
        end = max(round(max(word.end for word in group), 3), start + _SHORTEST)
        end = round(min(end, start + LONGEST, after), 3)
        cues.append(Cue(start=start, end=end, text="\n".join(_wrapped(group))))
    return tuple(cues)


def _fits(group: Sequence[Word], word: Word) -> bool:
    last = group[-1]
    if word.start - last.end > _PAUSE or word.end - group[0].start > LONGEST:
        return False
    size = sum(len(one.text) for one in group)
    if last.text.endswith(_STOPS) and size > LINE * LINES * _FULL:
        return False
    return len(_wrapped([*group, word])) <= LINES


def _wrapped(group: Sequence[Word]) -> list[str]:
    return textwrap.wrap("".join(word.text for word in group).strip(), LINE, break_on_hyphens=False)
