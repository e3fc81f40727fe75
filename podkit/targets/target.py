"""What every publishing target promises, and the shelf of them by URL scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from podkit.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A file as the target holds it; `sha256` empty when the target was not asked for it."""

    bytes: int
    sha256: str = ""


class Target(Protocol):
    """A place that holds published files under relative paths such as `media/one-1a2b3c4d.mp3`.

    One promise above all: `put` shows the old file or the whole new one, never a part.
    """

    @property
    def url(self) -> str:
        """The target as a person wrote it, without secrets."""

    def stat(self, path: str, *, with_hash: bool = False) -> Stored | None:
        """What is stored there, or None; the hash is of the stored bytes, read back."""

    def read(self, path: str) -> bytes | None:
        """The stored bytes of a small file, or None when there is none."""

    def put(self, source: Path, path: str, *, mime: str) -> None:
        """Store a file in one visible step.

        Raises:
            TargetError: it could not be stored; what was there is there still.
        """

    def paths(self) -> Iterator[str]:
        """Every stored path."""

    def sweep(self) -> tuple[str, ...]:
        """Remove what killed runs left half-sent, and nothing else; the paths that are gone."""


TARGETS: Registry[Callable[[str, Path], Target]] = Registry(
    "target", group="podkit.targets", fits=callable
)
"""Scheme → a function of the URL and the workspace's root that opens the target."""
