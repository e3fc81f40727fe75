"""The rules on chapters and transcripts: what breaks each is found, what is right is not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rules_feed import edited, subject_of

from podkit.model.chapter import Chapter
from podkit.model.finding import Severity
from podkit.model.transcript import Cue, Transcript
from podkit.rules.check import check
from podkit.rules.subject import ChapterList, Subject, TranscriptText

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
EPISODE = "<itunes:episodeType>full</itunes:episodeType>"
LIST = ChapterList(
    name="chapters.json",
    format="json",
    version="1.2.0",
    chapters=(
        Chapter(start=0.0, title="Start"),
        Chapter(start=300.5, title="Who pays", end=600.0, image="https://e.org/a.jpg"),
        Chapter(start=900.0, title="End"),
    ),
    duration=1800.0,
)
TALK = TranscriptText(
    name="talk.vtt",
    format="vtt",
    transcript=Transcript(
        cues=(
            Cue(start=0.0, end=2.0, text="Who pays?", speaker="Olha"),
            Cue(start=1.5, end=4.0, text="Nobody.", speaker="Petro"),
        )
    ),
    duration=4.0,
)
JSON = replace(TALK, name="talk.json", format="json", version="1.0.0")


def chapters(*starts: float, **changes: object):
    made = tuple(Chapter(start=float(s), title=f"Chapter {n}") for n, s in enumerate(starts, 1))
    return replace(LIST, chapters=made, **changes)


def cues(*made: dict[str, object], **changes: object):
    return replace(TALK, transcript=Transcript(cues=tuple(Cue(**one) for one in made)), **changes)


LISTS = [
    ("PK701", W, chapters(1, 300, 900)),
    ("PK702", W, chapters(0, 900)),
    ("PK703", INFO, replace(LIST, chapters=(*LIST.chapters[:2], Chapter(start=900.0, title="a" * 46)))),
    ("PK703", INFO, chapters(0, 60, 900)),
    ("PK704", E, replace(LIST, fault="no JSON", chapters=())),
    ("PK704", E, replace(LIST, version="")),
    ("PK704", E, replace(LIST, version="1.1")),
    ("PK704", E, chapters(0, 900, 300)),
    ("PK705", W, replace(LIST, chapters=(*LIST.chapters, Chapter(start=1000.0, end=990.0)))),
    ("PK705", W, chapters(0, 300, 1800)),
    ("PK706", W, replace(LIST, table_fault="no top-level table")),
    ("PK710", INFO, replace(LIST, chapters=(*LIST.chapters[:2], Chapter(start=900.0, image="http://e.org/b.jpg")))),
]  # fmt: skip
TEXTS = [
    ("PK743", W, cues({"start": 0.0, "end": 1.0, "text": "Olha: Who?"}, {"start": 1.0, "end": 2.0, "text": "Petro: Me."})),
    ("PK744", E, replace(TALK, transcript=None, fault="line 1: it does not start with WEBVTT")),
    ("PK744", E, cues({"start": 5.0, "end": 6.0, "text": "b"}, {"start": 0.0, "end": 1.0, "text": "a"}, duration=None)),
    ("PK744", E, cues({"start": 0.0, "end": 9.0, "text": "b"}, {"start": 1.0, "end": 2.0, "text": "a"}, duration=None)),
    ("PK745", W, replace(TALK, duration=0.5)),
    ("PK746", W, cues({"start": 0.0, "end": 1.0, "text": "a" * 66})),
    ("PK746", W, cues({"start": 0.0, "end": 1.0, "text": "a" * 33}, format="srt")),
    ("PK746", W, cues({"start": 0.0, "end": 1.0, "text": "a\nb\nc"}, format="srt")),
    ("PK750", W, replace(JSON, version="")),
    ("PK750", W, replace(JSON, other_names=True)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "severity", "listed"), LISTS, ids=[f"{row[0]}-{n}" for n, row in enumerate(LISTS)]
)
def test_a_fault_of_chapters_is_found(code, severity, listed):
    """Each rule finds one thing in a list that breaks it."""
    findings = check(Subject(name="c", chapters=(listed,)), select=[code]).findings
    assert [(f.code, f.severity) for f in findings] == [(code, severity)]


def test_odd_times_are_found_by_line():
    """PK744: each line of times that cannot be meant so, twenty at most; else the cue by its time."""
    odd = tuple((n, "the cue ends before it begins") for n in range(1, 31))
    found = check(Subject(name="t", transcripts=(replace(TALK, odd=odd),)), select=["PK744"])
    assert [f.line for f in found.findings if f.line] == list(range(1, 21))
    assert "10 more" in next(f.message for f in found.findings if not f.line)
    text = cues({"start": 5.0, "end": 3.0, "text": "a"})
    (one,) = check(Subject(name="t", transcripts=(text,)), select=["PK744"]).findings
    assert (one.message, one.severity) == ("the cue at 0:05 ends before it begins", E)


@pytest.mark.parametrize(
    ("code", "severity", "text"), TEXTS, ids=[f"{row[0]}-{n}" for n, row in enumerate(TEXTS)]
)
def test_a_fault_of_a_transcript_is_found(code, severity, text):
    """Each rule finds one thing in a transcript that breaks it."""
    findings = check(Subject(name="t", transcripts=(text,)), select=[code]).findings
    assert [(f.code, f.severity) for f in findings] == [(code, severity)]


@pytest.mark.parametrize(
    "subject",
    [
        Subject(name="c", chapters=(LIST,)),
        Subject(name="c", chapters=(chapters(0, 10, 20, duration=500.0),)),
        Subject(name="c", chapters=(chapters(0, 10, 20, duration=None),)),
        Subject(name="c", chapters=(replace(chapters(9, embedded=True), format=""),)),
        Subject(name="t", transcripts=(TALK, JSON)),
        Subject(name="t", transcripts=(cues({"start": 0.0, "end": 0.0, "text": "All of it."}, format="txt"),)),
        Subject(name="t", transcripts=(cues({"start": 0.0, "end": 1.0, "text": "Note: one"}),)),
    ],
)  # fmt: skip
def test_what_is_right_is_not_found(subject):
    """Good lists and good transcripts pass all of the rules, and no rule of a feed is skipped."""
    checked = check(subject, select=["PK7"])
    assert checked.findings == ()
    assert checked.skipped == ()


def test_lists_of_one_episode_are_held_against_each_other():
    """PK707: another count, another time, another title; fractions and hidden ones do not count."""
    file = replace(LIST, episode="energy")
    rounded = tuple(replace(c, start=float(round(c.start))) for c in LIST.chapters)
    notes = replace(file, name="notes.md", embedded=True, chapters=rounded)
    same = Subject(name="s", chapters=(file, notes, replace(LIST, chapters=(), episode="energy")))
    assert check(same, select=["PK707"]).findings == ()
    hidden = replace(notes, chapters=(*rounded, Chapter(start=1.0, title="x", hidden=True)))
    assert check(Subject(name="s", chapters=(file, hidden)), select=["PK707"]).findings == ()
    for change, said in (
        (rounded[:2], "2 chapters, not 3"),
        ((*rounded[:2], replace(rounded[2], start=930.0)), "at 15:30, not 15:00"),
        ((*rounded[:2], replace(rounded[2], title="The end")), "'The end', not 'End'"),
    ):
        subject = Subject(name="s", chapters=(file, replace(notes, chapters=change)))
        (found,) = check(subject, select=["PK707"]).findings
        assert said in found.message


def test_a_language_of_its_own_is_told():
    """PK747: a Ukrainian transcript in an English feed, without the word for it."""
    link = '<podcast:transcript url="https://e.org/t.vtt" type="text/vtt"/>'
    for xml, language, count in (
        (link, "uk", 1), (link, "en", 0), (link, "", 0),
        (link.replace("/>", ' language="uk"/>'), "uk", 0),
    ):  # fmt: skip
        subject = subject_of(edited((EPISODE, EPISODE + xml)))
        at = next(e for e in subject.feed.elements if e.name == "transcript")
        with_text = replace_transcripts(subject, replace(TALK, language=language, at=at))
        assert len(check(with_text, select=["PK747"]).findings) == count


def replace_transcripts(subject, text):
    """The subject with one transcript; its view is made anew of the same document."""
    return Subject(name=subject.name, document=subject.document, transcripts=(text,))


TIMES = "0:00 Start&lt;br&gt;2:05 Power&lt;br&gt;4:10 Money"
FEEDS = [
    ("PK708", W, "channel/item[2]/description", edited(("Nine agreements.", "2:05 Power&lt;br&gt;0:00 Start&lt;br&gt;4:10 Money"))),
    ("PK708", W, "channel/item[2]/description", edited(("Nine agreements.", TIMES.replace("0:00", "0:30")))),
    ("PK709", INFO, "channel/item[1]/podcast:chapters",
     edited((EPISODE, EPISODE + '<podcast:chapters url="https://e.org/c.json" type="application/json+chapters"/>'))),
    ("PK741", E, "channel/item[1]/podcast:transcript",
     edited((EPISODE, EPISODE + "<podcast:transcript>https://e.org/t.vtt</podcast:transcript>"))),
    ("PK742", W, "channel/item[1]/podcast:transcript",
     edited((EPISODE, EPISODE + '<podcast:transcript url="https://e.org/t.html" type="text/html"/>'))),
    ("PK748", INFO, "channel/item[1]/podcast:transcript",
     edited((EPISODE, EPISODE + '<podcast:transcript url="https://e.org/t.vtt" type="text/vtt"/>'))),
]  # fmt: skip


@pytest.mark.parametrize(("code", "severity", "element", "feed"), FEEDS)
def test_what_the_feed_says_of_texts(code, severity, element, feed):
    """Each rule finds one thing, at its place in the feed."""
    findings = check(subject_of(feed), select=[code]).findings
    assert [(f.code, f.severity, f.element) for f in findings] == [(code, severity, element)]


@pytest.mark.parametrize(
    "feed",
    [
        edited(("Nine agreements.", TIMES)),
        edited(("Nine agreements.", "At 4:10 we met, at 2:05 we left, https://e.org/1:00:00/2:00")),
        edited(
            (
                EPISODE,
                EPISODE
                + '<podcast:transcript url="https://e.org/t.vtt" type="text/vtt" rel="captions"/>'
                + '<podcast:transcript url="https://e.org/t.html" type="text/html"/>',
            )
        ),
    ],
)
def test_texts_of_a_good_feed_are_not_found(feed):
    """A list of times in order, times in prose, and captions with their word pass."""
    assert check(subject_of(feed), select=["PK7"]).findings == ()
