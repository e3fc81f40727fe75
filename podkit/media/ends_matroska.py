"""Whether the elements of a Matroska or WebM file are in it to their ends (RFC 8794, RFC 9559)."""

from __future__ import annotations

from typing import IO

_HEADER, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
# Elements that stand directly in a segment: one of them ends a cluster of unknown size.
_TOP = frozenset(
    [_CLUSTER, 0x114D9B74, 0x1549A966, 0x1654AE6B, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367]
)
_IN_CLUSTER = frozenset([0xE7, 0xA7, 0xAB, 0xA3, 0xA0, 0x5854])
_ANYWHERE = frozenset([0xEC, 0xBF])  # padding, checksums
_ELEMENTS = 20_000_000


def fault(stream: IO[bytes], size: int) -> str:
    """What is missing: the rest of the segment, or of the last element of a live recording."""
    at = 0
    for _ in range(_ELEMENTS):
        if at >= size:
            return ""
        stream.seek(at)
        head = stream.read(12)
        kind, used = _number(head, keep_mark=True)
        known = kind in _TOP | _IN_CLUSTER | _ANYWHERE | {_HEADER, _SEGMENT}
        if used and not known:
            return ""  # rubbish behind the end
        length, more = _number(head[used:], keep_mark=False)
        if not used or not more:
            return "its last element is cut"
        unknown = length == (1 << 7 * more) - 1
        end = at + used + more + (0 if unknown else length)
        if end > size:
            return f"its last {end - size} bytes are missing"
        if kind == _SEGMENT and not unknown:
            return ""  # nothing that counts stands behind it
        at = end
    return ""


def _number(content: bytes, *, keep_mark: bool) -> tuple[int, int]:
    """A number of variable length and how many bytes it takes; no bytes when it is cut or none."""
    if not content or not content[0]:
        return 0, 0
    length = 9 - content[0].bit_length()
    if len(content) < length:
        return 0, 0
    number = int.from_bytes(content[:length], "big")
    return number if keep_mark else number & (1 << 7 * length) - 1, length
