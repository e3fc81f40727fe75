"""Brings forty odd file names through probe, add, tag and transcode.

    python benchmarks/faults/odd_names.py

Rows N01 to N04, N06. Each is typed as it is, from inside its folder: never an option, a pattern, an
address or a second file; what is written must lie where it belongs. All of them are sound media, so
that none may be refused; at the end the show with all of them is built.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import oracle
from harness import Figures, Outcome, digest, must, podkit, portion, rng, scratch
from shows import make_show, make_sound

NAMES: tuple[bytes, ...] = (
    b"-x.mp3", b"--help.mp3", b"-", b"--", b"http:x.mp3", b"https:__x.mp3", b"file:x.mp3",
    b"concat:a|b.mp3", b"a:b.mp3", b"pipe:1.mp3", b"|x.mp3", b"a'b.mp3", b'a"b.mp3', b"a`b`.mp3",
    b"$(x).mp3", b"a\nb.mp3", b"a\tb.mp3", b"a\rb.mp3", b"\x1b[31mred.mp3", b"%d.mp3", b"a%03d.mp3",
    b"[x]*?.mp3", b"{a,b}.mp3", b"~.mp3", b"#1.mp3", b"a&b<c>.mp3", b"a;b.mp3", b"a\\b.mp3",
    b" .mp3", b"trailing .mp3", b"dot.", b".hidden.mp3", "😀.mp3".encode(), "Київ.mp3".encode(),
    "\u202egnp.mp3".encode(), "e\u0301.mp3".encode(), "\u00e9.mp3".encode(), b"bad\xff.mp3",
    b"x" * 251 + b".mp3", b"CON.mp3",
)  # fmt: skip

FINE = 0
FAILED = 1


def main() -> int:
    """Bring every name through and say the figures."""
    with scratch() as folder:
        sound = make_sound(folder / "sound.wav", seconds=0.5)
        must("transcode", sound, "-p", "mp3", "-o", folder / "made")
        content = next((folder / "made").glob("*.mp3")).read_bytes()
        show = make_show(folder / "show")
        names = rng("names").sample(NAMES, portion(len(NAMES)))
        figures = Figures(name="odd names")
        refused: dict[str, int] = {}
        for number, name in enumerate(names):
            room = show / f"room-{number}"
            room.mkdir()
            for command, outcome, wrong in _through(name, room, content):
                figures.tried += 1
                refused[command] = refused.get(command, 0) + (outcome.code == FAILED)
                figures.wrong += [f"{command} {name[:40]!r}: {line}" for line in wrong]
            shutil.rmtree(room)
        figures.wrong += oracle.records(show)
        episodes = podkit("-C", show, "list", "--json").json()["episodes"]
        if len(episodes) != len(names) - refused["add"]:
            figures.wrong.append(f"{len(episodes)} episodes of {len(names)} names")
        if len({episode["slug"] for episode in episodes}) != len(episodes):
            figures.wrong.append("two episodes have one slug")
        if any(re.fullmatch(r"[a-z0-9-]{1,80}", episode["slug"]) is None for episode in episodes):
            figures.wrong.append("a slug is not plain")
        must("-C", show, "build")
        figures.wrong += [*oracle.feeds(show / "public"), *oracle.renditions(show)]
        figures.notes = {f"refused by {command}": count for command, count in refused.items()}
        return figures.say()


def _through(name: bytes, room: Path, content: bytes) -> Iterator[tuple[str, Outcome, list[str]]]:
    path = os.path.join(os.fsencode(room), name)
    with open(path, "xb") as out:
        out.write(content)
    before = digest(Path(os.fsdecode(path)))
    commands: dict[str, list[str | bytes | Path]] = {
        "probe": ["probe", "--json", "--", name],
        "add": ["add", "--again", "--json", "--", name],
        "transcode": ["transcode", "-p", "opus", "-o", "out", "--json", "--", name],
        "tag": ["tag", "--set", "title=T", "--json", "--", name],
    }
    for command, arguments in commands.items():
        done = podkit(*arguments, cwd=room)
        wrong = list(_judge(done))
        same = digest(Path(os.fsdecode(path))) == before
        if same == (command == "tag" and done.code == FINE):
            wrong.append("the file was changed" if not same else "the tag was not written")
        made = sorted(os.listdir(os.fsencode(room)))
        expected = sorted([name, *([b"out"] if (room / "out").exists() else [])])
        if made != expected:
            wrong.append(f"files appeared: {made}")
        if done.code == FAILED:
            wrong.append(f"it was refused: {done.last()}")
        if command == "add" and done.code == FINE:
            wrong += [
                "another file was added"
                for one in done.json()["added"]
                if one["master"]["sha256"] != before
            ]
        if command == "transcode" and done.code == FINE:
            outputs = [p for p in (room / "out").rglob("*.opus") if p.is_file()]
            if len(outputs) != 1:
                wrong.append(f"{len(outputs)} outputs")
        yield command, done, wrong


def _judge(done: Outcome) -> Iterator[str]:
    if "Traceback" in done.err or "a bug in podkit" in done.err:
        yield f"it broke: {done.last()}"
    if done.code not in {FINE, FAILED}:
        yield f"it ended with {done.code}: {done.last()}"
    if done.json() is None:
        yield f"stdout is not one JSON document: {done.out[:60]!r}"
    if "\x1b" in done.err + done.out:
        yield "a control character came through"


if __name__ == "__main__":
    sys.exit(main())
