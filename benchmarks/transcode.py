"""Measures transcoding against what people use for it, side by side, as ratios.

    python benchmarks/transcode.py [--rounds N] [--only WORD]... [--write]

The same ffmpeg binary does the work everywhere: podkit's own, told to ffmpeg-normalize through
FFMPEG_PATH. Contenders take turns, so that a busy machine slows all of them; each figure is the
median of the rounds, but for ffmpeg-normalize, which is too slow to run more than once. Wall time in seconds, CPU time of all processes, and the memory of the largest
single process. `--write` puts the tables into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from material import FFMPEG, QUIET, forty, run, sound

PODKIT = (sys.executable, "-m", "podkit")
DOCUMENT = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end -->\n"
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took: `wall` and `cpu` in seconds, `memory` of its largest process in MB."""

    wall: float
    cpu: float
    memory: float


@dataclass(slots=True)
class Contender:
    """One way to do a job; `prepare` clears away what the last round left, `once` spares rounds.

    One of which files fail now and then, for no fault of theirs, gets some `tries`.
    """

    name: str
    command: Sequence[str]
    prepare: Callable[[], None] = lambda: None
    env: dict[str, str] = field(default_factory=dict)
    once: bool = False
    tries: int = 1
    costs: list[Cost] = field(default_factory=list)

    def run(self) -> None:
        """Do it once more."""
        if self.once and self.costs:
            return
        for left in reversed(range(self.tries)):
            self.prepare()
            try:
                cost = cost_of(self.command, self.env)
            except SystemExit as error:
                if not left:
                    raise
                print(f"{self.name} is tried once more: {error}", file=sys.stderr)
            else:
                self.costs.append(cost)
                return

    def median(self, what: str) -> float:
        """The median of one figure over the rounds."""
        return float(statistics.median(getattr(cost, what) for cost in self.costs))


@dataclass(frozen=True, slots=True)
class Race:
    """Contenders for one job; the first is podkit, ratios are of its wall time to each other's."""

    title: str
    contenders: tuple[Contender, ...]
    together: tuple[str, ...] = ()
    """Names of contenders whose times are added up, as one way to do the job."""

    def lines(self) -> list[str]:
        """A Markdown table."""
        ours = self.contenders[0].median("wall")
        rows = [
            f"### {self.title}",
            "",
            "| | wall, s | CPU, s | largest process, MB | podkit takes … × its time |",
            "|---|---|---|---|---|",
        ]
        for one in self.contenders:
            ratio = "" if one is self.contenders[0] else f"{ours / one.median('wall'):.2f}"
            rows.append(
                f"| {one.name} | {one.median('wall'):.1f} | {one.median('cpu'):.1f} "
                f"| {one.median('memory'):.0f} | {ratio} |"
            )
        if self.together:
            added = [one for one in self.contenders if one.name in self.together]
            wall, cpu = (sum(one.median(what) for one in added) for what in ("wall", "cpu"))
            rows.append(
                f"| {' + '.join(self.together)} | {wall:.1f} | {cpu:.1f} | | {ours / wall:.2f} |"
            )
        return [*rows, ""]


