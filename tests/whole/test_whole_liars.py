"""Targets that lie, and runs that meet: what listeners have is the old feed or the new, and true."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from whole_runs import answer, make_show, tone

from podkit.model.progress import Quiet
from podkit.steps.open_show import open_show
from podkit.steps.publish import PublishOrder, PublishReport, publish
from podkit.targets.local import LocalTarget, open_local
from podkit.targets.target import TARGETS, Stored

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Liar:
    """A folder that keeps other bytes than it was given, of the same size, where a path has `spoil`."""

    url: str
    inner: LocalTarget
    spoil: str = ""
    read_back: list[str] = field(default_factory=list)

    def stat(self, path: str, *, with_hash: bool = False) -> Stored | None:
        """As the folder; what is read back whole is noted."""
        if with_hash:
            self.read_back.append(path)
        return self.inner.stat(path, with_hash=with_hash)

    def read(self, path: str) -> bytes | None:
        """As the folder."""
        return self.inner.read(path)

    def put(self, source: Path, path: str, *, mime: str) -> None:
        """Store it, with one byte of it another."""
        self.inner.put(source, path, mime=mime)
        if self.spoil and self.spoil in path:
            final = self.inner.folder / path
            content = bytearray(final.read_bytes())
            content[len(content) // 2] ^= 1
            final.write_bytes(content)

    def paths(self) -> Iterator[str]:
        """As the folder."""
        return self.inner.paths()

    def sweep(self) -> tuple[str, ...]:
        """As the folder."""
        return self.inner.sweep()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A show of two episodes, of which the first is live at its target."""
    root = tmp_path_factory.mktemp("met")
    folder = make_show(root / "show", "--publish-url", "file:../out")
    for number, name in enumerate(("first", "second"), 2):
        answer("-C", folder, "add", tone(root / f"{name}.wav", number), "--published", "2026-11-01")
        answer("-C", folder, "publish" if name == "first" else "build")
    return root


@pytest.fixture
def show(built, tmp_path):
    """A private copy."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True)
    return tmp_path / "show"


@pytest.fixture
def liar(show) -> Iterator[Callable[[str], Liar]]:
    """Opens the show's own target as one that spoils some paths; `lie:` is its scheme meanwhile."""
    opened: list[Liar] = []
    inner = open_local("file:../out", show)

    def spoil(what: str) -> Liar:
        opened.append(Liar(url="file:../out", inner=inner, spoil=what))
        return opened[-1]

    TARGETS.add("lie", lambda _url, _root: opened[-1])
    yield spoil
    del TARGETS._items["lie"]


def run(show: Path, target: str, progress: Quiet | None = None) -> PublishReport:
    """Publish to a target."""
    order = PublishOrder(target=target)
    return publish(open_show(show), order, now=NOW, progress=progress or Quiet())


def live(show: Path) -> bytes:
    """The feed at the target."""
    return (show.parent / "out/feed.xml").read_bytes()


def test_media_that_the_target_spoiled_is_not_taken_for_kept(show, liar):
    """The run fails before its feed; the next one reads what lies there, and sends it anew."""
    before = live(show)
    liar("media/second")
    (failed,) = run(show, "lie:").failed
    assert failed.path.startswith("media/second-")
    assert "the old feed is still live" in failed.hint
    assert live(show) == before
    honest = liar("")
    done = run(show, "lie:")
    assert failed.path in [move.path for move in done.done]
    assert (show / "public" / failed.path).read_bytes() == honest.inner.read(failed.path)
    assert b"second" in live(show)


def test_what_a_feed_names_is_not_read_back_each_time(show, liar):
    """It was, before that feed came out; a large archive is not read for every new episode."""
    run(show, "file:../out")
    target = liar("")
    assert run(show, "lie:").done == ()
    assert not [path for path in target.read_back if path.startswith("media/")]


def test_a_feed_that_the_target_spoiled_is_told_as_such(show, liar):
    """Nobody is told that the old one is live; it lies in the trash, and the next run sends the new."""
    before = live(show)
    liar("feed.xml")
    (failed,) = run(show, "lie:").failed
    assert failed.path == "feed.xml"
    assert ".podkit/trash/feeds/" in failed.hint
    assert before in [path.read_bytes() for path in show.glob(".podkit/trash/feeds/*/*")]
    liar("")
    assert not run(show, "lie:").failed
    assert live(show) == (show / "public/feed.xml").read_bytes()


def test_a_feed_that_came_out_meanwhile_is_not_replaced(show):
    """Another machine publishes while media is sent: its episode would vanish unseen."""
    other = live(show).replace(b"</channel>", b"<!-- from elsewhere --></channel>")

    class Meanwhile(Quiet):
        def start(self, job: str, *, total: float | None = None) -> None:
            del total
            if job.startswith("media/"):
                (show.parent / "out/feed.xml").write_bytes(other)

    report = run(show, "", Meanwhile())
    (failed,) = report.failed
    assert (failed.path, failed.exit_code) == ("feed.xml", 75)
    assert "meanwhile" in failed.error
    assert live(show) == other
    assert not (show.parent / "out/second/index.html").exists()
    assert not run(show, "").failed
    assert b"second" in live(show)
