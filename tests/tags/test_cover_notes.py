"""Covers: what cameras write into them does not go out with a cleared file."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen import mp4
from mutagen.id3 import APIC, ID3
from PIL import Image, ImageChops, PngImagePlugin

from podkit.media.tools import find_ffmpeg
from podkit.model.media import Picture
from podkit.model.tags import Tags
from podkit.tags import files as tags
from podkit.tags.pictures import without_notes

CANARY = "CANARY-50.45"
TURNED = 6


def jpeg(**options: object) -> Picture:
    """A JPEG with a place, a camera, a comment and a profile in it."""
    image = Image.effect_noise((64, 48), 40).convert("RGB")
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = CANARY, TURNED
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    notes = {"exif": exif, "comment": CANARY, "icc_profile": b"profile" * 30, "dpi": (72, 72)}
    image.save(out, "JPEG", **{**notes, **options})
    return Picture(mime="image/jpeg", content=out.getvalue() + CANARY.encode())


def png() -> Picture:
    """A PNG with a text and EXIF in it."""
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", CANARY)
    exif = Image.Exif()
    exif[0x010F] = CANARY
    out = io.BytesIO()
    Image.effect_noise((64, 48), 40).save(out, "PNG", pnginfo=notes, exif=exif)
    return Picture(mime="image/png", content=out.getvalue() + CANARY.encode())


@pytest.mark.parametrize("picture", [jpeg(), jpeg(progressive=True), png()])
def test_notes_go_and_pixels_stay(picture):
    """No place, no camera, no trailing bytes; the same pixels, turned the same way, same profile."""
    cleaned = without_notes(picture)
    assert CANARY.encode() not in cleaned.content
    assert not (found := Image.open(io.BytesIO(cleaned.content))).getexif().get_ifd(0x8825)
    old = Image.open(io.BytesIO(picture.content))
    assert not ImageChops.difference(found, old).getbbox()
    assert found.getexif().get(0x0112) == old.getexif().get(0x0112)
    assert found.info.get("icc_profile") == old.info.get("icc_profile")
    assert without_notes(cleaned) == cleaned


@settings(max_examples=150, deadline=None)
@given(cut=st.integers(0, 4000), noise=st.binary(max_size=9), at=st.integers(0, 4000))
def test_a_damaged_picture_is_handed_back_or_cleaned(cut, noise, at):
    """Whatever is wrong with it, nothing is raised and nothing grows."""
    for whole in (jpeg().content, png().content):
        content = bytearray(whole[: max(len(whole) - cut, 3)])
        content[at : at + len(noise)] = noise
        cleaned = without_notes(Picture(mime="image/jpeg", content=bytes(content)))
        assert len(cleaned.content) <= len(content) + 36


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "flac", "opus"])
def test_a_cleared_file_gets_a_clean_cover(suffix, tmp_path):
    """Both ways of writing leave the notes out when all else is cleared."""
    path = tmp_path / f"x.{suffix}"
    tone = ["-v", "error", "-f", "lavfi", "-i", "sine=d=0.3"]
    subprocess.run([find_ffmpeg().path, *tone, path], check=True)
    tags.update(path, picture=jpeg())
    tags.update(path, clear=True, picture=jpeg())
    assert CANARY.encode() not in tags.read(path).artwork[0].content
    tags.write(path, Tags(artwork=(png(),)), clear=True)
    assert CANARY.encode() not in tags.read(path).artwork[0].content


def test_a_covers_type_is_told_by_its_bytes(tmp_path):
    """A PNG that somebody called a JPEG is a PNG, and is put back as one."""
    cover = png().content
    path = Path(tmp_path / "x.mp3")
    tone = ["-v", "error", "-f", "lavfi", "-i", "sine=d=0.3"]
    subprocess.run([find_ffmpeg().path, *tone, path, path.with_suffix(".m4a")], check=True)
    lying = ID3(path)
    lying.add(APIC(encoding=0, mime="image/jpg", type=0, desc="", data=cover))
    lying.save()
    assert tags.read(path).artwork[0].mime == "image/png"
    tags.write(path, Tags(artwork=tags.read(path).artwork))
    frame = ID3(path).getall("APIC")[0]
    assert (frame.mime, frame.type) == ("image/png", 3)
    opened = mp4.MP4(path.with_suffix(".m4a"))
    opened["covr"] = [mp4.MP4Cover(cover, imageformat=mp4.AtomDataType.JPEG)]
    opened.save()
    assert tags.read(path.with_suffix(".m4a")).artwork[0].mime == "image/png"
