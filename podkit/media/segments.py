"""One long sound encoded in pieces on all cores: where it is cut, and how it is joined again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from podkit.errors import EncodeError
from podkit.media import aac_frames, aac_join, mp3_join, pieces, run, tape_graph
from podkit.media.survey import parts

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from podkit.media.graph import Chain
    from podkit.media.tape import Tape
    from podkit.media.tools import Tool
    from podkit.model.preset import Preset
    from podkit.model.work import Engine

# Seconds of one core for a second of sound; who takes longest begins first.
_COST = {"mp3": 1 / 110, "aac": 1 / 130, "opus": 1 / 85, "flac": 1 / 300}

PIECE = ".piece"
"""The suffix of a piece's file."""

_MUXERS = {"mp3": {"f": "mp3", "id3v2_version": "0", "write_xing": "0"}, "aac": {"f": "adts"}}
CUT = {"mp3": ("mp3",), "aac": ("m4a", "m4b")}
"""Which codecs are encoded in pieces, and in which files they can be joined."""

_SECONDS = {"mp3": 110.0, "aac": 220.0}
"""Of a piece; the long warm-up of AAC wants long ones."""

_LONG, _LONG_SECONDS = 660.0, 165.0
"""From how many seconds on MP3 is cut in longer pieces, the last of which are short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """One piece: the samples that are encoded, and which of its frames count."""

    start: int
    end: int
    warm_up: int
    frames: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """What is to be encoded: a tape, what happens to it, and what it shall become."""

    tape: Tape
    chain: Chain
    preset: Preset

    @property
    def can_be_cut(self) -> bool:
        """Whether podkit knows how to join pieces of it."""
        fits = self.preset.extension in CUT.get(self.preset.audio_codec, ())
        return fits and self.chain.rate in {None, self.tape.rate} and not self.chain.clean


def encode(
    tool: Tool,
    sound: Sound,
    output: Path,
    folder: Path,
    *,
    engine: Engine,
    file_bytes: int,
    tell: Callable[[float], None] | None = None,
    note: Callable[[str], None] | None = None,
    cancel: threading.Event | None = None,
) -> tuple[tuple[str, ...], ...]:
    """Encode a tape into a file, in pieces when it is long.

    Args:
        tool: the ffmpeg to use.
        sound: what to encode.
        output: the temporary file to write.
        folder: where pieces may lie for the time of the work.
        engine: where they are encoded.
        file_bytes: the most that the file may have.
        tell: told how many seconds are done.
        note: told why it was one piece where several are usual.
        cancel: when set, everything stops.

    Returns:
        The commands that were run.

    Raises:
        EncodeError: ffmpeg gave up, or the pieces cannot be joined exactly.
        FileError: the disk is full, or something cannot be read or written.
        Cancelled: `cancel` was set.
    """
    whole = Cut(start=0, end=sound.tape.samples, warm_up=0, frames=None)

    def made(cuts: Sequence[Cut], paths: Sequence[Path]) -> list[tuple[str, ...]]:
        runs = [
            _run(tool, sound, cut, path, file_bytes) for cut, path in zip(cuts, paths, strict=True)
        ]
        ran = pieces.do(engine, runs, tell=tell, cancel=cancel)
        pieces.check(ran, output)
        if not all(path.exists() for path in paths):
            raise EncodeError("ffmpeg wrote nothing", where=output)
        return [one.command for one in ran]

    cuts = plan(sound)
    if note is not None and (reason := _why_whole(sound)):
        note(f"encoded in one piece: {reason}")
    if not _is_joined(sound, cuts):
        return tuple(made([whole], [output]))
    paths = [folder / f"{output.stem}-{number}{PIECE}" for number in range(len(cuts))]
    try:
        commands = made(cuts, paths)
        try:
            commands += _joined(tool, sound, cuts, paths, output, cancel)
        except EncodeError as error:  # one piece is slower, and never wrong
            if note is not None and len(cuts) > 1:
                note(f"encoded again in one piece: {error.message}")
            commands += made([whole], [output])
    finally:
        for path in paths:
            path.unlink(missing_ok=True)
    return tuple(commands)


def _is_joined(sound: Sound, cuts: Sequence[Cut]) -> bool:
    """Whether podkit itself makes the file of what was encoded."""
    # ffmpeg's own MP3 header is wrong about the end of some lengths: one piece is joined too
    return len(cuts) > 1 or (sound.can_be_cut and sound.preset.audio_codec == "mp3")


def _why_whole(sound: Sound) -> str:
    """Why a long sound is not cut although its codec can be joined; empty when it is, or is short."""
    codec = sound.preset.audio_codec
    if sound.can_be_cut or codec not in CUT or parts(sound.tape.duration, _SECONDS[codec]) == 1:
        return ""
    if sound.preset.extension not in CUT[codec]:
        return (
            f"{codec} is joined in {' and '.join(CUT[codec])} only, not in {sound.preset.extension}"
        )
    return "its sample rate changes" if sound.chain.rate else "its speech is cleaned"


def commands(tool: Tool, sound: Sound, output: Path) -> tuple[tuple[str, ...], ...]:
    """What `encode` would run."""
    cuts = plan(sound)
    paths = [output.with_suffix(f".{number}{PIECE}") for number in range(len(cuts))]
    if not _is_joined(sound, cuts):
        paths = [output]
    return tuple(
        run.command(tool, _run(tool, sound, cut, path, 0).arguments)
        for cut, path in zip(cuts, paths, strict=True)
    )


def plan(sound: Sound) -> list[Cut]:
    """The pieces of a sound; one when it is short or its codec cannot be joined.

    It depends on the sound alone, never on the machine: the same sound is always cut alike.
    """
    tape = sound.tape
    if not sound.can_be_cut:
        return [Cut(start=0, end=tape.samples, warm_up=0, frames=None)]
    how = _how(sound)
    unit, grid = how.unit, how.grid
    frames = -(-tape.samples // unit)
    firsts = [0]
    number = parts(tape.duration, how.seconds)
    for begin in _begins(number, tapered=how.tapered)[1:]:
        first = round((frames * begin - how.warm_up) / grid) * grid + how.warm_up
        if firsts[-1] + how.warm_up < first < frames - how.tail - how.warm_up:
            firsts.append(first)
    cuts = []
    for first, after in zip(firsts, [*firsts[1:], None], strict=True):
        warm_up = how.warm_up if first else 0
        last = after is None
        cuts.append(
            Cut(
                start=(first - warm_up) * unit,
                end=tape.samples if after is None else (after + how.tail) * unit,
                warm_up=warm_up,
                frames=None if last or after is None else after - first,
            )
        )
    return cuts


def _begins(number: int, *, tapered: bool) -> list[float]:
    """Where each piece begins, as parts of the whole; the last ones are short, so that cores end together.

    In place of the last four come four of two thirds and four of one third.
    """
    lengths = [1.0] * number
    if tapered:
        lengths[-4:] = [2 / 3] * 4 + [1 / 3] * 4
    return [sum(lengths[:n]) / number for n in range(len(lengths))]


@dataclass(frozen=True, slots=True, kw_only=True)
class _How:
    """How a codec is cut: samples of a frame, frames of warm-up and tail, and seconds of a piece.

    A piece begins on a multiple of `grid` frames, its warm-up included. `tapered`: whether more and
    shorter pieces at the end cost little.
    """

    unit: int
    warm_up: int
    tail: int
    grid: int
    seconds: float
    tapered: bool = False


def _how(sound: Sound) -> _How:
    rate = sound.tape.rate
    if sound.preset.audio_codec == "mp3":
        tapered = sound.tape.duration > _LONG
        return _How(
            unit=mp3_join.samples_per_frame(rate),
            warm_up=mp3_join.WARM_UP,
            tail=mp3_join.TAIL,
            grid=mp3_join.align(rate),
            seconds=_LONG_SECONDS if tapered else _SECONDS["mp3"],
            tapered=tapered,
        )
    return _How(
        unit=aac_frames.SAMPLES,
        warm_up=aac_join.WARM_UP,
        tail=aac_join.TAIL,
        grid=1,
        seconds=_SECONDS["aac"],
    )


def _run(tool: Tool, sound: Sound, cut: Cut, output: Path, file_bytes: int) -> pieces.Run:
    muxer = _MUXERS[sound.preset.audio_codec] if output.suffix == PIECE else None
    seconds = (cut.end - cut.start) / sound.tape.rate
    return pieces.Run(
        tool=tool,
        arguments=tape_graph.encoding(
            sound.tape, cut.start, cut.end, sound.preset, sound.chain, output, muxer=muxer
        ),
        where=output,
        cost=seconds * _COST.get(sound.preset.audio_codec, 0.01),
        file_bytes=file_bytes,
    )


def _joined(
    tool: Tool,
    sound: Sound,
    cuts: Sequence[Cut],
    paths: Sequence[Path],
    output: Path,
    cancel: threading.Event | None,
) -> tuple[tuple[str, ...], ...]:
    """Join the pieces; the commands that it took."""
    tape = sound.tape
    if sound.preset.audio_codec == "mp3":
        mp3 = [
            mp3_join.Piece(path=path, warm_up=cut.warm_up, frames=cut.frames)
            for path, cut in zip(paths, cuts, strict=True)
        ]
        mp3_join.join(mp3, output, samples=tape.samples)
        return ()
    aac = [
        aac_join.Piece(path=path, warm_up=cut.warm_up, frames=cut.frames)
        for path, cut in zip(paths, cuts, strict=True)
    ]
    return (aac_join.join(tool, aac, output, samples=tape.samples, rate=tape.rate, cancel=cancel),)
