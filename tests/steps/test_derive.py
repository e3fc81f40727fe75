"""Derived pictures: made in a child, kept in the cache, and safe whatever comes in."""

from __future__ import annotations

import base64
import io
import json
import struct
import sys
import tempfile
import zlib

import pytest
from PIL import Image, ImageCms

from podkit import child
from podkit.artwork.alike import SIDE, alike, print_of
from podkit.artwork.read import inspect
from podkit.errors import FormatError
from podkit.media.worker import Worker
from podkit.model.media import Picture
from podkit.steps import derive
from podkit.steps.derive import LIST, POSTER, SMALL, Form, decoded, derived, feed_artwork
from podkit.steps.illustrate import Artworks
from podkit.workspace.layout import Layout

P3 = {"icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()}
TINY = Form(name="tiny", shape="square", side=40, max_bytes=20_000)


def cover(side: int = 1400, kind: str = "JPEG", mode: str = "RGB", **options: object) -> bytes:
    """A square picture in two colours."""
    image = Image.new("RGB", (side, side), (200, 40, 30))
    image.paste((20, 60, 190), (0, side // 2, side, side))
    out = io.BytesIO()
    image.convert(mode).save(out, kind, **options)
    return out.getvalue()


def notes() -> bytes:
    """EXIF with a place."""
    block = Image.Exif()
    block.get_ifd(0x8825)[1] = "N"
    block.get_ifd(0x8825)[2] = (50.0, 27.0, 0.0)
    return block.tobytes()


def bomb(width: int, height: int, rows: int = 0) -> bytes:
    """A PNG of a few kilobytes with that many pixels; `rows` are there, none or too few say all."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + crc

    squeeze = zlib.compressobj(9)
    body = b"".join(squeeze.compress(bytes(1 + 4 * width)) for _ in range(rows or height))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", body + squeeze.flush()) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


@pytest.fixture
def layout(tmp_path):
    """A show's folder."""
    return Layout(tmp_path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_fit_original_stays_byte_for_byte(layout, kind):
    """What every platform takes keeps its bytes, and so its URL; nothing is made for the feed."""
    content = cover(kind=kind)
    assert feed_artwork(layout, content) == ({"JPEG": "jpg", "PNG": "png"}[kind], content)
    assert not layout.cache.exists()
    progressive = cover(progressive=True)
    assert feed_artwork(layout, progressive) == ("jpg", progressive)


@pytest.mark.parametrize(
    "content",
    [
        cover(**P3),
        cover(exif=notes()),
        cover(xmp=b"<x:xmpmeta>canary</x:xmpmeta>"),
        cover() + cover(20),
        cover(kind="PNG", save_all=True, append_images=[Image.new("RGB", (1400, 1400))]),
        cover(kind="PNG", mode="P"),
        cover(kind="PNG", mode="RGBA"),
        cover(mode="CMYK"),
        cover(3200),
    ],
    ids=["profile", "exif", "xmp", "behind", "animated", "indexed", "alpha", "cmyk", "large"],
)
def test_others_are_made_anew_once(layout, content):
    """What some app would show otherwise is made plain; a second build makes the same of it."""
    extension, made = feed_artwork(layout, content)
    seen = inspect(made)
    assert made != content
    assert seen.plain
    assert 1400 <= seen.width == seen.height <= 3000
    assert seen.bytes <= 512_000
    assert extension == seen.mime[-3:].replace("peg", "jpg")
    assert feed_artwork(layout, content) == (extension, made)


def test_the_cache_is_asked_first_and_not_trusted(layout):
    """A derived picture is made once; one that was cut short on the disk is made again."""
    content = cover(200)
    made = derived(layout, content, TINY)
    (kept,) = (layout.cache / "artwork").iterdir()
    kept.write_bytes(cover(30))
    assert derived(layout, content, TINY) == cover(30)
    kept.write_bytes(made[:-9])
    assert derived(layout, content, TINY) == made


def test_every_size_has_its_own_name(layout):
    """Feed, page, list and, for a film, poster: each once, none enlarged, named by its bytes."""
    artworks = Artworks()
    artworks.put(layout, "film", cover(400), film=True)
    own = artworks.of["film"]
    assert [(one.width, one.height) for one in (own.feed, own.small, own.list, own.poster)] == [
        (400, 400),
        (400, 400),
        (300, 300),
        (711, 400),
    ]
    assert own.names() == set(artworks.files)
    assert [one.width for one in artworks.shown("film")] == [300, 400]
    assert artworks.shown("other") == ()
    artworks.put(layout, "", cover(200))
    assert [one.width for one in artworks.shown("other")] == [200]
    assert artworks.poster("other") is None


@pytest.mark.parametrize(("width", "height"), [(12_000, 12_000), (16_000, 16_000)])
def test_bombs_are_refused_by_their_header(width, height):
    """144 and 256 million pixels start no child at all (M14)."""
    with pytest.raises(FormatError, match="podkit reads up to 25,000,000"):
        decoded(bomb(width, height, 40), SMALL)


PEAK = """
import json, sys
from pathlib import Path
from podkit.steps.picture_worker import answer
question = {"shape": "artwork", "side": 3000, "max_bytes": 512000}
said = answer(question, Path(sys.argv[1]).open("rb"))
lines = Path("/proc/self/status").read_text().splitlines()
print(json.dumps([sorted(said), int(next(s for s in lines if s.startswith("VmHWM:")).split()[1])]))
"""


@pytest.mark.parametrize(("width", "height"), [(5000, 5000), (25_000_000 // 40, 40)])
def test_the_largest_picture_takes_little_memory(tmp_path, width, height):
    """25 million pixels with transparency, square or as a long strip, take at most 300 MB (M14).

    What getrusage(2) calls the most is that of the process that forked this one, where it had more.
    """
    path = tmp_path / "large.png"
    path.write_bytes(bomb(width, height))
    lines: list[str] = []
    argv = (sys.executable, "-c", PEAK, str(path))
    outcome = child.run(argv, on_line=lambda line: bool(lines.append(line)))
    assert outcome.returncode == 0, outcome.stderr
    keys, peak = json.loads(lines[-1])
    assert keys == ["picture"]
    assert peak <= 300 * 1024


def test_a_child_without_memory_is_one_pictures_error(monkeypatch):
    """Where the limit is too narrow the picture is refused in words; podkit goes on."""
    monkeypatch.setattr(derive, "_LIMITS", child.Limits(deadline=60.0, memory=150 << 20))
    with pytest.raises(FormatError, match=r"memory|decoded|damaged"):
        decoded(bomb(5000, 5000), SMALL)
    monkeypatch.undo()
    assert inspect(decoded(cover(60), TINY)).width == 40


def test_the_worker_stays_inside():
    """The child starts inside its fence: nothing that it needs lies in an odd place."""
    with Worker(derive.MODULE, limits=derive._LIMITS, packages=derive._PACKAGES) as worker:
        with tempfile.TemporaryFile() as stream:
            stream.write(cover(64))
            stream.seek(0)
            question = {"shape": "print", "side": SIDE, "max_bytes": 0}
            answer = worker.ask(question, file=stream)
        assert alike(base64.b64decode(answer["picture"]), print_of(cover(64)))
        assert worker._limits.fence is not None


def test_no_place_is_carried_along():
    """A file's pictures keep their bytes unless they tell more than they show."""
    plain, placed = cover(100), cover(100, exif=notes())
    pictures = tuple(
        Picture(mime="image/jpeg", content=content, description="front")
        for content in (plain, placed, b"no picture")
    )
    kept = derive.without_place(pictures)
    assert kept[0] == pictures[0]
    assert not inspect(kept[1].content).private
    assert kept[1].description == "front"
    assert len(kept) == 2


def test_a_chapters_picture_keeps_its_shape(layout):
    """It fits into the square of a thumbnail."""
    out = io.BytesIO()
    Image.new("RGB", (800, 1600)).save(out, "JPEG", exif=notes())
    seen = inspect(derive.chapter_picture(layout, out.getvalue()))
    assert (seen.width, seen.height, seen.private) == (300, 600, False)


def test_an_embedded_cover_is_the_same_picture():
    """The small copy in a file's tags shows what the large original shows; another does not."""
    small = decoded(cover(900, "PNG"), LIST)
    assert derive.same_picture(small, cover(900, "PNG"))
    assert derive.same_picture(small, small)
    assert not derive.same_picture(small, cover(900, mode="L"))


def test_sizes_are_bounded():
    """Every form has its bytes as well as its pixels."""
    noise = io.BytesIO()
    Image.effect_noise((1500, 900), 90).convert("RGB").save(noise, "PNG")
    for form in (SMALL, LIST, POSTER):
        made = decoded(noise.getvalue(), form)
        assert len(made) <= form.max_bytes
        assert inspect(made).width <= form.side
