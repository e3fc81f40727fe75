"""How the bytes of one open file get into another: shared where the disk can, else copied, once.

And how a copy of an MP3 file gets room for a longer tag at once, so that no byte moves twice.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable

from podkit import copying
from podkit.errors import FileError
from podkit.model.tags import Tags

_PIECE = 64 << 20  # bytes between two looks at whether to stop
_BUFFER = 1 << 20
_CANNOT = frozenset(
    [errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EPERM]
)
_HEAD = 10  # bytes of an ID3v2 header (id3.org, ID3v2.4 structure, section 3.1)
_ID3V1 = 128  # bytes of an ID3v1 tag, at the very end
_PLAIN = frozenset([3, 4])
_SPARE = 2048
_PAGE = 4096
_MAX_HEAD = 64 << 20


def fill(
    source: int,
    target: int,
    before: Tags,
    after: Tags,
    *,
    id3: int | None = None,
    look: Callable[[], None] = lambda: None,
) -> None:
    """Make an empty file a copy of another; one of MP3 gets room for its new tags.

    Args:
        source: open for reading.
        target: open for writing, at its beginning.
        before: the tags in the source.
        after: those that the copy will get.
        id3: 3 or 4, the version of ID3v2 where an MP3 file has none yet; None for other files.
        look: called now and then; raises when it is to stop.

    Raises:
        As `pour`.
    """
    head, start = (b"", 0) if id3 is None else roomy(source, before, after, id3)
    pour(source, target, head=head, start=start, look=look)


def pour(
    source: int,
    target: int,
    *,
    head: bytes = b"",
    start: int = 0,
    look: Callable[[], None] = lambda: None,
) -> None:
    """Fill an empty file with `head` and then with the source from `start` to its end.

    Args:
        source: open for reading.
        target: open for writing, at its beginning.
        head: what comes before it.
        start: the first byte of the source that is taken.
        look: called now and then; raises when it is to stop.

    Raises:
        OSError: reading or writing failed.
        FileError: the source became shorter meanwhile.
    """
    if not head and not start and copying.reflink(source, target):
        return
    _write(target, head)
    length = os.fstat(source).st_size
    at = start
    share = True
    while at < length:
        look()
        done = -1
        if share:
            done = _share(source, target, at, len(head) + at - start, min(length - at, _PIECE))
            share = done >= 0
        if not share:
            done = _copy(source, target, at, len(head) + at - start)
        if done == 0:
            raise FileError("it became shorter while it was read")
        at += done


def _share(source: int, target: int, at: int, to: int, count: int) -> int:
    """How many bytes the kernel copied; -1 when it cannot between these files."""
    try:
        return os.copy_file_range(source, target, count, at, to)
    except AttributeError:  # not Linux
        return -1
    except OSError as error:
        if error.errno in _CANNOT:
            return -1
        raise


def _copy(source: int, target: int, at: int, to: int) -> int:
    piece = os.pread(source, _BUFFER, at)
    os.lseek(target, to, os.SEEK_SET)
    _write(target, piece)
    return len(piece)


def _write(target: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(target, view) :]


def roomy(source: int, before: Tags, after: Tags, version: int) -> tuple[bytes, int]:
    """A head with room for the new tag, and where the source goes on behind its own.

    Only the time that saving takes depends on it: where the guess is wrong, mutagen moves the sound.

    Args:
        source: an MP3 file, open.
        before: what is in it.
        after: what shall be in it.
        version: 3 or 4, the version of ID3v2 where there is no tag yet.

    Returns:
        Nothing and 0 where the tag has room already, or is of a rare kind.
    """
    found = os.pread(source, _HEAD, 0)
    size = used = 0
    head = b"ID3" + bytes([version, 0, 0])
    content = b""
    if found.startswith(b"ID3") and len(found) == _HEAD:
        size = sum((byte & 0x7F) << shift for byte, shift in zip(found[6:], _SHIFTS, strict=True))
        if found[5] or found[3] not in _PLAIN or size > _MAX_HEAD:
            return b"", 0
        head = found[:6]
        content = os.pread(source, size, _HEAD)
        used = len(content.rstrip(b"\0"))
    elif os.pread(source, 3, max(os.fstat(source).st_size - _ID3V1, 0)) == b"TAG":
        return b"", 0  # it is taken over only where there is no ID3v2 tag yet
    needed = used + _growth(before, after)
    if size >= needed or needed > _MAX_HEAD or len(content) < size:
        return b"", 0
    start = _HEAD + size if content or size else 0
    room = needed + _SPARE
    room += (start - _HEAD - room) % _PAGE  # whole pages stay whole: the kernel copies them faster
    width = bytes(room >> shift & 0x7F for shift in _SHIFTS)
    return head + width + content + b"\0" * (room - len(content)), start


_SHIFTS = (21, 14, 7, 0)


def _growth(before: Tags, after: Tags) -> int:
    """By how many bytes the tag becomes longer, guessed a little too high."""
    more = sum(
        64 + 2 * len(value)
        for name, value in after.fields.items()
        if before.fields.get(name) != value
    )
    if after.artwork != before.artwork:
        more += sum(128 + len(p.content) for p in after.artwork)
        more -= sum(len(p.content) for p in before.artwork)
    if after.chapters != before.chapters:
        more += sum(160 + 2 * len(c.title) + len(c.url) for c in after.chapters)
        more += sum(128 + len(p.content) for p in after.chapter_pictures.values())
    return more
