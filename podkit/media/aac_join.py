"""How AAC that was encoded in pieces becomes one m4a without a seam, exact to the sample.

A frame holds a window of 2048 samples; decoded, its first half is added to the second half of the
frame before (ISO/IEC 14496-3, 4.6.11.3.3). What one window folds over, the other takes away again,
when both have the same slope: so pieces that run on together for a while are cut where the frames
on both sides of the cut have equal windows in both pieces. No frame needs another one's bits, but
ffmpeg's rate control remembers about 300 frames: hence the long warm-up.
"""

from __future__ import annotations

import contextlib
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import ffmpeg

from podkit import files
from podkit.errors import EncodeError
from podkit.media import graph, run
from podkit.media.aac_frames import (
    LOW_COMPLEXITY,
    SAMPLES,
    Sequence,
    Stream,
    Windows,
    scan,
    windows,
)
from podkit.model.media import Container

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence as Several
    from pathlib import Path

    from podkit.media.tools import Tool

WARM_UP = 512
"""Frames that a piece begins before its first one.

Measured with `-aac_coder fast`: up to 18 dB more noise than a serial encode in the first 2, up to
15 until frame 64, on a pure tone up to 40 until 256; from 384 on none that could be told apart.
"""

TAIL = 192
"""Frames that a piece runs beyond its last one: four seconds in which to look for the best cut.

With ten clicks a second on each side of a stereo sound, the windows of the two agree only after
up to 59 frames; and most sounds have a quiet moment in that time.
"""

PRIMING = 1
"""Frames before the first sample: the first one's window begins 1024 samples before the sound."""

