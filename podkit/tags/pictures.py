"""What a JPEG or PNG says beside its pixels, where cameras put the place: taken out, bit by bit.

Nothing is decoded, so the pixels stay as they are; the colour profile and the orientation, without
which they look wrong, stay too.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import replace

from podkit.model.media import Picture

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_NOTES = frozenset([b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"])
_SCAN, _END, _EXIF, _COMMENT = 0xDA, 0xD9, 0xE1, 0xFE
_APPS = range(0xE0, 0xF0)
_JFIF, _PROFILE, _ADOBE = 0xE0, 0xE2, 0xEE  # what decoders need
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # what tells how large a JPEG is
_FILL = 0xFF
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by the type of colour (PNG, 11.2.1)
_PNG_INDEXED = 3
_MARKER = re.compile(
    rb"\xff+[^\x00\xff\xd0-\xd7]"
)  # in a scan: neither a stuffed byte nor a restart
_ORIENTATION = 0x0112


def figures(picture: Picture) -> tuple[int, int, int, int]:
    """Width and height in pixels, bits of a pixel, and colours of its palette, 0 without one.

    As a FLAC picture block wants them (RFC 9639, section 8.8); all 0 where the picture does not say.
    """
    content = picture.content
    try:
        if content.startswith(_PNG) and content[12:16] == b"IHDR":
            width, height, depth, kind = struct.unpack_from(">IIBB", content, 16)
            bits = depth * _PNG_CHANNELS[kind]
            return width, height, bits, _palette(content) if kind == _PNG_INDEXED else 0
        if content.startswith(b"\xff\xd8\xff"):
            depth, height, width, channels = _frame(content)
            return width, height, depth * channels, 0
    except (struct.error, LookupError):
        pass
    return 0, 0, 0, 0


def _palette(content: bytes) -> int:
    """The entries of a PNG's palette, three bytes each."""
    at = len(_PNG)
    while True:
        size, kind = struct.unpack_from(">I4s", content, at)
        if kind == b"PLTE":
            return int(size // 3)
        at += 12 + size


def _frame(content: bytes) -> tuple[int, int, int, int]:
    """Precision, lines, samples of a line, and components (ITU-T T.81, B.2.2)."""
    at = 2
    while content[at] == _FILL:
        while content[at + 1] == _FILL:
            at += 1
        if content[at + 1] in _FRAMES:
            found: tuple[int, int, int, int] = struct.unpack_from(">BHHB", content, at + 4)
            return found
        at += 2 + struct.unpack_from(">H", content, at + 2)[0]
    raise LookupError


def without_notes(picture: Picture) -> Picture:
    """The picture without EXIF (place, time, camera), XMP, IPTC, comments, and trailing bytes.

    One that is damaged or of another format is handed back as it is.
    """
    content = picture.content
    try:
        if content.startswith(b"\xff\xd8\xff"):
            content = b"\xff\xd8" + b"".join(_jpeg(content))
        elif content.startswith(_PNG):
            content = _PNG + b"".join(_png(content))
    except (struct.error, IndexError):
        return picture
    return replace(picture, content=content)


def _png(content: bytes) -> Iterator[bytes]:
    at = len(_PNG)
    while at < len(content):
        size, kind = struct.unpack_from(">I4s", content, at)
        if kind not in _PNG_NOTES:
            yield content[at : at + 12 + size]
        at += 12 + size
        if kind == b"IEND":
            return
    raise IndexError


def _jpeg(content: bytes) -> Iterator[bytes]:
    """The segments that stay (ITU-T T.81, annex B)."""
    at = 2
    while True:
        while content[at] == 0xFF and content[at + 1] == 0xFF:  # fill bytes
            at += 1
        marker = content[at + 1]
        if content[at] != 0xFF:
            raise IndexError
        if marker == _END:
            yield content[at : at + 2]
            return
        size = 2 + struct.unpack_from(">H", content, at + 2)[0]
        segment = content[at : at + size]
        if marker == _EXIF and (turned := _orientation(segment)):
            yield turned
        elif marker == _SCAN:
            behind = _MARKER.search(content, at + size)
            if behind is None:  # cut off: decoders show what is there
                yield content[at:]
                return
            size = behind.start() - at
            yield content[at : at + size]
        elif _stays(marker, segment):
            yield segment
        at += size


def _stays(marker: int, segment: bytes) -> bool:
    if marker == _PROFILE:
        return segment[4:16] == b"ICC_PROFILE\0"
    return marker in {_JFIF, _ADOBE} or (marker not in _APPS and marker != _COMMENT)


def _orientation(segment: bytes) -> bytes:
    """An EXIF segment that says only how the picture is turned; empty when it is not."""
    if segment[4:10] != b"Exif\0\0":
        return b""
    tiff = segment[10:]
    end = "<" if tiff[:2] == b"II" else ">"
    start = struct.unpack_from(end + "I", tiff, 4)[0]
    for number in range(struct.unpack_from(end + "H", tiff, start)[0]):
        tag, kind, count, value = struct.unpack_from(end + "HHIH", tiff, start + 2 + 12 * number)
        if (tag, kind, count) == (_ORIENTATION, 3, 1) and 1 < value <= 8:
            entry = struct.pack(">HHHIHxxI", 1, _ORIENTATION, 3, 1, value, 0)
            body = b"Exif\0\0" + b"MM\0\x2a\0\0\0\x08" + entry
            return struct.pack(">BBH", 0xFF, _EXIF, len(body) + 2) + body
    return b""
