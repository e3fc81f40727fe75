"""Other people's readers of tags, each asked once for as many files as it takes."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Pairs = list[tuple[str, str]]


def run(*words: object) -> str:
    """What a program prints; some of these end with a complaint about what they do not know."""
    offscreen = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LC_ALL": "C.UTF-8"}
    done = subprocess.run([*map(str, words)], capture_output=True, check=False, env=offscreen)
    return done.stdout.decode(errors="replace").lstrip("\ufeff")


def flat(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Every leaf of a JSON document with the key nearest to it."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from flat(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from flat(inner, key)
    else:
        yield key, str(value)


def ffprobe(paths: Sequence[Path]) -> list[Pairs]:
    """Tags of the container and of its streams."""
    words = ["ffprobe", "-v", "quiet", "-show_entries", "format_tags:stream_tags", "-of", "json"]
    return [list(flat(json.loads(run(*words, path)))) for path in paths]


def exiftool(paths: Sequence[Path]) -> list[Pairs]:
    """All tags of all files, also those that appear twice."""
    told = json.loads(run("exiftool", "-j", "-a", "-G4", "-u", "-charset", "UTF8", *paths))
    return [[(k.split(":")[-1], v) for k, v in flat(one)] for one in told]


def mediainfo(paths: Sequence[Path]) -> list[Pairs]:
    """The general part of its JSON."""
    told = json.loads(run("mediainfo", "--Output=JSON", *paths))
    return [list(flat(one["media"]["track"])) for one in (told if len(paths) > 1 else [told])]


def kid3(paths: Sequence[Path]) -> list[Pairs]:
    """Its JSON; the tags of one kind of list are joined by a bar."""
    ask = '{"method":"get","params":["all"]}'
    found = []
    for path in paths:
        told = json.loads(run("kid3-cli", "-c", ask, path))["result"]["taggedFile"]
        tags = [told[key]["frames"] for key in ("tag1", "tag2", "tag3") if key in told]
        found.append([(str(f["name"]), str(f["value"])) for frames in tags for f in frames])
    return found


def _lines(
    pattern: str, *words: object, behind: str = ""
) -> Callable[[Sequence[Path]], list[Pairs]]:
    """A reader that prints a heading for each tag and then its text."""

    def read(paths: Sequence[Path]) -> list[Pairs]:
        found = []
        for path in paths:
            told = run(*words, path, *behind.split())
            parts = re.split(pattern, told, flags=re.MULTILINE)
            found.append(list(zip(parts[1::2], parts[2::2], strict=True)))
        return found

    return read


READERS: dict[str, Callable[[Sequence[Path]], list[Pairs]]] = {
    "ffprobe": ffprobe,
    "exiftool": exiftool,
    "mediainfo": mediainfo,
    "kid3-cli": kid3,
    "eyeD3": _lines(r"^([A-Za-z][\w ]*): ", "eyeD3", "--no-color", "-v"),
    "AtomicParsley": _lines(r'^Atom "([^\n]*?)" contains: ', "AtomicParsley", behind="-t"),
    "metaflac": _lines(r"^    comment\[\d+\]: ([^=\n]+)=", "metaflac", "--list"),
    "ogginfo": _lines(r"^\t([A-Za-z_]+)=", "ogginfo"),
    "opusinfo": _lines(r"^\t([A-Za-z_]+)=", "opusinfo"),
}
"""Each by its program's name: for every file the keys and values that it shows."""

SHORT = dict(zip(READERS, ["ff", "ex", "mi", "ki", "ey", "AP", "mf", "og", "op"], strict=True))
"""Each one's name in a table."""

BY_SUFFIX = {
    ".mp3": ["ffprobe", "exiftool", "mediainfo", "kid3-cli", "eyeD3"],
    ".wav": ["ffprobe", "exiftool", "mediainfo", "kid3-cli"],
    ".aiff": ["ffprobe", "exiftool", "mediainfo", "kid3-cli"],
    ".m4a": ["ffprobe", "exiftool", "mediainfo", "kid3-cli", "AtomicParsley"],
    ".m4b": ["ffprobe", "exiftool", "mediainfo", "kid3-cli", "AtomicParsley"],
    ".mp4": ["ffprobe", "exiftool", "mediainfo", "kid3-cli", "AtomicParsley"],
    ".m4v": ["ffprobe", "exiftool", "mediainfo", "kid3-cli", "AtomicParsley"],
    ".mov": ["ffprobe", "exiftool", "mediainfo"],
    ".ogg": ["ffprobe", "exiftool", "mediainfo", "kid3-cli", "ogginfo"],
    ".opus": ["ffprobe", "exiftool", "mediainfo", "kid3-cli", "opusinfo"],
    ".flac": ["ffprobe", "exiftool", "mediainfo", "kid3-cli", "metaflac"],
}
"""Which of them know which files."""
