"""What happens to pictures between decoder and encoder, and what a video encoder is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from podkit.media.tools import ENCODERS
from podkit.model.preset import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.model.media import MediaInfo, VideoStream
    from podkit.model.preset import Preset

KEYFRAMES = 5.0
"""Seconds between keyframes at most. A jump to a chapter decodes from the last one: x264's own
250 frames are 10 s of a 25 Hz film, too much for a phone. On a film of slides, the worst case, 5 s
instead of 10 cost 15 kbit/s at 360 lines; 2 s would cost 55."""

HLS_KEYFRAMES = 2.0
"""Seconds between the keyframes of an HLS rung: Apple's HLS Authoring Specification wants one every
two seconds."""

_HIGH_DYNAMIC_RANGE = frozenset(["smpte2084", "arib-std-b67"])  # PQ and HLG, Rec. ITU-R BT.2100
_RGB = ("rgb", "bgr", "gbr", "argb", "abgr", "0rgb", "0bgr", "pal8")
_HD_LINES, _HD_WIDTH = 720, 1280

# What swscale's oldest supported version calls each matrix.
_SCALE_NAMES = {"bt470bg": "bt470", "bt2020nc": "bt2020", "bt2020c": "bt2020"}
_HD = ("bt709", "bt709", "bt709")  # Rec. ITU-R BT.709: matrix, primaries, transfer
_SD = ("smpte170m", "smpte170m", "smpte170m")  # Rec. ITU-R BT.601, 525 lines
_SD_625 = ("bt470bg", "bt470bg", "bt709")  # Rec. ITU-R BT.601, 625 lines

# zscale wants to be told where it begins; npl is the white of BT.709's 100 cd/m² studio monitor.
_TO_LINEAR = {"t": "linear", "npl": "100", "rin": "tv"}
_BASE_RATE_90K = "1:90000"


def pictures(stream: Any, media: MediaInfo, presets: Sequence[Preset]) -> list[Any]:
    """The pictures for each preset, decoded once: upright, square, even, 8 bits, never larger.

    ffmpeg turns them upright itself, before the first filter.

    Args:
        stream: the decoded pictures.
        media: what the source is.
        presets: whose heights count; each gets a stream.
    """
    video = media.video[0]
    if video.interlaced:
        stream = stream.filter("bwdif", mode="send_frame", deint="interlaced")
    if is_hdr(video):
        # tone mapping is the dearest filter of all: no larger than the largest that is wanted
        highest = None if any(not p.height for p in presets) else max(_height(p) for p in presets)
        stream = _tone_mapped(_scaled(stream, highest), video)
    matrix, primaries, transfer = colours(video)
    streams = [stream]
    if len(presets) > 1:
        split = stream.filter_multi_output("split", len(presets))
        streams = [split.stream(number) for number in range(len(presets))]
    known = {"in_color_matrix": _scale_name(matrix)} if not _is_rgb(video) else {}
    made = []
    for one, preset in zip(streams, presets, strict=True):
        scaled = _scaled(
            one, preset.height, out_color_matrix=_scale_name(matrix), out_range="tv", **known
        )
        told = scaled.filter("format", pix_fmts="yuv420p").filter(
            "setparams",
            range="tv",
            colorspace=matrix,
            color_primaries=primaries,
            color_trc=transfer,
        )
        made.append(told.filter("setsar", sar="1"))
    return made


def is_hdr(video: VideoStream) -> bool:
    """Whether its brightness is coded as PQ or HLG, which 8 bits of BT.709 cannot hold."""
    return video.color_transfer in _HIGH_DYNAMIC_RANGE


def filters_wanted(media: MediaInfo) -> frozenset[str]:
    """The filters that this source needs beside those every video preset needs."""
    video = media.video[0] if media.video else None
    wanted: set[str] = set()
    if video and video.interlaced:
        wanted.add("bwdif")
    if video and is_hdr(video):
        wanted |= {"zscale", "tonemap"}
    return frozenset(wanted)


def colours(video: VideoStream) -> tuple[str, str, str]:
    """Matrix, primaries and transfer that the result is tagged with.

    Those of the source are kept. What it does not say is what players take for granted by its size;
    said aloud, a copy with fewer lines is still shown in the same colours.
    """
    if is_hdr(video) or _is_rgb(video):
        return _HD
    usual = _SD_625 if video.height in {288, 576} or video.color_space == "bt470bg" else _SD
    if video.color_space == "bt709" or _is_high_definition(video):
        usual = _HD
    matrix = video.color_space if video.color_space in {*_KEPT} else usual[0]
    return matrix, video.color_primaries or usual[1], video.color_transfer or usual[2]


_KEPT = ("bt709", "fcc", "bt470bg", "smpte170m", "smpte240m", "bt2020nc")


def _is_high_definition(video: VideoStream) -> bool:
    return max(video.width, video.height) >= _HD_WIDTH or (
        min(video.width, video.height) >= _HD_LINES
    )


def _is_rgb(video: VideoStream) -> bool:
    return video.pixel_format.startswith(_RGB) or video.color_space == "gbr"


def _scale_name(matrix: str) -> str:
    return _SCALE_NAMES.get(matrix, matrix)


def _height(preset: Preset) -> int:
    return preset.height or 0


def upright_height(video: VideoStream) -> int:
    """The lines of the pictures as they are shown."""
    return video.width if video.rotation % 180 == 90 else video.height


def _scaled(stream: Any, most: int | None, **options: str) -> Any:
    """Even sizes, at most that many lines, never more than the source; square pixels."""
    height = f"max(trunc(min(ih,{most})/2)*2,2)" if most else "max(trunc(ih/2)*2,2)"
    # the width that keeps the shape, unless the height stays: then its own, made even
    width = (
        f"max(if(eq({height},trunc(ih/2)*2),trunc(iw*sar/2+0.001)*2,"
        f"trunc(iw*sar*{height}/ih/2+0.5)*2),2)"
    )
    return stream.filter("scale", w=width, h=height, flags="bicubic", **options)


def _tone_mapped(stream: Any, video: VideoStream) -> Any:
    """High dynamic range as BT.709: linear light, Hable's curve, 8 bits."""
    begins = {
        "tin": video.color_transfer,
        "pin": video.color_primaries or "bt2020",
        "min": "2020_ncl" if video.color_space in {"", "bt2020nc"} else video.color_space,
    }
    return (
        stream.filter("zscale", **begins, **_TO_LINEAR)
        .filter("format", pix_fmts="gbrpf32le")
        .filter("zscale", p="bt709")
        .filter("tonemap", tonemap="hable", desat="0")
        .filter("zscale", t="bt709", m="bt709", r="tv")
        .filter("format", pix_fmts="yuv420p")
    )


