"""Holds the loudness of what podkit makes of thirty sounds against two meters that are not podkit's.

    python benchmarks/loudness.py [--only WORD]... [--preset NAME]...

One meter is the `ebur128` of another ffmpeg than podkit's own (FFMPEG_OTHER, else the one on PATH),
the other pyloudnorm; a second true peak is taken of samples at four times the rate (BS.1770-4,
annex 2). Wanted are -16 ± 0.5 LUFS and at most -1.0 dBTP. Then it says what becomes of sounds that
cannot come out so.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyloudnorm
from scipy import signal
from thirty import ODD, THIRTY, Sound, made, spoken

from podkit.engines.engine import open_engine
from podkit.errors import PodkitError
from podkit.media import tools
from podkit.media.encode import encode
from podkit.media.order import EncodeOrder
from podkit.media.probe import probe
from podkit.model.loudness import LoudnessTarget
from podkit.presets.builtin import PRESETS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from podkit.media.order import Encoded
    from podkit.media.tools import Tool
    from podkit.model.work import Engine

PRESET_NAMES = ("mp3", "mp3-mono", "m4a", "opus")
WANTED, TOLERANCE, HIGHEST = -16.0, 0.5, -1.0
OTHER = os.environ.get("FFMPEG_OTHER") or shutil.which("ffmpeg") or tools.find_ffmpeg().path
_WINDOW = 0.4
_LEVEL = re.compile(r"(?:volume|limit)=-?[\d.]+")
_SAID = re.compile(r"I:\s+(\S+) LUFS.*?Peak:\s+(\S+) dBFS", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """LUFS and dBTP by one meter; -inf where it has none."""

    lufs: float
    dbtp: float

    @property
    def right(self) -> bool:
        """Whether both are what was wanted."""
        return abs(self.lufs - WANTED) <= TOLERANCE and self.dbtp <= HIGHEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of one sound by one preset: `error` when podkit refused to give it out."""

    sound: str
    preset: str
    one: Measured | None = None
    other: Measured | None = None
    encodes: int = 0
    gain: float = 0.0
    limited: bool = False
    seconds: float = 0.0
    error: str = ""

    @property
    def right(self) -> bool:
        """Whether both meters say so."""
        return bool(self.one and self.other and self.one.right and self.other.right)

    def line(self) -> str:
        """As a row of a table."""
        if self.one is None or self.other is None:
            return f"| {self.sound} | {self.preset} | refused: {self.error} |"
        return (
            f"| {self.sound} | {self.preset} | {self.one.lufs:.1f} | {self.other.lufs:.2f} "
            f"| {self.one.dbtp:.1f} | {self.other.dbtp:.2f} | {self.gain:+.1f}"
            f"{' limited' if self.limited else ''} | {self.encodes} | {self.seconds:.1f} |"
        )


