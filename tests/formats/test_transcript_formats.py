"""Transcript formats: words, speakers and times survive; errors name their line."""

from __future__ import annotations

import contextlib
import json
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import FormatError
from podkit.formats import speech, transcripts
from podkit.formats.cues import body
from podkit.model.text import clean_line
from podkit.model.transcript import LONGEST, Cue, Transcript, ended, named, shifted

TIMES = st.integers(0, 360_000_000).map(lambda ms: ms / 1000)
SAID = st.text(min_size=1, max_size=80).map(body).filter(bool)
NAMES = st.text(max_size=30).map(clean_line)
PEOPLE = st.sampled_from(["", "Оксана Ї", "Dr. No", "Host 1", "Anne-Marie O’Neill"])


def cues(said, names):
    return st.lists(
        st.builds(Cue, start=TIMES, end=TIMES, text=said, speaker=names), max_size=5
    ).map(tuple)


@given(found=cues(SAID, NAMES))
def test_vtt_keeps_everything(found):
    """parse(format(x)) == x for any words, any speaker's name and any time, in WebVTT."""
    text = transcripts.format(Transcript(cues=found), "vtt")
    assert transcripts.parse(text, "vtt").cues == found
    assert transcripts.detect("", text) == "vtt"


@given(found=cues(SAID, NAMES), language=st.sampled_from(["", "uk", "en-GB"]))
def test_json_keeps_everything(found, language):
    """parse(format(x)) == x in Podcasting 2.0 JSON, with the language."""
    given_ = Transcript(cues=found, language=language)
    text = transcripts.format(given_, "json")
    assert transcripts.parse(text, "json") == given_
    assert transcripts.detect("", text) == "json"


# Where speakers are "Name: text", words that look so cannot be told from them; nor can SRT
# carry its own tags as text.
PLAIN = SAID.filter(
    lambda t: not speech.split(t)[0] and not speech.turns(t) and "<" not in t and "{" not in t
)


@given(found=cues(PLAIN, PEOPLE))
def test_srt_keeps_times_words_and_speakers(found):
    """parse(format(x)) == x in SRT for words that do not themselves look like a speaker's."""
    text = transcripts.format(Transcript(cues=found), "srt")
    assert transcripts.parse(text, "srt").cues == found
    assert not found or transcripts.detect("", text) == "srt"


@given(found=cues(PLAIN, PEOPLE))
def test_plain_text_keeps_words_and_speakers(found):
    """Plain text carries who says what, without times."""
    text = transcripts.format(Transcript(cues=found), "text")
    got = transcripts.parse(text, "text").cues
    assert [(c.speaker, c.text) for c in got] == [(c.speaker, c.text) for c in found]


@given(found=cues(SAID, NAMES.filter(lambda n: not n.endswith(":"))))
def test_html_keeps_starts_words_and_speakers(found):
    """HTML carries who says what, and when it starts."""
    text = transcripts.format(Transcript(cues=found), "html")
    got = transcripts.parse(text, "html").cues
    assert [(c.start, c.speaker, c.text) for c in got] == [
        (c.start, c.speaker, c.text) for c in found
    ]
    assert not found or transcripts.detect("", text) == "html"


@given(found=cues(PLAIN, PEOPLE))
def test_a_chain_comes_back_to_what_it_was(found):
    """VTT → SRT → JSON → VTT gives the same file."""
    first = transcripts.format(Transcript(cues=found), "vtt")
    text = first
    at = "vtt"
    for name in ("srt", "json", "vtt"):
        text = transcripts.format(transcripts.parse(text, at), name)
        at = name
    assert text == first


@given(text=st.text(max_size=300), name=st.sampled_from(list(transcripts.FORMATS)))
def test_no_text_is_more_than_a_format_error(text, name):
    """Whatever is parsed, the only error is a FormatError."""
    for prefix in ("", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "1\n00:00:01,000 --> ", "<time>"):
        with contextlib.suppress(FormatError):
            assert isinstance(transcripts.parse(prefix + text, name), Transcript)


VTT = """\ufeffWEBVTT - with a title
Kind: captions
Language: uk

STYLE
::cue { color: lime }

NOTE a note
of two lines

intro
00:00.000 --> 00:02.500 align:start position:0%
<v.loud Оксана>Добрий <i>день</i> &amp; вітаю</v>

00:02.500 --> 01:00:04.000
<v A>One</v>
<v B>Two
lines
"""


def test_vtt_of_others_is_read():
    """Headers, styles, notes, names, positions, classes and two voices in one cue are understood."""
    found = transcripts.parse(VTT.replace("\n", "\r\n"), "vtt")
    assert found.language == "uk"
    assert found.cues == (
        Cue(start=0.0, end=2.5, text="Добрий день & вітаю", speaker="Оксана"),
        Cue(start=2.5, end=3604.0, text="One", speaker="A"),
        Cue(start=2.5, end=3604.0, text="Two\nlines", speaker="B"),
    )


