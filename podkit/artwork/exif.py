"""What EXIF says that matters here: which way is up, and whether it tells a place (CIPA DC-008)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ORIENTATION, _GPS = 0x0112, 0x8825
_SHORT = 3
_ORDERS = {b"II": "<", b"MM": ">"}


def orientation(block: bytes) -> int:
    """How the picture is turned: 1 to 8, 1 when nothing sensible is said.

    Args:
        block: EXIF from its byte order on ("II" or "MM").
    """
    for tag, kind, value in _entries(block):
        if tag == _ORIENTATION and kind == _SHORT and 1 <= value <= 8:
            return value
    return 1


def has_place(block: bytes) -> bool:
    """Whether there is a GPS directory."""
    return any(tag == _GPS for tag, _, _ in _entries(block))


def _entries(block: bytes) -> Iterator[tuple[int, int, int]]:
    """Tag, type and first value of each entry of the first directory, as far as it can be read."""
    order = _ORDERS.get(block[:2])
    if order is None:
        return
    try:
        (at,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, at)
        for number in range(count):
            tag, kind = struct.unpack_from(order + "HH", block, at + 2 + 12 * number)
            form = order + ("H" if kind == _SHORT else "I")
            (value,) = struct.unpack_from(form, block, at + 10 + 12 * number)
            yield tag, kind, value
    except struct.error:  # cut short: what was there counts
        return
