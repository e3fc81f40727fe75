"""What all renditions of one master share: its sound on tape, and how loud that is."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from podkit import files
from podkit.errors import Cancelled, PodkitError
from podkit.media import recording, trim, unsound, verify
from podkit.media.survey import Survey, survey
from podkit.model.media import Decoded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from podkit.media.tape import Tape
    from podkit.media.tools import Tool
    from podkit.model.media import MediaInfo
    from podkit.model.work import Engine


class Material:
    """A master's tapes and surveys, each made when it is first asked for, and once.

    Several threads may ask; they wait for the one that makes it.

    Args:
        tool: the ffmpeg to use.
        source: the master.
        media: what a probe saw in it; there is sound.
        folder: where tapes may be made; the caller removes it.
        engine: where the work runs.
        allow_damaged: whether a source that ends early is taken for what it holds.
        cancel: when set, the work stops.
    """

    def __init__(
        self,
        tool: Tool,
        source: Path,
        media: MediaInfo,
        *,
        folder: Path,
        engine: Engine,
        allow_damaged: bool = False,
        cancel: threading.Event | None = None,
    ) -> None:
        self.engine = engine
        self.folder = folder
        self._tool, self.source, self.media = tool, source, media
        self.allow_damaged, self._cancel = allow_damaged, cancel
        self.unsound: float | None = None
        """The second of the first sample that was no number and is silence on the tapes."""
        self._guard = threading.RLock()
        self._tapes: dict[tuple[int, bool], Tape] = {}
        self._failures: dict[tuple[int, bool], PodkitError] = {}
        self._surveys: dict[tuple[Tape, int], Survey] = {}

    @property
    def rate(self) -> int:
        """The sample rate of the master, in Hz."""
        return self.media.audio[0].sample_rate

    def tape(
        self, rate: int, *, clean: bool = False, tell: Callable[[float], None] | None = None
    ) -> Tape:
        """The sound at a rate in Hz, cleaned or as it is.

        Raises:
            DamagedMediaError: the source ends before its header says, or does not decode.
            FileError: it cannot be read, or there is no room.
            Cancelled: the flag was set.
        """
        with self._guard:
            key = (rate, clean)
            if key in self._failures:  # the others of this master need not find out again
                raise self._failures[key]
            if key not in self._tapes:
                try:
                    self._tapes[key] = self._made(rate, clean=clean, tell=tell)
                except Cancelled:
                    raise
                except PodkitError as error:
                    self._failures[key] = error
                    raise
            return self._tapes[key]

    def _made(self, rate: int, *, clean: bool, tell: Callable[[float], None] | None) -> Tape:
        if (rate, clean) != (self.rate, False):
            return recording.derived(
                self._tool,
                self.tape(self.rate, tell=tell),
                rate=rate,
                clean=clean,
                folder=self.folder,
                engine=self.engine,
                cancel=self._cancel,
            )
        tape = recording.load(
            self._tool,
            self.source,
            self.media,
            folder=self.folder,
            engine=self.engine,
            tell=tell,
            cancel=self._cancel,
        )
        if not self.allow_damaged:
            verify.check_whole(heard(tape), self.media, self.source)
        return self._mended(tape) if unsound.can_hold(self.media) else tape

    def _mended(self, tape: Tape) -> Tape:
        """A tape of floating point numbers in which each sample is one."""
        self.unsound = self.survey(tape, tape.channels).unsound
        if self.unsound is None:
            return tape
        if not self.allow_damaged:
            raise unsound.refuse(self.unsound, self.source)
        return recording.mended(
            self._tool, tape, folder=self.folder, engine=self.engine, cancel=self._cancel
        )

    def survey(
        self, tape: Tape, channels: int, *, tell: Callable[[float], None] | None = None
    ) -> Survey:
        """How loud one of its tapes is on one or two channels.

        Raises:
            FileError: it cannot be read.
            Cancelled: the flag was set.
        """
        with self._guard:
            key = (tape, channels)
            if key not in self._surveys:
                self._surveys[key] = survey(
                    tape, channels, engine=self.engine, tell=tell, cancel=self._cancel
                )
            return self._surveys[key]

    def trimmed(
        self, tape: Tape, *, tell: Callable[[float], None] | None = None
    ) -> tuple[Tape, float]:
        """One of its tapes without silence at head and tail, and the seconds cut off at its head.

        Where that is, the master as it is decides, so that all its renditions are cut alike.

        Raises:
            FileError: it cannot be read.
            Cancelled: the flag was set.
        """
        whole = self.tape(self.rate)
        found = self.survey(whole, whole.channels, tell=tell)
        kept = trim.sounding(found.momentary, found.loudness.integrated)
        if kept is None:
            return tape, 0.0
        return trim.trimmed(tape, kept, len(found.momentary), whole.rate)


def heard(tape: Tape) -> Decoded:
    """What decoding the source gave."""
    return Decoded(
        duration=tape.duration,
        samples=tape.samples,
        errors=tape.errors,
        error_count=tape.error_count,
        md5=tape.md5,
    )


@contextlib.contextmanager
def scratch(beside: Path) -> Iterator[Path]:
    """A folder beside a path for the time of the work.

    Raises:
        FileError: it cannot be made.
    """
    folder = files.temporary_beside(beside, suffix="")
    with files.translating(folder, "make the folder"):
        folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        with contextlib.suppress(OSError):
            files.remove_tree(folder)
