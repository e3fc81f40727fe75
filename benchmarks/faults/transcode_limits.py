"""Lets reads of a source fail, and memory end, while podkit transcodes, and looks at what is left.

    python benchmarks/faults/transcode_limits.py

Rows D08, D22. Six containers whose reads fail with EIO from the fifth on, or from a later one, in
podkit and in all that it starts; and address spaces from 100 MB to 1 GB. Needs strace and prlimit.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import oracle
from harness import (
    PODKIT,
    Figures,
    Outcome,
    adopt_orphans,
    podkit,
    portion,
    reap_orphans,
    rng,
    run,
    scratch,
    tree,
)
from shows import make_sound

CONTAINERS = {
    "wav": ("-c:a", "pcm_s16le"),
    "flac": ("-c:a", "flac"),
    "mp3": ("-c:a", "libmp3lame"),
    "m4a": ("-c:a", "aac"),
    "opus": ("-c:a", "libopus"),
    "mka": ("-c:a", "libvorbis"),
}
READS = (5, 6, 8, 11, 16, 24)
"""From which read on they fail; a few more than a run needs change nothing."""
MEMORY = (100, 150, 200, 300, 400, 500, 600, 700, 800, 900, 1000)
"""MB of address space for podkit and each of its children."""


def main() -> int:
    """Try all, then say the figures."""
    adopt_orphans()
    with scratch() as folder:
        sources = _sources(folder)
        undisturbed = folder / "undisturbed"
        for source in sources:
            done = podkit("transcode", source, "-o", undisturbed / source.suffix[1:], "--json")
            if done.code != 0:
                raise SystemExit(f"cannot prepare: {source.name}: {done.last()}")
        reads, memory = Figures(name="failing reads"), Figures(name="little memory")
        for source in sources:
            for when in READS[: max(1, portion(len(READS)))]:
                _failing_reads(reads, folder, source, undisturbed, when)
        chosen = rng("memory").sample(MEMORY, portion(len(MEMORY)))
        for size in sorted(chosen):
            _little_memory(memory, folder, sources[1], undisturbed, size)
        return max(reads.say(), memory.say())


def _sources(folder: Path) -> list[Path]:
    from podkit.media import tools  # noqa: PLC0415 (only to know where ffmpeg is)

    short = make_sound(folder / "short.wav", seconds=3)
    made = []
    for extension, codec in CONTAINERS.items():
        made.append(folder / f"source.{extension}")
        words = [tools.find_ffmpeg().path, "-nostdin", "-v", "error", "-stream_loop", "19"]
        subprocess.run([*words, "-i", short, "-ar", "48000", *codec, made[-1]], check=True)
    return made


def _failing_reads(
    figures: Figures, folder: Path, source: Path, undisturbed: Path, when: int
) -> None:
    figures.tried += 1
    output = folder / "made"
    words: list[str | bytes | Path] = ["strace", "-f", "-qq", "-o", "/dev/null", "-P", source]
    words += ["-e", "trace=read,pread64", "-e", f"inject=read,pread64:error=EIO:when={when}+"]
    done = run([*words, *PODKIT, "transcode", source, "-o", output, "--json"], limit=300)
    refused = done.code != 0
    figures.notes["refused"] = int(str(figures.notes.get("refused", 0))) + refused
    told = f"{source.suffix[1:]} from read {when} on"
    figures.wrong += [f"{told}: {line}" for line in _judge(done, output, undisturbed, source)]
    shutil.rmtree(output, ignore_errors=True)


def _little_memory(
    figures: Figures, folder: Path, source: Path, undisturbed: Path, size: int
) -> None:
    """Over what an earlier run with other options made, which must stay whole until it is replaced."""
    figures.tried += 1
    output = folder / "made"
    before = podkit("transcode", source, "-o", output, "--set", "bit_rate=64000", "--json")
    kept = _finals(output)
    if before.code != 0 or not kept:
        raise SystemExit(f"cannot prepare: {before.last()}")
    words: list[str | bytes | Path] = [
        "prlimit",
        f"--as={size << 20}",
        *PODKIT,
        "transcode",
        source,
        "-o",
        output,
        "--json",
    ]
    done = run(words, limit=300)
    figures.notes["refused"] = int(str(figures.notes.get("refused", 0))) + (done.code != 0)
    wrong = [] if done.code == 0 or _finals(output) == kept else ["it changed what was there"]
    if done.code == 0:
        wrong += _judge(done, output, undisturbed, source)
    wrong += [f"left a child: {line[:80]}" for line in reap_orphans()]
    again = podkit("transcode", source, "-o", output, "--json")
    if again.code != 0:
        wrong.append(f"the next run ended with {again.code}: {again.last()}")
    wrong += _judge(again, output, undisturbed, source)
    wrong += oracle.leftovers(output)
    figures.wrong += [f"{size} MB: {line}" for line in wrong]
    shutil.rmtree(output)


def _judge(done: Outcome, output: Path, undisturbed: Path, source: Path) -> Iterator[str]:
    """A run either made what an undisturbed one makes, or said why not and left nothing."""
    if "Traceback" in done.err:
        yield f"it showed a traceback: {done.last()}"
    made = _finals(output)
    wanted = _finals(undisturbed / source.suffix[1:])
    if done.code == 0 and made != wanted:
        yield "it took what it could not read"
    if done.code != 0 and made:
        yield "it failed and left a file"
    if done.code != 0 and output.exists():
        yield from oracle.leftovers(output)


def _finals(folder: Path) -> dict[str, str]:
    return {name: value for name, value in tree(folder).items() if not name.startswith(".podkit")}


if __name__ == "__main__":
    sys.exit(main())
