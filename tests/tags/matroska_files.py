"""Matroska and WebM files in the shapes that programs leave behind, and their bytes looked at from outside."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tag_sounds import FILM, OPUS, ffmpeg

SEGMENT, CLUSTER = b"\x18\x53\x80\x67", b"\x1f\x43\xb6\x75"
SEEK_HEAD, VOID = b"\x11\x4d\x9b\x74", b"\xec"
UNKNOWN = b"\x01" + b"\xff" * 7


def make(folder: Path) -> None:
    """One file of each shape."""
    ffmpeg(*OPUS, folder / "sound.mka")
    ffmpeg(*OPUS, "-f", "webm", folder / "sound.webm")
    ffmpeg(*FILM, folder / "film.mkv")
    front = ("-cues_to_front", "1", "-reserve_index_space", "2000")
    ffmpeg("-i", folder / "film.mkv", "-c", "copy", *front, folder / "front.mkv")
    piped = ffmpeg("-i", folder / "sound.mka", "-c", "copy", "-f", "matroska", "-")
    (folder / "piped.mka").write_bytes(piped)
    (folder / "recorded.webm").write_bytes(recorded((folder / "sound.webm").read_bytes()))
    (folder / "tight.mka").write_bytes(tight((folder / "sound.mka").read_bytes()))


def merge(source: Path, target: Path, *options: object) -> None:
    """What mkvmerge makes of a file."""
    command = ["mkvmerge", "-q", "-o", target, *options, source]
    subprocess.run(list(map(str, command)), check=True)


def elements(content: bytes) -> list[tuple[bytes, int, int, int]]:
    """Name, beginning, beginning of what is inside, and end of each element of the segment."""
    at = content.index(SEGMENT) + 4
    at += _width(content[at])
    found = []
    while at < len(content):
        name_end = at + _width(content[at])
        inside = name_end + _width(content[name_end])
        size = int.from_bytes(content[name_end:inside]) & (1 << 7 * (inside - name_end)) - 1
        found.append((content[at:name_end], at, inside, inside + size))
        at = inside + size
    return found


def clusters(content: bytes) -> list[bytes]:
    """The clusters, byte for byte."""
    return [content[start:end] for name, start, _, end in elements(content) if name == CLUSTER]


def recorded(content: bytes) -> bytes:
    """The same as a browser records it: no index, no cues, and nothing knows its size."""
    out = content[: content.index(SEGMENT)] + SEGMENT + UNKNOWN
    for name, start, inside, end in elements(content):
        if name == CLUSTER:
            out += CLUSTER + UNKNOWN + content[inside:end]
        elif name not in {SEEK_HEAD, VOID, b"\x1c\x53\xbb\x6b"}:
            out += content[start:end]
    return out


def tight(content: bytes) -> bytes:
    """The same without any padding, in a segment whose size has three bytes; its index fits exactly."""
    parts = elements(content)
    kept = [p for p in parts if p[0] != VOID]
    body = b""
    places = {}
    for name, start, _, end in kept:
        places[name] = len(body)
        body += content[start:end]
    # The index of four parts, with places of as many bytes as ffmpeg gave them.
    (_, _, inside, end) = next(p for p in kept if p[0] == SEEK_HEAD)
    old = content[inside:end]
    index = b""
    while old:
        seek = old[: 3 + old[2] - 0x80]
        old = old[len(seek) :]
        if seek[:2] != b"\x4d\xbb":  # a checksum
            continue
        name = seek[6 : 6 + seek[5] - 0x80]
        width = len(seek) - 6 - len(name) - 3
        index += seek[:-width] + places[name].to_bytes(width)
    index = SEEK_HEAD + bytes([0x80 + len(index)]) + index
    (_, start, _, end) = next(p for p in kept if p[0] == SEEK_HEAD)
    gone = end - start - len(index)
    body = index + body[end - start :] if gone == 0 else index + _pad(gone) + body[end - start :]
    head = SEGMENT + (len(body) | 1 << 21).to_bytes(3)
    return content[: content.index(SEGMENT)] + head + body


def _pad(length: int) -> bytes:
    return bytes([0xEC, 0x80 + length - 2]) + bytes(length - 2)


def _width(first: int) -> int:
    return 9 - first.bit_length()
