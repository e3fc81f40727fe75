"""Matroska and WebM: told by podkit, believed by others, and not one cluster touched."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import matroska_files
import pytest
from matroska_files import clusters, merge
from tag_sounds import CANARY, asked, ffprobe, picture, sound

from podkit.errors import MediaError
from podkit.media import probe as media_probe
from podkit.model.chapter import Chapter
from podkit.model.tags import FIELDS, Tags
from podkit.tags import files as tags

SHAPES = (
    "sound.mka",
    "sound.webm",
    "film.mkv",
    "front.mkv",
    "piped.mka",
    "recorded.webm",
    "tight.mka",
)
VALUES = {
    "date": "2026-11-20T06:00:00",
    "track": "3/10",
    "url": "https://podcast.example/1",
    "podcast": "true",
    "podcast_url": "https://podcast.example/feed.xml",
    "explicit": "false",
    "season": "2",
    "episode": "7.5",
    "episode_type": "full",
    "credits": "host: Олена Коваль; guest: Zoë",
    "language": "uk",
}
EVERY = {name: VALUES.get(name, f'{name}: «Назва» & <b> "q" 🎙\nline 2') for name in FIELDS}
CHAPTERS = (
    Chapter(start=0.0, end=2.345, title='Вступ — «лапки» "q"', url="https://podcast.example/?a=1"),
    Chapter(start=2.345, end=12.345, title="Second\nline 🎙"),
    Chapter(start=12.345, end=15.001, title="Hidden", hidden=True),
    Chapter(start=15.001, end=19.999, title=""),
)
COVER = picture()
XML = """<?xml version="1.0"?>
<Tags>
  <Tag><Targets><TargetTypeValue>50</TargetTypeValue></Targets>
    <Simple><Name>DIRECTOR</Name><String>Somebody</String>
      <Simple><Name>SORT_WITH</Name><String>Body, Some</String></Simple></Simple>
    <Simple><Name>ARTIST</Name><String>One</String></Simple></Tag>
  <Tag><Targets><TargetTypeValue>70</TargetTypeValue></Targets>
    <Simple><Name>TITLE</Name><String>The show</String></Simple></Tag>
</Tags>
"""


@pytest.fixture(scope="session")
def originals(tmp_path_factory):
    """A file of each shape, which nobody changes."""
    folder = tmp_path_factory.mktemp("matroska")
    matroska_files.make(folder)
    return folder


@pytest.fixture
def original(originals, tmp_path, request):
    """A private copy of the file of the test's shape."""
    return Path(shutil.copy2(originals / request.param, tmp_path))


def each(*shapes: str):
    """The test, once for each shape."""
    return pytest.mark.parametrize(
        "original", shapes or SHAPES, indirect=True, ids=shapes or SHAPES
    )


def expected(path: Path) -> tuple[Chapter, ...]:
    """The chapters as this container can hold them."""
    if path.suffix != ".webm":
        return CHAPTERS
    return tuple(Chapter(start=c.start, end=c.end, title=c.title) for c in CHAPTERS if not c.hidden)


@each()
def test_everything_comes_back(original):
    """Every field, chapter and cover comes back; sound and clusters are the very same."""
    before, heard = clusters_of(original), sound(original)
    lost = tags.write(original, Tags(fields=EVERY, chapters=CHAPTERS, artwork=(COVER,)))
    found = tags.read(original)
    assert found.fields == EVERY
    assert found.chapters == expected(original)
    webm = original.suffix == ".webm"
    assert [p.content for p in found.artwork] == ([] if webm else [COVER.content])
    assert (
        list(lost)
        == [
            "WebM cannot hide chapters: 1 is left out",
            "WebM holds no links of chapters: 1 is left out",
            "WebM holds no pictures: the cover is left out",
        ][: 3 * webm]
    )
    content = original.read_bytes()
    assert all(cluster in content for cluster in before)
    assert sound(original) == heard


def clusters_of(path: Path) -> list[bytes]:
    """The clusters of a file as a program wrote it; one that knows no sizes counts as one."""
    content = path.read_bytes()
    if path.name == "recorded.webm":
        return content[content.index(matroska_files.CLUSTER) :].split(matroska_files.CLUSTER)[1:]
    if path.name == "piped.mka":
        return [content[content.index(matroska_files.CLUSTER) :]]
    found = clusters(content)
    assert found
    return found


