"""What is to be made of what, and what came of it: the values that `encode` takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from podkit.media import graph, rates, unsound
from podkit.media.level import Level
from podkit.model.loudness import Loudness, LoudnessTarget
from podkit.model.media import Decoded, MediaInfo
from podkit.model.preset import Kind, Preset
from podkit.model.rendition import Part


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodeOrder:
    """What to make of what.

    `output` is a temporary path that the caller owns; its suffix does not matter. `target` counts
    when the preset names no loudness of its own. `allow_damaged` keeps what is there of a source
    that ends early. `stem` is what the names of a ladder's files begin with.
    """

    source: Path
    probe: MediaInfo
    preset: Preset
    output: Path
    target: LoudnessTarget | None = None
    allow_damaged: bool = False
    stem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """What was made, as it was found when decoded again.

    `source` is what the source gave (in its loudness the highest sample stands for the true peak),
    `level` what was done to it, `commands` every run that wrote. A ladder has `parts` too, which lie
    beside the output; `bit_rate` in bit/s where it is not that of the whole file. `trimmed` seconds
    of silence were cut off at the head; `notes` say where it went another way than usual.
    """

    decoded: Decoded
    loudness: Loudness | None
    commands: tuple[tuple[str, ...], ...]
    probe: MediaInfo
    source: Decoded
    level: Level = field(default_factory=Level)
    parts: tuple[Part, ...] = ()
    bit_rate: int | None = None
    trimmed: float = 0.0
    notes: tuple[str, ...] = ()


def target_of(order: EncodeOrder) -> LoudnessTarget | None:
    """The loudness that the result shall have; None when the preset leaves it alone."""
    if not order.preset.normalize or order.preset.kind not in {Kind.AUDIO, Kind.VIDEO, Kind.HLS}:
        return None
    return order.preset.loudness or order.target or LoudnessTarget()


def channels_of(preset: Preset, media: MediaInfo) -> int:
    """How many channels are put out: the preset's, else the source's, never more than two."""
    if preset.channels is not None:
        return min(preset.channels, 2)
    return 1 if media.audio and media.audio[0].channels == 1 else 2


def bit_rate_of(preset: Preset, media: MediaInfo) -> int | None:
    """Bit/s of sound that the result gets; None for lossless codecs."""
    return graph.bit_rate(preset, channels_of(preset, media))


def rate_of(preset: Preset, rate: int) -> int:
    """The sample rate in Hz that is put out of a source with `rate`."""
    return rates.chosen(preset.sample_rates, preset.audio_codec, rate)


def chain_of(order: EncodeOrder, level: Level) -> graph.Chain | None:
    """What happens to the sound on its way from the source itself; None when there is none."""
    if not order.probe.audio:
        return None
    rate = order.probe.audio[0].sample_rate
    new_rate = rate_of(order.preset, rate)
    return graph.Chain(
        channels=channels_of(order.preset, order.probe),
        gain=level.gain,
        ceiling=level.ceiling,
        rate=new_rate if new_rate != rate else None,
        aligned=bool(order.probe.video),
        clean=order.preset.clean,
        untouched=target_of(order) is None,
        mended=order.allow_damaged and unsound.can_hold(order.probe),
    )


def extension_of(preset: Preset, media: MediaInfo, source: Path) -> str:
    """The preset's extension, else the source's own."""
    return preset.extension or source.suffix.lower().removeprefix(".") or str(media.container)