def test_vtt_names_its_speakers_and_escapes_its_words():
    """Speakers are voice spans, and nothing in the words can end a cue or open a tag."""
    cue = Cue(start=0, end=1.5, text="a --> b\n\n<v X>&", speaker="Zoë <script>")
    text = transcripts.format(Transcript(cues=(cue,)), "vtt")
    assert text == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\n"
        "<v Zoë &lt;script&gt;>a --&gt; b\n&lt;v X&gt;&amp;</v>\n"
    )


def test_srt_of_others_is_read():
    """Fonts, positions, missing numbers and points in times do not matter."""
    text = (
        "1\n00:00:01,000 --> 00:00:02,000\n<i>Host: hello</i>\nthere\n\n\n"
        "00:00:03.000 --> 00:00:04.000 X1:0\n{\\an8}Note this: it is no name\n"
    )
    assert transcripts.parse(text, "srt").cues == (
        Cue(start=1, end=2, text="hello\nthere", speaker="Host"),
        Cue(start=3, end=4, text="it is no name", speaker="Note this"),
    )


def test_the_json_is_what_podcasting_20_asks_for():
    """Version 1.0.0 and segments with speaker, startTime, endTime and body."""
    cue = Cue(start=0.5, end=2, text="Так", speaker="Оксана")
    assert json.loads(transcripts.format(Transcript(cues=(cue,)), "json")) == {
        "version": "1.0.0",
        "segments": [{"speaker": "Оксана", "startTime": 0.5, "endTime": 2, "body": "Так"}],
    }


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ("", "vtt", "line 1"),
        ("WEBVTTX\n", "vtt", "line 1"),
        ("WEBVTT\n\n00:00.000 --> 00:01.000\na\n\nstray\n", "vtt", "line 6"),
        ("WEBVTT\n\nname\n00:00 --> 00:01\na\n", "vtt", "line 4"),
        ("1\n00:00:00,000 --> 00:00:01,000\na\n\n2\nb\n", "srt", "line 6"),
        ('{"segments": [{"body": "x"}]}', "json", "segment 1"),
        ('{"segments": [\nx', "json", "line 2"),
        ("<p>a</p>\n<time>soon</time>", "html", "line 2"),
    ],
)
def test_an_error_says_where(text, name, line):
    """A text that does not parse names the line, or the segment, that is wrong."""
    with pytest.raises(FormatError, match=line):
        transcripts.parse(text, name)


@pytest.mark.parametrize(
    ("name", "text", "format_name"),
    [
        ("a.vtt", "WEBVTT", "vtt"),
        ("a.txt", "WEBVTT\n", "vtt"),
        ("a.srt", "1\r\n00:00:00,000 --> 00:00:01,000\r\nx", "srt"),
        ("a.srt", "", "srt"),
        ("a.json", "{}", "json"),
        ("a.html", "<p>x</p>", "html"),
        ("a.txt", "Host: hello", "text"),
        ("", "hello", "text"),
    ],
)
def test_a_format_is_told_by_content_then_by_name(name, text, format_name):
    """What a text begins with counts more than what its file is called."""
    assert transcripts.detect(name, text) == format_name


@pytest.mark.need("ffmpeg")
def test_ffmpeg_reads_the_srt_and_the_vtt(tmp_path):
    """Both files are timed text for an independent reader, at the same times."""
    found = Transcript(
        cues=(
            Cue(start=0.345, end=1.5, text="Добрий день", speaker="Оксана"),
            Cue(start=1.5, end=3, text="a < b & c", speaker=""),
        )
    )
    for name in ("vtt", "srt"):
        source = tmp_path / f"x.{name}"
        source.write_text(transcripts.format(found, name), encoding="utf-8")
        argv = ["ffmpeg", "-v", "error", "-i", source, "-f", "srt", "-"]
        shown = subprocess.run(argv, check=True, capture_output=True, text=True)
        got = transcripts.parse(shown.stdout, "srt").cues
        assert [(c.start, c.end) for c in got] == [(c.start, c.end) for c in found.cues]
        assert "Добрий день" in shown.stdout


def test_what_whisper_writes_is_read():
    """Its segments have start, end and text; written out again they have the namespace's names."""
    text = '{"text": "Hi.", "segments": [{"id": 0, "start": 0.5, "end": 2.0, "text": " Hi."}], "language": "en"}'
    found = transcripts.parse(text, transcripts.detect("w.json", text))
    assert found == Transcript(cues=(Cue(start=0.5, end=2.0, text="Hi."),), language="en")
    assert '"startTime": 0.5' in transcripts.format(found, "json")


def test_scripts_are_no_speech():
    """What stands in script and style is not read aloud."""
    text = "<p>Hello<script>alert(1)</script> there<style>p{}</style></p>"
    (cue,) = transcripts.parse(text, "html").cues
    assert cue.text == "Hello there"


@pytest.mark.parametrize("word", ["Note", "Примітка", "WARNING", "Update"])
def test_words_before_a_colon_are_not_always_names(word):
    """A remark is no speaker."""
    (cue,) = transcripts.parse(f"{word}: this is prose", "text").cues
    assert cue.speaker == ""


