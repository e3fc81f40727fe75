"""`podkit lint --fix`: mends what is safe in the show's own records, and says why not the rest."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys

import pytest
from test_whole_feeds import archive
from whole_runs import REPOSITORY, answer, complaint, podkit, tree

from podkit.model.identity import podcast_guid

CUES = "WEBVTT\n\n00:00:05.000 --> 00:00:06.000\nFive\n\n00:00:01.000 --> 00:00:02.000\nOne\n"
SORTED = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOne\n\n00:00:05.000 --> 00:00:06.000\nFive\n"
MASTER = """
# the sound
[masters.main]
file = "master.wav"
sha256 = "00"
bytes = 1
transcripts = [{ file = "transcript.vtt", language = "en" }]
"""


@pytest.fixture
def untidy(tmp_path):
    """A show whose records hold faults of every kind, and one that only a person can mend."""
    folder = archive(tmp_path / "show", episodes=3)
    show = folder / "podkit.toml"
    text = show.read_text(encoding="utf-8")
    for old, new in (
        ('language = "en"', "language = 'EN_us'   # American"),
        ('guid = "ead4c236-bf58-58c6-a2c6-a6b28d128cb6"\n', ""),
        ('categories = ["News"]', 'categories = [\n  "news",   # the first counts\n]'),
        ("explicit = false\n", 'explicit = false\nmedium = "radio"\n'),
    ):
        assert old in text
        text = text.replace(old, new)
    show.write_text("# Our show\n" + text, encoding="utf-8")
    record = folder / "episodes/number-2/episode.toml"
    text = record.read_text(encoding="utf-8").replace('"Number 2"', '" Number 2 "   # its name')
    text = text[: text.index("[enclosure]")] + MASTER
    record.write_text(text, encoding="utf-8")
    (folder / "episodes/number-2/master.wav").write_bytes(b"RIFF")
    (folder / "episodes/number-2/transcript.vtt").write_text(CUES, encoding="utf-8")
    return folder


def test_what_is_safe_is_mended_and_the_rest_explained(untidy):
    """Values change, comments and everything else stay; what is left has its reason."""
    before = tree(untidy)
    report = answer("-C", untidy, "lint", "--fix")
    after = tree(untidy)
    fixed = {(one["code"], one["path"], one["key"]) for one in report["fixed"]}
    record = "episodes/number-2/episode.toml"
    assert fixed == {
        ("PK107", "podkit.toml", "show.categories[0]"),
        ("PK203", "podkit.toml", "show.language"),
        ("PK220", "podkit.toml", "show.guid"),
        ("PK108", record, "title"),
        ("PK744", "episodes/number-2/transcript.vtt", ""),
    }
    guid = podcast_guid("https://podcast.example/feed.xml")
    show = before["podkit.toml"].decode()
    for old, new in (("'EN_us'   #", '"en-US"   #'), ('"news"', '"News"')):
        show = show.replace(old, new)
    assert after["podkit.toml"].decode().replace(f'guid = "{guid}"\n', "") == show
    assert after[record] == before[record].replace(b'" Number 2 "', b'"Number 2"')
    assert after["episodes/number-2/transcript.vtt"].decode() == SORTED
    changed = {"podkit.toml", record, "episodes/number-2/transcript.vtt"}
    assert {n for n in before if before[n] != after[n]} == changed
    codes = {one["code"] for one in report["findings"]}
    assert not codes & {"PK107", "PK108", "PK203", "PK220", "PK744"}
    reasons = {one["code"]: one["reason"] for one in report["unfixed"]}
    assert set(reasons) == codes
    assert reasons["PK811"] == "only you know what is right"
    assert reasons["PK816"] == "it can be meant in more than one way"
    again = answer("-C", untidy, "lint", "--fix")
    assert again["fixed"] == []
    assert again["findings"] == report["findings"]


def test_a_dry_run_shows_before_and_after(untidy):
    """-n writes nothing and shows each line as diff does; as JSON it is the plan."""
    before = tree(untidy)
    text = podkit("-C", untidy, "lint", "--fix", "-n")
    assert "-language = 'EN_us'   # American" in text
    assert '+language = "en-US"   # American' in text
    assert '-title = " Number 2 "   # its name' in text
    plan = answer("-C", untidy, "lint", "--fix", "-n")["plan"]
    assert [step["action"] for step in plan] == ["fix"] * 5
    assert tree(untidy) == before
    only = answer("-C", untidy, "lint", "--fix", "-n", "--select", "language")["plan"]
    assert [step["subject"] for step in only] == ["podkit.toml show.language"]
    assert "nothing that --fix can mend" in podkit(
        *("-C", untidy, "lint", "--fix", "-n", "--ignore", "PK1,PK2,PK7")
    )


@pytest.mark.long
def test_what_is_ignored_is_not_mended(untidy):
    """A record's lint_ignore, and [lint] in podkit.toml, hold for --fix as for lint."""
    record = untidy / "episodes/number-2/episode.toml"
    text = record.read_text(encoding="utf-8")
    record.write_text(f'lint_ignore = ["PK108"]\n{text}', encoding="utf-8")
    show = untidy / "podkit.toml"
    text = show.read_text(encoding="utf-8")
    show.write_text(f'{text}\n[lint]\nignore = ["PK2"]\n', encoding="utf-8")
    plan = answer("-C", untidy, "lint", "--fix", "-n")["plan"]
    assert {step["detail"][:5] for step in plan} == {"PK107", "PK744"}


