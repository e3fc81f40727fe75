"""What PyAV sees in one file; runs as a child, since a decoder's crash must cost one file only.

`python -m podkit.media.probe_worker` answers each JSON line that it is sent with an open file,
`{"demuxer", "decoders"}`, with one JSON line: what is in the file, or `{"refused": reason}`. It
opens none itself.
"""

from __future__ import annotations

import json
import os
import re
import sys
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

import av

from podkit.media.worker import questions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PACKETS = 400  # tried before a stream counts as undecodable
_TAGS, _TAG_LENGTH, _CHAPTERS = 500, 20_000, 10_000
_STREAMS = 64
_MIMES = {
    "mjpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "webp": "image/webp",
}

# Code points of Rec. ITU-T H.273 (tables 2 to 4) by ffmpeg's names; "unspecified" is left out.
_PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "film",
    9: "bt2020",
    10: "smpte428",
    11: "smpte431",
    12: "smpte432",
    22: "ebu3213",
}
_TRANSFERS = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    8: "linear",
    11: "iec61966-2-4",
    12: "bt1361e",
    13: "iec61966-2-1",
    14: "bt2020-10",
    15: "bt2020-12",
    16: "smpte2084",
    17: "smpte428",
    18: "arib-std-b67",
}
_MATRICES = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020nc",
    10: "bt2020c",
}
_PROGRESSIVE = frozenset([0, 1])  # AVFieldOrder: unknown, progressive
_STEADY = 0.01  # the part by which average and base rate of a steady track differ at most


class Refused(Exception):  # noqa: N818 (it says what happened)
    """The file is not what podkit takes in; the message says why."""


def main() -> None:
    """Say that it is ready, then answer questions until there are no more."""
    av.logging.set_level(None)
    _say({"ready": True})
    for line, descriptor in questions():
        with os.fdopen(descriptor, "rb") as stream:
            _say(answer(json.loads(line), stream))


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def answer(question: Mapping[str, str], stream: IO[bytes]) -> dict[str, Any]:
    """What is in the file, or why it is refused."""
    try:
        return _seen(stream, question["demuxer"], question["decoders"])
    except (av.FFmpegError, OSError) as error:
        reason = (error.strerror or str(error)).lower()
        return {"refused": f"its beginning cannot be read as sound or video ({reason})"}
    except Refused as error:
        return {"refused": str(error)}
    except (ValueError, ArithmeticError, LookupError, MemoryError) as error:
        return {"refused": f"it is damaged beyond reading ({type(error).__name__})"}


def _seen(stream: Any, demuxer: str, decoders: str) -> dict[str, Any]:
    # A file object keeps libav from opening anything by name: no playlist, no URL, no odd name.
    options = {
        "format_whitelist": demuxer,
        "codec_whitelist": decoders,
        "protocol_whitelist": "file",
    }
    with av.open(stream, format=demuxer, options=options, metadata_errors="replace") as container:
        if len(container.streams) > _STREAMS:
            raise Refused(f"it has {len(container.streams)} streams")
        allowed = frozenset(decoders.split(","))
        usable = [s for s in container.streams if _usable(s, allowed)]
        pictures = [s for s in usable if s.type == "video" and _is_picture(s)]
        sound = [s for s in usable if s.type == "audio"]
        moving = [s for s in usable if s.type == "video" and s not in pictures]
        first = _decoded(container, [*sound, *moving], pictures)
        shown = [s for s in sound if s.codec_context.sample_rate and s.codec_context.channels]
        if not first.keys() & {s.index for s in [*shown, *moving]}:
            raise Refused("no sound or video in it can be decoded")
        return {
            "duration": container.duration / av.time_base if container.duration else None,
            "bit_rate": container.bit_rate or None,
            "audio": [_audio(s) for s in shown],
            "video": [_video(s, first.get(s.index)) for s in moving if s.codec_context.width],
            "tags": _tags(container, sound),
            "chapters": list(_chapters(container)),
            "artwork": [
                _artwork(s, first[s.index])
                for s in pictures
                if s.index in first and not _is_of_chapters(s)
            ],
        }


