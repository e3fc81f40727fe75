"""Whether an Ogg file ends: each logical stream with a page that says so (RFC 3533, section 6)."""

from __future__ import annotations

from typing import IO

_MARK = b"OggS"
_CONTINUED_HEADER = 27
_FIRST, _LAST = 2, 4  # flags of a page
_BLOCK = 1 << 20
_LONGEST = 65_307  # bytes of a page (RFC 3533, section 6)
_HEADERS = 10_000  # pages: a cover of 600 MB takes no more
_NO_SOUND = frozenset(
    [0, (1 << 64) - 1]
)  # what the position of a page says in which no packet ends


def fault(stream: IO[bytes], size: int) -> str:
    """What the last link of the chain lacks, or what in the file is no page."""
    open_streams: set[int] = set()
    begins, at, lost = True, 0, 0
    while at < size:
        stream.seek(at)
        head = stream.read(_CONTINUED_HEADER + 255)
        if head[:4] != _MARK:
            found = _next_page(stream, at)
            if found < 0:
                break  # what other programs add behind the last page
            lost += found - at
            at = found
            continue
        if len(head) < _CONTINUED_HEADER or len(head) < _CONTINUED_HEADER + head[26]:
            return "its last page is cut"
        flags, serial = head[5], int.from_bytes(head[14:18], "little")
        if flags & _FIRST:
            if not begins:  # a new link: what the one before lacked is past
                open_streams.clear()
            open_streams.add(serial)
        begins = bool(flags & _FIRST)
        if flags & _LAST:
            open_streams.discard(serial)
        at += _CONTINUED_HEADER + head[26] + sum(head[27 : 27 + head[26]])
        if at > size:
            return f"the last {at - size} bytes of its last page are missing"
    if open_streams:
        return "the page that ends it is missing"
    return f"{lost} bytes inside it are no pages" if lost else ""


def torn(stream: IO[bytes], size: int) -> str:
    """What shows that it is a part of a file: no page with sound, or a last page that is cut."""
    at = 0
    for _ in range(_HEADERS):
        page = _page(stream, at)
        if page is None or at + page[1] > size:
            return "it ends before its sound begins"
        head, length = page
        if int.from_bytes(head[6:14], "little") not in _NO_SOUND:
            break
        at += length
    return "its last page is cut" if _last(stream, size)[1] else ""


def doubt(stream: IO[bytes], size: int) -> str:
    """That its last page does not say so: a recording of a live stream has none that does."""
    return "" if _last(stream, size)[0] & _LAST else "the page that ends it is missing"


def _page(stream: IO[bytes], at: int) -> tuple[bytes, int] | None:
    """The head of the page at a place and the page's length; None where none begins, or only a part."""
    stream.seek(at)
    head = stream.read(_CONTINUED_HEADER + 255)
    if head[:4] != _MARK or len(head) < _CONTINUED_HEADER:
        return None
    if len(head) < _CONTINUED_HEADER + head[26]:
        return None
    return head, _CONTINUED_HEADER + head[26] + sum(head[27 : 27 + head[26]])


def _last(stream: IO[bytes], size: int) -> tuple[int, bool]:
    """The flags of the last page, and whether it is cut; what stands behind it does not matter."""
    begins = max(size - 2 * _LONGEST, 0)
    stream.seek(begins)
    at = stream.read().rfind(_MARK + b"\0")
    if at < 0:
        return _LAST, False
    page = _page(stream, begins + at)
    if page is None:
        return 0, True
    head, length = page
    return head[5], begins + at + length > size


def _next_page(stream: IO[bytes], at: int) -> int:
    """Where the next page begins after `at`; -1 when none does."""
    at += 1
    while True:
        stream.seek(at)
        block = stream.read(_BLOCK)
        found = block.find(_MARK + b"\0")
        if found >= 0:
            return at + found
        if len(block) < _BLOCK:
            return -1
        at += _BLOCK - 4
