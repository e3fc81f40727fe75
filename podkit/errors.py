"""Every error that podkit raises on purpose, and the exit code that each one ends with.

PodkitError                 1   failed for a reason that podkit explains
├── UsageError              2   an unknown or contradictory option, preset, rule, target, episode
├── RecordError             1   podkit.toml, episode.toml, renditions.toml: all of a file's faults
├── FileError               1   a file cannot be read or written; nothing final was changed
├── MediaError              1   about one media file
│   ├── NotMediaError       1   it is not sound or video at all
│   ├── DamagedMediaError   1   it ends early or cannot be decoded whole
│   └── EncodeError         1   what ffmpeg made is not what was planned
├── ToolError               1   ffmpeg is missing, too old, or lacks an encoder
├── FormatError             1   text in a format (feed, chapters, transcript) that does not parse
├── TargetError             1   a publishing target refused or altered something
├── FindingsError           3   lint, verify or diff found errors
├── PartlyDoneError         4   some of several items failed
└── TryAgainError          75   locked by another run, server unreachable
    └── LockedError        75
Cancelled                 130   Ctrl-C or a signal; carries the signal's own code
"""

from __future__ import annotations

import errno
import os
from typing import ClassVar


class PodkitError(Exception):
    """The root: says what failed, on what, why, and what to type next.

    Args:
        message: what failed and why; a second line is printed indented below the first.
        where: the file, key or episode that it is about.
        hint: the next thing to type or to do.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, where: object = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = None if where is None else str(where)
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Travel between processes whole, `where` and `hint` included."""
        return (_rebuild, (type(self), self.message, self.where, self.hint))


def _rebuild(kind: type[PodkitError], message: str, where: str | None, hint: str) -> PodkitError:
    return kind(message, where=where, hint=hint)


class UsageError(PodkitError):
    """An unknown or contradictory word on the command line."""

    exit_code = 2


class RecordError(PodkitError):
    """One or more faults in a file that a person edits; the message holds a line for each."""


class FileError(PodkitError):
    """A file cannot be read or written."""


def system_error(error: OSError, path: str | os.PathLike[str], verb: str) -> FileError:
    """What the operating system says about a file, told as podkit tells it; to be raised."""
    hint = ""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        hint = "free some space and run the same command again; nothing was changed"
    elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        hint = "check who owns it and whether it may be written"
    reason = error.strerror or str(error)
    return FileError(f"cannot {verb}: {reason}", where=os.fspath(path), hint=hint)


class MediaError(PodkitError):
    """Something about one media file."""


class NotMediaError(MediaError):
    """The file is not sound or video, whatever its name says."""


class DamagedMediaError(MediaError):
    """The file ends before its header says, or cannot be decoded to its end."""


class EncodeError(MediaError):
    """What was encoded is not what was planned; it is thrown away."""


class ToolError(PodkitError):
    """ffmpeg is missing, too old, or lacks what is needed."""


class FormatError(PodkitError):
    """A feed, chapter list or transcript that does not parse."""


class TargetError(PodkitError):
    """A publishing target refused something or did not keep what it was given."""


class FindingsError(PodkitError):
    """Errors were found where none may be."""

    exit_code = 3


class PartlyDoneError(PodkitError):
    """Some of several items failed; the report names them."""

    exit_code = 4


class TryAgainError(PodkitError):
    """It may work later."""

    exit_code = 75


class LockedError(TryAgainError):
    """Another run holds the lock."""


class Cancelled(PodkitError):  # noqa: N818 (it is not an error of anybody's)
    """Stopped by a signal: 129 hung up, 130 interrupted, 143 terminated."""

    def __init__(
        self, message: str = "interrupted", *, signal_number: int = 2, **_: object
    ) -> None:
        super().__init__(message)
        self.signal_number = signal_number

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the signal between processes."""
        return (_cancelled, (self.signal_number,))


def _cancelled(signal_number: int) -> Cancelled:
    return Cancelled(signal_number=signal_number)
