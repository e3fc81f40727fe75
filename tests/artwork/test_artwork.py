"""Covers: what they are by their bytes, and what comes out of them."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms

from podkit.artwork import draw
from podkit.artwork.read import MAX_PIXELS, inspect
from podkit.artwork.resize import fit, square
from podkit.errors import FormatError


def picture(mode="RGB", size=(64, 48), kind="JPEG", colour=None, **options: object):
    """A small picture's bytes."""
    out = io.BytesIO()
    Image.new(mode, size, colour or 0).save(out, kind, **options)
    return out.getvalue()


def png_of(width, height):
    """A PNG of one colour whose pixels are never held here: a decompression bomb."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    squeeze = zlib.compressobj(9)
    row = b"\0" * (1 + 3 * width)
    body = b"".join(squeeze.compress(row) for _ in range(height)) + squeeze.flush()

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    parts = chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def gps():
    """EXIF with a place in it."""
    exif = Image.Exif()
    exif[0x010E] = "canary"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (50.0, 27.0, 0.0)
    return exif.tobytes()


@pytest.mark.parametrize(
    ("content", "mime", "mode", "alpha"),
    [
        (picture(), "image/jpeg", "RGB", False),
        (picture("CMYK"), "image/jpeg", "CMYK", False),
        (picture("L"), "image/jpeg", "L", False),
        (picture("RGBA", kind="PNG"), "image/png", "RGBA", True),
        (picture("P", kind="PNG", transparency=0), "image/png", "P", True),
    ],
)
def test_a_picture_is_what_its_bytes_are(content, mime, mode, alpha):
    """Format, colour mode and transparency come from the bytes, not from a name."""
    found = inspect(content)
    assert (found.mime, found.mode, found.alpha) == (mime, mode, alpha)
    assert (found.width, found.height, found.bytes) == (64, 48, len(content))
    assert not found.private


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"<!doctype html><script>alert(1)</script>", "HTML"),
        (picture(kind="GIF"), "GIF"),
        (picture(kind="WEBP"), "WebP"),
        (picture(kind="BMP"), "BMP"),
        (b"\0\0\0\x1cftypavif" + b"\0" * 32, "AVIF"),
        (b"", "empty"),
        (b"hello", "unknown"),
    ],
)
def test_anything_but_jpeg_and_png_is_refused_by_its_name(content, name):
    """An SVG or a GIF named .jpg is refused, and the message says what it is (M16)."""
    with pytest.raises(FormatError, match=name):
        inspect(content)


@pytest.mark.parametrize("side", [5001, 12_000])
def test_a_bomb_is_refused_before_it_is_decoded(side):
    """A PNG of more than 25 million pixels costs neither memory nor time (M14)."""
    import tracemalloc

    bomb = png_of(side, side)
    tracemalloc.start()
    for work in (inspect, lambda c: square(c, 300), lambda c: fit(c, 300)):
        with pytest.raises(FormatError, match="pixels"):
            work(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert side * side > MAX_PIXELS
    assert peak < 20_000_000


@pytest.mark.parametrize("cut", [3, 20, 200, 600])
def test_a_damaged_picture_is_one_error(cut):
    """A picture that ends early is a FormatError, whatever Pillow raises."""
    content = picture(size=(400, 400), colour=(200, 10, 30))[:cut]
    with pytest.raises(FormatError):
        square(content, 300)


def test_notes_are_seen_and_never_travel_along():
    """A JPEG with GPS says so, and what is made of it has no EXIF (M16)."""
    content = picture(exif=gps(), comment=b"canary", size=(300, 300))
    assert inspect(content).private
    for made in (square(content, 200), fit(content, 200)):
        assert not inspect(made).private
        assert b"Exif" not in made
        assert b"canary" not in made
        assert not dict(Image.open(io.BytesIO(made)).getexif())


def test_text_behind_the_pixels_of_a_png_is_seen():
    """PNG notes count as private, wherever they lie."""
    from PIL import PngImagePlugin

    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "canary")
    assert inspect(picture(kind="PNG", pnginfo=notes)).private


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "CMYK", "1", "I;16"])
def test_every_colour_mode_becomes_opaque_rgb(mode):
    """Whatever comes in, a square sRGB JPEG without alpha goes out."""
    kind = "JPEG" if mode == "CMYK" else "PNG"
    made = inspect(square(picture(mode, (90, 60), kind), 3000))
    assert (made.mime, made.mode, made.alpha) == ("image/jpeg", "RGB", False)
    assert (made.width, made.height) == (60, 60)


def test_transparent_parts_become_white():
    """Alpha is laid on white, not on black."""
    made = Image.open(io.BytesIO(square(picture("RGBA", (40, 40), "PNG", (0, 0, 0, 0)), 40)))
    assert made.getpixel((20, 20)) == (255, 255, 255)


def test_a_picture_is_shown_upright():
    """The turn that EXIF asks for is made before EXIF goes."""
    exif = Image.Exif()
    exif[0x0112] = 6
    made = inspect(fit(picture(size=(80, 40), exif=exif.tobytes()), 1000))
    assert (made.width, made.height) == (40, 80)


def test_colours_keep_their_meaning():
    """A colour profile is applied before it is dropped; a broken one does not matter."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for icc in (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), profile, b"x"):
        made = square(picture(colour=(10, 200, 30), icc_profile=icc, quality=95), 48)
        red, green, blue = Image.open(io.BytesIO(made)).getpixel((24, 24))
        assert abs(red - 10) < 8
        assert abs(green - 200) < 8
        assert abs(blue - 30) < 8


def test_a_cover_fits_into_its_bytes():
    """`max_bytes` holds, by quality first and by size when that is not enough."""
    noise = Image.effect_noise((1500, 1500), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    for limit in (400_000, 60_000):
        assert len(square(out.getvalue(), 1400, max_bytes=limit)) <= limit
    with pytest.raises(FormatError, match="fit"):
        square(out.getvalue(), 1400, max_bytes=10)


def test_nothing_is_enlarged():
    """A small picture stays small; a large one gets the width asked for."""
    assert inspect(fit(picture(size=(100, 50)), 300)).width == 100
    assert inspect(fit(picture(size=(600, 300)), 300)).height == 150
    assert inspect(square(picture(size=(600, 300)), 200)).width == 200


@pytest.mark.parametrize(
    "title", ["Ukraine Insights", "Як це працює: її п'ять причин", "日本語", "", "x" * 300]
)
def test_a_plain_cover_is_a_cover(title):
    """Any title gives a square RGB JPEG of the size asked for, the same bytes each time."""
    made = draw.plain_cover(title, 700)
    found = inspect(made)
    assert (found.mime, found.width, found.height, found.mode) == ("image/jpeg", 700, 700, "RGB")
    assert not found.private
    assert draw.plain_cover(title, 700) == made


def test_a_plain_cover_needs_no_font_of_the_system(monkeypatch):
    """Without any font the title is still drawn, Ukrainian in Latin letters."""
    monkeypatch.setattr(draw, "_FOLDERS", ())
    assert draw._latin("Київ і щастя") == "Kyiv i shchastia"
    assert draw._latin("日本語") == "Podcast"
    drawn = Image.open(io.BytesIO(draw.plain_cover("Київ", 300))).convert("L")
    letters = drawn.crop((0, 0, 300, 190))
    assert letters.getextrema()[1] > 240
