"""Pictures in the sizes that feeds, tags and pages want: sRGB JPEG, without notes or transparency."""

from __future__ import annotations

import io

from PIL import Image, ImageCms, ImageOps

from podkit.artwork.read import opened
from podkit.errors import FormatError

_BEST, _WORST, _STEP = 90, 40, 5
_PAPER = (255, 255, 255)


def square(content: bytes, side: int, *, max_bytes: int | None = None) -> bytes:
    """A square JPEG of at most `side` pixels, cut from the middle; a smaller one is not enlarged.

    Args:
        content: a JPEG or a PNG.
        side: pixels.
        max_bytes: lower the quality, then the size, until it fits.

    Raises:
        FormatError: no such picture, or it does not fit however poor.
    """
    image = _plain(content)
    length = min(*image.size, side)
    cut = ImageOps.fit(image, (length, length), method=Image.Resampling.LANCZOS)
    return _jpeg(cut, max_bytes)


def fit(content: bytes, width: int, *, max_bytes: int | None = None) -> bytes:
    """A JPEG of at most `width` pixels and the same shape; a smaller one is not enlarged.

    Raises:
        FormatError: as `square`.
    """
    image = _plain(content)
    if image.width > width:
        height = max(round(image.height * width / image.width), 1)
        image = image.resize((width, height), Image.Resampling.LANCZOS)
    return _jpeg(image, max_bytes)


def to_jpeg(image: Image.Image) -> bytes:
    """A drawn picture as a JPEG of the best quality used here."""
    return _jpeg(image, None)


def _plain(content: bytes) -> Image.Image:
    """Upright, opaque, sRGB pixels with nothing else attached."""
    with opened(content) as image:
        image.load()
        upright = ImageOps.exif_transpose(image)
        profile = image.info.get("icc_profile")
        if upright.mode in {"RGBA", "LA", "PA", "La", "RGBa"} or "transparency" in upright.info:
            layered = upright.convert("RGBA")
            upright = Image.new("RGB", layered.size, _PAPER)
            upright.paste(layered, mask=layered.getchannel("A"))
        if profile and upright.mode in {"RGB", "L", "CMYK"}:
            upright = _to_srgb(upright, profile)
        return upright.convert("RGB")


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as they were meant; with a broken profile, as they are."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        changed = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed or image


def _jpeg(image: Image.Image, max_bytes: int | None) -> bytes:
    # Nothing of the source may travel along: Pillow writes what it finds in `info`.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    while True:
        for quality in range(_BEST, _WORST - 1, -_STEP):
            out = io.BytesIO()
            bare.save(out, "JPEG", quality=quality, optimize=True)
            if max_bytes is None or out.tell() <= max_bytes:
                return out.getvalue()
        if min(bare.size) < 32:
            raise FormatError(f"the picture does not fit into {max_bytes} bytes")
        bare = bare.resize((bare.width * 3 // 4, bare.height * 3 // 4), Image.Resampling.LANCZOS)
