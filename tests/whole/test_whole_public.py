"""What others put into public/ or change there: it is never published, and never lost."""

from __future__ import annotations

import os
import shutil

import pytest
from test_whole_feeds import archive
from whole_runs import answer, complaint, make_show, podkit, tone, tree


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A show of two episodes, one with media of its own, built."""
    root = tmp_path_factory.mktemp("made")
    folder = make_show(root / "show")
    for number, name in enumerate(("first", "second"), 1):
        sound = tone(root / f"{name}.wav", number)
        answer("-C", folder, "add", sound, "--published", f"2026-11-0{number}")
    answer("-C", folder, "build")
    return folder


@pytest.fixture
def show(made, tmp_path):
    """A private copy of it."""
    return shutil.copytree(made, tmp_path / "show", symlinks=True)


def trash(show):
    """What lies in the trash of public/, by path."""
    return tree(show / ".podkit/trash/public")


@pytest.mark.parametrize("kind", ["link", "pipe"])
def test_a_feed_that_is_no_file_is_made_anew(show, tmp_path, kind):
    """A link to the right bytes, or a pipe: a build puts a file there, and until then nothing is sent."""
    feed, out = show / "public/feed.xml", tmp_path / "out"
    right = feed.read_bytes()
    feed.rename(tmp_path / "feed.xml")
    feed.symlink_to(tmp_path / "feed.xml") if kind == "link" else os.mkfifo(feed)
    said = complaint("-C", show, "publish", out.as_uri(), "--no-build", code=3)
    assert "PK903 public/feed.xml" in said
    assert not out.exists()
    done = answer("-C", show, "publish", out.as_uri())
    assert (out / "feed.xml").read_bytes() == feed.read_bytes() == right
    assert not feed.is_symlink()
    assert done["left_out"] == []


def test_media_that_is_a_link_is_put_there_again(show, tmp_path):
    """Nobody changed its bytes, and nobody is told so."""
    out = tmp_path / "out"
    (media,) = (show / "public/media").glob("first-*.mp3")
    media.unlink()
    media.symlink_to(show / ".podkit/media" / media.name)
    said = complaint("-C", show, "publish", out.as_uri(), "--no-build", code=3)
    assert f"public/media/{media.name} is not there, or is a link" in said
    assert "podkit build puts it there" in said
    answer("-C", show, "publish", out.as_uri())
    assert not media.is_symlink()
    assert (out / "media" / media.name).read_bytes() == media.read_bytes()


def test_what_is_not_podkits_is_not_sent(show, tmp_path):
    """--no-build leaves it out and tells of it; where no list tells what is podkit's, it stops."""
    out = tmp_path / "out"
    (show / "public/secret.txt").write_text("secret", encoding="utf-8")
    (show / "public/media/raw.mp3").write_text("raw", encoding="utf-8")
    (show / "public/linked").symlink_to(tmp_path)
    foreign = ["linked", "media/raw.mp3", "secret.txt"]
    for words in (("-n",), ()):
        done = answer("-C", show, "publish", out.as_uri(), "--no-build", *words)
        assert done["left_out"] == foreign
        assert not {move["path"] for move in done["plan"]} & set(foreign)
    assert "so not sent: public/secret.txt" in podkit(
        "-C", show, "publish", out.as_uri(), "-n", "--no-build"
    )
    assert tree(out).keys() == tree(show / "public").keys() - set(foreign)
    (show / ".podkit/public.txt").unlink()
    said = complaint("-C", show, "publish", out.as_uri(), "--no-build", code=2)
    assert "podkit build" in said
    answer("-C", show, "build")
    (show / ".podkit/public.txt").unlink()
    assert answer("-C", show, "build")["changed"] is False
    answer("-C", show, "publish", out.as_uri(), "--no-build")


def test_a_file_of_somebody_else_does_not_become_ours(show, tmp_path):
    """Neither by a second name, nor through a folder that is a link: what it says later stays there."""
    page, folder = show / "public/first/index.html", show / "public/second"
    os.link(page, tmp_path / "mine.html")
    folder.rename(tmp_path / "second")
    folder.symlink_to(tmp_path / "second")
    answer("-C", show, "build")
    assert not page.samefile(tmp_path / "mine.html")
    assert not folder.is_symlink()
    assert not (folder / "index.html").samefile(tmp_path / "second/index.html")
    assert (tmp_path / "second/index.html").read_bytes() == (folder / "index.html").read_bytes()


def test_what_a_person_changed_goes_to_the_trash(show):
    """A page with a person's words, and one written where podkit's was: both are kept, and told."""
    page, gone = show / "public/first/index.html", show / "public/second/index.html"
    edited = page.read_bytes() + b"<!-- mine -->"
    page.write_bytes(edited)
    assert answer("-C", show, "build")["trashed"] == ["first/index.html"]
    assert trash(show) == {"first/index.html": edited}
    assert page.read_bytes() + b"<!-- mine -->" == edited
    answer("-C", show, "set", "second", "draft=true")
    assert answer("-C", show, "build")["trashed"] == []
    gone.parent.mkdir()
    gone.write_text("my own", encoding="utf-8")
    assert answer("-C", show, "build")["trashed"] == ["second/index.html"]
    gone.parent.mkdir(exist_ok=True)
    gone.write_text("once more", encoding="utf-8")
    answer("-C", show, "set", "second", "draft=false")
    assert answer("-C", show, "build")["trashed"] == ["second/index.html"]
    assert trash(show).keys() == {"first/index.html", "second/index.html", "second/index.html~"}


def test_a_list_without_hashes(tmp_path):
    """As older builds wrote it: what podkit made is no one's else, and the next build adds hashes."""
    folder = archive(tmp_path / "show", episodes=2)
    answer("-C", folder, "build")
    path = folder / ".podkit/public.txt"
    lines = path.read_text(encoding="utf-8")
    path.write_text("\n".join(line[66:] for line in lines.splitlines()), encoding="utf-8")
    answer("-C", folder, "set", "number-1", "title=Another")
    assert answer("-C", folder, "build")["trashed"] == []
    known = path.read_text(encoding="utf-8")
    assert known != lines
    path.write_text("\n".join(line[66:] for line in known.splitlines()), encoding="utf-8")
    assert answer("-C", folder, "build")["changed"] is False
    assert path.read_text(encoding="utf-8") == known
