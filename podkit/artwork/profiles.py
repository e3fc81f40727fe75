"""Which colours an ICC profile stands for, by its numbers and not by its name (ICC.1:2022)."""

from __future__ import annotations

import struct
import zlib

SRGB = "sRGB"
OTHER = "another"

_MOST = 4 << 20  # bytes of a profile that are unpacked
_SIGNATURE, _CLASS_SPACE, _TAGS = 36, 16, 128
_CLOSE = 0.004
# Red, green and blue as X, Y, Z under D50: what the profiles in use hold.
_PRIMARIES = {
    SRGB: ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)),
    "Display P3": ((0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1572, 0.0666, 0.7841)),
    "Adobe RGB": ((0.6097, 0.3111, 0.0195), (0.2053, 0.6257, 0.0609), (0.1492, 0.0632, 0.7446)),
    "Rec. 2020": ((0.6735, 0.2790, -0.0019), (0.1657, 0.6753, 0.0300), (0.1250, 0.0456, 0.7968)),
}
_SPACES = {b"CMYK": "CMYK", b"GRAY": "grey", b"Lab ": "Lab"}
_HALF = (0.19, 0.24)
"""What sRGB's curve makes of the middle (0.214), with room for the gamma of 2.2 that is taken for it."""


def name_of(profile: bytes) -> str:
    """SRGB, the name of another well-known set of colours, or OTHER.

    Args:
        profile: an ICC profile; a broken one is OTHER.
    """
    if profile[_SIGNATURE : _SIGNATURE + 4] != b"acsp":
        return OTHER
    space = profile[_CLASS_SPACE : _CLASS_SPACE + 4]
    if space != b"RGB ":
        return _SPACES.get(space, OTHER)
    try:
        tags = _tags(profile)
        seen = [_xyz(tags[name]) for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
        for name, wanted in _PRIMARIES.items():
            if all(_near(one, two) for one, two in zip(seen, wanted, strict=True)):
                usual = name != SRGB or _HALF[0] < _middle(tags[b"gTRC"]) < _HALF[1]
                return name if usual else OTHER
    except (struct.error, KeyError, OverflowError, ValueError, ZeroDivisionError):
        return OTHER
    return OTHER


def unpacked(chunk: bytes) -> bytes:
    """The profile in a PNG's iCCP chunk; empty when it cannot be unpacked or is far too large."""
    squeezed = chunk[chunk.find(b"\0") + 2 :]
    machine = zlib.decompressobj()
    try:
        profile = machine.decompress(squeezed, _MOST)
    except zlib.error:
        return b""
    return b"" if machine.unconsumed_tail else profile


def _tags(profile: bytes) -> dict[bytes, bytes]:
    (count,) = struct.unpack_from(">I", profile, _TAGS)
    found = {}
    for number in range(min(count, 100)):
        name, at, length = struct.unpack_from(">4sII", profile, _TAGS + 4 + 12 * number)
        found[name] = profile[at : at + length]
    return found


def _xyz(tag: bytes) -> tuple[float, ...]:
    return tuple(value / 65536 for value in struct.unpack_from(">3i", tag, 8))


def _near(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return all(abs(a - b) < _CLOSE for a, b in zip(one, other, strict=True))


def _middle(curve: bytes) -> float:
    """What the curve makes of one half."""
    if curve[:4] == b"curv":
        (count,) = struct.unpack_from(">I", curve, 8)
        if count == 0:
            return 0.5
        if count == 1:
            return float(0.5 ** (struct.unpack_from(">H", curve, 12)[0] / 256))
        return float(struct.unpack_from(">H", curve, 12 + 2 * ((count - 1) // 2))[0] / 65535)
    (form,) = struct.unpack_from(">H", curve, 8)
    given = [
        value / 65536
        for value in struct.unpack_from(f">{(1, 3, 4, 5, 7)[min(form, 4)]}i", curve, 12)
    ]
    gamma, scale, offset = [*given, 1.0, 0.0][:3] if len(given) < 3 else given[:3]
    return float((scale * 0.5 + offset) ** gamma)
