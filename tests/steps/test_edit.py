"""`set` changes what was asked, keeps the rest, and writes nothing that could not be read again."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from shows import EPISODE, add_episode, make_show

from podkit.errors import LockedError, UsageError
from podkit.model.episode import EpisodeType
from podkit.model.person import Person
from podkit.model.podcasting import Funding
from podkit.steps.edit import Changed, set_values
from podkit.steps.open_show import OpenShow, open_show

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def show(tmp_path) -> OpenShow:
    layout = make_show(tmp_path)
    add_episode(layout, "energy")
    add_episode(layout, "talks", number=2)
    return open_show(tmp_path)


def text_of(show: OpenShow, slug: str) -> str:
    return show.layout.record(slug).read_text(encoding="utf-8")


def changed(show: OpenShow, *assignments: str, slug: str = "energy", **more: object):
    return set_values(show, [show.episode(slug)], assignments, now=NOW, **more)


def test_values_by_the_keys_type(show):
    """Text needs no quotes; numbers, truths, dates, lists and tables are understood."""
    changed(
        show,
        "title=Енергія: a=b",
        "number=3.5",
        "season=2",
        "explicit=yes",
        "type=BONUS",
        "published=2026-11-20 06:00",
        "people=host",
        'presets=["mp3", "m4a"]',
        'funding={ url = "https://a.example", text = "Join" }',
        "license=cc-by-4.0",
        "masters.main.offset=0.25",
        "masters.main.chapters=chapters.txt",
    )
    episode = open_show(show.layout.root).episode("energy")
    assert episode.title == "Енергія: a=b"
    assert (episode.number, episode.season, episode.explicit) == (3.5, 2, True)
    assert episode.type is EpisodeType.BONUS
    assert episode.published == datetime(2026, 11, 20, 4, tzinfo=UTC)
    assert episode.people == (Person(name="host"),)
    assert episode.presets == ("mp3", "m4a")
    assert episode.funding == (Funding(url="https://a.example", text="Join"),)
    assert (episode.masters["main"].offset, episode.masters["main"].chapters) == (
        0.25,
        "chapters.txt",
    )


def test_only_what_was_asked_changes(show):
    """Comments, order and all other lines stay as they were."""
    before = text_of(show, "energy")
    changed(show, "published=2026-11-21")
    expected = before.replace("2026-11-20  #", "2026-11-21T06:00:00+02:00  #")
    assert text_of(show, "energy") == expected
    assert text_of(show, "talks").count("#") == before.count("#")


def test_the_report_says_before_and_after(show):
    """What changed, by episode and key; what was so already is not listed."""
    report = changed(show, "title=New", "season=1", "people=", "summary=", "draft=true")
    assert report.changed == (
        Changed(episode="energy", key="title", before="Energy", after="New"),
        Changed(
            episode="energy",
            key="people",
            before=["host", {"name": "Guest", "role": "guest"}],
            after=None,
        ),
        Changed(episode="energy", key="draft", before=None, after=True),
    )
    assert [(c.action, c.subject, c.detail) for c in report.plan] == [
        ("set", "energy title", "'Energy' → 'New'"),
        (
            "remove",
            "energy people",
            "['host', {'name': 'Guest', 'role': 'guest'}] → nothing",
        ),
        ("set", "energy draft", "nothing → true"),
    ]
    assert "people" not in text_of(show, "energy").replace("# who", "")


def test_a_dry_run_writes_nothing(show):
    """The same report, the same file, and no lock."""
    before = text_of(show, "energy")
    report = changed(show, "title=New", dry_run=True)
    assert report.changed[0].after == "New"
    assert text_of(show, "energy") == before
    assert not show.layout.state.exists()


def test_nothing_to_do_touches_nothing(show):
    """Setting what is there leaves even the file's time."""
    path = show.layout.record("energy")
    before = path.stat()
    assert changed(show, "season=1").changed == ()
    assert (path.stat().st_mtime_ns, path.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


@pytest.mark.parametrize(
    ("assignment", "says"),
    [
        ("guid=new", "written once"),
        ("guid=", "written once"),
        ("guid_permalink=true", "written once"),
        ("slug=x", "folder's name"),
        ("notes=x", "notes.md"),
        ("masters.main.sha256=0", "podkit attach"),
        ("titel=x", "did you mean 'title'?"),
        ("masters.main.chapter=x", "did you mean 'chapters'?"),
        ("title.x=1", "nothing lies below"),
        ("type=ful", "did you mean 'full'?"),
        ("number=one", "is a number"),
        ("season=1.5", "whole number"),
        ("explicit=maybe", "true or false"),
        ("published=tomorrow", "write 2026-11-20"),
        ("published=2026-03-29 03:30", "clocks skip"),
        ("presets=mp3,m4a", "is a list"),
        ("presets=[mp3]", "not TOML"),
        ('presets=["a"]\ntitle = "b"', "more than one value"),
        ("masters=x", "is a table"),
        ("masters.main=x", "is a table"),
        ("value=5", """value='[{ type = "…", method = "…" }]'"""),
        ("soundbites=x", "soundbites='[{ start = 1.5, duration = 1.5 }]'"),
        ("chat=x", "chat='{ server = "),
        ("chapters=c.txt", "podkit attach EPISODE FILE"),
        ("masters.main.chapters=../x", "plain name"),
        ("people=[1]", "must be text, not a whole number"),
        ("people=host, guest", """people='["host", "guest"]'"""),
        ("title=", "title: it is missing"),
        ("number=nan", "finite"),
        ("=x", "KEY=VALUE"),
        ("title", "KEY=VALUE"),
    ],
)
def test_what_cannot_be_set_is_a_usage_error(show, assignment, says):
    """Each wrong word is explained, and nothing is written."""
    before = text_of(show, "energy")
    with pytest.raises(UsageError) as caught:
        changed(show, "summary=S", assignment)
    assert says in f"{caught.value.message} {caught.value.hint}"
    assert text_of(show, "energy") == before


def test_all_episodes_or_none(show):
    """When one of several records would be wrong, no record is written."""
    (show.layout.record("talks")).write_text('guid = "t"\ntitle = "T"\nlicense = "x"\n')
    before = text_of(show, "energy")
    with pytest.raises(UsageError):
        set_values(show, show.episodes, ["license.name=cc0"], now=NOW)
    assert text_of(show, "energy") == before


def test_nothing_named_is_a_usage_error(show):
    """No episode, no assignment, or one key twice."""
    with pytest.raises(UsageError, match="no episode"):
        set_values(show, [], ["title=x"], now=NOW)
    with pytest.raises(UsageError, match="no KEY=VALUE"):
        set_values(show, show.episodes, [], now=NOW)
    with pytest.raises(UsageError, match="twice"):
        changed(show, "title=a", "title=b")


def test_every_edit_keeps_the_guid(show):
    """Twelve edits of one episode: the GUID is what it was (F04)."""
    edits = ["title=A", "number=9", "season=", "type=bonus", "published=now", "draft=true"]
    edits += [
        "summary=S",
        "image=c.jpg",
        "people=",
        "presets=mp3",
        "explicit=true",
        "link=https://x.example",
    ]
    for edit in edits:
        changed(open_show(show.layout.root), edit)
    assert open_show(show.layout.root).episode("energy").guid == "guid-energy"
    assert text_of(show, "energy").startswith(
        '# An episode with a person\'s own comments.\nguid = "guid-energy"   # for life\n'
    )


SETTER = (
    "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
    "from podkit.steps.open_show import open_show; from podkit.steps.edit import set_values\n"
    "root, word, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])\n"
    "for n in range(rounds):\n"
    "    show = open_show(root)\n"
    "    set_values(show, show.episodes, [f'{word}={n}'], now=datetime.now(UTC))\n"
)


def test_two_at_once_lose_nothing(show):
    """Two processes that set different keys of the same episodes: both are there (D11)."""
    root = Path(__file__).parents[2]
    running = [
        subprocess.Popen([sys.executable, "-c", SETTER, show.layout.root, key, "25"], cwd=root)
        for key in ("summary", "image_alt")
    ]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    for episode in open_show(show.layout.root).episodes:
        assert (episode.summary, episode.image_alt) == ("24", "24")
        assert EPISODE.count("#") == text_of(show, episode.slug).count("#")
    assert not list(show.layout.episodes.glob("*/.podkit-*"))


@pytest.mark.fault
def test_killed_at_any_moment(show):
    """Twenty kills: each record is whole, and the next run leaves no leftovers (D01, D14)."""
    rng = random.Random(3)
    root = Path(__file__).parents[2]
    for _ in range(20):
        setter = subprocess.Popen(
            [sys.executable, "-c", SETTER, show.layout.root, "summary", "100000"], cwd=root
        )
        time.sleep(rng.uniform(0.15, 0.4))
        setter.kill()
        setter.wait()
        for episode in open_show(show.layout.root).episodes:
            assert episode.guid == f"guid-{episode.slug}"
            assert text_of(show, episode.slug).count("#") == EPISODE.count("#")
    again = open_show(show.layout.root)
    set_values(again, again.episodes, ["summary=after"], now=NOW)
    assert {e.summary for e in open_show(show.layout.root).episodes} == {"after"}
    assert not list(show.layout.episodes.glob("*/.podkit-*"))


def test_a_held_lock_is_waited_for_and_then_told(show, monkeypatch):
    """Another run at work: exit 75 with its process id, nothing written."""
    code = (
        "import sys, time; from pathlib import Path; from podkit import files\n"
        "with files.lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    root = Path(__file__).parents[2]
    holder = subprocess.Popen(
        [sys.executable, "-c", code, show.layout.lock], stdout=subprocess.PIPE, cwd=root
    )
    try:
        assert holder.stdout.readline() == b"held\n"
        monkeypatch.setattr("podkit.files.lock.__wrapped__.__kwdefaults__", {"wait": 0.3})
        begin = time.monotonic()
        with pytest.raises(LockedError, match=f"process {holder.pid}"):
            changed(show, "title=x")
        assert time.monotonic() - begin < 30
    finally:
        holder.kill()
        holder.wait()
    changed(show, "title=after")
    assert 'title = "after"' in text_of(show, "energy")
