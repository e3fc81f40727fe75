"""How a picture is built, read from its bytes alone: nothing is decoded, no library is asked.

Sources: ITU-T T.81 annex B (JPEG), CIPA DC-007 (a second picture behind a JPEG), the W3C's PNG
(third edition), GIF89a, and the WebP container (RFC 9649).
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from podkit.artwork import exif, profiles
from podkit.errors import FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator

MIMES = {"JPEG": "image/jpeg", "PNG": "image/png", "WebP": "image/webp", "GIF": "image/gif"}
"""The kinds that are taken apart here."""

_MAGICS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"8BPS", "Photoshop file"),
    (b"\0\0\1\0", "icon"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL ", "JPEG XL"),
)
_BRANDS = {b"avif": "AVIF", b"avis": "AVIF", b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIF"}
_PICTURES = frozenset({name for _, name in _MAGICS} | set(_BRANDS.values()) | {"WebP", "SVG"})
_SVG = re.compile(
    rb"(?:<\?xml.*?\?>|<!--.*?-->|<!doctype[^>]*>|\s)*<svg\b", re.DOTALL | re.IGNORECASE
)
_HEAD = 4096  # bytes in which an SVG has to begin

# PNG's chunks that say how the pixels are to be shown, and a date; whatever else there is are notes.
_PLAIN_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT tIME "
    b"acTL fcTL fdAT iDOT".split()
)
_PNG_MODES = {0: "L", 2: "RGB", 3: "P", 4: "LA", 6: "RGBA"}
_JPEG_MODES = {1: "L", 3: "RGB", 4: "CMYK"}
_STANDALONE = frozenset([0x01, *range(0xD0, 0xD9)])
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset([0xC2, 0xC6, 0xCA, 0xCE])


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """What a picture is made of.

    `mode` as Pillow would name it at 8 bits, `bits` per channel, `turn` the orientation of EXIF (1
    is upright), `profile` the name of the colours ("" when nothing is said), `notes` what kinds of
    notes it carries, `behind` the bytes after its end, which may be another picture.
    """

    kind: str
    width: int
    height: int
    mode: str = "RGB"
    alpha: bool = False
    bits: int = 8
    animated: bool = False
    progressive: bool = False
    turn: int = 1
    profile: str = ""
    notes: frozenset[str] = frozenset()
    behind: int = 0


def kind_of(content: bytes) -> str:
    """What the bytes begin like, in a word: JPEG, PNG, WebP, GIF, SVG, …; empty when unknown."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WebP"
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:12], "video")
    for magic, name in _MAGICS:
        if content.startswith(magic):
            return name
    text = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if _SVG.match(text):
        return "SVG"
    return "HTML or XML" if text.startswith(b"<") else ""


def is_picture(kind: str) -> bool:
    """Whether that kind is a picture, of whatever sort."""
    return kind in _PICTURES


def dissect(content: bytes) -> Anatomy:
    """Take a JPEG, PNG, WebP or GIF apart.

    Raises:
        FormatError: it is none of them, or its structure is broken.
    """
    kind = kind_of(content)
    readers = {"JPEG": _jpeg, "PNG": _png, "WebP": _webp, "GIF": _gif}
    if kind not in readers:
        raise FormatError(f"it is no picture that podkit knows{kind and f' but {kind}'}")
    try:
        return readers[kind](content)
    except (IndexError, struct.error) as error:
        raise FormatError(f"the {kind} is damaged: it ends early") from error


def _jpeg(content: bytes) -> Anatomy:
    found = Anatomy(kind="JPEG", width=0, height=0)
    notes: set[str] = set()
    colours: list[bytes] = []
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0xD9:
            break
        if marker in _STANDALONE:
            at += 2
            continue
        (length,) = struct.unpack_from(">H", content, at + 2)
        body = content[at + 4 : at + 2 + length]
        if marker in _FRAMES:
            bits, height, width, bands = struct.unpack_from(">BHHB", body)
            found = replace(
                found,
                width=width,
                height=height,
                bits=bits,
                mode=_JPEG_MODES.get(bands, "RGB"),
                progressive=marker in _PROGRESSIVE,
            )
        elif marker == 0xE1 and body.startswith(b"Exif\0"):
            found = replace(found, turn=exif.orientation(body[6:]))
            notes |= {"EXIF", "GPS"} if exif.has_place(body[6:]) else {"EXIF"}
        elif marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"):
            colours.append(body[12:])
        elif (note := _jpeg_note(marker, body)) is not None:
            notes.add(note)
        at += 2 + length
        if marker == 0xDA:
            at = _after_scan(content, at)
    if not found.width:
        raise FormatError("the JPEG is damaged: it has no picture in it")
    profile = b"".join(part[2:] for part in sorted(colours))
    return replace(
        found,
        profile=profiles.name_of(profile) if profile else "",
        notes=frozenset(notes),
        behind=max(len(content) - at - 2, 0),
    )


def _jpeg_note(marker: int, body: bytes) -> str | None:
    """What kind of note a segment is; None for one that says how to show the pixels."""
    if marker == 0xFE:
        return "comment"
    if not 0xE0 <= marker <= 0xEF:
        return None
    if (marker == 0xE0 and body.startswith(b"JFIF\0")) or (
        marker == 0xEE and body.startswith(b"Adobe")
    ):
        return None
    if b"ns.adobe.com/x" in body[:40]:
        return "XMP"
    if marker == 0xE2 and body.startswith(b"MPF\0"):
        return "second picture"
    return "IPTC" if marker == 0xED else "other"


