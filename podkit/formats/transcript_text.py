"""Plain text: a paragraph for each turn, `Name: text`, without times."""

from __future__ import annotations

from podkit.formats import speech
from podkit.formats.cues import blocks, body
from podkit.formats.shelf import TextFormat
from podkit.model.text import clean_line
from podkit.model.transcript import Cue, Transcript


def parse(text: str) -> Transcript:
    """A transcript from paragraphs; every cue is at zero, because plain text has no times."""
    cues = []
    for _, block in blocks(text):
        said = body("\n".join(block))
        if said:
            speaker, words = speech.split(said)
            cues.append(Cue(start=0.0, end=0.0, text=words, speaker=speaker))
    return Transcript(cues=tuple(cues))


def format_text(transcript: Transcript) -> str:
    """One paragraph for each cue; only speakers and words are carried."""
    said = ((clean_line(cue.speaker), body(cue.text)) for cue in transcript.cues)
    return "\n".join(speech.join(name, words) + "\n" for name, words in said if words)


FORMAT = TextFormat(
    name="text",
    suffixes=(".txt",),
    mime="text/plain",
    parse=parse,
    format=format_text,
    opens=lambda _: False,
    carries=frozenset(["speaker"]),
)
