"""Whether two pictures show the same, whatever their size, format and quality."""

from __future__ import annotations

from PIL import Image

from podkit.artwork.pixels import plain
from podkit.artwork.resize import square

SIDE = 16
"""Fields by which a print is wide and high, each the mean colour of a part of the picture."""
_MEAN, _MOST = 5.0, 48
"""Levels of 256 by which prints of one picture differ: on average, and in one field."""


def print_of(content: bytes, side: int = SIDE) -> bytes:
    """The mean colours of the square that podkit cuts from the picture, side × side × RGB.

    Args:
        content: a JPEG or a PNG.
        side: fields in a row.

    Raises:
        FormatError: no such picture, or it cannot be decoded.
    """
    image = plain(square(content, side * 16))
    return image.resize((side, side), Image.Resampling.BOX).tobytes()


def alike(one: bytes, other: bytes) -> bool:
    """Whether two prints are those of one picture.

    Pictures that differ in a few fields only (a corner with another number) count as different.
    """
    if len(one) != len(other):
        return False
    apart = [abs(a - b) for a, b in zip(one, other, strict=True)]
    return sum(apart) <= _MEAN * len(apart) and max(apart, default=0) <= _MOST
