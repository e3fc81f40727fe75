"""WebVTT (W3C), with speakers as voice spans: `<v Name>text</v>`."""

from __future__ import annotations

import html
import re

from podkit.formats.cues import blocks, body, odd_times, timing
from podkit.formats.shelf import TextFormat, lines_of, wrong
from podkit.model.text import clean_line
from podkit.model.timecode import format_timecode
from podkit.model.transcript import Cue, Transcript

_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t\n]+([^>]*)>")
_TAG = re.compile(r"</?(?:[cibuv]|ruby|rt|lang)(?:[.\s][^>]*)?>|<\d[\d:.]*>")
_SKIPPED = ("NOTE", "STYLE", "REGION")
_SETTING = re.compile(r"-->\s*\S+\s+\S")
_LEFT = {
    "NOTE": ("NOTE block was", "NOTE blocks were"),
    "STYLE": ("STYLE block was", "STYLE blocks were"),
    "REGION": ("REGION block was", "REGION blocks were"),
    "name": ("name of a cue was", "names of cues were"),
    "setting": ("position of a cue was", "positions of cues were"),
}


def parse(text: str) -> Transcript:
    """A transcript from WebVTT; styles, regions, notes and positions are passed over.

    Raises:
        FormatError: it does not start with WEBVTT, or a cue has no times.
    """
    first = lines_of(text)[0]
    if first.split(" ")[0].split("\t")[0] != "WEBVTT":
        raise wrong(1, "it does not start with WEBVTT")
    header, *rest = blocks(text)
    language = ""
    for line in header[1][1:]:
        key, _, value = line.partition(":")
        if key.strip().lower() == "language":
            language = value.strip()
    cues: list[Cue] = []
    for number, block in rest:
        if not block[0].startswith(_SKIPPED) or "-->" in block[0]:
            cues += _cues(number, block)
    return Transcript(cues=tuple(cues), language=language)


def left_out(text: str) -> tuple[str, ...]:
    """What a WebVTT file holds that `parse` passes over, a sentence for each kind."""
    counts = dict.fromkeys(_LEFT, 0)
    for _, block in blocks(text)[1:]:
        if "-->" not in block[0] and block[0].startswith(_SKIPPED):
            counts[next(word for word in _SKIPPED if block[0].startswith(word))] += 1
            continue
        at = 0 if "-->" in block[0] else 1
        counts["name"] += at
        counts["setting"] += bool(_SETTING.search("".join(block[at : at + 1])))
    return tuple(
        f"{count} {one if count == 1 else many} left out"
        for (one, many), count in zip(_LEFT.values(), counts.values(), strict=True)
        if count
    )


def _cues(number: int, block: list[str]) -> list[Cue]:
    at = 0 if "-->" in block[0] else 1  # a cue may have a name
    if len(block) <= at:
        raise wrong(number, f"{block[0][:60]!r} belongs to no cue")
    start, end = timing(block[at], number + at)
    found = []
    speaker = ""
    # Text, name, text, name, text: one cue for each voice.
    for turn, part in enumerate(_VOICE.split("\n".join(block[at + 1 :]))):
        if turn % 2:
            speaker = clean_line(html.unescape(part))
        elif said := body(html.unescape(_TAG.sub("", part))):
            found.append(Cue(start=start, end=end, text=said, speaker=speaker))
    return found


def format_vtt(transcript: Transcript) -> str:
    """A WebVTT file; the language is not carried."""
    parts = ["WEBVTT\n"]
    for cue in transcript.cues:
        said = _escape(body(cue.text))
        name = _escape(clean_line(cue.speaker))
        if not said:
            continue
        times = f"{format_timecode(cue.start)} --> {format_timecode(cue.end)}"
        parts.append(f"{times}\n" + (f"<v {name}>{said}</v>" if name else said) + "\n")
    return "\n".join(parts)


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


FORMAT = TextFormat(
    name="vtt",
    suffixes=(".vtt",),
    mime="text/vtt",
    parse=parse,
    format=format_vtt,
    opens=lambda text: text.startswith("WEBVTT"),
    carries=frozenset(["speaker", "times", "ends"]),
    odd=odd_times,
    left_out=left_out,
)
