"""Listening to what was made: decoded to its last sample, counted and measured, in stretches.

How a stretch of each format is decoded exactly was found by comparing with decodes of the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import IO, TYPE_CHECKING

from podkit import files
from podkit.errors import DamagedMediaError
from podkit.media import ends, meter, mp3_frames
from podkit.media.survey import PRE_ROLL, joined, read, stretches
from podkit.model.media import Container, Decoded

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from podkit.media.meter import OfFile
    from podkit.model.work import Engine

_COST = 1 / 500  # seconds of one core for a second of sound
_MP3_DELAY = 1105  # samples before the first: the encoder's 576 and the decoder's 529
_MP3_FRAME, _MP3_LEAD, _MP3_AFTER = 1152, 16, 4  # samples; frames around a stretch
# Samples before a stretch from which a decoder is under way; others are decoded whole.
_LEAD = {Container.MP4: 8192, Container.FLAC: 8192, Container.OGG: 48_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that podkit has just encoded: `samples` per channel that it should have."""

    path: Path
    container: Container
    samples: int
    rate: int
    channels: int


def listen(
    made: Made,
    *,
    engine: Engine,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Decoded:
    """Decode a file to its end, count its samples and measure it.

    Args:
        made: the file.
        engine: where it is decoded.
        tell: told how many seconds are done.
        cancel: when set, the decoding stops.

    Raises:
        DamagedMediaError: nothing in it can be decoded.
        FileError: it cannot be read.
        Cancelled: `cancel` was set.
    """
    cuts = _cuts(made)
    rolls = [min(start, round(PRE_ROLL * made.rate)) for start, _ in cuts]
    orders = [
        (order, (end - start) / made.rate * _COST)
        for (start, end), order in zip(cuts, _orders(made, cuts), strict=True)
    ]
    measured = meter.measure(engine, orders, tell=tell, cancel=cancel)
    samples = sum(one.samples - roll for one, roll in zip(measured, rolls, strict=True))
    errors = tuple(dict.fromkeys(error for one in measured for error in one.errors))
    if samples <= 0:
        reason = f": {errors[0]}" if errors else ""
        raise DamagedMediaError(f"no sound in it can be decoded{reason}", where=made.path)
    heard = [read(one, roll / made.rate) for one, roll in zip(measured, rolls, strict=True)]
    return Decoded(
        duration=samples / made.rate,
        samples=samples,
        errors=errors,
        error_count=sum(one.error_count for one in measured),
        loudness=joined(heard, [start // made.rate for start, _ in cuts]).loudness,
    )


def _cuts(made: Made) -> list[tuple[int, int]]:
    """Where to cut: nowhere in a format whose decoder cannot begin in the middle."""
    if made.container is Container.MP3 or made.container in _LEAD:
        return stretches(made.samples, made.rate)
    return [(0, made.samples)]


def _orders(made: Made, cuts: Sequence[tuple[int, int]]) -> list[OfFile]:
    """How the decoder is let into the file for each stretch."""
    whole = meter.of_file(made.path, made.container, rate=made.rate, channels=made.channels)
    last = ends.samples(made.path, made.container)
    if len(cuts) == 1:
        return [replace(whole, end=last)]
    rolled = [max(0, start - round(PRE_ROLL * made.rate)) for start, _ in cuts]
    until = [*(end for _, end in cuts[:-1]), last]
    if made.container is Container.MP3:
        with files.open_regular(made.path) as stream, files.translating(made.path, "read"):
            starts = _starts(stream, made.path)
        return [
            _into_mp3(made, whole, starts, start, end)
            for start, end in zip(rolled, until, strict=True)
        ]
    lead = _LEAD[made.container]
    return [
        replace(whole, seek=max(0, start - lead), begin=start, end=end, by_time=True)
        for start, end in zip(rolled, until, strict=True)
    ]


def _starts(stream: IO[bytes], path: Path) -> Sequence[int]:
    """Where the frames of an MP3 file begin, behind the first one, which only counts them."""
    try:  # the first one may say another mode of stereo
        opening = mp3_frames.header_at(stream.read(mp3_frames.HEADER), 0).length
        return mp3_frames.starts_in(stream, opening)
    except ValueError as error:
        raise DamagedMediaError(f"it is cut or torn: {error}", where=path) from error


def _into_mp3(
    made: Made, whole: OfFile, starts: Sequence[int], start: int, end: int | None
) -> OfFile:
    """Some frames of an MP3 file: 16 before the stretch, for the reservoir and the filter bank."""
    first = max(0, (start + _MP3_DELAY) // _MP3_FRAME - _MP3_LEAD)
    last = len(starts) - 1
    if end is not None:
        last = min(last, (end + _MP3_DELAY) // _MP3_FRAME + _MP3_AFTER)
    # the file's first one tells the length, and that the decoder shall cut its delay off
    offset = first * _MP3_FRAME - _MP3_DELAY if first else 0
    # without that first frame nobody cuts the end off
    end = made.samples if end is None and first else end
    return replace(
        whole,
        first_byte=starts[min(first, last)] if first else 0,
        last_byte=starts[last],
        begin=start - offset,
        end=None if end is None else end - offset,
    )
