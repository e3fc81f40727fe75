"""What counts as a difference between a file and the record, and what only looks like one."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from podkit.model.chapter import Chapter
from podkit.model.media import Picture
from podkit.model.tags import FIELDS, Tags
from podkit.steps.differ import differences

VALUES = {
    "date": ("2026-11-20", "2026-11-21"),
    "track": ("3", "4"),
    "language": ("en", "uk"),
    "podcast": ("true", "false"),
    "explicit": ("true", "false"),
    "episode_type": ("full", "bonus"),
    "season": ("1", "2"),
    "episode": ("7", "7.5"),
    "credits": ("host: Olena", "host: Ivan"),
}
SAME = [
    ("language", "eng", "en"),
    ("language", "en-GB", "en"),
    ("language", "ger", "de"),
    ("date", "2026", "2026-11-20"),
    ("date", "2026-11-20T06:00:00", "2026-11-20"),
    ("track", "3/10", "3"),
    ("genre", "podcast", "Podcast"),
    ("title", "Two  words", "Two words"),
    ("comment", "one\r\ntwo", "one two"),
    ("url", "https://example.com/вступ", "https://example.com/%D0%B2%D1%81%D1%82%D1%83%D0%BF"),
    ("podcast", "1", "true"),
    ("credits", "guest: Ivan; host: Olena", "host: Olena; guest: Ivan"),
]
ONE = Chapter(start=0.0, end=2.0, title="Вступ")
TWO = Chapter(start=2.0, end=5.0, title="Second", url="https://example.com/")


def picture(color: str, side: int = 600, mime: str = "JPEG") -> Picture:
    """A cover with a shape on it."""
    image = Image.new("RGB", (side, side), color)
    ImageDraw.Draw(image).rectangle((side // 4, side // 4, side // 2, side // 2), "yellow")
    out = io.BytesIO()
    image.save(out, mime)
    return Picture(mime=f"image/{mime.lower()}", content=out.getvalue())


def named(found: Tags, wanted: Tags) -> list[str]:
    """The fields that differ."""
    return [one.field for one in differences(found, wanted)]


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_the_table_is_compared(field):
    """Another value, one that is missing, one that nobody asked for: each is told, and alone."""
    here, there = VALUES.get(field, ("one", "two"))
    for found, wanted in ((here, there), ("", there), (here, "")):
        (told,) = differences(Tags(fields={field: found}), Tags(fields={field: wanted}))
        assert (told.field, told.found, told.wanted) == (field, found, wanted)
    assert not differences(Tags(fields={field: here}), Tags(fields={field: here}))


@pytest.mark.parametrize(("field", "found", "wanted"), SAME)
def test_another_form_is_no_difference(field, found, wanted):
    """What other taggers, or another version of ID3, make of the same value."""
    assert not named(Tags(fields={field: found}), Tags(fields={field: wanted}))


@pytest.mark.parametrize(
    ("changed", "field", "found"),
    [
        ((ONE,), "chapters", "1 chapter"),
        ((), "chapters", ""),
        ((ONE, replace(TWO, start=2.01)), "chapter_times", "chapter 2: 00:00:02.010 to"),
        ((ONE, replace(TWO, title="2nd")), "chapter_titles", "chapter 2: 2nd"),
        ((ONE, replace(TWO, url="")), "chapter_links", "chapter 2: no link"),
        ((replace(ONE, hidden=True), TWO), "hidden_chapters", "chapter 1: hidden"),
        ((replace(ONE, image="a.jpg"), TWO), "chapter_pictures", "chapter 1: a picture"),
    ],
)
def test_chapters_are_compared(changed, field, found):
    """How many, when, called what, leading where, with which pictures; the first one is told."""
    (told,) = differences(Tags(chapters=changed), Tags(chapters=(ONE, TWO)))
    assert told.field == field
    assert told.found.startswith(found)


def test_a_millisecond_is_no_difference():
    """Containers count in milliseconds or worse."""
    moved = (ONE, replace(TWO, start=2.001, end=4.999))
    assert not named(Tags(chapters=moved), Tags(chapters=(ONE, TWO)))


def test_the_same_cover_in_another_size_and_format_is_no_difference():
    """And another one is; so are one that is missing and one more."""
    wanted = Tags(artwork=(picture("navy"),))
    assert not named(Tags(artwork=(picture("navy", 1400, "PNG"),)), wanted)
    assert named(Tags(artwork=(picture("red"),)), wanted) == ["artwork"]
    assert named(Tags(artwork=(Picture(mime="image/jpeg", content=b"no picture"),)), wanted) == [
        "artwork"
    ]
    assert named(Tags(), wanted) == ["artwork"]
    assert named(Tags(artwork=(picture("navy"), picture("red"))), wanted) == ["artwork"]


def test_pictures_in_chapters_are_compared_by_what_they_show():
    """Their names in a file say nothing: those are made of their bytes."""
    small, large, other = picture("navy"), picture("navy", 900), picture("red")
    wanted = Tags(chapters=(replace(ONE, image="a.jpg"),), chapter_pictures={"a.jpg": small})
    found = Tags(chapters=(replace(ONE, image="b.jpg"),), chapter_pictures={"b.jpg": large})
    assert not named(found, wanted)
    found = replace(found, chapter_pictures={"b.jpg": other})
    assert named(found, wanted) == ["chapter_pictures"]
