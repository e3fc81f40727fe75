"""HLS: a ladder of rungs with common keyframes, their playlists, and the proof that they play.

Each rung is one file of MP4 fragments, whose segments the playlists name as ranges of bytes: a
dozen files for an episode instead of thousands. Sound is a file of its own, which all rungs share
and which can be listened to alone. Every part's name ends in a hash of its bytes, so that the hash
of the master playlist stands for all of them. Pictures and sound as Apple's HLS Authoring
Specification for Apple Devices wants them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NoReturn

from podkit import files
from podkit.errors import DamagedMediaError, EncodeError, FormatError, NotMediaError
from podkit.media import fragments, graph, run, verify
from podkit.media.job import Meter
from podkit.media.ladder_files import File, named, write
from podkit.media.picture_graph import upright_height
from podkit.media.probe import probe
from podkit.model.media import Decoded
from podkit.model.rendition import Part

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from podkit.media.order import EncodeOrder
    from podkit.media.tools import Tool
    from podkit.model.loudness import Loudness
    from podkit.model.media import VideoStream
    from podkit.model.preset import Preset

LADDER = ((1080, 6_000_000), (720, 3_000_000), (480, 1_500_000))
"""Lines of each rung, and the bit/s that its pictures do not go beyond."""

_APART = 1.2  # a source with at least so many times the lines of a rung gets one of its own size
_SOUND = "sound"
_BYTES_PER_SECOND, _BYTES_AT_LEAST = 8 << 20, 64 << 20
_CORRECTIONS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A finished ladder in its folder.

    `parts` are all files but the master playlist; `sound` and its loudness as decoded, None of a
    silent film; `height` lines and `bit_rate` of the largest rung, in bit/s with its sound.
    """

    master: Path
    parts: tuple[Part, ...]
    duration: float
    sound: Decoded | None
    height: int
    bit_rate: int
    chain: graph.Chain | None
    commands: tuple[tuple[str, ...], ...]


def rungs(preset: Preset, video: VideoStream) -> tuple[Preset, ...]:
    """The preset as it counts for each rung, from the largest down: none above the source.

    Args:
        preset: its height and bit rate bound all rungs.
        video: the source's pictures.
    """
    most = min(upright_height(video), preset.height or LADDER[0][0]) // 2 * 2
    fitting = [(lines, rate) for lines, rate in LADDER if lines <= most]
    if not fitting or most >= fitting[0][0] * _APART:
        rate = min((rate for lines, rate in LADDER if lines > most), default=LADDER[0][1])
        fitting.insert(0, (max(most, 2), rate))
    return tuple(
        replace(preset, height=lines, max_rate=min(rate, preset.max_rate or rate))
        for lines, rate in fitting
    )


def arguments(order: EncodeOrder, folder: Path, chain: graph.Chain | None) -> tuple[str, ...]:
    """What ffmpeg is told: one decode, a file for each rung, one for the sound."""
    ladder = rungs(order.preset, order.probe.video[0])
    wanted: list[tuple[Preset, graph.Chain | None, Path]] = [
        (rung, None, _raw(folder, f"{rung.height}p")) for rung in ladder
    ]
    if chain is not None:
        wanted.append(_voice(order, folder, chain))
    return graph.ladder(order.probe, order.source, wanted)


def _voice(
    order: EncodeOrder, folder: Path, chain: graph.Chain
) -> tuple[Preset, graph.Chain, Path]:
    return replace(order.preset, video_codec=""), chain, _raw(folder, _SOUND)


def _raw(folder: Path, name: str) -> Path:
    """Where ffmpeg writes; the name with the hash comes after."""
    return folder / f"{files.PREFIX}{name}.mp4"


