"""Chapters' pictures on their way from a file to an episode, its renditions, its page's JSON, and back."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import mutagen
import pytest
from PIL import Image
from whole_runs import SPEECH, answer, ffmpeg, make_show, podkit

REMOTE = "https://pictures.example/2.jpg"
PRESETS = """
[presets.mka]
from = "opus"
extension = "mka"
mime = "audio/x-matroska"
"""


@pytest.fixture(scope="module")
def show(tmp_path_factory) -> Path:
    """An episode whose chapters have pictures, a hidden one among them, in two containers."""
    folder = tmp_path_factory.mktemp("pictures")
    ffmpeg("-t", 5, "-i", SPEECH, folder / "talk.flac")
    Image.new("RGB", (900, 1200), "teal").save(folder / "one.png")
    chapters = [
        {"startTime": 0, "title": "One", "img": "one.png"},
        {"startTime": 2.345, "title": "Two", "img": REMOTE, "url": "https://a.example/"},
        {"startTime": 4, "title": "Three", "img": "gone.png", "toc": False},
        {"startTime": 100, "title": "Never"},
    ]
    document = {"version": "1.2.0", "chapters": chapters}
    (folder / "ch.json").write_text(json.dumps(document), encoding="utf-8")
    make_show(folder / "show")
    record = folder / "show/podkit.toml"
    record.write_text(record.read_text(encoding="utf-8") + PRESETS, encoding="utf-8")
    answer(
        *("-C", folder / "show", "add", folder / "talk.flac", "--title", "Talk"),
        *("--published", "2026-11-01", "--chapters", folder / "ch.json"),
    )
    return folder / "show"


@pytest.fixture(scope="module")
def made(show):
    """What transcoding says of each preset."""
    words = [w for preset in ("mp3", "mka") for w in ("-p", preset)]
    done = answer("-C", show, "transcode", *words)["done"]
    (mp3,) = (one for one in done if one["preset"] == "mp3")
    shutil.copy(show / mp3["output"], show.parent / "made.mp3")
    return {one["preset"]: one for one in done}


def test_renditions_carry_what_they_can(show, made):
    """The MP3 has the picture, small, as JPEG; of the others it is said what they cannot hold."""
    opened = mutagen.File(show / made["mp3"]["output"])
    first, second = (opened.tags[f"CHAP:chp{n}"].sub_frames["APIC:"] for n in (0, 1))
    image = Image.open(io.BytesIO(first.data))
    assert (image.format, image.size) == ("JPEG", (450, 600))
    assert (second.mime, second.data) == ("-->", REMOTE.encode())
    listed = answer("tag", show / made["mka"]["output"])["files"][0]["chapters"]
    assert [(c["start"], c["title"], c["url"], c["hidden"]) for c in listed] == [
        (0, "One", "", False),
        (2.345, "Two", "https://a.example/", False),
        (4, "Three", "", True),
    ]
    late = "1 chapter starts after the end: left out"
    gone = "the picture of 1 chapter: not there, left out"
    assert {late, gone} <= set(made["mp3"]["warnings"])
    assert "Matroska cannot hold the pictures of 2 chapters: left out" in made["mka"]["warnings"]


@pytest.mark.parametrize("preset", ["mp3", "mka"])
def test_a_hidden_chapter_is_seen_as_hidden(show, made, preset):
    """`probe` says which chapters are in no table of contents, in JSON and to people."""
    path = show / made[preset]["output"]
    chapters = answer("probe", path)["files"][0]["chapters"]
    assert [(c["title"], c["hidden"]) for c in chapters] == [
        ("One", False),
        ("Two", False),
        ("Three", True),
    ]
    assert chapters[1]["url"] == "https://a.example/"
    assert [line.endswith("Three  (hidden)") for line in podkit("probe", path).splitlines()][-1]


def test_ones_own_build_is_the_same_everywhere(show, made):
    """A hidden chapter is no difference between the episode's file and its MP3 (PK707)."""
    assert made
    for words in (("-C", show, "lint"), ("lint", show / made["mp3"]["output"])):
        codes = {f["code"] for f in answer(*words, code=None)["findings"]}
        assert not codes & {"PK706", "PK707"}


def test_nothing_is_made_again_before_a_picture_changes(show, made):
    """Another picture under the same name makes the rendition stale; the same does not."""
    assert made
    again = answer("-C", show, "transcode", "-p", "mp3")
    assert again["done"] == []
    slug = answer("-C", show, "list")["episodes"][0]["slug"]
    Image.new("RGB", (700, 700), "red").save(show / "episodes" / slug / "one.png")
    again = answer("-C", show, "transcode", "-p", "mp3")
    assert [one["preset"] for one in again["done"]] == ["mp3"]


def test_the_page_shows_them(show, made):
    """The public JSON names the pictures by addresses, and what they name is there."""
    assert made
    podkit("-C", show, "build")
    (path,) = (show / "public").glob("*/chapters.json")
    listed = json.loads(path.read_text(encoding="utf-8"))["chapters"]
    images = [c.get("img", "") for c in listed]
    assert images[1:3] == [REMOTE, ""]
    assert images[0].startswith("https://")
    there = path.parent / images[0].rpartition("/")[2]
    assert Image.open(there).format == "JPEG"


def test_a_text_has_no_place_for_a_picture_inside_a_file(show, made):
    """Of the MP3's chapters the JSON has the address, and says that the picture is not in it."""
    assert made
    told = answer("chapters", show.parent / "made.mp3", "--to", "json")
    assert [c["image"] for c in told["chapters"]] == ["", REMOTE, ""]
    assert "1 picture inside the file; left out" in told["warnings"]


def test_a_file_gives_them_back(show, made, tmp_path):
    """An episode made of the MP3 has the same chapters and pictures."""
    other = make_show(tmp_path / "other")
    assert made
    answer("-C", other, "add", show.parent / "made.mp3", "--title", "Again")
    (folder,) = (other / "episodes").iterdir()
    listed = json.loads((folder / "chapters.json").read_text(encoding="utf-8"))["chapters"]
    assert [c["title"] for c in listed] == ["One", "Two", "Three"]
    assert listed[1]["img"] == REMOTE
    assert Image.open(folder / listed[0]["img"]).format == "JPEG"