@pytest.mark.need("mkvmerge", "mkvinfo")
@each()
def test_mkvtoolnix_has_nothing_against_it(original):
    """MKVToolNix reads every tag, chapter and attachment without a word; mkvinfo to the last byte."""
    for title in ("Short", "Т" * 500, "Short again"):
        wanted = Tags(fields={**EVERY, "title": title}, chapters=CHAPTERS, artwork=(COVER,))
        tags.write(original, wanted)
        seen = asked("mkvmerge", "-J", original)
        assert (seen["warnings"], seen["errors"]) == ([], [])
        assert seen["chapters"] == [{"num_entries": len(expected(original))}]
        covers = [a["file_name"] for a in seen["attachments"]]
        assert covers == ([] if original.suffix == ".webm" else ["cover.jpg"])
        assert seen["global_tags"][0]["num_entries"] >= len(EVERY)
    told = subprocess.run(
        ["mkvinfo", "-a", "-v", original], check=True, capture_output=True, text=True
    ).stdout
    assert "Unknown element" not in told
    assert "resync" not in told


@pytest.mark.need("ffprobe")
@each()
def test_ffprobe_sees_the_same(original):
    """Fields, chapters within a millisecond, and a cover, wherever in the file they lie."""
    tags.write(original, Tags(fields=EVERY, chapters=CHAPTERS, artwork=(COVER,)))
    seen = ffprobe(original)
    told = {key.lower(): value for key, value in seen["format"]["tags"].items()}
    for name in ("title", "artist", "album", "album_artist", "comment", "genre", "description"):
        assert told[name] == EVERY[name]
    assert (told["track"], told["date_released"]) == ("3", "2026-11-20 06:00:00")
    assert told["episode/part_number"] == EVERY["episode"]
    for chapter, meant in zip(seen["chapters"], expected(original), strict=True):
        assert abs(float(chapter["start_time"]) - meant.start) < 0.0005
        assert abs(float(chapter["end_time"]) - (meant.end or 0)) < 0.0005
        assert chapter.get("tags", {}).get("title", "") == meant.title
        assert chapter.get("tags", {}).get("URL", "") == meant.url
    pictures = [s for s in seen["streams"] if s["disposition"]["attached_pic"]]
    assert len(pictures) == (0 if original.suffix == ".webm" else 1)


@pytest.mark.need("mediainfo")
@each("sound.mka", "film.mkv", "recorded.webm")
def test_mediainfo_sees_the_same(original):
    """And one more reader, with ideas of its own about names."""
    wanted = {**EVERY, "title": 'Назва "q" 🎙'}
    tags.write(original, Tags(fields=wanted, chapters=CHAPTERS, artwork=(COVER,)))
    told = asked("mediainfo", "--Output=JSON", original)["media"]["track"][0]
    line = {name: value.replace("\n", " / ") for name, value in wanted.items()}
    assert told["Title"] == line["title"]
    assert told["Track_Position"] == "3"
    assert told["extra"]["ALBUM"] == line["album"]
    assert told["extra"]["ARTIST"] == line["artist"]


@each()
def test_probe_and_tag_agree(original):
    """What libav sees in the file is what its tags say, wherever it was put."""
    tags.write(original, Tags(fields=EVERY, chapters=CHAPTERS, artwork=(COVER,)))
    found, seen = tags.read(original), media_probe.probe(original)
    assert [(c.start, c.end, c.title) for c in seen.chapters] == [
        (c.start, c.end, c.title) for c in found.chapters
    ]
    assert [(a.mime, a.bytes) for a in seen.artwork] == [
        (p.mime, len(p.content)) for p in found.artwork
    ]
    shared = ("title", "artist", "album", "genre", "comment", "copyright", "lyrics")
    assert {name: seen.tags[name] for name in shared} == {n: found.fields[n] for n in shared}


@each("sound.mka", "sound.webm", "piped.mka", "tight.mka")
def test_only_what_was_named_changes(original):
    """Another title leaves all else, and the same again leaves the very same file."""
    tags.write(original, Tags(fields=EVERY, chapters=CHAPTERS, artwork=(COVER,)))
    before = tags.read(original)
    assert tags.update(original, set={"title": "Інша"})
    after = tags.read(original)
    assert after.fields == {**before.fields, "title": "Інша"}
    assert (after.chapters, after.artwork, after.other) == (
        before.chapters,
        before.artwork,
        before.other,
    )
    found = original.stat()
    assert not tags.update(original, set={"title": "Інша"})
    assert (original.stat().st_ino, original.stat().st_mtime_ns) == (
        found.st_ino,
        found.st_mtime_ns,
    )


@each("sound.mka", "film.mkv", "tight.mka", "piped.mka")
def test_a_file_does_not_grow_with_every_change(original):
    """What was there before becomes room for what comes; the twentieth title takes none."""
    sizes = []
    for number in range(20):
        tags.update(original, set={"title": f"Title {number:02}", "description": "x" * 3000})
        sizes.append(original.stat().st_size)
    assert sizes[-1] <= sizes[1]


