"""Sounds and pictures for the tests: spoken or synthesised, encoded by the bundled ffmpeg."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from podkit.media import tools

WORDS = (
    "Nine agreements were signed by April. They promise help for ten years, and the talks went on."
)
SYNTHETIC = (
    "aevalsrc='0.25*sin(2*PI*140*t)*(0.4+0.6*abs(sin(2*PI*2.3*t)))"
    "+0.12*sin(2*PI*700*t)*abs(sin(2*PI*3.1*t))+0.05*sin(2*PI*2600*t)*abs(sin(2*PI*4.7*t))"
    "+0.02*(random(0)-0.5)':s=22050:d=6"
)
BUNDLED = tools.find_ffmpeg().path


def make(*arguments: object) -> None:
    """Run the bundled ffmpeg."""
    argv = [BUNDLED, "-nostdin", "-y", "-v", "error", *map(str, arguments)]
    subprocess.run(argv, check=True, capture_output=True)


def speech(path: Path) -> Path:
    """About six seconds of speech, or of something shaped like it."""
    if shutil.which("espeak-ng"):
        argv = ["espeak-ng", "-v", "en", "-s", "150", "-w", str(path), WORDS]
        subprocess.run(argv, check=True, capture_output=True)
    else:
        make("-f", "lavfi", "-i", SYNTHETIC, path)
    return path


def measured(path: Path, ffmpeg: str = "ffmpeg") -> tuple[float, float]:
    """LUFS and dBTP by a plain ffmpeg, read independently of podkit."""
    argv = [ffmpeg, "-nostdin", "-hide_banner", "-i", f"file:{path}", "-map", "0:a:0"]
    argv += ["-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(argv, check=True, capture_output=True, text=True).stderr
    tail = said[said.rfind("Summary") :]
    loudness = re.search(r"I:\s+(\S+) LUFS", tail)
    peak = re.search(r"Peak:\s+(\S+) dBFS", tail)
    assert loudness is not None
    assert peak is not None
    return float(loudness[1]), float(peak[1])


def samples(path: Path, ffmpeg: str = BUNDLED) -> int:
    """Decoded samples per channel of the first sound track, by counting bytes."""
    argv = [ffmpeg, "-nostdin", "-v", "error", "-i", f"file:{path}", "-map", "0:a:0"]
    argv += ["-ac", "1", "-f", "s16le", "-"]
    return len(subprocess.run(argv, check=True, capture_output=True).stdout) // 2
