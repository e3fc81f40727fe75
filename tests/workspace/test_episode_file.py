"""episode.toml: what is written is read again, and what a person wrote around it stays."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from records import NAMES, TEXTS, records
from shows import EPISODE, PODCAST, add_episode, make_show

from podkit.errors import FileError, RecordError, UsageError
from podkit.model.episode import Episode, Master, TranscriptFile
from podkit.model.person import Person
from podkit.model.podcasting import Image
from podkit.workspace import episode_file
from podkit.workspace.layout import Layout

PLAIN = st.sampled_from(["a.wav", "-x.mp3", "con", "про.vtt", "a b", "%d.wav", ".hidden"])
MASTERS = records(
    Master,
    file=PLAIN,
    chapters=st.sampled_from(["", "chapters.txt"]),
    transcripts=st.lists(records(TranscriptFile, file=PLAIN), max_size=2).map(tuple),
)
EPISODES = records(
    Episode,
    slug=st.just("talk"),
    guid=TEXTS.filter(str.strip),
    image=st.sampled_from(["", "cover.jpg", "https://a.example/c.jpg"]),
    images=st.lists(records(Image, href=PLAIN), max_size=2).map(tuple),
    masters=st.dictionaries(NAMES, MASTERS, max_size=3),
    notes=TEXTS,
)


@pytest.fixture(scope="module")
def layout(tmp_path_factory) -> Layout:
    return make_show(tmp_path_factory.mktemp("show"))


@settings(max_examples=200, deadline=None)
@given(EPISODES)
def test_what_is_written_is_read_again(layout, episode):
    """load(render(episode)) == episode, whatever is in it."""
    text = episode_file.render_new(episode)
    back = episode_file.parse(text, layout, "talk", podcast=PODCAST, notes=episode.notes)
    assert back == episode
    assert episode_file.render_new(back) == text


@settings(max_examples=150, deadline=None)
@given(EPISODES, EPISODES)
def test_editing_to_another_episode(layout, one, other):
    """Setting every key that differs turns one record's text into another record."""
    changes = {
        f.name: getattr(other, f.name)
        for f in dataclasses.fields(Episode)
        if f.name not in {"slug", "notes", "masters", "enclosure"}
    }
    text = episode_file.edit(episode_file.render_new(one), changes)
    back = episode_file.parse(text, layout, "talk", podcast=PODCAST, notes=other.notes)
    assert back == dataclasses.replace(other, masters=one.masters, enclosure=one.enclosure)


TEXT = EPISODE.format(guid="g", title="T", published="2026-11-20", number=1)


def test_comments_stay():
    """A changed key keeps the comment on its line, the others everything."""
    text = episode_file.edit(
        TEXT, {"title": "New", "number": 2.5, "masters.main.chapters": "c.txt"}
    )
    expected = TEXT.replace('"T"', '"New"').replace("number = 1", "number = 2.5")
    expected = expected.replace("duration = 61.5\n", 'duration = 61.5\nchapters = "c.txt"\n')
    assert text == expected


def test_a_new_key_stands_before_the_tables():
    """A key that was not there goes after the last one of its table, not into another table."""
    text = episode_file.edit(TEXT, {"summary": "S"})
    people = 'people = ["host", { name = "Guest", role = "guest" }]\n'
    assert text == TEXT.replace(people, people + 'summary = "S"\n')


def test_removing_takes_one_line():
    """Removing a key leaves every other line as it was; removing what is not there does nothing."""
    assert episode_file.edit(TEXT, {"season": None}) == TEXT.replace("season = 1\n", "")
    assert episode_file.edit(TEXT, {"summary": None, "license.name": None}) == TEXT


def test_new_tables_are_made():
    """A dotted key makes the tables that it leads through."""
    text = episode_file.edit(TEXT, {"masters.video.file": "v.mp4", "license.name": "cc0"})
    assert '[masters.video]\nfile = "v.mp4"' in text
    assert '[license]\nname = "cc0"' in text


def test_a_key_through_a_value_is_a_usage_error():
    """`title.x` leads through a text."""
    with pytest.raises(UsageError, match="no table"):
        episode_file.edit(TEXT, {"title.x": "y"})


def test_line_ends_stay():
    """A file with CRLF keeps it."""
    crlf = TEXT.replace("\n", "\r\n")
    text = episode_file.edit(crlf, {"season": 2})
    assert text == crlf.replace("season = 1", "season = 2")


def test_notes_come_with_the_episode(tmp_path):
    """notes.md is the episode's prose, with line ends made one."""
    layout = make_show(tmp_path)
    folder = add_episode(layout, "talk")
    (folder / "notes.md").write_bytes("Про *це*\r\n".encode())
    episode = episode_file.load(layout, "talk", podcast=PODCAST)
    assert episode.notes == "Про *це*\n"
    assert episode.published == datetime(2026, 11, 20, 4, tzinfo=UTC)
    assert episode.people == (Person(name="host"), Person(name="Guest", role="guest"))


@pytest.mark.parametrize("name", ["episode.toml", "notes.md"])
def test_records_do_not_follow_links_out(tmp_path, name):
    """A record that is a link to a file outside the show is not read (N07)."""
    secret = tmp_path / "secret"
    secret.write_text('guid = "g"\ntitle = "t"\n')
    layout = make_show(tmp_path / "show")
    folder = add_episode(layout, "talk")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(secret)
    with pytest.raises(FileError, match="outside the show"):
        episode_file.load(layout, "talk", podcast=PODCAST)


def test_masters_do_not_link_out(tmp_path):
    """A master that is a link out of the show is a fault; one inside is fine (N07)."""
    (tmp_path / "outside.wav").write_bytes(b"x")
    layout = make_show(tmp_path / "show")
    folder = add_episode(layout, "talk")
    (folder / "master.wav").symlink_to(tmp_path / "outside.wav")
    with pytest.raises(RecordError, match=r"masters\.main\.file: the link leads out"):
        episode_file.load(layout, "talk", podcast=PODCAST)
    (folder / "master.wav").unlink()
    (folder / "real.wav").write_bytes(b"x")
    (folder / "master.wav").symlink_to("real.wav")
    assert episode_file.load(layout, "talk", podcast=PODCAST).masters["main"].file == "master.wav"


@pytest.mark.parametrize("key", ["slug", "notes"])
def test_the_folder_names_the_episode(layout, key):
    """Slug and notes lie elsewhere; as keys they are unknown."""
    with pytest.raises(RecordError, match=f"{key}: unknown key"):
        episode_file.parse(f'{key} = "x"\n' + TEXT, layout, "talk", podcast=PODCAST)


def test_an_empty_guid_is_a_fault(layout):
    """Players know an episode by its GUID (F04)."""
    with pytest.raises(RecordError, match="guid: it is empty"):
        episode_file.parse('guid = " "\ntitle = "t"', layout, "talk", podcast=PODCAST)
