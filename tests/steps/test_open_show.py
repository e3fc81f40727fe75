"""The show as a whole: read at once, told at once what is wrong; words mean episodes or nothing."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shows import EPISODE, SHOW, add_episode, make_show

from podkit.errors import RecordError, UsageError
from podkit.model.rendition import Rendition
from podkit.steps.open_show import OpenShow, open_show, select
from podkit.workspace import renditions_file

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def show(tmp_path) -> OpenShow:
    layout = make_show(tmp_path)
    add_episode(layout, "energy", number=1, published="2026-11-06")
    add_episode(layout, "energy-explained", number=2, published="2026-11-20")
    add_episode(layout, "talks", number=3, published="2026-12-04")
    add_episode(
        layout, "trailer", text='guid = "https://a.example/?p=1"\ntitle = "T"\ndraft = true\n'
    )
    return open_show(tmp_path)


def chosen(show: OpenShow, *words: str, **more: object) -> list[str]:
    return [e.slug for e in select(show, words, now=NOW, **more)]


def test_episodes_come_newest_first(show):
    """By date, undated drafts before all."""
    assert [e.slug for e in show.episodes] == ["trailer", "talks", "energy-explained", "energy"]
    assert set(show.renditions) == {e.slug for e in show.episodes}
    assert show.episode("talks").title == "Talks"


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        (["energy"], ["energy"]),
        (["guid-energy"], ["energy"]),
        (["https://a.example/?p=1"], ["trailer"]),
        (["#2"], ["energy-explained"]),
        (["s1e3"], ["talks"]),
        (["S1E3"], ["talks"]),
        (["latest"], ["energy-explained"]),
        (["energy*"], ["energy-explained", "energy"]),
        (["t*", "latest", "talks"], ["trailer", "talks", "energy-explained"]),
        (["[e]nergy"], ["energy"]),
        ([], ["trailer", "talks", "energy-explained", "energy"]),
    ],
)
def test_words(show, words, slugs):
    """Slug, GUID, number, season and number, latest, glob; each episode once, in the words' order."""
    assert chosen(show, *words) == slugs


@pytest.mark.parametrize(
    ("where", "slugs"),
    [
        (["status=scheduled"], ["talks"]),
        (["status=draft"], ["trailer"]),
        (["number=2"], ["energy-explained"]),
        (["people=host", "published=2026-11-*"], ["energy-explained", "energy"]),
        (["title=ENERGY"], ["energy"]),
        (["masters.main.file=*.wav", "number=1"], ["energy"]),
        (["draft=true"], ["trailer"]),
        (["people="], ["trailer"]),
        (["slug=talks"], ["talks"]),
        (["number=99"], []),
    ],
)
def test_where(show, where, slugs):
    """Every condition holds; values may be globs; nothing fitting is no error."""
    assert chosen(show, where=where) == slugs


def test_words_and_where_together(show):
    """The words choose, the conditions sift."""
    assert chosen(show, "energy*", where=["number=1"]) == ["energy"]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("enegry", "did you mean 'energy'?"),
        ("#9", "podkit list"),
        ("s9e9", "podkit list"),
        ("x*", "podkit list"),
        ("", "podkit list"),
    ],
)
def test_unknown_words_are_usage_errors(show, word, hint):
    """What means no episode says what may have been meant."""
    with pytest.raises(UsageError) as caught:
        chosen(show, word)
    assert hint in caught.value.hint


@pytest.mark.parametrize("where", ["numbr=2", "number", "notes=x"])
def test_unknown_conditions_are_usage_errors(show, where):
    """A key that no episode has would silently choose nothing."""
    with pytest.raises(UsageError):
        chosen(show, where=[where])


def test_a_word_with_two_meanings_is_asked_about(show, tmp_path, monkeypatch):
    """A slug that is a file here too: both spellings are told. Commands without paths do not mind."""
    (tmp_path / "energy").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        chosen(show, "energy")
    assert "./energy" in caught.value.hint
    assert chosen(show, "energy", paths=False) == ["energy"]
    assert chosen(show, where=["slug=energy"]) == ["energy"]


def test_a_number_that_two_have_is_asked_about(tmp_path):
    """#1 of two seasons: name one."""
    layout = make_show(tmp_path)
    add_episode(layout, "one")
    add_episode(
        layout,
        "other",
        text=EPISODE.format(guid="o", title="O", published="2026-11-20", number=1).replace(
            "season = 1", "season = 2"
        ),
    )
    show = open_show(tmp_path)
    with pytest.raises(UsageError, match="several episodes: one, other"):
        chosen(show, "#1")
    assert chosen(show, "s2e1") == ["other"]


def test_all_faults_of_all_episodes_at_once(tmp_path):
    """One run tells everything that is wrong, each with its file."""
    layout = make_show(tmp_path)
    add_episode(layout, "good")
    add_episode(layout, "bad-one", text='guid = "g"\ntitle = 1\n')
    add_episode(layout, "bad-two", text="guid = \n")
    add_episode(layout, "Not A Slug")
    (add_episode(layout, "broken") / "renditions.toml").write_text("mp3 = 1\n")
    with pytest.raises(RecordError) as caught:
        open_show(tmp_path)
    assert caught.value.message.splitlines() == [
        "4 faults in 4 files",
        (
            "episodes/Not A Slug/episode.toml: the folder's name cannot be a slug: "
            "use a-z, 0-9 and single hyphens"
        ),
        (
            "episodes/bad-one/episode.toml, line 2, title: must be text, not a whole number; "
            'write it between quotes: "1"'
        ),
        "episodes/bad-two/episode.toml, line 1: not TOML: no value stands after the =",
        "episodes/broken/renditions.toml, line 1, mp3: must be a table",
    ]


