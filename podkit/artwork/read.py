"""Which pictures podkit takes: only JPEG and PNG, and nothing decoded before its size is known."""

from __future__ import annotations

import contextlib
import io
import struct
import warnings
from collections.abc import Iterator

from PIL import Image, JpegImagePlugin, UnidentifiedImageError

from podkit.artwork.anatomy import MIMES, Anatomy, dissect, kind_of
from podkit.errors import FormatError
from podkit.model.media import Artwork

MAX_PIXELS = 25_000_000
"""Pixels that are still decoded: 5000 × 5000, well above the 3000 × 3000 that Apple wants at most."""
MAX_BYTES = 64 << 20
"""Bytes of a picture that are still looked at."""

_TAKEN = ("JPEG", "PNG")
_WITH_AN = frozenset(["AVIF", "SVG", "icon"])
_WANTED = "give a JPEG or a PNG, square, 1400 to 3000 pixels wide"


def inspect(content: bytes) -> Artwork:
    """What the picture is, from its header and structure; its pixels are not decoded.

    Raises:
        FormatError: it is no JPEG or PNG, is broken, has no pixels, or more than `MAX_PIXELS`.
    """
    with opened(content) as image:
        dpi = image.info.get("dpi")
        return _artwork(dissect(content), content, float(dpi[0]) if dpi and dpi[0] else None)


def examine(content: bytes) -> Artwork:
    """As `inspect`, and of a WebP or a GIF too, which podkit does not take but can judge.

    Raises:
        FormatError: it is none of the four, or broken, or too large.
    """
    if kind_of(content) not in MIMES or kind_of(content) in _TAKEN:
        return inspect(content)
    _check_bytes(content)
    found = dissect(content)
    _check_size(found.width, found.height)
    return _artwork(found, content, None)


@contextlib.contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """A picture whose header is read and found harmless; the only place that opens one.

    What Pillow merely warns of counts as an error, but for notes that cannot be read.

    Raises:
        FormatError: as `inspect`; or, from within the block, the pixels cannot be decoded.
    """
    kind = kind_of(content)
    if kind not in _TAKEN:
        raise FormatError(f"the picture is {_spoken(kind, content)}", hint=_WANTED)
    _check_bytes(content)
    found = dissect(content)
    _check_size(found.width, found.height)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", message=".*EXIF")  # nothing is taken from it
            with _open(kind, content) as image:
                _check_size(image.width, image.height)
                yield image
    except (Warning, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise FormatError(f"the picture is damaged or hostile: {error}", hint=_WANTED) from error
    except (OSError, ValueError, SyntaxError, TypeError, struct.error, EOFError) as error:
        raise FormatError(f"the picture is damaged: {error}", hint=_WANTED) from error


def _open(kind: str, content: bytes) -> Image.Image:
    if kind == "JPEG":
        # Not Image.open: it takes a JPEG with a second picture behind it for another format.
        return JpegImagePlugin.JpegImageFile(io.BytesIO(content))
    return Image.open(io.BytesIO(content), formats=[kind])


def _artwork(found: Anatomy, content: bytes, dpi: float | None) -> Artwork:
    return Artwork(
        mime=MIMES[found.kind],
        width=found.width,
        height=found.height,
        bytes=len(content),
        mode=found.mode,
        alpha=found.alpha,
        dpi=dpi,
        private=bool(found.notes or found.behind),
        bits=found.bits,
        profile=found.profile,
        animated=found.animated,
        progressive=found.progressive,
        turned=found.turn != 1,
        place="GPS" in found.notes,
        behind=found.behind,
    )


def _check_bytes(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise FormatError(f"the picture has {len(content)} bytes; podkit reads up to {MAX_BYTES}")


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1 or width * height > MAX_PIXELS:
        raise FormatError(
            f"the picture has {width} × {height} pixels; podkit reads up to {MAX_PIXELS:,}",
            hint=_WANTED,
        )


def _spoken(kind: str, content: bytes) -> str:
    if not content:
        return "empty"
    if not kind:
        return "something unknown, not a JPEG or a PNG"
    article = "" if kind.startswith("HTML") else "an " if kind in _WITH_AN else "a "
    return f"{article}{kind}, not a JPEG or a PNG"
