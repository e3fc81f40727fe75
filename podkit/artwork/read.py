"""What a picture really is, by its bytes: only JPEG and PNG, and nothing decoded before its size is known."""

from __future__ import annotations

import contextlib
import io
import struct
import warnings
from collections.abc import Iterator

from PIL import Image, UnidentifiedImageError

from podkit.errors import FormatError
from podkit.model.media import Artwork

MAX_PIXELS = 25_000_000
"""Pixels that are still decoded: 5000 × 5000, well above the 3000 × 3000 that Apple wants at most."""
MAX_BYTES = 64 << 20
"""Bytes of a picture that are still looked at."""

_MIMES = {"JPEG": "image/jpeg", "PNG": "image/png"}
_MAGICS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "a GIF"),
    (b"BM", "a BMP"),
    (b"II*\0", "a TIFF"),
    (b"MM\0*", "a TIFF"),
    (b"%PDF", "a PDF"),
    (b"8BPS", "a Photoshop file"),
    (b"\0\0\1\0", "an icon"),
    (b"\xff\x0a", "a JPEG XL"),
)
_BRANDS = {b"avif": "an AVIF", b"heic": "a HEIC", b"heix": "a HEIC", b"mif1": "a HEIF"}
_NOTES = frozenset(
    ["exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment", "Raw profile type exif"]
)
_WANTED = "give a JPEG or a PNG, square, 1400 to 3000 pixels wide"


def inspect(content: bytes) -> Artwork:
    """What the picture is, from its header; its pixels are not decoded.

    Raises:
        FormatError: it is no JPEG or PNG, has no pixels, or more than `MAX_PIXELS`.
    """
    with opened(content) as image:
        dpi = image.info.get("dpi")
        return Artwork(
            mime=_MIMES[str(image.format)],
            width=image.width,
            height=image.height,
            bytes=len(content),
            mode=image.mode,
            alpha="A" in image.getbands() or "transparency" in image.info,
            dpi=float(dpi[0]) if dpi and dpi[0] else None,
            private=_is_private(image, content),
        )


@contextlib.contextmanager
def opened(content: bytes) -> Iterator[Image.Image]:
    """A picture whose header is read and found harmless; the only place that opens one.

    What Pillow merely warns of counts as an error.

    Raises:
        FormatError: as `inspect`; or, from within the block, the pixels cannot be decoded.
    """
    kind = _kind(content)
    if kind not in _MIMES:
        raise FormatError(f"the picture is {kind}, not a JPEG or a PNG", hint=_WANTED)
    if len(content) > MAX_BYTES:
        raise FormatError(f"the picture has {len(content)} bytes; podkit reads up to {MAX_BYTES}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(io.BytesIO(content), formats=[kind]) as image:
                _check_size(image.width, image.height)
                yield image
    except (Warning, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise FormatError(f"the picture is damaged or hostile: {error}", hint=_WANTED) from error
    except (OSError, ValueError, SyntaxError, TypeError, struct.error, EOFError) as error:
        raise FormatError(f"the picture is damaged: {error}", hint=_WANTED) from error


def _check_size(width: int, height: int) -> None:
    if width < 1 or height < 1 or width * height > MAX_PIXELS:
        raise FormatError(
            f"the picture has {width} × {height} pixels; podkit reads up to {MAX_PIXELS:,}",
            hint=_WANTED,
        )


def _kind(content: bytes) -> str:
    """JPEG, PNG, or in words what else it is."""
    if content[8:12] == b"WEBP":
        return "a WebP"
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "a video")
    for magic, name in _MAGICS:
        if content.startswith(magic):
            return name
    text = content[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if b"<svg" in text:
        return "an SVG"
    if text.startswith(b"<"):
        return "HTML or XML"
    return "something unknown" if content else "empty"


def _is_private(image: Image.Image, content: bytes) -> bool:
    """Whether it carries EXIF, GPS, XMP, IPTC or comments."""
    if _NOTES & set(image.info) or len(image.getexif()):
        return True
    if image.format == "PNG":
        # Text may also lie behind the pixels, which are not read here.
        return any(mark in content for mark in (b"tEXt", b"zTXt", b"iTXt", b"eXIf"))
    return False
