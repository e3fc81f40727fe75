"""Podcasting 2.0 transcripts in JSON, version 1.0.0 (podcast namespace, "Transcripts").

What Whisper writes (`segments` with start, end and text) is read too.
"""

from __future__ import annotations

import json
from typing import Any

from podkit.errors import FormatError
from podkit.formats.json_text import load
from podkit.formats.shelf import TextFormat, number, seconds, word
from podkit.model.text import clean_line
from podkit.model.transcript import Cue, Transcript

VERSION = "1.0.0"


def parse(text: str) -> Transcript:
    """A transcript from a JSON document.

    Raises:
        FormatError: it is no JSON, or not such a document.
    """
    document = load(text)
    listed = document.get("segments")
    if not isinstance(listed, list):
        raise FormatError('it has no list "segments"')
    cues = tuple(_cue(position, item) for position, item in enumerate(listed, 1))
    return Transcript(cues=cues, language=word(document.get("language")))


def _cue(position: int, item: Any) -> Cue:
    if not isinstance(item, dict):
        raise FormatError(f"segment {position} is no object")
    start = seconds(_first(item, "startTime", "start"), f'"startTime" of segment {position}')
    end = _first(item, "endTime", "end")
    return Cue(
        start=start,
        end=start if end is None else seconds(end, f'"endTime" of segment {position}'),
        text=word(_first(item, "body", "text")),
        speaker=clean_line(word(item.get("speaker"))),
    )


def _first(item: dict[str, Any], *keys: str) -> Any:
    """The value of the namespace's key, else of the one that Whisper writes."""
    return next((item[key] for key in keys if key in item), None)


def format_json(transcript: Transcript) -> str:
    """A JSON document with everything that podkit knows of the transcript."""
    document: dict[str, object] = {"version": VERSION}
    if transcript.language:
        document["language"] = transcript.language
    document["segments"] = [_segment(cue) for cue in transcript.cues]
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _segment(cue: Cue) -> dict[str, object]:
    named = {"speaker": cue.speaker} if cue.speaker else {}
    return {
        **named,
        "startTime": number(cue.start),
        "endTime": number(cue.end),
        "body": cue.text,
    }


FORMAT = TextFormat(
    name="json",
    suffixes=(".json",),
    mime="application/json",
    parse=parse,
    format=format_json,
    opens=lambda text: text.startswith("{"),
    carries=frozenset(["speaker", "times", "ends", "language"]),
)
