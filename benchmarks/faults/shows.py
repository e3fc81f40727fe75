"""Makes the small shows that faults are tried on, by podkit's own commands."""

from __future__ import annotations

import math
import random
import wave
from array import array
from dataclasses import dataclass
from pathlib import Path

from harness import NOW, clone, must

RATE = 44100


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """One show at the moment before each command, and the source that `add` takes."""

    source: Path
    add: Path
    transcode: Path
    build: Path


def make_sound(path: Path, *, seconds: float, seed: int = 1) -> Path:
    """A WAV file that swells and falls like speech."""
    chance = random.Random(seed)
    pitch = chance.uniform(110, 220)
    samples = array("h")
    for at in range(round(seconds * RATE)):
        t = at / RATE
        swell = 0.5 + 0.5 * math.sin(2 * math.pi * 3.1 * t + seed)
        voice = sum(math.sin(2 * math.pi * pitch * n * t) / n for n in (1, 2, 3, 5))
        samples.append(round(6500 * swell * voice + chance.uniform(-200, 200)))
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, RATE, 0, "NONE", ""))
        out.writeframes(samples.tobytes())
    return path


def make_show(folder: Path) -> Path:
    """An empty show in a new folder."""
    must(
        "init", folder, "--no-input", "--title", "Faults", "--author", "Nobody",
        "--email", "nobody@podcast.example", "--link", "https://podcast.example/faults/",
        "--media-url", "https://media.example/faults/", "--language", "en",
        "--category", "News > Politics", "--no-explicit", "--timezone", "UTC",
    )  # fmt: skip
    return folder


def add_arguments(show: Path, source: Path, title: str) -> list[str | Path]:
    """The command that adds a source with everything said that chance or the clock would decide."""
    published = "2026-11-02T06:00:00+00:00"
    return ["-C", show, "add", source, "--title", title, "--published", published, "--json"]


def build_arguments(show: Path) -> list[str | Path]:
    """The command that builds at the moment of all builds."""
    return ["-C", show, "build", "--now", NOW, "--json"]


def make_stages(folder: Path) -> Stages:
    """A show with one built episode, then with a second one added, then with it encoded."""
    first = make_sound(folder / "first.wav", seconds=1.5, seed=1)
    second = make_sound(folder / "second.wav", seconds=4, seed=2)
    show = make_show(folder / "before-add")
    must(*add_arguments(show, first, "First"))
    must(*build_arguments(show))
    added = clone(show, folder / "before-transcode")
    must(*add_arguments(added, second, "Second"))
    encoded = clone(added, folder / "before-build")
    must("-C", encoded, "transcode", "--json")
    return Stages(source=second, add=show, transcode=added, build=encoded)
