"""Several presets from one decode, AV1 beside H.264, and what their encoders do not take."""

from __future__ import annotations

import subprocess

import media_sounds as sounds
import pytest
from media_pictures import QUICK, make, preset

from podkit.errors import RecordError, ToolError, UsageError
from podkit.media import graph, run, tools
from podkit.media.probe import probe
from podkit.presets.builtin import PRESETS
from podkit.presets.preset import apply, resolve

pytestmark = pytest.mark.need("ffprobe", "ffmpeg")


def test_one_decode_for_a_ladder(each, video, tmp_path):
    """Several presets of one master: one input, one file each, each as if it were alone."""
    names = ("video-1080p", "video-720p", "video-480p", "video-audio", "opus")
    wanted = [apply(PRESETS.get(n), QUICK if n[-1] == "p" else {}) for n in names]
    wanted[1] = apply(wanted[1], {"height": "240"})
    wanted[2] = apply(wanted[2], {"height": "120"})
    media = probe(video)
    rungs = [
        (one, graph.Chain(channels=n % 2 + 1, rate=48000, aligned=True), tmp_path / f"{n}")
        for n, one in enumerate(wanted)
    ]
    arguments = graph.ladder(media, video, rungs)
    assert arguments.count("-i") == 1
    ran = run.ffmpeg(each, arguments, where=video)
    assert ran.returncode == 0, ran.stderr
    made = [probe(path) for _, _, path in rungs]
    assert [m.video[0].height if m.video else 0 for m in made] == [480, 240, 120, 0, 0]
    assert [m.audio[0].codec for m in made] == ["aac", "aac", "aac", "mp3", "opus"]
    assert [m.audio[0].channels for m in made] == [1, 2, 1, 2, 1]
    for one, (preset_of, chain, path) in zip(made, rungs, strict=True):
        assert one.duration == pytest.approx(2.0, abs=0.1)
        alone = tmp_path / "alone"
        run.ffmpeg(each, graph.encoding(media, video, preset_of, chain, alone), where=video)
        assert alone.read_bytes() == path.read_bytes()


def test_av1_and_opus(each, video, tmp_path):
    """AV1 and Opus lie in an MP4 that podkit itself and another ffmpeg decode to the end."""
    quick = preset("av1", encoder_preset="12", height="120")
    stream = make(each, video, tmp_path / "x.mp4", quick)
    assert (stream["codec_name"], stream["pix_fmt"]) == ("av1", "yuv420p")
    assert (stream["height"], stream["avg_frame_rate"]) == (120, "25/1")
    assert int(stream["nb_frames"]) == 50
    assert probe(tmp_path / "x.mp4").audio[0].codec == "opus"
    for ffmpeg in (sounds.BUNDLED, "ffmpeg"):
        argv = [ffmpeg, "-v", "error", "-i", tmp_path / "x.mp4", "-f", "null", "-"]
        assert not subprocess.run(argv, check=True, capture_output=True).stderr
    assert sounds.samples(tmp_path / "x.mp4") == pytest.approx(2 * 48000, abs=3000)


@pytest.mark.parametrize(
    ("name", "settings", "word"),
    [
        ("av1", {"encoder_preset": "medium"}, "0 to 13"),
        ("av1", {"encoder_preset": "14"}, "cannot be '14'"),
        ("video-720p", {"encoder_preset": "8"}, "ultrafast"),
        ("video-720p", {"crf": "60"}, "0 to 51"),
        ("video-720p", {"video_codec": "av1"}, "0 to 13"),
        ("video-720p", {"extension": "webm"}, "does not go into"),
        ("av1", {"extension": "m4v"}, "does not go into"),
        ("av1", {"extension": "m3u8"}, "kind video"),
        ("hls", {"extension": "mp4"}, "m3u8"),
        ("mp3", {"extension": "m3u8"}, "audio_codec"),
    ],
)
def test_what_an_encoder_does_not_take(name, settings, word):
    """Names for x264, numbers for SVT-AV1, and no codec where it cannot lie."""
    with pytest.raises(UsageError, match=word):
        apply(PRESETS.get(name), settings)


def test_av1_of_ones_own():
    """A table may turn an H.264 preset into AV1; numbers are taken as numbers and as words."""
    table = {"from": "video-720p", "video_codec": "av1", "encoder_preset": 10, "crf": 40}
    made = resolve("small", {"small": {**table, "audio_codec": "opus", "sample_rates": [48000]}})
    assert (made.video_codec, made.encoder_preset, made.crf) == ("av1", "10", 40)
    with pytest.raises(RecordError, match="does not go into"):
        resolve("small", {"small": {**table, "extension": "mov"}})


def test_an_ffmpeg_without_the_encoder_is_refused(tmp_path, tool):
    """Before any work begins the missing encoder or filter is named."""
    lame = tmp_path / "ffmpeg"
    listed = "".join(f"echo ' ... {name} x'\n" for name in sorted(tools.filters(tool)))
    lame.write_text(
        "#!/bin/sh\ncase $2 in\n"
        '-version) echo "ffmpeg version 7.1 Copyright";;\n'
        '-encoders) echo " V..... libx264  x"; echo " A..... aac  x"; echo " A..... libopus x";;\n'
        f"*) {listed}:;;\nesac\n"
    )
    lame.chmod(0o755)
    old = tools.find_ffmpeg(str(lame))
    tools.check(old, PRESETS.get("video-720p"))
    tools.check(old, PRESETS.get("hls"))
    with pytest.raises(ToolError, match="libsvtav1"):
        tools.check(old, PRESETS.get("av1"))
    with pytest.raises(ToolError, match="no-such-filter"):
        tools.check(old, PRESETS.get("video-720p"), ["no-such-filter"])
