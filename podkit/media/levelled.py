"""A rendition at the wanted loudness: rehearsed, encoded, listened to, and corrected if need be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from podkit.errors import DamagedMediaError, EncodeError, NotMediaError
from podkit.media import graph, hls, level, listen, recording, segments, unsound
from podkit.media.level import Level
from podkit.media.material import heard
from podkit.media.order import bit_rate_of, chain_of, channels_of, rate_of
from podkit.media.rehearse import Stage, guess, rehearse
from podkit.media.sniff import sniff
from podkit.model.loudness import TOLERANCE
from podkit.model.preset import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from podkit.media.job import Job
    from podkit.media.material import Material
    from podkit.media.order import EncodeOrder
    from podkit.media.tape import Tape
    from podkit.media.tools import Tool
    from podkit.model.loudness import Loudness, LoudnessTarget
    from podkit.model.media import Decoded

_CORRECTIONS = 2  # at most
_SLACK = 2304  # samples: what ffmpeg 5.1 does not cut off the end of its own AAC, and less
_BYTES_PER_SECOND = {Kind.AUDIO: 2 << 20, Kind.VIDEO: 8 << 20}  # the most that is not a fault
_BYTES_AT_LEAST = 64 << 20


def commands(tool: Tool, order: EncodeOrder) -> tuple[tuple[str, ...], ...]:
    """What would encode the sound; a gain that is not known yet is left out."""
    rate = _tape_rate(order)
    length = round((order.probe.duration or 0.0) * rate)
    clean = order.preset.clean
    tape = recording.foreseen(
        order.source, order.probe, order.output.parent, rate, length, clean=clean
    )
    sound = segments.Sound(tape=tape, chain=_on_tape(order, tape, Level()), preset=order.preset)
    return (
        *recording.commands(tool, order.source, order.probe, tape, clean=clean),
        *segments.commands(tool, sound, order.output),
    )


class Aim:
    """How loud the sound goes into the encoder: rehearsed first, put right by what came out.

    Args:
        job: what is made.
        material: of what.
        target: what is wanted of the encoded file.
    """

    def __init__(self, job: Job, material: Material, target: LoudnessTarget) -> None:
        order, preset = job.order, job.order.preset
        tape = material.tape(_tape_rate(order), clean=preset.clean, tell=job.meter.part(0.0, 0.08))
        if material.unsound is not None:
            job.notes.append(unsound.note(material.unsound))
        if preset.trim_silence:
            tape, job.trimmed = material.trimmed(tape, tell=job.meter.part(0.08, 0.12))
        job.meter.length = tape.duration
        channels = channels_of(preset, order.probe)
        survey = material.survey(tape, channels, tell=job.meter.part(0.08, 0.15))
        self.tape, self.target = tape, target
        self.source = replace(heard(tape), loudness=survey.loudness)
        self._stage = Stage(
            tape=tape,
            survey=survey,
            chain=lambda plan: _on_tape(order, tape, plan),
            engine=job.engine,
            cancel=job.cancel,
        )
        rate = bit_rate_of(preset, order.probe)
        self._loss = level.encoder_loss(preset, rate)
        self._allowed = level.highest(preset, rate, target)
        self._corrections = _CORRECTIONS
        self.plan = Level()
        if preset.normalize:
            self.plan = level.first(survey.loudness, preset, rate, target)
        self._guessed = False
        if self.plan != Level():
            guessed = guess(self._stage, self.plan, self._wanted)
            self._guessed = guessed is not None and self.plan.ceiling is not None
            self.plan = guessed or self._rehearsed()

    @property
    def _wanted(self) -> float:
        """LUFS that shall go into the encoder."""
        return self.target.integrated + self._loss

    def _rehearsed(self) -> Level:
        return rehearse(self._stage, self.plan, self._wanted, self._allowed)

    def is_off(self, got: Loudness) -> bool:
        """Whether it is worth encoding once more, for which the plan is then another."""
        if got.integrated is None or self.plan == Level() or not self._corrections:
            return False
        if level.is_good(got, self.target):
            return False
        self._corrections -= 1
        if not self._guessed:  # a rehearsal is right about the limiter: the rest is the encoder's
            self._loss += self.target.integrated - got.integrated
        self._guessed = False
        if (over := level.over(got, self.target)) > 0:
            self._allowed -= over
            ceiling = min(self._allowed, self.plan.ceiling or self._allowed)
            self.plan = replace(self.plan, ceiling=ceiling)
        self.plan = self._rehearsed()
        return True

    def check(self, job: Job, got: Loudness) -> None:
        """Hold what came out against what was wanted; what is nearly silent is left as it is.

        Raises:
            EncodeError: it is too loud, too quiet, or its peaks are too high.
        """
        if not job.order.preset.normalize or level.is_silent(self.source.loudness):
            return
        if not level.is_right(got, self.target, TOLERANCE):
            job.fail(
                f"it came out at {got.integrated} LUFS and {got.true_peak} dBTP, wanted "
                f"{self.target.integrated} LUFS and at most {self.target.true_peak} dBTP",
                hint="its peaks may stand too far above its loudness: --set normalize=false keeps "
                "its level, --set loudness=-20 asks for less",
            )


def make(job: Job, material: Material, target: LoudnessTarget) -> tuple[Decoded, Decoded, Level]:
    """Measure, rehearse, encode, verify, and once or twice more with a corrected level.

    Returns:
        What came out, what the source gave, and the level.

    Raises:
        EncodeError: what came out is not what was planned.
        DamagedMediaError: the source ends before its header says, or does not decode.
        FileError: something cannot be read or written.
        Cancelled: the job's flag was set.
    """
    aim = Aim(job, material, target)
    while True:
        _write(job, material, aim.tape, aim.plan)
        made = _heard(job, aim.tape)
        job.check_length(made.duration, aim.source.duration, "sound")
        if made.loudness is None or not aim.is_off(made.loudness):
            break
    if made.loudness is not None:
        aim.check(job, made.loudness)
    return made, aim.source, aim.plan


def make_ladder(
    job: Job, material: Material, target: LoudnessTarget, folder: Path
) -> tuple[hls.Made, Decoded, Level]:
    """The same for a ladder of pictures, whose sound is a file of its own.

    Raises:
        EncodeError: what came out is not what was planned.
        DamagedMediaError: the source ends before its header says, or does not decode.
        FileError: something cannot be read or written.
        Cancelled: the job's flag was set.
    """
    aim = Aim(job, material, target)

    def again(got: Loudness) -> graph.Chain | None:
        if aim.is_off(got):
            return chain_of(job.order, aim.plan)
        aim.check(job, got)
        return None

    made = hls.make(
        job.tool,
        job.order,
        folder,
        chain_of(job.order, aim.plan),
        stem=job.order.stem,
        heard=aim.source.duration,
        again=again,
        on_progress=job.meter.part(0.2, 1.0),
        cancel=job.cancel,
    )
    return made, aim.source, aim.plan


def _write(job: Job, material: Material, tape: Tape, plan: Level) -> None:
    """Write the output at a level: pictures need their source, sound alone the tape."""
    order = job.order
    tell = job.meter.part(0.2, 0.85)
    most = _BYTES_AT_LEAST + int(tape.duration * _BYTES_PER_SECOND.get(order.preset.kind, 8 << 20))
    if order.preset.kind is not Kind.AUDIO:
        chain = chain_of(order, plan)
        arguments = graph.encoding(order.probe, order.source, order.preset, chain, order.output)
        job.write(arguments, tell, file_bytes=most)
        return
    sound = segments.Sound(tape=tape, chain=_on_tape(order, tape, plan), preset=order.preset)
    try:
        job.commands += segments.encode(
            job.tool,
            sound,
            order.output,
            material.folder,
            engine=job.engine,
            file_bytes=most,
            tell=tell,
            note=job.notes.append,
            cancel=job.cancel,
        )
    except EncodeError as error:
        job.fail(error.message, error)
    job.check_written()


def _heard(job: Job, tape: Tape) -> Decoded:
    """What decoding the output to its end gives."""
    tell = job.meter.part(0.85, 0.95)
    if job.order.preset.kind is not Kind.AUDIO:
        return job.decode_output(loudness=True, tell=tell)
    rate = rate_of(job.order.preset, tape.rate)
    try:
        output = listen.Made(
            path=job.order.output,
            container=sniff(job.order.output),
            samples=round(tape.samples * rate / tape.rate),
            rate=rate,
            channels=channels_of(job.order.preset, job.order.probe),
        )
        made = listen.listen(output, engine=job.engine, tell=tell, cancel=job.cancel)
    except (DamagedMediaError, NotMediaError) as error:
        job.fail(f"what ffmpeg wrote cannot be decoded: {error.message}", error)
    if made.errors:
        job.fail(f"what ffmpeg wrote does not decode cleanly: {made.errors[0]}")
    job.check_length(made.duration, output.samples / rate, "sound")
    if abs(made.samples - output.samples) > _SLACK:
        job.fail(f"it has {made.samples} samples, and should have {output.samples}")
    return made


def _tape_rate(order: EncodeOrder) -> int:
    """The rate of the tape to work from: what is cut in pieces must not be resampled in them."""
    rate = order.probe.audio[0].sample_rate
    cut = order.preset.kind is Kind.AUDIO and order.preset.audio_codec in segments.CUT
    return rate_of(order.preset, rate) if cut else rate


def _on_tape(order: EncodeOrder, tape: Tape, plan: Level) -> graph.Chain:
    """What happens to the sound on its way from the tape."""
    rate = rate_of(order.preset, tape.rate)
    return graph.Chain(
        channels=channels_of(order.preset, order.probe),
        gain=plan.gain,
        ceiling=plan.ceiling,
        rate=rate if rate != tape.rate else None,
        untouched=not order.preset.normalize,
    )
