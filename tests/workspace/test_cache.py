"""The cache only saves time: a wrong one is an empty one."""

from __future__ import annotations

import hashlib
import json
import os
import time

from podkit.model.loudness import Loudness
from podkit.model.served import Look
from podkit.workspace.cache import Cache

MEASURED = Loudness(integrated=-17.25, true_peak=-3.0, range=None)


def filled(folder) -> tuple:
    """A cache on disk that knows one old file and one measurement."""
    path = folder / "master.wav"
    path.write_bytes(b"sound")
    old = time.time_ns() - 3_600_000_000_000
    os.utime(path, ns=(old, old))
    cache = Cache(folder / "cache")
    digest = cache.sha256(path)
    cache.remember_loudness(digest, "stereo", MEASURED)
    cache.save()
    return path, digest


def test_hashes_and_measurements_are_kept(tmp_path):
    """A second run knows both, and does not open the file again."""
    path, digest = filled(tmp_path)
    assert digest == hashlib.sha256(b"sound").hexdigest()
    stamp = path.stat().st_mtime_ns
    path.write_bytes(b"SOUND")  # as if by magic: same size, time and inode
    os.utime(path, ns=(stamp, stamp))
    cache = Cache(tmp_path / "cache")
    assert cache.sha256(path) == digest
    assert cache.loudness(digest, "stereo") == MEASURED
    assert cache.loudness(digest, "mono") is None


def test_a_changed_file_is_read_again(tmp_path):
    """Other bytes, another size or time: another hash."""
    path, digest = filled(tmp_path)
    path.write_bytes(b"other")
    assert Cache(tmp_path / "cache").sha256(path) == hashlib.sha256(b"other").hexdigest() != digest


def test_a_file_changed_just_before_saving_is_not_trusted(tmp_path):
    """Within one tick of the clock a file may change again and look the same."""
    path = tmp_path / "new.wav"
    path.write_bytes(b"one")
    cache = Cache(tmp_path / "cache")
    cache.sha256(path)
    cache.save()
    stamp = (tmp_path / "cache" / "known.json").stat().st_mtime_ns
    os.utime(path, ns=(stamp, stamp))
    cache = Cache(tmp_path / "cache")
    assert str(path) not in cache._hashes


def test_every_damage_gives_an_empty_cache(tmp_path):
    """A bit flipped or the file cut at every 1 %: nothing wrong is ever believed (D15)."""
    path, digest = filled(tmp_path)
    known = tmp_path / "cache" / "known.json"
    content = known.read_bytes()
    for percent in range(100):
        at = len(content) * percent // 100
        flipped = bytearray(content)
        flipped[at] ^= 1 << (percent % 8)
        for damaged in (bytes(flipped), content[:at], b""):
            known.write_bytes(damaged)
            cache = Cache(tmp_path / "cache")
            assert cache.loudness(digest, "stereo") is None
            assert cache.sha256(path) == digest


def test_two_runs_do_not_forget_each_other(tmp_path):
    """Saving keeps what another run has saved meanwhile."""
    one, other = Cache(tmp_path), Cache(tmp_path)
    one.remember_loudness("a", "mono", MEASURED)
    other.remember_loudness("b", "mono", MEASURED)
    one.save()
    other.save()
    both = Cache(tmp_path)
    assert both.loudness("a", "mono") == both.loudness("b", "mono") == MEASURED


def test_a_run_that_began_earlier_does_not_bring_old_pictures_back(tmp_path):
    """How a picture was is kept under its address; only what a run saw itself does it write."""
    url, old, new = (
        "https://example.com/c.jpg",
        Look(sha256="a", day="1"),
        Look(sha256="b", day="2"),
    )
    first = Cache(tmp_path)
    first.remember_picture(url, old)
    assert first.picture(url) == old
    first.save()
    early, late = Cache(tmp_path), Cache(tmp_path)
    late.remember_picture(url, new)
    late.save()
    assert early.picture(url) == old
    early.remember_loudness("a", "mono", MEASURED)
    early.save()
    assert Cache(tmp_path).picture(url) == new
    assert Cache(tmp_path).picture("https://example.com/d.jpg") is None
    assert "example.com" not in (tmp_path / "known.json").read_text()


def test_the_pictures_that_were_seen_longest_ago_are_forgotten(tmp_path):
    """Addresses come and go; 2,000 stay."""
    cache = Cache(tmp_path)
    for n in range(2003):
        cache.remember_picture(str(n), Look(day=f"2026-{n:04}"))
    cache.save()
    again = Cache(tmp_path)
    assert [n for n in range(2003) if again.picture(str(n)) is None] == [0, 1, 2]


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path):
    """Where its folder should be lies a file."""
    (tmp_path / "cache").write_bytes(b"")
    cache = Cache(tmp_path / "cache")
    cache.remember_loudness("a", "mono", MEASURED)
    cache.save()
    assert cache.loudness("a", "mono") == MEASURED


def test_what_was_seen_in_a_file_is_kept_until_it_or_the_question_changes(tmp_path):
    """The file is opened once for each of them; an error is no answer."""
    path, _ = filled(tmp_path)
    looked: list[str] = []

    def ask(cache: Cache, question: str) -> list[str]:
        return cache.seen(path, question, lambda: looked.append(question) or ["title"])

    for _ in range(2):  # the second cache reads what the first has written
        cache = Cache(tmp_path / "cache")
        assert ask(cache, "one") == ["title"]
        assert ask(cache, "one") == ["title"]
        cache.save()
    assert looked == ["one"]
    ask(Cache(tmp_path / "cache"), "two")
    assert looked == ["one", "two"]
    path.write_bytes(b"other sound")
    ask(Cache(tmp_path / "cache"), "one")
    assert looked == ["one", "two", "one"]


def test_files_that_are_gone_are_forgotten(tmp_path):
    """Every new tag gives a rendition a new name: the old ones would only pile up."""
    path, digest = filled(tmp_path)
    cache = Cache(tmp_path / "cache")
    cache.seen(path, "one", list)
    path.unlink()
    cache.save()
    known = (tmp_path / "cache" / "known.json").read_text()
    assert '"seen": {}' in known
    assert digest in known  # of what only a missing disk may hide, the hash stays


def test_a_cache_of_an_older_podkit_is_read(tmp_path):
    """It knew hashes and loudness only."""
    path, digest = filled(tmp_path)
    kept = tmp_path / "cache" / "known.json"
    known = json.loads(kept.read_bytes().partition(b"\n")[2])
    del known["seen"]
    body = json.dumps(known).encode()
    kept.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    cache = Cache(tmp_path / "cache")
    assert cache.sha256(path) == digest
    assert cache.loudness(digest, "stereo") == MEASURED
    assert cache.seen(path, "one", lambda: [1]) == [1]


def test_saving_removes_what_a_killed_run_left(tmp_path):
    """A temporary file of podkit's goes with the next save; one of somebody else's stays."""
    left, other = tmp_path / "cache/.podkit-0bce7d26.json", tmp_path / "cache/mine.json"
    left.parent.mkdir()
    left.write_text("{")
    other.write_text("{}")
    cache = Cache(tmp_path / "cache")
    (tmp_path / "a").write_bytes(b"a")
    cache.sha256(tmp_path / "a")
    cache.save()
    assert not left.exists()
    assert other.exists()
    assert (tmp_path / "cache/known.json").exists()
