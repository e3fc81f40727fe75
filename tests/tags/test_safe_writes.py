"""How changed tags reach the disk: one file, opened once, swapped in one step, with all that is its own."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import mutagen
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mutagen.mp3 import MP3
from tag_sounds import TONE, ffmpeg, picture, sound

from podkit import files
from podkit.errors import Cancelled, FileError, LockedError
from podkit.model.tags import Tags
from podkit.tags import files as tags
from podkit.tags import tidying
from podkit.tags.edit import Edit
from podkit.tags.handover import put_back
from podkit.tags.places import Original, Places
from podkit.tags.pouring import fill, pour


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty seconds of MP3 without tags."""
    path = tmp_path_factory.mktemp("original") / "x.mp3"
    ffmpeg(*TONE, "-c:a", "libmp3lame", "-b:a", "64k", path)
    mutagen.File(path).delete()
    return path


@pytest.fixture
def talk(original: Path, tmp_path: Path) -> Path:
    """A private copy in a folder of its own."""
    return Path(shutil.copy(original, tmp_path / "talk.mp3"))


def names(folder: Path) -> list[str]:
    """What is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def copy_of(held: Original) -> str:
    """The name of a finished copy."""
    name, descriptor = held.place.new_copy(".mp3")
    fill(held.descriptor, descriptor, Tags(), Tags())
    os.close(descriptor)
    return name


def test_all_that_is_the_files_own_stays(talk: Path) -> None:
    """Mode, times, owner and extended attributes are those of the old file; nothing else is left."""
    talk.chmod(0o604)
    os.utime(talk, ns=(10**18, 10**18 + 1))
    try:
        os.setxattr(talk, "user.note", b"mine")
    except OSError as error:  # tmpfs of old kernels
        assert error.errno == errno.ENOTSUP  # noqa: PT017 (anything else is a fault)
    attributes = os.listxattr(talk)
    owner = (talk.stat().st_uid, talk.stat().st_gid)
    assert tags.update(talk, set={"title": "x"}, picture=picture())
    found = talk.stat()
    assert (found.st_mode & 0o7777, found.st_atime_ns, found.st_mtime_ns) == (
        0o604,
        10**18,
        10**18 + 1,
    )
    assert (found.st_uid, found.st_gid) == owner
    assert os.listxattr(talk) == attributes
    assert names(talk.parent) == ["talk.mp3"]


def test_the_owner_stays(talk: Path) -> None:
    """A file of somebody else is still theirs."""
    owner = (1234, 4321) if os.geteuid() == 0 else (os.getuid(), os.getgid())  # else nobody may
    os.chown(talk, *owner)
    tags.update(talk, set={"title": "x"})
    assert (talk.stat().st_uid, talk.stat().st_gid) == owner


@pytest.mark.parametrize("as_link", [True, False])
def test_what_takes_the_name_meanwhile_is_not_touched(
    talk: Path, tmp_path: Path, as_link: bool
) -> None:
    """A link or a file that gets the name between look and swap stays, and so does what it leads to."""
    foreign = tmp_path / "foreign.mp3"
    foreign.write_bytes(b"foreign")
    with Places() as places, places.opened(talk) as held:
        name = copy_of(held)
        talk.unlink()
        if as_link:
            talk.symlink_to(foreign)
        else:
            os.rename(foreign, talk)
        with pytest.raises(FileError, match="replaced"):
            put_back(held, name)
    assert talk.is_symlink() == as_link
    assert talk.read_bytes() == b"foreign"
    assert names(tmp_path) == (["foreign.mp3", "talk.mp3"] if as_link else ["talk.mp3"])


def test_a_folder_that_is_swapped_is_not_followed(talk: Path, tmp_path: Path) -> None:
    """The write goes into the folder that was opened, not into what has its name now."""
    inside = tmp_path / "inside"
    other = tmp_path / "other"
    for folder in (inside, other):
        folder.mkdir()
        shutil.copy(talk, folder)
    with Places() as places:
        places.at(inside)
        os.rename(inside, tmp_path / "moved")
        inside.symlink_to(other)
        before = (other / "talk.mp3").read_bytes()
        tags.change(inside / "talk.mp3", Edit(set={"title": "x"}), places=places)
    assert (other / "talk.mp3").read_bytes() == before
    assert tags.read(tmp_path / "moved" / "talk.mp3").fields == {"title": "x"}
    assert names(other) == names(tmp_path / "moved") == ["talk.mp3"]


def test_a_change_by_others_is_not_overwritten(talk: Path) -> None:
    """What another program wrote into the file while its tags were written is not lost."""
    with Places() as places, places.opened(talk) as held:
        name = copy_of(held)
        talk.write_bytes(b"theirs")
        with pytest.raises(FileError, match="another program changed it"):
            put_back(held, name)
    assert talk.read_bytes() == b"theirs"
    assert names(talk.parent) == ["talk.mp3"]


def test_a_change_while_it_is_copied_is_not_overwritten(talk: Path) -> None:
    """What is written into the file between reading its tags and the swap stays, as it was written."""

    class Meddled(Places):
        def look(self) -> None:
            """Write into the file, as another program may do just then."""
            with talk.open("ab") as stream:
                stream.write(b"theirs")

    before = talk.read_bytes()
    with Meddled() as places, pytest.raises(FileError, match="another program changed it"):
        tags.change(talk, Edit(set={"title": "x"}), places=places)
    content = talk.read_bytes()
    assert content.startswith(before)
    assert set(content[len(before) :].split(b"theirs")) == {b""}
    assert len(content) > len(before)
    assert names(talk.parent) == ["talk.mp3"]


@pytest.mark.parametrize("kind", ["link", "folder", "pipe"])
def test_only_regular_files(talk: Path, tmp_path: Path, kind: str) -> None:
    """A link is refused with the name of the file itself; nothing waits on a pipe."""
    path = tmp_path / "other.mp3"
    if kind == "link":
        path.symlink_to(talk)
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    before = talk.read_bytes()
    with pytest.raises(FileError) as caught:
        tags.update(path, set={"title": "x"})
    assert caught.value.where == str(path)
    assert {"link": str(talk), "folder": "-r", "pipe": ""}[kind] in caught.value.hint
    assert talk.read_bytes() == before


def test_a_lock_is_waited_for(talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another podkit holds the file one waits, then says so; its result is read anew."""
    monkeypatch.setattr(files, "LOCK_WAIT", 0.1)
    with talk.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(LockedError) as caught:
            tags.update(talk, set={"title": "x"})
    assert caught.value.where == str(talk)
    monkeypatch.setattr(files, "LOCK_WAIT", 30.0)
    keys = ("title", "artist", "album", "comment")
    threads = [
        threading.Thread(target=tags.update, args=(talk,), kwargs={"set": {key: key}})
        for key in keys
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tags.read(talk).fields == {key: key for key in keys}


def test_leftovers_of_dead_runs_are_swept(talk: Path, tmp_path: Path) -> None:
    """A killed run's folder goes with the next run; a living one's, and others' names, stay."""
    script = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom podkit.tags.places import Places\n"
        "places = Places()\nplace = places.at(Path(sys.argv[1]))\nplace.new_copy('.mp3')\n"
        "print('ready', flush=True)\nsignal.pause()\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    try:
        for process in running:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
        running[0].send_signal(signal.SIGKILL)
        running[0].wait()
        foreign = {".podkit-tag-mine", ".podkit-tag-0123456g", ".podkit-01234567.mp3"}
        for name in foreign:
            (tmp_path / name).mkdir()
        before = {n for n in names(tmp_path) if n.startswith(tidying.PREFIX)}
        assert tags.update(talk, set={"title": "x"})
        after = {n for n in names(tmp_path) if n.startswith(tidying.PREFIX)}
        assert len(before - after) == 1
        assert foreign - {".podkit-01234567.mp3"} < after
        assert (tmp_path / ".podkit-01234567.mp3").is_dir()
        running[1].send_signal(signal.SIGKILL)
        running[1].wait()
        tags.update(talk, set={"title": "y"})
        assert set(names(tmp_path)) == {*foreign, "talk.mp3"}
    finally:
        for process in running:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


def test_a_cancelled_run_leaves_nothing(talk: Path) -> None:
    """What is asked to stop before the swap stops, and the file is the old one."""
    before = talk.read_bytes()
    cancel = threading.Event()
    cancel.set()
    with Places(cancel) as places, pytest.raises(Cancelled):
        tags.change(talk, Edit(set={"title": "x"}), places=places)
    assert talk.read_bytes() == before
    assert names(talk.parent) == ["talk.mp3"]


@pytest.mark.need("prlimit")
def test_a_failed_write_names_the_file(talk: Path) -> None:
    """The message is about the user's file, not about a copy of it, and the file is the old one."""
    before = talk.read_bytes()
    limit = ["prlimit", f"--fsize={len(before) // 2}", sys.executable, "-m", "podkit"]
    done = subprocess.run(
        [*limit, "tag", talk, "--set", "title=x"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"Error: {talk}: cannot write the tags: File too large")
    assert "/proc/" not in done.stderr
    assert ".podkit-" not in done.stderr
    assert talk.read_bytes() == before
    assert names(talk.parent) == ["talk.mp3"]


# The copy


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=5000), head=st.binary(max_size=300), start=st.integers(0, 5200))
@pytest.mark.parametrize("kernel", [True, False])
def test_pouring(
    content: bytes, head: bytes, start: int, kernel: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A copy is the head and the rest of the source, whether the kernel copies or podkit does."""
    folder = tmp_path_factory.mktemp("pour")
    (folder / "source").write_bytes(content)
    with (
        (folder / "source").open("rb") as source,
        (folder / "target").open("wb") as target,
        pytest.MonkeyPatch.context() as patch,
    ):
        if not kernel:
            patch.delattr(os, "copy_file_range")
        pour(source.fileno(), target.fileno(), head=head, start=start)
    assert (folder / "target").read_bytes() == head + content[start:]


@pytest.mark.parametrize("version", ["2.3", "2.4"])
@pytest.mark.parametrize("tagged", [True, False])
def test_a_copy_has_room_for_its_new_tag(
    talk: Path, original: Path, tmp_path: Path, version: str, tagged: bool
) -> None:
    """Where a tag grows, saving it moves no sound; the sound and the old frames are what they were."""
    if tagged:
        tags.update(talk, set={"artist": "Somebody", "comment": "c" * 500}, id3=version)
    before = tags.read(talk)
    after = Tags(fields={**before.fields, "title": "T" * 300}, artwork=(picture(side=400),))
    copy = tmp_path / "copy.mp3"
    with talk.open("rb") as source, copy.open("wb") as target:
        fill(source.fileno(), target.fileno(), before, after, id3=int(version[-1]))
    size = copy.stat().st_size
    assert size > talk.stat().st_size
    assert tags.read(copy) == before
    opened = MP3(copy, translate=False)
    assert opened.tags is not None
    assert opened.tags.version[1] == int(version[-1])
    tags.write(copy, Tags(fields=after.fields, artwork=after.artwork), id3=version)
    assert copy.stat().st_size == size
    assert sound(copy) == sound(original)


def test_clearing_takes_the_padding_along(talk: Path) -> None:
    """A tag that becomes much shorter leaves no long hole."""
    tags.update(talk, set={"title": "x"}, picture=picture(side=1500))
    large = talk.stat().st_size
    tags.update(talk, clear=True, set={"title": "x"})
    assert talk.stat().st_size < large
    assert tags.read(talk) == Tags(fields={"title": "x"})


def test_reading_needs_no_lock(talk: Path) -> None:
    """Whoever only prints tags waits for no writer."""
    with talk.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert tags.read(talk) == Tags()
