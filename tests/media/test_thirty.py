"""Whatever is sent comes out as loud as promised, by meters that are not podkit's."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import media_sounds as sounds
import pytest

from podkit.media.encode import encode
from podkit.media.order import EncodeOrder
from podkit.media.probe import probe
from podkit.model.loudness import LoudnessTarget
from podkit.presets.builtin import PRESETS

PROGRAM = Path(__file__).resolve().parents[2] / "benchmarks" / "loudness.py"


@pytest.mark.long
@pytest.mark.need("ffmpeg")
def test_thirty_sounds() -> None:
    """Thirty sounds by four presets: -16 ± 0.5 LUFS, at most -1.0 dBTP, by both meters.

    What cannot be brought there is refused, and is rare; nothing else is ever let out.
    """
    done = subprocess.run([sys.executable, PROGRAM], check=False, capture_output=True, text=True)
    count = re.search(r"120 files, (\d+) not as wanted", done.stdout)
    assert count is not None, done.stdout + done.stderr
    wrong = [line for line in done.stdout.splitlines() if line.startswith("wrong:")]
    assert all("refused" in line for line in wrong), wrong
    assert int(count[1]) <= 4, wrong


@pytest.mark.parametrize("name", ["mp3", "m4a", "opus"])
def test_what_is_nearly_silent_stays_so(tool, tmp_path, name):
    """Noise below -60 LUFS is neither lifted nor refused."""
    source = tmp_path / "x.wav"
    noise = "anoisesrc=c=pink:r=48000:a=0.003:seed=1"
    sounds.make("-f", "lavfi", "-i", noise, "-t", 3, "-c:a", "pcm_s24le", source)
    order = EncodeOrder(
        source=source,
        probe=probe(source),
        preset=PRESETS.get(name),
        output=tmp_path / "out",
        target=LoudnessTarget(),
    )
    made = encode(tool, order)
    assert made.level.gain == 0.0
    assert made.loudness is not None
    assert made.loudness.integrated is not None
    assert made.loudness.integrated < -60
