"""Pictures of every make for the tests, drawn here; what is wrong with each is known."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageCms, ImageDraw

RED, GREEN, BLUE = (200, 30, 40), (20, 160, 60), (30, 60, 190)


def drawing(side: int = 400, colours=(RED, GREEN, BLUE)) -> Image.Image:
    """Bands from top to bottom and a disc, so that a turn or a lost colour is seen."""
    image = Image.new("RGB", (side, side), colours[0])
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, side // 2, side, side), fill=colours[1])
    pen.ellipse((side // 2, side // 8, side * 7 // 8, side // 2), fill=colours[2])
    return image


def saved(image: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture's bytes."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(*, turn: int = 0, place: bool = False, note: str = "") -> bytes:
    """EXIF with a turn, a place, a description."""
    block = Image.Exif()
    if turn:
        block[0x0112] = turn
    if note:
        block[0x010E] = note
    if place:
        block.get_ifd(0x8825)[1] = "N"
        block.get_ifd(0x8825)[2] = (50.0, 27.0, 0.0)
        block.get_ifd(0x8825)[3] = "E"
        block.get_ifd(0x8825)[4] = (30.0, 31.0, 0.0)
    return block.tobytes()


def grey16(side: int = 64) -> bytes:
    """A PNG of 16-bit grey that rises from left to right."""
    row = b"".join(struct.pack(">H", 65535 * x // (side - 1)) for x in range(side))
    return png(side, side, 16, 0, (b"\0" + row) * side)


def png(width: int, height: int, bits: int, colour: int, rows: bytes, *more: bytes) -> bytes:
    """A PNG written by hand."""
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    parts = [
        chunk(b"IHDR", header),
        *more,
        chunk(b"IDAT", zlib.compress(rows)),
        chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    crc = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + crc


def profile(primaries: tuple[tuple[float, float, float], ...], gamma: float = 2.2) -> bytes:
    """A small ICC profile (version 2, matrix and gamma) of these primaries under D50."""
    white = (0.9642, 1.0, 0.8249)
    xyz = [
        b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(v * 65536) for v in p))
        for p in (white, *primaries)
    ]
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    said = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + b"\0" * 79
    names = (b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"desc")
    bodies = [*xyz, curve, curve, curve, said]
    at, table, data = 128 + 4 + 12 * len(names), b"", b""
    for name, body in zip(names, bodies, strict=True):
        table += struct.pack(">4sII", name, at + len(data), len(body))
        data += body + b"\0" * (-len(body) % 4)
    head = struct.pack(
        ">I4sI4s4s4s", at + len(data), b"none", 0x02100000, b"mntr", b"RGB ", b"XYZ "
    )
    head += (
        b"\0" * 12 + b"acsp" + b"\0" * 28 + struct.pack(">3i", *(round(v * 65536) for v in white))
    )
    return head.ljust(128, b"\0") + struct.pack(">I", len(names)) + table + data


P3 = profile(((0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841)))
ADOBE = profile(((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)))
LINEAR = profile(
    ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)), 1.0
)
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">canary</x:xmpmeta>'


def second_picture(*, broken: bool = False) -> bytes:
    """A JPEG with another behind it, as some cameras write; with `broken`, its list is nonsense."""
    pair = saved(drawing(), "MPO", save_all=True, append_images=[drawing()])
    at = pair.index(b"MPF\0")
    return pair[: at + 8] + b"\xff" * 8 + pair[at + 16 :] if broken else pair


def disguised() -> dict[str, bytes]:
    """What shall never be served: text that a browser may run, as or in a picture."""
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    html = b"<!doctype html><script>alert(1)</script>"
    jpeg = saved(drawing())
    return {
        "svg": svg,
        "svg-bom": b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- x -->" + svg,
        "html": html,
        "html-gif": b"GIF89a" + html,
        "jpeg-behind": jpeg + html,
        "jpeg-comment": saved(drawing(), comment=html),
        "png-text": png(8, 8, 8, 2, (b"\0" + b"\x80" * 24) * 8, chunk(b"tEXt", b"a\0" + html)),
        "magic-only": b"\xff\xd8\xff\xe0" + svg,
    }
