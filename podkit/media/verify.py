"""Whether a file is whole: it is decoded to its end and its length compared, nothing is believed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from podkit.errors import DamagedMediaError
from podkit.media import graph, run
from podkit.media.ends import has_end, share_there
from podkit.media.loudness import parse
from podkit.media.sniff import declares_length, sniff
from podkit.model.media import Container, Decoded

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from podkit.media.tools import Tool
    from podkit.model.media import MediaInfo


def tolerance(seconds: float) -> float:
    """Seconds by which two files of the same sound may differ: 0.1 s, or a thousandth."""
    return max(0.1, seconds * 0.001)


def decode(
    tool: Tool,
    path: Path,
    *,
    loudness: bool = False,
    chain: graph.Chain | None = None,
    peak: bool = True,
    on_progress: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Decoded:
    """Decode a file's first sound track to its very end.

    Args:
        tool: the ffmpeg to use.
        path: any file that `sniff` knows.
        loudness: whether to measure it in the same pass.
        chain: what to do to the sound first; None leaves it as it is.
        peak: whether a loudness has its true peak, which costs as much again.
        on_progress: told how many seconds are done.
        cancel: when set, the decoding stops.

    Raises:
        DamagedMediaError: nothing in it can be decoded.
        FileError: it cannot be read.
        Cancelled: `cancel` was set.
    """
    container = sniff(path)
    arguments = graph.measuring(path, container, chain, loudness=loudness, peak=peak)
    ran = run.ffmpeg(tool, arguments, where=path, on_seconds=on_progress, cancel=cancel)
    if not ran.seconds:
        reason = f": {ran.errors[0]}" if ran.errors else ""
        raise DamagedMediaError(f"no sound in it can be decoded{reason}", where=path)
    return Decoded(
        duration=ran.seconds,
        samples=_samples(ran.seconds, ran.stderr),
        errors=ran.errors,
        loudness=parse(ran.stderr) if loudness else None,
    )


def _samples(seconds: float, stderr: str) -> int:
    """Seconds in samples, by the sample rate that ffmpeg says of its last stream."""
    rates = re.findall(r"Audio: .*?(\d+) Hz", stderr)
    return round(seconds * int(rates[-1])) if rates else 0


def pictures(
    tool: Tool,
    path: Path,
    *,
    on_progress: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> tuple[float, int, tuple[str, ...]]:
    """Decode a file's moving pictures to their end: seconds, frames, errors.

    Raises:
        DamagedMediaError: not one can be decoded.
        FileError: it cannot be read.
        Cancelled: `cancel` was set.
    """
    arguments = graph.watching(path, sniff(path))
    ran = run.ffmpeg(tool, arguments, where=path, on_seconds=on_progress, cancel=cancel)
    if not ran.frames:
        raise DamagedMediaError("no picture in it can be decoded", where=path)
    return ran.seconds, ran.frames, ran.errors


def declared(media: MediaInfo, path: Path) -> float | None:
    """The seconds of sound that the file's header promises; None when it promises nothing.

    An MP3 without a Xing header and bare AAC have only an estimate, and in a container with
    pictures the sound may be shorter than the whole.
    """
    if media.container is Container.AAC or not media.audio:
        return None
    if media.container is Container.MP3 and not declares_length(path):
        return None
    seconds = media.audio[0].duration
    if seconds is None and not media.video:
        seconds = media.duration
    return None if seconds is None else seconds / share_there(path, media.container)


def check_whole(decoded: Decoded, media: MediaInfo, path: Path) -> None:
    """Compare what was decoded with what the header says.

    Raises:
        DamagedMediaError: it ends early.
    """
    promised = declared(media, path)
    ends = f"the file ends after {decoded.duration:.1f} s"
    hint = "get the whole file, or use --allow-damaged to keep what is there"
    if promised is not None and decoded.duration < promised - tolerance(promised):
        raise DamagedMediaError(f"{ends}, its header says {promised:.1f} s", where=path, hint=hint)
    if not has_end(path, media.container):
        raise DamagedMediaError(f"{ends} without the page that ends it", where=path, hint=hint)
