"""Chapter formats: what each carries survives the way out and in, and errors name their line."""

from __future__ import annotations

import contextlib
import json
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import FormatError, UsageError
from podkit.formats import chapters, chapters_json, transcripts
from podkit.model.chapter import Chapter, clamped, in_order, shifted
from podkit.model.text import clean_line

TITLES = st.text(max_size=60).map(clean_line).filter(lambda t: not t.endswith(">"))
TIMES = st.integers(0, 360_000_000).map(lambda ms: ms / 1000)
URLS = st.sampled_from(["", "https://podcast.example/a?b=1&c=2", "http://x.example/%D1%8F#t"])
IMAGES = st.sampled_from(["", "https://podcast.example/1.jpg"])
CHAPTERS = st.lists(
    st.builds(
        Chapter,
        start=TIMES,
        title=TITLES,
        end=st.none() | TIMES,
        url=URLS,
        image=IMAGES,
        hidden=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda c: c.start,
).map(lambda found: in_order(tuple(found)))

# What each format carries beside start and title.
CARRIED = {
    "json": {"end", "url", "image", "hidden"},
    "psc": {"url", "image"},
    "text": {"url"},
    "ffmetadata": {"end"},
    "vorbis": {"url"},
    "audacity": {"end"},
    "csv": {"end", "url", "image"},
}
ORDERED_ENDS = {"audacity", "csv"}  # an end before its start is none
READ_ONLY = {"cue", "notes"}


def narrowed(found, name):
    """What is left of the chapters in a format."""
    carried = CARRIED[name]
    return tuple(
        Chapter(
            start=c.start,
            title=c.title,
            end=c.end
            if "end" in carried and (name not in ORDERED_ENDS or (c.end or 0) > c.start)
            else None,
            url=c.url if "url" in carried else "",
            image=c.image if "image" in carried else "",
            hidden=c.hidden,
        )
        for c in found
        if "hidden" in carried or not c.hidden
    )


@pytest.mark.parametrize("name", list(CARRIED))
@given(found=CHAPTERS)
def test_what_a_format_carries_survives_it(name, found):
    """parse(format(x)) == x for everything that the format can carry; every format is here."""
    assert set(CARRIED) | READ_ONLY | {"vtt"} == set(chapters.FORMATS)
    assert chapters.FORMATS.get(name).carries - {"extra"} == CARRIED[name]
    text = chapters.format(found, name)
    assert chapters.parse(text, name) == narrowed(found, name)
    if found and not all(c.hidden for c in found):
        assert chapters.detect("", text) == name


@given(found=CHAPTERS)
def test_a_chain_loses_only_what_the_narrowest_cannot_carry(found):
    """Text → JSON → PSC → ffmetadata → text is text again, time for time and word for word."""
    text = chapters.format(narrowed(found, "text"), "text")
    at = chapters.parse(text, "text")
    for name in ("json", "psc"):
        at = chapters.parse(chapters.format(at, name), name)
    assert chapters.format(at, "text") == text
    through = chapters.parse(chapters.format(at, "ffmetadata"), "ffmetadata")
    assert [(c.start, c.title) for c in through] == [(c.start, c.title) for c in at]


@given(found=CHAPTERS)
def test_webvtt_carries_times_and_titles(found):
    """A cue must end and have words: what lacks them gets the next start, and a number."""
    back = chapters.parse(chapters.format(found, "vtt"), "vtt")
    shown = [c for c in found if not c.hidden]
    assert [c.start for c in back] == [c.start for c in shown]
    assert [c.title for c in back] == [c.title or f"Chapter {n}" for n, c in enumerate(shown, 1)]


def test_what_json_says_besides_survives_it():
    """Keys that nobody here knows, of a chapter and of the whole, are written out again."""
    text = (
        '{"version": "1.2.0", "author": "Olha", "chapters": [{"startTime": 0, "title": "A", '
        '"location": {"name": "Kyiv", "geo": "geo:50.45,30.52"}}]}'
    )
    again = json.loads(
        chapters_json.format_json(chapters_json.parse(text), chapters_json.besides(text))
    )
    assert again == json.loads(text)


CUE = """REM GENRE Talk
PERFORMER "Desk"
FILE "talk.wav" WAVE
  TRACK 01 AUDIO
    TITLE "Start"
    INDEX 01 00:00:00
  TRACK 02 AUDIO
    TITLE "Who pays"
    PERFORMER "Olha"
    INDEX 00 01:29:00
    INDEX 01 01:30:37
"""
READ = [
    ("talk.cue", CUE, "cue", [(0.0, "Start"), (90.493, "Olha: Who pays")]),
    ("m.csv", "#,Name,Start,End,Length\nM1,Start,0:00.000,,\nR1,Who pays,1:30.500,2:00,\n", "csv",
     [(0.0, "Start"), (90.5, "Who pays")]),
    ("m.csv", "Name\tStart\tDuration\tTime Format\nStart\t0:00.000\t0:00.000\tdecimal\n", "csv", [(0.0, "Start")]),
    ("m.csv", 'title;start\n"One; two";90\n', "csv", [(90.0, "One; two")]),
    ("l.txt", "0.000000\t0.000000\tStart\n90.5\t120\tWho pays\n", "audacity", [(0.0, "Start"), (90.5, "Who pays")]),
    ("o.txt", "CHAPTER01=00:00:00.000\nCHAPTER01NAME=Start\n", "vorbis", [(0.0, "Start")]),
    ("notes.md", "# Talk\n\nAt 12:30 we met.\n\n- 0:00 Start\n- **1:30** [Who pays](https://e.org/p)\n", "notes",
     [(0.0, "Start"), (90.0, "Who pays")]),
    ("c.txt", "- 0:00 Start\n* 1:30 Who pays\n", "text", [(0.0, "Start"), (90.0, "Who pays")]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "kind", "wanted"), READ)
def test_what_other_programs_write_is_read(name, text, kind, wanted):
    """Each is known by how it begins or by its name, and read with times and titles."""
    assert chapters.detect(name, text) == kind
    assert [(c.start, c.title) for c in chapters.parse(text, kind)] == wanted


def test_what_is_only_read_is_not_written():
    """The error names the formats that can be written."""
    with pytest.raises(UsageError, match="does not write") as caught:
        chapters.format((), "cue")
    assert "json" in caught.value.hint


def test_a_moved_chapter_is_never_piled_up():
    """What ended before zero is left out; the one under zero begins there, and keeps its end."""
    found = tuple(Chapter(start=s, title=str(s)) for s in (0.0, 60.0, 120.0))
    assert [c.start for c in shifted(found, -90.0)] == [0.0, 30.0]
    assert [c.title for c in shifted(found, -90.0)] == ["60.0", "120.0"]
    assert [c.start for c in shifted(found, 10.0)] == [10.0, 70.0, 130.0]
    assert [c.start for c in clamped(found, 120.0)] == [0.0, 60.0]


@given(text=st.text(max_size=300), name=st.sampled_from([*CARRIED, *READ_ONLY, "vtt"]))
def test_no_text_is_more_than_a_format_error(text, name):
    """Whatever is parsed, the only error is a FormatError."""
    for prefix in ("", "00:01 ", ";FFMETADATA1\n[CHAPTER]\n", "<chapters>", '{"chapters": [1]}'):
        with contextlib.suppress(FormatError):
            assert isinstance(chapters.parse(prefix + text, name), tuple)


@pytest.mark.parametrize(
    ("line", "start", "title", "url"),
    [
        ("00:00:12.345 Second, 12.345", 12.345, "Second, 12.345", ""),
        ("1:02:03 One hour", 3723.0, "One hour", ""),
        ("62:03,5  Minutes", 3723.5, "Minutes", ""),
        ("(0:30) In brackets", 30.0, "In brackets", ""),
        ("[00:30] In others", 30.0, "In others", ""),
        ("00:00 Вступ — «лапки» & <b>", 0.0, "Вступ — «лапки» & <b>", ""),
        ("00:01 Link <https://x.example/a>", 1.0, "Link", "https://x.example/a"),
        ("00:02 <javascript:alert(1)>", 2.0, "<javascript:alert(1)>", ""),
        ("00:03", 3.0, "", ""),
        ("00:04\tTab", 4.0, "Tab", ""),
    ],
)
def test_lines_as_people_type_them(line, start, title, url):
    """A time in any usual form, then the title, then maybe a link."""
    assert chapters.parse(line, "text") == (Chapter(start=start, title=title, url=url),)


def test_comments_blank_lines_and_line_ends_do_not_count():
    """Comments and blank lines are passed over; Windows line ends and a BOM are fine."""
    text = "\ufeff# chapters\r\n\r\n00:05 B\r\n00:01 A\r\n"
    assert [c.title for c in chapters.parse(text, "text")] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("00:00 A\n\nno time\n", "text", "line 3"),
        ("00:00 A\n00:61 B", "text", "line 2"),
        ('{"chapters": [\n{"startTime": 0},\n}', "json", "line 3"),
        ('{"chapters": [{"startTime": "x"}]}', "json", "chapter 1"),
        ('{"chapters": [{"startTime": 0}, {"startTime": NaN}]}', "json", "NaN"),
        ('{"chapters": [{"startTime": 1e400}]}', "json", "chapter 1"),
        ("[" * 100_000, "json", "JSON"),
        (";FFMETADATA1\n\n[CHAPTER]\nSTART=x\n", "ffmetadata", "line 3"),
        ("<chapters>\n<chapter>", "psc", "line 2"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><chapters/>', "psc", "DOCTYPE"),
        ("<rss/>", "psc", "chapters"),
        ('<chapters><chapter start="1:99"/></chapters>', "psc", "chapter 1"),
    ],
)
def test_an_error_says_where(text, name, line):
    """A text that does not parse names the line, or the chapter, that is wrong."""
    with pytest.raises(FormatError, match=line):
        chapters.parse(text, name)


