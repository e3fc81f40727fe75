"""How to run ffmpeg and believe only what can be seen: progress, messages, never its exit status."""

from __future__ import annotations

import contextlib
import re
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from podkit import child, files
from podkit.errors import Cancelled, EncodeError, FileError
from podkit.sandbox import Fence

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator, Sequence

    from podkit.media.tools import Tool

IDLE = 120.0
"""Seconds without any progress after which ffmpeg is stopped."""

_PREFIX = (
    "-nostdin",
    "-hide_banner",
    "-nostats",
    "-loglevel",
    "repeat+level+info",
    "-progress",
    "pipe:1",
)
_MESSAGE = re.compile(r"^(?:\[[^\]]*\] )*\[(?P<level>error|fatal|panic)\] (?P<text>.*)$")
_ERRORS_KEPT = 20
_PRINTED, _BLOCK = ("lavfi.", "MD5="), "frame:"
_NO_SPACE = ("No space left on device", "Disk quota exceeded")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one run of ffmpeg showed.

    `seconds` of media written, `frames` of pictures, `errors` as it said them, `stderr` whole.
    """

    command: tuple[str, ...]
    returncode: int
    seconds: float
    frames: int
    errors: tuple[str, ...]
    stderr: str
    printed: tuple[str, ...] = ()
    """What its `ametadata` filters and its checksums printed, as `key=value`."""
    error_count: int = 0
    """How many errors it told, equal ones too; of a flood only those in the last 64 KB."""


def command(tool: Tool, arguments: Sequence[str]) -> tuple[str, ...]:
    """The whole command line for ffmpeg's own arguments."""
    return (tool.path, *_PREFIX, *arguments)


def ffmpeg(
    tool: Tool,
    arguments: Sequence[str],
    *,
    where: Path,
    on_seconds: Callable[[float], None] | None = None,
    cancel: threading.Event | None = None,
    file_bytes: int | None = None,
    reads: Sequence[Path] | None = None,
    writes: Sequence[Path] | None = None,
) -> Ran:
    """Run ffmpeg to its end.

    Args:
        tool: which one.
        arguments: inputs, filters, outputs.
        where: the file that messages name; its file system is looked at when writing fails.
        on_seconds: told how many seconds of media are done.
        cancel: when set, ffmpeg is stopped.
        file_bytes: the most that it may write into one file.
        reads: the files it may read; None for the inputs that `arguments` name with `file:`.
        writes: the files and folders it may write; None for the outputs named so.

    Raises:
        Cancelled: `cancel` was set, or everything is being stopped.
        EncodeError: it stood still, wrote more than it may, or was killed.
        FileError: the disk is full, or the input cannot be read.
    """
    argv = command(tool, arguments)
    watcher = _Watcher(on_seconds)
    inputs, outputs = named(arguments)
    outputs = tuple(outputs if writes is None else writes)
    fence = Fence(reads=tuple(inputs if reads is None else reads), writes=outputs)
    limits = child.Limits(idle=IDLE, file_bytes=file_bytes, fence=fence if tool.fenced else None)
    with _there(outputs):
        outcome = child.run(argv, limits=limits, on_line=watcher, cancel=cancel)
    if outcome.stopped is child.Stop.CANCELLED:
        raise Cancelled
    if outcome.stopped:
        raise EncodeError(f"ffmpeg stood still for {IDLE:.0f} s and was stopped", where=where)
    ran = Ran(
        command=argv,
        returncode=outcome.returncode,
        seconds=watcher.seconds,
        frames=watcher.frames,
        errors=errors_in(outcome.stderr),
        stderr=outcome.stderr,
        printed=tuple(watcher.printed),
        error_count=sum(1 for line in outcome.stderr.splitlines() if _MESSAGE.match(line)),
    )
    _check_disk(ran, where)
    _check_signal(outcome.returncode, where)
    return ran


