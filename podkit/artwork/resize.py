"""Pictures in the sizes that feeds, tags and pages want: sRGB, without notes or transparency."""

from __future__ import annotations

import io

from PIL import Image, ImageEnhance, ImageOps

from podkit.artwork.anatomy import dissect
from podkit.artwork.pixels import plain
from podkit.errors import FormatError

_BEST, _WORST = 90, 40
_SMALLEST = 32
_WIDE, _HIGH = 16, 9
_TALLEST = 1.25
"""Width by height from which on a picture is cut to 16:9; one that is taller is laid on a ground."""
_GROUND = (16, 9)  # pixels in which the ground's colours are gathered
_DIMMED = 0.55


def square(content: bytes, side: int, *, max_bytes: int | None = None) -> bytes:
    """A square JPEG of at most `side` pixels, cut from the middle; a smaller one is not enlarged.

    Args:
        content: a JPEG or a PNG.
        side: pixels.
        max_bytes: lower the quality, then the size, until it fits.

    Raises:
        FormatError: no such picture, or it does not fit however poor.
    """
    return _jpeg(_square(content, side), max_bytes)


def artwork(content: bytes, side: int, *, max_bytes: int) -> bytes:
    """As `square`, but what was a PNG stays one when it then fits into `max_bytes`.

    Raises:
        FormatError: as `square`.
    """
    image = _square(content, side)
    # one that is far too large is a photograph, which no packing makes small
    if dissect(content).kind == "PNG" and len(content) <= 2 * max_bytes:
        out = io.BytesIO()
        image.save(out, "PNG")
        if out.tell() <= max_bytes:
            return out.getvalue()
    return _jpeg(image, max_bytes)


def fit(content: bytes, width: int, *, max_bytes: int | None = None) -> bytes:
    """A JPEG of at most `width` pixels and the same shape; a smaller one is not enlarged.

    Raises:
        FormatError: as `square`.
    """
    image = plain(content)
    if image.width > width:
        height = max(round(image.height * width / image.width), 1)
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    return _jpeg(image, max_bytes)


def wide(content: bytes, width: int, *, max_bytes: int | None = None) -> bytes:
    """A JPEG of 16:9 and at most `width` pixels, for a film's player; nothing is enlarged.

    A picture that is wide is cut to the shape. A square or a tall one is shown whole, on a ground
    of its own colours, blurred and dimmed.

    Raises:
        FormatError: as `square`.
    """
    image = plain(content, least=width * _HIGH // _WIDE)
    high = min(width * _HIGH // _WIDE, image.height)
    if image.width >= image.height * _TALLEST:
        high = min(high, image.width * _HIGH // _WIDE)
        return _jpeg(_cut(image, (max(high * _WIDE // _HIGH, 1), max(high, 1))), max_bytes)
    size = (max(high * _WIDE // _HIGH, 1), high)
    whole = image.resize(
        (max(round(image.width * high / image.height), 1), high), Image.Resampling.LANCZOS
    )
    few = _cut(whole, _GROUND, Image.Resampling.BOX)
    ground = ImageEnhance.Brightness(few.resize(size, Image.Resampling.BICUBIC)).enhance(_DIMMED)
    ground.paste(whole, ((size[0] - whole.width) // 2, 0))
    return _jpeg(ground, max_bytes)


def to_jpeg(image: Image.Image) -> bytes:
    """A drawn picture as a JPEG of the best quality used here."""
    return _jpeg(image, None)


def _square(content: bytes, side: int) -> Image.Image:
    image = plain(content, least=side)
    length = min(*image.size, side)
    return _cut(image, (length, length))


def _cut(
    image: Image.Image,
    size: tuple[int, int],
    method: Image.Resampling = Image.Resampling.LANCZOS,
) -> Image.Image:
    """The middle of the picture in that shape and size."""
    return image if image.size == size else ImageOps.fit(image, size, method=method)


def _jpeg(image: Image.Image, max_bytes: int | None) -> bytes:
    """Baseline JPEG at the best quality that fits, then smaller until it does."""
    while True:
        made = _encoded(image, _BEST)
        if max_bytes is None or len(made) <= max_bytes:
            return made
        found, low, high = b"", _WORST, _BEST - 1
        while low <= high:  # a better quality gives more bytes, so halving finds the best
            quality = (low + high) // 2
            made = _encoded(image, quality)
            if len(made) <= max_bytes:
                found, low = made, quality + 1
            else:
                high = quality - 1
        if found:
            return found
        if min(image.size) < _SMALLEST:
            raise FormatError(f"the picture does not fit into {max_bytes} bytes")
        image = image.resize(
            (image.width * 3 // 4, image.height * 3 // 4), Image.Resampling.LANCZOS
        )


def _encoded(image: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()