def test_the_json_is_what_podcasting_20_asks_for():
    """Version 1.2.0, numbers for times, `toc: false` only for hidden ones."""
    given_ = (
        Chapter(start=0, title="Вступ", image="https://x.example/1.png"),
        Chapter(start=12.345, end=20, title="B", url="https://x.example/", hidden=True),
    )
    assert json.loads(chapters.format(given_, "json")) == {
        "version": "1.2.0",
        "chapters": [
            {"startTime": 0, "title": "Вступ", "img": "https://x.example/1.png"},
            {
                "startTime": 12.345,
                "endTime": 20,
                "title": "B",
                "url": "https://x.example/",
                "toc": False,
            },
        ],
    }


def test_json_of_others_is_read():
    """Times as strings, unknown keys and a missing title are no errors."""
    text = '{"version": "1.0.0", "chapters": [{"startTime": "12.5", "location": {"a": 1}}]}'
    assert chapters.parse(text, "json") == (Chapter(start=12.5),)


def test_simple_chapters_are_found_inside_a_feed():
    """The first `chapters` element counts, wherever it lies."""
    text = (
        '<rss xmlns:psc="http://podlove.org/simple-chapters"><channel><item><psc:chapters>'
        '<psc:chapter start="00:01:00.500" title="A &amp; B" href="https://x.example/"/>'
        "</psc:chapters></item></channel></rss>"
    )
    wanted = Chapter(start=60.5, title="A & B", url="https://x.example/")
    assert chapters.parse(text, "psc") == (wanted,)


