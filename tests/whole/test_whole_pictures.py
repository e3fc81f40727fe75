"""Pictures from a camera's file to what is published: right size, right colours, nothing untold."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image
from whole_runs import answer, ffmpeg, film, make_show, podkit, tone, tree

from podkit.artwork.read import inspect
from podkit.tags import files as tag_files

sys.path.insert(0, str(Path(__file__).parents[1] / "artwork"))

from artwork_pictures import P3, disguised, drawing, exif, saved

PODCAST = "{https://podcastindex.org/namespace/1.0}"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """A show whose pictures come from a camera: turned, in Display P3, with the place."""
    root = tmp_path_factory.mktemp("pictures")
    camera = {"exif": exif(turn=6, place=True, note="canary"), "icc_profile": P3}
    (root / "cover.jpg").write_bytes(saved(drawing(1500), **camera))
    (root / "own.png").write_bytes(saved(drawing(700).resize((1400, 700)), "PNG", **camera))
    folder = make_show(root / "show", "--image", root / "cover.jpg")
    record = folder / "podkit.toml"
    text = record.read_text(encoding="utf-8").replace(
        'enclosure = "mp3"', 'enclosure = "mp3"\nalternates = ["video-480p"]'
    )
    record.write_text(text, encoding="utf-8")
    when = ("--published", "2026-11-01T06:00:00+02:00")
    answer("-C", folder, "add", tone(root / "talk.wav"), "--title", "Talk", *when)
    answer("-C", folder, "add", film(root / "clip.mp4", 1.5), "--title", "Clip", *when)
    answer("-C", folder, "add", film(root / "bare.mp4", 1.2), "--title", "Bare", *when)
    answer("-C", folder, "attach", "clip", root / "own.png")
    answer("-C", folder, "set", "clip", "image_alt=A disc over bands")
    built = answer("-C", folder, "build")
    assert built["held"] == []
    return folder


def asset(show, url: str) -> Image.Image:
    """A published picture by its URL or path, with its facts held against its bytes."""
    content = (show / "public/assets" / url.rpartition("/")[2]).read_bytes()
    assert inspect(content).plain
    return Image.open(io.BytesIO(content))


def items(show) -> dict[str, etree._Element]:
    """The feed's items by title."""
    root = etree.parse(show / "public/feed.xml").getroot()
    return {item.findtext("title"): item for item in root.iter("item")}


def test_the_feeds_pictures_are_plain(show):
    """Upright, square, sRGB, for show and episode; a camera's file never lies in public/."""
    channel = etree.parse(show / "public/feed.xml").getroot().find("channel")
    cover = asset(show, channel.find(f"{ITUNES}image").get("href"))
    assert cover.size == (1500, 1500)
    red, green = cover.getpixel((1480, 20)), cover.getpixel((20, 20))
    assert red[0] > green[0]  # turned a quarter clockwise: what was on top is on the right
    own = asset(show, items(show)["Clip"].find(f"{ITUNES}image").get("href"))
    assert own.size == (700, 700)


def test_a_film_has_a_wide_picture(show):
    """Its own picture or the show's, 16:9, in the feed and in the page's player; a talk has none."""
    found = {title: item.findall(f"{PODCAST}image") for title, item in items(show).items()}
    assert found["Talk"] == []
    for title, alt in (("Clip", "A disc over bands"), ("Bare", "Bare")):
        (image,) = found[title]
        wide = asset(show, image.get("href"))
        assert image.get("aspect-ratio") == "16/9"
        assert (image.get("width"), image.get("height")) == tuple(map(str, wide.size))
        assert abs(wide.width / wide.height - 16 / 9) < 0.01
        assert (image.get("alt"), image.get("type")) == (alt, "image/jpeg")
        page = (show / f"public/{title.lower()}/index.html").read_text(encoding="utf-8")
        assert f'poster="../assets/{image.get("href").rpartition("/")[2]}"' in page
        assert "summary_large_image" in page


def test_pages_offer_two_sizes(show):
    """Lists load the file of 300 pixels, sharper screens that of 600; each says its real width."""
    for page, count in (("index.html", 4), ("talk/index.html", 1)):
        html = (show / "public" / page).read_text(encoding="utf-8")
        sets = re.findall(r'srcset="([^"]+)"', html)
        assert len(sets) == count
        for one in sets:
            for part in one.split(", "):
                path, width = part.split()
                assert asset(show, path).width == int(width.removesuffix("w"))
    first = re.search(r'<img class="thumb" src="([^"]+)"', (show / "public/index.html").read_text())
    assert asset(show, first[1]).size == (300, 300)


