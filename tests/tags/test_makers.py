"""Clearing takes the names of programs that made a file, and says which of a camera's tracks stay."""

from __future__ import annotations

import json
import subprocess

import pytest
from tag_sounds import ffmpeg as run

from podkit.model.tags import Tags
from podkit.tags import files as tags
from podkit.tags.edit import Edit
from podkit.tags.places import Places

NEW = "Нова «назва» 🎙"


def film(path, *words: object, more: tuple[object, ...] = ()):
    """Two seconds of pictures with sound, whose encoder wrote its name."""
    shown = ["-f", "lavfi", "-i", "testsrc=d=2:s=64x64:r=5", "-f", "lavfi", "-i", "sine=d=2"]
    codecs = ["-c:v", "libx264", "-c:a", "aac", "-metadata:s:v", "encoder=CANARY-7f3a x264"]
    run(*shown, *more, *codecs, *words, path)
    return path


def frames(path):
    """A hash of everything that decodes from sound and pictures."""
    return run("-i", path, "-map", "0:a", "-map", "0:v", "-f", "md5", "-")


@pytest.mark.parametrize("suffix", ["mp4", "mov", "m4v", "mkv", "webm"])
def test_clearing_takes_the_programs_names(tmp_path, suffix):
    """No name of muxer or encoder is left outside the frames, which stay as they are."""
    webm = ["-c:v", "libvpx", "-c:a", "libopus"] if suffix == "webm" else []
    path = film(tmp_path / f"x.{suffix}", *webm)
    heard = frames(path)
    names = (b"CANARY-7f3a", b"Lavf", b"FFMP")
    assert any(name in path.read_bytes() for name in names)
    assert tags.update(path, clear=True)
    assert not [name for name in names if name in path.read_bytes()]
    assert frames(path) == heard
    assert tags.read(path) == Tags()
    assert not tags.update(path, clear=True)


@pytest.mark.need("mkvmerge", "ffprobe", "mediainfo")
def test_others_still_open_what_has_no_makers(tmp_path):
    """A cleared Matroska file has its two mandatory names, and mkvmerge and ffprobe take it."""
    path = film(tmp_path / "x.mkv")
    tags.update(path, clear=True)
    told = json.loads(subprocess.check_output(["mkvmerge", "-J", path]))
    assert told["container"]["properties"]["muxing_application"] == "podkit"
    assert told["container"]["properties"]["writing_application"] == "podkit"
    assert not told["errors"]
    film(tmp_path / "y.mp4")
    tags.update(tmp_path / "y.mp4", clear=True)
    for one in (path, tmp_path / "y.mp4"):
        assert not subprocess.run(
            ["ffprobe", "-v", "error", one], check=True, capture_output=True
        ).stderr


@pytest.mark.parametrize("name", [b"Planar Y'CbCr 8-bit 4:2:0", b"Sorenson H263"])
def test_a_name_that_decoders_read_by_stays(tmp_path, name):
    """Two names of compressors say what the bytes mean: without them the pictures are lost."""
    path = film(tmp_path / "x.mov")
    content = path.read_bytes()
    at = content.index(b"CANARY-7f3a") - 1
    path.write_bytes(content[:at] + bytes([len(name)]) + name.ljust(31, b"\0") + content[at + 32 :])
    tags.update(path, clear=True, set={"title": NEW})
    assert name in path.read_bytes()


def camera(path):
    """A film with a track as GoPro writes them: captions, whose marks are changed to a camera's."""
    captions = path.with_suffix(".srt")
    captions.write_text("1\n00:00:00,000 --> 00:00:01,000\nGPS5\n", encoding="utf-8")
    film(path, "-map", "0:v", "-map", "1:a", "-map", "2", "-c:s", "mov_text", more=("-i", captions))
    content = path.read_bytes().replace(b"sbtl", b"meta").replace(b"tx3g", b"gpmd")
    path.write_bytes(content)
    return path


def test_a_cameras_track_is_told(tmp_path):
    """Clearing says that measurements stay, and how to be rid of them; nothing else says so."""
    path = camera(tmp_path / "gopro.mp4")
    plain = film(tmp_path / "plain.mp4", "-metadata", "title=Old")
    for one, wanted in ((path, 1), (plain, 0)):
        with Places() as places:
            warnings = tags.change(one, Edit(clear=True), places=places).warnings
            assert not places.settle()
        assert len(warnings) == wanted
        if wanted:
            assert warnings[0].startswith("track 3 (gpmd) holds a camera's measurements")
            assert "podkit transcode -p copy FILE" in warnings[0]
    with Places() as places:
        assert not tags.change(path, Edit(set={"title": NEW}), places=places).warnings
        assert not places.settle()
