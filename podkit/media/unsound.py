"""Samples that are no numbers: in sound stored as floating point NaN and infinity can stand for one.

Every encoder makes something else of them, from an error to a click, so a source with some is damaged;
where damage is allowed they are silence.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from podkit.errors import DamagedMediaError
from podkit.media import meter
from podkit.model.work import HERE

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from podkit.model.media import MediaInfo
    from podkit.model.work import Engine

_COST = 1 / 800  # seconds of one core for a second of sound


def can_hold(media: MediaInfo) -> bool:
    """Whether its samples are stored as floating point numbers; decoders give no others."""
    return bool(media.audio) and media.audio[0].codec.startswith("pcm_f")


def first(
    path: Path,
    media: MediaInfo,
    *,
    engine: Engine = HERE,
    cancel: threading.Event | None = None,
) -> float | None:
    """The second of the first sample that is no number; None where there is none.

    Raises:
        DamagedMediaError: nothing in it can be decoded.
        FileError: it cannot be read.
        Cancelled: `cancel` was set.
    """
    if not can_hold(media):
        return None
    sound = media.audio[0]
    whole = meter.of_file(path, media.container, rate=sound.sample_rate, channels=sound.channels)
    order = replace(whole, between=False)
    cost = (media.duration or 0.0) * _COST
    (measured,) = meter.measure(engine, [(order, cost)], cancel=cancel)
    return None if measured.unsound_at is None else measured.unsound_at / sound.sample_rate


def words(second: float) -> str:
    """What is wrong, for a person."""
    return f"samples in it are no numbers (NaN or infinite), the first at {second:.3f} s"


def refuse(second: float, path: Path) -> DamagedMediaError:
    """The error for such a source."""
    return DamagedMediaError(
        words(second),
        where=path,
        hint="export it again, or use --allow-damaged to have silence in their place",
    )


def note(second: float) -> str:
    """What was done where that is allowed."""
    return f"{words(second)}: they are silent"
