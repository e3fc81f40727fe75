"""What ffmpeg is told: argument lists as values, built by ffmpeg-python and never run by it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import ffmpeg

from podkit.errors import EncodeError
from podkit.media.picture_graph import HLS_KEYFRAMES, picture_options, pictures
from podkit.media.sniff import DECODERS, DEMUXERS
from podkit.media.tools import ENCODERS
from podkit.model.media import Container
from podkit.model.preset import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from podkit.model.media import MediaInfo
    from podkit.model.preset import Preset

_SOURCE, OUTPUT = "podkit:source", "podkit:output"  # stand for names until `arguments`
_LAYOUTS = {1: "mono", 2: "stereo"}
_LIMIT_RANGE = (0.0625, 1.0)  # what alimiter accepts
_LIMITER_GAIN = 36.0  # dB, up or down, that alimiter can add itself
_DENOISER_DELAY = "0.025"  # seconds: afftdn works in steps of 1/80 s, two of which it holds back

# Nothing of the source but its sound and pictures, and no trace of who encoded it where.
BARE = {
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
    # fragments of MP4, one for each keyframe; times are right without an edit list, which some
    # players of HLS pass over (negative composition offsets, ISO/IEC 14496-12, 8.6.1.3)
    "m3u8": {
        "f": "mp4",
        "movflags": "+frag_keyframe+delay_moov+default_base_moof+negative_cts_offsets+skip_trailer",
    },
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
    `rate` in Hz (None: as it is). `aligned` fills what a video's sound lacks at its beginning and in
    gaps with silence, so that it stays in step with the pictures. `untouched` leaves the sample
    format. `clean` takes rumble and noise from speech and levels it, before the gain. `mended` puts
    silence in the place of samples that are no numbers.
    """

    channels: int
    gain: float = 0.0
    ceiling: float | None = None
    rate: int | None = None
    aligned: bool = False
    untouched: bool = False
    clean: bool = False
    mended: bool = False


class Filter(NamedTuple):
    """One of ffmpeg's filters by its name, with its options."""

    name: str
    options: Mapping[str, Any]

    @property
    def words(self) -> str:
        """The options as libavfilter reads them."""
        return ":".join(f"{key}={value}" for key, value in self.options.items())


_MENDING = Filter("aeval", {"exprs": "if(isnan(val(ch))+isinf(val(ch)),0,val(ch))", "c": "same"})
_CLEANING = (
    # below the deepest voice there is only wind, traffic and knocks on the table
    Filter("highpass", {"f": 80}),
    # half of the noise, whose level is followed: a fixed one takes quiet speech for noise
    Filter("asetpts", {"expr": "N/SR/TB"}),
    Filter("apad", {"pad_dur": _DENOISER_DELAY}),
    Filter("afftdn", {"nr": 12, "nf": -40, "tn": 1, "fo": 2}),
    Filter("atrim", {"start": _DENOISER_DELAY}),
    Filter("asetpts", {"expr": "N/SR/TB"}),
    # at most 12 dB more, changing over seconds, never for what is quieter than -50 dBFS
    Filter("dynaudnorm", {"f": 400, "g": 21, "m": 4, "p": 0.7, "t": 0.003}),
)


def source(container: Container) -> Any:
    """An input that can be nothing but one file in this container: no other demuxer may open.

    Its name is put in by `arguments`, since ffmpeg-python cannot carry undecodable ones.
    """
    demuxer = DEMUXERS[container]
    return ffmpeg.input(
        _SOURCE,
        f=demuxer,
        format_whitelist=demuxer,
        protocol_whitelist="file",
        codec_whitelist=DECODERS,
    )


def arguments(made: Any, path: Path, *outputs: Path) -> tuple[str, ...]:
    """The argument list with the files' names; `file:` before one cures whatever it looks like."""
    names = {_SOURCE: "file:" + os.fspath(path)}
    names |= {_name_of(n): "file:" + os.fspath(output) for n, output in enumerate(outputs)}
    return tuple(names.get(argument, argument) for argument in made.get_args())


def _name_of(number: int) -> str:
    """What stands for the name of the output of that number until `arguments`."""
    return f"{OUTPUT}:{number}" if number else OUTPUT


def sound(stream: Any, chain: Chain) -> Any:
    """The stream as the chain leaves it."""
    return _filtered(stream, filters(chain))


def filters(chain: Chain) -> tuple[Filter, ...]:
    """What the chain is made of."""
    found = [_MENDING] if chain.mended else []
    if chain.aligned:
        found.append(Filter("aresample", {"async": 1, "first_pts": 0}))
    # floating point, in which swresample's mix cannot clip; a limiter works in double
    limits = chain.ceiling is not None
    kind = {} if chain.untouched else {"sample_fmts": "dbl" if limits else "fltp"}
    found.append(Filter("aformat", {**kind, "channel_layouts": _LAYOUTS[chain.channels]}))
    if chain.clean:
        found += _CLEANING
    gain = chain.gain
    if limits and abs(gain) <= _LIMITER_GAIN:
        found.append(_limiter(chain.ceiling or 0.0, gain))
    else:
        if gain:
            found.append(Filter("volume", {"volume": f"{gain:.3f}dB", "precision": "float"}))
        if limits:
            found.append(_limiter(chain.ceiling or 0.0, 0.0))
    return (*found, Filter("aresample", {"sample_rate": chain.rate})) if chain.rate else (*found,)


