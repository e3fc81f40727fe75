"""What ffmpeg is told: argument lists as values, built by ffmpeg-python and never run by it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ffmpeg

from podkit.errors import EncodeError
from podkit.media.sniff import DECODERS, DEMUXERS
from podkit.media.tools import ENCODERS
from podkit.model.media import Container

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.model.media import MediaInfo
    from podkit.model.preset import Preset

_SOURCE, _OUTPUT = "podkit:source", "podkit:output"  # stand for names until `_arguments`
_OVERSAMPLING = 4  # as BS.1770-4 annex 2 measures true peaks
_LAYOUTS = {1: "mono", 2: "stereo"}
_LIMIT_RANGE = (0.0625, 1.0)  # what alimiter accepts

# Nothing of the source but its sound and pictures, and no trace of who encoded it where.
_BARE = {
    "map_metadata": "-1",
    "map_chapters": "-1",
    "fflags": "+bitexact",
    "flags:a": "+bitexact",
}
_MUXERS = {
    "mp3": {"f": "mp3", "id3v2_version": "0", "write_xing": "1"},
    "m4a": {"f": "ipod", "movflags": "+faststart"},
    "m4b": {"f": "ipod", "movflags": "+faststart"},
    "mp4": {"f": "mp4", "movflags": "+faststart"},
    "m4v": {"f": "mp4", "movflags": "+faststart"},
    "mov": {"f": "mov", "movflags": "+faststart"},
    "opus": {"f": "opus"},
    "ogg": {"f": "ogg"},
    "oga": {"f": "ogg"},
    "flac": {"f": "flac"},
    "wav": {"f": "wav", "rf64": "auto"},
    "mkv": {"f": "matroska"},
    "mka": {"f": "matroska"},
    "webm": {"f": "webm"},
    "aac": {"f": "adts"},
    "aif": {"f": "aiff"},
    "aiff": {"f": "aiff"},
}
_OPTIONS: dict[str, dict[str, str]] = {
    "mp3": {},
    # ffmpeg's default coder ("twoloop") lifts single peaks by 3 dB, has 7 dB more noise and takes
    # four times as long
    "aac": {"profile:a": "aac_low", "aac_coder": "fast"},
    "opus": {"vbr": "on", "application": "audio"},
    "flac": {"compression_level": "8"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What happens to the sound between decoder and encoder, in this order.

    `channels` that are put out, `gain` in dB, `ceiling` of the limiter in dBFS (None: no limiter),
    `rate` in Hz (None: as it is; a limiter must know it). `aligned` fills what a video's sound lacks at its beginning and
    in gaps with silence, so that it stays in step with the pictures. `exact` False limits without
    oversampling, which is enough to foresee a loudness. `untouched` leaves the sample format.
    """

    channels: int
    gain: float = 0.0
    ceiling: float | None = None
    rate: int | None = None
    aligned: bool = False
    exact: bool = True
    untouched: bool = False


def source(container: Container) -> Any:
    """An input that can be nothing but one file in this container: no other demuxer may open.

    Its name is put in by `_arguments`, since ffmpeg-python cannot carry undecodable ones.
    """
    demuxer = DEMUXERS[container]
    return ffmpeg.input(
        _SOURCE,
        f=demuxer,
        format_whitelist=demuxer,
        protocol_whitelist="file",
        codec_whitelist=DECODERS,
    )


def _arguments(made: Any, path: Path, output: Path | None = None) -> tuple[str, ...]:
    """The argument list with the files' names; `file:` before one cures whatever it looks like."""
    names = {_SOURCE: "file:" + os.fspath(path)}
    if output is not None:
        names[_OUTPUT] = "file:" + os.fspath(output)
    return tuple(names.get(argument, argument) for argument in made.get_args())


def _sound(stream: Any, chain: Chain) -> Any:
    if chain.aligned:
        stream = stream.filter("aresample", **{"async": 1, "first_pts": 0})
    layout = _LAYOUTS[chain.channels]
    if chain.untouched:
        stream = stream.filter("aformat", channel_layouts=layout)
    else:  # floating point, in which swresample's mix cannot clip
        stream = stream.filter("aformat", sample_fmts="fltp", channel_layouts=layout)
    if chain.gain:
        stream = stream.filter("volume", volume=f"{chain.gain:.3f}dB", precision="float")
    if chain.ceiling is not None and chain.rate:
        inside = chain.rate * (_OVERSAMPLING if chain.exact else 1)
        stream = _limited(stream.filter("aresample", inside), chain.ceiling)
    return stream.filter("aresample", chain.rate) if chain.rate else stream


