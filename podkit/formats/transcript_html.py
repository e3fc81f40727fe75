"""Transcripts in HTML (podcast namespace, "Transcripts"): `<cite>`, `<time>` and `<p>`."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

from podkit.errors import UsageError
from podkit.formats.cues import body
from podkit.formats.shelf import TextFormat, wrong
from podkit.model.text import clean_line
from podkit.model.timecode import format_timecode, parse_duration
from podkit.model.transcript import Cue, Transcript

_KEPT = frozenset(["cite", "time", "p"])
_NO_PROSE = frozenset(["script", "style"])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.cues: list[Cue] = []
        self._open = ""
        self._skipped = ""
        self._text = ""
        self._speaker = ""
        self._start = 0.0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (the parser's signature)
        if tag in _NO_PROSE:
            self._skipped = tag
        elif tag in _KEPT:
            self._open, self._text = tag, ""
        elif tag == "br":
            self._text += "\n"

    def handle_data(self, data: str) -> None:
        if self._open and not self._skipped:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._skipped:
            self._skipped = ""
        if tag != self._open:
            return
        self._open = ""
        if tag == "cite":
            self._speaker = clean_line(self._text).removesuffix(":").strip()
        elif tag == "time":
            try:
                self._start = round(parse_duration(self._text), 3)
            except UsageError as error:
                line, _ = self.getpos()
                raise wrong(line, f"{self._text[:40]!r} is no time") from error
        elif said := body(self._text):
            self.cues.append(
                Cue(start=self._start, end=self._start, text=said, speaker=self._speaker)
            )


def parse(text: str) -> Transcript:
    """A transcript from HTML; each part ends where the next one starts.

    Raises:
        FormatError: a `<time>` that is none.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    cues = reader.cues
    ends = [max(after.start, cue.start) for cue, after in pairwise(cues)]
    ended = [replace(cue, end=end) for cue, end in zip(cues, ends, strict=False)]
    return Transcript(cues=(*ended, *cues[len(ended) :]))


def format_html(transcript: Transcript) -> str:
    """A piece of HTML, without head and body; ends and language are not carried."""
    parts = []
    for cue in transcript.cues:
        said = html.escape(body(cue.text), quote=False).replace("\n", "<br>")
        if said:
            named = html.escape(clean_line(cue.speaker), quote=False)
            parts.append(
                f"<cite>{named}{':' if named else ''}</cite>\n"
                f"<time>{format_timecode(cue.start)}</time>\n<p>{said}</p>\n"
            )
    return "".join(parts)


FORMAT = TextFormat(
    name="html",
    suffixes=(".html", ".htm"),
    mime="text/html",
    parse=parse,
    format=format_html,
    opens=lambda text: bool(
        re.match(r"<(?:!doctype html|html|cite|time|p|body|div)\b", text, re.IGNORECASE)
    ),
    carries=frozenset(["speaker", "times"]),
)
