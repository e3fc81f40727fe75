"""How a source becomes a rendition that was decoded to its end and is as long and loud as planned."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import EncodeError, NotMediaError
from podkit.media import graph, level, run, tools, verify
from podkit.media.job import Job
from podkit.media.level import Level
from podkit.media.order import (
    Encoded,
    EncodeOrder,
    bit_rate_of,
    chain_of,
    channels_of,
    extension_of,
    target_of,
)
from podkit.media.probe import probe
from podkit.model.loudness import TOLERANCE
from podkit.model.media import Decoded
from podkit.model.preset import Kind

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from podkit.media.tools import Tool
    from podkit.model.loudness import Loudness, LoudnessTarget

_ENCODES = 3  # the first and at most two corrections
_LOOKS_AHEAD = 3
_FORESEEN_CLOSE = 0.1  # LU
_BYTES_PER_SECOND = {Kind.AUDIO: 2 << 20, Kind.VIDEO: 8 << 20}  # the most that is not a fault
_BYTES_AT_LEAST = 64 << 20


def commands(tool: Tool, order: EncodeOrder) -> tuple[tuple[str, ...], ...]:
    """What `encode` would run, for a dry run; a gain that is not known yet is left out.

    Raises:
        MediaError: it cannot be made of this source.
        ToolError: ffmpeg lacks what is needed.
    """
    _check(tool, order)
    if order.preset.kind is Kind.ORIGINAL:
        return ()
    if order.preset.kind is Kind.COPY:
        return (run.command(tool, _copying(order)),)
    plan, target = Level(), target_of(order)
    if target and order.measured:
        plan = level.first(
            order.measured, order.preset, bit_rate_of(order.preset, order.probe), target
        )
    encoding = run.command(tool, _encoding(order, plan))
    if not order.probe.audio or _is_measured(order):
        return (encoding,)
    measuring = graph.measuring(
        order.source, order.probe.container, _plain(order), loudness=target is not None
    )
    return (run.command(tool, measuring), encoding)


def encode(
    tool: Tool,
    order: EncodeOrder,
    *,
    on_progress: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Encoded:
    """Make the rendition at `order.output` and prove that it is what was planned.

    The sound is measured, brought to its loudness by linear gain and, only when its peaks demand
    it, a limiter; then the result is decoded to its end, compared with the source's length and
    measured again. It carries no tags, chapters or artwork: they are written afterwards.

    Args:
        tool: the ffmpeg to use.
        order: what to make.
        on_progress: told how many of the source's seconds are done, all passes taken together.
        cancel: when set, everything stops.

    Raises:
        NotMediaError: the source has no sound, or no pictures for a video preset.
        DamagedMediaError: the source ends before its header says.
        EncodeError: the result is not what was planned; nothing is left of it.
        FileError: the disk is full, or something cannot be read or written.
        ToolError: ffmpeg lacks what is needed.
        Cancelled: `cancel` was set.
    """
    _check(tool, order)
    job = Job(tool, order, on_progress, cancel)
    try:
        if order.preset.kind in {Kind.COPY, Kind.ORIGINAL}:
            return _copied(job)
        return _made(job)
    except BaseException:
        with contextlib.suppress(OSError):
            order.output.unlink()
        raise


def _check(tool: Tool, order: EncodeOrder) -> None:
    """Refuse before any work what cannot succeed."""
    if files.same_file(order.source, order.output):
        raise EncodeError("the output would overwrite its source", where=order.source)
    if order.preset.kind is Kind.VIDEO and not order.probe.video:
        raise NotMediaError(
            f"the preset {order.preset.name!r} needs pictures, and it has none", where=order.source
        )
    if order.preset.kind is Kind.AUDIO and not order.probe.audio:
        raise NotMediaError("it has no sound", where=order.source)
    tools.check(tool, order.preset)


def _is_measured(order: EncodeOrder) -> bool:
    """Whether the caller knows what measuring would find."""
    known = order.measured is not None or target_of(order) is None
    return known and order.length is not None


def _plain(order: EncodeOrder) -> graph.Chain | None:
    """The channels that are put out, at the source's rate and level."""
    chain = chain_of(order, Level())
    return replace(chain, rate=None) if chain else None


def _encoding(order: EncodeOrder, plan: Level) -> tuple[str, ...]:
    return graph.encoding(
        order.probe, order.source, order.preset, chain_of(order, plan), order.output
    )


def _made(job: Job) -> Encoded:
    """Measure, encode, verify, and once or twice more with a corrected level."""
    order, target = job.order, target_of(job.order)
    source = _measured(job)
    job.meter.length = source.duration
    if target is None or source.loudness is None or source.loudness.integrated is None:
        return _finished(job, _encoded(job, Level(), source), source, Level())
    rate = bit_rate_of(order.preset, order.probe)
    loss = level.encoder_loss(order.preset, rate)
    plan = level.first(source.loudness, order.preset, rate, target)
    for left in reversed(range(_ENCODES)):
        if plan != Level():
            plan = _foreseen(job, source.loudness, plan, target.integrated + loss)
        made = _encoded(job, plan, source)
        if made is None or made.loudness is None or made.loudness.integrated is None:
            break
        if not left or plan == Level() or level.is_good(made.loudness, target):
            _check_loudness(order, made.loudness, target)
            break
        loss += target.integrated - made.loudness.integrated
        plan = level.lowered(plan, source.loudness, made.loudness, target)
    return _finished(job, made, source, plan)


