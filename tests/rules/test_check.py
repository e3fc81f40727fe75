"""What is asked, what is left out, what is skipped, and the order of findings."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_feed import ENERGY, GOOD, SOUND, edited, subject_of

from podkit.errors import PodkitError, UsageError
from podkit.model.episode import Episode
from podkit.model.finding import Severity
from podkit.rules.check import check
from podkit.rules.rule import RULES, Found, find, matching, rule
from podkit.rules.subject import Subject

GUID = "2f6c1a0e-7d1b-4a53-9f0e-8f5ab7f3c2d1"
BAD = edited(
    ("<itunes:author>The newsroom of Example</itunes:author>", ""),
    ("<title>Energy", "<title>Episode 2: Energy"),
    ("<link>https://example.com/energy/</link>", ""),
)


def codes(checked):
    return [f.code for f in checked.findings]


def test_findings_stand_in_the_order_of_the_file():
    """By line, then column, then code."""
    checked = check(subject_of(BAD))
    assert codes(checked) == ["PK212", "PK315", "PK302"]
    places = [(f.line, f.column) for f in checked.findings]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("select", "ignore", "found"),
    [
        (["PK3"], [], ["PK315", "PK302"]),
        (["PK302"], [], ["PK302"]),
        (["pk302"], [], ["PK302"]),
        (["episode-title-number", "PK2"], [], ["PK212", "PK302"]),
        ([], ["PK3"], ["PK212"]),
        ([], ["author-missing"], ["PK315", "PK302"]),
        (["PK3"], ["PK302"], ["PK315"]),
    ],
)
def test_select_and_ignore(select, ignore, found):
    """Codes, beginnings of codes and names; what is ignored is stronger."""
    assert codes(check(subject_of(BAD), select=select, ignore=ignore)) == found


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("PK2O8", "did you mean 'PK2"),
        ("explicit-mising", "'explicit-missing'"),
        ("nonsense", "podkit rules"),
    ],
)
def test_an_unknown_word_is_a_usage_error(word, hint):
    """With the nearest known word in the hint."""
    with pytest.raises(UsageError) as error:
        check(subject_of(BAD), ignore=[word])
    assert hint in error.value.hint
    with pytest.raises(UsageError):
        check(subject_of(BAD), select=[""])


def test_severities_can_be_changed():
    """By code or name, the more exact word last; a wrong level is a usage error."""
    checked = check(subject_of(BAD), severity={"PK302": "info", "PK3": "error"})
    assert {f.code: f.severity for f in checked.findings} == {
        "PK212": Severity.WARNING,
        "PK315": Severity.ERROR,
        "PK302": Severity.INFO,
    }
    with pytest.raises(UsageError, match="fatal"):
        check(subject_of(BAD), severity={"PK302": "fatal"})


def test_an_episode_may_ignore_a_rule():
    """`lint_ignore` in a record holds for that episode alone; a wrong word names the file."""
    text = BAD.replace("<title>Talks", "<title>Episode 1: Talks")
    record = Episode(slug="energy", guid=GUID, title="Energy", lint_ignore=("PK302", "PK315"))
    checked = check(subject_of(text, own=True, episodes=(record,)))
    assert codes(checked) == ["PK212", "PK302"]
    assert checked.findings[1].element == "channel/item[2]/title"
    wrong = Episode(slug="energy", guid=GUID, title="Energy", lint_ignore=("PK3O2",))
    with pytest.raises(UsageError) as error:
        check(subject_of(text, own=True, episodes=(wrong,)))
    assert error.value.where == "episodes/energy/episode.toml, lint_ignore"


def test_episodes_are_named_by_slug_at_home_and_by_guid_abroad():
    """One's own findings carry the slug, a foreign feed's the GUID."""
    record = Episode(slug="energy", guid=GUID, title="Energy")
    own = check(subject_of(BAD, own=True, episodes=(record,)), select=["PK302"])
    foreign = check(subject_of(BAD), select=["PK302"])
    assert [f.episode for f in own.findings] == ["energy"]
    assert [f.episode for f in foreign.findings] == [GUID]


def test_what_a_foreign_feed_cannot_be_asked_is_said():
    """Rules for media, artwork and one's own show are skipped on a bare feed, and named."""
    skipped = check(subject_of(GOOD)).skipped
    assert {"PK405", "PK501", "PK604", "PK609"} <= set(skipped)
    assert [c for c in skipped if c.startswith(("PK1", "PK2", "PK3"))] == ["PK304"]
    assert check(subject_of(GOOD), ignore=["PK304", "PK5", "PK6", "PK7", "PK9"]).skipped == (
        "PK405",
    )
    with_media = check(subject_of(GOOD, media={ENERGY: SOUND})).skipped
    assert "PK604" not in with_media
    assert "PK609" in with_media


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "PK101", 1),
        ("not xml at all", "PK101", 1),
        ("<html><body/></html>", "PK101", 1),
        ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "PK101", 1),
        ('<rss version="2.0"/>', "PK101", 1),
        (GOOD.replace("<title>Energy", "<title>R & D"), "PK101", 23),
        (GOOD.replace("<title>Energy", "<title>R&nbsp;D"), "PK110", 23),
        (GOOD[:900], "PK101", None),
        (GOOD + "<script>alert(1)</script>", "PK112", 51),
        (GOOD.replace("<rss", '<!DOCTYPE rss SYSTEM "x.dtd">\n<rss', 1), "PK112", 2),
    ],
)
def test_a_broken_file_is_a_finding_and_no_crash(text, code, line):
    """Malformed XML is PK101, a DOCTYPE PK112, with their line; nothing else is guessed at."""
    checked = check(subject_of(text))
    mine = [f for f in checked.findings if f.code == code]
    assert mine
    assert line is None or mine[0].line == line
    assert {f.code for f in checked.findings} <= {"PK101", "PK110", "PK112"}
    assert {"PK208", "PK303"} <= set(checked.skipped)
    assert any(f.severity is Severity.ERROR for f in checked.findings)


