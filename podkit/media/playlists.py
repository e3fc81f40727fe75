"""HLS playlists as text: written from fragments, and read again as strictly as a player may.

The form is RFC 8216 with the attributes of its second edition (draft-pantos-hls-rfc8216bis).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from podkit.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.media.fragments import Fragmented

SEGMENT = 6.0
"""Seconds of a segment, as Apple's HLS Authoring Specification for Apple Devices wants them."""

_VERSION = 7  # EXT-X-MAP in a playlist of segments wants 6, fragments of MP4 7
_BEGINS_WITH = 720  # lines at most of the rung listed first, with which players begin

_RANGE = re.compile(r"(\d+)@(\d+)")
_ATTRIBUTE = re.compile(r'([A-Z0-9-]+)=("[^"\r\n]*"|[^",\s]+)(?:,|$)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A part of a file: `seconds` long, `bytes` from `offset` on."""

    seconds: float
    offset: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What a playlist of segments names: one file, its head, its segments."""

    file: str
    head: int
    segments: tuple[Segment, ...]

    @property
    def seconds(self) -> float:
        """How long all segments last."""
        return sum(segment.seconds for segment in self.segments)

    @property
    def average(self) -> int:
        """Bit/s over the whole."""
        return _rate(self.segments)

    @property
    def peak(self) -> int:
        """Bit/s of the dearest segment; one far shorter than the others says nothing (4.3.4.2)."""
        longest = max(segment.seconds for segment in self.segments)
        rates = [_rate([one]) for one in self.segments if one.seconds >= longest / 2]
        return max(*rates, self.average)


def _rate(segments: Sequence[Segment]) -> int:
    seconds = sum(segment.seconds for segment in segments)
    return math.ceil(sum(segment.bytes for segment in segments) * 8 / seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A rung as the master playlist offers it; `width` and `height` 0 stand for sound alone.

    `peak` and `average` are bit/s of all that is played together, sound too.
    """

    playlist: str
    codecs: str
    peak: int
    average: int
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0


def listed(made: Fragmented, file: str) -> Listed:
    """A file's fragments put together to segments of about six seconds."""
    segments: list[Segment] = []
    offset, size, ticks = made.fragments[0].offset, 0, 0
    for number, fragment in enumerate(made.fragments, 1):
        size += fragment.bytes
        ticks += fragment.duration
        # a fragment begins with the first picture at or after its moment: two half pictures early
        if ticks / made.timescale >= SEGMENT - 0.25 or number == len(made.fragments):
            segments.append(Segment(seconds=ticks / made.timescale, offset=offset, bytes=size))
            offset, size, ticks = offset + size, 0, 0
    return Listed(file=file, head=made.head, segments=tuple(segments))


def media_text(listed: Listed) -> str:
    """The playlist of one file's segments."""
    longest = max(segment.seconds for segment in listed.segments)
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{_VERSION}",
        f"#EXT-X-TARGETDURATION:{max(math.floor(longest + 0.5), 1)}",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{listed.file}",BYTERANGE="{listed.head}@0"',
    ]
    for segment in listed.segments:
        lines += [
            f"#EXTINF:{segment.seconds:.6f},",
            f"#EXT-X-BYTERANGE:{segment.bytes}@{segment.offset}",
            listed.file,
        ]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def master_text(variants: Sequence[Variant], sound: str = "", channels: int = 0) -> str:
    """The playlist of playlists.

    Args:
        variants: what a player may choose from.
        sound: the playlist of the sound that all of them share; empty when there is none.
        channels: of that sound.
    """
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{_VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    if sound:
        lines.append(
            '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="Sound",DEFAULT=YES,AUTOSELECT=YES,'
            f'CHANNELS="{channels}",URI="{sound}"'
        )
    begin = max((one.height for one in variants if one.height <= _BEGINS_WITH), default=0)
    # the rung to begin with, then from the largest down, sound alone last
    for variant in sorted(variants, key=lambda v: (not v.height, v.height != begin, -v.height)):
        attributes = [
            f"BANDWIDTH={variant.peak}",
            f"AVERAGE-BANDWIDTH={variant.average}",
            f'CODECS="{variant.codecs}"',
        ]
        if variant.height:
            attributes += [
                f"RESOLUTION={variant.width}x{variant.height}",
                f"FRAME-RATE={variant.frame_rate:.3f}",
                "VIDEO-RANGE=SDR",
            ]
        attributes += ['AUDIO="sound"'] * bool(sound) + ["CLOSED-CAPTIONS=NONE"]
        lines += ["#EXT-X-STREAM-INF:" + ",".join(attributes), variant.playlist]
    return "\n".join([*lines, ""])


def parse_media(text: str) -> Listed:
    """What a playlist of segments names.

    Raises:
        FormatError: it is none, or not a whole one, or its segments lie in several files.
    """
    lines = _lines(text)
    if "#EXT-X-ENDLIST" not in lines:
        raise FormatError("the playlist has no end")
    target = int(_value(lines, "#EXT-X-TARGETDURATION:"))
    head = attributes(_value(lines, "#EXT-X-MAP:"))
    file = head["URI"]
    segments = []
    seconds, where = 0.0, (0, 0)
    for line in lines:
        if line.startswith("#EXTINF:"):
            seconds = float(line.removeprefix("#EXTINF:").partition(",")[0])
        elif line.startswith("#EXT-X-BYTERANGE:"):
            where = _range(line.removeprefix("#EXT-X-BYTERANGE:"))
        elif not line.startswith("#"):
            if line != file or not seconds or seconds > target + 0.5:
                raise FormatError(f"the playlist has a segment that cannot be: {line!r}")
            segments.append(Segment(seconds=seconds, offset=where[1], bytes=where[0]))
            seconds, where = 0.0, (0, 0)
    size, offset = _range(head["BYTERANGE"])
    if offset or not segments:
        raise FormatError("the playlist has no head, or no segments")
    return Listed(file=file, head=size, segments=tuple(segments))


def parse_master(text: str) -> tuple[tuple[Variant, ...], str]:
    """The variants that a playlist of playlists offers, and the playlist of their sound.

    Raises:
        FormatError: it is none, or names nothing.
    """
    lines = _lines(text)
    sounds = [attributes(x.partition(":")[2]) for x in lines if x.startswith("#EXT-X-MEDIA:")]
    variants = []
    for line, name in zip(lines, [*lines[1:], ""], strict=True):
        if not line.startswith("#EXT-X-STREAM-INF:"):
            continue
        told = attributes(line.partition(":")[2])
        width, _, height = told.get("RESOLUTION", "0x0").partition("x")
        variants.append(
            Variant(
                playlist=name,
                codecs=told["CODECS"],
                peak=int(told["BANDWIDTH"]),
                average=int(told["AVERAGE-BANDWIDTH"]),
                width=int(width),
                height=int(height),
                frame_rate=float(told.get("FRAME-RATE", 0)),
            )
        )
    if not variants or any(not v.playlist or v.playlist.startswith("#") for v in variants):
        raise FormatError("the playlist offers nothing")
    return tuple(variants), sounds[0]["URI"] if sounds else ""


def attributes(text: str) -> dict[str, str]:
    """An attribute list (4.2) by name, values without their quotation marks.

    Raises:
        FormatError: it is none.
    """
    found = list(_ATTRIBUTE.finditer(text))
    if "".join(one[0] for one in found) != text:
        raise FormatError(f"no attribute list: {text!r}")
    return {one[1]: one[2].strip('"') for one in found}


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines or lines[0] != "#EXTM3U" or not text.isascii():
        raise FormatError("this is no playlist")
    return lines


def _value(lines: Sequence[str], tag: str) -> str:
    found = [line.removeprefix(tag) for line in lines if line.startswith(tag)]
    if len(found) != 1:
        raise FormatError(f"the playlist has {len(found)} of {tag}")
    return found[0]


def _range(text: str) -> tuple[int, int]:
    found = _RANGE.fullmatch(text)
    if found is None:
        raise FormatError(f"no byte range: {text!r}")
    return int(found[1]), int(found[2])
