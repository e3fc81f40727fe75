"""What podkit sees in a file is what ffprobe sees; one file's crash is that file's error only."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import media_sounds as sounds
import pytest

from podkit import child
from podkit.errors import Cancelled, FileError, NotMediaError
from podkit.media import probe as probing
from podkit.media import tools
from podkit.media.probe import probe, probe_many
from podkit.media.worker import Worker, WorkerDied
from podkit.model.media import MediaInfo

CHAPTERS = """;FFMETADATA1
title=Назва «x» = 1
artist=A
[CHAPTER]
TIMEBASE=1/1000
START=0
END=1500
title=One
[CHAPTER]
TIMEBASE=1/1000
START=1500
END=4000
title=Два
"""
ODD_NAMES = (
    "-x.mp3",
    "http:x.mp3",
    "a:b.mp3",
    "concat:x|y.mp3",
    "new\nline.mp3",
    "'q\"uo'.mp3",
    "cover%d%03d.mp3",
    "[x]*?.mp3",
    "🎙️.mp3",
    "bad\udcff.mp3",
    "\u202eoga.mp3",
    " .mp3",
    "x" * 251 + ".mp3",
    "subfile,,start,0,end,9,,:x.mp3",
    "pipe:0",
    "data:,x.mp3",
)


def seen_by_ffprobe(path: Path) -> dict:
    """Format, streams and chapters as the system's ffprobe prints them."""
    argv = ["ffprobe", "-v", "error", "-of", "json", "-show_format", "-show_streams"]
    argv += ["-show_chapters", f"file:{path}"]
    return json.loads(subprocess.run(argv, check=True, capture_output=True).stdout)


@pytest.mark.need("ffprobe")
@pytest.mark.parametrize(
    "extension", ["mp3", "m4a", "ogg", "opus", "flac", "wav", "aiff", "mka", "webm"]
)
def test_it_sees_what_ffprobe_sees(containers, extension):
    """Codec, channels, sample rate, duration, size: as the independent reader has them."""
    path = containers[extension]
    mine, theirs = probe(path), seen_by_ffprobe(path)
    stream = theirs["streams"][0]
    assert mine.audio[0].codec == stream["codec_name"]
    assert mine.audio[0].channels == stream["channels"]
    assert mine.audio[0].sample_rate == int(stream["sample_rate"])
    assert mine.duration == pytest.approx(float(theirs["format"]["duration"]), abs=0.05)
    assert mine.bytes == path.stat().st_size
    assert mine.bit_rate == pytest.approx(int(theirs["format"]["bit_rate"]), rel=0.02)
    assert mine.path == str(path)
    assert not mine.video


@pytest.mark.need("ffprobe")
@pytest.mark.parametrize("extension", ["mp3", "m4a", "opus", "mka", "ogg", "flac"])
def test_tags_and_chapters(containers, tmp_path, extension):
    """Tags have lower-case keys; chapters have their times and titles."""
    meta = tmp_path / "meta.txt"
    meta.write_text(CHAPTERS, encoding="utf-8")
    path = tmp_path / f"x.{extension}"
    sounds.make(
        *("-i", containers[extension], "-f", "ffmetadata", "-i", meta, "-map", "0:a"),
        *("-map_metadata", "1", "-map_chapters", "1", "-c", "copy", path),
    )
    mine, theirs = probe(path), seen_by_ffprobe(path)
    assert mine.tags["title"] == "Назва «x» = 1"
    assert all(key == key.lower() for key in mine.tags)
    starts = [float(chapter["start_time"]) for chapter in theirs["chapters"]]
    assert [c.start for c in mine.chapters] == pytest.approx(starts, abs=0.001)
    if extension not in {"ogg", "flac"}:  # ffmpeg writes none there, or late
        assert [c.title for c in mine.chapters] == ["One", "Два"]


@pytest.mark.parametrize("extension", ["mp3", "m4a", "flac"])
def test_covers_are_artwork_not_video(containers, tmp_path, extension):
    """An attached picture is listed with its size, and the file has no pictures that move."""
    cover, path = tmp_path / "cover.jpg", tmp_path / f"x.{extension}"
    sounds.make("-f", "lavfi", "-i", "testsrc=s=300x200", "-frames:v", "1", cover)
    sounds.make(
        *("-i", containers[extension], "-i", cover, "-map", "0:a", "-map", "1:v", "-c", "copy"),
        *("-disposition:v", "attached_pic", path),
    )
    mine = probe(path)
    assert not mine.video
    (picture,) = mine.artwork
    assert (picture.mime, picture.width, picture.height) == ("image/jpeg", 300, 200)
    assert picture.bytes == cover.stat().st_size


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_video_and_its_rotation(video, tmp_path, degrees):
    """Size, frame rate and the clockwise turn with which a player shows the pictures."""
    path = tmp_path / "x.mp4"
    sounds.make("-display_rotation", -degrees, "-i", video, "-c", "copy", path)
    (picture,) = probe(path).video
    assert (picture.codec, picture.width, picture.height) == ("h264", 640, 480)
    assert picture.frame_rate == 25.0
    assert picture.rotation == degrees
    assert picture.duration == pytest.approx(2.0, abs=0.05)