def main() -> None:
    """Make the material, run the races, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", action="append", default=[], help="a word of a race's title")
    parser.add_argument("--minutes", type=int, default=30, help="length of the long sound")
    parser.add_argument("--write", action="store_true", help="into docs/benchmarks.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="podkit-bench-") as scratch:
        folder = Path(scratch)
        normalize = ffmpeg_normalize(folder)
        lines = [about(given.rounds), ""]
        for make in (one_file, one_by_one_core, three_presets, many_files, video, growth):
            for race in make(folder, given.minutes, normalize):
                if given.only and not any(word in race.title for word in given.only):
                    continue
                for _ in range(given.rounds):
                    for contender in race.contenders:
                        contender.run()
                table = race.lines()
                print("\n".join(table), flush=True)
                lines += table
    if given.write:
        text = DOCUMENT.read_text(encoding="utf-8")
        head, rest = text.split(BEGIN)
        tail = rest.split(END)[1]
        DOCUMENT.write_text(head + BEGIN + "\n" + "\n".join(lines) + END + tail, encoding="utf-8")


def about(rounds: int) -> str:
    """What was measured, and where."""
    done = subprocess.run([FFMPEG, "-version"], capture_output=True, text=True, check=True)
    version = done.stdout.split()[2]
    return (
        f"Medians of {rounds} rounds (ffmpeg-normalize: one) on {CORES} cores ({platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, ffmpeg {version})."
    )


def one_file(folder: Path, minutes: int, normalize: str | None) -> list[Race]:
    """One long sound to MP3 at -16 LUFS."""
    source = sound(folder, minutes)
    out, plain = folder / "one", folder / "plain.mp3"
    ways = [
        Contender("podkit", podkit(source, out, "mp3", jobs=CORES), clearing(out)),
        Contender("podkit -j 1", podkit(source, out, "mp3", jobs=1), clearing(out)),
        Contender("ffmpeg that only encodes", encode(source, plain, "libmp3lame", "128k")),
    ]
    if normalize:
        ways.append(normalizing(normalize, source, folder / "normal.mp3"))
    return [Race(f"{minutes} minutes of WAV to MP3", tuple(ways))]


def one_by_one_core(folder: Path, minutes: int, normalize: str | None) -> list[Race]:
    """The other codecs, one at a time."""
    del normalize
    source = sound(folder, minutes)
    races = []
    for preset, codec, rate, more in (
        ("m4a", "aac", "128k", ("-aac_coder", "fast")),
        ("opus", "libopus", "64k", ()),
    ):
        out, plain = folder / f"one-{preset}", folder / f"plain.{preset}"
        ways = [
            Contender("podkit", podkit(source, out, preset, jobs=CORES), clearing(out)),
            Contender("ffmpeg that only encodes", encode(source, plain, codec, rate)),
        ]
        if more:
            ways.append(
                Contender("the same with podkit's coder", encode(source, plain, codec, rate, *more))
            )
        races.append(Race(f"{minutes} minutes of WAV to {preset}", tuple(ways)))
    return races


def three_presets(folder: Path, minutes: int, normalize: str | None) -> list[Race]:
    """Three presets of one master, against three plain encodes."""
    del normalize
    source = sound(folder, minutes)
    out = folder / "three"
    names = ("plain mp3", "plain m4a", "plain opus")
    plain = [
        Contender(name, encode(source, folder / f"three.{extension}", codec, rate))
        for name, extension, codec, rate in zip(
            names,
            ("mp3", "m4a", "opus"),
            ("libmp3lame", "aac", "libopus"),
            ("128k", "128k", "64k"),
            strict=True,
        )
    ]
    ours = Contender("podkit", podkit(source, out, "mp3", "m4a", "opus", jobs=CORES), clearing(out))
    return [Race(f"{minutes} minutes to mp3, m4a and opus", (ours, *plain), names)]


def many_files(folder: Path, minutes: int, normalize: str | None) -> list[Race]:
    """Forty files of one minute, on all cores."""
    del minutes
    source = forty(folder)
    out = folder / "many"
    ours = [*PODKIT, "transcode", str(source), "-r", "-p", "mp3", "-q", "-o", str(out)]
    plain = folder / "many-plain"
    plain.mkdir(exist_ok=True)
    inner = shlex.join([FFMPEG, *QUIET, "-i", "{}", "-b:a", "128k", f"{plain}/{{}}.mp3"])
    ways = [
        Contender("podkit", ours, clearing(out)),
        Contender("podkit again, nothing to do", ours),
        Contender(f"xargs -P{CORES} ffmpeg that only encodes", in_folder(source, inner)),
    ]  # fmt: skip
    if normalize:
        inner = shlex.join([*normal_words(normalize, "{}"), "-o", f"{plain}/{{}}.mp3"])
        ways.append(
            Contender(
                f"xargs -P{CORES} ffmpeg-normalize",
                in_folder(source, inner),
                env={"FFMPEG_PATH": FFMPEG},
                once=True,
                tries=4,
            )
        )
    return [Race("forty files of one minute to MP3", tuple(ways))]


def video(folder: Path, minutes: int, normalize: str | None) -> list[Race]:
    """A minute of 1080p to 720p."""
    del minutes, normalize
    source, out = folder / "video.mp4", folder / "video"
    if not source.exists():
        pictures = "testsrc2=s=1920x1080:r=25,noise=alls=6:allf=t"
        run(
            FFMPEG, *QUIET, "-f", "lavfi", "-i", pictures, "-i", sound(folder, 10), "-t", "60",
            "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", "-c:a", "aac",
            "-aac_coder", "fast", source,
        )  # fmt: skip
    plain = [
        FFMPEG, *QUIET, "-i", str(source), "-vf", "scale=-2:720", "-c:v", "libx264", "-preset",
        "medium", "-crf", "23", "-maxrate", "3M", "-bufsize", "6M", "-pix_fmt", "yuv420p", "-c:a",
        "aac", "-b:a", "128k", "-movflags", "+faststart", str(folder / "plain-720.mp4"),
    ]  # fmt: skip
    ours = Contender("podkit", podkit(source, out, "video-720p", jobs=CORES), clearing(out))
    return [
        Race(
            "a minute of 1080p video to 720p",
            (ours, Contender("ffmpeg that only encodes", plain)),
        )
    ]


def growth(folder: Path, minutes: int, normalize: str | None) -> list[Race]:
    """How the cost grows with the length and with the number of files."""
    del normalize
    races = []
    lengths = []
    for length in (minutes // 3, minutes, minutes * 2):
        out = folder / f"length-{length}"
        command = podkit(sound(folder, length), out, "mp3", jobs=CORES)
        lengths.append(Contender(f"podkit, {length} minutes", command, clearing(out)))
    races.append(Race("growth with length (WAV to MP3)", tuple(lengths)))
    numbers = []
    files = sorted(forty(folder).iterdir())
    for number in (10, 20, 40):
        out = folder / f"number-{number}"
        some = map(str, files[:number])
        command = [*PODKIT, "transcode", *some, "-p", "mp3", "-q", "-o", str(out)]
        numbers.append(Contender(f"podkit, {number} files of a minute", command, clearing(out)))
    races.append(Race("growth with the number of files", tuple(numbers)))
    return races


def podkit(source: Path, out: Path, *presets: str, jobs: int) -> list[str]:
    """The command line of podkit."""
    wanted = [word for preset in presets for word in ("-p", preset)]
    where = ["-q", "-o", str(out), "-j", str(jobs)]
    return [*PODKIT, "transcode", str(source), *wanted, *where]


def encode(source: Path, output: Path, codec: str, rate: str, *more: str) -> list[str]:
    """The command line of plain ffmpeg."""
    return [FFMPEG, *QUIET, "-i", str(source), "-c:a", codec, "-b:a", rate, *more, str(output)]


def normal_words(program: str, source: str) -> list[str]:
    """The command line of ffmpeg-normalize but for its output."""
    return [
        program, source, "-q", "-f", "-t", "-16", "-tp", "-1", "-c:a", "libmp3lame", "-b:a", "128k",
    ]  # fmt: skip


def normalizing(program: str, source: Path, output: Path) -> Contender:
    """ffmpeg-normalize with the same target, codec and binary."""
    command = [*normal_words(program, str(source)), "-o", str(output)]
    return Contender("ffmpeg-normalize", command, env={"FFMPEG_PATH": FFMPEG}, once=True)


def in_folder(folder: Path, inner: str) -> list[str]:
    """A command for each file of a folder, as many at once as there are cores."""
    listing = f"cd {shlex.quote(str(folder))} && ls | xargs -P{CORES} -I{{}} {inner}"
    return ["bash", "-c", listing]


def clearing(folder: Path) -> Callable[[], None]:
    """What removes a folder."""
    return lambda: shutil.rmtree(folder, ignore_errors=True)


def ffmpeg_normalize(folder: Path) -> str | None:
    """ffmpeg-normalize in an environment of its own; None, loudly, when it cannot be had."""
    home = folder / "normalize"
    try:
        run(sys.executable, "-m", "venv", home)
        run(home / "bin" / "pip", "install", "-q", "ffmpeg-normalize")
    except SystemExit as error:
        print(f"ffmpeg-normalize is left out: {error}", file=sys.stderr)
        return None
    return str(home / "bin" / "ffmpeg-normalize")


def cost_of(command: Sequence[str], env: dict[str, str]) -> Cost:
    """Run to the end; what it and all its children took."""
    begun = time.perf_counter()
    pid = os.posix_spawnp(
        command[0],
        list(command),
        {**os.environ, **env},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        ],
    )
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - begun
    if status:
        raise SystemExit(f"{shlex.join(command)[:200]} ended with {status >> 8}")
    return Cost(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


if __name__ == "__main__":
    main()
