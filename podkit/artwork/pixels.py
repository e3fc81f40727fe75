"""Every kind of pixels as plain ones: upright, opaque, 8 bits, sRGB, with nothing else attached."""

from __future__ import annotations

import io

from PIL import Image, ImageChops, ImageCms

from podkit.artwork.anatomy import dissect
from podkit.artwork.read import opened

_PAPER = (255, 255, 255)
_STRIP = 1 << 20  # pixels
_LAYERED = frozenset(["RGBA", "LA", "PA", "La", "RGBa"])
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes each orientation of EXIF upright."""


def plain(content: bytes, *, least: int = 0) -> Image.Image:
    """The picture as it is meant to look, as RGB.

    Args:
        content: a JPEG or a PNG.
        least: pixels that the shorter side needs; a JPEG with many more is decoded smaller, which
            saves memory and time. 0 keeps all.

    Raises:
        FormatError: it is none, is too large, or cannot be decoded.
    """
    flat, profile = _decoded(content, least)
    if profile:
        flat = _to_srgb(flat, profile)
    if flat.mode != "RGB":
        flat = flat.convert("RGB")
    turn = _UPRIGHT.get(dissect(content).turn)
    bare = flat if turn is None else flat.transpose(turn)
    bare.info = {}  # nothing of the source may travel along
    return bare


def _decoded(content: bytes, least: int) -> tuple[Image.Image, bytes]:
    """Opaque pixels of 8 bits in their own colours, and the profile that tells those.

    A function of its own, so that what it worked on is gone before the next step takes memory.
    """
    with opened(content) as image:
        if least and image.format == "JPEG":
            # one of the decoder's own fractions (1/2, 1/4, 1/8); the mode stays
            scale = least / min(image.size)
            image.draft(image.mode, (round(image.width * scale), round(image.height * scale)))
        image.load()
        return _flat(_eight_bits(image)), image.info.get("icc_profile") or b""


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits as grey of 8: Pillow's own conversion makes everything above 255 white."""
    if not image.mode.startswith("I"):
        return image
    if image.mode == "I":
        image = image.convert("I;16")
    low, high = (0, 1) if image.mode != "I;16B" else (1, 0)
    raw = image.tobytes()
    grey = Image.frombytes("L", image.size, raw[high::2])
    hidden = image.info.get("transparency")
    if isinstance(hidden, int):  # one of the 65536 greys stands for nothing
        fine = Image.frombytes("L", image.size, raw[low::2])
        same = ImageChops.darker(_equal(grey, hidden >> 8), _equal(fine, hidden & 255))
        grey = Image.merge("LA", (grey, ImageChops.invert(same)))
    return grey


def _equal(image: Image.Image, value: int) -> Image.Image:
    return image.point([255 if level == value else 0 for level in range(256)])


def _flat(image: Image.Image) -> Image.Image:
    """Without transparency, laid on white; indexed colours as what they stand for."""
    if image.mode not in _LAYERED and "transparency" not in image.info:
        return image if image.mode in {"RGB", "L", "CMYK"} else image.convert("RGB")
    flat = Image.new("RGB", image.size, _PAPER)
    rows = max(_STRIP // image.width, 1)
    for top in range(0, image.height, rows):  # a whole layered copy would take 100 MB more
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        layered = strip.convert("RGBA")
        flat.paste(layered, (0, top), mask=layered.getchannel("A"))
    return flat


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Colours as they were meant; with a broken profile, as they are."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space == "GRAY" and image.mode != "L":
            image = image.convert("L")  # a grey picture that was laid on white
        target = ImageCms.createProfile("sRGB")
        changed = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed or image