_ENDING = 4  # last frames of a piece: they saw the silence behind it
_CHUNK = 1 << 20
_TIMES_WITHIN = 1024  # bytes: the first boxes of the only track


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One encoded piece of a sound, as ADTS.

    It was made of samples from 1024 × `warm_up` before its own first one to 1024 × `TAIL` behind
    its last one, or to the end of the sound.
    """

    path: Path
    warm_up: int
    """Frames at its beginning that belong to the piece before it; 0 for the first."""
    frames: int | None
    """Frames that it contributes after those; None for the last piece: all the rest."""


class Cut(NamedTuple):
    """Where one piece is left for the next: the first frame not taken, and the first one taken."""

    left: int
    right: int


def join(
    tool: Tool,
    pieces: Several[Piece],
    output: Path,
    *,
    samples: int,
    rate: int,
    cancel: threading.Event | None = None,
) -> tuple[str, ...]:
    """Make one m4a of the pieces, from which players get exactly `samples` at their own times.

    Args:
        tool: the ffmpeg that writes the boxes.
        pieces: in order.
        output: the temporary file to write; a second one beside it is gone at the end.
        samples: of the whole sound, per channel.
        rate: samples per second.
        cancel: when set, the work stops.

    Returns:
        The command that wrote the boxes.

    Raises:
        EncodeError: the pieces are not of one kind, are shorter or longer than they should be, or
            have no place where they can be cut.
        FileError: something cannot be read or written.
        Cancelled: `cancel` was set.
    """
    streams = [scan(piece.path) for piece in pieces]
    _check_kinds(streams, rate, output)
    _check_lengths(pieces, streams, samples)
    spans = _spans(pieces, streams)
    joined = files.temporary_beside(output, suffix=".aac")
    try:
        _pour(streams, spans, joined)
        arguments = muxing(joined, output, samples=samples, rate=rate)
        ran = run.ffmpeg(tool, arguments, where=output, cancel=cancel)
    finally:
        with contextlib.suppress(OSError):
            joined.unlink()
    if ran.returncode or ran.errors:
        reason = ran.errors[-1] if ran.errors else f"exit status {ran.returncode}"
        raise EncodeError(f"ffmpeg could not write the boxes: {reason}", where=output)
    _check_times(output, samples, rate)
    return ran.command


def muxing(joined: Path, output: Path, *, samples: int, rate: int) -> tuple[str, ...]:
    """Put frames into an m4a, with the times that ffmpeg writes when it encodes by itself.

    The first frame lies before zero, which becomes the edit list's media_time (ISO/IEC 14496-12,
    8.6.6), and the last one lasts only as long as there is sound (8.6.1.2). ffmpeg 5.1 counts the
    edit list in milliseconds unless told otherwise, and its `setts` in other ticks than 9's and
    than its own TB: only the packets' DURATION is right in both.
    """
    last = (samples - 1) // SAMPLES + PRIMING
    rest = samples - (last - PRIMING) * SAMPLES
    duration = rf"if(eq(N\,{last})\,{rest}*DURATION/{SAMPLES}\,DURATION)"
    setts = f"setts=ts=(N-{PRIMING})*DURATION:duration={duration}"
    made = ffmpeg.output(
        graph.source(Container.AAC)["a:0"],
        graph.OUTPUT,
        c="copy",
        **{"bsf:a": f"aac_adtstoasc,{setts}"},
        movie_timescale=str(rate),
        **graph.BARE,
        **graph.muxer("m4a", output),
    )
    return graph.arguments(made.overwrite_output(), joined, output)


def _check_times(output: Path, samples: int, rate: int) -> None:
    """Read back what the boxes at the file's beginning say about time; any ffmpeg may write them.

    Raises:
        EncodeError: a player would get other samples than planned.
    """
    with files.open_regular(output) as stream, files.translating(output, "read"):
        head = stream.read(_TIMES_WITHIN)
    primed = samples + PRIMING * SAMPLES
    found = (_numbers(head, b"mvhd"), _numbers(head, b"mdhd"), _numbers(head, b"elst"))
    if found != ((rate, samples), (rate, primed), (samples, PRIMING * SAMPLES)):
        raise EncodeError("ffmpeg wrote other times than planned", where=output)


def _numbers(head: bytes, kind: bytes) -> tuple[int, int] | None:
    """Time scale and duration of a header box, duration and media_time of the edit list's one entry.

    ISO/IEC 14496-12, 8.2.2.2, 8.4.2.2 and 8.6.6.2; in version 1 times have 64 bits.
    """
    at = head.find(kind) + len(kind)
    if at < len(kind) or len(head) < at + 32:
        return None
    wide = head[at] == 1
    if kind == b"elst":
        layout = ">4xIQq" if wide else ">4xIIi"
        count, first, second = struct.unpack_from(layout, head, at)
        return (first, second) if count == 1 else None
    first, second = struct.unpack_from(">4x16xIQ" if wide else ">4x8xII", head, at)
    return first, second


def _check_kinds(streams: Several[Stream], rate: int, output: Path) -> None:
    """See that all pieces are low-complexity AAC of one rate and as many channels.

    Raises:
        EncodeError: one is not.
    """
    if not streams:
        raise EncodeError("there are no pieces to join", where=output)
    first = streams[0].kind
    if first.profile != LOW_COMPLEXITY or first.channels > 2:
        raise EncodeError("it is not low-complexity AAC, mono or stereo", where=streams[0].path)
    for stream in streams:
        if stream.kind.rate != rate:
            raise EncodeError(
                f"it has {stream.kind.rate} samples a second, not {rate}", where=stream.path
            )
        if stream.kind != first:
            raise EncodeError("it is of another kind than the first piece", where=stream.path)


def _check_lengths(pieces: Several[Piece], streams: Several[Stream], samples: int) -> None:
    """See that each piece has the frames that its part of the sound makes, not one more or less.

    Raises:
        EncodeError: one has not; or the pieces are not a whole sound.
    """
    whole = -(-samples // SAMPLES)
    start = 0
    for index, (piece, stream) in enumerate(zip(pieces, streams, strict=True)):
        last = index == len(pieces) - 1
        if (piece.frames is None) is not last or (piece.warm_up > 0) is not (index > 0):
            raise EncodeError("the pieces do not follow each other", where=piece.path)
        end = whole if piece.frames is None else start + piece.frames
        wanted = min(end if last else end + TAIL, whole) - start + piece.warm_up + PRIMING
        if end > whole or start >= end or stream.frames != wanted:
            raise EncodeError(
                f"it has {stream.frames} frames of AAC and should have {wanted}", where=piece.path
            )
        start = end


def _spans(pieces: Several[Piece], streams: Several[Stream]) -> list[tuple[int, int]]:
    """The first frame of each piece that is taken, and the first behind them that is not.

    Raises:
        EncodeError: two have no place to be cut.
    """
    starts, ends = [pieces[0].warm_up], []
    for index in range(len(pieces) - 1):
        cut = best_cut(pieces[index], streams[index], pieces[index + 1], streams[index + 1])
        ends.append(cut.left)
        starts.append(cut.right)
    return list(zip(starts, [*ends, streams[-1].frames], strict=True))


def best_cut(left: Piece, one: Stream, right: Piece, other: Stream) -> Cut:
    """Where to go over from one piece to the next.

    Of all places in the left piece's tail that are long windows on both sides in both pieces, that
    where the frames around it are coded with the finest steps, so have the least noise; without
    any, of those where the windows are at least equal.

    Raises:
        EncodeError: there is no such place.
    """
    first = left.warm_up + (left.frames or 0)
    count = min(one.frames - _ENDING - first, other.frames - _ENDING - right.warm_up)
    if right.frames is not None:
        count = min(count, right.frames)  # of which at least one shall be left
    ours = _seen(one, first - 1, first + count)
    theirs = _seen(other, right.warm_up - 1, right.warm_up + count)
    places = []
    for place in range(count):
        before, after = ours[place : place + 2]
        same_before, same_after = theirs[place : place + 2]
        if not (before and after and same_before and same_after):
            continue
        if (before, after) != (same_before, same_after):
            continue
        bent = not (before.sequence is after.sequence is Sequence.LONG)
        gain = sum(found.gain for found in (before, after, same_before, same_after))
        places.append((bent, gain, place))
    if not places:
        raise EncodeError("there is no place to cut the pieces", where=left.path)
    place = min(places)[-1]
    return Cut(left=first + place, right=right.warm_up + place)


def _seen(stream: Stream, start: int, end: int) -> list[Windows | None]:
    """The windows of some frames."""
    found = []
    with files.open_regular(stream.path) as source, files.translating(stream.path, "read"):
        source.seek(stream.starts[start])
        for frame in range(start, end):
            content = source.read(stream.starts[frame + 1] - stream.starts[frame])
            found.append(windows(content))
    return found


def _pour(streams: Several[Stream], spans: Several[tuple[int, int]], output: Path) -> None:
    """Write all frames that are taken, one after the other."""
    with files.translating(output, "write"), output.open("xb") as out:
        for stream, (start, end) in zip(streams, spans, strict=True):
            with files.open_regular(stream.path) as source:
                source.seek(stream.starts[start])
                left = stream.starts[end] - stream.starts[start]
                while left:
                    chunk = source.read(min(left, _CHUNK))
                    if not chunk:
                        raise EncodeError("it became shorter meanwhile", where=stream.path)
                    out.write(chunk)
                    left -= len(chunk)
