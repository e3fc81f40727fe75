"""HLS: rungs that may be changed at every segment, playlists that say the truth, nothing missing."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
import threading
from dataclasses import replace

import media_sounds as sounds
import pytest
from hypothesis import given
from hypothesis import strategies as some
from media_pictures import H264, packets, preset, seen

from podkit.errors import Cancelled, DamagedMediaError, EncodeError, FormatError
from podkit.media import fragments, graph, hls, ladder_files, playlists
from podkit.media.order import EncodeOrder
from podkit.media.playlists import Listed, Segment
from podkit.media.probe import probe
from podkit.model.loudness import Loudness
from podkit.model.media import VideoStream

pytestmark = pytest.mark.need("ffprobe", "ffmpeg")

CHAIN = graph.Chain(channels=2, rate=48000, aligned=True)


def film(path, *options: object, size="1280x720", rate=5, seconds=13):
    """A film that is quickly made and encoded."""
    picture = f"testsrc=s={size}:r={rate}:d={seconds}"
    sound = f"sine=f=300:d={seconds}:r=48000"
    source = ("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *options)
    sounds.make(*source, *H264, "-pix_fmt", "yuv420p", "-c:a", "aac", path)
    return path


def make(tool, source, folder, *, chain=CHAIN, **more: object):
    folder.mkdir()
    order = EncodeOrder(
        source=source, probe=probe(source), preset=preset("hls"), output=folder / "unused"
    )
    return hls.make(tool, order, folder, chain, **more)


@pytest.fixture(scope="module")
def ladder(tool, tmp_path_factory):
    """A film of 13 s and 720 lines, as HLS."""
    folder = tmp_path_factory.mktemp("hls")
    source = film(folder / "source.mp4")
    return make(tool, source, folder / "made", stem="energy")


def attributes(line: str) -> dict[str, str]:
    """An attribute list, read independently of podkit."""
    found = re.findall(r'([A-Z-]+)=("[^"]*"|[^,]*)', line.partition(":")[2])
    return {key: value.strip('"') for key, value in found}


def variants(master) -> list[tuple[dict[str, str], str]]:
    lines = master.read_text(encoding="ascii").splitlines()
    pairs = itertools.pairwise(lines)
    return [(attributes(a), b) for a, b in pairs if a.startswith("#EXT-X-STREAM-INF")]


def pieces(playlist) -> tuple[bytes, list[tuple[float, bytes]]]:
    """A playlist's head, and each segment's seconds and bytes, cut out by its ranges."""
    lines = playlist.read_text(encoding="ascii").splitlines()
    head, found, seconds, cut = b"", [], 0.0, (0, 0)
    for line in lines:
        if line.startswith("#EXT-X-MAP"):
            told = attributes(line)
            head = playlist.with_name(told["URI"]).read_bytes()[
                : int(told["BYTERANGE"].split("@")[0])
            ]
        elif line.startswith("#EXTINF"):
            seconds = float(line.removeprefix("#EXTINF:").rstrip(","))
        elif line.startswith("#EXT-X-BYTERANGE"):
            size, offset = line.removeprefix("#EXT-X-BYTERANGE:").split("@")
            cut = (int(offset), int(offset) + int(size))
        elif not line.startswith("#"):
            found.append((seconds, playlist.with_name(line).read_bytes()[slice(*cut)]))
    return head, found


def test_a_folder_of_relative_ascii_names(ladder):
    """One master playlist, two files for each rung, and nothing that is not named."""
    there = {path.name for path in ladder.master.parent.iterdir()}
    assert there == {"master.m3u8", *(part.file for part in ladder.parts)}
    kinds = [re.sub(r"-[0-9a-f]{8}\.", ".", part.file) for part in ladder.parts]
    names = ("energy-720p", "energy-480p", "energy-sound")
    assert kinds == [f"{name}.{end}" for name in names for end in ("mp4", "m3u8")]
    for part in ladder.parts:
        assert part.sha256[:8] in part.file
        assert (ladder.master.parent / part.file).stat().st_size == part.bytes
    for playlist in ladder.master.parent.glob("*.m3u8"):
        named = [x for x in playlist.read_text("ascii").splitlines() if x and x[0] != "#"]
        named += re.findall(r'URI="([^"]*)"', playlist.read_text("ascii"))
        assert set(named) <= there


def test_the_master_playlist_says_the_truth(ladder):
    """Codecs, sizes, frame rate and bit rates are those of the files; 720 lines are begun with."""
    folder = ladder.master.parent
    listed = variants(ladder.master)
    assert [told.get("RESOLUTION") for told, _ in listed] == ["1280x720", "854x480", None]
    assert ladder.height == 720
    _, heard = pieces(folder / listed[-1][1])
    loudest = max(len(content) * 8 / seconds for seconds, content in heard[:-1])
    for told, name in listed:
        head, segments = pieces(folder / name)
        peak = max(len(content) * 8 / seconds for seconds, content in segments[:-1])
        assert int(told["BANDWIDTH"]) >= peak + (loudest if "RESOLUTION" in told else 0) - 1
        assert int(told["BANDWIDTH"]) >= int(told["AVERAGE-BANDWIDTH"]) > 0
        assert told["AUDIO"] == "sound"
        if "RESOLUTION" not in told:
            assert told["CODECS"] == "mp4a.40.2"
            continue
        stream = seen(next(folder.glob(f"*{told['RESOLUTION'].split('x')[1]}p*.mp4")))
        assert told["CODECS"].split(",") == [
            f"avc1.{head[head.index(b'avcC') + 5 :][:3].hex()}",
            "mp4a.40.2",
        ]
        assert int(told["CODECS"][9:11], 16) == stream["level"]
        assert float(told["FRAME-RATE"]) == 5.0


def test_every_segment_begins_anew_and_all_together_are_whole(ladder, tmp_path):
    """Head and one segment decode alone, from a keyframe on; six seconds each; the same in all rungs."""
    folder = ladder.master.parent
    starts = []
    for told, name in variants(ladder.master):
        head, segments = pieces(folder / name)
        assert [round(seconds) for seconds, _ in segments] == [6, 6, 1]
        assert sum(seconds for seconds, _ in segments) == pytest.approx(13.0, abs=0.1)
        assert "#EXT-X-INDEPENDENT-SEGMENTS" in (folder / name).read_text("ascii")
        assert (folder / name).read_text("ascii").endswith("#EXT-X-ENDLIST\n")
        for number, (seconds, content) in enumerate(segments):
            alone = tmp_path / f"{number}.mp4"
            alone.write_bytes(head + content)
            argv = [sounds.BUNDLED, "-v", "error", "-i", alone, "-f", "null", "-"]
            assert not subprocess.run(argv, check=True, capture_output=True).stderr
            if "RESOLUTION" in told:
                times, keys = packets(alone)
                assert times[0] == keys[0]
                assert len(times) == round(seconds * 5)
        whole = tmp_path / "whole.mp4"
        whole.write_bytes(head + b"".join(content for _, content in segments))
        if "RESOLUTION" in told:
            starts.append(packets(whole)[1])
            assert seen(whole)["pix_fmt"] == "yuv420p"
    assert starts[0] == starts[1]
    assert len(starts[0]) == 7


def test_players_follow_it(ladder):
    """The HLS player in ffmpeg, old and new, finds every frame of both rungs and the sound."""
    for ffmpeg in (sounds.BUNDLED, shutil.which("ffmpeg")):
        argv = [ffmpeg, "-v", "error", "-i", ladder.master, "-map", "0:v", "-map", "0:a"]
        argv += ["-f", "framecrc", "-"]
        done = subprocess.run(argv, check=True, capture_output=True)
        assert not done.stderr
        rows = [x.split(b",")[0] for x in done.stdout.splitlines() if not x.startswith(b"#")]
        assert (rows.count(b"0"), rows.count(b"1")) == (65, 65)


def test_sound_and_pictures_stay_together(each, tmp_path):
    """A flash and a beep at one moment are at one moment still."""
    flash = "color=black:s=320x240:r=25:d=3,drawbox=t=fill:color=white:enable='between(t,1,1.2)'"
    beep = "aevalsrc='0.5*sin(2*PI*1000*t)*between(t,1,1.2)':s=48000:d=3"
    source = tmp_path / "x.mp4"
    sounds.make(
        *("-f", "lavfi", "-i", flash, "-f", "lavfi", "-i", beep),
        *(*H264, "-pix_fmt", "yuv420p", "-c:a", "aac", source),
    )
    made = make(each, source, tmp_path / "made")
    argv = [sounds.BUNDLED, "-v", "info", "-i", made.master, "-vf", "blackdetect=d=0.1"]
    argv += ["-af", "silencedetect=n=-30dB:d=0.1", "-f", "null", "-"]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stderr
    light = float(re.findall(r"black_end:([\d.]+)", said)[0])
    heard = float(re.findall(r"silence_end: ([\d.]+)", said)[0])
    assert light == pytest.approx(1.0, abs=0.05)
    assert heard == pytest.approx(1.0, abs=0.03)


@pytest.mark.parametrize(
    ("size", "rotation", "limit", "expected"),
    [
        ((1920, 1080), 0, 1080, [(1080, 6), (720, 3), (480, 1.5)]),
        ((3840, 2160), 0, 1080, [(1080, 6), (720, 3), (480, 1.5)]),
        ((1920, 1036), 0, 1080, [(1036, 6), (720, 3), (480, 1.5)]),
        ((1280, 720), 0, 1080, [(720, 3), (480, 1.5)]),
        ((1280, 720), 90, 1080, [(1080, 6), (720, 3), (480, 1.5)]),
        ((960, 540), 0, 1080, [(480, 1.5)]),
        ((640, 361), 0, 1080, [(360, 1.5)]),
        ((1920, 1080), 0, 480, [(480, 1.5)]),
    ],
)
def test_rungs(size, rotation, limit, expected):
    """None above the source or the preset, at least one, none too near to another."""
    video = VideoStream(codec="h264", width=size[0], height=size[1], rotation=rotation)
    found = hls.rungs(preset("hls", height=str(limit)), video)
    assert [(one.height, (one.max_rate or 0) / 1e6) for one in found] == expected


def test_a_varying_frame_rate_and_no_sound(each, tmp_path):
    """A silent screen recording has rungs with common keyframes, and no word of sound."""
    moments = ("-vf", "settb=1/1000,select='if(lt(t,1),1,not(mod(n,3)))'", "-an")
    source = film(tmp_path / "x.mp4", *moments, "-fps_mode", "vfr", rate=20, seconds=5)
    made = make(each, source, tmp_path / "made", chain=None)
    assert made.sound is None
    assert made.duration == pytest.approx(5.0, abs=0.2)
    text = made.master.read_text("ascii")
    assert "mp4a" not in text
    assert "AUDIO" not in text
    counts = [len(packets(path)[0]) for path in made.master.parent.glob("*.mp4")]
    assert counts == [len(packets(source)[0])] * 2


def test_a_correction_encodes_the_sound_alone(tool, tmp_path):
    """Where the loudness is not right yet, the pictures stay as they are."""
    source = film(tmp_path / "x.mp4", size="320x240", seconds=4)
    heard = []

    def again(loudness: Loudness) -> graph.Chain | None:
        heard.append(loudness.integrated)
        return replace(CHAIN, gain=6.0) if len(heard) == 1 else None

    told: list[float] = []
    made = make(tool, source, tmp_path / "made", again=again, on_progress=told.append)
    assert heard[1] - heard[0] == pytest.approx(6.0, abs=0.2)
    assert made.sound is not None
    assert made.sound.loudness.integrated == heard[1]
    assert made.chain.gain == 6.0
    assert len(made.commands) == 2
    assert "libx264" not in made.commands[1]
    assert told == sorted(told)
    assert told[-1] == pytest.approx(4.0, abs=0.1)


def test_sound_of_another_length_is_refused(tool, tmp_path):
    """Where a second of sound is missing, there is no ladder."""
    source = film(tmp_path / "x.mp4", size="320x240", seconds=2)
    make(tool, source, tmp_path / "made", heard=2.0)
    with pytest.raises(EncodeError, match="the sound has"):
        make(tool, source, tmp_path / "other", heard=3.0)


def test_it_stops_when_told_to(tool, tmp_path):
    """A flag that is up ends it."""
    flag = threading.Event()
    flag.set()
    source = film(tmp_path / "x.mp4", size="320x240", seconds=2)
    with pytest.raises(Cancelled):
        make(tool, source, tmp_path / "made", cancel=flag)


def test_a_source_that_ends_early_is_refused(tool, tmp_path):
    """A film whose pictures end before its header says makes no ladder."""
    source = film(tmp_path / "x.mp4", "-movflags", "+faststart", size="320x240", seconds=4)
    media = probe(source)
    source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
    order = EncodeOrder(source=source, probe=media, preset=preset("hls"), output=source)
    (tmp_path / "made").mkdir()
    with pytest.raises(EncodeError):
        hls.make(tool, order, tmp_path / "made", CHAIN)


def test_what_does_not_fit_is_found(ladder, tmp_path):
    """A byte too few or too many, a playlist that is gone: following the playlists tells."""
    folder = tmp_path / "copy"
    shutil.copytree(ladder.master.parent, folder)
    made = [
        ladder_files.named(path, path.name[:-13], fragments.read(path))
        for path in sorted(folder.glob("*.mp4"))
    ]
    ladder_files.follow(folder / "master.m3u8", made)
    extra = replace(made[0], listed=Listed(file="x", head=1, segments=()))
    with pytest.raises(FormatError, match="nothing names x"):
        ladder_files.follow(folder / "master.m3u8", [*made, extra])
    path = made[0].path
    whole = path.read_bytes()
    path.write_bytes(whole + b"\0")
    with pytest.raises(FormatError, match="ends before"):
        ladder_files.follow(folder / "master.m3u8", made)
    path.write_bytes(whole[:-1])
    with pytest.raises(DamagedMediaError):
        fragments.read(path)


@given(
    some.lists(
        some.tuples(some.integers(500, 6400), some.integers(1, 10**7)), min_size=1, max_size=9
    ),
    some.integers(100, 5000),
)
def test_a_playlist_says_what_was_put_in(parts, head):
    """Law: what is printed is read back the same."""
    segments, at = [], head
    for milliseconds, size in parts:
        segments.append(Segment(seconds=milliseconds / 1000, offset=at, bytes=size))
        at += size
    one = Listed(file="a-720p-01234567.mp4", head=head, segments=tuple(segments))
    assert playlists.parse_media(playlists.media_text(one)) == one


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("#EXTM3U", "#EXTM4U"),
        ("#EXT-X-ENDLIST\n", ""),
        ("#EXTINF:6.000000,", "#EXTINF:9.000000,"),
        ("BYTERANGE=", "BYTES="),
        ("\na.mp4", "\n../secret.mp4"),
        ("\na.mp4", "\nhttp://example.com/a.mp4"),
    ],
)
def test_a_wrong_playlist_is_refused(before, after):
    """A playlist that names another file, or lies about its segments, does not pass."""
    one = Listed(file="a.mp4", head=9, segments=(Segment(seconds=6.0, offset=9, bytes=7),))
    text = playlists.media_text(one)
    assert before in text
    with pytest.raises((FormatError, KeyError)):
        playlists.parse_media(text.replace(before, after))
