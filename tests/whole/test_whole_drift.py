"""When a file and its record differ: told field by field, mended before publishing, never lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

import mutagen
import pytest
from whole_runs import CHAPTERS, answer, film, make_show, podkit, talk, tree

PRESETS = ("mp3", "m4a", "opus")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A show that was built and not published: one episode in three containers, with chapters."""
    root = tmp_path_factory.mktemp("drift")
    folder = make_show(root / "show")
    (root / "ch.txt").write_text(CHAPTERS, encoding="utf-8")
    answer(
        *("-C", folder, "add", talk(root / "talk.wav", 7), "--title", "First title"),
        *("--slug", "one", "--published", "2026-11-01", "--chapters", root / "ch.txt"),
    )
    names = '["mp3", "m4a", "opus"]'
    podkit("-C", folder, "set", "one", f"presets={names}", 'alternates=["m4a", "opus"]')
    answer("-C", folder, "build")
    return folder


@pytest.fixture(scope="module")
def online(built, tmp_path_factory):
    """The same show, published."""
    root = tmp_path_factory.mktemp("online")
    podkit("-C", copied(built, root / "show"), "publish", f"file:{root / 'out'}")
    return root / "show"


@pytest.fixture
def show(built, tmp_path):
    """A private copy of the show that was built."""
    return copied(built, tmp_path / "show")


@pytest.fixture
def published(online, tmp_path):
    """A private copy of the show that was published."""
    return copied(online, tmp_path / "show")


def copied(show: Path, folder: Path) -> Path:
    """A copy in which the store and public/ share their files, as in the original."""
    subprocess.run(["cp", "-a", show, folder], check=True)
    return folder


