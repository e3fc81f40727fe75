"""What a picture is made of, read from its bytes, against other readers where there are any."""

from __future__ import annotations

import contextlib
import json
import subprocess

import pytest
from artwork_pictures import (
    ADOBE,
    LINEAR,
    P3,
    SRGB,
    XMP,
    chunk,
    drawing,
    exif,
    grey16,
    png,
    saved,
    second_picture,
)
from hypothesis import given
from hypothesis import strategies as st

from podkit.artwork.anatomy import dissect, kind_of
from podkit.artwork.read import examine, inspect
from podkit.errors import FormatError

FRAMES = [drawing(64), drawing(64).rotate(90)]


def moving(kind: str) -> bytes:
    """Two frames."""
    return saved(FRAMES[0], kind, save_all=True, append_images=FRAMES[1:])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (saved(drawing()), {"private": False, "progressive": False, "bits": 8, "plain": True}),
        (saved(drawing(), progressive=True), {"progressive": True, "plain": True}),
        (saved(drawing(), exif=exif(turn=6)), {"turned": True, "place": False, "plain": False}),
        (saved(drawing(), exif=exif(place=True)), {"place": True, "private": True}),
        (saved(drawing(), "PNG", exif=exif(place=True, turn=3)), {"place": True, "turned": True}),
        (saved(drawing(), "WEBP", exif=exif(place=True, turn=3)), {"place": True, "turned": True}),
        (saved(drawing(), xmp=XMP), {"private": True, "place": False}),
        (saved(drawing(), comment=b"canary"), {"private": True}),
        (second_picture(), {"private": True, "mime": "image/jpeg"}),
        (second_picture(broken=True), {"private": True, "mime": "image/jpeg"}),
        (saved(drawing()) + b"PK\3\4", {"private": True, "behind": 4}),
        (saved(drawing(), "PNG") + b"12345", {"private": True, "behind": 5}),
        (grey16(), {"mode": "L", "bits": 16, "plain": False}),
        (png(1, 1, 16, 6, bytes(9)), {"mode": "RGBA", "bits": 16, "alpha": True}),
        (saved(drawing().quantize(8), "PNG"), {"mode": "P", "alpha": False, "plain": False}),
        (png(1, 1, 8, 2, bytes(4), chunk(b"tRNS", bytes(6))), {"alpha": True}),
        (png(1, 1, 8, 2, bytes(4), chunk(b"caBX", b"x")), {"private": True}),
        (moving("PNG"), {"animated": True, "mime": "image/png"}),
        (moving("WEBP"), {"animated": True, "mime": "image/webp"}),
        (moving("GIF"), {"animated": True, "mime": "image/gif", "mode": "P"}),
        (saved(drawing(64), "GIF"), {"animated": False, "width": 64, "height": 64}),
        (saved(drawing(64), "WEBP", lossless=True), {"width": 64, "height": 64, "plain": True}),
        (saved(drawing(64), "WEBP"), {"width": 64, "height": 64, "plain": True}),
    ],
)
def test_a_picture_is_known_by_its_bytes(content, told):
    """Movement, depth, turn, place, notes and what lies behind the end are seen in the structure."""
    seen = examine(content)
    assert {key: getattr(seen, key) for key in told} == told


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("icc", "name"),
    [
        (SRGB, "sRGB"),
        (P3, "Display P3"),
        (ADOBE, "Adobe RGB"),
        (LINEAR, "another"),
        (b"no profile", "another"),
        (P3[:150], "another"),
    ],
)
def test_a_profile_is_known_by_its_numbers(kind, icc, name):
    """The colours that a profile stands for, whatever it calls itself; a broken one is another."""
    assert examine(saved(drawing(32), kind, icc_profile=icc)).profile == name


def test_a_cmyk_profile_and_none():
    """No profile says nothing, and the colours of print are told by mode."""
    assert inspect(saved(drawing(32))).profile == ""
    assert inspect(saved(drawing(32).convert("CMYK"))).mode == "CMYK"
    assert inspect(png(1, 1, 8, 2, bytes(4), chunk(b"sRGB", b"\0"))).profile == "sRGB"


def test_a_profile_that_swells_is_not_unpacked():
    """A PNG's profile of many megabytes is another, and costs none of them."""
    import tracemalloc
    import zlib

    bomb = chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(64 << 20), 9))
    tracemalloc.start()
    assert dissect(png(1, 1, 8, 2, bytes(4), bomb)).profile == "another"
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()


@pytest.mark.need("exiftool")
def test_exiftool_sees_the_same(tmp_path):
    """Turn, place, depth, size and passes, as exiftool reads them from the same files."""
    pictures = {
        "a.jpg": saved(drawing(), exif=exif(turn=6, place=True)),
        "b.jpg": saved(drawing(), progressive=True),
        "c.png": grey16(),
        "d.webp": saved(drawing(), "WEBP", exif=exif(turn=8)),
        "e.gif": moving("GIF"),
        "f.png": saved(drawing(), "PNG", exif=exif(place=True)),
    }
    for name, content in pictures.items():
        (tmp_path / name).write_bytes(content)
    command = ["exiftool", "-j", "-n", *(tmp_path / name for name in pictures)]
    said = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    for name, theirs in zip(pictures, said, strict=True):
        ours = examine(pictures[name])
        assert (ours.width, ours.height) == (theirs["ImageWidth"], theirs["ImageHeight"])
        assert ours.turned == (theirs.get("Orientation", 1) != 1)
        assert ours.place == any(key.startswith("GPS") for key in theirs)
        assert ours.mime == theirs["MIMEType"]
        if name.endswith(".jpg"):
            assert ours.progressive == (theirs["EncodingProcess"] == 2)
        if name == "e.gif":
            assert ours.animated == (theirs["FrameCount"] > 1)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xef\xbb\xbf <?xml version='1.0'?>\n<!-- a --><svg/>", "SVG"),
        (b"<rss version='2.0'><channel><description>&lt;svg", "HTML or XML"),
        (b"<rss><a><svg/></a></rss>", "HTML or XML"),
        (b"\0\0\0\x1cftypisom", "video"),
        (b"RIFF\0\0\0\0WAVEfmt ", ""),
        (b"", ""),
    ],
)
def test_what_is_no_raster_is_told_by_name(content, kind):
    """A feed that holds an SVG is a feed, a file that is one is an SVG."""
    assert kind_of(content) == kind


SEEDS = [
    saved(drawing(32), exif=exif(turn=6, place=True), icc_profile=P3, progressive=True),
    saved(drawing(32), "PNG", exif=exif(turn=6), icc_profile=P3),
    saved(drawing(32), "WEBP", exif=exif(turn=6), icc_profile=P3),
    moving("GIF"),
]


@given(st.sampled_from(SEEDS), st.integers(0, 2000), st.binary(max_size=9), st.integers(0, 4000))
def test_damage_is_refused_or_read(seed, at, piece, cut):
    """A picture that is damaged anywhere ends in our error or in facts, never in another error."""
    content = (seed[:at] + piece + seed[at + len(piece) :])[: max(len(seed) - cut, 0)]
    seen = None
    with contextlib.suppress(FormatError):
        seen = examine(content)
    assert seen is None or seen.width > 0
