"""Values of a record written otherwise, deep inside it, with every other byte as it was."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import RecordError
from podkit.workspace.editing import rewritten

RECORD = """\
# The show.
[show]
title = "A show"   # its name
language = 'en'
owner = { name = "Desk", email = "desk@podcast.example" }   # whom to write to
categories = [
    "News",   # first
    "Arts > Food",
]

# what it is about
[[show.location]]
name = "Kyiv"
osm = "r1"   # a relation

[[show.location]]
name = "Lviv"

# where it lies
[site]
url = "https://podcast.example/"
"""


def test_deep_values():
    """Inline tables, members of lists and of arrays of tables; comments and quotes elsewhere stay."""
    changes = {
        ("show", "owner", "name"): "The desk",
        ("show", "categories", 1): "Arts > Design",
        ("show", "location", 0, "osm"): "R1",
    }
    expected = (
        RECORD.replace('"Desk"', '"The desk"').replace("Food", "Design").replace('"r1"', '"R1"')
    )
    assert rewritten(RECORD, changes, {}) == expected


def test_a_new_key_stands_with_the_others():
    """Behind the last plain key of its table, not behind the comment that leads the next one in."""
    made = rewritten(RECORD, {}, {"show.guid": "one"})
    assert made == RECORD.replace("]\n\n# what", ']\nguid = "one"\n\n# what')


def test_what_is_not_there_is_refused():
    """A key that is not there is no place to write to."""
    for path in (("show", "none", "name"), ("show", "categories", 7), ("show", "title", "x")):
        with pytest.raises(RecordError, match="cannot be edited"):
            rewritten(RECORD, {path: "x"}, {})


@given(st.text(), st.text())
def test_only_what_was_meant_changes(title, category):
    """Whatever the texts: they are read again as they are, and every other value is the same."""
    changes = {("show", "title"): title, ("show", "categories", 0): category}
    try:
        made = rewritten(RECORD, changes, {})
    except RecordError:  # TOML cannot hold it
        return
    wanted = tomllib.loads(RECORD)
    wanted["show"]["title"] = title
    wanted["show"]["categories"][0] = category
    assert tomllib.loads(made) == wanted
    assert made.count("#") - title.count("#") - category.count("#") == RECORD.count("#")
