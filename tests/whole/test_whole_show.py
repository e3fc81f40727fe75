"""From files to a published feed, by commands alone."""

from __future__ import annotations

import io
import json
import shutil
import subprocess

import feedparser
import podcastparser
import pytest
from whole_runs import CHAPTERS, answer, film, make_show, podkit, sample, talk, tone, tree

TITLES = ["Київ: перша розмова", 'A clip & a half <b> "quoted"']


@pytest.fixture(scope="module")
def show(tmp_path_factory):
    """A show with a talk, a film, a scheduled episode and a draft, built and published."""
    root = tmp_path_factory.mktemp("whole")
    folder = make_show(root / "show")
    (root / "ch.txt").write_text(CHAPTERS, encoding="utf-8")
    added = [
        answer(
            *("-C", folder, "add", talk(root / "talk.wav"), "--title", TITLES[0]),
            *("--published", "2026-11-01T06:00:00+02:00", "--chapters", root / "ch.txt"),
            *("--summary", "What was said."),
        ),
        answer(
            *("-C", folder, "add", film(root / "clip.mp4"), "--title", TITLES[1]),
            *("--published", "2026-11-02 06:00", "--number", 2),
        ),
        answer(
            *("-C", folder, "add", talk(root / "later.flac", 4), "--title", "Future"),
            *("--published", "2036-01-01"),
        ),
        answer("-C", folder, "add", talk(root / "draft.m4a", 3), "--title", "Draft", "--draft"),
    ]
    built = answer("-C", folder, "build")
    published = answer("-C", folder, "publish", (root / "out").as_uri())
    return {
        "root": root,
        "folder": folder,
        "out": root / "out",
        "added": [report["added"][0] for report in added],
        "built": built,
        "published": published,
    }


def test_the_newcomers_way(show):
    """Init, add, build, publish: the feed names two episodes, and every file it names is there."""
    assert [one["slug"] for one in show["added"]][:2] == [
        "kyiv-persha-rozmova",
        "a-clip-a-half-b-quoted",
    ]
    assert {one["slug"]: one["reason"] for one in show["built"]["held"]} == {
        "future": "scheduled",
        "draft": "draft",
    }
    assert show["built"]["feeds"][0]["items"] == 2
    assert show["published"]["failed"] == []
    stages = [move["stage"] for move in show["published"]["done"]]
    assert stages == sorted(stages, key=["media", "companions", "pages", "feeds"].index)
    assert stages[-1] == "feeds"


def test_two_other_readers_agree(show):
    """Feedparser and podcastparser see titles, GUIDs, addresses, lengths, types and durations."""
    feed = (show["out"] / "feed.xml").read_bytes()
    wanted = {one["guid"]: one for one in show["added"][:2]}
    by_feedparser = {entry.id: entry for entry in feedparser.parse(feed).entries}
    parsed = podcastparser.parse("https://podcast.example/show/feed.xml", io.BytesIO(feed))
    by_podcastparser = {entry["guid"]: entry for entry in parsed["episodes"]}
    assert set(by_feedparser) == set(by_podcastparser) == set(wanted)
    for guid, one in wanted.items():
        enclosure = by_feedparser[guid].enclosures[0]
        name = enclosure.href.removeprefix("https://media.example/show/")
        stored = show["out"] / "media" / name
        assert stored.stat().st_size == int(enclosure.length)
        assert enclosure.type == "audio/mpeg"
        assert by_feedparser[guid].title == one["title"]
        other = by_podcastparser[guid]
        assert (other["title"], other["enclosures"][0]["file_size"]) == (
            one["title"],
            stored.stat().st_size,
        )
        assert abs(other["total_time"] - one["duration"]) <= 1


@pytest.mark.need("xmllint")
def test_xmllint_is_content(show):
    """The feed is well-formed XML for a parser that nobody here wrote."""
    subprocess.run(["xmllint", "--noout", show["out"] / "feed.xml"], check=True)


def test_lint_finds_no_error(show):
    """A show made by the newcomer's way has no lint error."""
    assert answer("-C", show["folder"], "lint")["counts"]["error"] == 0
    assert answer("lint", show["out"] / "feed.xml")["counts"]["error"] == 0


def test_what_is_not_due_is_nowhere(show):
    """No byte of a scheduled or draft episode lies in public/ or at the target."""
    for folder in (show["folder"] / "public", show["out"]):
        names = " ".join(tree(folder))
        assert "future" not in names
        assert "draft" not in names
        assert b"Future" not in b"".join(c for n, c in tree(folder).items() if "media/" not in n)


def test_a_second_build_does_nothing(show):
    """The same input gives the same bytes, and nothing is made again."""
    before = tree(show["folder"] / "public")
    again = answer("-C", show["folder"], "build")
    assert again["changed"] is False
    assert again["transcode"]["done"] == []
    assert tree(show["folder"] / "public") == before


def test_the_same_show_elsewhere_has_the_same_text(show, tmp_path):
    """Feeds and pages depend on the records alone, so a fresh build of them is byte-identical."""
    copy = tmp_path / "copy"
    shutil.copytree(show["folder"], copy, ignore=shutil.ignore_patterns("public", ".podkit"))
    for master in copy.glob("episodes/*/master*"):
        master.unlink()
    answer("-C", copy, "build")
    texts = {n: c for n, c in tree(show["folder"] / "public").items() if "media/" not in n}
    assert {n: c for n, c in tree(copy / "public").items() if "media/" not in n} == texts


