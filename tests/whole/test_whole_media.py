"""What listeners get: loudness, chapters, covers, and nothing private, read by other programs."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import mutagen
import pytest
from whole_runs import CHAPTERS, SPEECH, answer, ffmpeg, film, make_show, podkit, talk, tree

CANARY = "CANARY-7f3a"
WANTED = [(0.0, "Вступ — «лапки» & <b>"), (2.345, "Second, 2.345"), (5.6, "Third 🎙")]


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """A built show whose one source carries private notes, in four audio presets."""
    root = tmp_path_factory.mktemp("media")
    folder = make_show(root / "show")
    source = root / "talk.mp3"
    ffmpeg(
        *("-i", SPEECH, "-t", 8, "-metadata", f"comment={CANARY}", "-metadata", f"TENC={CANARY}"),
        *("-metadata", f"purl={CANARY}", "-id3v2_version", 3, source),
    )
    (root / "ch.txt").write_text(CHAPTERS, encoding="utf-8")
    answer(
        *("-C", folder, "add", source, "--title", "Назва & <title>", "--chapters", root / "ch.txt"),
        *("--published", "2026-11-01"),
    )
    podkit("-C", folder, "set", "nazva-title", 'presets=["mp3", "mp3-mono", "m4a", "opus"]')
    podkit("-C", folder, "publish", f"file:{root / 'out'}")
    return folder


def renditions(show: Path) -> list[Path]:
    """The published media files."""
    return sorted((show.parent / "out/media").iterdir())


def sound(path: Path) -> bytes:
    """A hash of the decoded sound."""
    from podkit.media.tools import find_ffmpeg

    command = [find_ffmpeg().path, "-v", "error", "-nostdin", "-i", path, "-map", "0:a"]
    return subprocess.check_output([*command, "-f", "md5", "-"])


def probed(path: Path) -> dict:
    """What ffprobe sees."""
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters"]
    return json.loads(subprocess.check_output([*command, "-of", "json", path]))


@pytest.mark.need("ffmpeg")
def test_loudness_of_the_encoded_files(show):
    """-16 ± 0.5 LUFS and at most -1 dBTP, measured by another ffmpeg's ebur128."""
    assert len(renditions(show)) == 4
    for path in renditions(show):
        command = ["ffmpeg", "-hide_banner", "-nostdin", "-i", path]
        command += ["-af", "ebur128=peak=true", "-f", "null", "-"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
        summary = told[told.rindex("Summary") :]
        integrated = float(re.search(r"I:\s+(\S+)", summary)[1])
        peak = float(re.search(r"Peak:\s+(\S+)", summary)[1])
        assert abs(integrated + 16) <= 0.5, path
        assert peak <= -1.0, path


@pytest.mark.need("ffprobe")
def test_chapters_and_cover_for_ffprobe(show):
    """Chapters lie within 1 ms of the intended times, and each file has a cover."""
    for path in renditions(show):
        seen = probed(path)
        found = [(float(c["start_time"]), c["tags"]["title"]) for c in seen["chapters"]]
        assert [title for _, title in found] == [title for _, title in WANTED], path
        for (start, _), (wanted, _) in zip(found, WANTED, strict=True):
            assert abs(start - wanted) <= 0.0011, path
        assert any(s["disposition"]["attached_pic"] for s in seen["streams"]), path


def test_chapters_and_cover_for_mutagen(show):
    """A second reader sees the same, in each container's own words."""
    for path in renditions(show):
        seen = mutagen.File(path)
        if path.suffix == ".mp3":
            chapters = sorted(seen.tags.getall("CHAP"), key=lambda c: c.start_time)
            found = [(c.start_time / 1000, str(c.sub_frames["TIT2"])) for c in chapters]
            assert seen.tags.getall("APIC")[0].type == 3
        elif path.suffix == ".m4a":
            found = [(c.start, c.title) for c in seen.chapters]
            assert seen.tags["covr"]
        else:
            keys = ("CHAPTER000", "CHAPTER001", "CHAPTER002")
            clocks = [[float(p) for p in seen[key][0].split(":")] for key in keys]
            starts = [h * 3600 + m * 60 + s for h, m, s in clocks]
            found = [(s, seen[key + "NAME"][0]) for s, key in zip(starts, keys, strict=True)]
            assert seen["METADATA_BLOCK_PICTURE"]
        assert [title for _, title in found] == [title for _, title in WANTED], path
        for (start, _), (wanted, _) in zip(found, WANTED, strict=True):
            assert abs(start - wanted) <= 0.001, path


def test_nothing_private_gets_out(show):
    """What somebody's editor wrote into the source is in no published byte."""
    assert CANARY.encode() in (show / "episodes/nazva-title/master.mp3").read_bytes()
    for name, content in tree(show.parent / "out").items():
        assert CANARY.encode() not in content, name
        assert str(show.parent).encode() not in content, name


def test_everything_published_can_be_read_by_a_web_server(show, tmp_path):
    """Files are 0644 and folders 0755 whatever the umask."""
    old = os.umask(0o077)
    try:
        podkit("-C", show, "publish", f"file:{tmp_path / 'out'}")
    finally:
        os.umask(old)
    for path in (tmp_path / "out").rglob("*"):
        wanted = 0o755 if path.is_dir() else 0o644
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_links_out_of_the_show_are_not_followed(show, tmp_path):
    """A link in an episode's folder or in public/ never brings foreign bytes out."""
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY, encoding="utf-8")
    (show / "public/leak.txt").symlink_to(secret)
    podkit("-C", show, "publish", "--no-build", f"file:{tmp_path / 'out'}")
    assert all(CANARY.encode() not in content for content in tree(tmp_path / "out").values())
    (show / "public/leak.txt").unlink()


