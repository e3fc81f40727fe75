"""Kills podkit, or ffmpeg alone, with -9 at random times of a transcode, and looks at what is left.

    python benchmarks/faults/transcode_kills.py      120 kills of each, and 30 with other options after

Rows D03, D18. Files outside a show, long enough to be encoded in pieces, and episodes inside one;
after each kill the same command runs again, or one with other options, which must never mix.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import oracle
from harness import (
    PODKIT,
    Figures,
    Kill,
    adopt_orphans,
    children,
    clone,
    digest,
    environment,
    must,
    portion,
    reap_orphans,
    rng,
    run,
    run_and_kill,
    scratch,
    tree,
)
from shows import add_arguments, make_show, make_sound

KILLS = 120
OTHERS = 30
START = 0.3
LONG = 116
"""Seconds from which a sound is encoded in more than one piece."""
ENOUGH = 10
"""Kills from which on some must have hit the middle of the work."""
NOT_MADE = {".podkit-done.json", ".podkit.lock", ".podkit.lock.holder"}
PRESETS = re.compile(r"^#? ?presets = .*$", re.MULTILINE)
FILES: tuple[str, ...] = ("transcode", "in", "-r", "-o", "out", "-p", "mp3", "-p", "opus", "--json")
OTHER_FILES: tuple[str, ...] = (*FILES, "--set", "channels=1", "--set", "bit_rate=48000")
SHOW: tuple[str, ...] = ("transcode", "--json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A command in a folder, the next one, and the folders that an undisturbed run leaves.

    `whom` is what gets killed: podkit or ffmpeg.
    """

    name: str
    whom: str
    command: tuple[str, ...]
    following: tuple[str, ...]
    before: Path
    after: Path
    at_last: Path
    seconds: float

    @property
    def is_show(self) -> bool:
        """Whether its folder is a show."""
        return self.command == SHOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One kill, so many seconds after the start; of podkit itself, after its first child's."""

    case: Case
    number: int
    after: float
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one kill hit, and what was wrong then."""

    hit: bool
    refused: bool
    wrong: list[str]


def main() -> int:
    """Kill and look, then say the figures."""
    with scratch() as folder:
        cases = _cases(folder)
        blind = _self_check(cases[0].after, folder)
        if blind:
            print(f"the harness is blind: {blind}")
            return 1
        print(
            "self-check: found a file that is cut, one that is mixed and one that is left",
            flush=True,
        )
        trials = []
        for case in cases:
            kills = portion(OTHERS if case.following != case.command else KILLS // 2)
            chance = rng("transcode kills", case.name)
            first, last = (
                (0.0, case.seconds - START) if case.whom == "podkit" else (START, case.seconds)
            )
            trials += [
                Trial(case=case, number=n, after=chance.uniform(first, last), folder=folder)
                for n in range(kills)
            ]
        return _try_all(trials).say()


def _cases(folder: Path) -> list[Case]:
    plain = _files(folder / "files")
    show = _show(folder / "show")
    done, seconds = _undisturbed(plain, FILES, folder / "files-done")
    other, _ = _undisturbed(plain, OTHER_FILES, folder / "files-other")
    made, show_seconds = _undisturbed(show, SHOW, folder / "show-done")
    kinds = [
        (f"{whom} on files", whom, FILES, FILES, plain, done, done, seconds)
        for whom in ("podkit", "ffmpeg")
    ]
    kinds += [
        (f"{whom} on episodes", whom, SHOW, SHOW, show, made, made, show_seconds)
        for whom in ("podkit", "ffmpeg")
    ]
    kinds.append(
        ("podkit, then otherwise", "podkit", FILES, OTHER_FILES, plain, done, other, seconds)
    )
    return [
        Case(name=name, whom=whom, command=command, following=following, before=before,
             after=after, at_last=at_last, seconds=took)
        for name, whom, command, following, before, after, at_last, took in kinds
    ]  # fmt: skip


def _files(folder: Path) -> Path:
    """A folder with a long FLAC and two short WAV files."""
    (folder / "in" / "deep").mkdir(parents=True)
    short = make_sound(folder / "in" / "one.wav", seconds=3, seed=3)
    make_sound(folder / "in" / "deep" / "two.wav", seconds=4, seed=4)
    from podkit.media import tools  # noqa: PLC0415 (only to know where ffmpeg is)

    words: list[str | Path] = ["-nostdin", "-v", "error", "-stream_loop", "-1", "-i", short]
    words += ["-t", str(LONG)]
    subprocess.run(
        [tools.find_ffmpeg().path, *words, "-ac", "1", "-ar", "44100", folder / "in" / "long.flac"],
        check=True,
    )
    return folder


def _show(folder: Path) -> Path:
    """A show with two episodes of which nothing was made yet, in two presets."""
    make_show(folder)
    config = folder / "podkit.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(PRESETS.sub('presets = ["mp3", "m4a"]', text), encoding="utf-8")
    for number in (1, 2):
        source = make_sound(folder.parent / f"{number}.wav", seconds=2 + number, seed=number)
        must(*add_arguments(folder, source, f"Number {number}"))
    return folder


def _undisturbed(before: Path, command: Sequence[str], folder: Path) -> tuple[Path, float]:
    clone(before, folder)
    begun = time.monotonic()
    done = run([*PODKIT, *command], cwd=folder)
    if done.code != 0:
        raise SystemExit(f"cannot prepare: {command} ended with {done.code}: {done.last()}")
    return folder, time.monotonic() - begun


def _self_check(done: Path, folder: Path) -> str:
    """What the oracle does not see; empty when it sees all."""
    copy = clone(done, folder / "blind")
    made = next(path for path in sorted((copy / "out").rglob("*.mp3")))
    os.truncate(made, made.stat().st_size - 100)
    if not list(_unverified(copy, done)):
        return "it took a file that is cut"
    if not list(_at_the_end(copy, done)):
        return "it took a mixed folder"
    (copy / "out" / ".podkit-0123abcd.mp3").write_bytes(b"half")
    if not any("is left" in line for line in _at_the_end(copy, done)):
        return "it did not see what was left"
    shutil.rmtree(copy)
    return ""


def _try_all(trials: Sequence[Trial]) -> Figures:
    figures = Figures(name="transcode kills", tried=len(trials))
    seen: dict[str, list[Seen]] = {}
    with ProcessPoolExecutor(
        max_workers=min(2, os.cpu_count() or 1), initializer=adopt_orphans
    ) as pool:
        for trial, one in zip(trials, pool.map(attempt, trials), strict=True):
            seen.setdefault(trial.case.name, []).append(one)
            told = f"{trial.case.name} {trial.number} at {trial.after:.3f} s"
            figures.wrong += [f"{told}: {line}" for line in one.wrong]
            for line in one.wrong:
                print(f"{told}: {line}", flush=True)
    for name, found in seen.items():
        hit = sum(one.hit for one in found)
        figures.notes[name] = f"{hit} of {len(found)} hit, {sum(o.refused for o in found)} refused"
        if len(found) >= ENOUGH and not hit:
            figures.wrong.append(f"no kill hit {name} in the middle of its work")
    return figures


def attempt(trial: Trial) -> Seen:
    """Kill, look, run again, look again."""
    case = trial.case
    folder = clone(
        case.before, trial.folder / f"trial-{case.name}-{trial.number}".replace(" ", "-")
    )
    sources = tree(folder / ("episodes" if case.is_show else "in"))
    command: list[str | Path] = [*PODKIT, "-C", folder, *case.command]
    refused, wrong = False, []
    if case.whom == "podkit":
        kill = run_and_kill(command, trial.after, once_helped=True)
    else:
        kill, code = _run_and_kill_ffmpeg(command, trial.after)
        refused = code not in {0, None}
        wrong += [f"it ended with {code}"] if code not in {0, 1, 4, None} else []
        wrong += ["it left a temporary file"] if any(oracle.leftovers(folder)) else []
    wrong += [f"left a child: {line[:80]}" for line in kill.orphans]
    wrong += _unverified(folder, case.after)
    again = run([*PODKIT, "-C", folder, *case.following])
    if again.code != 0:
        wrong.append(f"the next run ended with {again.code}: {again.last()}")
    wrong += _at_the_end(folder, case.at_last)
    now = tree(folder / ("episodes" if case.is_show else "in"))
    if any(now.get(name) != value for name, value in sources.items()):
        wrong.append("a source was changed")
    shutil.rmtree(folder)
    return Seen(hit=kill.at_work and kill.children > 0, refused=refused, wrong=wrong)


def _run_and_kill_ffmpeg(command: Sequence[str | Path], after: float) -> tuple[Kill, int | None]:
    """Kill the first ffmpeg that lives after some seconds; how podkit ended, None when nobody did."""
    process = subprocess.Popen(
        [os.fspath(part) for part in command], stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(),
    )  # fmt: skip
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=after)
    struck = False
    while process.poll() is None and not struck:
        for pid in children(process.pid):
            if "ffmpeg" in _program(pid):
                with suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
                    struck = True
                    break
        time.sleep(0.002)
    code = process.wait() if struck else None
    process.wait()
    return Kill(at_work=struck, children=int(struck), orphans=reap_orphans()), code


def _program(pid: int) -> str:
    with suppress(OSError):
        return Path(os.readlink(f"/proc/{pid}/exe")).name
    return ""


def _unverified(folder: Path, undisturbed: Path) -> Iterator[str]:
    """Each file under a final name is one that an undisturbed run gives out, to the last byte."""
    if (folder / "episodes").exists():
        yield from oracle.records(folder)
        yield from oracle.renditions(folder)
        known = {digest(path) for path in (undisturbed / ".podkit" / "media").iterdir()}
        for path in (folder / ".podkit" / "media").glob("*"):
            if not oracle.TEMPORARY.match(path.name) and digest(path) not in known:
                yield f"{path.name} is none of those that should be"
        return
    known_here = _made(undisturbed)
    for name, value in _made(folder).items():
        if known_here.get(name) != value:
            yield f"out/{name} has its name and is not whole"


def _made(folder: Path) -> dict[str, str]:
    """The final files of an output folder."""
    if not (folder / "out").exists():
        return {}
    return {
        name: value
        for name, value in tree(folder / "out").items()
        if name not in NOT_MADE and not any(map(oracle.TEMPORARY.match, Path(name).parts))
    }


def _at_the_end(folder: Path, undisturbed: Path) -> Iterator[str]:
    """After the next run all is as if nothing had happened."""
    if (folder / "episodes").exists():
        yield from oracle.at_the_end(folder, undisturbed)
        return
    yield from oracle.leftovers(folder)
    now, wanted = _made(folder), _made(undisturbed)
    for name in sorted(now.keys() | wanted.keys()):
        if now.get(name) != wanted.get(name):
            yield f"out/{name} is not what an undisturbed run makes"


if __name__ == "__main__":
    sys.exit(main())
