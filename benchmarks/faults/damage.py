"""Cuts, alters and blows up media files and counts what podkit notices.

    python benchmarks/faults/damage.py

Rows M06, M07, M09, M13. First that no good file is refused, then that every cut one is; mutants may be
taken or refused, but nothing may break, hang or grow. Silence where something else was (zeros in
uncompressed sound) cannot be seen, so among mutants only the sorts of outcome are counted.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import huge_files
from good_files import Good, binaries, good_files, make, sound
from harness import Figures, podkit, portion, rng, run, scratch

from podkit.errors import PodkitError
from podkit.media import tools, verify
from podkit.media.probe import probe
from podkit.media.tools import Tool

CUTS = 20
MUTANTS = 1000
TRANSCODED = 60
SLOW = 60.0
"""Seconds after which a mutant of some seconds of sound counts as hanging."""

# What is cut: as normal encoders write it, where an end that is missing can be seen at all.
WHOLE: dict[str, tuple[str, ...]] = {
    "mp3": ("-c:a", "libmp3lame"),
    "m4a": ("-c:a", "aac"),
    "m4a (faststart)": ("-c:a", "aac", "-movflags", "+faststart"),
    "m4a (fragments)": ("-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov"),
    "ogg": ("-c:a", "libvorbis"),
    "opus": ("-c:a", "libopus"),
    "flac": ("-c:a", "flac"),
    "wav": ("-c:a", "pcm_s16le"),
    "wav (RF64)": ("-c:a", "pcm_s16le", "-rf64", "always"),
    "aiff": ("-c:a", "pcm_s16be"),
    "mka": ("-c:a", "libopus"),
    "mka (live)": ("-c:a", "libopus", "-live", "1"),
    "mp3 (no Xing)": ("-c:a", "libmp3lame", "-write_xing", "0"),
    "aac": ("-c:a", "aac", "-f", "adts"),
}


def main() -> int:
    """Go through all and say the figures."""
    with scratch() as folder:
        worst = _good(folder / "good")
        worst = max(worst, _cut(folder / "cut"))
        worst = max(worst, _mutants(folder / "mutants"))
        return max(worst, _huge(folder / "huge"))


def refusal(tool: Tool, path: Path) -> str:
    """What podkit says against taking the file as a source; empty when it takes it."""
    try:
        media = probe(path)
        verify.check_whole(verify.decode(tool, path), media, path)
    except PodkitError as error:
        return error.message
    return ""


def _good(folder: Path) -> int:
    folder.mkdir()
    figures = Figures(name="good files")
    kinds: Counter[str] = Counter()
    found = list(good_files(folder))
    chosen = rng("good").sample(found, portion(len(found)))
    ffmpegs = [tools.find_ffmpeg(path) for path in binaries().values()]

    def look(good: Good) -> tuple[Good, list[str]]:
        return good, [said for tool in ffmpegs if (said := refusal(tool, good.path))]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for good, refused in pool.map(look, chosen):
            figures.tried += 1
            kinds[good.kind] += 1
            figures.wrong += [f"{good.path.name} ({good.note}): {said}" for said in refused[:1]]
    figures.notes = {"refused": len(figures.wrong), **kinds}
    shutil.rmtree(folder)
    return figures.say()


def _cut(folder: Path) -> int:
    """Cut each container at points from a tenth to a few bytes before its end."""
    folder.mkdir()
    figures = Figures(name="cut files")
    tool = tools.find_ffmpeg()
    print(f"{'container':18} {'detected':>9} of {'cuts':>4}   with seconds")
    for kind, options in WHOLE.items():
        whole = folder / f"whole.{kind.split()[0]}"
        if not make(tool.path, *sound(20.0), *options, whole):
            figures.wrong.append(f"cannot make {kind}")
            continue
        size = whole.stat().st_size
        content = whole.read_bytes()
        points = [_inside(content, p) for p in _points(kind, size)][: portion(CUTS)]
        said = [refusal(tool, _cut_at(whole, point)) for point in points]
        missed = [p for p, text in zip(points, said, strict=True) if not text]
        told = sum("ends after" in text for text in said)
        print(f"{kind:18} {len(points) - len(missed):>9} of {len(points):>4}   {told}")
        figures.tried += len(points)
        figures.wrong += [f"{kind} cut at {p} of {size} was taken" for p in missed]
    return figures.say()


def _points(kind: str, size: int) -> Iterator[int]:
    """The last bytes, then chance over all of it, then steps of a twentieth."""
    yield from (size - 1, size // 10, size - 10, size - 200)
    chance = rng("cut", kind)
    for _ in range(8):
        yield chance.randrange(size // 10, size)
    for step in range(3, 11):
        yield size * step // 11


def _inside(content: bytes, point: int) -> int:
    """The point, or one byte before: between two frames no cut of a bare stream can be seen."""
    return point - (content[point : point + 1] == b"\xff")


def _cut_at(whole: Path, point: int) -> Path:
    path = whole.with_stem("cut")
    shutil.copyfile(whole, path)
    os.truncate(path, point)
    return path


def _mutants(folder: Path) -> int:
    """Flip bits and zero blocks, then probe all and transcode some."""
    folder.mkdir()
    figures = Figures(name="mutants")
    outcomes: Counter[str] = Counter()
    paths = list(_mutated(folder, portion(MUTANTS)))
    slowest = 0.0
    for start in range(0, len(paths), 50):
        batch = paths[start : start + 50]
        begun = time.monotonic()
        done = podkit("probe", "--json", "--", *batch, limit=SLOW * 10)
        slowest = max(slowest, (time.monotonic() - begun) / len(batch))
        figures.tried += len(batch)
        report = done.json()
        if report is None or "Traceback" in done.err or done.code not in {0, 1, 4}:
            figures.wrong.append(f"probe ended with {done.code}: {done.last()}")
            continue
        outcomes["probe refused"] += len(report["failed"])
        outcomes["probe took"] += len(report["files"])
    for path in rng("transcoded").sample(paths, min(portion(TRANSCODED), len(paths))):
        figures.wrong += _transcoded(path, folder / "out", outcomes)
        figures.tried += 1
    figures.notes = {**outcomes, "slowest probe in s": round(slowest, 2)}
    return figures.say()


def _mutated(folder: Path, count: int) -> Iterator[Path]:
    tool = tools.find_ffmpeg()
    wholes: dict[str, bytes] = {}
    for kind, options in WHOLE.items():
        path = folder / f"whole-{len(wholes)}.{kind.split()[0]}"
        make(tool.path, *sound(1.5), *options, path)
        wholes[path.name] = path.read_bytes()
    chance = rng("mutants")
    for number in range(count):
        name = chance.choice(sorted(wholes))
        content = bytearray(wholes[name])
        if chance.random() < 0.3:
            at = chance.randrange(len(content))
            length = chance.choice((1, 16, 512, 4096, len(content)))
            content[at : at + length] = bytes(len(content[at : at + length]))
        else:
            reach = chance.choice((64, 2048, len(content)))  # headers are where it hurts
            for _ in range(chance.choice((1, 3, 20, 200))):
                content[chance.randrange(min(reach, len(content)))] ^= 1 << chance.randrange(8)
        path = folder / f"{number}-{name}"
        path.write_bytes(content)
        yield path


def _transcoded(path: Path, output: Path, outcomes: Counter[str]) -> list[str]:
    """Once as it is, and once more with what is there."""
    wrong = []
    for options in ((), ("--allow-damaged",)):
        begun = time.monotonic()
        done = podkit(
            "transcode", "-p", "mp3", "-o", output, *options, "--json", "--", path, limit=SLOW * 4
        )
        if time.monotonic() - begun > SLOW:
            wrong.append(f"{path.name}: {time.monotonic() - begun:.0f} s")
        if "Traceback" in done.err or "a bug in podkit" in done.err or done.code not in {0, 1, 4}:
            wrong.append(f"{path.name} {options}: {done.code} {done.last()}")
        made = sum(p.stat().st_size for p in output.rglob("*") if p.is_file())
        if made > 64 << 20:
            wrong.append(f"{path.name} became {made} bytes")
        shutil.rmtree(output, ignore_errors=True)
        sort = "allowed" if options else "as it is"
        outcomes[f"{sort} {'refused' if done.code else 'transcoded'}"] += 1
    return wrong


def _huge(folder: Path) -> int:
    """Files beyond 4 GiB, which are mostly holes, and a small one that becomes a large one."""
    folder.mkdir()
    figures = Figures(name="huge files")
    tool = tools.find_ffmpeg()
    for name, build, wanted in (
        ("rf64.wav", huge_files.long_wav, ""),
        ("modulo.wav", huge_files.wrapped_wav, "modulo"),
        ("hole.mp3", huge_files.hole, "Xing"),
        ("far.m4a", huge_files.far, ""),
        ("wrapped.m4a", huge_files.wrapped, "errors"),
    ):
        path = build(folder / name)
        begun = time.monotonic()
        said = refusal(tool, path)
        figures.notes[name] = f"{time.monotonic() - begun:.0f} s"
        figures.tried += 1
        if bool(said) != bool(wanted):
            figures.wrong.append(f"{name}: {said or 'taken'}")
        path.unlink()
    figures.wrong += _bomb(folder, figures)
    return figures.say()


def _bomb(folder: Path, figures: Figures) -> list[str]:
    """A FLAC of some 250 kB that is hours of silence, 3.7 GB in memory, on a disk of 20 MB."""
    bomb = folder / "bomb.flac"
    silence = "anullsrc=r=48000:cl=stereo:d=9600"
    make(
        tools.find_ffmpeg().path,
        "-f",
        "lavfi",
        "-i",
        silence,
        "-c:a",
        "flac",
        "-frame_size",
        "65535",
        bomb,
    )
    disk = folder / "disk"
    disk.mkdir()
    argv = ["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", str(disk)]
    if run(argv).code:
        figures.notes["bomb"] = "not tried: needs root to mount a small disk"
        return []
    try:
        begun = time.monotonic()
        shutil.copyfile(bomb, disk / "bomb.flac")
        done = podkit(
            "transcode", "-p", "mp3", "-o", disk / "out", "--", disk / "bomb.flac", limit=600
        )
        left = [
            p
            for p in disk.rglob("*")
            if p.is_file() and not p.name.startswith((".podkit.lock", ".podkit-done", "bomb"))
        ]
        figures.tried += 1
        figures.notes["bomb"] = (
            f"{bomb.stat().st_size} bytes: {done.code} in {time.monotonic() - begun:.0f} s"
        )
        return [] if done.code == 1 and not left else [f"bomb: {done.code}, {left}, {done.last()}"]
    finally:
        run(["umount", str(disk)])


if __name__ == "__main__":
    sys.exit(main())
