"""How a tape is made: decoded once, or derived from another one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import DamagedMediaError, EncodeError, FileError
from podkit.media import ends_flac, pieces, run, tape_graph, verify
from podkit.media.sniff import sniff
from podkit.media.tape import Tape, of_wav
from podkit.model.media import Container

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable
    from pathlib import Path

    from podkit.media.tools import Tool
    from podkit.model.media import MediaInfo
    from podkit.model.work import Engine

_UNDECLARED = 256 << 20
_UNKNOWN_LENGTH = 8 << 30  # bytes of a tape whose source does not tell its length: six hours
_MADE = "f32le"  # what is decoded stays as exact as it was, and above full scale


def load(
    tool: Tool,
    source: Path,
    media: MediaInfo,
    *,
    folder: Path,
    engine: Engine,
    tell: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
) -> Tape:
    """The sound of a source's first sound track, as mono or stereo.

    A WAV file is its own tape; everything else is decoded once.

    Args:
        tool: the ffmpeg to use.
        source: the file.
        media: what a probe saw in it; there is sound.
        folder: where a tape may be made; the caller removes it.
        engine: where the decoding runs.
        tell: told how many seconds are decoded.
        cancel: when set, the decoding stops.

    Raises:
        NotMediaError: it is no sound any more.
        DamagedMediaError: nothing in it can be decoded.
        FileError: it cannot be read, or the disk has no room for its samples.
        Cancelled: `cancel` was set.
    """
    sniff(source)  # it may have been exchanged since it was probed
    if found := _its_own(source, media):
        return found
    sound = media.audio[0]
    tape = Tape(
        path=files.temporary_beside(folder / "tape", suffix=".raw"),
        start=0,
        samples=0,
        rate=sound.sample_rate,
        channels=min(sound.channels, 2) or 2,
        codec=_MADE,
    )
    _check_room(tape, media.duration, folder, source)
    arguments = tape_graph.recording(source, media, tape)
    if media.container is Container.FLAC:
        arguments += ends_flac.promise(source).arguments
    return _made(tool, tape, arguments, source, media.duration or 0.0, engine, tell, cancel)


def foreseen(
    source: Path, media: MediaInfo, folder: Path, rate: int, samples: int, *, clean: bool = False
) -> Tape:
    """The tape from which it would be encoded, for a dry run."""
    found = _its_own(source, media)
    if found is not None and found.rate == rate and not clean:
        return found
    return Tape(
        path=folder / "tape.raw",
        start=0,
        samples=samples,
        rate=rate,
        channels=min(media.audio[0].channels, 2) or 2,
        codec=_MADE,
    )


def commands(
    tool: Tool, source: Path, media: MediaInfo, tape: Tape, *, clean: bool
) -> tuple[tuple[str, ...], ...]:
    """What would make a tape that `foreseen` gave: nothing where the source itself is one."""
    if tape.path == source:
        return ()
    rate = media.audio[0].sample_rate
    if not clean and rate == tape.rate:
        return (run.command(tool, tape_graph.recording(source, media, tape)),)
    first = foreseen(source, media, tape.path.parent, rate, round((media.duration or 0.0) * rate))
    if first.path == tape.path:
        first = replace(first, path=first.path.with_name("master.raw"))
    return (
        *commands(tool, source, media, first, clean=False),
        run.command(tool, tape_graph.deriving(first, tape, clean=clean)),
    )


def derived(
    tool: Tool,
    tape: Tape,
    *,
    rate: int,
    clean: bool,
    folder: Path,
    engine: Engine,
    cancel: threading.Event | None = None,
) -> Tape:
    """The same sound at another rate, or cleaned: what has a memory must not be done in pieces."""
    made = replace(
        tape,
        path=files.temporary_beside(folder / "tape", suffix=".raw"),
        start=0,
        samples=0,
        rate=rate,
        codec=_MADE,
    )
    _check_room(made, tape.duration, folder, tape.path)
    arguments = tape_graph.deriving(tape, made, clean=clean)
    found = _made(tool, made, arguments, tape.path, tape.duration, engine, None, cancel)
    return replace(found, errors=tape.errors, error_count=tape.error_count, md5=tape.md5)


def mended(
    tool: Tool,
    tape: Tape,
    *,
    folder: Path,
    engine: Engine,
    cancel: threading.Event | None = None,
) -> Tape:
    """The same sound with silence in the place of samples that are no numbers."""
    path = files.temporary_beside(folder / "tape", suffix=".raw")
    made = replace(tape, path=path, start=0, samples=0, codec=_MADE)
    _check_room(made, tape.duration, folder, tape.path)
    arguments = tape_graph.mending(tape, made)
    return _made(tool, made, arguments, tape.path, tape.duration, engine, None, cancel)


def _its_own(source: Path, media: MediaInfo) -> Tape | None:
    """The tape that a source is itself; AC-3 may lie in a WAV file and call itself plain samples."""
    plain = media.container is Container.WAV and media.audio[0].codec.startswith("pcm_")
    return of_wav(source) if plain and not media.video else None


def _made(
    tool: Tool,
    tape: Tape,
    arguments: tuple[str, ...],
    source: Path,
    seconds: float,
    engine: Engine,
    tell: Callable[[float], None] | None,
    cancel: threading.Event | None,
) -> Tape:
    order = pieces.Run(
        tool=tool,
        arguments=arguments,
        where=source,
        cost=seconds / 900,
        file_bytes=_most_bytes(tape, seconds),
    )
    (ran,) = pieces.do(engine, [order], tell=tell, cancel=cancel)
    if ran.returncode and not ran.errors:
        raise EncodeError(
            f"its samples cannot be written: ffmpeg ended with {ran.returncode}", where=source
        )
    try:
        held = tape.path.stat().st_size // tape.frame_bytes
    except OSError:
        held = 0
    if not held:
        reason = f": {ran.errors[0]}" if ran.errors else ""
        raise DamagedMediaError(f"no sound in it can be decoded{reason}", where=source)
    return replace(
        tape, samples=held, errors=ran.errors, error_count=ran.error_count, md5=verify.md5_of(ran)
    )


def _most_bytes(tape: Tape, seconds: float) -> int:
    """What a tape may have at most: some times what was declared, and no more than there is room.

    An estimate of a length may be wrong by a factor; a source that decodes to ever more is a bomb.
    """
    declared = int(seconds * tape.rate * tape.frame_bytes)
    free = run.free_bytes(tape.path.parent)
    return max(1, min(free, 4 * declared + _UNDECLARED if declared else _UNKNOWN_LENGTH))


def _check_room(tape: Tape, seconds: float | None, folder: Path, source: Path) -> None:
    """Refuse before the work what the disk cannot hold."""
    needed = int((seconds or 0.0) * tape.rate * tape.frame_bytes)
    free = run.free_bytes(folder)
    if needed > free:
        raise FileError(
            f"the disk is too full: its samples need {needed / 1e6:,.0f} MB for the time of the "
            f"work, and {free / 1e6:,.0f} MB are free",
            where=source,
            hint=f"free some space where {folder.parent} lies",
        )