def _after_scan(content: bytes, at: int) -> int:
    """Where the next marker is; in the coded pixels 0xFF is followed by 0 or a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise FormatError("the JPEG is damaged: it ends early")
        if content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        else:
            return at


def _png(content: bytes) -> Anatomy:
    width, height, bits, colour, _, _, interlaced = struct.unpack_from(">IIBBBBB", content, 16)
    found = Anatomy(
        kind="PNG",
        width=width,
        height=height,
        bits=max(bits, 8),
        mode="1" if (bits, colour) == (1, 0) else _PNG_MODES.get(colour, "RGB"),
        alpha=colour in {4, 6},
        progressive=bool(interlaced),
    )
    notes: set[str] = set()
    at, ended = 8, False
    while not ended and at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        body = memoryview(content)[at + 8 : at + 8 + length]
        at += 12 + length
        ended = name == b"IEND"
        if name == b"tRNS":
            found = replace(found, alpha=True)
        elif name == b"acTL":
            found = replace(found, animated=True)
        elif name == b"sRGB":
            found = replace(found, profile=profiles.SRGB)
        elif name == b"iCCP":
            found = replace(found, profile=profiles.name_of(profiles.unpacked(bytes(body))))
        elif name == b"eXIf":
            found = replace(found, turn=exif.orientation(bytes(body)))
            notes |= {"EXIF", "GPS"} if exif.has_place(bytes(body)) else {"EXIF"}
        elif name not in _PLAIN_CHUNKS:
            notes.add("XMP" if bytes(body[:17]) == b"XML:com.adobe.xmp" else "text")
    if not ended:
        raise FormatError("the PNG is damaged: it ends early")
    return replace(found, notes=frozenset(notes), behind=max(len(content) - at, 0))


def _webp(content: bytes) -> Anatomy:
    found = Anatomy(kind="WebP", width=0, height=0)
    notes: set[str] = set()
    end = min(8 + struct.unpack_from("<I", content, 4)[0], len(content))
    for name, body in _riff(content, 12, end):
        if name == b"VP8X":
            wide = int.from_bytes(body[4:7], "little") + 1
            high = int.from_bytes(body[7:10], "little") + 1
            found = replace(found, width=wide, height=high, alpha=bool(body[0] & 0x10))
            found = replace(found, animated=bool(body[0] & 0x02))
        elif name == b"VP8 " and not found.width:
            wide, high = struct.unpack_from("<HH", body, 6)
            found = replace(found, width=wide & 0x3FFF, height=high & 0x3FFF)
        elif name == b"VP8L" and not found.width:
            packed = int.from_bytes(body[1:5], "little")
            found = replace(found, width=(packed & 0x3FFF) + 1, alpha=bool(packed >> 28 & 1))
            found = replace(found, height=(packed >> 14 & 0x3FFF) + 1)
        elif name == b"ICCP":
            found = replace(found, profile=profiles.name_of(body))
        elif name == b"EXIF":
            block = body.removeprefix(b"Exif\0\0")
            found = replace(found, turn=exif.orientation(block))
            notes |= {"EXIF", "GPS"} if exif.has_place(block) else {"EXIF"}
        elif name == b"XMP ":
            notes.add("XMP")
    if not found.width:
        raise FormatError("the WebP is damaged: it has no picture in it")
    mode = "RGBA" if found.alpha else "RGB"
    return replace(found, mode=mode, notes=frozenset(notes), behind=len(content) - end)


def _riff(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, bytes]]:
    while at + 8 <= end:
        name, length = struct.unpack_from("<4sI", content, at)
        yield name, content[at + 8 : min(at + 8 + length, end)]
        at += 8 + length + length % 2


def _gif(content: bytes) -> Anatomy:
    width, height, flags = struct.unpack_from("<HHB", content, 6)
    at = 13 + _table(flags)
    notes: set[str] = set()
    frames, alpha = 0, False
    while content[at] != 0x3B:
        if content[at] == 0x2C:
            frames += 1
            at = _blocks(content, at + 11 + _table(content[at + 9]))
        elif content[at] == 0x21:
            label = content[at + 1]
            alpha = alpha or (label == 0xF9 and bool(content[at + 3] & 1))
            if label in {0x01, 0xFE}:
                notes.add("comment")
            elif label == 0xFF and content[at + 3 : at + 11] == b"XMP Data":
                notes.add("XMP")
            at = _blocks(content, at + 2)
        else:
            raise FormatError("the GIF is damaged: it holds a block that is none")
    return Anatomy(
        kind="GIF",
        width=width,
        height=height,
        mode="P",
        alpha=alpha,
        animated=frames > 1,
        notes=frozenset(notes),
        behind=len(content) - at - 1,
    )


def _table(flags: int) -> int:
    """Bytes of the colour table that the flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks(content: bytes, at: int) -> int:
    """Where a chain of sub-blocks ends."""
    while content[at]:
        at += 1 + content[at]
    return at + 1
