"""The manual says what the rules say, and every rule says what it must."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_attribute_rules import BROKEN as ATTRIBUTES
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
            *ATTRIBUTES,
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


def test_the_table_counts_what_the_sections_say():
    """Each number of the table of groups, counted again in the words of the rules' own sections."""
    page = to_markdown(in_order())
    rows = {
        cells[0].strip("*"): list(map(int, cells[1:]))
        for line in page.splitlines()
        if line.startswith("| ") and not line.startswith("| group")
        for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    }
    groups = dict(part.split("\n", 1) for part in page.split("\n## ")[1:])
    assert set(rows) == {*groups, "All"}
    for name, text in groups.items():
        kinds = re.findall(r"^(Error|Warning|Info)((?:, [^.]*)?)\. Demanded by", text, re.MULTILINE)
        found = [(level, said) for level, said in kinds if "advice, never found" not in said]
        levels = [sum(level == word for level, _ in found) for word in ("Error", "Warning", "Info")]
        words = ("only with --live", "one's own show", "mended by --fix")
        marked = [sum(word in said for _, said in found) for word in words]
        assert rows[name] == [len(kinds), *levels, *marked, len(kinds) - len(found)], name
    whole = [sum(numbers) for numbers in zip(*(rows[name] for name in groups), strict=True)]
    assert rows["All"] == whole
    assert whole[0] == len(RULES)
    assert all(whole), "a column that counts nothing would be left out"


def test_advice_is_printed_and_never_found():
    """Those that no file can show."""
    advice = [r for r in in_order() if r.advice]
    assert [r.code for r in advice] == ["PK611", "PK648", "PK650", "PK749", "PK909"]
    assert all("advice, never found" in explain(r) for r in advice)
    assert all(tuple(r.check(None)) == () for r in advice)


def test_lines_fit_a_terminal():
    """The prose is wrapped; examples and addresses stay whole."""
    prose = explain(find("PK208")).partition("Bad:")[0]
    assert max(map(len, prose.splitlines())) <= 80
