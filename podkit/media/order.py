"""What is to be made of what, and what came of it: the values that `encode` takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from podkit.media import graph
from podkit.media.level import Level
from podkit.model.loudness import Loudness, LoudnessTarget
from podkit.model.media import Decoded, MediaInfo
from podkit.model.preset import Kind, Preset


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodeOrder:
    """What to make of what.

    `output` is a temporary path that the caller owns; its suffix does not matter. `target` counts
    when the preset names no loudness of its own. `measured` is the source's loudness *on the
    channels that are put out* and `length` its decoded seconds, when both are known from before;
    else they are measured. `allow_damaged` keeps what is there of a source that ends early.
    """

    source: Path
    probe: MediaInfo
    preset: Preset
    output: Path
    target: LoudnessTarget | None = None
    measured: Loudness | None = None
    length: float | None = None
    allow_damaged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """What was made, as it was found when decoded again.

    `source` is what the source gave (its loudness is reusable for the same channels), `level` what
    was done to it, `commands` every run that wrote.
    """

    decoded: Decoded
    loudness: Loudness | None
    commands: tuple[tuple[str, ...], ...]
    probe: MediaInfo
    source: Decoded
    level: Level = field(default_factory=Level)


def target_of(order: EncodeOrder) -> LoudnessTarget | None:
    """The loudness that the result shall have; None when the preset leaves it alone."""
    if not order.preset.normalize or order.preset.kind not in {Kind.AUDIO, Kind.VIDEO}:
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


def chain_of(order: EncodeOrder, level: Level) -> graph.Chain | None:
    """What happens to the sound; None when there is none."""
    if not order.probe.audio:
        return None
    rate = order.probe.audio[0].sample_rate
    wanted = order.preset.sample_rates
    new_rate = wanted[0] if wanted and rate not in wanted else rate
    return graph.Chain(
        channels=channels_of(order.preset, order.probe),
        gain=level.gain,
        ceiling=level.ceiling,
        rate=new_rate if new_rate != rate or level.ceiling is not None else None,
        aligned=bool(order.probe.video),
        untouched=target_of(order) is None,
    )


def extension_of(preset: Preset, media: MediaInfo, source: Path) -> str:
    """The preset's extension, else the source's own."""
    return preset.extension or source.suffix.lower().removeprefix(".") or str(media.container)
