"""Samples decoded and measured where they lie; runs as a child, since decoders may crash.

`python -m podkit.media.meter_worker` answers each JSON line that it is sent with an open file: an
order of `meter`, as it says there. Lines with `"told"` are on the way, the one without is the answer.
"""

from __future__ import annotations

import json
import math
import os
import sys
import time
from typing import IO, TYPE_CHECKING, Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a slot is one core

import av
import numpy as np

from podkit.media.gauge import Gauge
from podkit.media.worker import questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from fractions import Fraction

    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_TELLING = 0.2  # seconds between two lines that tell how far it is
_VALUES = 5000  # in one line
_ERRORS = 20  # that are told in words
_AT_ONCE = 4  # seconds
# How swresample mixes in floating point, where nothing is turned down to make room.
_MIX = math.sqrt(0.5)


class Refused(Exception):  # noqa: N818 (it says what happened)
    """What is asked for cannot be done; the message says why."""


def main() -> None:
    """Say that it is ready, then answer questions until there are no more."""
    av.logging.set_level(av.logging.ERROR)
    av.logging.set_skip_repeated(False)
    _say({"ready": True})
    for line, descriptor in questions():
        with os.fdopen(descriptor, "rb") as stream:
            _say(answer(json.loads(line), stream))


def _say(answer: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def answer(order: Mapping[str, Any], stream: IO[bytes]) -> dict[str, Any]:
    """What was measured, all values but the last line told already; or why nothing was."""
    errors: list[str] = []
    try:
        gauge = Gauge(order["rate"], order["channels"], between=order["between"])
        told = time.monotonic()
        for samples in _sounds(order, stream, errors):
            gauge.feed(samples)
            if time.monotonic() - told > _TELLING:
                told = time.monotonic()
                _say({"told": gauge.samples / order["rate"]})
        gauge.rest()
    except (
        Refused,
        av.FFmpegError,
        OSError,
        ValueError,
        ArithmeticError,
        LookupError,
        MemoryError,
    ) as error:
        failing = isinstance(error, OSError) and not isinstance(error, av.FFmpegError)
        return {"refused": str(error) or type(error).__name__, "failing": failing}
    if gauge.unsound:
        errors.append(f"{gauge.unsound} of its samples are no numbers")
    for name, values in (
        ("momentary", gauge.momentary()),
        ("short_term", gauge.short_term()),
        ("peaks", gauge.peaks),
    ):
        for at in range(0, len(values), _VALUES):
            _say({"told": gauge.samples / order["rate"], name: values[at : at + _VALUES]})
    return {
        "samples": gauge.samples,
        "highest": gauge.highest,
        "unsound_at": gauge.unsound_at,
        "errors": list(dict.fromkeys(errors))[:_ERRORS],
        "error_count": len(errors),
    }


def _sounds(order: Mapping[str, Any], stream: IO[bytes], errors: list[str]) -> Iterator[Samples]:
    if "demuxer" in order:
        return _decoded(order, stream, errors)
    tapes = (_on_tape(order, stream, first, last) for first, last in order["stretches"])
    whole = (samples for stretch in tapes for samples in stretch)
    return _behind(order, whole) if order["filters"] else whole


def _on_tape(
    order: Mapping[str, Any], stream: IO[bytes], first: int, last: int
) -> Iterator[Samples]:
    """The samples of a tape from one to another, on the channels that are wanted."""
    held, codec = order["held"], order["codec"]
    size = held * int(codec[1:3]) // 8
    at, end = order["start"] + first * size, order["start"] + last * size
    while at < end:
        raw = os.pread(stream.fileno(), min(order["tape_rate"] * _AT_ONCE * size, end - at), at)
        if len(raw) < size:
            raise Refused("it ends before its samples do")
        raw = raw[: len(raw) // size * size]
        at += len(raw)
        yield _mixed(_numbers(raw, codec).reshape(-1, held).T, order["channels"])


def _numbers(raw: bytes, codec: str) -> NDArray[Any]:
    if codec == "s24le":
        wide = np.zeros((len(raw) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(raw, np.uint8).reshape(-1, 3)
        return wide.view("<i4")[:, 0]
    kind = {"s16le": "<i2", "s32le": "<i4", "f32le": "<f4"}[codec]
    return np.frombuffer(raw, kind)


def _mixed(samples: NDArray[Any], channels: int) -> Samples:
    """As floating point, full scale at 1, from one or two channels to one or two."""
    out = np.empty(samples.shape, np.float32)
    scale = {"i": 1.0 / (1 << 8 * samples.itemsize - 1)}.get(samples.dtype.kind, 1.0)
    np.multiply(samples, np.float32(scale), out=out, dtype=np.float32, casting="unsafe")
    if len(out) == channels:
        return out
    mixed = out.sum(axis=0, keepdims=True, dtype=np.float32) * np.float32(_MIX)
    return mixed if channels == 1 else np.repeat(mixed, 2, axis=0)


def _behind(order: Mapping[str, Any], sounds: Iterator[Samples]) -> Iterator[Samples]:
    """Sound as a chain of ffmpeg's filters leaves it."""
    layout = ("mono", "stereo")[order["channels"] - 1]
    graph = av.filter.Graph()
    graph.threads = 1
    rate = order["tape_rate"]
    nodes = [
        graph.add_abuffer(format="fltp", sample_rate=rate, layout=layout, time_base=_part(rate))
    ]
    chain = [*order["filters"], ("aformat", "sample_fmts=fltp")]
    nodes += [graph.add(name, arguments) for name, arguments in chain]
    nodes.append(graph.add("abuffersink"))
    graph.link_nodes(*nodes).configure()
    at = 0
    for samples in sounds:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", layout)
        frame.sample_rate, frame.pts, frame.time_base = rate, at, _part(rate)
        at += samples.shape[1]
        nodes[0].push(frame)
        yield from _pulled(nodes[-1])
    nodes[0].push(None)
    yield from _pulled(nodes[-1])


def _part(rate: int) -> Fraction:
    from fractions import Fraction  # noqa: PLC0415 (few are measured behind a chain)

    return Fraction(1, rate)


def _pulled(sink: Any) -> Iterator[Samples]:
    while True:
        try:
            frame = sink.pull()
        except (BlockingIOError, EOFError):
            return
        yield frame.to_ndarray()


def _opened(part: _Part, demuxer: str, options: dict[str, str]) -> Any:
    return av.open(part, format=demuxer, options=options)


class _Part:
    """Some bytes of a file as a file of its own."""

    def __init__(self, stream: IO[bytes], first: int, last: int) -> None:
        self._stream, self._first, self._size, self._at = stream, first, last - first, 0

    def read(self, size: int) -> bytes:
        """Up to so many bytes from where it stands."""
        size = max(0, min(size, self._size - self._at))
        raw = os.pread(self._stream.fileno(), size, self._first + self._at)
        self._at += len(raw)
        return raw

    def seek(self, offset: int, whence: int = 0) -> int:
        """Stand elsewhere."""
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        """Where it stands."""
        return self._at


def _decoded(order: Mapping[str, Any], stream: IO[bytes], errors: list[str]) -> Iterator[Samples]:
    """The samples of a file's first sound track, from one to another where that is asked for.

    They are counted by the times in the file where it is entered by time, else one by one.
    """
    begin, end = order["begin"], order["end"]
    at = 0
    waiting = av.AudioFifo()
    for frame in _frames(order, stream, errors):
        if frame.sample_rate != order["rate"] or frame.layout.nb_channels != order["channels"]:
            raise Refused("its sound changes on the way")
        if order["by_time"]:
            if frame.pts is None:
                raise Refused("its frames have no times")
            at = round(frame.pts * frame.time_base * order["rate"])
        first, last = max(begin - at, 0), frame.samples if end is None else end - at
        at += frame.samples
        if last <= 0:
            break
        if first < frame.samples:
            kept = frame if first == 0 and last >= frame.samples else _part_of(frame, first, last)
            kept.pts = None  # the queue would want them without gaps
            waiting.write(kept)
        while waiting.samples >= _AT_ONCE * order["rate"]:
            yield _plain(waiting.read(_AT_ONCE * order["rate"]))
    if waiting.samples:
        yield _plain(waiting.read())


def _part_of(frame: Any, first: int, last: int) -> Any:
    """Some samples of a frame as a frame."""
    samples = frame.to_ndarray()
    width = 1 if frame.format.is_planar else frame.layout.nb_channels
    part = np.ascontiguousarray(samples[:, first * width : last * width])
    made = av.AudioFrame.from_ndarray(part, frame.format.name, frame.layout)
    made.sample_rate = frame.sample_rate
    return made


def _plain(frame: Any) -> Samples:
    """A frame's samples, one row for each channel, full scale at 1."""
    samples: NDArray[Any] = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    if samples.dtype.kind == "u":
        return (samples.astype(np.float32) - np.float32(128)) / np.float32(128)
    return samples if frame.format.name == "fltp" else _mixed(samples, len(samples))


def _frames(order: Mapping[str, Any], stream: IO[bytes], errors: list[str]) -> Iterator[Any]:
    """Decoded frames; what goes wrong on the way is written down, and the next one taken."""
    options = {
        "format_whitelist": order["demuxer"],
        "codec_whitelist": order["decoders"],
        "protocol_whitelist": "file",
    }
    part = _Part(stream, order["first_byte"], order["last_byte"])
    with av.logging.Capture() as said, _opened(part, order["demuxer"], options) as container:
        if not container.streams.audio:
            raise Refused("there is no sound in it")
        track = container.streams.audio[0]
        track.codec_context.thread_count = 1
        if order["seek"] > 0:
            container.seek(int(order["seek"] / order["rate"] / track.time_base), stream=track)
        packets = container.demux(track)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError as error:
                errors.append(f"error during demuxing: {str(error.strerror).lower()}")
                packet = None
            try:
                yield from packet.decode() if packet is not None else ()
            except av.FFmpegError as error:
                errors.append(f"error in a packet: {str(error.strerror).lower()}")
            errors += [message.strip() for level, _, message in said if level <= av.logging.ERROR]
            said.clear()
            if packet is None:
                return


if __name__ == "__main__":
    main()