def test_odd_names(containers, tmp_path):
    """A name is a name: no option, no pattern, no address, whatever it looks like."""
    for name in ODD_NAMES:
        (tmp_path / os.fsdecode(os.fsencode(name))).write_bytes(containers["mp3"].read_bytes())
    found = list(probe_many(sorted(tmp_path.iterdir())))
    assert len(found) == len(ODD_NAMES)
    assert all(isinstance(one, MediaInfo) and one.audio[0].codec == "mp3" for one in found)
    before = os.getcwd()
    try:
        os.chdir(tmp_path)
        assert probe("-x.mp3").audio
        assert probe("pipe:0").audio
    finally:
        os.chdir(before)


def test_what_does_not_decode_is_refused(containers, tmp_path):
    """A good beginning without a decodable frame is no media; others in the row go on."""
    hollow = {}
    for extension in ("m4a", "ogg", "flac", "wav", "mka"):
        content = bytearray(containers[extension].read_bytes())
        keep = 60 if extension != "wav" else 20
        content[keep:] = b"\0" * (len(content) - keep)
        hollow[extension] = tmp_path / f"x.{extension}"
        hollow[extension].write_bytes(content)
    found = list(probe_many([*hollow.values(), containers["mp3"], tmp_path / "none.mp3"]))
    assert all(isinstance(one, NotMediaError) for one in found[:-2])
    assert isinstance(found[-2], MediaInfo)
    assert isinstance(found[-1], FileError)


def test_damaged_files_never_raise_anything_else(containers, tmp_path):
    """Cut and altered files are read or refused; no other exception, no crash of ours."""
    import random

    chance = random.Random(7)
    paths = []
    for extension, path in containers.items():
        for number in range(6):
            content = bytearray(path.read_bytes())
            for _ in range(20):
                content[chance.randrange(min(len(content), 3000))] = chance.randrange(256)
            mutant = tmp_path / f"{number}.{extension}"
            mutant.write_bytes(content[: chance.randrange(10, len(content))])
            paths.append(mutant)
    for one in probe_many(paths):
        assert isinstance(one, MediaInfo | NotMediaError), repr(one)


CRASHER = """
import json, os
from podkit.media.worker import questions
print('{"ready": true}', flush=True)
for line, descriptor in questions():
    with os.fdopen(descriptor, "rb") as stream:
        content = stream.read()
    if content.endswith(b"crash.mp3"):
        os.abort()
    if content.endswith(b"hang.mp3"):
        import time
        time.sleep(60)
    print(json.dumps({"duration": 1.0, "bit_rate": None, "audio": [], "video": [], "tags": {},
                      "chapters": [], "artwork": []}), flush=True)
"""


@pytest.fixture
def crasher(tmp_path, monkeypatch):
    """A probe worker that crashes or hangs at files of certain endings."""
    (tmp_path / "podkit_test_crasher.py").write_text(CRASHER)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(probing, "_MODULE", "podkit_test_crasher")
    monkeypatch.setattr(probing, "_LIMITS", child.Limits(deadline=4.0))


def test_a_crash_is_one_files_error(containers, tmp_path, crasher):
    """A decoder that crashes or hangs costs its own file; the others are probed."""
    names = ("a.mp3", "crash.mp3", "b.mp3", "hang.mp3", "c.mp3")
    for name in names:
        (tmp_path / name).write_bytes(containers["mp3"].read_bytes() + name.encode())
    found = list(probe_many([tmp_path / name for name in names]))
    assert [isinstance(one, MediaInfo) for one in found] == [True, False, True, False, True]
    assert "crashed" in str(found[1])
    assert "no answer in 4 s" in str(found[3])


def test_probing_can_be_cancelled(containers, tmp_path, crasher):
    """A cancel flag ends a probe at once, with its worker."""
    (tmp_path / "hang.mp3").write_bytes(containers["mp3"].read_bytes() + b"hang.mp3")
    flag = threading.Event()
    threading.Timer(0.3, flag.set).start()
    begun = time.monotonic()
    with pytest.raises(Cancelled):
        probe(tmp_path / "hang.mp3", cancel=flag)
    assert time.monotonic() - begun < 20


