"""Tables become records by type hints; all faults of a file come at once, nothing is coerced."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from shows import PODCAST, make_show

from podkit.errors import RecordError
from podkit.model.episode import Episode, EpisodeType, RemoteEnclosure
from podkit.model.person import Person
from podkit.model.podcasting import Block, Funding, License, Locked
from podkit.model.show import Category
from podkit.workspace import episode_file, show_file
from podkit.workspace.faults import parse_toml, read_text, together
from podkit.workspace.layout import Layout

WHERE = "episodes/talk/episode.toml"


@pytest.fixture
def layout(tmp_path) -> Layout:
    return make_show(tmp_path)


def episode(layout: Layout, text: str) -> Episode:
    return episode_file.parse(text, layout, "talk", podcast=PODCAST)


def faults(layout: Layout, text: str) -> list[str]:
    with pytest.raises(RecordError) as caught:
        episode(layout, text)
    assert caught.value.where == WHERE
    return caught.value.message.splitlines()


def test_every_fault_of_a_file_is_told_at_once(layout):
    """Unknown keys, wrong types, missing keys and bad words come in one error, each with its line."""
    told = faults(
        layout,
        'titel = "x"\n'
        "number = true\n"
        'type = "ful"\n'
        "\n"
        "people = [\n"
        '  "host",\n'
        '  { name = "G", role = 7 },\n'
        "]\n"
        "[masters.main]\n"
        'file = "../../etc/passwd"\n'
        'bytes = "12"\n',
    )
    assert told == [
        f"{WHERE} has 8 faults",
        "line 1, titel: unknown key; did you mean 'title'?",
        "line 2, number: must be a number, not true or false",
        "line 3, type: 'ful' is not one of its words; did you mean 'full'?",
        'line 7, people[1].role: must be text, not a whole number; write it between quotes: "7"',
        "line 11, masters.main.bytes: must be a whole number, not text; write it without quotes: 12",
        "line 9, masters.main.sha256: it is missing",
        "guid: it is missing",
        "title: it is missing",
    ]


def test_files_outside_the_folder_are_faults(layout):
    """A master, chapters, transcript or picture is a plain name in the episode's folder."""
    told = faults(
        layout,
        'guid = "g"\ntitle = "t"\nimage = "../cover.jpg"\n[masters.main]\nfile = "/etc/passwd"\n'
        'sha256 = "a"\nbytes = 1\nchapters = "a\\\\b"\ntranscripts = ["x/y.vtt"]\n',
    )
    assert [line.split(":")[0] for line in told[1:]] == [
        "line 3, image",
        "line 5, masters.main.file",
        "line 8, masters.main.chapters",
        "line 9, masters.main.transcripts[0]",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("title = 12", "must be text, not a whole number"),
        ("title = 2026-01-01", "must be text, not a date"),
        ('draft = "yes"', "must be true or false, not text"),
        ("draft = 1", "must be true or false, not a whole number"),
        ("season = true", "must be a whole number, not true or false"),
        ("season = 1.0", "must be a whole number, not a number"),
        ('season = "1"', "must be a whole number, not text"),
        ("number = nan", "must be a finite number"),
        ("number = inf", "must be a finite number"),
        ('number = "1:02:03"', "must be a number, not text"),
        ('published = "2026-11-20"', "must be a date, not text; write it without quotes"),
        ("masters = 3", "must be a table, not a whole number"),
        ("soundbites = 3", "must be a table, not a whole number"),
        ("enclosure = 3", "must be text, not a whole number"),
        ("published = 2026-03-29 03:30:00", "does not exist in Europe/Kyiv"),
        ("published = 0001-01-01 00:00:00", "it is too far away for a date"),
    ],
)
def test_nothing_is_coerced(layout, line, message):
    """A value of another type is a fault, never a guess (H06)."""
    base = {"guid": 'guid = "g"', "title": 'title = "t"'}
    base[line.split(" ")[0]] = line
    told = faults(layout, "\n".join(base.values()))
    assert len(told) == 2
    assert message in told[1]


@pytest.mark.parametrize("word", ["No", "yes", "010", "1:30:00", "0x1F", "1e3", "null", "~", ""])
def test_strings_stay_strings(layout, word):
    """What looks like another type stays the text that was written (H06)."""
    made = episode(layout, f'guid = "g"\ntitle = "{word}"\nsummary = "{word}"')
    assert (made.title, made.summary) == (word, word)


def test_a_repeated_key_is_refused(layout):
    """The same key twice is a fault with its line, not the last one wins (H06)."""
    told = faults(layout, 'guid = "g"\ntitle = "a"\ntitle = "b"\n')
    assert told[1].startswith("line 3: not TOML: the key stands there twice")