HEAD = (
    "| sound | preset | LUFS, ebur128 | pyloudnorm | dBTP, ebur128 | 4 × | gain, dB | encodes | s |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def main() -> int:
    """Make, encode, measure; 1 when one of the thirty is not as wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="a word of a sound's name")
    parser.add_argument("--preset", action="append", default=[], help="one of " + str(PRESET_NAMES))
    given = parser.parse_args()
    presets = given.preset or PRESET_NAMES
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    with tempfile.TemporaryDirectory(prefix="podkit-bench-") as scratch, open_engine(
        "local", cores
    ) as engine:  # fmt: skip
        folder = Path(scratch)
        voice = spoken(folder)
        print(HEAD)
        rows = _table(THIRTY, presets, given.only, folder, voice, engine)
        _say(rows)
        print("\nWhat cannot be so:\n\n" + HEAD)
        _table(ODD, presets, given.only, folder, voice, engine)
    return 0 if rows and all(row.right for row in rows) else 1


def _table(
    sounds: tuple[Sound, ...], presets: Sequence[str], only: list[str], folder: Path, voice: Path,
    engine: Engine,
) -> list[Row]:  # fmt: skip
    rows = []
    for sound in sounds:
        if only and not any(word in sound.name for word in only):
            continue
        path = made(sound, folder, voice)
        for preset in presets:
            rows.append(one(sound, path, preset, folder / "made", engine))
            print(rows[-1].line(), flush=True)
        path.unlink()
    return rows


def one(sound: Sound, path: Path, preset: str, output: Path, engine: Engine) -> Row:
    """Encode a sound by a preset and measure what came out."""
    tool: Tool = tools.find_ffmpeg()
    order = EncodeOrder(
        source=path,
        probe=probe(path),
        preset=PRESETS.get(preset),
        output=output,
        target=LoudnessTarget(integrated=WANTED, true_peak=HIGHEST),
    )
    begun = time.monotonic()
    try:
        came: Encoded = encode(tool, order, engine=engine)
    except PodkitError as error:
        return Row(sound=sound.name, preset=preset, error=error.message)
    seconds = time.monotonic() - begun
    tried = {tuple(_LEVEL.findall(" ".join(command))) for command in came.commands} - {()}
    row = Row(
        sound=sound.name,
        preset=preset,
        one=by_ebur128(output),
        other=by_pyloudnorm(output, came.probe.audio[0].channels),
        encodes=max(1, len(tried)),
        gain=came.level.gain,
        limited=came.level.ceiling is not None,
        seconds=seconds,
    )
    output.unlink()
    return row


def by_ebur128(path: Path) -> Measured:
    """What the other ffmpeg's `ebur128` says; it rounds to 0.1."""
    words = [OTHER, "-nostdin", "-hide_banner", "-i", f"file:{path}", "-map", "0:a:0"]
    words += ["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stderr
    found = _SAID.search(said, said.rfind("Integrated loudness:"))
    if found is None or float(found[1]) <= -70.0:
        return Measured(lufs=-math.inf, dbtp=float(found[2]) if found else -math.inf)
    return Measured(lufs=float(found[1]), dbtp=float(found[2]))


def by_pyloudnorm(path: Path, channels: int) -> Measured:
    """What pyloudnorm says of the samples, and the highest of them at four times their rate."""
    rate = 48_000 if path.read_bytes()[:4] == b"OggS" else _rate(path)
    words = [OTHER, "-nostdin", "-v", "error", "-i", f"file:{path}", "-map", "0:a:0"]
    raw = subprocess.run(
        [*words, "-f", "f32le", "-c:a", "pcm_f32le", "-"], check=True, capture_output=True
    ).stdout
    samples = np.frombuffer(raw, dtype="<f4").reshape(-1, channels).astype(np.float64)
    peak = max(_true_peak(samples[:, channel]) for channel in range(channels))
    lufs = -math.inf
    if len(samples) >= _WINDOW * rate and samples.any():
        lufs = float(pyloudnorm.Meter(rate).integrated_loudness(samples))
    return Measured(lufs=lufs, dbtp=20 * math.log10(peak) if peak else -math.inf)


def _rate(path: Path) -> int:
    return probe(path).audio[0].sample_rate


def _true_peak(samples: np.ndarray) -> float:
    """The highest sample at four times the rate, in blocks that overlap."""
    block, overlap = 1 << 18, 64
    highest = 0.0
    for start in range(0, len(samples), block):
        part = samples[max(0, start - overlap) : start + block + overlap]
        highest = max(highest, float(np.abs(part).max()))
        if np.abs(part).max() > 0.6:  # no filter lifts lower ones over the limit unseen
            highest = max(highest, float(np.abs(signal.resample_poly(part, 4, 1)).max()))
    return highest


def _say(rows: list[Row]) -> None:
    """The worst of all."""
    measured = [(row, m) for row in rows for m in (row.one, row.other) if m]
    if not measured:
        return
    far, off = max(((row, abs(m.lufs - WANTED)) for row, m in measured), key=lambda pair: pair[1])
    loud, peak = max(((row, m.dbtp) for row, m in measured), key=lambda pair: pair[1])
    wrong = [row for row in rows if not row.right]
    print(f"\n{len(rows)} files, {len(wrong)} not as wanted")
    print(f"farthest from {WANTED} LUFS: {off:.2f} LU, {far.sound} ({far.preset})")
    print(f"highest peak: {peak:.2f} dBTP, {loud.sound} ({loud.preset})")
    print(f"encoded more than once: {sum(row.encodes > 1 for row in rows)}")
    for row in wrong:
        print("wrong: " + row.line())


if __name__ == "__main__":
    sys.exit(main())
