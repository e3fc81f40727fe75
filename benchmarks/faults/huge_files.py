"""Files of more than 4 GiB, which are mostly holes."""

from __future__ import annotations

import os
import struct
from pathlib import Path

from good_files import make, sound

from podkit.media import tools

LARGE = (4 << 30) + (600 << 20)


def _wav_head(riff: int, data: int, kind: bytes = b"RIFF") -> bytes:
    """A header for 192 kHz, 8 channels of 32 bit: the most seconds a second."""
    layout = struct.pack("<HHIIHH", 3, 8, 192_000, 192_000 * 32, 32, 32)
    ds64 = (
        struct.pack("<4sIQQQI", b"ds64", 28, riff, data, data // 32, 0) if kind != b"RIFF" else b""
    )
    sizes = (0xFFFFFFFF, 0xFFFFFFFF) if ds64 else (riff & 0xFFFFFFFF, data & 0xFFFFFFFF)
    head = struct.pack("<4sI4s", kind, sizes[0], b"WAVE") + ds64
    return head + struct.pack("<4sI", b"fmt ", 16) + layout + struct.pack("<4sI", b"data", sizes[1])


def _sparse(path: Path, head: bytes, size: int) -> Path:
    path.write_bytes(head)
    os.truncate(path, size)
    return path


def long_wav(path: Path) -> Path:
    """An RF64 file, which can tell its sizes."""
    head = len(_wav_head(0, 0, b"RF64"))
    return _sparse(path, _wav_head(head + LARGE - 8, LARGE, b"RF64"), head + LARGE)


def wrapped_wav(path: Path) -> Path:
    """A RIFF file, whose sizes began at 0 again."""
    head = len(_wav_head(0, 0))
    return _sparse(path, _wav_head(head + LARGE - 8, LARGE), head + LARGE)


def hole(path: Path) -> Path:
    """An MP3 whose middle is a hole of 4 GiB: its header promises less, its end is far away."""
    make(tools.find_ffmpeg().path, *sound(5.0), "-c:a", "libmp3lame", path)
    content = path.read_bytes()
    half = len(content) // 2
    _sparse(path, content[:half], LARGE)
    with path.open("ab") as out:
        out.write(content[half:])
    return path


def far(path: Path, *, wide: bool = True) -> Path:
    """An M4A whose sound stands behind 4 GiB of free space, its offsets made to fit."""
    make(tools.find_ffmpeg().path, *sound(5.0), "-c:a", "aac", "-movflags", "+faststart", path)
    content = path.read_bytes()
    at, mdat = content.index(b"moov") - 4, content.index(b"mdat") - 4
    moov, gap = content[at:mdat], LARGE
    moov = moov[: moov.index(b"moov") - 4 + int.from_bytes(moov[:4], "big")]
    stco = moov.index(b"stco") - 4
    count = int.from_bytes(moov[stco + 12 : stco + 16], "big")
    offsets = struct.unpack(f">{count}I", moov[stco + 16 : stco + 16 + 4 * count])
    grown = 4 * count if wide else 0
    moved = [o + gap + grown for o in offsets]
    if wide:
        table = struct.pack(f">{count}Q", *moved)
    else:
        table = struct.pack(f">{count}I", *(o & 0xFFFFFFFF for o in moved))
    box = struct.pack(">I4sII", 16 + len(table), b"co64" if wide else b"stco", 0, count) + table
    moov = moov[:stco] + box + moov[stco + 16 + 4 * count :]
    moov = _grown(moov, grown) if grown else moov
    start = content[:at] + moov + content[at + len(moov) - grown : mdat]
    free = struct.pack(">I4sQ", 1, b"free", gap)
    _sparse(path, start + free, len(start) + gap)
    with path.open("ab") as out:
        out.write(content[mdat:])
    return path


def wrapped(path: Path) -> Path:
    """The same with offsets of 32 bit, which point somewhere else."""
    return far(path, wide=False)


def _grown(moov: bytes, more: int) -> bytes:
    """The boxes around a sample table, larger."""
    made = bytearray(moov)
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        at = made.index(kind) - 4
        made[at : at + 4] = struct.pack(">I", int.from_bytes(made[at : at + 4], "big") + more)
    return bytes(made)
