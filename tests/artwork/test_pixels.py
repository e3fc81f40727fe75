"""What comes out of every make of picture: upright, opaque sRGB of 8 bits, in the shape asked for."""

from __future__ import annotations

import io

import pytest
from artwork_pictures import (
    BLUE,
    GREEN,
    P3,
    RED,
    chunk,
    drawing,
    exif,
    grey16,
    png,
    saved,
    second_picture,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from podkit.artwork.alike import alike, print_of
from podkit.artwork.pixels import plain
from podkit.artwork.read import inspect
from podkit.artwork.resize import artwork, square, wide
from podkit.errors import FormatError


def near(one, other, most=12):
    return all(abs(a - b) <= most for a, b in zip(one, other, strict=True))


def test_grey_of_sixteen_bits_keeps_its_greys():
    """What rises from black to white still does; it once came out white."""
    made = plain(grey16(64))
    assert [made.getpixel((x, 9)) for x in (0, 63)] == [(0, 0, 0), (255, 255, 255)]
    assert near(made.getpixel((32, 9)), (129, 129, 129), 2)


def test_one_clear_grey_of_sixteen_bits_becomes_white_alone():
    """Transparency of a single 16-bit grey takes no near grey with it."""
    rows = b"\0" + b"\x40\x00" + b"\x40\x01"
    made = plain(png(2, 1, 16, 0, rows, chunk(b"tRNS", b"\x40\x00")))
    assert [made.getpixel((x, 0)) for x in (0, 1)] == [(255, 255, 255), (64, 64, 64)]


@pytest.mark.parametrize("options", [{}, {"transparency": 7}])
def test_indexed_colours_are_what_they_stand_for(options):
    """A picture with a palette, with a profile too, keeps red, green and blue."""
    indexed = drawing(64).quantize(6)
    made = plain(saved(indexed, "PNG", **options))
    assert near(made.getpixel((2, 2)), RED)
    assert near(made.getpixel((2, 60)), GREEN)
    assert near(made.getpixel((44, 20)), BLUE)
    coloured = plain(saved(indexed, "PNG", icc_profile=P3))
    assert coloured.getpixel((2, 2))[0] > made.getpixel((2, 2))[0]  # P3's red is redder


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_colours_of_display_p3_become_srgb(kind):
    """The expected colour is worked out by hand: gamma 2.2, P3's matrix to sRGB, sRGB's curve."""
    made = plain(saved(Image.new("RGB", (16, 16), (120, 160, 60)), kind, icc_profile=P3))
    assert near(made.getpixel((8, 8)), (109, 163, 31), 4)


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_turn_is_made_upright(turn):
    """All eight orientations of EXIF, as Pillow's own function makes them upright."""
    from PIL import ImageOps

    content = saved(drawing(64), "PNG", exif=exif(turn=turn))
    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    assert plain(content).tobytes() == expected.convert("RGB").tobytes()


@pytest.mark.parametrize("broken", [False, True])
def test_a_second_picture_is_taken_and_left_behind(broken):
    """A JPEG with another behind it, or with a false list of others, is a cover like any other."""
    made = square(second_picture(broken=broken), 100)
    assert near(Image.open(io.BytesIO(made)).getpixel((5, 5)), RED)
    assert not inspect(made).private


@pytest.mark.parametrize("damage", [b"", b"II*\0garbage", b"MM\0*\0\0\0\x08\xff\xff"])
def test_broken_exif_does_not_matter(damage):
    """EXIF that nobody can read is dropped with the rest."""
    made = square(saved(drawing(64), exif=b"Exif\0\0" + damage), 64)
    assert near(Image.open(io.BytesIO(made)).getpixel((5, 5)), RED)


def test_a_png_stays_one_where_it_is_small():
    """A flat drawing as PNG comes out as PNG without loss, a photograph as JPEG."""
    made = artwork(saved(drawing().convert("RGBA"), "PNG"), 3000, max_bytes=50_000)
    assert inspect(made).mime == "image/png"
    assert inspect(made).plain
    assert Image.open(io.BytesIO(made)).tobytes() == drawing().tobytes()
    noise = saved(Image.effect_noise((400, 400), 90).convert("RGB"), "PNG")
    assert inspect(artwork(noise, 3000, max_bytes=50_000)).mime == "image/jpeg"
    assert inspect(artwork(saved(drawing()), 300, max_bytes=50_000)).mime == "image/jpeg"


def test_the_best_quality_that_fits_is_found():
    """A limit takes no more than it must: one more step of quality would not fit."""
    noise = Image.effect_noise((300, 300), 60).convert("RGB")
    for limit in (33_000, 42_000):
        made = square(saved(noise, "PNG"), 300, max_bytes=limit)
        assert 0.93 * limit < len(made) <= limit
        assert inspect(made).width == 300


@settings(max_examples=25, deadline=None)
@given(st.integers(20, 500), st.integers(20, 500))
def test_a_wide_picture_is_wide(width, height):
    """Whatever the shape: 16:9 to the pixel, no larger than asked for, nothing enlarged."""
    made = inspect(wide(saved(Image.new("RGB", (width, height), RED)), 320))
    assert abs(made.width / made.height - 16 / 9) < 0.06
    assert made.height <= min(180, height)
    assert made.width <= 320
    if width < height * 1.25:
        assert made.height == min(180, height)


def test_a_square_cover_is_shown_whole_in_a_wide_picture():
    """On a ground of its own colours, dimmed; a wide one is cut to the shape."""
    made = Image.open(io.BytesIO(wide(saved(drawing()), 640)))
    assert made.size == (640, 360)
    assert near(made.getpixel((150, 10)), RED)
    assert near(made.getpixel((150, 350)), GREEN)
    assert sum(made.getpixel((20, 10))) < 0.8 * sum(RED)
    cut = Image.open(io.BytesIO(wide(saved(drawing().resize((800, 400))), 640)))
    assert near(cut.getpixel((3, 3)), RED)


def test_the_same_input_gives_the_same_bytes():
    """No time and no path gets into a picture."""
    content = saved(drawing(), exif=exif(place=True))
    for make in (lambda: square(content, 90), lambda: wide(content, 90)):
        assert make() == make()
    assert artwork(content, 90, max_bytes=9000) == artwork(content, 90, max_bytes=9000)


def test_pictures_are_alike_whatever_their_size():
    """A cover is like its own smaller, poorer, other-formatted self, and unlike another."""
    mark = print_of(saved(drawing(900), "PNG"))
    for other in (square(saved(drawing(900)), 300), saved(drawing(610), quality=40)):
        assert alike(mark, print_of(other))
    assert not alike(mark, print_of(saved(drawing(900, (RED, GREEN, RED)))))
    assert not alike(mark, print_of(saved(drawing(900).rotate(180))))
    assert not alike(mark, mark[:-3])


def test_a_mark_in_a_corner_makes_another_picture():
    """Covers of two episodes that differ in a number are two pictures."""
    other = drawing(900)
    other.paste((255, 255, 255), (20, 20, 160, 160))
    assert not alike(print_of(saved(drawing(900))), print_of(saved(other)))
    with pytest.raises(FormatError):
        print_of(b"")