def _usable(stream: Any, allowed: frozenset[str]) -> bool:
    context = stream.codec_context
    return context is not None and context.codec.name in allowed


def _is_picture(stream: Any) -> bool:
    """Whether it is a cover or a chapter's picture, not a moving one."""
    disposition = av.stream.Disposition
    return bool(stream.disposition & (disposition.attached_pic | disposition.timed_thumbnails))


def _is_of_chapters(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.timed_thumbnails)


def _decoded(container: Any, streams: list[Any], pictures: list[Any]) -> dict[int, Any]:
    """By stream index: the first decoded frame of sound and video, the packet of a picture."""
    found: dict[int, Any] = {}
    wanted = {s.index for s in [*streams, *pictures]}
    still = {s.index for s in pictures}
    if not wanted:
        return found
    for packet in islice(container.demux(*streams, *pictures), _PACKETS):
        index = packet.stream.index
        if index in found:
            continue
        if index in still:
            found[index] = packet.size
            continue
        try:
            frames = packet.decode()
        except av.FFmpegError:  # a first frame that leans on one before it
            continue
        if frames:
            found[index] = frames[0]
        if wanted <= found.keys():
            break
    return found


def _audio(stream: Any) -> dict[str, Any]:
    context = stream.codec_context
    return {
        "codec": context.codec.canonical_name,
        "channels": context.channels,
        "sample_rate": context.sample_rate,
        "bit_rate": context.bit_rate or None,
        "language": _language(stream),
        "duration": _duration(stream),
    }


def _language(stream: Any) -> str:
    language = stream.language or ""
    return "" if language == "und" else language[:40]


def _duration(stream: Any) -> float | None:
    """Seconds as the track's header says; Matroska may have it as a tag."""
    if stream.duration:
        return float(stream.duration * stream.time_base)
    tag = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d+)?)", stream.metadata.get("DURATION", ""))
    return int(tag[1]) * 3600 + int(tag[2]) * 60 + float(tag[3]) if tag else None


def _video(stream: Any, frame: Any) -> dict[str, Any]:
    rate = stream.average_rate or stream.guessed_rate
    context = stream.codec_context
    seen = context if frame is None else frame  # a frame knows more than the header
    return {
        "codec": context.codec.canonical_name,
        "width": context.width,
        "height": context.height,
        "frame_rate": float(rate) if rate else None,
        # libav counts against the clock
        "rotation": -frame.rotation % 360 if frame is not None else 0,
        "duration": _duration(stream),
        "variable": bool(
            stream.average_rate
            and stream.base_rate
            and abs(stream.average_rate / stream.base_rate - 1) > _STEADY
        ),
        "interlaced": context.field_order not in _PROGRESSIVE
        or bool(frame is not None and frame.interlaced_frame),
        "pixel_format": context.pix_fmt or "",
        "color_space": _MATRICES.get(seen.colorspace, ""),
        "color_primaries": _PRIMARIES.get(seen.color_primaries, ""),
        "color_transfer": _TRANSFERS.get(seen.color_trc, ""),
    }


def _artwork(stream: Any, size: int) -> dict[str, Any]:
    context = stream.codec_context
    return {
        "mime": _MIMES.get(context.codec.canonical_name, "application/octet-stream"),
        "width": context.width,
        "height": context.height,
        "bytes": size,
    }


def _tags(container: Any, sound: list[Any]) -> dict[str, str]:
    """The container's tags; Ogg keeps them at its first stream."""
    tags = dict(container.metadata)
    if sound and container.format.name == "ogg":
        tags = {**sound[0].metadata, **tags}
    kept = islice(((k, v) for k, v in tags.items() if v), _TAGS)
    return {key.lower()[:200]: value[:_TAG_LENGTH].replace("\0", "") for key, value in kept}


def _chapters(container: Any) -> Iterator[dict[str, Any]]:
    for chapter in islice(container.chapters(), _CHAPTERS):
        base = chapter["time_base"]
        yield {
            "start": max(float(chapter["start"] * base), 0.0),
            "end": float(chapter["end"] * base),
            "title": str(chapter["metadata"].get("title", ""))[:_TAG_LENGTH].replace("\0", ""),
        }


if __name__ == "__main__":
    main()
