"""Kills and fails `podkit tag` at every system call that changes a disk, and swaps files under it.

    python benchmarks/faults/tag_faults.py

Rows D02, D07, D09, D11, D14, N08. In each of six containers the k-th call of each name is met by
SIGKILL, EIO and ENOSPC; then writers run at once on one file; then a file's name is given to others
while its tags are written. First mutagen, which saves in place, is judged: a harness that finds
nothing wrong with it proves nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import mutagen
from harness import (
    PODKIT,
    Figures,
    clone,
    digest,
    environment,
    portion,
    reap_orphans,
    rng,
    run,
    scratch,
)
from PIL import Image
from talks import CONTAINERS, Case, judge, leftovers, make_case, sound

from podkit.errors import PodkitError
from podkit.media.tools import find_ffmpeg
from podkit.steps.tag import tag
from podkit.tags import files as tag_files

CALLS = ("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "rmdir",
         "mkdir", "mkdirat", "fchmod", "fchown", "fsetxattr", "utimensat", "fsync", "fdatasync",
         "ftruncate", "write", "pwrite64", "sendfile", "copy_file_range", "flock")  # fmt: skip
FAULTS = ("signal=SIGKILL", "error=EIO", "error=ENOSPC")
ROUNDS = 30
SWAPS = 1000
AGAIN = 75
_NAIVE = """
import mutagen, sys
file = mutagen.File(sys.argv[1])
file['title' if 'flac' in sys.argv[1] else '\\xa9nam'] = ['A longer title ' * 2000]
file.save()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One fault: what meets the `when`-th call of its name."""

    case: Case
    call: str
    when: int
    fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Whether the fault came to pass, and what was wrong."""

    hit: bool
    wrong: list[str] = field(default_factory=list)


def main() -> int:
    """Do all three and say the figures."""
    if shutil.which("strace") is None:
        print("tag_faults needs strace")
        return 1
    with scratch() as folder:
        found = _naive_fault(folder)
        if not found:
            print("the harness is blind: it found nothing wrong with mutagen's own way")
            return 1
        print(f"self-check: found {found}")
        Image.new("RGB", (600, 600), "navy").save(folder / "cover.jpg")
        cases = [make_case(kind, folder) for kind in CONTAINERS]
        worst = _faults(cases)
        worst += _writers(cases, folder)
        worst += _swaps(folder)
    return min(worst, 1)


def _faults(cases: Sequence[Case]) -> int:
    figures = Figures(name="a fault at a system call of a tag write")
    every = [point for case in cases for point in _points(case)]
    some = sorted(rng("tag").sample(range(len(every)), portion(len(every))))
    chosen = [every[n] for n in some]
    hits = dict.fromkeys(FAULTS, 0)
    with ProcessPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        for point, seen in zip(chosen, pool.map(attempt, chosen), strict=True):
            figures.tried += 1
            hits[point.fault] += seen.hit
            told = f"{point.case.kind}, {point.fault} at {point.call} number {point.when}"
            figures.wrong += [f"{told}: {line}" for line in seen.wrong]
    figures.notes = {f"{fault.partition('=')[2]} came to pass": n for fault, n in hits.items()}
    met = {fault: sum(point.fault == fault for point in chosen) for fault in FAULTS}
    figures.wrong += [
        f"{fault} came to pass at {n} of {met[fault]} points only"
        for fault, n in hits.items()
        if n < 0.9 * met[fault]
    ]
    return figures.say()


def _points(case: Case) -> Iterator[Point]:
    """Every such call of an undisturbed run, with each fault."""
    copy = clone(case.folder, case.folder.with_name(f"{case.kind}-counted"))
    log = copy.with_suffix(".log")
    names = ",".join(f"?{call}" for call in CALLS)
    run(_strace(log, "-e", f"trace={names}", case=case), cwd=copy)
    counted: dict[str, dict[str, int]] = {}
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        who, _, said = line.partition(" ")
        call = said.strip().partition("(")[0]
        if call in CALLS:
            each = counted.setdefault(call, {})
            each[who] = each.get(who, 0) + 1
    shutil.rmtree(copy)
    for call, each in counted.items():
        for when in range(1, max(each.values()) + 1):
            for fault in FAULTS:
                yield Point(case=case, call=call, when=when, fault=fault)


def _strace(log: Path, *options: str, case: Case) -> list[str | Path]:
    return ["strace", "-f", "-o", log, *options, *case.command]


def attempt(point: Point) -> Seen:
    """Let one run meet one fault, look, run again, look again."""
    case = point.case
    name = f"{case.kind}-{point.call}-{point.when}-{point.fault.partition('=')[2]}"
    copy = clone(case.folder, case.folder.with_name(name))
    log = copy.with_suffix(".log")
    file = case.file(copy)
    inject = f"inject={point.call}:{point.fault}:when={point.when}"
    done = run(_strace(log, "-e", f"trace={point.call}", "-e", inject, case=case), cwd=copy)
    traced = log.read_text(encoding="utf-8", errors="replace")
    wrong = list(judge(case, file, done.code))
    if done.code not in {0, 1, -9}:
        wrong.append(f"it ended with {done.code}: {done.last()}")
    if done.code == 1 and (".podkit-" in done.err or "/proc/" in done.err):
        wrong.append(f"it names its own file: {done.last()}")
    wrong += [f"left a child: {line[:80]}" for line in reap_orphans()]
    report = tag(replace(case.order, paths=(file,)))
    if report.failed:
        wrong.append(f"the next run failed: {report.failed[0].error}")
    if digest(file) != case.after:
        wrong.append("the next run did not end as an undisturbed one")
    wrong += leftovers(case, copy)
    shutil.rmtree(copy)
    hit = done.code == -9 or "(INJECTED)" in traced
    return Seen(hit=hit, wrong=wrong)


