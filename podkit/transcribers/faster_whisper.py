"""faster-whisper: good, slow without a graphics card, and only with a model that lies here already."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from podkit.errors import FileError, UsageError
from podkit.model.speech import Word
from podkit.transcribers import apart
from podkit.transcribers.transcriber import TRANSCRIBERS, Listening

_FILES = ("model.bin", "tokenizer.json")  # without the second the library would fetch one
_MEMORY = 64 << 30  # of address space; the largest models and their libraries reserve much of it


class FasterWhisper:
    """Hears some hundred languages, and which one it is."""

    def check(self, order: Listening) -> None:
        """See `Transcriber.check`."""
        apart.check_installed("faster-whisper", "faster_whisper", "asr")
        if order.model is None:
            raise UsageError(
                "faster-whisper needs a model",
                hint="--model PATH: a folder with model.bin and tokenizer.json",
            )
        lacking = [name for name in _FILES if not (order.model / name).is_file()]
        if lacking:
            raise FileError(
                f"it holds no model of faster-whisper: {', '.join(lacking)} not found",
                where=order.model,
                hint="download one first; podkit never does",
            )

    def hear(
        self, samples: Path, order: Listening, tell: Callable[[float], None]
    ) -> tuple[tuple[Word, ...], str]:
        """See `Transcriber.hear`."""
        return apart.hear(
            "podkit.transcribers.faster_whisper_worker",
            samples,
            order,
            tell,
            packages=("faster_whisper",),
            memory=_MEMORY,
        )


TRANSCRIBERS.add("faster-whisper", FasterWhisper())