def test_a_worker_that_cannot_start_is_no_files_fault(containers, monkeypatch):
    """A missing module is the installation's fault, not the file's."""
    from podkit.errors import ToolError

    monkeypatch.setattr(probing, "_MODULE", "podkit.nowhere")
    with pytest.raises(ToolError, match=r"cannot start podkit\.nowhere"):
        probe(containers["mp3"])


def test_a_worker_is_used_again_and_again(tmp_path):
    """One child answers many questions; a dead one is replaced."""
    (tmp_path / "empty").touch()
    question = {"demuxer": "mp3", "decoders": "mp3"}
    with (
        Worker("podkit.media.probe_worker", limits=child.Limits(deadline=5)) as worker,
        (tmp_path / "empty").open("rb") as stream,
    ):
        for _ in range(3):
            assert "refused" in worker.ask(question, file=stream)
        assert worker._process is not None
        child._signal_group(worker._process._popen.pid, signal.SIGSTOP)
        worker._limits = child.Limits(deadline=0.3)
        with pytest.raises(WorkerDied, match="no answer"):
            worker.ask(question, file=stream)
        worker._limits = child.Limits(deadline=5)
        assert "refused" in worker.ask(question, file=stream)


def test_no_module_of_the_current_folder_is_run(containers, tmp_path, monkeypatch):
    """A stranger's `av.py` in the current folder is not imported by the worker."""
    (tmp_path / "av.py").write_text("raise SystemExit('hijacked')")
    (tmp_path / "json.py").write_text("raise SystemExit('hijacked')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert probe(containers["mp3"]).audio


@pytest.mark.parametrize(
    "binary", ["bundled", pytest.param("system", marks=pytest.mark.need("ffmpeg"))]
)
def test_a_playlist_past_the_door_opens_nothing(containers, tmp_path, monkeypatch, binary):
    """Were a file exchanged for a playlist after it was sniffed, ffmpeg still opens no other."""
    from podkit.media import graph, run
    from podkit.model.media import Container

    monkeypatch.delenv(tools.VARIABLE, raising=False)
    if binary == "system":
        monkeypatch.setenv(tools.VARIABLE, "ffmpeg")
    tool = tools.find_ffmpeg()
    other = tmp_path / "other.mp3"
    other.write_bytes(containers["mp3"].read_bytes())
    os.utime(other, (0, 0))
    for text in (
        f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:6,\n{other}\n#EXT-X-ENDLIST\n",
        f"ffconcat version 1.0\nfile {other.name}\n",
    ):
        path = tmp_path / "ep.mp3"
        path.write_text(text)
        for container in Container:
            arguments = graph.measuring(path, container, None, loudness=False)
            assert run.ffmpeg(tool, arguments, where=path).seconds == 0
        with pytest.raises(NotMediaError):
            probe(path)
    assert os.stat(other).st_atime == 0 or _no_access_times(tmp_path)


def _no_access_times(folder: Path) -> bool:
    """Whether the file system does not note when a file is read."""
    probe_file = folder / "atime"
    probe_file.write_text("x")
    os.utime(probe_file, (0, 0))
    probe_file.read_text()
    return os.stat(probe_file).st_atime == 0


@pytest.mark.need("strace")
@pytest.mark.parametrize("disguise", ["HLS", "ffconcat", "DASH"])
def test_a_disguised_playlist_opens_no_other_file(containers, tmp_path, disguise):
    """Probing a playlist that is named `ep.mp3` never opens what it lists (seen by strace)."""
    other = tmp_path / "other.mp3"
    other.write_bytes(containers["mp3"].read_bytes())
    texts = {
        "HLS": f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:6,\n{other}\n#EXT-X-ENDLIST\n",
        "ffconcat": f"ffconcat version 1.0\nfile {other.name}\n",
        "DASH": f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011">{other}</MPD>',
    }
    path, log = tmp_path / "ep.mp3", tmp_path / "log"
    path.write_text(texts[disguise])
    code = "import sys; from podkit.media.probe import probe; probe(sys.argv[1])"
    made = subprocess.run(
        ["strace", "-f", "-e", "trace=open,openat", "-o", log, sys.executable, "-c", code, path],
        check=False,
        capture_output=True,
        text=True,
    )
    assert "NotMediaError" in made.stderr
    assert str(path) in log.read_text()
    assert "other.mp3" not in log.read_text()
