"""Every field in every container: written by podkit, read by it and by readers nobody here wrote."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from field_readers import BY_SUFFIX, READERS, SHORT, Pairs

from podkit.media.tools import find_ffmpeg
from podkit.model.tags import FIELDS, Tags
from podkit.tags import files as tags

WORDS = {
    name: f'{name} «Назва» "q" 🎙 & <b>\nдругий рядок'
    for name in FIELDS
    if name not in {"date", "track", "url", "podcast_url", "podcast", "explicit", "language"}
}
VALUES = WORDS | {
    "date": "2026-11-20",
    "track": "31/97",
    "language": "uk",
    "url": "https://podcast.example/%D0%B5/1?a=b&c=d",
    "podcast_url": "https://podcast.example/feed.xml",
    "podcast": "true",
    "podcast_id": "0bba1d77-4f7f-4594-a0de-5358d796869d",
    "season": "47",
    "episode": "4711",
    "episode_type": "trailer",
    "explicit": "true",
    "credits": "host: Олена Коваль 🎙; guest: Іван «Q» Петренко",
}
CONTAINERS = {
    "mp3 v2.3": ("mp3", "2.3", ["libmp3lame"]),
    "mp3 v2.4": ("mp3", "2.4", ["libmp3lame"]),
    "wav v2.3": ("wav", "2.3", ["pcm_s16le"]),
    "wav v2.4": ("wav", "2.4", ["pcm_s16le"]),
    "aiff v2.3": ("aiff", "2.3", ["pcm_s16be"]),
    "aiff v2.4": ("aiff", "2.4", ["pcm_s16be"]),
    "m4a": ("m4a", None, ["aac"]),
    "m4b": ("m4b", None, ["aac", "-f", "ipod"]),
    "mp4": ("mp4", None, ["aac"]),
    "m4v": ("m4v", None, ["aac"]),
    "mov": ("mov", None, ["aac"]),
    "ogg": ("ogg", None, ["vorbis", "-strict", "-2", "-ac", "2"]),
    "opus": ("opus", None, ["libopus"]),
    "flac": ("flac", None, ["flac"]),
}
FLAGS = {
    "podcast": re.compile(r"podcast|pcst", re.IGNORECASE),
    "explicit": re.compile(r"advisory|rating|rtng", re.IGNORECASE),
}
FEW = {("podcast_url", name): 1 for name in CONTAINERS if " v2." in name}
"""Where fewer than two of the readers show a field: of ID3's WFED only exiftool knows."""
BLIND = re.compile(r"\?{2,}")
"""An emoji in ID3v2.3, which has UTF-16, as exiftool 12 and mediainfo 23 print it."""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A short tone in every container, with every field."""
    folder = tmp_path_factory.mktemp("fields")
    made = {}
    for name, (suffix, version, codec) in CONTAINERS.items():
        made[name] = folder / f"{name.replace(' ', '-')}.{suffix}"
        command = [find_ffmpeg().path, "-v", "error", "-f", "lavfi", "-i", "sine=r=48000:d=0.5"]
        subprocess.run([*command, "-c:a", *codec, made[name]], check=True)
        tags.write(made[name], Tags(fields=VALUES), id3=version)
    return made


def plain(text: str) -> str:
    """A text with its white space as one: some readers show a line's end as a slash or in dots."""
    return " ".join(re.sub(r"(?<= )/(?= )|\.(?=\S*рядок)|\\n", " ", text).split())


def shown(name: str, pairs: Pairs) -> bool:
    """Whether one of a reader's tags is that field."""
    if name in FLAGS:
        return any(FLAGS[name].search(key) and value.strip() for key, value in pairs)
    if name == "credits":
        people = re.split(r"; |: ", VALUES[name])
        return all(any(part in value for _, value in pairs) for part in people)
    wanted = {plain(part) for part in (VALUES[name], VALUES[name].replace("-", ":"))}
    if name == "track":
        wanted = {"31/97", "31 of 97", "31"}
        return any(plain(value) in wanted for _, value in pairs)
    if name in {"season", "episode"}:
        return any(plain(value) == VALUES[name] for _, value in pairs)
    return any(one in plain(value) for one in wanted for _, value in pairs)


@pytest.mark.parametrize("container", CONTAINERS)
def test_podkit_reads_every_field_back(written, container):
    """Nothing is lost or changed in any container."""
    assert dict(tags.read(written[container]).fields) == VALUES


@pytest.mark.long
@pytest.mark.need(*READERS)
def test_other_readers_see_every_field(written, capsys):
    """At least two readers show each field, wherever two of them know it; the table is printed."""
    seen: dict[tuple[str, str], list[str]] = {}
    for reader, ask in READERS.items():
        names = [n for n, path in written.items() if reader in BY_SUFFIX[path.suffix]]
        for name, pairs in zip(names, ask([written[n] for n in names]), strict=True):
            for field in FIELDS:
                found = seen.setdefault((field, name), [])
                if shown(field, pairs):
                    found.append(SHORT[reader])
                elif (
                    reader in {"exiftool", "mediainfo"}
                    and "v2.3" in name
                    and shown(field, [(key, BLIND.sub("🎙", value)) for key, value in pairs])
                ):
                    found.append(SHORT[reader] + "~")
    with capsys.disabled():
        sys.stdout.write(table(seen))
    few = {key: len(found) for key, found in seen.items() if len(found) < 2}
    assert few == FEW


def table(seen: dict[tuple[str, str], list[str]]) -> str:
    """A line for each field; in each container the readers that show it, ~ with ?? for an emoji."""
    wide = max(len(" ".join(found)) for found in seen.values())
    rows = [
        [field, *(" ".join(seen[field, name]).ljust(wide) for name in CONTAINERS)]
        for field in FIELDS
    ]
    rows.insert(0, ["", *(name.ljust(wide) for name in CONTAINERS)])
    legend = "  ".join(f"{short} {name}" for name, short in SHORT.items())
    return "\n".join(["", legend, *("  ".join([r[0].ljust(16), *r[1:]]) for r in rows), ""])
