"""Files in six containers for faults to meet while their tags are written, and how they are judged."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from harness import PODKIT, clone, digest, run

from podkit.media.tools import find_ffmpeg
from podkit.steps.tag import tag
from podkit.steps.tag_order import TagOrder

CONTAINERS: Mapping[str, Sequence[str]] = {
    "mp3": ("-c:a", "libmp3lame"),
    "m4a": ("-c:a", "aac", "-movflags", "+faststart"),
    "flac": ("-c:a", "flac"),
    "opus": ("-c:a", "libopus"),
    "wav": ("-c:a", "pcm_s16le"),
    "mkv": ("-c:a", "aac"),
}
FOREIGN = {"notes.tmp": b"mine", ".podkit-tag-notes": b"mine too", "other.mp3": b"another file"}
"""What lies beside the file and is none of podkit's."""
TIMES = (1_700_000_000_000_000_000, 1_600_000_000_000_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One file in its folder, and what it is once its tags are written undisturbed."""

    kind: str
    folder: Path
    before: str
    after: str = ""
    order: TagOrder

    @property
    def command(self) -> list[str | Path]:
        """The command line of the write, in the file's folder."""
        said = [str(self.file(Path())), "--set", *self.order.set]
        return [*PODKIT, "tag", *said, "--image", self.order.image or ""]

    def file(self, folder: Path) -> Path:
        """The file in a copy of the folder."""
        return folder / f"talk.{self.kind}"


def sound(kind: str, target: Path) -> None:
    """Four seconds of a tone in a container."""
    tone = ("-f", "lavfi", "-i", "sine=frequency=300:sample_rate=48000:duration=4")
    subprocess.run(
        [find_ffmpeg().path, "-v", "error", "-nostdin", *tone, *CONTAINERS[kind], target],
        check=True,
    )


def make_case(kind: str, folder: Path) -> Case:
    """A folder with a tagged file, strangers beside it, and the bytes that a write gives."""
    here = folder / kind
    here.mkdir()
    file = here / f"talk.{kind}"
    sound(kind, file)
    tag(TagOrder(paths=(file,), set=("title=Old", "artist=Somebody")))
    for name, content in FOREIGN.items():
        (here / name).write_bytes(content)
    with suppress(OSError):  # not on every file system
        os.setxattr(file, "user.note", b"kept")
    file.chmod(0o640)
    os.utime(file, ns=TIMES)
    order = TagOrder(set=("title=Newer and longer",), image=folder / "cover.jpg")
    case = Case(kind=kind, folder=here, before=digest(file), order=order)
    done = clone(here, folder / f"{kind}-after")
    ended = run(case.command, cwd=done)
    if ended.code != 0:
        raise SystemExit(f"cannot prepare {kind}: {ended.last()}")
    return replace(case, after=digest(done / file.name))


def judge(case: Case, file: Path, code: int) -> Iterator[str]:
    """The file is the old one or the new one, with all that belongs to it."""
    if not file.exists():
        yield "the file is gone"
        return
    found = digest(file)
    if found not in {case.before, case.after}:
        yield "the file is damaged"
    if code == 0 and found != case.after:
        yield "it was said to be done and is not"
    there = file.stat()
    if (there.st_mode & 0o7777, there.st_mtime_ns) != (0o640, TIMES[1]):
        yield f"it has mode {there.st_mode & 0o7777:o} and time {there.st_mtime_ns}"
    with suppress(OSError):
        if (os.listxattr(case.file(case.folder))) != os.listxattr(file):
            yield "its extended attributes are gone"


def leftovers(case: Case, copy: Path) -> Iterator[str]:
    """What is in the folder and should not be, or was somebody's and is not as it was."""
    names = {path.name for path in copy.iterdir()}
    for name in sorted(names - {*FOREIGN, f"talk.{case.kind}"}):
        yield f"{name} is left"
    for name, content in FOREIGN.items():
        if name not in names or (copy / name).read_bytes() != content:
            yield f"{name}, which is not podkit's, was touched"
