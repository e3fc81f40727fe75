"""Tags, chapters and covers in every container: written by podkit, read by it and by others."""

from __future__ import annotations

import base64
import io
import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import mutagen
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.id3 import GEOB, PRIV
from PIL import Image

from podkit.errors import FileError, PodkitError
from podkit.media.tools import find_ffmpeg
from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.tags import Tags
from podkit.model.text import clean_line
from podkit.tags import files as tags
from podkit.tags.pictures import figures

CONTAINERS = {
    "mp3": ["-c:a", "libmp3lame"],
    "wav": ["-c:a", "pcm_s16le"],
    "aiff": ["-c:a", "pcm_s16be"],
    "m4a": ["-c:a", "aac"],
    "mp4": ["-c:a", "aac", "-movflags", "+faststart"],
    "ogg": ["-c:a", "flac"],
    "opus": ["-c:a", "libopus", "-ar", "48000"],
    "flac": ["-c:a", "flac"],
}
TAGGED = [kind for kind in CONTAINERS if kind != "ogg"]
FIELDS = {
    "title": 'Назва & <title> "q"',
    "artist": "Автор; Zoë 🎙",
    "album": "Show, The",
    "genre": "Podcast",
    "date": "2026-11-20",
    "comment": "one line",
    "description": "What it is about",
    "copyright": "CC BY 4.0",
    "podcast_id": "0bba1d77-4f7f-4594-a0de-5358d796869d",
    "season": "2",
    "episode": "7",
}
CHAPTERS = (
    Chapter(start=0.0, end=2.345, title="Вступ — «лапки»"),
    Chapter(start=2.345, end=4.6, title="Second, 2.345"),
    Chapter(start=4.6, end=6.0, title="Third 🎙"),
)
CANARY = "CANARY-7f3a"


def run(*words: object) -> bytes:
    """The bundled ffmpeg's output."""
    command = [find_ffmpeg().path, "-v", "error", "-nostdin", "-y", *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True).stdout


def sound(path: Path) -> bytes:
    """A hash of the decoded sound."""
    return run("-i", path, "-map", "0:a", "-f", "md5", "-")


@pytest.fixture(scope="session")
def originals(tmp_path_factory):
    """Six seconds of a tone in every container, with somebody's private notes in it."""
    folder = tmp_path_factory.mktemp("tagged")
    for kind, codec in CONTAINERS.items():
        tone = ["-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000:duration=6"]
        run(*tone, *codec, "-metadata", f"encoded_by={CANARY}", folder / f"x.{kind}")
    return folder


@pytest.fixture
def original(originals, tmp_path, request):
    """A private copy of the file in the container of the test."""
    return Path(shutil.copy2(originals / f"x.{request.param}", tmp_path))


@pytest.fixture(scope="session")
def cover():
    """A small JPEG."""
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "navy").save(out, "JPEG")
    return Picture(mime="image/jpeg", content=out.getvalue())


def each(*kinds: str):
    """The test, once for each container."""
    return pytest.mark.parametrize("original", kinds or TAGGED, indirect=True, ids=kinds or TAGGED)


@each()
def test_what_is_written_is_read_back(original, cover):
    """Every field, chapter and picture comes back as it was meant; the sound is untouched."""
    before = sound(original)
    wanted = Tags(fields=FIELDS, chapters=CHAPTERS, artwork=(cover,))
    tags.write(original, wanted, clear=True)
    found = tags.read(original)
    assert {k: v for k, v in found.fields.items() if k in FIELDS} == FIELDS
    assert [(c.start, c.title) for c in found.chapters] == [(c.start, c.title) for c in CHAPTERS]
    assert found.artwork[0].content == cover.content
    assert sound(original) == before


@each("mp3")
@pytest.mark.parametrize("version", ["2.3", "2.4"])
def test_both_versions_of_id3(original, version, cover):
    """The version that was asked for is written, and says the same."""
    tags.write(original, Tags(fields=FIELDS, chapters=CHAPTERS, artwork=(cover,)), id3=version)
    assert original.read_bytes()[3] == int(version[-1])
    assert tags.read(original).fields["date"] == FIELDS["date"]


