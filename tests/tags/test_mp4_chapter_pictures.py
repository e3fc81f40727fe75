"""Links and pictures of chapters in MP4: in tracks beside the titles, and gone without a trace."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tag_sounds import FILM, TONE, ffmpeg, ffprobe, picture, sound

from podkit.media import probe as media_probe
from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.tags import Tags
from podkit.tags import files as tags
from podkit.tags.edit import Edit
from podkit.tags.places import Places

INSIDE = {"red": picture("red", 64), "blue": picture("blue", 80)}
CASES = {
    "all": ((0.0, "red"), (2.345, "blue"), (12.345, "red")),
    "the first": ((0.0, "red"), (2.345, ""), (12.345, "")),
    "with gaps": ((1.234, ""), (2.345, "blue"), (7.0, ""), (8.0, ""), (12.345, "red"), (17.5, "")),
    "late": ((3.001, "blue"),),
    "none": ((0.0, ""), (2.345, "")),
}


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    """Sound with its index behind it, sound with it in front, and a film."""
    folder = tmp_path_factory.mktemp("mp4")
    ffmpeg(*TONE, folder / "x.m4a")
    ffmpeg(*TONE, "-movflags", "+faststart", folder / "front.m4a")
    ffmpeg(*FILM, folder / "film.mp4")
    return folder


@pytest.fixture(params=["x.m4a", "front.m4a", "film.mp4"])
def original(originals, tmp_path, request):
    """A private copy of each."""
    return Path(shutil.copy2(originals / request.param, tmp_path))


def chapters(case: str) -> tuple[Chapter, ...]:
    """The chapters of a case, with links of every length that fits."""
    return tuple(
        Chapter(
            start=start,
            title=f"{start} Назва",
            image=image,
            url="https://a.example/" + "x" * min(number * 60, 237),
        )
        for number, (start, image) in enumerate(CASES[case])
    )


@pytest.mark.parametrize("case", CASES)
def test_pictures_and_links_come_back(original, case):
    """Each chapter has its own picture and link again; what plays is the same."""
    heard = sound(original)
    assert tags.write(original, Tags(chapters=chapters(case), chapter_pictures=INSIDE)) == ()
    found = tags.read(original)
    assert [(c.start, c.title, c.url) for c in found.chapters] == [
        (c.start, c.title, c.url) for c in chapters(case)
    ]
    images = [found.chapter_pictures.get(c.image) for c in found.chapters]
    assert [p.content if p else None for p in images] == [
        INSIDE[image].content if image else None for _, image in CASES[case]
    ]
    assert sound(original) == heard
    seen = media_probe.probe(original)
    assert [c.start for c in seen.chapters] == [c.start for c in chapters(case)]
    assert (seen.artwork, len(seen.video)) == ((), int(original.suffix == ".mp4"))


def test_they_stay_when_others_change(original):
    """Another title, cover, or place of a chapter keeps its picture; removing leaves no byte."""
    plain = original.stat().st_size
    tags.write(original, Tags(chapters=chapters("with gaps"), chapter_pictures=INSIDE))
    before = tags.read(original)
    tags.update(original, set={"title": "T"}, picture=picture("green"))
    after = tags.read(original)
    assert (after.chapters, after.chapter_pictures) == (before.chapters, before.chapter_pictures)
    tags.update(original, chapters=(*before.chapters[:2], Chapter(start=18.0, title="New")))
    third = tags.read(original)
    assert third.chapters[:2] == before.chapters[:2]
    assert [p.content for p in third.chapter_pictures.values()] == [INSIDE["blue"].content]
    tags.update(original, clear=True)
    content = original.read_bytes()
    assert not any(p.content in content for p in INSIDE.values())
    assert original.stat().st_size < plain + 2000


def test_what_has_no_place_is_said(original):
    """A picture of another kind and a link of 256 bytes are left out, and named."""
    wanted = (
        Chapter(start=0.0, title="One", image="gif", url="https://a.example/" + "x" * 300),
        Chapter(start=2.0, title="Two", image="red", url="https://a.example/"),
        Chapter(start=3.0, title="Three", hidden=True),
        Chapter(start=4.0, title="Four", image="nowhere.jpg"),
        Chapter(start=400.0, title="Five"),
    )
    inside = {**INSIDE, "gif": Picture(mime="image/gif", content=b"GIF89a")}
    edit = Edit(chapters=wanted, chapter_pictures=inside)
    with Places() as places:
        lost = tags.change(original, edit, places=places, dry_run=True).warnings
    assert lost == (
        "MP4 cannot hide chapters: 1 is left out",
        "the link of 1 chapter: too long, left out",
        "the picture of 1 chapter: not there, left out",
        "MP4 cannot hold the picture of 1 chapter: left out",
        "1 chapter starts after the end, which is at 0:20",
    )
    assert tags.write(original, Tags(chapters=wanted[:4], chapter_pictures=inside)) == lost[:4]
    found = tags.read(original).chapters
    assert [(c.title, bool(c.url), bool(c.image)) for c in found] == [
        ("One", False, False),
        ("Two", True, True),
        ("Four", False, False),
    ]


@pytest.mark.need("ffprobe")
def test_ffprobe_takes_them_for_thumbnails(original):
    """To others the track is one of pictures for chapters, not a film."""
    tags.write(original, Tags(chapters=chapters("all"), chapter_pictures=INSIDE))
    seen = ffprobe(original)
    pictures = [s for s in seen["streams"] if s["disposition"]["timed_thumbnails"]]
    assert [(s["codec_name"], s["width"]) for s in pictures] == [("mjpeg", 64)]
    assert [float(c["start_time"]) for c in seen["chapters"]] == [0.0, 2.345, 12.345]