def test_only_timed_text_is_timed():
    """Plain text has no times; shifting leaves what ends before zero out."""
    assert not transcripts.parse("Olha: hello", "text").timed
    cues = (Cue(start=0.0, end=1.0, text="a"), Cue(start=1.0, end=3.0, text="b"))
    assert Transcript(cues=cues).timed
    assert shifted(cues, -2.0) == (Cue(start=0.0, end=1.0, text="b"),)
    assert shifted(cues, 0.0) == cues


def test_ids_of_the_register_become_names():
    """A speaker written by an id is the person; others stay."""
    found = Transcript(
        cues=(Cue(start=0.0, end=1.0, text="a", speaker="host"), Cue(start=1.0, end=2.0, text="b"))
    )
    assert [c.speaker for c in named(found, {"host": "Olha"}).cues] == ["Olha", ""]


SPEAKERS = PEOPLE.filter(bool)
ONE_LINE = PLAIN.filter(lambda t: "\n" not in t and not t.startswith(tuple("-‐‑‒–—―")))


@given(
    said=st.lists(st.tuples(SPEAKERS, ONE_LINE), min_size=1, max_size=4),
    dash=st.sampled_from("-–—"),
)
def test_a_dialogue_with_dashes_is_a_cue_for_each_speaker(said, dash):
    """Several people in one cue of SRT, each after a dash, are heard apart, at the same times."""
    lines = "\n".join(f"{dash} {name}: {words}" for name, words in said)
    text = f"1\n00:00:01,000 --> 00:00:02,000\n{lines}\n"
    found = transcripts.parse(text, "srt")
    assert [(c.speaker, c.text, c.start, c.end) for c in found.cues] == [
        (*one, 1, 2) for one in said
    ]
    again = transcripts.parse(transcripts.format(found, "srt"), "srt")
    assert again == found


def test_dashes_that_name_nobody_are_words():
    """A dialogue without names stays one cue, as it is written."""
    text = "1\n00:00:01,000 --> 00:00:02,000\n- So?\n- No.\n"
    assert transcripts.parse(text, "srt").cues == (Cue(start=1, end=2, text="- So?\n- No."),)


@given(found=cues(SAID, NAMES))
def test_every_cue_of_a_timed_text_gets_a_length(found):
    """Cues that ended when or before they began last up to the next one; others stay as they are."""
    mended = ended(found)
    assert [(c.start, c.text, c.speaker) for c in mended] == [
        (c.start, c.text, c.speaker) for c in found
    ]
    for before, after in zip(found, mended, strict=True):
        assert after.end == before.end or before.end <= before.start
        if Transcript(cues=found).timed:
            assert before.start < after.end <= max(before.end, before.start + LONGEST)


def test_a_cue_without_length_ends_where_the_next_begins():
    """Two voices at one time both last until the next moment."""
    found = tuple(Cue(start=s, end=e, text="x") for s, e in ((1, 1), (1, 0), (3, 9), (20, 20)))
    assert [c.end for c in ended(found)] == [3, 3, 9, 25]


def test_times_that_cannot_be_meant_name_their_lines():
    """Seconds over 59 and a cue that ends before it begins are read, and told by line."""
    text = "WEBVTT\n\n00:05.000 --> 00:03.000\na\n\n00:75.000 --> 00:80.000\nb\n"
    assert [line for line, _ in transcripts.FORMATS.get("vtt").odd(text)] == [3, 6]
    srt = text.removeprefix("WEBVTT\n\n").replace(".", ",")
    assert [line for line, _ in transcripts.FORMATS.get("srt").odd(srt)] == [1, 4]
    assert transcripts.FORMATS.get("vtt").odd(VTT) == ()


def test_what_is_left_out_of_a_vtt_is_counted():
    """Notes, styles, names and positions are told by number; a plain file leaves nothing out."""
    left = transcripts.FORMATS.get("vtt").left_out
    assert (
        left(VTT.removeprefix("\ufeff"))
        == left(VTT)
        == (
            "1 NOTE block was left out",
            "1 STYLE block was left out",
            "1 name of a cue was left out",
            "1 position of a cue was left out",
        )
    )
    written = transcripts.format(transcripts.parse(VTT, "vtt"), "vtt")
    assert left(written) == ()
    assert left("WEBVTT\n\nNOTE a\n\nNOTE b\n") == ("2 NOTE blocks were left out",)


@given(text=st.text(max_size=300), name=st.sampled_from(list(transcripts.FORMATS)))
def test_no_text_stops_what_is_told_of_it(text, name):
    """Whatever a text is, odd lines and what is left out are told without an error."""
    for prefix in ("", "WEBVTT\n\n00:01.000 --> 00:02.000\n", "WEBVTT\n\nNOTE"):
        assert isinstance(transcripts.FORMATS.get(name).odd(prefix + text), tuple)
        assert isinstance(transcripts.FORMATS.get(name).left_out(prefix + text), tuple)