def _measured(job: Job) -> Decoded:
    """What the source gives: length and loudness on the channels that are put out."""
    order = job.order
    if not order.probe.audio:
        return Decoded(duration=order.probe.duration or 0.0)
    if _is_measured(order):
        return Decoded(duration=order.length or 0.0, loudness=order.measured)
    found = verify.decode(
        job.tool,
        order.source,
        loudness=target_of(order) is not None,
        chain=_plain(order),
        on_progress=job.meter.part(0.0, 0.15),
        cancel=job.cancel,
    )
    if not order.allow_damaged:
        verify.check_whole(found, order.probe, order.source)
    return found


def _foreseen(job: Job, measured: Loudness, plan: Level, wanted: float) -> Level:
    """The gain with which the sound goes into the encoder at the wanted LUFS.

    What a limiter takes back is measured ahead, which costs less than encoding once more.
    """
    order = job.order
    if plan.ceiling is None or measured.integrated is None:
        return replace(plan, gain=wanted - (measured.integrated or wanted))
    tried: list[tuple[float, float]] = []
    for _ in range(_LOOKS_AHEAD):
        chain = chain_of(order, plan)
        found = verify.decode(
            job.tool,
            order.source,
            loudness=True,
            chain=replace(chain, exact=False) if chain else None,
            peak=False,
            on_progress=job.meter.part(0.15, 0.25),
            cancel=job.cancel,
        )
        if found.loudness is None or found.loudness.integrated is None:
            break
        tried.append((plan.gain, found.loudness.integrated))
        plan = replace(plan, gain=level.next_gain(tried, wanted))
        if abs(found.loudness.integrated - wanted) <= _FORESEEN_CLOSE:
            break
    return plan


def _encoded(job: Job, plan: Level, source: Decoded) -> Decoded | None:
    """Encode once and decode the result to its end; None when it has no sound."""
    order = job.order
    most = _BYTES_AT_LEAST + int(source.duration * _BYTES_PER_SECOND[order.preset.kind])
    job.write(_encoding(order, plan), job.meter.part(0.25, 0.85), file_bytes=most)
    if not order.probe.audio:
        return None
    made = job.decode_output(loudness=True, tell=job.meter.part(0.85, 0.95))
    job.check_length(made.duration, source.duration, "sound")
    return made


def _check_loudness(order: EncodeOrder, got: Loudness, target: LoudnessTarget) -> None:
    if not level.is_right(got, target, TOLERANCE):
        raise EncodeError(
            f"it came out at {got.integrated} LUFS and {got.true_peak} dBTP, wanted "
            f"{target.integrated} LUFS and at most {target.true_peak} dBTP",
            where=order.source,
        )


def _finished(job: Job, made: Decoded | None, source: Decoded, plan: Level) -> Encoded:
    """Look at the streams of the result, and at its pictures to their end."""
    order = job.order
    found = probe(order.output, cancel=job.cancel)
    if order.preset.kind is Kind.VIDEO:
        seconds = _watched(job)
        made = made or Decoded(duration=seconds)
    wanted = channels_of(order.preset, order.probe) if order.probe.audio else 0
    if made is None or (found.audio[0].channels if found.audio else 0) != wanted:
        job.fail("the result has other streams than planned")
    return Encoded(
        decoded=made,
        loudness=made.loudness,
        commands=tuple(job.commands),
        probe=found,
        source=source,
        level=plan,
    )


def _watched(job: Job) -> float:
    """Decode the result's pictures to their end and hold their length against the source's."""
    order = job.order
    seconds, _, errors = verify.pictures(
        job.tool, order.output, on_progress=job.meter.part(0.95, 1.0), cancel=job.cancel
    )
    if errors:
        job.fail(f"its pictures do not decode cleanly: {errors[0]}")
    pictures = order.probe.video[0]
    promised = pictures.duration or order.probe.duration
    if promised and not order.allow_damaged:
        slack = 2 / (pictures.frame_rate or 25.0)
        job.check_length(seconds, promised, "pictures", slack=slack)
    return seconds


def _copying(order: EncodeOrder) -> tuple[str, ...]:
    extension = extension_of(order.preset, order.probe, order.source)
    return graph.copying(order.probe, order.source, extension, order.output)


def _copied(job: Job) -> Encoded:
    """Move the frames, or every byte, and see that all of the source's sound arrived."""
    order = job.order
    source = Decoded(duration=order.probe.duration or 0.0)
    if order.probe.audio:
        source = verify.decode(
            job.tool, order.source, on_progress=job.meter.part(0.0, 0.3), cancel=job.cancel
        )
        if not order.allow_damaged:
            verify.check_whole(source, order.probe, order.source)
    if order.preset.kind is Kind.ORIGINAL:
        order.output.unlink(missing_ok=True)
        files.copy(order.source, order.output)
    else:
        job.write(_copying(order), job.meter.part(0.3, 0.7))
    made = source
    if order.probe.audio:
        made = job.decode_output(loudness=True, tell=job.meter.part(0.7, 1.0))
        job.check_length(made.duration, source.duration, "sound")
    return Encoded(
        decoded=made,
        loudness=made.loudness,
        commands=tuple(job.commands),
        probe=probe(order.output, cancel=job.cancel),
        source=source,
    )