@pytest.mark.parametrize(
    ("name", "text", "format_name"),
    [
        ("a.txt", "00:00 A", "text"),
        ("a.txt", ";FFMETADATA1\n", "ffmetadata"),
        ("a.txt", '\ufeff {"chapters": []}', "json"),
        ("a.xml", "<psc:chapters/>", "psc"),
        ("a.psc", "", "psc"),
        ("a", "# a comment\n00:00 A", "text"),
    ],
)
def test_a_format_is_told_by_content_then_by_name(name, text, format_name):
    """What a text begins with counts more than what its file is called."""
    assert chapters.detect(name, text) == format_name


def test_an_unknown_format_gets_a_hint():
    """A wrong word says which one was meant."""
    with pytest.raises(UsageError) as caught:
        chapters.parse("", "jsom")
    assert "json" in caught.value.hint


@pytest.mark.need("ffmpeg", "ffprobe")
def test_ffmpeg_reads_what_ffmetadata_says(tmp_path):
    """Special characters and milliseconds arrive in a file made by ffmpeg."""
    found = (
        Chapter(start=0.0, end=0.345, title="a=b; #c \\ d"),
        Chapter(start=0.345, end=1.0, title="Друга\nрядок 🎙"),
    )
    source = tmp_path / "c.ffmeta"
    source.write_text(chapters.format(found, "ffmetadata"), encoding="utf-8")
    made = tmp_path / "x.mka"
    tone = ["-f", "lavfi", "-i", "sine=d=1", "-i", source, "-map", "0", "-map_chapters", "1"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *tone, "-c:a", "flac", made], check=True)
    shown = subprocess.run(
        ["ffprobe", "-v", "error", "-show_chapters", "-of", "json", made],
        check=True,
        capture_output=True,
    )
    got = json.loads(shown.stdout)["chapters"]
    assert [(float(c["start_time"]), c["tags"]["title"]) for c in got] == [
        (c.start, c.title) for c in found
    ]


def test_the_page_of_formats_is_in_step():
    """docs/formats.md has a row for every format, and says which are written."""
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (yes|no) \|", page, re.MULTILINE))
    assert rows == {k: "yes" if f.format else "no" for k, f in chapters.FORMATS.items()}
    for name in transcripts.FORMATS:
        assert re.search(rf"^\| `{name}` \|", page.partition("## Transcripts")[2], re.MULTILINE)
