"""How a source becomes a rendition that was decoded to its end and is as long and loud as planned."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from podkit import copying, files
from podkit.errors import EncodeError, NotMediaError
from podkit.keeping import keeping
from podkit.media import graph, hls, levelled, run, tools, unsound, verify
from podkit.media.job import Job
from podkit.media.level import Level
from podkit.media.material import Material, scratch
from podkit.media.order import (
    Encoded,
    EncodeOrder,
    chain_of,
    channels_of,
    extension_of,
    rate_of,
    target_of,
)
from podkit.media.picture_graph import filters_wanted
from podkit.media.probe import probe
from podkit.model.loudness import LoudnessTarget
from podkit.model.media import Decoded
from podkit.model.preset import Kind
from podkit.model.work import HERE
from podkit.staging import place

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from podkit.media.tools import Tool
    from podkit.model.media import MediaInfo
    from podkit.model.work import Engine


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
    if order.preset.kind is Kind.HLS:
        folder = parts_folder(order.output)
        return (run.command(tool, hls.arguments(order, folder, chain_of(order, Level()))),)
    if not _is_from_tape(order):
        return (run.command(tool, _direct(order)),)
    return levelled.commands(tool, order)


def encode(
    tool: Tool,
    order: EncodeOrder,
    *,
    material: Material | None = None,
    engine: Engine = HERE,
    look: Callable[[Path], MediaInfo] = probe,
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
        material: what other renditions of the same source share with this one.
        engine: where ffmpeg runs.
        look: probes the result.
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
    job = Job(tool, order, engine, look, on_progress, cancel)
    try:
        with keeping():  # where the engine is this thread
            return _encoded(job, material)
    except BaseException:
        with contextlib.suppress(OSError):
            order.output.unlink()
        raise


def _encoded(job: Job, material: Material | None) -> Encoded:
    order = job.order
    if order.preset.kind in {Kind.COPY, Kind.ORIGINAL}:
        return _copied(job)
    target = target_of(order)
    if not order.probe.audio or (target is None and not _is_from_tape(order)):
        return _as_it_is(job)
    target = target or LoudnessTarget()
    if material is not None:
        return _level(job, material, target)
    with scratch(order.output) as folder:
        own = Material(
            job.tool,
            order.source,
            order.probe,
            folder=folder,
            engine=job.engine,
            allow_damaged=order.allow_damaged,
            cancel=job.cancel,
        )
        return _level(job, own, target)


def _check(tool: Tool, order: EncodeOrder) -> None:
    """Refuse before any work what cannot succeed."""
    if files.same_file(order.source, order.output):
        raise EncodeError("the output would overwrite its source", where=order.source)
    if order.preset.kind in {Kind.VIDEO, Kind.HLS} and not order.probe.video:
        raise NotMediaError(
            f"the preset {order.preset.name!r} needs pictures, and it has none", where=order.source
        )
    if order.preset.kind is Kind.AUDIO and not order.probe.audio:
        raise NotMediaError("it has no sound", where=order.source)
    tools.check(tool, order.preset, filters_wanted(order.probe) if order.probe.video else ())


def _is_from_tape(order: EncodeOrder) -> bool:
    """Whether it is encoded from plain samples, which another level or a cut wants."""
    wanted = target_of(order) is not None or order.preset.trim_silence
    return order.preset.kind is Kind.AUDIO and wanted


def _level(job: Job, material: Material, target: LoudnessTarget) -> Encoded:
    """Encode at the wanted loudness."""
    if job.order.preset.kind is Kind.HLS:
        with _parts(job.order) as folder:
            return _gathered(job, *levelled.make_ladder(job, material, target, folder))
    made, source, plan = levelled.make(job, material, target)
    return _finished(job, made, source, plan)


def _direct(order: EncodeOrder) -> tuple[str, ...]:
    """Encode from the source itself, at its own level."""
    return graph.encoding(
        order.probe, order.source, order.preset, chain_of(order, Level()), order.output
    )


def _as_it_is(job: Job) -> Encoded:
    """Encode without a change of level."""
    order = job.order
    source = Decoded(duration=order.probe.duration or 0.0)
    if order.probe.audio:
        source = _decoded(job, job.meter.part(0.0, 0.15))
    job.meter.length = source.duration
    if order.preset.kind is Kind.HLS:
        with _parts(order) as folder:
            ladder = hls.make(
                job.tool,
                order,
                folder,
                chain_of(order, Level()),
                stem=order.stem,
                heard=source.duration if order.probe.audio else None,
                on_progress=job.meter.part(0.2, 1.0),
                cancel=job.cancel,
            )
            return _gathered(job, ladder, source, Level())
    job.write(_direct(order), job.meter.part(0.2, 0.85))
    made = None
    if order.probe.audio:
        made = job.decode_output(loudness=True, tell=job.meter.part(0.85, 0.95))
        job.check_length(made.duration, source.duration, "sound")
    return _finished(job, made, source, Level())


def parts_folder(output: Path) -> Path:
    """Where the parts of a ladder lie whose master playlist is `output`, until they are placed."""
    return output.with_name(output.name + ".parts")


@contextlib.contextmanager
def _parts(order: EncodeOrder) -> Iterator[Path]:
    """An empty folder for the parts of a ladder, which is gone when it could not be made."""
    folder = parts_folder(order.output)
    with files.translating(folder, "make the folder"):
        folder.mkdir(mode=0o700)
    try:
        yield folder
    except BaseException:
        with contextlib.suppress(OSError):
            files.remove_tree(folder)
        raise


def _gathered(job: Job, made: hls.Made, source: Decoded, plan: Level) -> Encoded:
    """What a ladder is: its master playlist is the output, its parts lie in a folder beside it."""
    highest = next(part for part in made.parts if part.file.endswith(".mp4"))
    found = job.look(made.master.parent / highest.file)
    place(made.master, job.order.output)
    return Encoded(
        decoded=Decoded(duration=made.duration),
        loudness=made.sound.loudness if made.sound else None,
        commands=made.commands,
        probe=replace(found, duration=made.duration),
        source=source,
        level=plan,
        parts=made.parts,
        bit_rate=made.bit_rate,
    )


def _decoded(job: Job, tell: Callable[[float], None]) -> Decoded:
    """What decoding the source to its end gives."""
    order = job.order
    source = verify.decode(
        job.tool, order.source, engine=job.engine, on_progress=tell, cancel=job.cancel
    )
    if not order.allow_damaged:
        verify.check_whole(source, order.probe, order.source)
    found = unsound.first(order.source, order.probe, engine=job.engine, cancel=job.cancel)
    if found is not None and not order.allow_damaged:
        raise unsound.refuse(found, order.source)
    if found is not None and order.preset.kind not in {Kind.COPY, Kind.ORIGINAL}:
        job.notes.append(unsound.note(found))
    return source


def _finished(job: Job, made: Decoded | None, source: Decoded, plan: Level) -> Encoded:
    """Look at the streams of the result, and at its pictures to their end."""
    order = job.order
    found = job.look(order.output)
    if order.preset.kind is Kind.VIDEO:
        seconds = _watched(job)
        made = made or Decoded(duration=seconds)
    wanted = channels_of(order.preset, order.probe) if order.probe.audio else 0
    if made is None or (found.audio[0].channels if found.audio else 0) != wanted:
        job.fail("the result has other streams than planned")
    if found.audio and found.audio[0].sample_rate != rate_of(
        order.preset, order.probe.audio[0].sample_rate
    ):
        job.fail(f"the result has {found.audio[0].sample_rate} Hz")
    return Encoded(
        decoded=made,
        loudness=made.loudness,
        commands=tuple(job.commands),
        probe=found,
        source=source,
        level=plan,
        trimmed=round(job.trimmed, 3),
        notes=tuple(job.notes),
    )


def _watched(job: Job) -> float:
    """Decode the result's pictures to their end and hold their length against the source's."""
    order = job.order
    seconds, _, errors = verify.pictures(
        job.tool,
        order.output,
        engine=job.engine,
        on_progress=job.meter.part(0.95, 1.0),
        cancel=job.cancel,
    )
    if errors:
        job.fail(f"its pictures do not decode cleanly: {errors[0]}")
    pictures = order.probe.video[0]
    promised = pictures.duration or order.probe.duration
    if promised and not order.allow_damaged:
        slack = 2 / (pictures.frame_rate or 25.0) + (1.0 if pictures.variable else 0.0)
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
        source = _decoded(job, job.meter.part(0.0, 0.3))
    if order.preset.kind is Kind.ORIGINAL:
        order.output.unlink(missing_ok=True)
        copying.copy(order.source, order.output)
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
        probe=job.look(order.output),
        source=source,
    )