def mending(stream: Any) -> Any:
    """Sound with silence in the place of samples that are no numbers."""
    return _filtered(stream, (_MENDING,))


def cleaning(stream: Any) -> Any:
    """Speech without rumble, with less noise, its loud and quiet passages nearer to each other.

    Nothing is moved in time: what the denoiser holds back is cut off again. Its memory and that of
    the leveller reach over seconds, so it wants the whole sound in one piece.
    """
    return _filtered(stream, _CLEANING)


def _filtered(stream: Any, chain: Iterable[Filter]) -> Any:
    for one in chain:
        stream = stream.filter(one.name, **one.options)
    return stream


def _limiter(ceiling: float, gain: float) -> Filter:
    """A limiter of samples, behind a gain in dB of its own. `latency`: no delay."""
    low, high = _LIMIT_RANGE
    limit = min(max(10 ** (ceiling / 20), low), high)
    options = {"limit": f"{limit:.6f}", "attack": 5, "release": 50, "latency": 1, "level": 0}
    return Filter("alimiter", {"level_in": f"{10 ** (gain / 20):.6f}", **options})


def measuring(
    path: Path, container: Container, chain: Chain | None, *, loudness: bool, peak: bool = True
) -> tuple[str, ...]:
    """Decode the sound to its end; count its samples, and measure it when asked.

    `asetpts` numbers the samples, so that the time ffmpeg reports at the end is their count.
    """
    stream = source(container)["a:0"]
    if chain is not None:
        stream = sound(stream, chain)
    stream = stream.filter("asetpts", expr="N/SR/TB")
    if loudness:
        measure = {"peak": "true"} if peak else {}
        stream = stream.filter("ebur128", framelog="verbose", **measure)
    return arguments(ffmpeg.output(stream, "-", f="null", **BARE), path)


def watching(path: Path, container: Container) -> tuple[str, ...]:
    """Decode the pictures to their end, every one of them."""
    stream = source(container)["V:0"]
    options = {"f": "null", "fps_mode:v": "passthrough", **BARE}
    return arguments(ffmpeg.output(stream, "-", **options), path)


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
    return ladder(media, path, [(preset, chain, output)])


def ladder(
    media: MediaInfo, path: Path, wanted: Sequence[tuple[Preset, Chain | None, Path]]
) -> tuple[str, ...]:
    """Encode several presets of one source, which is decoded once for all.

    Args:
        media: what the source is.
        path: the source.
        wanted: what to make, what to do to its sound (None: it has none), and the temporary file
            to write; a preset without a video codec gets no pictures.
    """
    opened = source(media.container)
    filmed = [preset for preset, _, _ in wanted if preset.video_codec]
    heard = [chain for _, chain, _ in wanted if chain is not None]
    films = iter(pictures(opened["V:0"], media, filmed) if filmed else ())
    voices = iter(_sounds(opened["a:0"], heard) if heard else ())
    made = []
    for number, (preset, chain, output) in enumerate(wanted):
        streams, options = [], dict(BARE)
        if preset.video_codec:
            streams.append(next(films))
            options |= picture_options(media, preset)
        if chain is not None:
            streams.append(next(voices))
            options |= sound_options(preset, chain)
        options |= muxer(preset.extension, output)
        if preset.kind is Kind.HLS and not preset.video_codec:
            options["frag_duration"] = str(round(HLS_KEYFRAMES * 1_000_000))
        made.append(ffmpeg.output(*streams, _name_of(number), **options))
    whole = made[0] if len(made) == 1 else ffmpeg.merge_outputs(*made)
    return arguments(whole.overwrite_output(), path, *(output for _, _, output in wanted))


def _sounds(stream: Any, chains: Sequence[Chain]) -> list[Any]:
    """The sound for each chain, decoded once."""
    if len(chains) == 1:
        return [sound(stream, chains[0])]
    split = stream.filter_multi_output("asplit", len(chains))
    return [sound(split.stream(number), chain) for number, chain in enumerate(chains)]


def copying(media: MediaInfo, path: Path, extension: str, output: Path) -> tuple[str, ...]:
    """Move the frames of sound and pictures into a new file of the same container, nothing else."""
    opened = source(media.container)
    wanted = [opened["V:0"]] * bool(media.video) + [opened["a:0"]] * bool(media.audio)
    options = muxer(extension, output)
    made = ffmpeg.output(*wanted, OUTPUT, c="copy", **BARE, **options)
    return arguments(made.overwrite_output(), path, output)


def muxer(extension: str, output: Path) -> dict[str, str]:
    """The options that choose and shape the container.

    Raises:
        EncodeError: podkit cannot write that extension.
    """
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


def sound_options(preset: Preset, chain: Chain) -> dict[str, str]:
    """The options of the preset's audio encoder."""
    options = {"c:a": ENCODERS[preset.audio_codec], **_OPTIONS[preset.audio_codec]}
    rate = bit_rate(preset, chain.channels)
    return {**options, "b:a": str(rate)} if rate else options