def _limited(stream: Any, ceiling: float) -> Any:
    """A limiter of samples; oversampled it sees the peaks between them. `latency`: no delay."""
    low, high = _LIMIT_RANGE
    limit = min(max(10 ** (ceiling / 20), low), high)
    return stream.filter("alimiter", limit=f"{limit:.6f}", attack=5, release=50, latency=1, level=0)


def measuring(
    path: Path, container: Container, chain: Chain | None, *, loudness: bool, peak: bool = True
) -> tuple[str, ...]:
    """Decode the sound to its end; count its samples, and measure it when asked.

    `asetpts` numbers the samples, so that the time ffmpeg reports at the end is their count.
    """
    stream = source(container)["a:0"]
    if chain is not None:
        stream = _sound(stream, chain)
    stream = stream.filter("asetpts", expr="N/SR/TB")
    if loudness:
        measure = {"peak": "true"} if peak else {}
        stream = stream.filter("ebur128", framelog="verbose", **measure)
    return _arguments(ffmpeg.output(stream, "-", f="null", **_BARE), path)


def watching(path: Path, container: Container) -> tuple[str, ...]:
    """Decode the pictures to their end."""
    stream = source(container)["V:0"]
    return _arguments(ffmpeg.output(stream, "-", f="null", **_BARE), path)


def encoding(
    media: MediaInfo, path: Path, preset: Preset, chain: Chain | None, output: Path
) -> tuple[str, ...]:
    """Encode the first sound track, and for a video preset the pictures too.

    Args:
        media: what the source is.
        path: the source.
        preset: what to make.
        chain: what to do to the sound; None when there is none.
        output: the temporary file to write.
    """
    opened = source(media.container)
    streams, options = [], dict(_BARE)
    if preset.video_codec:
        streams.append(_pictures(opened["V:0"], preset))
        options |= _picture_options(preset)
    if chain is not None:
        streams.append(_sound(opened["a:0"], chain))
        options |= _sound_options(preset, chain)
    made = ffmpeg.output(*streams, _OUTPUT, **options, **_muxer(preset.extension, output))
    return _arguments(made.overwrite_output(), path, output)


def copying(media: MediaInfo, path: Path, extension: str, output: Path) -> tuple[str, ...]:
    """Move the frames of sound and pictures into a new file of the same container, nothing else."""
    opened = source(media.container)
    wanted = [opened["V:0"]] * bool(media.video) + [opened["a:0"]] * bool(media.audio)
    muxer = _muxer(extension, output)
    made = ffmpeg.output(*wanted, _OUTPUT, c="copy", **_BARE, **muxer)
    return _arguments(made.overwrite_output(), path, output)


def _muxer(extension: str, output: Path) -> dict[str, str]:
    try:
        return _MUXERS[extension]
    except KeyError:
        raise EncodeError(
            f"podkit cannot write {extension!r} files",
            where=output,
            hint="known: " + ", ".join(_MUXERS),
        ) from None


def bit_rate(preset: Preset, channels: int) -> int | None:
    """Bit/s of sound for that many channels."""
    return preset.mono_bit_rate if channels == 1 and preset.mono_bit_rate else preset.bit_rate


def _sound_options(preset: Preset, chain: Chain) -> dict[str, str]:
    options = {"c:a": ENCODERS[preset.audio_codec], **_OPTIONS[preset.audio_codec]}
    rate = bit_rate(preset, chain.channels)
    return {**options, "b:a": str(rate)} if rate else options


def _pictures(stream: Any, preset: Preset) -> Any:
    """Even sizes, at most the preset's height, never more than the source; ffmpeg turns upright."""
    height = f"trunc(min(ih,{preset.height})/2)*2" if preset.height else "trunc(ih/2)*2"
    # the width that keeps the shape, unless the height stays: then its own, made even
    width = f"if(eq({height},trunc(ih/2)*2),trunc(iw/2)*2,trunc(iw*{height}/ih/2+0.5)*2)"
    return stream.filter("scale", w=width, h=height).filter("format", pix_fmts="yuv420p")


def _picture_options(preset: Preset) -> dict[str, str]:
    options = {
        "c:v": ENCODERS[preset.video_codec],
        "profile:v": "high",
        "preset:v": preset.encoder_preset,
        "crf": str(preset.crf),
        "fps_mode:v": "vfr",
        "flags:v": "+bitexact",
    }
    if preset.max_rate:
        options |= {"maxrate:v": str(preset.max_rate), "bufsize:v": str(preset.max_rate * 2)}
    return options
