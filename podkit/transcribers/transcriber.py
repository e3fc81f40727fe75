"""The shelf of transcribers, and what each of them promises."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from podkit.model.speech import Word
from podkit.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """How to listen: `language` (BCP 47) empty when it is not known, `model` None for its own."""

    language: str = ""
    model: Path | None = None


class Transcriber(Protocol):
    """Hears words in plain samples; it never fetches anything from the network."""

    def check(self, order: Listening) -> None:
        """See that it could listen so, before any work.

        Raises:
            ToolError: it is not installed; the hint says what to install.
            UsageError: it has no model for that language, or wants one to be named.
            FileError: the model is not there, or is no model.
        """

    def hear(
        self, samples: Path, order: Listening, tell: Callable[[float], None]
    ) -> tuple[tuple[Word, ...], str]:
        """The words in order, and the language, which may be the one that it was told.

        Args:
            samples: a file of 16-bit samples in the machine's order, mono, 16 kHz, no header.
            order: how to listen.
            tell: told how many seconds are done.

        Raises:
            ToolError: it crashed, or cannot read its model.
            Cancelled: everything is being stopped.
        """


TRANSCRIBERS: Registry[Transcriber] = Registry(
    "transcriber", group="podkit.transcribers", fits=lambda item: hasattr(item, "hear")
)
"""Every transcriber by its name."""


def transcriber(name: str) -> Transcriber:
    """The transcriber of that name.

    Raises:
        UsageError: there is none; the hint names the nearest.
        PodkitError: a package's transcriber does not load.
    """
    return TRANSCRIBERS.get(name)
