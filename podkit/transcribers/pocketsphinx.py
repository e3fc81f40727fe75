"""PocketSphinx: small, quick, rough, and the one whose English model comes with its package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from podkit.errors import UsageError
from podkit.model.speech import Word
from podkit.transcribers import apart
from podkit.transcribers.sphinx_model import model_files
from podkit.transcribers.transcriber import TRANSCRIBERS, Listening

_MEMORY = 4 << 30


class PocketSphinx:
    """Hears English, or what the model that it is given was made for."""

    def check(self, order: Listening) -> None:
        """See `Transcriber.check`."""
        apart.check_installed("pocketsphinx", "pocketsphinx", "pocketsphinx")
        if order.model is not None:
            model_files(order.model)
        elif order.language and order.language.lower().split("-")[0] != "en":
            raise UsageError(
                f"the model that comes with pocketsphinx hears English, not {order.language!r}",
                hint="name another: --model PATH; or say --language en",
            )

    def hear(
        self, samples: Path, order: Listening, tell: Callable[[float], None]
    ) -> tuple[tuple[Word, ...], str]:
        """See `Transcriber.hear`."""
        words, language = apart.hear(
            "podkit.transcribers.pocketsphinx_worker",
            samples,
            order,
            tell,
            packages=("pocketsphinx",),
            memory=_MEMORY,
        )
        return words, language or ("" if order.model else "en")


TRANSCRIBERS.add("pocketsphinx", PocketSphinx())