def renditions(show: Path) -> dict[str, dict]:
    """What renditions.toml records."""
    text = (show / "episodes/one/renditions.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def differs(show: Path) -> dict[str, dict]:
    """By preset, what status tells of the episode's files."""
    report = answer("-C", show, "status")
    return {one["preset"]: one for e in report["episodes"] for one in e["differs"]}


def fields(drift: dict) -> dict[str, tuple[str, str]]:
    """What is in the file and what is wanted, by field."""
    return {one["field"]: (one["found"], one["wanted"]) for one in drift["differs"]}


def encoded(path: Path) -> bytes:
    """A hash of the encoded sound, packet by packet."""
    from podkit.media.tools import find_ffmpeg

    command = [find_ffmpeg().path, "-v", "error", "-nostdin", "-i", path]
    return subprocess.check_output([*command, "-map", "0:a", "-c", "copy", "-f", "md5", "-"])


def retitle(path: Path, *, anew: bool, title: str = "By hand", more: str = "") -> None:
    """What another tagger does: it writes into the file, or a new file under the old name."""
    target = path.with_name("tagger" + path.suffix) if anew else path
    if anew:
        shutil.copy(path, target)
    tagged = mutagen.File(target, easy=True)
    tagged["title"] = title
    if more:
        tagged["artist"] = more
    tagged.save()
    os.replace(target, path)


def media(show: Path, preset: str) -> Path:
    """A rendition in public/."""
    return show / "public/media" / renditions(show)[preset]["file"]


def kept_titles(show: Path) -> list[str]:
    """The titles of the media files in the trash."""
    found = [p for p in (show / ".podkit/trash").rglob("*") if p.is_file()]
    return [mutagen.File(path, easy=True)["title"][0] for path in found]


def faults(show: Path) -> list[dict]:
    """What PK609 finds."""
    findings = answer("-C", show, "lint", "--select", "PK609", code=None)["findings"]
    return [one for one in findings if one["code"] == "PK609"]


def test_what_was_built_does_not_differ(built):
    """Neither status nor lint has anything to say."""
    assert differs(built) == {}
    assert faults(built) == []


def test_a_changed_record_is_told_and_mended_without_encoding(show):
    """Before publishing: told with both values, to people too, by lint for each file; then mended.

    The encoded sound, its loudness and its fingerprint are what they were.
    """
    podkit("-C", show, "set", "one", "title=Другий 🎙", "summary=Now with a summary", "season=2")
    chapters = show / "episodes/one/chapters.txt"
    chapters.write_text(CHAPTERS.replace("Third", "Last"), encoding="utf-8")
    found = differs(show)
    assert set(found) == set(PRESETS)
    for drift in found.values():
        assert fields(drift) == {
            "title": ("First title", "Другий 🎙"),
            "comment": ("", "Now with a summary"),
            "description": ("", "Now with a summary"),
            "season": ("", "2"),
            "chapter_titles": ("chapter 3: Third 🎙", "chapter 3: Last 🎙"),
        }
        assert (drift["hint"], drift["published"]) == ("podkit build", None)
    text = podkit("-C", show, "status")
    for preset in PRESETS:
        (line,) = (one for one in text.splitlines() if f"one {preset} (not published yet)" in one)
        assert 'title "First title", wanted "Другий 🎙"' in line
    told = faults(show)
    assert len(told) == len(PRESETS)
    for one in told:
        assert one["episode"] == "one"
        assert "title, comment, description, season, chapter titles" in one["message"]
        assert one["hint"] == "podkit build"
    before = renditions(show)
    sounds = {preset: encoded(media(show, preset)) for preset in PRESETS}
    done = answer("-C", show, "build")["transcode"]["done"]
    assert sorted(one["preset"] for one in done) == sorted(PRESETS)
    assert [one["commands"] for one in done] == [[], [], []]
    after = renditions(show)
    for preset in PRESETS:
        assert encoded(media(show, preset)) == sounds[preset]
        assert mutagen.File(media(show, preset), easy=True)["title"] == ["Другий 🎙"]
        for key in ("loudness", "sound", "duration"):
            assert after[preset][key] == before[preset][key]
        assert after[preset]["fingerprint"] != before[preset]["fingerprint"]
        assert after[preset]["file"] != before[preset]["file"]
    assert differs(show) == {}


def test_published_files_stay_and_refresh_mends_them(published):
    """Status tells the drift, build changes no byte, and --tags-only gives a new URL, not encoding."""
    before, there = renditions(published), tree(published / "public/media")
    sounds = {preset: encoded(media(published, preset)) for preset in PRESETS}
    podkit("-C", published, "set", "one", "title=Another title")
    assert answer("-C", published, "build")["transcode"]["done"] == []
    assert tree(published / "public/media") == there
    assert renditions(published) == before
    (standing,) = answer("-C", published, "status")["episodes"]
    assert sorted(standing["drifted"]) == sorted(PRESETS)
    for drift in standing["differs"]:
        assert fields(drift) == {"title": ("First title", "Another title")}
        assert drift["published"]
        assert drift["hint"] == "podkit transcode one --refresh --tags-only"
    done = answer("-C", published, "transcode", "one", "--refresh", "--tags-only")["done"]
    assert [one["commands"] for one in done] == [[], [], []]
    after = renditions(published)
    for preset in PRESETS:
        assert after[preset]["file"] != before[preset]["file"]
        assert encoded(published / ".podkit/media" / after[preset]["file"]) == sounds[preset]
    assert differs(published) == {}


def test_files_changed_in_place_are_made_anew(show):
    """Before publishing: status, lint and build notice, and what somebody wrote lies in the trash."""
    for preset in PRESETS:
        retitle(media(show, preset), anew=False)
    for drift in differs(show).values():
        assert drift["why"] == "another program changed its file"
        assert fields(drift) == {"title": ("By hand", "First title")}
    told = faults(show)
    assert len(told) == len(PRESETS)
    assert all('(title says "By hand")' in one["message"] for one in told)
    done = answer("-C", show, "build")["transcode"]["done"]
    assert sorted(one["preset"] for one in done) == sorted(PRESETS)
    assert all(".podkit/trash/media/" in one["warnings"][-1] for one in done)
    for preset in PRESETS:
        assert mutagen.File(media(show, preset), easy=True)["title"] == ["First title"]
    assert kept_titles(show).count("By hand") >= len(PRESETS)
    assert differs(show) == {}


def test_files_replaced_in_public_are_put_back(published):
    """The store has the recorded bytes: build links them again, and keeps what was there."""
    recorded = tree(published / "public/media")
    for preset in PRESETS:
        more = "Somebody else " * 900 if preset == "mp3" else ""  # so that its size is another too
        retitle(media(published, preset), anew=True, more=more.strip())
    for drift in differs(published).values():
        assert drift["why"] == "another program changed its file"
        assert fields(drift)["title"] == ("By hand", "First title")
        assert drift["hint"].startswith("podkit build puts the recorded file back")
    report = answer("-C", published, "build")
    assert report["transcode"]["done"] == []
    assert sorted(report["trashed"]) == sorted(f"media/{name}" for name in recorded)
    assert tree(published / "public/media") == recorded
    assert kept_titles(published) == ["By hand"] * len(PRESETS)
    assert differs(published) == {}


def test_a_published_file_changed_in_place_is_left_to_its_owner(published):
    """Its recorded bytes are not here any more: build keeps away, and --tags-only says why not."""
    retitle(media(published, "mp3"), anew=False, more=("Somebody else " * 900).strip())
    drift = differs(published)["mp3"]
    assert drift["why"] == "another program changed its file"
    assert set(fields(drift)) == {"title", "artist"}
    assert "podkit transcode one --refresh" in drift["hint"]
    assert answer("-C", published, "build")["transcode"]["done"] == []
    words = ("-C", published, "transcode", "one", "--refresh")
    report = answer(*words, "--tags-only", code=None)
    (failed,) = report["failed"]
    assert "another program changed its file" in failed["error"]
    assert failed["hint"].endswith("podkit transcode one --refresh")
    assert report["done"] == []
    (done,) = answer(*words)["done"]
    assert done["preset"] == "mp3"
    assert "By hand" in kept_titles(published)
    assert differs(published) == {}


@pytest.mark.long
def test_other_presets_do_not_drift_either(tmp_path):
    """A film as video and as sound, lossless, copied, without its silence, and kept as it came."""
    folder = make_show(tmp_path / "show")
    with (folder / "podkit.toml").open("a", encoding="utf-8") as file:
        file.write('\n[presets.short]\nfrom = "mp3"\ntrim_silence = true\n')
    (tmp_path / "ch.txt").write_text("0:00 Вступ\n0:01 Second\n", encoding="utf-8")
    answer(
        *("-C", folder, "add", film(tmp_path / "film.mp4", 2), "--title", "Film", "--slug", "film"),
        *("--chapters", tmp_path / "ch.txt"),
    )
    answer("-C", folder, "add", talk(tmp_path / "Mix.mp3", 2), "--title", "Own", "--slug", "own")
    podkit("-C", folder, "set", "own", 'presets=["original"]', "enclosure=original")
    names = '["copy", "flac", "video-480p", "video-audio", "short"]'
    podkit("-C", folder, "set", "film", f"presets={names}")
    answer("-C", folder, "build")
    assert differs(folder) == {}
    (told,) = faults(folder)
    assert told["episode"] == "own"
    assert 'preset "copy"' in told["hint"]
    podkit("-C", folder, "set", "film", "title=Movie")
    found = differs(folder)
    assert set(found) == {"mp3", "copy", "flac", "video-480p", "video-audio", "short"}
    assert all(set(fields(one)) == {"title"} for one in found.values())
