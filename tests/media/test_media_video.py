"""Video renditions: upright, even, never larger than asked or than the source, sound in step."""

from __future__ import annotations

import json
import subprocess

import media_sounds as sounds
import pytest

from podkit.media.encode import EncodeOrder, encode
from podkit.media.probe import probe
from podkit.model.preset import Preset
from podkit.presets.builtin import PRESETS
from podkit.presets.preset import apply

QUICK = {"encoder_preset": "ultrafast"}


def preset(name: str, **settings: str) -> Preset:
    """A built-in that encodes quickly and otherwise as it is."""
    return apply(PRESETS.get(name), settings or QUICK)


def order(source, output, made: Preset) -> EncodeOrder:
    return EncodeOrder(source=source, probe=probe(source), preset=made, output=output)


@pytest.mark.need("ffprobe", "ffmpeg")
def test_what_a_video_preset_makes(tool, video, tmp_path):
    """H.264 high in yuv420p, AAC at -16 LUFS, the index in front, nothing of the encoder's."""
    path = tmp_path / "x.mp4"
    made = encode(tool, order(video, path, preset("video-720p", encoder_preset="veryfast")))
    argv = ["ffprobe", "-v", "error", "-of", "json", "-show_streams", "-show_format", str(path)]
    seen = json.loads(subprocess.run(argv, check=True, capture_output=True).stdout)
    picture, sound = seen["streams"]
    assert (picture["codec_name"], picture["profile"]) == ("h264", "High")
    assert (picture["pix_fmt"], picture["avg_frame_rate"]) == ("yuv420p", "25/1")
    assert (picture["width"], picture["height"]) == (640, 480)
    assert (sound["codec_name"], sound["profile"]) == ("aac", "LC")
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    loudness, peak = sounds.measured(path)
    assert loudness == pytest.approx(-16.0, abs=0.5)
    assert peak <= -1.0
    assert made.decoded.duration == pytest.approx(2.0, abs=0.1)


@pytest.mark.parametrize(
    ("size", "limit", "expected"),
    [
        ("640x480", "240", (320, 240)),
        ("640x480", "720", (640, 480)),
        ("321x243", "720", (320, 242)),
        ("641x361", "180", (320, 180)),
        ("202x400", "100", (50, 100)),
    ],
)
def test_sizes(tool, tmp_path, size, limit, expected):
    """At most the preset's height, both sides even, never larger than the source."""
    source, path = tmp_path / "x.mkv", tmp_path / "x.mp4"
    picture = ["-f", "lavfi", "-i", f"testsrc=s={size}:r=10:d=1"]
    sounds.make(*picture, "-f", "lavfi", "-i", "sine=d=1", "-c:v", "mjpeg", "-c:a", "flac", source)
    made = encode(tool, order(source, path, preset("video-720p", height=limit, **QUICK)))
    assert (made.probe.video[0].width, made.probe.video[0].height) == expected


@pytest.mark.parametrize("degrees", [90, 180])
def test_turned_pictures_come_out_upright(tool, video, tmp_path, degrees):
    """A phone's portrait video has portrait pixels afterwards and no turn left to do."""
    source = tmp_path / "x.mp4"
    sounds.make("-display_rotation", -degrees, "-i", video, "-c", "copy", source)
    made = encode(tool, order(source, tmp_path / "out.mp4", preset("video-720p")))
    (picture,) = made.probe.video
    expected = (480, 640) if degrees == 90 else (640, 480)
    assert (picture.width, picture.height, picture.rotation) == (*expected, 0)


def test_sound_that_begins_later_stays_in_step(tool, video, speech, tmp_path):
    """Where a video's sound begins 0.7 s late, its MP3 begins with 0.7 s of silence."""
    source, path = tmp_path / "x.mkv", tmp_path / "x.mp3"
    sounds.make(
        *("-i", video, "-itsoffset", "0.7", "-i", speech, "-map", "0:v", "-map", "1:a"),
        *("-c:v", "copy", "-c:a", "flac", "-t", "3", source),
    )
    made = encode(tool, order(source, path, preset("video-audio", about="x")))
    heard = subprocess.run(
        [sounds.BUNDLED, "-v", "error", "-i", path, "-ac", "1", "-f", "s16le", "-"],
        check=True,
        capture_output=True,
    ).stdout
    first = memoryview(heard[: len(heard) // 2 * 2]).cast("h")
    rate = made.probe.audio[0].sample_rate
    assert max(map(abs, first[: int(0.65 * rate)])) < 50
    assert max(map(abs, first[int(0.7 * rate) : int(1.4 * rate)])) > 500


def test_a_video_without_sound(tool, video, tmp_path):
    """A silent film is made without a sound track and is no error."""
    mute = tmp_path / "mute.mp4"
    sounds.make("-i", video, "-an", "-c", "copy", mute)
    made = encode(tool, order(mute, tmp_path / "x.mp4", preset("video-480p")))
    assert not made.probe.audio
    assert made.decoded.duration == pytest.approx(2.0, abs=0.05)


def test_a_cover_is_no_video(tool, containers, tmp_path):
    """An attached picture before the moving one is not taken for it."""
    source, cover = tmp_path / "x.mp4", tmp_path / "cover.jpg"
    sounds.make("-f", "lavfi", "-i", "testsrc=s=64x64", "-frames:v", "1", cover)
    sounds.make(
        *("-i", cover, "-f", "lavfi", "-i", "testsrc=s=320x240:d=1", "-i", containers["m4a"]),
        *("-map", "0:v", "-map", "1:v", "-map", "2:a", "-c:v:0", "copy", "-c:v:1", "libx264"),
        *("-disposition:v:0", "attached_pic", "-t", "1", "-c:a", "copy", source),
    )
    made = encode(tool, order(source, tmp_path / "out.mp4", preset("video-480p")))
    assert (made.probe.video[0].width, made.probe.video[0].height) == (320, 240)
    assert len(made.probe.video) == 1
    assert not made.probe.artwork


def test_the_same_video_gives_the_same_bytes(tool, video, tmp_path):
    """Nothing of the time or the place is in a video either."""
    for name in ("one", "two"):
        encode(tool, order(video, tmp_path / name, preset("video-480p")))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
