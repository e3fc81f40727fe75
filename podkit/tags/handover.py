"""The last step of a change: how a finished copy gets the file's name, and all that belongs to it."""

from __future__ import annotations

import contextlib
import errno
import os
import stat

from podkit import staging
from podkit.errors import FileError
from podkit.tags.places import READ, Original, names

_SUFFIX = 16  # bytes of a file's suffix that its copy takes over
_OPTIONAL = frozenset([errno.ENOTSUP, errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENODATA])


def suffix_of(name: str) -> str:
    """The suffix of a copy's name: the file's own, unless it is of an odd length."""
    suffix = os.path.splitext(name)[1]
    return suffix if len(os.fsencode(suffix)) <= _SUFFIX else ""


def put_back(original: Original, copy: str) -> None:
    """Give the original's name to a finished copy in the private folder, in one step.

    The copy gets owner, mode, times and extended attributes of the original, and is synced first.
    The two swap their names, so that whatever had the name meanwhile is seen before it is removed.

    Raises:
        FileError: the original was changed, moved or replaced meanwhile; it is left as it is.
        OSError: the disk refused.
    """
    place = original.place
    descriptor = os.open(copy, READ, dir_fd=place.inside)
    try:
        _keep(original, descriptor)
        os.fsync(descriptor)
        now = os.fstat(original.descriptor)
        as_found = (original.found.st_size, original.found.st_mtime_ns)
        if (now.st_size, now.st_mtime_ns) != as_found:
            raise _meanwhile("another program changed it", original)
        if not names(place.descriptor, original.name, now):
            raise _meanwhile("another program moved or replaced it", original)
        _swap(original, copy, descriptor)
    finally:
        os.close(descriptor)
    place.changed = True
    place.drop(copy)  # now the old file


def _swap(original: Original, copy: str, descriptor: int) -> None:
    place = original.place
    here, there = (place.inside, copy), (place.descriptor, original.name)
    try:
        swapped = staging.exchange_at(here, there)
    except FileNotFoundError:
        raise _meanwhile("another program moved or removed it", original) from None
    if not swapped:  # a file system that cannot: one moment is left between look and rename
        os.rename(copy, original.name, src_dir_fd=place.inside, dst_dir_fd=place.descriptor)
        return
    if names(place.inside, copy, original.found):
        return
    # What came out is not what was copied: it goes back to its name, untouched.
    staging.exchange_at(here, there)
    if not names(place.inside, copy, os.fstat(descriptor)):
        # Replaced once more: what came out now is theirs and must not be removed with the folder.
        lost = f"{original.name}.{os.urandom(4).hex()}"
        os.rename(copy, lost, src_dir_fd=place.inside, dst_dir_fd=place.descriptor)
    raise _meanwhile("another program replaced it", original)


def _meanwhile(what: str, original: Original) -> FileError:
    return FileError(
        f"{what} while its tags were written", where=original.shown,
        hint="it was left as it is now; run the same command again",
    )  # fmt: skip


def _keep(original: Original, copy: int) -> None:
    """Give the copy what belongs to the file and not to its content; times come last."""
    found = original.found
    with contextlib.suppress(PermissionError):  # only the owner or root may
        os.fchown(copy, found.st_uid, found.st_gid)
    os.fchmod(copy, stat.S_IMODE(found.st_mode))
    for name in _attributes(original.descriptor):
        try:
            os.setxattr(copy, name, os.getxattr(original.descriptor, name))
        except OSError as error:
            if error.errno not in _OPTIONAL:
                raise
    os.utime(copy, ns=(found.st_atime_ns, found.st_mtime_ns))


def _attributes(descriptor: int) -> list[str]:
    try:
        return os.listxattr(descriptor)
    except AttributeError:  # not Linux
        return []
    except OSError as error:
        if error.errno not in _OPTIONAL:
            raise
        return []