def picture_options(media: MediaInfo, preset: Preset) -> dict[str, str]:
    """What the encoder is told: quality, keyframes, and the source's own moments in time."""
    video = media.video[0]
    options = {
        "c:v": ENCODERS[preset.video_codec],
        "preset:v": preset.encoder_preset,
        "crf": str(preset.crf),
        "fps_mode:v": "vfr",
        "flags:v": "+bitexact",
        **_CODECS[preset.video_codec](video, preset),
    }
    if video.variable:
        # by default ffmpeg counts in frames of the average rate, which moves or drops some
        options["enc_time_base:v"] = _BASE_RATE_90K
    if preset.max_rate:
        options |= {"maxrate:v": str(preset.max_rate), "bufsize:v": str(preset.max_rate * 2)}
    return options


def _h264(video: VideoStream, preset: Preset) -> dict[str, str]:
    options = {"profile:v": "high"}
    if preset.kind is Kind.HLS:  # no keyframe but those that all rungs have
        options |= {"sc_threshold:v": "0", "g:v": "100000"}
        options["force_key_frames:v"] = _every(HLS_KEYFRAMES)
    elif video.variable:
        options["force_key_frames:v"] = _every(KEYFRAMES)
    else:
        options["g:v"] = _frames(video)
    return options


def _av1(video: VideoStream, preset: Preset) -> dict[str, str]:  # noqa: ARG001 (one protocol)
    # older versions of SVT-AV1 take no forced keyframes
    return {"g:v": _frames(video)}


def _every(seconds: float) -> str:
    return f"expr:gte(t,n_forced*{seconds:g})"


def _frames(video: VideoStream) -> str:
    """The frames between keyframes; counted from the last one, so a new scene saves one later."""
    return str(max(round((video.frame_rate or 25.0) * KEYFRAMES), 1))


_CODECS = {"h264": _h264, "av1": _av1}
