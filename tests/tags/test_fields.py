"""What a field's value may be, and what podkit says of one that cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import UsageError
from podkit.model.tags import FIELDS
from podkit.tags.fields import TABLE, join_credits, legal, normal, parse_credits


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("season", "02", "2"),
        ("episode", "7.50", "7.5"),
        ("episode", "0", "0"),
        ("episode_type", "Bonus", "bonus"),
        ("explicit", "no", "false"),
        ("title", "one\r\ntwo\u200d", "one\ntwo\u200d"),
        ("track", "03/010", "3/10"),
        ("url", "https://a.example/é", "https://a.example/%C3%A9"),
        ("credits", "Олена Коваль;\n Guest: Іван ", "host: Олена Коваль; guest: Іван"),
        ("date", "2026-11-20T06:00:00+02:00", "2026-11-20T04:00:00"),
        ("language", "eng", "en"),
        ("language", "ger", "de"),
        ("language", "deu", "de"),
        ("language", "UKR", "uk"),
        ("language", "pt-BR", "pt-BR"),
        ("language", "por-BR", "pt-BR"),
        ("language", "yue", "yue"),
        ("language", "Simple English", "Simple English"),
    ],
)
def test_a_value_is_stored_as_its_kind(name, typed, kept):
    """One way to write each value."""
    assert normal(name, typed) == kept
    assert normal(name, kept) == kept


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("season", "two", "whole number"),
        ("season", "1.5", "whole number"),
        ("season", "²", "whole number"),
        ("episode", "7.", "is a number"),
        ("episode", "-1", "is a number"),
        ("episode_type", "special", "full, trailer or bonus"),
        ("title", "a\udcffb", "a byte that is no UTF-8 (\\xff)"),
        ("comment", "a\x1b[31mb", "a control character (\\x1b)"),
        ("track", "0", "1 to 65535"),
        ("date", "tomorrow", "is not a date"),
        ("podcast", "maybe", "true or false"),
        ("titel", "x", "there is no tag"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name, typed, said):
    """With the name of the field and the value that was typed."""
    with pytest.raises(UsageError) as caught:
        normal(name, typed)
    assert said in str(caught.value)


def test_what_another_program_wrote_is_taken_as_far_as_it_goes():
    """A copy of tags does not fail on a value that podkit would not store."""
    found = {
        "title": "a\x00b\x1b",
        "date": "Oct 3, 1995",
        "season": "two",
        "track": "0/0",
        "episode_type": "FULL",
        "explicit": "maybe",
    }
    assert legal(found) == {"title": "ab", "date": "1995", "episode_type": "full"}


@given(
    people=st.lists(st.tuples(st.text(max_size=20), st.text(min_size=1, max_size=30)), max_size=5)
)
def test_credits_survive_being_joined(people):
    """Whoever is in them, reading what was joined and joining it again changes nothing."""
    text = join_credits(people)
    assert join_credits(parse_credits(text)) == text
    assert normal("credits", text) == text


@given(found=st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=40)))
def test_whatever_is_legal_can_be_stored(found):
    """The gate for foreign values lets through only what the gate for typed ones does."""
    kept = legal(found)
    assert {name: normal(name, value) for name, value in kept.items()} == kept


def test_the_manual_tells_every_field():
    """docs/tags.md has a row for each, with its native keys."""
    manual = (Path(__file__).parents[2] / "docs" / "tags.md").read_text(encoding="utf-8")
    for field in TABLE.values():
        mp4 = field.mp4.replace("com.apple.iTunes", "…")
        row = f"| `{field.name}` | `{field.id3}` | `{mp4}` | `{field.vorbis}` | {field.kind.name.lower()} |"
        assert row in manual