@pytest.mark.need("ffprobe")
@each("mp3", "m4a", "mp4", "opus", "flac")
def test_ffprobe_sees_the_same(original, cover):
    """Titles, chapters within 1 ms, and a cover, for a reader that nobody here wrote."""
    tags.write(original, Tags(fields=FIELDS, chapters=CHAPTERS, artwork=(cover,)), clear=True)
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-show_chapters"]
    seen = json.loads(subprocess.check_output([*command, "-of", "json", original]))
    told = seen["format"].get("tags") or seen["streams"][0]["tags"]
    told = {key.lower(): value for key, value in told.items()}
    assert {key: told[key] for key in ("title", "artist", "album")} == {
        key: FIELDS[key] for key in ("title", "artist", "album")
    }
    for chapter, meant in zip(seen["chapters"], CHAPTERS, strict=True):
        assert abs(float(chapter["start_time"]) - meant.start) <= 0.0011
        assert chapter["tags"]["title"] == meant.title
    assert any(stream["disposition"]["attached_pic"] for stream in seen["streams"])


@pytest.mark.need("exiftool")
@each("mp3", "m4a", "flac", "opus")
def test_exiftool_sees_the_title(original):
    """And for another one."""
    tags.write(original, Tags(fields=FIELDS))
    seen = json.loads(subprocess.check_output(["exiftool", "-j", original]))[0]
    assert seen["Title"] == FIELDS["title"]


@each()
def test_clearing_leaves_nothing_private(original):
    """What others wrote into the file is gone, whatever they called it."""
    if original.suffix in {".mp3", ".wav", ".aiff"}:
        opened = mutagen.File(original)
        if opened.tags is None:
            opened.add_tags()
        opened.tags.add(PRIV(owner="x", data=CANARY.encode()))
        opened.tags.add(GEOB(encoding=0, mime="x", filename=CANARY, desc="x", data=b"x"))
        opened.save()
    tags.write(original, Tags(fields={"title": "Only this"}), clear=True)
    assert CANARY.encode() not in original.read_bytes()
    assert tags.read(original).fields["title"] == "Only this"


@each("mp3", "m4a", "opus", "flac")
def test_setting_one_field_keeps_the_others(original, cover):
    """Only what was named changes, and mode and times stay."""
    tags.write(original, Tags(fields=FIELDS, chapters=CHAPTERS, artwork=(cover,)))
    os.chmod(original, 0o640)
    os.utime(original, ns=(1_000_000_000, 2_000_000_000))
    before = tags.read(original)
    assert tags.update(original, set={"title": "Another"})
    after = tags.read(original)
    assert after.fields == {**before.fields, "title": "Another"}
    assert (after.chapters, after.artwork) == (before.chapters, before.artwork)
    found = original.stat()
    assert (found.st_mode & 0o777, found.st_mtime_ns) == (0o640, 2_000_000_000)


@each("mp3", "m4a", "opus", "flac", "wav")
def test_nothing_is_written_when_nothing_changes(original):
    """The same values again leave the very same file."""
    tags.update(original, set={"title": "Same"})
    before = original.stat()
    assert not tags.update(original, set={"title": "Same"})
    assert (original.stat().st_ino, original.stat().st_mtime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
    )


@each("mp3")
def test_links_are_not_written_through(original, tmp_path):
    """A symbolic link is refused; a hard link keeps the old bytes."""
    link = tmp_path / "link.mp3"
    link.symlink_to(original)
    with pytest.raises(FileError):
        tags.update(link, set={"title": "x"})
    other = tmp_path / "other.mp3"
    os.link(original, other)
    old = other.read_bytes()
    tags.update(original, set={"title": "x"})
    assert other.read_bytes() == old


@each()
def test_damaged_files_are_refused_in_words(original):
    """Cut anywhere or with noise in its tags, a file gives an error of podkit's or is read."""
    whole = original.read_bytes()
    seeded = random.Random(7)
    for _ in range(25):
        cut = bytearray(whole[: seeded.randrange(1, len(whole))])
        for _ in range(6):
            cut[seeded.randrange(min(len(cut), 4000))] = seeded.randrange(256)
        original.write_bytes(bytes(cut))
        try:
            tags.read(original)
            tags.update(original, set={"title": "x"})
        except PodkitError:
            continue


