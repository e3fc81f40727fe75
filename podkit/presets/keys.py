"""Which keys a preset may be given, and what each may say, in podkit.toml and in `--set`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from podkit.model.loudness import LoudnessTarget
from podkit.model.media import MIME_OF_EXTENSION
from podkit.registry import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable

AUDIO_CODECS = ("mp3", "aac", "opus", "flac")
VIDEO_CODECS = ("h264", "av1")
SPEEDS = ("ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower")
"""x264's own presets that end in reasonable time."""

SVT_SPEEDS = tuple(map(str, range(14)))
"""SVT-AV1's: the higher, the quicker."""

SPEEDS_OF = {"h264": SPEEDS, "av1": SVT_SPEEDS}
HIGHEST_CRF = {"h264": 51, "av1": 63}
"""What each encoder takes: x264 at 8 bits, SVT-AV1."""

CODECS_IN = {
    "mp3": ("mp3",),
    "m4a": ("aac",),
    "m4b": ("aac",),
    "aac": ("aac",),
    "mp4": ("aac", "opus"),
    "m4v": ("aac",),
    "mov": ("aac",),
    "opus": ("opus",),
    "ogg": ("opus", "flac"),
    "oga": ("opus", "flac"),
    "flac": ("flac",),
    "mkv": AUDIO_CODECS,
    "mka": AUDIO_CODECS,
    "webm": ("opus",),
    "m3u8": ("aac",),
}
"""The sound that may lie in a file of each extension."""

VIDEO_CODECS_IN = {
    "mp4": VIDEO_CODECS,
    "m4v": ("h264",),
    "mov": ("h264",),
    "mkv": VIDEO_CODECS,
    "webm": ("av1",),
    "m3u8": ("h264",),
}
"""The pictures that may lie in a file of each extension; HLS as Apple's authoring rules want it."""

_SAMPLE_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000)


class Wrong(Exception):  # noqa: N818 (it says what is wrong with one value)
    """A value that a key cannot have; the message says what it can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key: `take` makes its value of a TOML value, `read` a TOML value of a typed word."""

    take: Callable[[Any], Any]
    read: Callable[[str], Any] = str


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("wants text")
    return value


def _one_of(words: tuple[str, ...]) -> Key:
    def take(value: Any) -> str:
        word = _text(value)
        if word not in words:
            raise Wrong(f"cannot be {word!r}; {did_you_mean(word, words)}")
        return word

    return Key(take=take)


def _speed(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    word = _text(value)
    if word not in (*SPEEDS, *SVT_SPEEDS):
        raise Wrong(f"cannot be {word!r}; {did_you_mean(word, SPEEDS)}")
    return word


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Wrong("wants true or false")
    return value


def _read_flag(word: str) -> Any:
    words = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    return words.get(word.lower(), word)


def _whole(lowest: int, highest: int, unit: str, *, none: bool = True) -> Key:
    """A whole number; 0 stands for none where there may be none."""

    def take(value: Any) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise Wrong(f"wants a whole number of {unit}")
        if none and value == 0:
            return None
        if not lowest <= value <= highest:
            raise Wrong(f"wants {lowest} to {highest} {unit}, not {value}")
        return value

    return Key(take=take, read=_read_whole)


def _read_whole(word: str) -> Any:
    """A whole number of a typed word: "96000" and "96k" alike."""
    found = re.fullmatch(r"(-?\d+)(k?)", word.strip(), re.IGNORECASE)
    return int(found[1]) * (1000 if found[2] else 1) if found else word


def _rates(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list | tuple):
        raise Wrong("wants a list of sample rates in Hz; an empty one keeps all")
    odd = [rate for rate in value if isinstance(rate, bool) or rate not in _SAMPLE_RATES]
    if odd:
        raise Wrong(f"cannot be {odd[0]!r} Hz; known: {', '.join(map(str, _SAMPLE_RATES))}")
    return tuple(value)


def _read_rates(word: str) -> Any:
    return [_read_whole(part) for part in word.split(",") if part.strip()]


def _loudness(value: Any) -> LoudnessTarget:
    if not isinstance(value, dict):
        raise Wrong("wants { integrated = -16, true_peak = -1 }")
    unknown = sorted(set(value) - {"integrated", "true_peak"})
    if unknown:
        raise Wrong(
            f"has no key {unknown[0]!r}; {did_you_mean(unknown[0], ('integrated', 'true_peak'))}"
        )
    integrated = _decibels(value.get("integrated", -16.0), -40.0, -5.0, "LUFS")
    true_peak = _decibels(value.get("true_peak", -1.0), -12.0, 0.0, "dBTP")
    return LoudnessTarget(integrated=integrated, true_peak=true_peak)


def _decibels(value: Any, lowest: float, highest: float, unit: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Wrong(f"wants a number of {unit}")
    if not lowest <= value <= highest:
        raise Wrong(f"wants {lowest:g} to {highest:g} {unit}, not {value:g}")
    return float(value)


def _read_loudness(word: str) -> Any:
    """A loudness table of a typed word: "-14" or "-14,-2", LUFS and then dBTP."""
    try:
        numbers = [float(part) for part in word.split(",")]
    except ValueError:
        return word
    return dict(zip(("integrated", "true_peak"), numbers, strict=False))


KEYS = {
    "about": Key(take=_text),
    "extension": _one_of(tuple(CODECS_IN)),
    "mime": Key(take=_text),
    "audio_codec": _one_of(AUDIO_CODECS),
    "bit_rate": _whole(8_000, 512_000, "bit/s"),
    "mono_bit_rate": _whole(8_000, 512_000, "bit/s"),
    "channels": _whole(1, 2, "channels"),
    "sample_rates": Key(take=_rates, read=_read_rates),
    "normalize": Key(take=_flag, read=_read_flag),
    "loudness": Key(take=_loudness, read=_read_loudness),
    "clean": Key(take=_flag, read=_read_flag),
    "trim_silence": Key(take=_flag, read=_read_flag),
    "from_video": Key(take=_flag, read=_read_flag),
    "video_codec": _one_of(VIDEO_CODECS),
    "height": _whole(64, 4320, "lines"),
    "crf": _whole(0, 63, "(the encoder's constant rate factor)", none=False),
    "max_rate": _whole(50_000, 100_000_000, "bit/s"),
    "encoder_preset": Key(take=_speed),
}
"""Every key of a `[presets.NAME]` table besides `from`, in the order in which they are printed."""

VIDEO_KEYS = frozenset(["video_codec", "height", "crf", "max_rate", "encoder_preset"])
"""Keys that mean nothing to a preset without pictures."""

AUDIO_KEYS = frozenset(["trim_silence"])
"""Keys that mean nothing to a preset with pictures, which would have to be cut too."""

SOUND_KEYS = frozenset(
    [
        "audio_codec",
        "bit_rate",
        "mono_bit_rate",
        "channels",
        "sample_rates",
        "normalize",
        "loudness",
        "clean",
        "trim_silence",
    ]
) | {"extension", "mime"}
"""Keys that mean nothing to a preset that copies."""


def mime_for(extension: str) -> str:
    """The MIME type of what a preset with that extension makes."""
    return MIME_OF_EXTENSION.get(extension, "")
