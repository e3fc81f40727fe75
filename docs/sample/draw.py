"""Draws the sample show's artwork and the slides of its videos, with Pillow's own font."""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from pathlib import Path

    from speak import Cue

INK = (16, 32, 58)
PAPER = (247, 244, 236)
BLUE = (0, 91, 187)
YELLOW = (255, 213, 0)
GREY = (122, 132, 148)

COVER_SIDE = 3000
ARTWORK_SIDE = 1500
SLIDE = (1280, 720)


def cover(title: str, note: str) -> bytes:
    """The show's square cover as JPEG: rings like a sound that travels, the title below."""
    side = COVER_SIDE
    picture = Image.new("RGB", (side, side), PAPER)
    pen = ImageDraw.Draw(picture)
    _rings(pen, centre=(side // 2, 1120), radii=range(260, 1300, 200), width=72)
    pen.rectangle((0, 1960, side, side), fill=INK)
    for row, text in enumerate(textwrap.wrap(title, 10)):
        pen.text((side // 2, 2230 + row * 330), text, font=_font(330), fill=PAPER, anchor="mm")
    pen.text((side // 2, 2840), note, font=_font(96), fill=YELLOW, anchor="mm")
    return _jpeg(picture)


def artwork(title: str) -> bytes:
    """An episode's own square picture as JPEG: three cooling towers and their steam."""
    side = ARTWORK_SIDE
    picture = Image.new("RGB", (side, side), PAPER)
    pen = ImageDraw.Draw(picture)
    for left, colour in ((170, GREY), (590, BLUE), (1010, GREY)):
        pen.polygon(
            [(left, 1000), (left + 70, 560), (left + 250, 560), (left + 320, 1000)], fill=colour
        )
        for puff in range(3):
            x, y, r = left + 160 + 34 * puff, 500 - 120 * puff, 60 + 22 * puff
            pen.ellipse((x - r, y - r, x + r, y + r), fill=(226, 229, 233))
    pen.rectangle((0, 1000, side, side), fill=INK)
    pen.rectangle((0, 1000, side, 1018), fill=YELLOW)
    for row, text in enumerate(textwrap.wrap(title, 28)):
        pen.text((90, 1120 + row * 112), text, font=_font(92), fill=PAPER, anchor="lm")
    return _jpeg(picture)


def slide(path: Path, cue: Cue, *, speaker: str, part: float) -> None:
    """One picture of a video: the chapter, what is said, who says it, how far it has come."""
    width, height = SLIDE
    picture = Image.new("RGB", SLIDE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 0, width, 128), fill=INK)
    pen.text((64, 64), cue.line.chapter, font=_font(52), fill=PAPER, anchor="lm")
    for row, text in enumerate(textwrap.wrap(cue.line.text, 48)):
        pen.text((64, 216 + row * 64), text, font=_font(46), fill=INK, anchor="lm")
    pen.text((64, height - 80), speaker, font=_font(34), fill=BLUE, anchor="lm")
    pen.text((width - 64, height - 80), "Sample", font=_font(34), fill=GREY, anchor="rm")
    pen.rectangle((0, height - 24, round(width * part), height), fill=YELLOW)
    picture.save(path)


def _rings(pen: ImageDraw.ImageDraw, *, centre: tuple[int, int], radii: range, width: int) -> None:
    x, y = centre
    for at, radius in enumerate(reversed(radii)):
        colour = YELLOW if at % 3 == 1 else BLUE
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=colour, width=width)


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        message = "this Pillow was built without FreeType"
        raise SystemExit(message)
    return font


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=72, optimize=True, progressive=False)
    return out.getvalue()
