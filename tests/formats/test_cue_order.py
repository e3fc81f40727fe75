"""Cues in the order of their times, with everything else in the file as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import FormatError
from podkit.formats import transcripts
from podkit.formats.cue_order import in_order

VTT = """\
WEBVTT - a talk
Language: en

STYLE
::cue { color: red }

NOTE about the file

two
00:00:05.000 --> 00:00:07.000 align:start
<v Olha>Second

NOTE before the first

00:00:01.000 --> 00:00:03.000
First


00:00:09.000 --> 00:00:10.000
Third

NOTE the end
"""


def test_vtt_keeps_what_it_is():
    """Head, styles, names, positions and notes stay; a note goes with the cue behind it."""
    made = in_order(VTT, "vtt")
    assert made == VTT.replace(
        """\
two
00:00:05.000 --> 00:00:07.000 align:start
<v Olha>Second

NOTE before the first

00:00:01.000 --> 00:00:03.000
First
""",
        """\
NOTE before the first

00:00:01.000 --> 00:00:03.000
First

two
00:00:05.000 --> 00:00:07.000 align:start
<v Olha>Second
""",
    )
    assert in_order(made, "vtt") == made


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_srt_numbers_count_on(end):
    """The numbers of SubRip go on counting, with the line ends of the file; the last line gets one."""
    lines = ["1", "00:00:05,000 --> 00:00:06,000", "Olha: Five", ""]
    lines += ["2", "00:00:01,000 --> 00:00:02,000", "One"]
    made = in_order(end.join(lines), "srt")
    assert made.splitlines() == [
        *("1", "00:00:01,000 --> 00:00:02,000", "One", ""),
        *("2", "00:00:05,000 --> 00:00:06,000", "Olha: Five"),
    ]
    assert ("\r" in made) == ("\r" in end)


def test_what_is_in_order_stays_byte_for_byte():
    """Nothing is written otherwise where nothing is wrong."""
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOne\n\n\n\n00:00:03.000 --> 00:00:04.000\nTwo"
    assert in_order(text, "vtt") == text


def test_what_is_no_transcript_is_refused():
    """A fault is told, with its line."""
    with pytest.raises(FormatError, match="WEBVTT"):
        in_order("no captions", "vtt")


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["a", "b: c", "<i>d</i>"])), min_size=1),
    st.sampled_from(["vtt", "srt"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_no_cue_is_lost(cues, kind, end, closed):
    """Whatever the cues: the same ones, those of one time in their old order, and sorted for good."""
    mark = "." if kind == "vtt" else ","
    blocks = ["WEBVTT"] if kind == "vtt" else []
    blocks += [
        end.join([str(n), f"00:00:0{at}{mark}000 --> 00:00:0{at}{mark}500", said])
        for n, (at, said) in enumerate(cues, 1)
    ]
    text = (end * 2).join(blocks) + end * closed
    made = in_order(text, kind)
    before = transcripts.parse(text, kind).cues
    assert transcripts.parse(made, kind).cues == tuple(sorted(before, key=lambda cue: cue.start))
    assert in_order(made, kind) == made
