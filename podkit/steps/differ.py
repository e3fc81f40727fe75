"""Which fields of a file differ from what is wanted there; what only looks different does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from podkit.errors import PodkitError
from podkit.model.drift import Difference
from podkit.model.text import clean_line
from podkit.model.timecode import format_timecode
from podkit.steps import derive
from podkit.tags.fields import TABLE, Kind, legal, parse_credits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from podkit.model.chapter import Chapter
    from podkit.model.media import Picture
    from podkit.model.tags import Tags

_TICK = 0.0015
"""Seconds: containers count in milliseconds, and some round down."""
_YEAR = 4  # digits of the shortest date


def differences(found: Tags, wanted: Tags) -> tuple[Difference, ...]:
    """Everything of the field table, the chapters and the cover that differs, in this order.

    Args:
        found: as it was read from the file.
        wanted: as the file would give it back, had it been written there: what its container
            cannot hold is not in it.
    """
    return (
        *_of_fields(found.fields, wanted.fields),
        *_of_chapters(found, wanted),
        *_of_artwork(found.artwork, wanted.artwork),
    )


def _of_fields(found: Mapping[str, str], wanted: Mapping[str, str]) -> Iterator[Difference]:
    for name in TABLE:
        here, there = found.get(name, ""), wanted.get(name, "")
        if here != there and not _means_the_same(name, here, there):
            yield Difference(field=name, found=here, wanted=there)


def _means_the_same(name: str, here: str, there: str) -> bool:
    """Whether two values are one in other words, as other taggers and versions of ID3 write it."""
    here = legal({name: here}).get(name, here)
    if not here or not there:
        return here == there
    same = {"language": _same_language, "genre": _same_words}.get(name)
    return (same or _SAME.get(TABLE[name].kind, _same_line))(here, there)


def _same_language(one: str, other: str) -> bool:
    if one == other:
        return True
    from podkit.rules.languages import same_language  # noqa: PLC0415 - all rules come with it

    return same_language(one, other)


def _same_line(one: str, other: str) -> bool:
    return clean_line(one) == clean_line(other)


def _same_words(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _same_date(one: str, other: str) -> bool:
    """Whether one is the other, cut: ID3v2.3 has a year where v2.4 has a moment."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _YEAR and long.startswith(short)


def _same_number(one: str, other: str) -> bool:
    """Whether it is the same part, of whatever total."""
    return one.partition("/")[0] == other.partition("/")[0]


def _same_people(one: str, other: str) -> bool:
    return set(parse_credits(one)) == set(parse_credits(other))


_SAME = {Kind.DATE: _same_date, Kind.PAIR: _same_number, Kind.CREDITS: _same_people}


def _of_chapters(found: Tags, wanted: Tags) -> Iterator[Difference]:
    if len(found.chapters) != len(wanted.chapters):
        yield Difference(
            field="chapters",
            found=_counted(len(found.chapters), "chapter"),
            wanted=_counted(len(wanted.chapters), "chapter"),
        )
        return
    pairs = list(zip(found.chapters, wanted.chapters, strict=True))
    for field, same, shown in _ASPECTS:
        for number, (here, there) in enumerate(pairs, 1):
            if not same(here, there):
                yield Difference(
                    field=field,
                    found=f"chapter {number}: {shown(here)}",
                    wanted=f"chapter {number}: {shown(there)}",
                )
                break
    for number, (here, there) in enumerate(pairs, 1):
        if not _same_image(here, there, found, wanted):
            yield Difference(
                field="chapter_pictures",
                found=f"chapter {number}: {_image(here, there)}",
                wanted=f"chapter {number}: {_image(there, here)}",
            )
            break


def _same_times(one: Chapter, other: Chapter) -> bool:
    ends = one.end is None or other.end is None or abs(one.end - other.end) <= _TICK
    return abs(one.start - other.start) <= _TICK and ends


def _times(chapter: Chapter) -> str:
    end = "" if chapter.end is None else f" to {format_timecode(chapter.end)}"
    return format_timecode(chapter.start) + end


_ASPECTS: tuple[
    tuple[str, Callable[[Chapter, Chapter], bool], Callable[[Chapter], str]],
    ...,
] = (
    ("chapter_times", _same_times, _times),
    ("chapter_titles", lambda a, b: clean_line(a.title) == clean_line(b.title), lambda c: c.title),
    ("chapter_links", lambda a, b: a.url == b.url, lambda c: c.url or "no link"),
    (
        "hidden_chapters",
        lambda a, b: a.hidden == b.hidden,
        lambda c: "hidden" if c.hidden else "listed",
    ),
)


def _same_image(here: Chapter, there: Chapter, found: Tags, wanted: Tags) -> bool:
    if here.image == there.image:
        return True
    one = found.chapter_pictures.get(here.image)
    other = wanted.chapter_pictures.get(there.image)
    return one is not None and other is not None and _alike(one, other)


def _image(chapter: Chapter, other: Chapter) -> str:
    if not chapter.image:
        return "no picture"
    return "another picture" if other.image else "a picture"


def _of_artwork(found: tuple[Picture, ...], wanted: tuple[Picture, ...]) -> Iterator[Difference]:
    if len(found) != len(wanted):
        yield Difference(
            field="artwork",
            found=_counted(len(found), "picture"),
            wanted=_counted(len(wanted), "picture"),
        )
    elif found and not _alike(found[0], wanted[0]):
        yield Difference(field="artwork", found="another picture", wanted="the episode's cover")


def _alike(one: Picture, other: Picture) -> bool:
    try:
        return derive.same_picture(one.content, other.content)
    except PodkitError:  # one that cannot be decoded shows nothing
        return False


def _counted(count: int, word: str) -> str:
    return "" if not count else f"{count} {word}" + "s" * (count > 1)
