"""Media that cannot be sent concerns its own episode alone, and never one that is live already."""

from __future__ import annotations

import os
import re
import shutil

import pytest
from whole_runs import answer, complaint, make_show, podkit, tone, tree


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    """A show of three built episodes, of which the first is live at its target."""
    root = tmp_path_factory.mktemp("withheld")
    folder = make_show(root / "show", "--publish-url", "file:../out")
    add(folder, root, "first")
    answer("-C", folder, "publish")
    add(folder, root, "second")
    add(folder, root, "third")
    answer("-C", folder, "build")
    return root


@pytest.fixture
def show(ready, tmp_path):
    """A private copy: the show, and its target beside it."""
    shutil.copytree(ready / "show", tmp_path / "show")
    shutil.copytree(ready / "out", tmp_path / "out")
    return tmp_path / "show"


def add(folder, root, name: str, *words: str) -> None:
    """One more episode with a sound of its own, of yesterday unless told otherwise."""
    sound = tone(root / f"{name}.wav", 2 + ["first", "second", "third"].index(name))
    date = () if "--draft" in words or "--published" in words else ("--published", "2026-11-01")
    answer("-C", folder, "add", sound, "--title", name.title(), *date, *words)


def alter(folder, slug: str, *, keep_time: bool = False) -> str:
    """Write into an episode's file wherever it lies, its size kept; the file's name."""
    found = [*folder.glob(f".podkit/media/{slug}-*"), *folder.glob(f"public/media/{slug}-*")]
    assert found
    for path in found:
        old = path.stat()
        with path.open("r+b") as stream:
            stream.seek(old.st_size // 2)
            stream.write(b"\xff" * 64)
        if keep_time:
            os.utime(path, ns=(old.st_atime_ns, old.st_mtime_ns))
    return found[0].name


def live(folder) -> list[str]:
    """The titles in the feed at the target."""
    return re.findall(
        r"<title>(First|Second|Third)</title>", (target(folder) / "feed.xml").read_text("utf-8")
    )


def target(folder):
    """Where the show is published to."""
    return folder.parent / "out"


def lost(folder, slug: str) -> None:
    """Take an episode's media from the target."""
    for path in target(folder).glob(f"media/{slug}-*"):
        path.unlink()


def test_a_new_episode_is_held_alone(show):
    """The others go live; the report names the file and what to type, which brings it in."""
    name = alter(show, "second")
    planned = answer("-C", show, "publish", "-n", code=4)
    done = answer("-C", show, "publish", code=4)
    for told in (planned, done):
        (held,) = told["held"]
        assert held["slug"] == "second"
        assert held["reason"].startswith("PK902 another program changed ")
        assert name in held["reason"]
        assert "podkit transcode second --refresh --force" in held["reason"]
        assert not any(name in move["path"] for move in told["plan"])
    assert {f["code"] for f in done["findings"]} <= {"PK908"}
    assert live(show) == ["Third", "First"]
    assert not (target(show) / "media" / name).exists()
    assert "held back: second (PK902" in podkit("-C", show, "publish", code=4)
    answer("-C", show, "transcode", "second", "--refresh", "--force")
    answer("-C", show, "publish")
    assert sorted(live(show)) == ["First", "Second", "Third"]


def test_a_new_episode_whose_time_was_put_back_is_held_alone(show):
    """Nothing but its bytes tells: what is about to be sent is read."""
    answer("-C", show, "lint", code=None)
    name = alter(show, "second", keep_time=True)
    done = answer("-C", show, "publish", code=4)
    assert [(h["slug"], name in h["reason"]) for h in done["held"]] == [("second", True)]
    assert live(show) == ["Third", "First"]
    assert not (target(show) / "media" / name).exists()
    assert name not in "".join(tree(show / "public"))


def test_what_nobody_has_yet_goes_live_without_it(show):
    """At a new target too the sound episodes come out; alone, the altered one stops everything."""
    alter(show, "second")
    new = show.parent / "new"
    done = answer("-C", show, "publish", new.as_uri(), code=4)
    assert [held["slug"] for held in done["held"]] == ["second"]
    assert sorted(p.name.partition("-")[0] for p in (new / "media").iterdir()) == ["first", "third"]
    other = show.parent / "other"
    skip = ("--skip", "first", "--skip", "third")
    assert "PK902" in complaint("-C", show, "publish", other.as_uri(), *skip, code=3)
    assert not other.exists()


def test_an_episode_that_is_live_never_vanishes(show):
    """Where the target lost its file too, publishing stops, and the feed stays as it is."""
    name = alter(show, "first")
    lost(show, "first")
    before = tree(target(show))
    planned = answer("-C", show, "publish", "-n", code=3)
    assert [f["code"] for f in planned["findings"] if f["severity"] == "error"] == ["PK902"]
    for words in ((), ("--no-build",), ("--allow-removal",)):
        said = complaint("-C", show, "publish", *words, code=3)
        assert "PK902 first: the feed names" in said
        assert f"another program changed public/media/{name}" in said
        assert "podkit transcode first --refresh --force" in said
    assert tree(target(show)) == before


def test_a_live_feed_that_cannot_be_read_may_hold_any_episode(show):
    """Nobody can tell what is live there, so nothing is left out of it."""
    alter(show, "second")
    (target(show) / "feed.xml").write_bytes(b"<rss>")
    shutil.rmtree(show / ".podkit/published")
    before = tree(target(show))
    assert "PK902 second" in complaint("-C", show, "publish", code=3)
    assert tree(target(show)) == before


@pytest.mark.long
def test_what_the_target_holds_is_told_and_not_sent(show):
    """A warning, for a new episode as well, as long as the target's own bytes are right."""
    names = [alter(show, slug) for slug in ("first", "second")]
    right = tree(target(show))[f"media/{names[0]}"]
    wrong = (show / "public/media" / names[0]).read_bytes()
    done = answer("-C", show, "publish", code=4)
    (told,) = [f for f in done["findings"] if f["code"] == "PK902"]
    assert (told["severity"], told["episode"]) == ("warning", "first")
    assert f"copy the target's media/{names[0]} to .podkit/media/{names[0]}" in told["hint"]
    assert [h["slug"] for h in done["held"]] == ["second"]
    assert tree(target(show))[f"media/{names[0]}"] == right
    # What the hint says mends it, and what was changed is kept.
    shutil.copy2(target(show) / "media" / names[0], show / ".podkit/media" / names[0])
    done = answer("-C", show, "publish", code=4)
    assert not [f for f in done["findings"] if f["code"] == "PK902"]
    assert (show / "public/media" / names[0]).read_bytes() == right
    assert wrong in tree(show / ".podkit/trash").values()


@pytest.mark.long
def test_bytes_at_the_target_are_not_believed_by_their_size(show):
    """Both copies altered: nobody has the right one, and a feed with its checksum is not sent."""
    name = alter(show, "first")
    shutil.copy2(show / "public/media" / name, target(show) / "media" / name)
    assert "PK902 first" in complaint("-C", show, "publish", code=3)


def test_what_is_not_due_stops_nothing(show):
    """Drafts and scheduled episodes with altered files: not a word, and exit 0."""
    alter(show, "second")
    alter(show, "third")
    answer("-C", show, "set", "second", "draft=true")
    answer("-C", show, "set", "third", "published=2099-01-01T06:00:00+02:00")
    for words in (("-n",), ("--no-build", "-n"), ()):
        if "--no-build" in words:
            answer("-C", show, "build")
        told = answer("-C", show, "publish", *words)
        assert sorted(h["reason"] for h in told["held"]) == ["draft", "scheduled"]
        assert not [f for f in told["findings"] if f["code"] == "PK902"]
        assert not [m for m in told["plan"] if "second" in m["path"] or "third" in m["path"]]
    assert live(show) == ["First"]


@pytest.mark.long
def test_a_file_that_only_pages_name_holds_its_episode(show):
    """No feed names it, and the episode stays out all the same when the file is another."""
    config = show / "podkit.toml"
    text = re.sub(r"(?m)^#? ?presets = .*$", 'presets = ["mp3", "flac"]', config.read_text("utf-8"))
    config.write_text(text, encoding="utf-8")
    answer("-C", show, "build")
    (path,) = (show / ".podkit/media").glob("second-*.flac")
    with path.open("r+b") as stream:
        stream.seek(-100, os.SEEK_END)  # in the sound: other tags a build would mend
        stream.write(b"\xff" * 64)
    done = answer("-C", show, "publish", code=4)
    assert [(h["slug"], path.name in h["reason"]) for h in done["held"]] == [("second", True)]
    assert live(show) == ["Third", "First"]


@pytest.mark.long
def test_a_file_that_only_notes_link_to_is_not_sent(show):
    """Of a live episode, by an address in its notes: no guard of the feed tells of it, and it stops."""
    config = show / "podkit.toml"
    text = re.sub(r"(?m)^#? ?presets = .*$", 'presets = ["mp3", "flac"]', config.read_text("utf-8"))
    config.write_text(text, encoding="utf-8")
    answer("-C", show, "build")
    (path,) = (show / ".podkit/media").glob("first-*.flac")
    link = f"[lossless](https://media.example/show/{path.name})\n"
    (show / "episodes/first/notes.md").write_text(link, encoding="utf-8")
    with path.open("r+b") as stream:
        stream.seek(-100, os.SEEK_END)
        stream.write(b"\xff" * 64)
    before = tree(target(show))
    for words in ((), ("-n",)):
        said = complaint("-C", show, "publish", *words, code=3)
        assert f"PK902 another program changed public/media/{path.name}" in said
    assert tree(target(show)) == before


@pytest.mark.long
def test_media_that_nobody_holds_any_more(show):
    """Published once, lost here and at another target: a new one does without, the old one stops."""
    answer("-C", show, "publish")
    for path in (*show.glob(".podkit/media/second-*"), *show.glob("public/media/second-*")):
        path.unlink()
    assert answer("-C", show, "publish")["held"] == []
    new = show.parent / "new"
    done = answer("-C", show, "publish", new.as_uri(), code=4)
    (held,) = done["held"]
    assert held["slug"] == "second"
    assert "neither this machine nor the target holds media/second-" in held["reason"]
    lost(show, "second")
    before = tree(target(show))
    said = complaint("-C", show, "publish", code=3)
    assert "neither this machine nor the target holds media/second-" in said
    assert "podkit transcode second --refresh --force" in said
    assert tree(target(show)) == before


def test_a_link_in_public_is_not_the_file(show):
    """A link is never sent, so its file counts as not there: what nobody holds is in no feed."""
    (path,) = (show / "public/media").glob("second-*")
    path.rename(show.parent / path.name)
    path.symlink_to(show.parent / path.name)
    for stored in show.glob(".podkit/media/second-*"):
        stored.unlink()
    said = complaint("-C", show, "publish", "--no-build", code=3)
    assert path.name in said
    assert "PK902" in said
    assert live(show) == ["First"]


def test_a_target_that_lost_its_feed_may_get_it_back(show):
    """A folder that is not mounted, say: what was live there never counts as new."""
    name = alter(show, "first")
    shutil.rmtree(target(show))
    said = complaint("-C", show, "publish", code=3)
    assert "PK902 first" in said
    assert name in said
    assert not target(show).exists()


def test_what_a_stopped_run_left_is_read_again(show):
    """The right size is no proof where no feed of the target names the file yet."""
    (path,) = (show / "public/media").glob("second-*")
    left = target(show) / "media" / path.name
    left.write_bytes(b"x" * path.stat().st_size)
    done = answer("-C", show, "publish")
    assert f"media/{path.name}" in [move["path"] for move in done["done"]]
    assert left.read_bytes() == path.read_bytes()
    assert answer("-C", show, "publish")["done"] == []