def test_other_things_in_the_folder_are_left_alone(tmp_path):
    """Files, hidden folders and folders without a record are no episodes."""
    layout = make_show(tmp_path)
    (layout.episodes / "ideas.txt").write_text("x")
    (layout.episodes / "raw takes").mkdir()
    (layout.episodes / ".podkit-0a1b2c3d").mkdir()
    (layout.episodes / ".podkit-0a1b2c3d" / "episode.toml").write_text("guid = 1")
    assert open_show(tmp_path).episodes == ()


def test_a_show_without_episodes_folder(tmp_path):
    """A fresh clone has no empty folders."""
    (tmp_path / "podkit.toml").write_text(SHOW)
    assert open_show(tmp_path).episodes == ()


def test_folders_that_are_links_out_are_refused(tmp_path):
    """An episode's folder that links out of the show is a fault (N07)."""
    other = make_show(tmp_path / "other")
    add_episode(other, "theirs")
    layout = make_show(tmp_path / "ours")
    (layout.episodes / "theirs").symlink_to(other.episodes / "theirs")
    with pytest.raises(RecordError, match="leads out of the show"):
        open_show(layout.root)


def test_renditions_are_read(tmp_path):
    """What renditions.toml records is there by slug and preset."""
    layout = make_show(tmp_path)
    folder = add_episode(layout, "talk")
    made = Rendition(
        preset="mp3",
        master="main",
        file="a.mp3",
        bytes=1,
        sha256="a",
        mime="audio/mpeg",
        duration=1.0,
    )
    (folder / "renditions.toml").write_text(renditions_file.render({"mp3": made}))
    assert open_show(tmp_path).renditions == {"talk": {"mp3": made}}


def test_reading_imports_no_writer(tmp_path):
    """Commands that write nothing start without tomlkit and slugify."""
    add_episode(make_show(tmp_path), "talk")
    code = (
        "import sys, pathlib; from podkit.steps.open_show import open_show;"
        "open_show(pathlib.Path(sys.argv[1]));"
        "print(sorted({'tomlkit', 'slugify', 'av', 'PIL', 'lxml', 'click'} & set(sys.modules)))"
    )
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stdout == "[]\n"


def test_reading_while_episodes_come_and_go(tmp_path):
    """Readers take no lock and never see half an episode (D13)."""
    layout = make_show(tmp_path)
    add_episode(layout, "stays")
    writer = (
        "import os, sys\n"
        "root, text = sys.argv[1], sys.argv[2]\n"
        "while True:\n"
        "    os.mkdir(root + '/.podkit-00000000')\n"
        "    open(root + '/.podkit-00000000/episode.toml', 'w').write(text)\n"
        "    os.rename(root + '/.podkit-00000000', root + '/goes')\n"
        "    os.rename(root + '/goes', root + '/.podkit-11111111')\n"
        "    os.remove(root + '/.podkit-11111111/episode.toml')\n"
        "    os.rmdir(root + '/.podkit-11111111')\n"
    )
    text = EPISODE.format(guid="g", title="t", published="2026-11-20", number=1)
    process = subprocess.Popen([sys.executable, "-c", writer, layout.episodes, text])
    try:
        for _ in range(1000):
            assert open_show(tmp_path).episodes[-1].slug in {"stays", "goes"}
    finally:
        process.kill()
        process.wait()


OPEN_TWICE = """
import os, sys
from pathlib import Path
from podkit import share
from podkit.errors import PodkitError
from podkit.steps.open_show import open_show

forks, fork = [], os.fork
os.fork = lambda: forks.append(1) or fork()

def opened(least):
    share.LEAST, share._cores = least, lambda: 3
    try:
        return open_show(Path(sys.argv[1]))
    except PodkitError as error:
        return type(error), error.message, error.where, error.hint

alone, shared = opened(1_000_000), opened(1)
print(len(forks), alone == shared, isinstance(alone, tuple))
"""


@pytest.mark.parametrize("broken", [False, True])
def test_forks_read_what_one_process_reads(tmp_path, broken):
    """A long show is read on all cores: the same episodes, and the same words about faults."""
    layout = make_show(tmp_path)
    for number in range(1, 13):
        add_episode(layout, f"talk-{number}", number=number, published=f"2026-11-{number + 9}")
    (layout.episodes / "talk-3/notes.md").write_bytes("Ünder\r\n\r\nlined\u2028".encode())
    made = Rendition(
        preset="mp3", master="main", file="talk-4.mp3", mime="audio/mpeg", bytes=3, sha256="bb",
        duration=1.5, published=NOW,
    )  # fmt: skip
    layout.renditions("talk-4").write_text(renditions_file.render({"mp3": made}))
    if broken:
        layout.record("talk-6").write_text("guid = \n")
        layout.record("talk-7").write_text('guid = "7"\n\ntitle = 7\n')
        layout.notes("talk-8").write_bytes(b"\xff")
        layout.renditions("talk-9").write_text('[mp3]\nfile = "../x"\n')
    done = subprocess.run(
        [sys.executable, "-c", OPEN_TWICE, tmp_path], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == (f"2 True {broken}\n", "")
