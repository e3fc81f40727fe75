"""The child in which faster-whisper listens."""

from __future__ import annotations

import io
import sys
import wave
from array import array
from collections.abc import Iterator
from typing import IO, Any

from podkit.transcribers.apart import refusing, say

_RATE = 16_000
_STRETCH = 600 * _RATE * 2  # bytes of ten minutes: it holds a stretch whole, as floating point
_SEARCHED = 30 * _RATE * 2  # bytes at the end of one in which it is cut where it is most silent
_FRAME = _RATE // 5  # samples of a pause


def main() -> None:
    """Hear the samples that the first argument names."""
    samples, language, model = sys.argv[1:4]
    with refusing():
        _hear(samples, language.split("-")[0].lower(), model)
    say(whole=True)


def _hear(samples: str, language: str, model: str) -> None:
    from faster_whisper import WhisperModel  # noqa: PLC0415 (an optional extra)

    whisper = WhisperModel(model, device="auto", compute_type="default", local_files_only=True)
    offset = 0.0
    with open(samples, "rb") as stream:
        for sound in stretches(stream):
            found, about = whisper.transcribe(
                _wav(sound), language=language or None, vad_filter=True, word_timestamps=True
            )
            for segment in found:
                _tell(segment, offset)
            if not language:
                language = str(about.language)  # the rest is in the language that it began in
                say(language=language)
            offset += len(sound) / (2 * _RATE)
            say(done=offset)


def stretches(
    stream: IO[bytes], *, most: int = _STRETCH, searched: int = _SEARCHED
) -> Iterator[bytes]:
    """All samples in order, in stretches of at most `most` bytes, cut where it is most silent."""
    held = b""
    while True:
        held += stream.read(most - len(held))
        if len(held) < most:
            break
        cut = len(held) - searched + _quietest(held[-searched:])
        yield held[:cut]
        held = held[cut:]
    if held:
        yield held[: len(held) // 2 * 2]


def _quietest(sound: bytes) -> int:
    """The middle of the most silent fifth of a second, in bytes."""
    samples = array("h", sound)
    loudness = {
        at: sum(map(abs, samples[at : at + _FRAME]))
        for at in range(0, len(samples) - _FRAME, _FRAME)
    }
    quietest = min(loudness, key=lambda at: loudness[at])
    return (quietest + _FRAME // 2) * 2


def _wav(sound: bytes) -> IO[bytes]:
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        out.writeframes(sound)
    made.seek(0)
    return made


def _tell(segment: Any, offset: float) -> None:
    for word in segment.words or ():
        say(word=word.word, start=offset + float(word.start), end=offset + float(word.end))
    say(done=offset + float(segment.end))


if __name__ == "__main__":
    main()
