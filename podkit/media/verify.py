"""Whether a file is whole: it is decoded to its end and its length compared, nothing is believed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from podkit.errors import DamagedMediaError
from podkit.media import ends, ends_flac, graph, pieces
from podkit.media.loudness import parse
from podkit.media.sniff import declares_length, sniff
from podkit.model.media import Container, Decoded
from podkit.model.work import HERE

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from podkit.media.run import Ran
    from podkit.media.tools import Tool
    from podkit.model.media import MediaInfo
    from podkit.model.work import Engine

_ERRORS_OF_A_TAG = 4


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
    engine: Engine = HERE,
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
        engine: where it is decoded.
        on_progress: told how many seconds are done.
        cancel: when set, the decoding stops.

    Raises:
        DamagedMediaError: nothing in it can be decoded.
        FileError: it cannot be read.
        Cancelled: `cancel` was set.
    """
    container = sniff(path)
    arguments = graph.measuring(path, container, chain, loudness=loudness, peak=peak)
    if container is Container.FLAC and (chain is None or not chain.rate):
        arguments += ends_flac.promise(path).arguments
    order = pieces.Run(tool=tool, arguments=arguments, where=path)
    (ran,) = pieces.do(engine, [order], tell=on_progress, cancel=cancel)
    if not ran.seconds:
        reason = f": {ran.errors[0]}" if ran.errors else ""
        raise DamagedMediaError(f"no sound in it can be decoded{reason}", where=path)
    return Decoded(
        duration=ran.seconds,
        samples=_samples(ran.seconds, ran.stderr),
        errors=ran.errors,
        error_count=ran.error_count,
        md5=md5_of(ran),
        loudness=parse(ran.stderr) if loudness else None,
    )


def md5_of(ran: Ran) -> str:
    """The checksum that a run printed beside its other work; empty when it printed none."""
    return next((line[4:].strip() for line in ran.printed if line.startswith("MD5=")), "")


def _samples(seconds: float, stderr: str) -> int:
    """Seconds in samples, by the sample rate that ffmpeg says of its last stream."""
    rates = re.findall(r"Audio: .*?(\d+) Hz", stderr)
    return round(seconds * int(rates[-1])) if rates else 0


def pictures(
    tool: Tool,
    path: Path,
    *,
    engine: Engine = HERE,
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
    order = pieces.Run(tool=tool, arguments=arguments, where=path)
    (ran,) = pieces.do(engine, [order], tell=on_progress, cancel=cancel)
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
    if ends.promises_itself(media.container):
        return ends.seconds(path, media.container)
    seconds = media.audio[0].duration
    if seconds is None and not media.video:
        seconds = media.duration
    return seconds


def check_whole(decoded: Decoded, media: MediaInfo, path: Path) -> None:
    """Hold what was decoded against what the header says, the file's end and the decoder's errors.

    Raises:
        DamagedMediaError: it ends early, or its sound is not what was written.
    """
    promised = declared(media, path)
    fault = ends.fault(path, media.container) or _lacking(decoded, media, path)
    short = promised is not None and decoded.duration < promised - tolerance(promised)
    if not (fault or short):
        fault = _broken(decoded, media.container, path)
        if not fault:
            return
    said = f"the file ends after {decoded.duration:.1f} s"
    said += "" if promised is None else f", its header says {promised:.1f} s"
    raise DamagedMediaError(
        said + (f": {fault}" if fault else ""),
        where=path,
        hint="get the whole file, or use --allow-damaged to keep what is there",
    )


def _lacking(decoded: Decoded, media: MediaInfo, path: Path) -> str:
    """What a FLAC file's sound lacks of the number of samples that its header counts."""
    if media.container is not Container.FLAC or not media.audio:
        return ""
    rate = media.audio[0].sample_rate
    missing = ends_flac.promise(path).samples - round(decoded.duration * rate)
    return f"{missing} samples are missing" if missing > rate / 1000 else ""


def _broken(decoded: Decoded, container: Container, path: Path) -> str:
    """What shows that the sound is not what was written: a checksum, or errors of the decoder.

    A decoder takes tags among frames for broken ones, and says so once or twice for each.
    """
    if container is Container.FLAC and decoded.md5:
        right = ends_flac.promise(path).md5
        if decoded.md5 == right:
            return ""  # proven, whatever stands behind it
        if right:
            return "its sound is not what its checksum (MD5) says"
    count = max(decoded.error_count, len(decoded.errors))
    if not count or count <= _ERRORS_OF_A_TAG * ends.tags_between(path, container):
        return ""
    errors = "1 error" if count == 1 else f"{count} errors"
    return f"{errors} while decoding, first: {decoded.errors[0]}"