def named(arguments: Sequence[str]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The inputs and the outputs that are named with `file:`, or are a part of a file."""
    reads: list[Path] = []
    writes: list[Path] = []
    before = ""
    for argument in arguments:
        part = argument.partition(",,:")[2] if argument.startswith("subfile,") else argument
        if part.startswith("file:") or part != argument:
            (reads if before == "-i" else writes).append(Path(part.removeprefix("file:")))
        before = argument
    return tuple(reads), tuple(writes)


@contextlib.contextmanager
def _there(outputs: Sequence[Path]) -> Iterator[None]:
    """Let each output exist, empty, so that a fence can open on it alone; then remove empty ones.

    Raises:
        FileError: one cannot be made.
    """
    made = []
    for path in outputs:
        if path.exists():
            continue
        files.begin(path)
        made.append(path)
    try:
        yield
    finally:
        for path in made:
            with contextlib.suppress(OSError):
                if not path.stat().st_size:
                    path.unlink()


def errors_in(stderr: str) -> tuple[str, ...]:
    """What ffmpeg called an error, each message once, at most twenty."""
    found = (_MESSAGE.match(line) for line in stderr.splitlines())
    return tuple(dict.fromkeys(f["text"].strip() for f in found if f))[:_ERRORS_KEPT]


def _check_signal(returncode: int, where: Path) -> None:
    """See that no signal ended it: what it had done until then may look like all there is.

    Raises:
        EncodeError: one did.
    """
    if returncode == -signal.SIGXFSZ:
        raise EncodeError("it grew beyond what its length allows and was stopped", where=where)
    if returncode < 0:
        raise EncodeError(f"ffmpeg gave up: signal {-returncode} ended it", where=where)


def _check_disk(ran: Ran, where: Path) -> None:
    """Say what ffmpeg's exit status hides: a full disk and a failing read."""
    said = [found["text"] for line in ran.stderr.splitlines() if (found := _MESSAGE.match(line))]
    if any(words in text for words in _NO_SPACE for text in said):
        raise full_disk(where)
    if any("File too large" in text for text in said):
        raise FileError("cannot write: the file system takes no file of that size", where=where)
    if any("Input/output error" in text for text in said):
        raise FileError("cannot read or write: input/output error", where=where)


def full_disk(where: Path) -> FileError:
    """The error for a disk without room."""
    return FileError(
        "cannot write: the disk is full",
        where=where,
        hint="free some space and run the same command again; nothing was changed",
    )


def free_bytes(folder: Path) -> int:
    """How many bytes the folder's file system has room for."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def is_full(folder: Path) -> bool:
    """Whether the folder's file system has no room left."""
    try:
        return shutil.disk_usage(folder).free < 64 * 1024
    except OSError:
        return False


class _Watcher:
    """Reads `-progress`: key=value lines; `out_time_us` is in microseconds."""

    def __init__(self, on_seconds: Callable[[float], None] | None) -> None:
        self.seconds = 0.0
        self.frames = 0
        self._size = 0
        self._tell = on_seconds
        self.printed: list[str] = []

    def __call__(self, line: str) -> bool:
        if line.startswith(_PRINTED):
            self.printed.append(line)
            return False
        if line.startswith(_BLOCK):  # where nothing is put out, what is printed tells how far it is
            return self._reached(float(line.rpartition("pts_time:")[2]), least=1.0)
        key, _, value = line.partition("=")
        value = value.strip()
        return value.isdigit() and self._grown(key, int(value))

    def _grown(self, key: str, number: int) -> bool:
        """Take note of one number of `-progress`; whether it grew."""
        if key == "out_time_us":
            return self._reached(number / 1e6)
        if key == "frame" and number > self.frames:
            self.frames = number
            return True
        if key == "total_size" and number > self._size:
            self._size = number
            return True
        return False

    def _reached(self, seconds: float, *, least: float = 0.0) -> bool:
        """Tell how far it is, when that is further than before by more than `least` seconds."""
        if seconds <= self.seconds + least:
            return False
        self.seconds = seconds
        if self._tell is not None:
            self._tell(seconds)
        return True
