"""What is in a media file, as a probe sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from podkit.model.chapter import Chapter
from podkit.model.loudness import Loudness


class Container(StrEnum):
    """The containers that podkit takes in, by their short names."""

    MP3 = "mp3"
    MP4 = "mp4"
    OGG = "ogg"
    FLAC = "flac"
    WAV = "wav"
    MATROSKA = "matroska"
    AAC = "aac"
    AIFF = "aiff"


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioStream:
    """One sound track; `sample_rate` in Hz, `bit_rate` in bit/s, codec as ffprobe names it."""

    codec: str
    channels: int
    sample_rate: int
    bit_rate: int | None = None
    language: str = ""
    duration: float | None = None
    """Seconds as the track's own header says, where it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VideoStream:
    """One moving picture; `rotation` in degrees clockwise, as it is to be shown.

    `pixel_format` and the colours as ffprobe names them, empty where the file does not say.
    """

    codec: str
    width: int
    height: int
    frame_rate: float | None = None
    rotation: int = 0
    duration: float | None = None
    """Seconds as the track's own header says, where it has one."""
    variable: bool = False
    """Whether its frames come at no steady rate; `frame_rate` is then their average."""
    interlaced: bool = False
    """Whether track or first frame is flagged as made of two fields."""
    pixel_format: str = ""
    color_space: str = ""
    color_primaries: str = ""
    color_transfer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artwork:
    """A still picture, by its real bytes: `mime`, pixels, `mode` ("RGB", "CMYK", "L", …).

    `bits` per channel; `profile` names the colours that it says it has, "sRGB" or others, empty when
    it says nothing.
    """

    mime: str
    width: int
    height: int
    bytes: int
    mode: str = "RGB"
    alpha: bool = False
    dpi: float | None = None
    private: bool = False
    """Whether it carries EXIF, GPS or other notes about its making, or bytes behind its end."""
    # What a probe of a media file does not look for; so reports, which print a repr's fields, do not
    # claim it.
    bits: int = field(default=8, repr=False)
    profile: str = field(default="", repr=False)
    animated: bool = field(default=False, repr=False)
    progressive: bool = field(default=False, repr=False)
    """Whether it is stored in passes: a progressive JPEG, an interlaced PNG."""
    turned: bool = field(default=False, repr=False)
    """Whether only EXIF says which way is up."""
    place: bool = field(default=False, repr=False)
    """Whether it tells where it was taken (GPS)."""
    behind: int = field(default=0, repr=False)
    """Bytes after its end, which may be another picture."""

    @property
    def plain(self) -> bool:
        """Whether every program shows it the same: still, upright, 8 bits, opaque, sRGB, no notes."""
        return (
            self.mode == "RGB"
            and self.bits == 8
            and self.profile in {"", "sRGB"}
            and not (self.alpha or self.animated or self.turned or self.private)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A picture in public/assets/: its name, and its size in pixels."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture with its bytes, as it lies in a file's tags."""

    mime: str
    content: bytes = field(repr=False)
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaInfo:
    """A media file: `duration` in seconds as its header says, `bytes`, `bit_rate` in bit/s."""

    path: str
    container: Container
    duration: float | None
    bytes: int
    bit_rate: int | None = None
    audio: tuple[AudioStream, ...] = ()
    video: tuple[VideoStream, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    artwork: tuple[Artwork, ...] = ()
    loudness: Loudness | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What came out when a file was decoded to its end.

    `duration` in seconds of decoded sound, `samples` per channel, `errors` as the decoder said
    them, each once, `error_count` with repetitions, `md5` of the samples where the file tells one.
    """

    duration: float
    samples: int = 0
    errors: tuple[str, ...] = ()
    error_count: int = 0
    md5: str = ""
    loudness: Loudness | None = None


# Container and first codec → MIME type. Apple's list (support article "podcast requirements")
# where it has one, else the IANA registry.
MIME_OF_EXTENSION = {
    "mp3": "audio/mpeg",
    "m4a": "audio/x-m4a",
    "m4b": "audio/x-m4a",
    "aac": "audio/aac",
    "opus": "audio/ogg",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "aif": "audio/aiff",
    "aiff": "audio/aiff",
    "mp4": "video/mp4",
    "m4v": "video/x-m4v",
    "mov": "video/quicktime",
    "mkv": "video/x-matroska",
    "mka": "audio/x-matroska",
    "webm": "video/webm",
    "m3u8": "application/x-mpegURL",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "vtt": "text/vtt",
    "srt": "application/x-subrip",
    "html": "text/html",
    "txt": "text/plain",
    "json": "application/json",
    "xml": "application/rss+xml",
    "css": "text/css",
}
