"""`init` makes a whole show or nothing, and never writes over what is there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from podkit.artwork.draw import plain_cover
from podkit.artwork.read import inspect
from podkit.errors import FileError, PodkitError, UsageError
from podkit.model.address import feed_url, media_base
from podkit.model.identity import podcast_guid
from podkit.model.show import Category, Owner
from podkit.steps import start as starting
from podkit.steps.open_show import OpenShow, open_show
from podkit.steps.start import StartOrder, start

SITE = "https://podcast.example/ui/"


@pytest.fixture(scope="module")
def cover() -> bytes:
    return plain_cover("Ukraine Insights", 1400)


@pytest.fixture
def image(tmp_path, cover) -> Path:
    path = tmp_path / "art.png"
    path.write_bytes(cover)
    return path


def made(folder: Path, image: Path | None, **said: object) -> OpenShow:
    start(StartOrder(folder=folder, image=image, **({"title": "A show"} | said)))
    return open_show(folder)


def test_everything_that_was_said_is_there(tmp_path, image):
    """Each option is found again in the show."""
    podcast = made(
        tmp_path / "show",
        image,
        title="Розмови про Україну",
        description="Two\nlines",
        link="https://podcast.example/ui",
        media_url="https://media.example/ui",
        author="Хтось",
        email="me@podcast.example",
        language="uk",
        categories=("News > Politics", "News"),
        explicit=True,
        timezone="Europe/Kyiv",
        publish_url="file:out",
    ).podcast
    show = podcast.show
    assert (show.title, show.description) == ("Розмови про Україну", "Two\nlines")
    assert (show.language, show.timezone, show.explicit) == ("uk", "Europe/Kyiv", True)
    assert show.owner == Owner(name="Хтось", email="me@podcast.example")
    assert show.categories == (Category(name="News", sub="Politics"), Category(name="News"))
    assert podcast.site.url == SITE
    assert media_base(podcast) == "https://media.example/ui/"
    assert podcast.publish["default"].url == "file:out"
    assert show.guid == podcast_guid(SITE + "feed.xml")


def test_the_least_that_can_be_said(tmp_path, image):
    """A title is enough; the rest is sensible, and what was guessed is told."""
    report = start(StartOrder(folder=tmp_path / "show", title=" A  show ", image=image))
    show = open_show(tmp_path / "show").podcast.show
    assert (show.title, show.description, show.explicit) == ("A show", "A show", False)
    assert uuid.UUID(show.guid).version == 4
    assert report.guid == show.guid
    assert report.files[-1] == "podkit.toml"
    assert any("--explicit" in warning for warning in report.warnings)
    assert any("--link" in warning for warning in report.warnings)


def test_the_cover_is_named_by_its_bytes(tmp_path, image, cover):
    """The file's own name does not count."""
    ending = {"image/png": "png", "image/jpeg": "jpg"}[inspect(cover).mime]
    wrong = tmp_path / "art.gif"
    image.rename(wrong)
    show = made(tmp_path / "show", wrong)
    assert show.podcast.show.image == f"cover.{ending}"
    assert (show.layout.root / f"cover.{ending}").read_bytes() == cover


def test_a_cover_is_drawn_when_none_is_given(tmp_path):
    """A plain one with the title, square and large enough, and a warning."""
    report = start(StartOrder(folder=tmp_path, title="Київ"))
    show = open_show(tmp_path).podcast.show
    artwork = inspect((tmp_path / show.image).read_bytes())
    assert artwork.width == artwork.height >= 1400
    assert any("--image" in warning for warning in report.warnings)


@pytest.mark.parametrize(
    ("link", "url", "path", "own"),
    [
        (SITE, "", "feed.xml", ""),
        (SITE, SITE + "rss/main.xml", "rss/main.xml", ""),
        (SITE, "https://feeds.example/ui.rss", "feed.xml", "https://feeds.example/ui.rss"),
        (SITE, SITE + "feed?x=1", "feed.xml", SITE + "feed?x=1"),
        (SITE, SITE + "../feed.xml", "feed.xml", SITE + "../feed.xml"),
        ("", "https://feeds.example/ui.rss", "feed.xml", "https://feeds.example/ui.rss"),
    ],
)
def test_the_feeds_address(tmp_path, image, link, url, path, own):
    """Below the site it is a path, elsewhere an explicit URL; the GUID follows from it."""
    podcast = made(tmp_path / "show", image, link=link, feed_url=url).podcast
    feed = podcast.feeds["main"]
    assert (feed.path, feed.url) == (path, own)
    assert feed_url(podcast, feed) == (url or SITE + "feed.xml")
    assert podcast.show.guid == podcast_guid(url or SITE + "feed.xml")


def test_git_leaves_alone_what_it_should(tmp_path, image):
    """public/, .podkit/ and masters; with --commit-masters the masters are git's."""
    folder = tmp_path / "show"
    made(folder, image)
    subprocess.run(["git", "init", "-q", folder], check=True)

    def ignored(name: str) -> bool:
        done = subprocess.run(["git", "check-ignore", "-q", name], cwd=folder, check=False)
        return done.returncode == 0

    assert all(map(ignored, ("public/feed.xml", ".podkit/lock", "episodes/a/master.wav")))
    assert ignored("episodes/a/master-video.mp4")
    for name in ("podkit.toml", "episodes/a/episode.toml", "episodes/a/renditions.toml"):
        assert not ignored(name)
    other = made(tmp_path / "other", image, commit_masters=True)
    assert "master" not in (other.layout.root / ".gitignore").read_text()