@each()
def test_clearing_leaves_nothing_private(original):
    """What others wrote is gone from the file, not only from its index."""
    tags.update(original, set={"lyrics": CANARY * 20}, picture=picture("red"), chapters=CHAPTERS)
    tags.update(original, set={"lyrics": "short"})
    tags.write(original, Tags(fields={"title": "Only this"}), clear=True)
    content = original.read_bytes()
    assert CANARY.encode() not in content
    assert picture("red").content not in content
    assert b"Lavf" not in content.partition(b"WA")[2]
    found = tags.read(original)
    assert (found.fields, found.chapters, found.artwork, found.other) == (
        {"title": "Only this"},
        (),
        (),
        {},
    )
    assert not tags.update(original, set={"title": "Only this"}, clear=True)


@pytest.mark.need("mkvmerge", "mkvextract")
def test_what_others_put_in_is_kept(originals, tmp_path):
    """Tags with parts, fonts, and chapters' other titles survive a new title and new chapters."""
    (tmp_path / "x.ttf").write_bytes(b"a font" * 100)
    (tmp_path / "tags.xml").write_text(XML, encoding="utf-8")
    ogm = "CHAPTER01=00:00:01.500\nCHAPTER01NAME=One\nCHAPTER02=00:00:09.123\nCHAPTER02NAME=Two\n"
    (tmp_path / "ogm.txt").write_text(ogm, encoding="utf-8")
    path = tmp_path / "merged.mkv"
    beside = ["--attachment-mime-type", "font/ttf", "--attach-file", tmp_path / "x.ttf"]
    words = ["--chapters", tmp_path / "ogm.txt", "--global-tags", tmp_path / "tags.xml"]
    merge(originals / "film.mkv", path, *words, *beside)
    before = tags.read(path)
    assert [(c.start, c.title) for c in before.chapters] == [(1.5, "One"), (9.123, "Two")]
    assert (before.fields["artist"], before.fields["album"]) == ("One", "The show")
    assert before.other["DIRECTOR"] == "Somebody"
    uids = chapter_uids(path)
    third = Chapter(start=12.0, title="Three")
    tags.update(path, set={"title": "T"}, picture=COVER, chapters=(*before.chapters, third))
    after = tags.read(path)
    assert after.other == before.other
    assert after.fields == {**before.fields, "title": "T"}
    kept = chapter_uids(path)
    assert (kept[:2], len(set(kept))) == (uids, 3)
    subprocess.run(["mkvextract", path, "attachments", f"1:{tmp_path}/y"], check=True)
    assert (tmp_path / "y").read_bytes() == (tmp_path / "x.ttf").read_bytes()
    found = subprocess.run(["mkvextract", path, "tags", "-"], check=True, capture_output=True)
    assert b"Body, Some" in found.stdout
    assert asked("mkvmerge", "-J", path)["warnings"] == []


def chapter_uids(path: Path) -> list[str]:
    """The chapters' UIDs, as mkvextract writes them."""
    command = ["mkvextract", path, "chapters", "-"]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [part.split("<")[0] for part in told.split("<ChapterUID>")[1:]]


@pytest.mark.need("mkvmerge")
def test_tags_of_a_song_stay_a_song(originals, tmp_path):
    """Where level 50 is the album, as in music, a new title does not become the album's."""
    level = "<Targets><TargetTypeValue>{}</TargetTypeValue></Targets>"
    named = "<Simple><Name>TITLE</Name><String>{}</String></Simple>"
    song = "".join(
        f"<Tag>{level.format(number)}{named.format(title)}</Tag>"
        for number, title in ((50, "The album"), (30, "A song"))
    )
    (tmp_path / "tags.xml").write_text(f"<Tags>{song}</Tags>", encoding="utf-8")
    path = tmp_path / "song.mka"
    merge(originals / "sound.mka", path, "--global-tags", tmp_path / "tags.xml")
    found = tags.read(path).fields
    assert (found["title"], found["album"]) == ("A song", "The album")
    tags.update(path, set={"title": "Another"})
    assert tags.read(path).fields == {**found, "title": "Another"}
    tags.update(path, remove=["title"])
    assert "title" not in tags.read(path).fields
    assert tags.read(path).fields["album"] == "The album"


@each("sound.mka", "piped.mka", "film.mkv")
def test_a_cut_file_is_refused_and_left_alone(original):
    """What misses its end is read as far as it goes, and never written to."""
    whole = original.read_bytes()
    original.write_bytes(whole[: len(whole) * 2 // 3])
    tags.read(original)
    before = original.read_bytes()
    with pytest.raises(MediaError, match="damaged"):
        tags.update(original, set={"title": "x"})
    assert original.read_bytes() == before
    assert os.listdir(original.parent) == [original.name]


@each("sound.mka")
def test_what_stands_behind_the_segment_stays(original):
    """Bytes that belong to nobody are not overwritten."""
    whole = original.read_bytes()
    original.write_bytes(whole + b"behind" * 10)
    tags.update(original, set={"description": "x" * 5000}, picture=COVER)
    assert original.read_bytes().endswith(b"behind" * 10)
    assert tags.read(original).fields["description"] == "x" * 5000