@pytest.mark.parametrize(
    "text", ["guid =", 'guid = "a', "a = [" * 5000, "n = " + "9" * 5000, "[[a]\n", "\x00", "=", "]"]
)
def test_broken_toml_is_one_record_error(layout, text):
    """Whatever tomllib cannot read becomes a RecordError, never another exception."""
    assert len(faults(layout, text)) == 2


def test_bare_values_and_single_values(layout):
    """A bare value stands for its field, and one value for a list of one."""
    made = episode(
        layout,
        'guid = "g"\ntitle = "t"\npeople = "host"\nfunding = { url = "https://a.example" }\n'
        'license = "cc-by-4.0"\nblock = true\npresets = "mp3"\n',
    )
    assert made.people == (Person(name="host"),)
    assert made.funding == (Funding(url="https://a.example"),)
    assert made.license == License(name="cc-by-4.0")
    assert made.block == (Block(),)
    assert made.presets == ("mp3",)


def test_either_text_or_a_table(layout):
    """`enclosure` is a preset's name, or the table of an episode imported without its media."""
    head = 'guid = "g"\ntitle = "t"\n'
    assert episode(layout, head + 'enclosure = "mp3"').enclosure == "mp3"
    table = '[enclosure]\nurl = "https://m.example/a.mp3"\nlength = 1\ntype = "audio/mpeg"\n'
    made = episode(layout, head + table + "duration = 2").enclosure
    assert made == RemoteEnclosure(
        url="https://m.example/a.mp3", length=1, type="audio/mpeg", duration=2.0
    )


def test_text_goes_through_the_gate(layout):
    """Control characters that TOML can spell do not come in."""
    made = episode(layout, 'guid = "g"\ntitle = "a\\u0000b\\u001bc"')
    assert made.title == "abc"


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-20T06:00:00+02:00", datetime(2026, 11, 20, 4, tzinfo=UTC)),
        ("2026-11-20T06:00:00Z", datetime(2026, 11, 20, 6, tzinfo=UTC)),
        ("2026-11-20 06:00:00", datetime(2026, 11, 20, 4, tzinfo=UTC)),
        ("2026-07-01 06:00:00", datetime(2026, 7, 1, 3, tzinfo=UTC)),
        ("2026-11-20", datetime(2026, 11, 20, 4, tzinfo=UTC)),
        ("2026-10-25 03:30:00", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        ("1965-01-01T00:00:00Z", datetime(1965, 1, 1, tzinfo=UTC)),
        ("2040-01-01T00:00:00Z", datetime(2040, 1, 1, tzinfo=UTC)),
    ],
)
def test_dates_without_a_zone_are_in_the_shows(layout, written, moment):
    """Naive dates get the show's zone, bare ones its release time, twice-told hours the first (F07)."""
    made = episode(layout, f'guid = "g"\ntitle = "t"\npublished = {written}')
    assert made.published == moment


def test_the_show_reads_its_own_zone(tmp_path):
    """Dates inside podkit.toml are in the zone that podkit.toml names."""
    text = (
        '[show]\ntitle = "t"\ntimezone = "Europe/Kyiv"\nrelease_time = "07:30"\n'
        'categories = "News > Politics"\nlocked = true\nfunding = "https://a.example"\n'
        'trailers = [{ url = "https://a.example/t.mp3", published = 2026-11-20 }]\n'
    )
    show = show_file.parse(text, make_show(tmp_path)).show
    assert show.trailers[0].published == datetime(2026, 11, 20, 5, 30, tzinfo=UTC)
    assert show.release_time == time(7, 30)
    assert show.categories == (Category(name="News", sub="Politics"),)
    assert show.locked == Locked(locked=True)


def test_faults_of_several_files_name_their_file(layout):
    """Together, each line says which file and line it is about."""
    errors = []
    for slug in ("one", "two"):
        with pytest.raises(RecordError) as caught:
            episode_file.parse("x = 1\n", layout, slug, podcast=PODCAST)
        errors.append(caught.value)
    told = together(errors).message.splitlines()
    assert told[0] == "6 faults in 2 files"
    assert told[1] == "episodes/one/episode.toml, line 1, x: unknown key"
    assert told[-1] == "episodes/two/episode.toml: title: it is missing"


def test_text_that_is_no_utf8_names_its_line(tmp_path):
    """A file in another encoding is refused with the line of the first wrong byte."""
    path = tmp_path / "episode.toml"
    path.write_bytes(b'a = "b"\ntitle = "\xef\xf0"\n')
    with pytest.raises(RecordError, match="line 2: it is not UTF-8"):
        read_text(path, "episode.toml")


def test_a_byte_order_mark_is_no_fault(tmp_path):
    """Editors on Windows write one."""
    path = tmp_path / "episode.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n")
    assert parse_toml(read_text(path, "x"), "x") == {"a": 1, "b": 2}


def test_the_words_are_the_models():
    """An enum's members are what the file may say."""
    assert [str(word) for word in EpisodeType] == ["full", "trailer", "bonus"]
