"""What broke off gets no tags without a word: refused where that is sure, with a warning where not."""

from __future__ import annotations

import pytest
from whole_runs import SPEECH, answer, complaint, ffmpeg

from podkit.steps.tag import tag
from podkit.steps.tag_order import TagOrder

KINDS = ("mp3", "m4a", "opus", "ogg", "flac", "wav", "aiff", "mkv", "webm", "mp4")
SURE = frozenset(["m4a", "opus", "ogg", "wav", "aiff", "mkv", "webm", "mp4"])
"""Containers that count their bytes."""


def voice(path, seconds):
    """A piece of speech in the format of the path's suffix."""
    ffmpeg("-i", SPEECH, "-t", seconds, "-ac", 2, "-ar", 48000, path)
    return path


def retitled(path, *, dry_run: bool = False):
    """What became of a file whose title was to be set."""
    return tag(TagOrder(paths=(path,), set=("title=New",)), dry_run=dry_run)


@pytest.fixture(scope="module")
def wholes(tmp_path_factory):
    """Six seconds of speech in each container, with a cover's worth of tags in the MP3."""
    folder = tmp_path_factory.mktemp("wholes")
    return {kind: voice(folder / f"whole.{kind}", 6) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_bytes_of_a_file_are_refused(wholes, tmp_path, kind):
    """Of a download that broke off at once nothing is retitled, and the error says what is wrong."""
    path = tmp_path / f"torn.{kind}"
    for length in (300, 60):
        path.write_bytes(wholes[kind].read_bytes()[:length])
        [failed] = retitled(path).failed
        assert str(failed.path) == str(path)
        assert path.read_bytes() == wholes[kind].read_bytes()[:length]
    if kind not in {"wav", "aiff", "mkv", "webm"}:  # judged when they are written
        assert retitled(path, dry_run=True).failed


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.4, 0.97])
def test_a_file_whose_end_is_missing(wholes, tmp_path, kind, share):
    """It is refused where its container counts bytes, and gets its tags with a warning elsewhere."""
    path = tmp_path / f"torn.{kind}"
    whole = wholes[kind].read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    if kind in SURE:
        assert retitled(path).failed
        assert path.stat().st_size == int(len(whole) * share)
        return
    for dry_run in (True, False):
        [found] = retitled(path, dry_run=dry_run).files
        assert "it may be cut off" in found.warnings[0]
        assert found.tags["title"] == "New"


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_file_is_taken_without_a_word(wholes, tmp_path, kind):
    """Nothing is said of good files, with tags behind their sound or without."""
    path = tmp_path / f"good.{kind}"
    path.write_bytes(wholes[kind].read_bytes())
    for change in ("title=New", "comment=" + "long " * 500):
        [found] = tag(TagOrder(paths=(path,), set=(change,))).files
        assert found.warnings == ()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("vbr.mp3", ("-c:a", "libmp3lame", "-q:a", "4")),
        ("bare.mp3", ("-c:a", "libmp3lame", "-write_xing", "0", "-id3v2_version", "0")),
        ("mpeg2.mp3", ("-c:a", "libmp3lame", "-ar", "16000")),
        ("old.mp3", ("-c:a", "libmp3lame", "-write_id3v1", "1", "-metadata", "title=Old")),
        ("front.m4a", ("-c:a", "aac", "-movflags", "+faststart")),
        ("pieces.mp4", ("-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov")),
        ("film.mov", ("-c:a", "pcm_s16le")),
        ("hires.flac", ("-c:a", "flac", "-ar", "96000", "-sample_fmt", "s32")),
        ("short.flac", ("-c:a", "flac", "-frame_size", "576")),
        ("live.webm", ("-c:a", "libopus", "-f", "webm", "-live", "1")),
        ("short.opus", ("-c:a", "libopus", "-t", "0.1")),
        ("short.mp3", ("-c:a", "libmp3lame", "-t", "0.1")),
    ],
)
def test_good_files_of_other_programs_are_taken(tmp_path, name, options):
    """No way of writing a whole file makes it look torn."""
    path = tmp_path / name
    ffmpeg("-i", SPEECH, "-t", "5", *options, path)
    [found] = retitled(path).files
    assert found.warnings == ()


def test_a_flac_from_a_pipe_counts_nothing(tmp_path):
    """An encoder that could not go back to the header leaves the count out: that is no fault."""
    path = tmp_path / "piped.flac"
    ffmpeg("-i", SPEECH, "-t", "3", path)
    content = bytearray(path.read_bytes())
    content[21] &= 0xF0
    content[22:26] = bytes(4)
    path.write_bytes(content)
    [found] = retitled(path).files
    assert found.warnings == ()


def test_a_recording_of_a_live_stream_is_taken(tmp_path):
    """An Ogg without a last page is whole enough, and may be a torn one: it is said."""
    path = voice(tmp_path / "live.ogg", 6)
    content = bytearray(path.read_bytes())
    content[content.rfind(b"OggS") + 5] &= ~4
    path.write_bytes(content)
    [found] = retitled(path).files
    assert "it may be cut off" in found.warnings[0]


def test_the_command_says_it(wholes, tmp_path):
    """The error names the file, what it lacks, and what to do; a doubt is a warning."""
    path = tmp_path / "torn.opus"
    path.write_bytes(wholes["opus"].read_bytes()[:300])
    said = complaint("tag", path, "--set", "title=New")
    for words in (path.name, "it is cut off: it ends before its sound begins", "--allow-damaged"):
        assert words in said
    other = tmp_path / "torn.mp3"
    other.write_bytes(wholes["mp3"].read_bytes()[:-500])
    [found] = answer("tag", other, "--set", "title=New")["files"]
    assert found["warnings"] == ["it may be cut off: its last 500 bytes are missing"]
