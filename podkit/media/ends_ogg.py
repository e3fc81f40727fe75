"""Whether an Ogg file ends: each logical stream with a page that says so (RFC 3533, section 6)."""

from __future__ import annotations

from typing import IO

_MARK = b"OggS"
_CONTINUED_HEADER = 27
_FIRST, _LAST = 2, 4  # flags of a page
_BLOCK = 1 << 20


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
