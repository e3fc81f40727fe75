"""A file's sound as engines that recognise speech want it: 16 kHz, mono, 16 bits, without a header."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ffmpeg

from podkit.errors import DamagedMediaError, NotMediaError
from podkit.media import graph, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from podkit.media.run import Ran
    from podkit.media.tools import Tool
    from podkit.model.media import MediaInfo

RATE = 16_000
"""Samples a second."""

_MOST = 24 * 3600 * RATE * 2  # bytes of a day: no episode is longer, and no bomb may be


def decode(
    tool: Tool,
    source: Path,
    media: MediaInfo,
    output: Path,
    *,
    on_seconds: Callable[[float], None] | None = None,
) -> Ran:
    """Decode the first sound track into a file of plain samples; a video's stays in step with it.

    Raises:
        NotMediaError: it has no sound.
        DamagedMediaError: no sound in it can be decoded.
        EncodeError: ffmpeg stood still, or the sound is longer than a day.
        FileError: the disk is full, or the source cannot be read.
    """
    if not media.audio:
        raise NotMediaError("it has no sound", where=source)
    stream = graph.source(media.container)["a:0"]
    if media.video:
        stream = stream.filter("aresample", **{"async": 1, "first_pts": 0})
    # floating point, in which swresample's mix cannot clip
    stream = stream.filter("aformat", sample_fmts="flt", channel_layouts="mono")
    made = ffmpeg.output(
        stream.filter("aresample", RATE),
        graph.OUTPUT,
        **{"f": "s16le", "c:a": "pcm_s16le", **graph.BARE},
    )
    ran = run.ffmpeg(
        tool,
        graph.arguments(made.overwrite_output(), source, output),
        where=source,
        on_seconds=on_seconds,
        file_bytes=_MOST,
    )
    if not output.exists() or not output.stat().st_size:
        reason = f": {ran.errors[0]}" if ran.errors else ""
        raise DamagedMediaError(f"no sound in it can be decoded{reason}", where=source)
    return ran
