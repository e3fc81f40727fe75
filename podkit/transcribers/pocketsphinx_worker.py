"""The child in which PocketSphinx listens: a stretch of speech at a time, cut where it is silent."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from podkit.transcribers.apart import refusing, say
from podkit.transcribers.sphinx_model import model_files

_RATE = 16_000
_LONGEST = 30.0  # seconds of a stretch: speech over music never pauses
_VARIANT = re.compile(r"\(\d+\)$")  # which of its pronunciations a word had
_NO_WORDS = ("<", "[", "+")  # <s>, <sil>, [NOISE], ++UM++


def main() -> None:
    """Hear the samples that the first argument names."""
    samples, _, model = sys.argv[1:4]
    with refusing():
        decoder = _decoder(Path(model) if model else None)
    frame = 1 / float(decoder.config["frate"])
    with refusing(), open(samples, "rb") as stream:
        for start, end, sound in stretches(stream):
            decoder.start_utt()
            decoder.process_raw(sound, full_utt=True)
            decoder.end_utt()
            for part in decoder.seg() or ():
                if not part.word.startswith(_NO_WORDS):
                    say(
                        word=" " + _VARIANT.sub("", part.word),
                        start=start + part.start_frame * frame,
                        end=start + (part.end_frame + 1) * frame,
                    )
            say(done=end)
    say(whole=True)


def _decoder(model: Path | None) -> Any:
    from pocketsphinx import Decoder  # noqa: PLC0415 (an optional extra)

    own = {}
    if model is not None:
        found = model_files(model)
        own = {"hmm": str(found.sounds), "dict": str(found.words), "lm": str(found.sentences)}
    return Decoder(samprate=float(_RATE), loglevel="FATAL", **own)


def stretches(stream: IO[bytes]) -> Iterator[tuple[float, float, bytes]]:
    """Stretches of speech with their times; what lies between is silent."""
    from pocketsphinx import Endpointer  # noqa: PLC0415 (an optional extra)

    ears = Endpointer(sample_rate=_RATE)
    held, start, read = bytearray(), 0.0, 0.0
    while sound := stream.read(ears.frame_bytes):
        whole = len(sound) == ears.frame_bytes
        speech = ears.process(sound) if whole else ears.end_stream(sound)
        read += len(sound) / (2 * _RATE)
        if speech is not None:
            start = start if held else ears.speech_start
            held += speech
        if held and (not ears.in_speech or len(held) >= _LONGEST * 2 * _RATE):
            end = start + len(held) / (2 * _RATE)
            yield start, end, bytes(held)
            held, start = bytearray(), end
        elif not held and round(read / ears.frame_length) % 1000 == 0:
            say(done=read)
    if held:
        yield start, start + len(held) / (2 * _RATE), bytes(held)


if __name__ == "__main__":
    main()
