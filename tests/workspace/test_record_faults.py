"""What is wrong in a file that a person edits is told with its line, in plain words, with what to do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shows import PODCAST, SHOW, make_show

from podkit.errors import RecordError
from podkit.workspace import episode_file, renditions_file, show_file
from podkit.workspace.faults import together

GOOD = f'{SHOW}\n[media]\npresets = ["mp3"]\n\n[people.host]\nname = "Ann"\nrole = "host"\n'


@pytest.fixture(scope="module")
def layout(tmp_path_factory):
    """An empty show."""
    return make_show(tmp_path_factory.mktemp("faults"))


def fault(layout, text: str) -> RecordError:
    """What is said of a podkit.toml."""
    with pytest.raises(RecordError) as caught:
        show_file.parse(text, layout)
    return caught.value


def refusal(layout, text: str) -> RecordError | None:
    """What is said of a podkit.toml that may be right."""
    try:
        show_file.parse(text, layout)
    except RecordError as error:
        return error
    return None


@pytest.mark.parametrize(
    ("line", "said", "hint"),
    [
        ("title = My Show", "a text has quotes around it", 'write line 2 as in: title = "My Show"'),
        ('title = "My Show', "the quote at its end is missing", 'write line 2 as in: title = "…"'),
        ("title = “My Show”", "not the straight ones", 'write line 2 as in: title = "My Show"'),
        ("title: My Show", "there is no =", 'write line 2 as in: title = "My Show"'),
        ('title "My Show"', "there is no =", 'write line 2 as in: title = "My Show"'),
        ('title: ["a"]', "there is no =", 'write line 2 as in: title = ["a"]'),
        ("title =", "no value stands after the =", 'write line 2 as in: title = "…"'),
        ("title = # none", "no value stands after the =", 'write line 2 as in: title = "…"'),
        ("explicit = No", "small letters", "write line 2 as in: explicit = false"),
        ("explicit = TRUE # it is", "small letters", "write line 2 as in: explicit = true"),
        ("explicit = yes", "small letters", "write line 2 as in: explicit = true"),
        ('image = "C:\\Users\\a.jpg"', "a backslash stands in a text", r"write it twice: \\"),
        ('title = "The "big" show"', "something follows", r"a quote is written \""),
        ("images = [cover]", "a text has quotes around it", 'put quotes around it: "cover"'),
        ('categories = ["a" "b"]', "a comma is missing", "write a comma between its members"),
        (
            'owner = { name = "A" email = "b" }',
            "a comma is missing",
            "write a comma between its keys",
        ),
        ("published = 2026-02-30", "there is no such date", "2026-11-20T06:00:00"),
        ("<<<<<<< HEAD", "marks of a conflict", "keep one of the two sides"),
        ("- title", "there is no =", "write line 2 as in: "),
        ("!", "neither key = value", 'written as key = "value"'),
        ('title = "a\x01"', "a character that nobody sees", "type it anew"),
        ('title = "a"\ntitle = "b"', "the key stands there twice", "keep one of the two"),
        ("[show]", "this heading stands there twice", "put the keys of both below one"),
        ("[site", "a heading is not closed", "between [ and ]"),
        ("title = 5", 'not a whole number; write it between quotes: "5"', "mend line 2"),
        ("title = true", 'not true or false; write it between quotes: "true"', "mend line 2"),
        ('explicit = "no"', "write true or false, without quotes", "mend line 2"),
        ('spotify_limit = "3"', "write it without quotes: 3", "mend line 2"),
        ('owner = "Ann"', 'a table, not text; write it as { name = "…"', "mend line 2"),
        ("titel = 'x'", "unknown key; did you mean 'title'?", "mend line 2 of podkit.toml"),
    ],
)
def test_what_is_wrong_and_what_to_write(layout, line, said, hint):
    """Each mistake of those that people make is told in their words, with the line as it should be."""
    title = "" if line.startswith("title") else 'title = "t"\n'
    error = fault(layout, f"[show]\n{line}\n{title}")
    number = 3 if "\n" in line else 2
    first = error.message.splitlines()[1]
    assert first.startswith(f"line {number}")
    assert said in first
    assert hint.replace("line 2", f"line {number}") in error.hint
    assert "podkit.toml" in error.message


@pytest.mark.parametrize(
    ("text", "told", "hint"),
    [
        ('presets = [\n  "mp3",\n  m4a\n]\n', "line 3: not TOML: a text has", 'it: "m4a"'),
        ("presets = [\n  m4a, b\n]\n", "line 2: not TOML: a text has", 'it: "m4a"'),
        ('presets = [\n  "a",\n  “b”,\n]\n', "line 3: not TOML: its quotes", 'it: "b"'),
        ('presets = [\n  "mp3,\n  "m4a"\n]\n', "line 2: not TOML: a text is not", "a quote where"),
        ('presets = ["mp3]\n', "line 1: not TOML: a text is not", "a quote where"),
        (
            'presets = [\n  "a",,\n]\n',
            "line 2: not TOML: no value stands before a",
            "the comma out",
        ),
        (
            'presets = [\n  "a"\n\ntitle = "b"\n',
            "line 1: not TOML: a list is not closed",
            "write ]",
        ),
        ('presets = [\n  "a",\ntitle = "b"\n', "line 1: not TOML: a list is not closed", "write ]"),
        ('presets = [\n  "a",\n\n[site]\n', "line 1: not TOML: a list is not closed", "write ]"),
        ('\npresets = [\n  "a",\n\n', "line 2: not TOML: a list is not closed", "write ]"),
        ('owner = {\n  name = "A",\n\n', "line 1: not TOML: a table is not closed", "write }"),
        ("owner = {\n  name = Ann,\n}\n", "line 2: not TOML: a text has", 'it: "Ann"'),
        ("owner = {\n  name =\n}\n", "line 2: not TOML: no value stands after", "a text between"),
        ("owner = {\n  name: 5\n}\n", "line 2: not TOML: there is no =", 'as key = "value"'),
        (
            'related = [\n  { title = "A" }\n  { title = "B" }\n]\n',
            "line 3: not TOML: a list is not closed, or a comma is missing",
            "a comma between its members",
        ),
        (
            'a = "b"\nsummary = """One\ntwo\n\n',
            "line 2: not TOML: a text is not",
            'write """ where',
        ),
        ("a = 1\nsummary = '''One\ntwo\n", "line 2: not TOML: a text is not", "write ''' where"),
        ("a = 1\ntitle = 'One\nb = 2\n", "line 2: not TOML: a text is not", "a quote where"),
        ("title = 'One\nb = 'x'\n", "line 1: not TOML: a text is not", 'line 1 as in: title = "…"'),
    ],
)
def test_no_hint_breaks_what_stands_around(layout, text, told, hint):
    """In a list, a table or a long text no line is a key and its value; the fault's own is named."""
    error = fault(layout, text)
    assert error.message.splitlines()[1].startswith(told)
    assert hint in error.hint
    if "as in" not in hint:
        assert "as in: " not in error.hint