def test_every_published_picture_is_used(show):
    """public/assets/ holds nothing that no feed and no page names."""
    texts = b"".join(c for n, c in tree(show / "public").items() if n.endswith((".xml", ".html")))
    names = [path.name for path in (show / "public/assets").iterdir()]
    assert [name for name in names if name.encode() not in texts] == []


@pytest.mark.need("exiftool")
def test_no_place_is_told_anywhere(show, tmp_path):
    """Exiftool finds no GPS tag and no canary in what is published or embedded (M16)."""
    for path in (show / "public/media").iterdir():
        for number, picture in enumerate(tag_files.read(path).artwork):
            (tmp_path / f"{path.name}-{number}.jpg").write_bytes(picture.content)
            assert len(picture.content) <= 100_000
    assert len(list(tmp_path.iterdir())) == 5
    command = ["exiftool", "-j", "-r", "-ee", "-G", show / "public", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = json.loads(done.stdout)
    assert len(said) > 15
    assert [one["SourceFile"] for one in said if any("GPS" in key for key in one)] == []
    everything = b"".join([*tree(show / "public").values(), *tree(tmp_path).values()])
    assert b"canary" not in everything
    source = subprocess.run(
        ["exiftool", "-GPS*", show / "cover.jpg"], capture_output=True, text=True, check=True
    )
    assert "GPS Latitude" in source.stdout  # the original keeps what it had


def test_lint_is_content_with_what_was_made(show):
    """No finding about pictures is left; the camera's own file has several."""
    found = answer("-C", show, "lint", "--select", "PK5")["findings"]
    assert [one["code"] for one in found] == ["PK509"]  # the clip's picture is small
    own = answer("lint", show / "cover.jpg")["findings"]
    assert [one["code"] for one in own] == ["PK503"] * 3


def test_a_second_build_changes_nothing(show):
    """Pictures made anew are made once: the same bytes, the same URLs, also without the cache."""
    before = tree(show / "public/assets")
    for path in (show / ".podkit/cache").rglob("*"):
        if path.parent.name == "artwork":
            path.unlink()
    assert answer("-C", show, "build")["changed"] is False
    assert tree(show / "public/assets") == before


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """A show without episodes."""
    return make_show(tmp_path_factory.mktemp("bare") / "show")


@pytest.mark.parametrize("name", disguised())
def test_no_disguise_is_served(bare, tmp_path, name):
    """An SVG or HTML as, in or behind a cover is refused, or gone from what is published (M16)."""
    folder = shutil.copytree(bare, tmp_path / "show")
    (folder / "cover.jpg").write_bytes(disguised()[name])
    taken = name in {"jpeg-behind", "jpeg-comment", "png-text"}
    podkit("-C", folder, "build", code=0 if taken else 1)
    assets = tree(folder / "public/assets") if taken else tree(folder)
    for path, content in assets.items():
        if "public" in path or taken:
            assert b"<script" not in content
            assert b"<svg" not in content
            assert path.endswith(".css") or content.startswith((b"\xff\xd8\xff", b"\x89PNG"))
    assert not taken or len(assets) == 4


@pytest.mark.parametrize("suffix", ["webp", "gif", "svg"])
def test_lint_takes_a_picture_for_a_picture(tmp_path, suffix):
    """A WebP, GIF or SVG is told to be none of the two formats, and not to be a broken feed."""
    path = tmp_path / f"cover.{suffix}"
    content = disguised()["svg"] if suffix == "svg" else saved(drawing(1400), suffix.upper())
    path.write_bytes(content)
    found = answer("lint", path, code=3)["findings"]
    assert "PK502" in {one["code"] for one in found}
    assert all(one["code"].startswith("PK5") for one in found)


def test_a_transcode_elsewhere_carries_no_place(tmp_path):
    """Outside a show a source's cover travels along, but not where it was taken."""
    source = tone(tmp_path / "talk.wav", 1)
    ffmpeg("-i", source, tmp_path / "talk.mp3")
    (tmp_path / "cover.jpg").write_bytes(saved(drawing(300), exif=exif(place=True)))
    podkit("tag", tmp_path / "talk.mp3", "--image", tmp_path / "cover.jpg")
    answer(
        "transcode",
        tmp_path / "talk.mp3",
        "-p",
        "m4a",
        "--set",
        "normalize=false",
        "-o",
        tmp_path / "out",
    )
    (made,) = tag_files.read(tmp_path / "out/talk.m4a").artwork
    assert inspect(made.content).width == 300
    assert not inspect(made.content).private