def _writers(cases: Sequence[Case], folder: Path) -> int:
    """Several at once on one file, each with a field of its own: the file has them all."""
    figures = Figures(name="writers of one file at once")
    values = {"title": "One", "artist": "Two", "album": "Three", "comment": "Four"}
    ended: list[int] = []
    for number in range(portion(ROUNDS)):
        case = cases[number % len(cases)]
        copy = clone(case.folder, folder / f"writers-{number}")
        file = case.file(copy)
        many = list(values.items())[: rng("writers", number).randint(2, len(values))]
        running = [
            subprocess.Popen(
                [*PODKIT, "tag", file, "--set", f"{key}={value}"], env=environment(),
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )
            for key, value in many
        ]  # fmt: skip
        codes = [process.wait(timeout=180) for process in running]
        found = tag_files.read(file).fields
        figures.tried += 1
        ended += codes
        wrong = [
            f"{key} ended with {code} but is {found.get(key)!r}"
            for (key, value), code in zip(many, codes, strict=True)
            if code not in {0, AGAIN} or (code == 0) != (found.get(key) == value)
        ]
        wrong += leftovers(case, copy)
        figures.wrong += [f"round {number}, {case.kind}: {line}" for line in wrong]
        shutil.rmtree(copy)
    figures.notes = {"writers": len(ended), "told to try again": ended.count(AGAIN)}
    return figures.say()


def _swaps(folder: Path) -> int:
    """The name is given to a link and to other files while tags are written: none is touched."""
    figures = Figures(name="files swapped under a tag write")
    here = folder / "swaps"
    here.mkdir()
    file = here / "talk.mp3"
    foreign = folder / "foreign.mp3"
    for path in (file, foreign):
        sound("mp3", path)
    tag_files.update(foreign, set={"title": "Secret"})
    kept, secret = here / "kept.mp3", digest(foreign)
    stop = threading.Event()
    swapper = threading.Thread(target=_swap_on, args=(file, kept, foreign, stop))
    swapper.start()
    refused = 0
    for number in range(portion(SWAPS)):
        figures.tried += 1
        title = f"Title {number}"
        try:
            tag_files.update(file, set={"title": title})
        except PodkitError:
            refused += 1
        if digest(foreign) != secret:
            figures.wrong.append(f"round {number}: the foreign file was written")
            break
    stop.set()
    swapper.join()
    there = [path for path in (file, kept) if path.is_file() and not path.is_symlink()]
    if len(there) != 1 or tag_files.read(there[0]).fields.get("title") == "Secret":
        figures.wrong.append("the file is gone, or the foreign one was read into it")
    figures.wrong += [f"{path.name} is left" for path in here.glob(".podkit-*")]
    if not 0 < refused < figures.tried:
        figures.wrong.append(f"{refused} of {figures.tried} were refused: nothing was swapped")
    figures.notes = {"refused": refused}
    return figures.say()


def _swap_on(file: Path, kept: Path, foreign: Path, stop: threading.Event) -> None:
    """Again and again: the file moves aside, a link stands in its place, then it comes back."""
    chance = rng("swaps")
    while not stop.wait(chance.random() * 0.03):
        with suppress(OSError):
            os.rename(file, kept)
            os.symlink(foreign, file)
        stop.wait(chance.random() * 0.002)
        os.rename(kept, file)  # over the link, or over what stands there


def _naive_fault(folder: Path) -> str:
    """What a kill in the middle of mutagen's own save does to a file."""
    for kind in ("flac", "m4a"):
        whole = folder / f"naive.{kind}"
        sound(kind, whole)
        for when in range(1, 12):
            file = folder / f"naive-{when}.{kind}"
            shutil.copyfile(whole, file)
            command = (sys.executable, "-c", _NAIVE, file)
            inject = f"inject=write:signal=SIGKILL:when={when}"
            ended = run(["strace", "-e", "trace=write", "-e", inject, *command])
            if ended.code == 0:
                break
            if digest(file) != digest(whole) and not _decodes(file, whole):
                return f"that mutagen's own {kind} is damaged by a kill at write number {when}"
    return ""


def _decodes(file: Path, whole: Path) -> bool:
    """Whether the sound is still what it was."""
    said = [
        subprocess.run(
            [find_ffmpeg().path, "-v", "error", "-i", path, "-map", "0:a", "-f", "md5", "-"],
            capture_output=True, check=False,
        ).stdout
        for path in (file, whole)
    ]  # fmt: skip
    with suppress(mutagen.MutagenError):
        return mutagen.File(file) is not None and said[0] == said[1]
    return False


if __name__ == "__main__":
    sys.exit(main())