def test_files_outside_a_show(tmp_path):
    """Files and folders are encoded into a mirrored folder; the second run does nothing."""
    (tmp_path / "in/deep").mkdir(parents=True)
    talk(tmp_path / "in/one.wav", 3)
    talk(tmp_path / "in/deep/two.flac", 3)
    (tmp_path / "in/deep/three.mp3").write_bytes(b"no sound at all")
    words = ("transcode", "in", "-r", "-p", "mp3", "-p", "opus", "-o", "out")
    report = answer(*words, code=4, cwd=tmp_path)
    assert sorted(Path(one["output"]).name for one in report["done"]) == [
        "one.mp3",
        "one.opus",
        "two.mp3",
        "two.opus",
    ]
    assert (tmp_path / "out/deep/two.opus").is_file()
    assert {one["preset"] for one in report["failed"]} == {"mp3", "opus"}
    again = answer(*words, code=4, cwd=tmp_path)
    assert (again["done"], len(again["skipped"])) == ([], 4)
    left = {p.name for p in (tmp_path / "out").rglob(".*")}
    assert left <= {".podkit-done.json", ".podkit.lock"}


def test_the_source_is_never_overwritten(tmp_path):
    """An output that would be its own source is refused."""
    source = talk(tmp_path / "talk.mp3", 3)
    before = source.read_bytes()
    answer("transcode", "./talk.mp3", "-p", "mp3", "-o", ".", code=1, cwd=tmp_path)
    assert source.read_bytes() == before


def test_video_and_its_sound(tmp_path):
    """A film gives an MP4 that begins with its index, and its sound alone."""
    film(tmp_path / "film.mov", 3)
    report = answer(
        *("transcode", "./film.mov", "-p", "video-720p", "-p", "video-audio", "-o", "out"),
        cwd=tmp_path,
    )
    assert {Path(one["output"]).suffix for one in report["done"]} == {".mp4", ".mp3"}
    head = (tmp_path / "out/film.mp4").read_bytes()
    assert head.index(b"moov") < head.index(b"mdat")


def test_copy_and_original(tmp_path):
    """`copy` keeps the frames, `original` every byte."""
    source = talk(tmp_path / "talk.mp3", 3)
    report = answer(
        "transcode", "./talk.mp3", "-p", "copy", "-p", "original", "-o", "out", cwd=tmp_path
    )
    made = {one["preset"]: tmp_path / one["output"] for one in report["done"]}
    assert made["original"].read_bytes() == source.read_bytes()
    assert sound(made["copy"]) == sound(source)


def test_two_long_titles_that_begin_alike(tmp_path):
    """Episodes made at once never get each other's sound, however alike their names begin."""
    folder = make_show(tmp_path / "show")
    pitches = {"one": 400, "two": 1500}
    for part, pitch in pitches.items():
        source = tmp_path / f"{part}.wav"
        ffmpeg("-f", "lavfi", "-i", f"sine=f={pitch}:d=3", "-ac", 2, source)
        title = f"The very long interview with somebody about everything, part {part}"
        answer("-C", folder, "add", source, "--title", title, "--published", "2026-11-01")
    report = answer("-C", folder, "transcode", "-p", "mp3", "-j", 2)
    assert len(report["done"]) == 2
    for made in report["done"]:
        pitch = pitches[made["episode"].rpartition("-")[2]]
        kept = subprocess.run(
            ["ffmpeg", "-nostdin", "-i", folder / made["output"], "-af",
             f"bandpass=f={pitch}:w=50,volumedetect", "-f", "null", "-"],
            capture_output=True, text=True, check=True,
        ).stderr  # fmt: skip
        level = re.search(r"mean_volume: (\S+) dB", kept)
        assert level is not None
        assert float(level[1]) > -25, made["episode"]
