"""A plain cover with the show's title, for shows that have no picture yet."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from podkit.artwork.resize import to_jpeg
from podkit.model.identity import transliterate_ukrainian
from podkit.model.text import clean_line

_FONTS = (
    "DejaVuSans-Bold.ttf",
    "NotoSans-Bold.ttf",
    "LiberationSans-Bold.ttf",
    "OpenSans-Bold.ttf",
    "FreeSansBold.ttf",
    "Arial Bold.ttf",
    "Arial Unicode.ttf",
    "arialbd.ttf",
)
_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "/System/Library/Fonts/Supplemental",
    "C:/Windows/Fonts",
)
# Dark grounds on which white letters have a contrast of at least 7 (WCAG 2.1, 1.4.6), each with
# a lighter tone for the ornament.
_COLOURS = (
    ((22, 45, 80), (52, 92, 150)),
    ((15, 61, 62), (38, 116, 112)),
    ((68, 29, 62), (128, 62, 116)),
    ((82, 35, 24), (150, 75, 52)),
    ((38, 44, 54), (84, 95, 112)),
    ((32, 58, 30), (70, 112, 62)),
)
_MOST_LINES = 6
_LONGEST = 200  # letters of a title that are still drawn


def plain_cover(title: str, side: int = 3000) -> bytes:
    """A square JPEG with the title in large letters; the same title always gives the same colours.

    Where no font of the system has the title's letters, Ukrainian ones are transliterated, and
    others are left out.

    Args:
        title: what to write on it.
        side: pixels.
    """
    text = clean_line(title)[:_LONGEST] or "Podcast"
    ground, tone = _COLOURS[hashlib.sha256(text.encode()).digest()[0] % len(_COLOURS)]
    image = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(image)
    _ornament(pen, side, tone)
    path = _font_path(text)
    if path is None:
        text = _latin(text)
    lines, font = _fitted(text, path, side)
    _write(pen, lines, font, side)
    return to_jpeg(image)


def _ornament(pen: ImageDraw.ImageDraw, side: int, tone: tuple[int, int, int]) -> None:
    """Bars as of a sound's loudness along the lower edge."""
    count = 24
    step = side * 0.80 / (count - 0.4)
    for number in range(count):
        wave = hashlib.sha256(bytes([number])).digest()[0] / 255
        height = side * (0.03 + 0.11 * wave)
        left = side * 0.10 + step * number
        box = (left, side * 0.90 - height, left + step * 0.6, side * 0.90)
        pen.rounded_rectangle(box, radius=step * 0.3, fill=tone)


def _font_path(text: str) -> Path | None:
    """The first usual font of the system that has all letters of the text."""
    found: dict[str, Path] = {}
    for folder in _FOLDERS:
        for root, folders, names in os.walk(folder):
            folders.sort()
            for name in names:
                if name in _FONTS:
                    found.setdefault(name, Path(root) / name)
    for name in _FONTS:
        if name in found and _has_letters(found[name], text):
            return found[name]
    return None


def _has_letters(path: Path, text: str) -> bool:
    """Whether every letter of the text looks other than the box for a missing one."""
    try:
        font = ImageFont.truetype(str(path), 40)
    except OSError:
        return False
    missing = _shape(font, "\U0010fffd")
    return all(_shape(font, c) != missing for c in set(text) if not c.isspace())


def _shape(font: ImageFont.FreeTypeFont, letter: str) -> tuple[object, bytes]:
    mask = font.getmask(letter)
    return mask.size, bytes(mask)


def _latin(text: str) -> str:
    """The text in letters that Pillow's own font has; a word in place of none."""
    spelled = unicodedata.normalize("NFKD", transliterate_ukrainian(text))
    kept = " ".join(spelled.encode("ascii", "ignore").decode().split())
    return kept if any(c.isalnum() for c in kept) else "Podcast"


def _font(path: Path | None, size: int) -> ImageFont.FreeTypeFont:
    if path is not None:
        return ImageFont.truetype(str(path), size)
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):  # Pillow built without FreeType
        raise TypeError("Pillow has no scalable font")
    return font


def _fitted(text: str, path: Path | None, side: int) -> tuple[list[str], ImageFont.FreeTypeFont]:
    """The lines and the largest font with which they fill the upper part of the cover."""
    width, height = side * 0.80, side * 0.58
    size = side // 5
    while True:
        font = _font(path, size)
        lines = _wrapped(text, font, width)
        fits = len(lines) <= _MOST_LINES and len(lines) * size * 1.2 <= height
        if (fits and all(font.getlength(line) <= width for line in lines)) or size <= side // 40:
            return lines, font
        size = size * 9 // 10


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or font.getlength(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _write(
    pen: ImageDraw.ImageDraw, lines: list[str], font: ImageFont.FreeTypeFont, side: int
) -> None:
    size = float(font.size)
    top = side * 0.10
    for number, line in enumerate(lines):
        pen.text((side * 0.10, top + number * size * 1.2), line, font=font, fill=(255, 255, 255))
