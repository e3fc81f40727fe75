"""The manual says what the rules say, and every rule says what it must."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_feed_rules import BROKEN
from test_file_rules import PICTURES, SOUNDS
from test_grammar_rules import BROKEN as GRAMMAR
from test_guard_rules import RELEASES
from test_podcasting_rules import BROKEN as PODCASTING
from test_server_rules import ANSWERS
from test_text_rules import FEEDS as TEXT_FEEDS
from test_text_rules import LISTS, TEXTS
from test_video_rules import FEEDS, FILES

from podkit.rules.reference import demanded_by, explain, sources, to_markdown
from podkit.rules.rule import RULES, find, in_order

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_manual_is_in_step():
    """docs/rules.md is what the rules' docstrings make of it."""
    assert PAGE.read_text(encoding="utf-8") == to_markdown(in_order()), "run make docs"


@pytest.mark.parametrize("code", list(RULES))
def test_every_rule_explains_itself(code):
    """A demand in one line, a reason, a bad and a good example, and whose it is."""
    rule = RULES.get(code)
    text = rule.text
    assert re.fullmatch(r"[^\n]{10,110}[.:]", rule.demand)
    assert re.search(r"\n\n.{30,}\n\nBad:\n    \S.*\nGood:\n    \S", text, re.DOTALL)
    said = explain(rule)
    assert said.startswith(f"{code} {rule.name} (")
    assert f"Demanded by: {demanded_by(rule)}" in said
    assert all(f"Source: {source}" in said for source in sources(rule))
    assert not re.search(r"\b[AKRSYZ]\b|\bP1\b|\bPC\b|\bW3\b", demanded_by(rule))


def test_every_rule_is_broken_once():
    """A rule without a feed or file that breaks it would be untested."""
    tested = {
        row[0]
        for row in (
            *BROKEN,
            *ANSWERS,
            *FEEDS,
            *FILES,
            *LISTS,
            *TEXTS,
            *TEXT_FEEDS,
            *GRAMMAR,
            *PODCASTING,
            *SOUNDS,
            *PICTURES,
            *RELEASES,
        )
    } | {
        "PK113",
        "PK224",
        "PK509",
        "PK707",
        "PK747",
        "PK904",
        "PK907",
    }
    assert set(RULES) - tested == {r.code for r in RULES.values() if r.advice}


def test_advice_is_printed_and_never_found():
    """Those that no file can show."""
    advice = [r for r in in_order() if r.advice]
    assert [r.code for r in advice] == ["PK506", "PK611", "PK648", "PK650", "PK749", "PK909"]
    assert all("advice, never found" in explain(r) for r in advice)
    assert all(tuple(r.check(None)) == () for r in advice)


def test_lines_fit_a_terminal():
    """The prose is wrapped; examples and addresses stay whole."""
    prose = explain(find("PK208")).partition("Bad:")[0]
    assert max(map(len, prose.splitlines())) <= 80
