"""Listening to what was made: decoded to its last sample, counted and measured, in stretches.

How a stretch of each format is decoded exactly was found by comparing with decodes of the whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

import ffmpeg

from podkit import files
from podkit.errors import DamagedMediaError
from podkit.media import graph, mp3_frames, pieces, tape_graph
from podkit.media.sniff import DECODERS, DEMUXERS
from podkit.media.survey import PRE_ROLL, joined, read, stretches
from podkit.model.media import Container, Decoded

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from podkit.media.run import Ran
    from podkit.media.tools import Tool
    from podkit.model.work import Engine

_COST = 1 / 400  # seconds of one core for a second of sound
_IN = "podkit:in"
_MP3_DELAY = 1105  # samples before the first: the encoder's 576 and the decoder's 529
_MP3_FRAME, _MP3_LEAD, _MP3_AFTER = 1152, 16, 4  # samples; frames around a stretch
# Samples before a stretch from which a decoder is under way; others are decoded whole.
_LEAD = {Container.MP4: 8192, Container.FLAC: 8192, Container.OGG: 48_000}
# What counts the samples wants 16 bits, in which peaks above full scale would be cut for both.
_FLOAT = "aformat=sample_fmts=flt|fltp|dbl|dblp"
_COUNT = re.compile(r"n_samples: (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that podkit has just encoded: `samples` per channel that it should have."""

    path: Path
    container: Container
    samples: int
    rate: int
    channels: int


def listen(
    tool: Tool,
    made: Made,
    *,
    engine: Engine,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Decoded:
    """Decode a file to its end, count its samples and measure it.

    Args:
        tool: the ffmpeg to use.
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
    runs = [
        pieces.Run(
            tool=tool,
            arguments=_arguments(made, entry),
            where=made.path,
            cost=(end - start) / made.rate * _COST,
        )
        for (start, end), entry in zip(cuts, _entries(made, cuts), strict=True)
    ]
    ran = pieces.do(engine, runs, tell=tell, cancel=cancel)
    samples = sum(_samples(one, made) - roll for one, roll in zip(ran, rolls, strict=True))
    errors = tuple(dict.fromkeys(error for one in ran for error in one.errors))
    if samples <= 0:
        reason = f": {errors[0]}" if errors else ""
        raise DamagedMediaError(f"no sound in it can be decoded{reason}", where=made.path)
    heard = [read(one, roll / made.rate) for one, roll in zip(ran, rolls, strict=True)]
    loudness = joined(heard, [start // made.rate for start, _ in cuts]).loudness
    return Decoded(
        duration=samples / made.rate,
        samples=samples,
        errors=errors,
        loudness=loudness,
    )


def _samples(ran: Ran, made: Made) -> int:
    """How many samples a run counted, of each channel."""
    return max(map(int, _COUNT.findall(ran.stderr)), default=0) // made.channels


def _cuts(made: Made) -> list[tuple[int, int]]:
    """Where to cut: nowhere in a format whose decoder cannot begin in the middle."""
    if made.container is Container.MP3 or made.container in _LEAD:
        return stretches(made.samples, made.rate)
    return [(0, made.samples)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """How a decoder is let in: name and options of the input, and where in it the stretch lies."""

    name: str
    options: Mapping[str, Any]
    trim: Mapping[str, int]


def _entries(made: Made, cuts: Sequence[tuple[int, int]]) -> list[_Entry]:
    whole = _Entry(name=f"file:{made.path}", options={"protocol_whitelist": "file"}, trim={})
    if len(cuts) == 1:
        return [whole]
    rolled = [max(0, start - round(PRE_ROLL * made.rate)) for start, _ in cuts]
    ends: list[int | None] = [*(end for _, end in cuts[:-1]), None]
    if made.container is Container.MP3:
        with files.open_regular(made.path) as stream, files.translating(made.path, "read"):
            starts = _starts(stream, made.path)
        return [
            _into_mp3(made, starts, start, end) for start, end in zip(rolled, ends, strict=True)
        ]
    lead = _LEAD[made.container]
    return [
        _Entry(
            name=whole.name,
            options={**whole.options, **_seek(start - lead, made.rate)},
            trim={"start_pts": start} | ({} if end is None else {"end_pts": end}),
        )
        for start, end in zip(rolled, ends, strict=True)
    ]


def _starts(stream: IO[bytes], path: Path) -> Sequence[int]:
    """Where the frames of an MP3 file begin, behind the first one, which only counts them."""
    try:  # the first one may say another mode of stereo
        opening = mp3_frames.header_at(stream.read(mp3_frames.HEADER), 0).length
        return mp3_frames.starts_in(stream, opening)
    except ValueError as error:
        raise DamagedMediaError(f"it is cut or torn: {error}", where=path) from error


def _seek(start: int, rate: int) -> dict[str, Any]:
    """Options of an input that begins near a sample, its times kept; none at the very beginning."""
    return {"copyts": None, "ss": f"{start / rate:.6f}"} if start > 0 else {}


def _into_mp3(made: Made, starts: Sequence[int], start: int, end: int | None) -> _Entry:
    """Some frames of an MP3 file: 16 before the stretch, for the reservoir and the filter bank."""
    first = max(0, (start + _MP3_DELAY) // _MP3_FRAME - _MP3_LEAD)
    last = len(starts) - 1
    if end is not None:
        last = min(last, (end + _MP3_DELAY) // _MP3_FRAME + _MP3_AFTER)
    # the file's first one tells the length, and that the decoder shall cut its delay off
    begin = starts[min(first, last)] if first else 0
    offset = first * _MP3_FRAME - _MP3_DELAY if first else 0
    # without that first frame nobody cuts the end off
    end = made.samples if end is None and first else end
    trim = {"start_sample": start - offset}
    if end is not None:
        trim["end_sample"] = end - offset
    return _Entry(
        name=f"subfile,,start,{begin},end,{starts[last]},,:file:{made.path}",
        options={"protocol_whitelist": "file,subfile"},
        trim=trim,
    )


def _arguments(made: Made, entry: _Entry) -> tuple[str, ...]:
    demuxer = DEMUXERS[made.container]
    stream = ffmpeg.input(
        _IN, f=demuxer, format_whitelist=demuxer, codec_whitelist=DECODERS, **entry.options
    )["a:0"]
    filters = _filters(entry.trim)
    whole = ffmpeg.output(stream, "-", f="null", af=filters, **graph.BARE)
    return tuple(entry.name if word == _IN else word for word in whole.get_args())


def _filters(trim: Mapping[str, int]) -> str:
    """Measure, and beside it count the samples.

    It is written by hand since ffmpeg-python leaves out what ends in no output. The time that ffmpeg
    reports would count them too, but not where times are kept.
    """
    pipe = "file=pipe\\\\:1:direct=1"
    cut = "atrim=" + ":".join(f"{key}={value}" for key, value in trim.items()) if trim else "anull"
    second = tape_graph.EACH_SECOND.replace(",", "\\,")
    return (
        f"{cut},{_FLOAT},asetpts=N/SR/TB,asplit[whole][beside];[beside]volumedetect,anullsink;"
        f"[whole]ebur128=metadata=1:framelog=verbose:peak=true,"
        f"ametadata=mode=print:key=lavfi.r128.M:{pipe},"
        f"aselect={second},ametadata=mode=print:key=lavfi.r128.S:{pipe},aselect=0"
    )
