"""How loud a file is by ITU-R BS.1770-4 and EBU R 128, as ffmpeg's `ebur128` measures it."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from podkit.errors import DamagedMediaError
from podkit.media import graph, run
from podkit.media.sniff import sniff
from podkit.model.loudness import Loudness

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from podkit.media.tools import Tool

GATE = -70.0
"""LUFS of the absolute gate (BS.1770-4 annex 1): what ebur128 says of silence."""

_SUMMARY = re.compile(
    r"Integrated loudness:\s+I:\s+(?P<integrated>\S+) LUFS.*?"
    r"LRA:\s+(?P<range>\S+) LU"
    r"(?:.*?True peak:\s+Peak:\s+(?P<peak>\S+) dBFS)?",
    re.DOTALL,
)


def parse(stderr: str) -> Loudness:
    """The measurement in ebur128's last summary; None where it has no value, as for silence."""
    start = stderr.rfind("Integrated loudness:")
    found = _SUMMARY.search(stderr, start) if start >= 0 else None
    if found is None:
        return Loudness()
    integrated = _number(found["integrated"])
    if integrated is None or integrated <= GATE:
        return Loudness(true_peak=_number(found["peak"]))
    return Loudness(
        integrated=integrated, true_peak=_number(found["peak"]), range=_number(found["range"])
    )


def _number(text: str | None) -> float | None:
    """The number, or None for nan, inf and what is no number."""
    try:
        number = float(text or "nan")
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def measure(
    tool: Tool,
    path: Path,
    *,
    channels: int | None = None,
    on_seconds: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Loudness:
    """The loudness of a file's first sound track.

    Args:
        tool: the ffmpeg to use.
        path: any file that `sniff` knows.
        channels: 1 or 2 to measure what a mono or stereo file made of it would have; None
            measures it as it is. Two hard-panned speakers differ by 3 LU between the two.
        on_seconds: told how many seconds are done.
        cancel: when set, the measuring stops.

    Raises:
        DamagedMediaError: nothing in it can be decoded.
        Cancelled: `cancel` was set.
    """
    chain = None if channels is None else graph.Chain(channels=channels)
    arguments = graph.measuring(path, sniff(path), chain, loudness=True)
    ran = run.ffmpeg(tool, arguments, where=path, on_seconds=on_seconds, cancel=cancel)
    if not ran.seconds:
        raise DamagedMediaError("no sound in it can be decoded", where=path)
    return parse(ran.stderr)
