"""A preset: data that says what a rendition shall be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from podkit.model.loudness import LoudnessTarget


class Kind(StrEnum):
    """What a preset makes."""

    AUDIO = "audio"
    VIDEO = "video"
    HLS = "hls"
    """A playlist of playlists, and the files that they name: one of sound, several of pictures."""
    COPY = "copy"
    """The frames untouched in the same container, tags rewritten."""
    ORIGINAL = "original"
    """Byte for byte."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """What a rendition shall be; a value for the built-ins, a table in podkit.toml for others.

    `bit_rate` and `mono_bit_rate` in bit/s of sound (the second when the sound is mono);
    `channels` None keeps mono and stereo and brings more down to stereo; `sample_rates` in Hz: a
    source with one of them keeps it, others get the nearest of their family (of 44.1 or of 48 kHz);
    empty keeps what the codec can carry. `loudness` None takes the show's; `normalize` False leaves
    the level alone. `height` in pixels is the most a video gets; `crf`, `max_rate` (bit/s) and
    `encoder_preset` are the video encoder's: x264's for h264, SVT-AV1's for av1. `clean` takes
    rumble and noise from speech and levels it. `trim_silence` cuts off silence at the head and the
    tail of audio.
    """

    name: str
    about: str = ""
    kind: Kind = Kind.AUDIO
    extension: str = ""
    mime: str = ""
    audio_codec: str = ""
    bit_rate: int | None = None
    mono_bit_rate: int | None = None
    channels: int | None = None
    sample_rates: tuple[int, ...] = ()
    normalize: bool = True
    loudness: LoudnessTarget | None = None
    from_video: bool = False
    """Whether its sound is taken from the master with pictures."""
    video_codec: str = ""
    height: int | None = None
    crf: int = 23
    max_rate: int | None = None
    encoder_preset: str = "medium"
    clean: bool = False
    trim_silence: bool = False