@pytest.mark.long
def test_a_show_that_is_live_keeps_its_guid(untidy, tmp_path):
    """A missing [show] guid is the one that the live feed has, not a new one."""
    other = "9b024349-ccf0-5f69-a609-6b82873eab3c"
    shutil.rmtree(untidy / "episodes/number-2")
    show = untidy / "podkit.toml"
    text = show.read_text(encoding="utf-8").replace("EN_us", "en")
    text = text.replace('"radio"', '"podcast"').replace('"news"', '"News"')
    text += f'\n[publish.default]\nurl = "{(tmp_path / "out").as_uri()}"\n'
    show.write_text(text.replace("author =", f'guid = "{other}"\nauthor ='), encoding="utf-8")
    answer("-C", untidy, "publish")
    show.write_text(text, encoding="utf-8")
    (fixed,) = answer("-C", untidy, "lint", "--fix")["fixed"]
    assert (fixed["code"], fixed["after"]) == ("PK220", other)


def test_other_peoples_files_are_not_mended(untidy):
    """A feed, a file, or nothing to mend: the message says what to do instead, and nothing changes."""
    feed = untidy / "other.xml"
    feed.write_text("<rss/>", encoding="utf-8")
    said = complaint("-C", untidy, "lint", "--fix", "other.xml", code=2)
    assert "--fix mends the records of your own show" in said
    assert feed.read_text(encoding="utf-8") == "<rss/>"
    said = complaint("lint", "--fix", "https://podcast.example/feed.xml", code=2)
    assert "your own show" in said
    assert "-n says what --fix would do" in complaint("-C", untidy, "lint", "-n", code=2)


def test_for_people(untidy):
    """The text names what was mended, then what was found, then why the rest is left."""
    text = podkit("-C", untidy, "lint", "--fix")
    assert "fixed PK203 podkit.toml show.language: 'EN_us' → 'en-US'" in text
    assert "left to you (podkit rules " in text
    assert "PK816: it can be meant in more than one way" in text.partition("left to you")[2]


@pytest.mark.fault
@pytest.mark.need("strace")
def test_killed_in_between(untidy, tmp_path):
    """Killed before any file gets its name, each is the old or the new one; the next run goes on."""
    before = tree(untidy)
    right = tmp_path / "right"
    shutil.copytree(untidy, right)
    answer("-C", right, "lint", "--fix")
    wanted = {n: c for n, c in tree(right).items() if n in before}
    killed = 0
    for number in range(1, 10):
        folder = tmp_path / f"killed-{number}"
        shutil.copytree(untidy, folder)
        inject = f"inject=rename:signal=SIGKILL:when={number}"
        done = subprocess.run(
            [
                *("strace", "-o", tmp_path / "log", "-e", "trace=rename", "-e", inject),
                *(sys.executable, "-m", "podkit", "-C", folder, "lint", "--fix", "--json"),
            ],
            capture_output=True,
            cwd=REPOSITORY,
            check=False,
        )
        there = {n: c for n, c in tree(folder).items() if n in before}
        assert there.keys() == before.keys()
        assert all(c in {before[n], wanted[n]} for n, c in there.items())
        answer("-C", folder, "lint", "--fix")
        assert {n: c for n, c in tree(folder).items() if n in before} == wanted
        left = [p.name for p in folder.rglob(".podkit-*") if ".podkit/" not in str(p)]
        assert left == []
        if done.returncode == 0:
            assert json.loads(done.stdout)["fixed"]
            break
        killed += 1
    assert killed >= 3, "the kills did not come to pass"
