"""SubRip (SRT): numbered cues, times with a comma, speakers as `Name: text`."""

from __future__ import annotations

import re

from podkit.formats import speech
from podkit.formats.cues import blocks, body, odd_times, timing
from podkit.formats.shelf import TextFormat, wrong
from podkit.model.text import clean_line
from podkit.model.timecode import format_timecode
from podkit.model.transcript import Cue, Transcript

_TAG = re.compile(r"</?(?:[ibu]|font)(?:\s[^<>]*)?>|\{\\an?\d+\}", re.IGNORECASE)


def parse(text: str) -> Transcript:
    """A transcript from SRT; fonts and positions are passed over.

    A dialogue with dashes (`- Bob: Yes.`, `- Ann: No.`) is a cue for each speaker.

    Raises:
        FormatError: a cue without times.
    """
    cues = []
    for number, block in blocks(text):
        at = 0 if "-->" in block[0] else 1  # the number may be missing
        if len(block) <= at:
            raise wrong(number, f"{block[0][:60]!r} belongs to no cue")
        start, end = timing(block[at], number + at)
        said = body(_TAG.sub("", "\n".join(block[at + 1 :])))
        if said:
            for speaker, words in speech.turns(said) or (speech.split(said),):
                cues.append(Cue(start=start, end=end, text=words, speaker=speaker))
    return Transcript(cues=tuple(cues))


def format_srt(transcript: Transcript) -> str:
    """An SRT file; the language is not carried."""
    parts: list[str] = []
    for cue in transcript.cues:
        said = body(cue.text)
        if not said:
            continue
        times = " --> ".join(format_timecode(t, separator=",") for t in (cue.start, cue.end))
        spoken = speech.join(clean_line(cue.speaker), said)
        parts.append(f"{len(parts) + 1}\n{times}\n{spoken}\n")
    return "\n".join(parts)


FORMAT = TextFormat(
    name="srt",
    suffixes=(".srt",),
    mime="application/x-subrip",
    parse=parse,
    format=format_srt,
    opens=lambda text: bool(re.match(r"\d+[ \t]*\r?\n\d+:\d\d:\d\d,\d", text)),
    carries=frozenset(["speaker", "times", "ends"]),
    odd=odd_times,
)
