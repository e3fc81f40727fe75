"""Every key of a TOML text has its line."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from podkit.workspace.lines import key_lines, line_of

TEXT = '''\
# comment with [brackets] = and "quotes"
a = 1
b.c = "x # no comment"   # but this
"d.e" = """
three
lines"""

[table]
f = [
  1,  # one
  { g = 2, h = "]" },
  [3,
   4],
]
i = 2026-11-20 06:00:00

[table.inner]
j = \'\'\'
]]\'\'\'
k = {l = {m = 1}}

[[many]]
n = 1
[[many]]
n = 2
[many.deep]
o = 3
'''


def test_every_key_has_its_line():
    """Tables, arrays of tables, inline tables, members of lists and dotted keys are all found."""
    assert tomllib.loads(TEXT)
    expected = {
        ("a",): 2,
        ("b", "c"): 3,
        ("d.e",): 4,
        ("table",): 8,
        ("table", "f"): 9,
        ("table", "f", 0): 10,
        ("table", "f", 1, "g"): 11,
        ("table", "f", 1, "h"): 11,
        ("table", "f", 2, 0): 12,
        ("table", "f", 2, 1): 13,
        ("table", "i"): 15,
        ("table", "inner"): 17,
        ("table", "inner", "j"): 18,
        ("table", "inner", "k", "l", "m"): 20,
        ("many", 0): 22,
        ("many", 0, "n"): 23,
        ("many", 1, "n"): 25,
        ("many", 1, "deep", "o"): 27,
    }
    found = key_lines(TEXT)
    assert {key: found.get(key) for key in expected} == expected


def test_what_is_not_found_is_at_the_nearest_thing_around_it():
    """A missing key is told at its table's line, and at no line when the file itself lacks it."""
    found = key_lines(TEXT)
    assert line_of(("table", "inner", "missing"), found) == 17
    assert line_of(("missing",), found) is None


@given(st.text(alphabet="[]{}=,.\"'#\n \\ab1", max_size=60))
def test_no_text_is_too_odd(text):
    """Text that is no TOML gives lines or none, but never an exception or an endless loop."""
    last = text.count("\n") + 1
    assert all(1 <= line <= last for line in key_lines(text).values())