_PIECES = st.sampled_from(
    ["", " ", "&amp;", "<", "]]>", "\x7f", "http://[", "9" * 30, "é%zz", "itunes:", "٣", "Wed, 99"]
)


@settings(max_examples=150, deadline=None)
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(GOOD)), st.integers(0, 12), _PIECES), min_size=1, max_size=4
    )
)
def test_no_rule_falls_over_a_damaged_feed(cuts):
    """Whatever is cut out and put in, lint ends with findings or without, and never raises."""
    text = GOOD
    for at, length, piece in cuts:
        text = text[:at] + piece + text[at + length :]
    checked = check(subject_of(text, media={ENERGY: SOUND}))
    assert all(f.code in RULES for f in checked.findings)


@settings(max_examples=100, deadline=None)
@given(value=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30))
def test_no_rule_falls_over_a_strange_value(value):
    """Any text as date, duration, number, address, language and category is at most a finding."""
    safe = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    text = edited(
        ("Fri, 20 Nov 2026 06:00:00 +0200</pub", f"{safe}</pub"),
        (">62<", f">{safe}<"),
        ("<itunes:season>1", f"<itunes:season>{safe}"),
        (ENERGY, safe),
        ("1000000", safe),
        ("en-gb", safe),
        ('"Politics"', f'"{safe}"'),
        ("917393e3-1b1e-5cef-ace4-edaa54e1f810", safe),
    )
    check(subject_of(text))


def test_findings_of_the_same_parent_have_their_own_numbers():
    """An element among several of its name is numbered; one alone is not."""
    text = GOOD.replace(
        "<podcast:funding",
        '<podcast:funding url="http://a.b">x</podcast:funding>' * 2 + "<podcast:funding",
        1,
    )
    findings = check(subject_of(text), select=["PK115"]).findings
    assert [f.element for f in findings] == [
        "channel/podcast:funding[1]",
        "channel/podcast:funding[2]",
    ]


def test_a_rule_is_found_by_code_or_name():
    """A beginning that fits several is refused."""
    assert find("PK208") is find("explicit-missing") is RULES.get("PK208")
    assert matching("PK20") > {"PK201", "PK208"}
    with pytest.raises(UsageError, match="beginning of"):
        find("PK2")


def test_a_code_a_name_or_a_docstring_cannot_be_wrong():
    """A taken code or name, a malformed one, and a rule without words are refused."""

    def silent(_: Subject) -> tuple[Found, ...]:
        return ()

    def spoken(_: Subject) -> tuple[Found, ...]:
        """Something is demanded."""
        return (Found("x"),)

    with pytest.raises(PodkitError, match="needs a code"):
        rule("XX901", "silent", Severity.INFO, who="K", source="x")(silent)
    with pytest.raises(PodkitError, match="needs a code"):
        rule("208", "spoken", Severity.INFO, who="K", source="x")(spoken)
    with pytest.raises(PodkitError, match="'explicit-missing'"):
        rule("XX902", "explicit-missing", Severity.INFO, who="K", source="x")(spoken)
    with pytest.raises(PodkitError, match="PK208"):
        rule("PK208", "spoken", Severity.INFO, who="K", source="x")(spoken)
