"""Where long work tells how far it is; the terminal shows it, a library user may ignore it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told by steps; told from several threads at once."""

    def expect(self, jobs: int, *, total: float | None = None) -> None:
        """So many more jobs will begin, together `total` seconds of media long."""

    def start(self, job: str, *, total: float | None = None) -> None:
        """A job begins; `total` is its length in seconds of media, or None when unknown."""

    def advance(self, job: str, done: float) -> None:
        """`done` seconds of the job's media are behind it."""

    def finish(self, job: str, *, note: str = "") -> None:
        """The job ended; `note` says how in a few words."""

    def message(self, text: str) -> None:
        """Something a person should read."""


class Quiet:
    """A Progress that says nothing."""

    def expect(self, jobs: int, *, total: float | None = None) -> None:
        """Say nothing."""

    def start(self, job: str, *, total: float | None = None) -> None:
        """Say nothing."""

    def advance(self, job: str, done: float) -> None:
        """Say nothing."""

    def finish(self, job: str, *, note: str = "") -> None:
        """Say nothing."""

    def message(self, text: str) -> None:
        """Say nothing."""


QUIET = Quiet()
