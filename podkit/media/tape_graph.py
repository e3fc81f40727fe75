"""What ffmpeg is told about tapes: to make them, and to encode stretches of them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import ffmpeg

from podkit.media import graph

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from podkit.media.tape import Tape
    from podkit.model.media import MediaInfo
    from podkit.model.preset import Preset

_IN, _OUT = "podkit:in", "podkit:out"  # stand for names until `_named`
_LAYOUTS = {1: "mono", 2: "stereo"}


def recording(source: Path, media: MediaInfo, tape: Tape) -> tuple[str, ...]:
    """Decode a source's first sound track onto a tape; a video's stays in step with its pictures."""
    stream = graph.source(media.container)["a:0"]
    if media.video:
        stream = stream.filter("aresample", **{"async": 1, "first_pts": 0})
    # floating point, in which swresample's mix cannot clip
    stream = stream.filter("aformat", sample_fmts="flt", channel_layouts=_LAYOUTS[tape.channels])
    return graph.arguments(_raw(stream.filter("aresample", tape.rate), tape), source, tape.path)


def deriving(tape: Tape, made: Tape, *, clean: bool) -> tuple[str, ...]:
    """Bring a tape to another rate, or clean its speech."""
    stream = _reading(tape, _IN)
    if clean:
        stream = graph.cleaning(stream.filter("aformat", sample_fmts="fltp"))
    if made.rate != tape.rate:
        stream = stream.filter("aformat", sample_fmts="flt").filter("aresample", made.rate)
    names = {_IN: _stretch(tape, 0, tape.samples), graph.OUTPUT: f"file:{made.path}"}
    return _named(_raw(stream.filter("aformat", sample_fmts="flt"), made), names)


def mending(tape: Tape, made: Tape) -> tuple[str, ...]:
    """Put silence in the place of samples that are no numbers."""
    stream = graph.mending(_reading(tape, _IN))
    names = {_IN: _stretch(tape, 0, tape.samples), graph.OUTPUT: f"file:{made.path}"}
    return _named(_raw(stream.filter("aformat", sample_fmts="flt"), made), names)


def _raw(stream: Any, tape: Tape) -> Any:
    options = {"f": tape.codec, "c:a": f"pcm_{tape.codec}", **graph.BARE}
    return ffmpeg.output(stream, graph.OUTPUT, **options).overwrite_output()


def encoding(
    tape: Tape,
    start: int,
    end: int,
    preset: Preset,
    chain: graph.Chain,
    output: Path,
    *,
    muxer: Mapping[str, str] | None = None,
) -> tuple[str, ...]:
    """Encode the samples from `start` to `end`; `muxer` in place of the preset's own container."""
    stream = graph.sound(_reading(tape, _IN), chain)
    options = {**graph.BARE, **graph.sound_options(preset, chain)}
    made = ffmpeg.output(
        stream, graph.OUTPUT, **options, **(muxer or graph.muxer(preset.extension, output))
    )
    names = {_IN: _stretch(tape, start, end), graph.OUTPUT: f"file:{os.fspath(output)}"}
    return _named(made.overwrite_output(), names)


def _reading(tape: Tape, name: str) -> Any:
    return ffmpeg.input(
        name, f=tape.codec, ar=tape.rate, ac=tape.channels, protocol_whitelist="file,subfile"
    )


def _stretch(tape: Tape, start: int, end: int) -> str:
    """A range of bytes as ffmpeg's subfile protocol names it."""
    first = tape.start + start * tape.frame_bytes
    last = tape.start + min(end, tape.samples) * tape.frame_bytes
    return f"subfile,,start,{first},end,{last},,:file:{os.fspath(tape.path)}"


def _named(made: Any, names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(names.get(argument, argument) for argument in made.get_args())
