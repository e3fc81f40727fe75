"""Single ID3 frames: how a value becomes one and is read from one, and in which order they lie."""

# mypy: disable-error-code="no-untyped-call"
from __future__ import annotations

from typing import Any

from mutagen import id3

from podkit.tags.fields import Field, Kind, join_credits, parse_credits
from podkit.tags.languages import of_three_letters, shortest
from podkit.tags.styles import stored

LANGUAGE = "LANGUAGE"
"""The description of the TXXX frame with a language and its region, for which TLAN has no place."""

_UTF8 = id3.Encoding.UTF8  # mutagen turns it into UTF-16 where it writes v2.3


def text_of(field: Field, frame: Any) -> str:
    """What a frame says of a field."""
    if field.name == "podcast":
        return "true" if frame.value else "false"
    if field.name == "explicit":
        return "true" if str(frame.text[0]) in {"1", "4"} else "false"
    if field.name == "credits":
        return join_credits((role, person) for role, person, *_ in frame.people)
    if hasattr(frame, "url"):
        return stored(frame.url)
    if field.kind is Kind.LANGUAGE:
        return "; ".join(map(shortest, _words(frame).split("; ")))
    return _words(frame)


def _words(frame: Any) -> str:
    """A frame's text, several values joined; a genre by its number or in brackets by its name."""
    if isinstance(frame.text, str):
        return stored(frame.text)
    values = [str(text) for text in frame.text]
    if frame.FrameID == "TCON" and any(v.isdigit() or v.startswith("(") for v in values):
        values = list(frame.genres)
    return stored("; ".join(values))


def write_in_order(tags: Any) -> None:
    """Have chapters written by their times, before the pictures.

    mutagen sorts frames by size, and readers such as ffmpeg list chapters as they lie in the file.
    """

    def together(config: Any) -> bytearray:
        frames = sorted(tags.values(), key=_chapter_first)
        rest = type(tags)()
        rest.unknown_frames, rest._unknown_v2_version = (  # noqa: SLF001 (as mutagen's own copies)
            tags.unknown_frames,
            tags._unknown_v2_version,  # noqa: SLF001 (likewise)
        )
        groups: list[Any] = [rest]
        for frame in frames:
            if frame.FrameID in {"CHAP", "APIC"}:
                groups.append(type(tags)())
                groups[-1].add(frame)
            else:
                rest.add(frame)
        return bytearray().join(group._write(config) for group in groups)  # noqa: SLF001 (what `save` calls)

    tags._write = together  # noqa: SLF001 (what `save` calls)


def _chapter_first(frame: Any) -> tuple[bool, int]:
    return frame.FrameID == "APIC", frame.start_time if frame.FrameID == "CHAP" else 0


def translate(tags: Any, version: int) -> None:
    """Convert the frames; a date that v2.3 cannot hold whole keeps its v2.4 frame."""
    date = read_date(tags)
    if version == 3:
        tags.update_to_v23()
    else:
        tags.update_to_v24()
    if date:
        write_date(tags, date, version)


def read_date(tags: Any) -> str:
    """TDRC, or what TYER, TDAT (DDMM) and TIME (HHMM) say together."""
    for frame in tags.getall("TDRC"):
        if frame.text:
            return stored(frame.text[0]).replace(" ", "T")
    year, day, time = (
        stored(frames[0].text[0]) if (frames := tags.getall(key)) and frames[0].text else ""
        for key in ("TYER", "TDAT", "TIME")
    )
    if not year or len(day) != 4:
        return year
    return f"{year}-{day[2:]}-{day[:2]}" + (f"T{time[:2]}:{time[2:]}:00" if len(time) == 4 else "")


def write_date(tags: Any, value: str, version: int) -> None:
    """Store an ISO date in the frames of that ID3 version; an empty one removes them."""
    for key in ("TDRC", "TYER", "TDAT", "TIME"):
        tags.delall(key)
    if not value:
        return
    if version == 3:
        tags.add(id3.TYER(encoding=0, text=value[:4]))
        if len(value) >= 10:
            tags.add(id3.TDAT(encoding=0, text=value[8:10] + value[5:7]))
        if len(value) >= 16:
            tags.add(id3.TIME(encoding=0, text=value[11:13] + value[14:16]))
        if read_date(tags) == value:
            return
    tags.add(id3.TDRC(encoding=0, text=value))


def frames_of(field: Field, value: str, version: int) -> list[Any]:
    """The frames that hold a field in ID3v2.`version`.

    TLAN has a code of three letters (ID3v2.4 frames, 4.2.3); of a language with a region the whole
    stands beside it.
    """
    if field.kind is Kind.LANGUAGE:
        code = of_three_letters(value)
        found: list[Any] = [id3.TLAN(encoding=_encoding(code), text=code)]
        if shortest(code) != value:
            found.append(id3.TXXX(encoding=_encoding(value), desc=LANGUAGE, text=value))
        return found
    return [_frame_of(field, value, version)]


def _frame_of(field: Field, value: str, version: int) -> Any:
    """The one frame of any other field."""
    name, _, description = field.id3.partition(":")
    if name == "TIPL":
        kind = id3.TIPL if version == 4 else id3.IPLS
        people = [list(pair) for pair in parse_credits(value)]
        return kind(encoding=_encoding(value), people=people)
    if name == "TXXX":
        stored_value = {"true": "1", "false": "0"}[value] if field.kind is Kind.FLAG else value
        return id3.TXXX(encoding=_encoding(value), desc=description, text=stored_value)
    if name == "PCST":
        return id3.PCST(value=int(value == "true"))
    if name in {"WOAF", "WFED"}:
        return getattr(id3, name)(url=value)
    if name in {"COMM", "USLT"}:
        return getattr(id3, name)(encoding=_encoding(value), lang="eng", desc="", text=value)
    return getattr(id3, name)(encoding=_encoding(value), text=value)


def _encoding(text: str) -> Any:
    """Latin-1 for plain ASCII, which every reader knows; else Unicode."""
    return id3.Encoding.LATIN1 if text.isascii() else _UTF8


def payload(frame: Any) -> object:
    """What a frame that podkit does not know holds, for showing."""
    for name in ("text", "url", "data", "people", "value"):
        if hasattr(frame, name):
            found = getattr(frame, name)
            return "; ".join(map(str, found)) if isinstance(found, list) else found
    return repr(frame)