def test_a_file_without_anything(layout):
    """It lost what it said; nobody is asked for the keys one by one."""
    for error in (fault(layout, ""), fault(layout, " \n\n")):
        assert error.message.endswith("it is empty")
        assert "podkit.toml back from version control" in error.hint


def test_a_guid_that_is_lost(layout):
    """It is never invented: everybody would download the episode again."""
    with pytest.raises(RecordError) as caught:
        episode_file.parse('title = "a"\n', layout, "one", podcast=PODCAST)
    assert "live feed" in caught.value.hint


def test_the_hint_of_several_faults_names_its_key(layout):
    """Nobody takes it for advice about the first of them."""
    with pytest.raises(RecordError) as caught:
        episode_file.parse("title = 1\n", layout, "one", podcast=PODCAST)
    assert caught.value.hint.startswith("guid: write the one")


def test_a_guid_that_is_misspelt_is_not_lost(layout):
    """It stands there, under a key that is nearly right."""
    with pytest.raises(RecordError) as caught:
        episode_file.parse('giud = "g"\ntitle = "a"\n', layout, "one", podcast=PODCAST)
    assert "did you mean 'guid'?" in caught.value.message
    assert "live feed" not in caught.value.hint
    assert "line 1" in caught.value.hint


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("language = no", 'language = "no"'),
        ("title = on", 'title = "on"'),
        ("title = True", 'title = "True"'),
        ("complete = off", "complete = false"),
        ("locked = yes", "locked = true"),
    ],
)
def test_only_truths_become_truths(layout, line, hint):
    """Norwegian is no falsehood."""
    assert fault(layout, f"[show]\n{line}\n").hint == f"write line 2 as in: {hint}"


def test_several_files_have_each_its_hint(layout):
    """The record's line, and where renditions.toml comes from."""
    errors = []
    with pytest.raises(RecordError) as caught:
        episode_file.parse('guid = "g"\ntitle = 1\n', layout, "one", podcast=PODCAST)
    errors.append(caught.value)
    path = layout.root / "renditions.toml"
    path.write_text("mp3 = [", encoding="utf-8")
    with pytest.raises(RecordError) as caught:
        renditions_file.load(path, where="episodes/two/renditions.toml")
    errors.append(caught.value)
    hint = together(errors).hint
    assert "mend line 2 of episodes/one/episode.toml" in hint
    assert "take episodes/two/renditions.toml back" in hint


@given(
    place=st.integers(0, len(GOOD)),
    cut=st.integers(0, 12),
    put=st.text(st.sampled_from("\"'[]{}=,.#\\\n :-0aT_<\u201c\x01\u2028é"), max_size=6),
)
def test_whatever_is_broken_has_a_line_and_a_hint(layout, place, cut, put):
    """A slip of the hand anywhere in a right file: it is right still, or all of that is told."""
    text = GOOD[:place] + put + GOOD[place + cut :]
    error = refusal(layout, text)
    if error is not None:
        assert error.where == "podkit.toml"
        assert error.hint
        first, *told = error.message.splitlines()
        assert first.startswith("podkit.toml has ")
        assert told
        assert not re.search(r"\('|tomllib|Error|None|dict|str\b", error.message)
        lines = [int(n) for n in re.findall(r"(?m)^line (\d+)", error.message)]
        assert all(1 <= n <= text.count("\n") + 1 for n in lines)
        assert lines or "not TOML" not in error.message


@pytest.mark.parametrize("written", ["1e5", "1.50", "2026-11-06", "123456789012345678901"])
def test_no_value_is_advised_that_was_not_written(layout, written):
    """A GUID of other signs would be another GUID."""
    with pytest.raises(RecordError) as caught:
        episode_file.parse(f'guid = {written}\ntitle = "a"\n', layout, "one", podcast=PODCAST)
    assert "between quotes, as it stands there" in caught.value.message