def test_a_clone_without_masters_publishes(show, tmp_path):
    """With renditions.toml a clone without media publishes to a target that holds the media."""
    clone = tmp_path / "clone"
    shutil.copytree(
        show["folder"], clone, ignore=shutil.ignore_patterns("public", ".podkit", "master*")
    )
    target = tmp_path / "target"
    shutil.copytree(show["out"], target)
    answer("-C", clone, "set", "kyiv-persha-rozmova", "summary=Another summary.")
    done = answer("-C", clone, "publish", target.as_uri())
    assert {m["stage"] for m in done["done"]} >= {"feeds"}
    assert "media" not in {m["stage"] for m in done["done"]}
    assert b"Another summary." in (target / "feed.xml").read_bytes()


def test_a_second_publish_sends_nothing(show):
    """What the target holds already is kept."""
    again = answer("-C", show["folder"], "publish", show["out"].as_uri())
    assert again["done"] == []
    assert {move["action"] for move in again["plan"]} == {"keep"}


def test_published_media_stays_as_it_is(show, tmp_path):
    """A changed title drifts from a published file, and only --refresh makes the file anew."""
    folder = tmp_path / "show"
    shutil.copytree(show["folder"], folder)
    before = set(tree(folder / "public/media"))
    answer("-C", folder, "set", "kyiv-persha-rozmova", "title=Another title")
    assert answer("-C", folder, "build")["transcode"]["done"] == []
    assert set(tree(folder / "public/media")) == before
    standing = {one["slug"]: one for one in answer("-C", folder, "status")["episodes"]}
    assert standing["kyiv-persha-rozmova"]["drifted"] == ["mp3"]
    made = answer("-C", folder, "transcode", "kyiv-persha-rozmova", "--refresh", "--tags-only")
    assert [one["preset"] for one in made["done"]] == ["mp3"]
    assert made["done"][0]["commands"] == []  # the sound was not encoded again


def test_a_live_episode_does_not_vanish(show, tmp_path):
    """Publishing stops when an episode that is live would be gone, and the target stays."""
    folder, target = tmp_path / "show", tmp_path / "target"
    shutil.copytree(show["folder"], folder)
    shutil.copytree(show["out"], target)
    before = tree(target)
    shutil.rmtree(folder / "episodes/kyiv-persha-rozmova")
    podkit("-C", folder, "publish", target.as_uri(), code=3)
    assert tree(target) == before
    podkit("-C", folder, "publish", target.as_uri(), "--allow-removal")
    assert b"persha" not in (target / "feed.xml").read_bytes()


def test_several_masters_are_one_episode(tmp_path):
    """An audio talk and its filmed version share one item, with the film as an alternate."""
    folder = make_show(tmp_path / "show")
    answer(
        "-C",
        folder,
        "add",
        talk(tmp_path / "talk.wav", 4),
        "--title",
        "Both",
        "--published",
        "2026-11-01",
    )
    answer("-C", folder, "attach", "both", film(tmp_path / "film.mp4", 4), "--as", "video")
    text = (folder / "podkit.toml").read_text(encoding="utf-8")
    (folder / "podkit.toml").write_text(
        text + '\n[feeds.main]\npath = "feed.xml"\nalternates = ["video-480p"]\n'
        if "[feeds.main]" not in text
        else text.replace("[feeds.main]", '[feeds.main]\nalternates = ["video-480p"]'),
        encoding="utf-8",
    )
    built = answer("-C", folder, "build")
    assert built["transcode"]["failed"] == []
    feed = (folder / "public/feed.xml").read_text(encoding="utf-8")
    assert feed.count("<item>") == 1
    assert feed.count("<podcast:alternateEnclosure") == 2
    assert 'type="video/mp4"' in feed
    assert feed.count('<podcast:integrity type="sri"') == 2


def test_the_same_audio_again_is_skipped(show):
    """A source that is in the show is named under `skipped`, exit 0, unless asked for."""
    source = show["root"] / "talk.wav"
    again = answer("-C", show["folder"], "add", source)
    assert again["added"] == []
    assert again["skipped"][0]["episode"] == "kyiv-persha-rozmova"


def test_one_bad_source_of_three(tmp_path):
    """The others are taken in, the bad one is named, exit 4."""
    folder = make_show(tmp_path / "show")
    (tmp_path / "bad.mp3").write_bytes(b"<html>404</html>" * 50)
    report = answer(
        *("-C", folder, "add", tone(tmp_path / "one.wav"), tmp_path / "bad.mp3"),
        tone(tmp_path / "two.wav", 3),
        code=4,
    )
    assert [one["slug"] for one in report["added"]] == ["one", "two"]
    assert report["failed"][0]["path"].endswith("bad.mp3")


@pytest.mark.long
def test_the_sample_show(tmp_path):
    """The repository's own show builds, lints without an error and publishes both of its feeds."""
    folder = sample(tmp_path)
    built = answer("-C", folder, "build")
    assert built["transcode"]["failed"] == []
    assert [(feed["path"], feed["items"]) for feed in built["feeds"]] == [
        ("feed.xml", 3),
        ("video.xml", 2),
    ]
    assert answer("-C", folder, "lint")["counts"]["error"] == 0
    answer("-C", folder, "publish")
    assert (folder / "published/feed.xml").is_file()
    for one in built["transcode"]["done"]:
        assert abs(one["loudness"]["integrated"] + 16) <= 0.5, json.dumps(one)
        assert one["loudness"]["true_peak"] <= -1.0, json.dumps(one)