def make(
    tool: Tool,
    order: EncodeOrder,
    folder: Path,
    chain: graph.Chain | None,
    *,
    stem: str = "",
    heard: float | None = None,
    again: Callable[[Loudness], graph.Chain | None] | None = None,
    on_progress: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Made:
    """Make a ladder in a private folder and prove that it plays.

    Args:
        tool: the ffmpeg to use.
        order: what to make of what; its `output` does not matter.
        folder: an empty one that the caller owns; on an error it may be left with anything.
        chain: what happens to the sound, `aligned` with the pictures; None when there is none.
        stem: what the parts' names begin with; ASCII.
        heard: seconds of the source's sound, as decoded by the chain; None leaves them unchecked.
        again: asked with the loudness of what was made, twice at most, for a better chain; the
            sound alone is then encoded anew. None keeps it.
        on_progress: told how many of the source's seconds are done.
        cancel: when set, everything stops.

    Raises:
        EncodeError: what was made is not what was planned.
        FileError: the disk is full, or something cannot be read or written.
        Cancelled: `cancel` was set.
    """
    work = _Work(tool, order, folder, stem, on_progress, cancel)
    work.encode(arguments(order, folder, chain), (0.0, 0.75))
    films = [
        work.film(
            rung, (0.75 + 0.2 * number / len(ladder), 0.75 + 0.2 * (number + 1) / len(ladder))
        )
        for ladder in [rungs(order.preset, order.probe.video[0])]
        for number, rung in enumerate(ladder)
    ]
    work.check_keyframes(films)
    voice = sound = None
    if chain is not None:
        voice, sound, chain = work.voice(chain, again)
        work.check_length(sound.duration, heard or 0.0, "the sound")
    try:
        master, parts, rate = write(folder, films, voice, chain.channels if chain else 0)
    except (FormatError, KeyError, ValueError) as error:
        work.fail(f"its playlists are not what was planned: {error}", error)
    return Made(
        master=master,
        parts=parts,
        duration=sound.duration if sound else films[0].inside.seconds,
        sound=sound,
        height=films[0].height,
        bit_rate=rate,
        chain=chain,
        commands=tuple(work.commands),
    )


class _Work:
    """One ladder on its way, and the commands that were run for it."""

    def __init__(
        self,
        tool: Tool,
        order: EncodeOrder,
        folder: Path,
        stem: str,
        on_progress: Callable[[float], None] | None,
        cancel: threading.Event | None,
    ) -> None:
        self.tool, self.order, self.folder, self.cancel = tool, order, folder, cancel
        self.begins = f"{stem}-" if stem else ""
        self.length = order.probe.video[0].duration or order.probe.duration or 0.0
        self.meter = Meter(self.length, on_progress)
        self.commands: list[tuple[str, ...]] = []

    def fail(self, message: str, cause: Exception | None = None) -> NoReturn:
        """Say what is wrong, or that the disk is full if that is why."""
        if run.is_full(self.folder):
            raise run.full_disk(self.folder) from cause
        raise EncodeError(message, where=self.order.source) from cause

    def encode(self, arguments: tuple[str, ...], part: tuple[float, float]) -> None:
        """Run ffmpeg once."""
        ran = run.ffmpeg(
            self.tool,
            arguments,
            where=self.folder,
            on_seconds=self.meter.part(*part),
            cancel=self.cancel,
            file_bytes=_BYTES_AT_LEAST + int(self.length * _BYTES_PER_SECOND),
        )
        self.commands.append(ran.command)
        if ran.returncode != 0 and not self.order.allow_damaged:
            reason = ran.errors[-1] if ran.errors else f"exit status {ran.returncode}"
            self.fail(f"ffmpeg gave up: {reason}")

    def film(self, rung: Preset, part: tuple[float, float]) -> File:
        """Decode a rung's pictures to their end, and see what lies in its file."""
        path = _raw(self.folder, f"{rung.height}p")
        try:
            _, frames, errors = verify.pictures(
                self.tool, path, on_progress=self.meter.part(*part), cancel=self.cancel
            )
            inside, picture = fragments.read(path), probe(path, cancel=self.cancel).video[0]
        except (DamagedMediaError, NotMediaError) as error:
            self.fail(f"the rung of {rung.height} lines cannot be decoded: {error.message}", error)
        what = f"the rung of {rung.height} lines"
        if errors and not self.order.allow_damaged:
            self.fail(f"{what} does not decode cleanly: {errors[0]}")
        if frames != sum(fragment.samples for fragment in inside.fragments):
            self.fail(f"{what} has frames that do not decode")
        filmed = self.order.probe.video[0]
        slack = 2 / (filmed.frame_rate or 25.0) + (1.0 if filmed.variable else 0.0)
        self.check_length(inside.seconds, self.length, what, slack)
        name = f"{self.begins}{picture.height}p"
        return named(path, name, inside, width=picture.width, height=picture.height)

    def check_length(self, seconds: float, wanted: float, what: str, slack: float = 0.0) -> None:
        """Hold what was made against the source, where its length is known."""
        allowed = verify.tolerance(wanted) + slack
        if wanted and not self.order.allow_damaged and abs(seconds - wanted) > allowed:
            self.fail(f"{what} has {seconds:.2f} s, the source {wanted:.2f} s")

    def check_keyframes(self, films: Sequence[File]) -> None:
        """A player changes rungs at segments, so that all begin with a keyframe at one moment."""
        starts = [[f.start / one.inside.timescale for f in one.inside.fragments] for one in films]
        if not all(f.keyframe for one in films for f in one.inside.fragments):
            self.fail("a segment does not begin with a keyframe")
        if any(one != starts[0] for one in starts):
            self.fail("the keyframes of the rungs lie at different moments")

    def voice(
        self, chain: graph.Chain, again: Callable[[Loudness], graph.Chain | None] | None
    ) -> tuple[File, Decoded, graph.Chain]:
        """The sound, decoded to its end and measured; encoded anew as long as `again` says so."""
        path = _raw(self.folder, _SOUND)
        for left in reversed(range(_CORRECTIONS + 1)):
            made = self._heard(path)
            better = again(made.loudness) if again and left and made.loudness else None
            if better is None:
                break
            chain = better
            wanted = [_voice(self.order, self.folder, chain)]
            self.encode(graph.ladder(self.order.probe, self.order.source, wanted), (0.9, 0.95))
        file = named(path, self.begins + _SOUND, fragments.read(path))
        return file, made, chain

    def _heard(self, path: Path) -> Decoded:
        try:
            made = verify.decode(
                self.tool,
                path,
                loudness=True,
                on_progress=self.meter.part(0.95, 1.0),
                cancel=self.cancel,
            )
        except (DamagedMediaError, NotMediaError) as error:
            self.fail(f"its sound cannot be decoded: {error.message}", error)
        if made.errors and not self.order.allow_damaged:
            self.fail(f"its sound does not decode cleanly: {made.errors[0]}")
        return made
