"""Runs podkit on a disk that gets full, at twenty fill levels, and looks at what was changed.

    python benchmarks/faults/full_disk.py

Rows D05, F02, P03. Needs the right to mount a tmpfs: root, or user namespaces (`unshare`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import oracle
from harness import Figures, Outcome, clone, difference, must, podkit, portion, rng, scratch, tree
from shows import add_arguments, build_arguments, make_stages

LEVELS = 20
_PAGE = 4096
_TOLD = ("space", "quota")


def main() -> int:
    """Fill and look, then say the figures."""
    if os.geteuid() != 0:
        again = ["unshare", "--map-root-user", "--mount", sys.executable, *sys.argv]
        return subprocess.run(again, check=False).returncode
    with scratch() as folder:
        found = _naive_fault(folder)
        if not found:
            print("the harness is blind: it found nothing wrong with a naive writer")
            return 1
        print(f"self-check: found that {found}")
        stages = make_stages(folder)
        built = clone(stages.build, folder / "before-publish")
        must(*build_arguments(built))
        show = Path("{show}")
        out = "{show}/published"
        cases: list[tuple[str, Path, Sequence[str | Path]]] = [
            ("add", stages.add, add_arguments(show, stages.source, "Second")),
            ("transcode", stages.transcode, ["-C", show, "transcode", "second", "--json"]),
            ("build", stages.build, build_arguments(show)),
            ("publish", built, ["-C", show, "publish", f"file:{out}", "--no-build", "--json"]),
        ]
        figures = Figures(name="full disk")
        for name, before, command in cases:
            levels = rng("full", name).sample(range(1, LEVELS), portion(LEVELS) - 1)
            refused = _one(figures, folder, name, before, command, [0, *sorted(levels)])
            figures.notes[f"{name} refused"] = refused
            if not refused or (portion(LEVELS) == LEVELS and refused == LEVELS):
                figures.wrong.append(f"{name} always ended alike: the levels are wrong")
        return figures.say()


def _one(
    figures: Figures, folder: Path, name: str, before: Path, command: Sequence[str | Path],
    levels: Sequence[int],
) -> int:  # fmt: skip
    """One command at some fill levels; how many runs were refused."""
    room = 4 * _size(before) + (64 << 20)
    with disk(folder / f"disk-{name}", room) as root:
        show = clone(before, root / "undisturbed")
        used = _used(root)
        done = _run(command, show)
        need = _used(root) - used
        if done.code != 0:
            raise SystemExit(f"cannot prepare: {name} ended with {done.code}: {done.last()}")
        undisturbed = clone(show, folder / f"undisturbed-{name}")
        shutil.rmtree(show)
        need = _enough(command, before, root, need)
        refused = 0
        for level in levels:
            figures.tried += 1
            show = clone(before, root / "show")
            kept = tree(show)
            done, free = _run_filled(command, show, root, 3 * need * level // (2 * LEVELS))
            # Some files of several were sent: that is partly done.
            codes = {0, 1, 4} if name == "publish" else {0, 1}
            wrong = [] if done.code in codes else [f"it ended with {done.code}: {done.last()}"]
            wrong += _judge(done, show, kept)
            refused += done.code != 0
            again = _run(command, show)
            if again.code != 0:
                wrong.append(f"the next run ended with {again.code}: {again.last()}")
            wrong += oracle.at_the_end(show, undisturbed)
            figures.wrong += [f"{name} with {free:,} bytes free: {line}" for line in wrong]
            shutil.rmtree(show)
    return refused


def _enough(command: Sequence[str | Path], before: Path, root: Path, need: int) -> int:
    """Free bytes with which it comes through: what it leaves, doubled while work needs more room."""
    while True:
        show = clone(before, root / "show")
        done, _ = _run_filled(command, show, root, need)
        shutil.rmtree(show)
        if done.code == 0:
            return need
        need = max(2 * need, _PAGE)


def _judge(done: Outcome, show: Path, kept: dict[str, str]) -> Iterator[str]:
    """A run either did all, or said why not and changed nothing that is final."""
    if "Traceback" in done.err:
        yield "it showed a traceback"
    if done.code == 0:
        return
    if not any(word in done.err + done.out for word in _TOLD):
        yield f"it did not say that space is wanting: {done.last()}"
    told = difference(_final(kept), _final(tree(show)))
    if told:
        yield f"it changed {told}"
    yield from oracle.leftovers(show)
    yield from oracle.renditions(show)
    yield from oracle.feeds(show / "published")
    built = tree(show / "public")
    for path, value in tree(show / "published").items():
        if built.get(path) != value:
            yield f"published/{path} is not what was built"


def _final(found: dict[str, str]) -> dict[str, str]:
    """What must not change: all but caches, and what publishing brings before the feed."""
    return {
        name: value
        for name, value in found.items()
        if not name.startswith(".podkit/")
        and (not name.startswith("published/") or name.endswith(".xml"))
    }


def _run(command: Sequence[str | Path], show: Path) -> Outcome:
    return podkit(*(str(part).replace("{show}", str(show)) for part in command))


def _run_filled(
    command: Sequence[str | Path], show: Path, root: Path, free: int
) -> tuple[Outcome, int]:
    filler = root / "filler"
    with filler.open("wb") as out:
        os.posix_fallocate(out.fileno(), 0, max(_PAGE, _free(root) - free))
    left = _free(root)
    try:
        return _run(command, show), left
    finally:
        filler.unlink()


@contextmanager
def disk(folder: Path, size: int) -> Iterator[Path]:
    """A file system of its own, of some bytes."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "podkit", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def _naive_fault(folder: Path) -> str:
    """What a writer that truncates first does to a file when the disk is full."""
    with disk(folder / "disk-naive", 1 << 20) as root:
        show = root / "show"
        show.mkdir()
        (show / "feed.xml").write_bytes(b"old" * 1000)
        kept = tree(show)
        with (root / "filler").open("wb") as out:
            os.posix_fallocate(out.fileno(), 0, _free(root))
        code = 0
        try:
            (show / "feed.xml").write_bytes(b"new" * 100_000)
        except OSError:
            code = 1
        said = Outcome(code=code, out="", err="no space left")
        return next((line for line in _judge(said, show, kept) if "it changed" in line), "")


def _free(root: Path) -> int:
    found = os.statvfs(root)
    return found.f_bavail * found.f_frsize


def _used(root: Path) -> int:
    found = os.statvfs(root)
    return (found.f_blocks - found.f_bfree) * found.f_frsize


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())