def test_a_gitignore_that_is_there_gets_what_it_lacks(tmp_path, image):
    """Its lines stay, and none is doubled."""
    folder = tmp_path / "show"
    folder.mkdir()
    (folder / ".gitignore").write_text("*.tmp\npublic/")
    made(folder, image)
    assert (folder / ".gitignore").read_text() == (
        "*.tmp\npublic/\n# made by podkit\n/.podkit/\n/members.toml\n/episodes/*/master*.*\n"
    )


def test_a_second_show_is_refused(tmp_path, image):
    """Where a podkit.toml is, even a broken or dangling one, nothing is touched."""
    made(tmp_path / "show", image)
    before = (tmp_path / "show" / "podkit.toml").read_bytes()
    with pytest.raises(FileError, match="a show already"):
        made(tmp_path / "show", image, title="Another")
    assert (tmp_path / "show" / "podkit.toml").read_bytes() == before
    (tmp_path / "dangling").mkdir()
    (tmp_path / "dangling" / "podkit.toml").symlink_to("nowhere")
    with pytest.raises(FileError, match="a show already"):
        made(tmp_path / "dangling", image)


def test_files_that_are_there_stay(tmp_path, image):
    """Another cover is in the way; the same one, or one that is wanted, is taken."""
    folder = tmp_path / "show"
    folder.mkdir()
    name = f"cover.{'png' if inspect(image.read_bytes()).mime == 'image/png' else 'jpg'}"
    (folder / name).write_bytes(b"mine")
    with pytest.raises(FileError, match="in the way"):
        made(folder, image)
    assert (folder / name).read_bytes() == b"mine"
    assert sorted(os.listdir(folder)) == [name]
    (folder / name).write_bytes(image.read_bytes())
    report = start(StartOrder(folder=folder, title="A show"))
    assert report.files == (".gitignore", "podkit.toml")
    assert open_show(folder).podcast.show.image == name


@pytest.mark.parametrize(
    "said",
    [
        {"title": "  "},
        {"language": "english!"},
        {"timezone": "Europe/Kiyv"},
        {"link": "podcast.example"},
        {"link": "javascript:alert(1)"},
        {"feed_url": "ftp://x/feed"},
        {"media_url": "file:///x"},
        {"email": "nobody"},
        {"categories": ("> Politics",)},
        {"publish_url": "out"},
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path, image, said):
    """Each is a usage error, and no folder is made."""
    with pytest.raises(UsageError):
        made(tmp_path / "show", image, **said)
    assert not (tmp_path / "show").exists()


def test_a_cover_that_is_no_picture_is_refused(tmp_path):
    """Text called cover.jpg is no cover."""
    (tmp_path / "art.jpg").write_text("no picture")
    with pytest.raises(PodkitError):
        made(tmp_path / "show", tmp_path / "art.jpg")
    assert not (tmp_path / "show").exists()


def test_a_dry_run_makes_nothing(tmp_path, image):
    """It tells the files that the real run would write."""
    order = StartOrder(folder=tmp_path / "show", title="A show", link=SITE, image=image)
    dry = start(order, dry_run=True)
    assert not (tmp_path / "show").exists()
    real = start(order)
    assert dry == real
    assert [change.subject for change in real.plan] == ["episodes/", *real.files]


@pytest.mark.parametrize("failing", ["cover", ".gitignore", "podkit.toml"])
def test_when_writing_fails_nothing_is_left(tmp_path, image, monkeypatch, failing):
    """A disk that is full at any file: no folder, no file, and a second try works."""
    real = starting.files.write

    def write(path: Path, content: bytes) -> None:
        if path.name.startswith(failing):
            raise FileError("cannot write: No space left on device", where=path)
        real(path, content)

    monkeypatch.setattr(starting.files, "write", write)
    with pytest.raises(FileError):
        made(tmp_path / "deep" / "show", image)
    assert not (tmp_path / "deep").exists()
    monkeypatch.undo()
    assert made(tmp_path / "deep" / "show", image).episodes == ()


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0, 0o666)])
def test_modes_follow_the_umask(tmp_path, image, mask, mode):
    """Files are as readable as the umask says, not as a temporary file is (P13)."""
    before = os.umask(mask)
    try:
        made(tmp_path / "show", image)
    finally:
        os.umask(before)
    for name in ("podkit.toml", ".gitignore"):
        assert stat.S_IMODE((tmp_path / "show" / name).stat().st_mode) == mode


STARTER = (
    "import sys; from pathlib import Path; from podkit.errors import FileError\n"
    "from podkit.steps.start import StartOrder, start\n"
    "order = StartOrder(folder=Path(sys.argv[1]), title=sys.argv[2], image=Path(sys.argv[3]))\n"
    "sys.stdin.readline()\n"
    "try: print(start(order).title)\n"
    "except FileError: print('refused')\n"
)


def test_of_two_at_once_one_makes_the_show(tmp_path, image):
    """The other is refused and takes nothing away (D11)."""
    root = Path(__file__).parents[2]
    for attempt in range(5):
        folder = tmp_path / f"show-{attempt}"
        running = [
            subprocess.Popen(
                [sys.executable, "-c", STARTER, folder, title, image],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=root,
            )
            for title in ("One", "Other")
        ]
        for process in running:
            process.stdin.write("go\n")
            process.stdin.flush()
        said = sorted(process.communicate(timeout=60)[0].strip() for process in running)
        assert said[1] == "refused"
        show = open_show(folder)
        assert show.podcast.show.title == said[0]
        assert (folder / show.podcast.show.image).read_bytes() == image.read_bytes()
        assert (folder / ".gitignore").exists()
