"""Makes sound of a script with espeak-ng, and knows to the sample when each line is said."""

from __future__ import annotations

import io
import subprocess
import wave
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from script import VOICES

if TYPE_CHECKING:
    from pathlib import Path

    from script import Line, Script, Voice

RATE = 22050
_LEAD_IN = 0.25
_PAUSE = 0.40
_CHAPTER_PAUSE = 0.85


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A line with the seconds at which it begins and ends."""

    line: Line
    start: float
    end: float


def perform(script: Script, path: Path) -> tuple[Cue, ...]:
    """Write the script as a mono WAV file of 22,050 Hz and say when each line is spoken."""
    sound = bytearray(_silence(_LEAD_IN))
    cues = []
    chapter = script.lines[0].chapter
    for line in script.lines:
        if line.chapter != chapter:
            sound += _silence(_CHAPTER_PAUSE - _PAUSE)
            chapter = line.chapter
        spoken = _say(line.text, VOICES[line.voice])
        start = _seconds(sound)
        sound += spoken
        cues.append(Cue(line=line, start=start, end=_seconds(sound)))
        sound += _silence(_PAUSE)
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(bytes(sound))
    return tuple(cues)


def _say(text: str, voice: Voice) -> bytes:
    command = ["espeak-ng", "--stdin", "--stdout", "-v", voice.espeak]
    command += ["-s", str(voice.pace), "-p", str(voice.pitch)]
    made = subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout
    with wave.open(io.BytesIO(made)) as spoken:
        if (spoken.getframerate(), spoken.getnchannels(), spoken.getsampwidth()) != (RATE, 1, 2):
            message = "espeak-ng speaks in another format than it used to"
            raise SystemExit(message)
        # Its header is written before the length is known, so what is there counts.
        samples = array("h", spoken.readframes(1 << 24))
    said = [at for at, sample in enumerate(samples) if sample]
    return samples[said[0] : said[-1] + 1].tobytes()


def _silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


def _seconds(sound: bytearray) -> float:
    return len(sound) / (2 * RATE)