@settings(max_examples=30, deadline=None)
@given(title=st.text(min_size=1, max_size=60).map(clean_line).filter(bool))
@pytest.mark.parametrize("kind", ["mp3", "m4a", "opus", "flac"])
def test_any_clean_title_survives(kind, title, originals, tmp_path_factory):
    """What the text gate lets through comes back as it was."""
    path = Path(shutil.copy2(originals / f"x.{kind}", tmp_path_factory.mktemp("title")))
    tags.write(path, Tags(fields={"title": title}), clear=True)
    assert tags.read(path).fields["title"] == title


@pytest.mark.parametrize(
    ("typed", "kept", "code"),
    [("en", "en", "eng"), ("eng", "en", "eng"), ("pt-BR", "pt-BR", "por"), ("yue", "yue", "yue")],
)
@pytest.mark.parametrize("version", ["2.3", "2.4"])
def test_a_language_in_id3_has_three_letters(originals, tmp_path, typed, kept, code, version):
    """TLAN is of ISO 639-2, as ID3 wants it; a region stands beside it and goes with it."""
    path = Path(shutil.copy2(originals / "x.mp3", tmp_path))
    tags.write(path, Tags(fields={"language": typed}), id3=version)
    assert tags.read(path).fields["language"] == kept
    frames = mutagen.File(path).tags
    assert str(frames["TLAN"]) == code
    assert [str(f) for f in frames.getall("TXXX:LANGUAGE")] == ["pt-BR"] * (kept == "pt-BR")
    frames["TLAN"].text = ["deu"]
    frames.save(path)
    assert tags.read(path).fields["language"] == "de"
    tags.update(path, remove=["language"])
    assert "language" not in tags.read(path).fields
    assert "TLAN" not in mutagen.File(path).tags
    assert not tags.read(path).other.keys() & {"TXXX:LANGUAGE"}


def test_a_code_of_two_letters_in_id3_is_read(originals, tmp_path):
    """As podkit wrote it once, and others do: the same language, no change."""
    path = Path(shutil.copy2(originals / "x.mp3", tmp_path))
    frames = mutagen.File(path)
    frames.tags.add(mutagen.id3.TLAN(encoding=0, text="en"))
    frames.save()
    assert tags.read(path).fields["language"] == "en"
    assert not tags.update(path, set={"language": "eng"})


@pytest.mark.parametrize(
    ("name", "mode", "wanted"),
    [
        ("JPEG", "RGB", (640, 480, 24, 0)),
        ("JPEG", "L", (640, 480, 8, 0)),
        ("PNG", "RGB", (640, 480, 24, 0)),
        ("PNG", "RGBA", (640, 480, 32, 0)),
        ("PNG", "P", (640, 480, 1, 2)),
    ],
)
@pytest.mark.parametrize("kind", ["opus", "flac"])
def test_a_cover_block_says_how_large_the_picture_is(originals, tmp_path, kind, name, mode, wanted):
    """Width, height, bits of a pixel and colours of a palette are the picture's own."""
    out = io.BytesIO()
    picture = Image.new(mode, (640, 480), 1 if mode in "LP" else "navy")
    if mode == "P":
        picture.putpalette([0, 0, 0, 0, 0, 128])
    picture.save(out, name)
    path = Path(shutil.copy2(originals / f"x.{kind}", tmp_path))
    tags.write(path, Tags(artwork=(Picture(mime=f"image/{name.lower()}", content=out.getvalue()),)))
    opened = mutagen.File(path)
    if kind == "flac":
        [block] = opened.pictures
    else:
        [text] = opened["metadata_block_picture"]
        block = mutagen.flac.Picture(base64.b64decode(text))
    assert (block.width, block.height, block.depth, block.colors) == wanted


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\0\x10JFIF", b"GIF89a"]
)
def test_a_cover_that_says_nothing_has_no_figures(content):
    """Zero stands for what is not known."""
    assert figures(Picture(mime="image/jpeg", content=content)) == (0, 0, 0, 0)
