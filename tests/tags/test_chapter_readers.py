"""Chapters as every reader at hand sees them: a table of readers by containers, printed."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen
import pytest
from tag_sounds import TONE, asked, ffmpeg, ffprobe, picture

from podkit.media import probe as media_probe
from podkit.model.chapter import Chapter
from podkit.model.tags import Tags
from podkit.tags import files as tags
from podkit.tags.edit import Edit
from podkit.tags.places import Places

CONTAINERS = ("mp3", "m4a", "opus", "flac", "mkv", "ogg")
OWN = picture("red")
ADDRESS = "https://podcast.example/chapter.jpg"
CHAPTERS = (
    Chapter(
        start=0.0, title='Вступ — «лапки» "q"', url="https://podcast.example/1?a=b", image="a.jpg"
    ),
    Chapter(start=2.345, title="Second\nline & <b>"),
    Chapter(start=12.345, title="Third 🎙 'x'", url="https://podcast.example/%D1%97", image=ADDRESS),
    Chapter(start=17.5, title="Fourth; a=b, \\ #"),
    Chapter(start=18.999, title="Fifth"),
)
Seen = list[tuple[float, str]]


def seconds(clock: str) -> float:
    """`0:00:12.345` as seconds."""
    hours, minutes, rest = clock.strip("[] ").split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest)


def by_podkit(path: Path) -> Seen:
    return [(c.start, c.title) for c in tags.read(path).chapters]


def by_probe(path: Path) -> Seen:
    return [(c.start, c.title) for c in media_probe.probe(path).chapters]


def by_ffprobe(path: Path) -> Seen:
    return [
        (float(c["start_time"]), c.get("tags", {}).get("title", ""))
        for c in ffprobe(path)["chapters"]
    ]


def by_mediainfo(path: Path) -> Seen:
    tracks = asked("mediainfo", "--Output=JSON", path)["media"]["track"]
    menu = next(t["extra"] for t in tracks if t["@type"] == "Menu")
    times = {k: v for k, v in menu.items() if re.fullmatch(r"_\d\d_\d\d_\d\d_\d\d\d", k)}
    return [
        (seconds(f"{k[1:3]}:{k[4:6]}:{k[7:9]}.{k[10:]}"), v.replace(" / ", "\n"))
        for k, v in times.items()
    ]


def by_exiftool(path: Path) -> Seen:
    plain = [] if path.suffix == ".m4a" else ["-n"]  # which leaves times unrounded
    told: dict[str, Any] = asked("exiftool", "-j", "-ee", *plain, "-G1", "-a", path)[0]
    if path.suffix == ".m4a":
        return [
            (seconds(line[1:13]), line.partition("] ")[2]) for line in told["UserData:ChapterList"]
        ]
    if path.suffix == ".mkv":
        names = [f"Chapter{n}" for n in range(1, len(CHAPTERS) + 1)]
        return [(told[n + ":ChapterTimeStart"], told[n + ":ChapterString"]) for n in names]
    names = sorted(k for k in told if re.fullmatch(r"Vorbis:Chapter\d\d\d", k))
    return [(seconds(told[k]), told[k + "name"]) for k in names]


def by_mutagen(path: Path) -> Seen:
    opened: Any = mutagen.File(path)
    if path.suffix == ".mp3":
        frames = sorted(opened.tags.getall("CHAP"), key=lambda f: f.start_time)
        return [(f.start_time / 1000, f.sub_frames["TIT2"].text[0]) for f in frames]
    if path.suffix == ".m4a":
        return [(c.start, c.title) for c in opened.chapters]
    names = sorted(k for k, _ in opened.tags if re.fullmatch(r"(?i)chapter\d\d\d", k))
    return [(seconds(opened.tags[k][0]), opened.tags[k + "name"][0]) for k in names]


def by_eyed3(path: Path) -> Seen:
    script = (
        "import eyed3, sys; c = eyed3.load(sys.argv[1]).tag.chapters;"
        "print(*(f'{x.times[0]}\\t{x.title!r}' for x in sorted(c, key=lambda x: x.times)), sep='\\n')"
    )
    python = Path(shutil.which("eyeD3") or "").read_text(encoding="utf-8").split("\n")[0][2:]
    lines = output([*python.split(), "-c", script, path])
    return [(int(a) / 1000, str(ast.literal_eval(b))) for a, b in (x.split("\t") for x in lines)]


def by_comments(*command: str) -> Callable[[Path], Seen]:
    """A program that prints comments as `CHAPTER000=…` lines; only a title's first line counts."""

    def read(path: Path) -> Seen:
        found = re.findall(
            r"CHAPTER(\d\d+)(NAME)?=(.*)", "\n".join(output([*command, path])), re.IGNORECASE
        )
        titles = {number: value for number, is_name, value in found if is_name}
        return [(seconds(v), titles[n]) for n, is_name, v in found if not is_name]

    return read


def by_mkvextract(path: Path) -> Seen:
    return by_comments("mkvextract", "chapters", "-s")(path)


def say(*lines: str) -> None:
    """Print lines for who runs the tests with `-s`."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def output(command: list[Any]) -> list[str]:
    """The lines that a program prints."""
    told = subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True)
    return told.stdout.rstrip("\n").split("\n")


READERS: dict[str, tuple[Callable[[Path], Seen], tuple[str, ...]]] = {
    "podkit": (by_podkit, CONTAINERS),
    "PyAV": (by_probe, CONTAINERS),
    "ffprobe": (by_ffprobe, CONTAINERS),
    "mediainfo": (by_mediainfo, ("m4a", "opus", "flac", "mkv", "ogg")),
    "exiftool": (by_exiftool, ("m4a", "opus", "flac", "mkv", "ogg")),
    "mutagen": (by_mutagen, ("mp3", "m4a", "opus", "flac", "ogg")),
    "eyeD3": (by_eyed3, ("mp3",)),
    "metaflac": (by_comments("metaflac", "--list", "--block-type=VORBIS_COMMENT"), ("flac",)),
    "opusinfo": (by_comments("opusinfo"), ("opus",)),
    "vorbiscomment": (by_comments("vorbiscomment", "-l"), ("ogg",)),
    "mkvextract": (by_mkvextract, ("mkv",)),
}
LOST = {
    "mp3": (),
    "m4a": ("MP4 cannot hold the picture of 1 chapter: left out",),
    "opus": ("Opus cannot hold the pictures of 2 chapters: left out",),
    "flac": ("FLAC cannot hold the pictures of 2 chapters: left out",),
    "mkv": ("Matroska cannot hold the pictures of 2 chapters: left out",),
    "ogg": ("Ogg cannot hold the pictures of 2 chapters: left out",),
}
FIRST_LINES = frozenset(["metaflac", "opusinfo", "vorbiscomment", "mkvextract"])


@pytest.fixture(scope="session")
def chaptered(tmp_path_factory):
    """Twenty seconds with the same chapters in every container, and what each could not hold."""
    folder = tmp_path_factory.mktemp("chaptered")
    lost = {}
    for kind in CONTAINERS:
        path = folder / f"x.{kind}"
        ffmpeg(*TONE, *(["-c:a", "libvorbis"] if kind == "ogg" else []), path)
        wanted = Tags(
            fields={"title": "T"},
            chapters=CHAPTERS,
            artwork=(picture(),),
            chapter_pictures={"a.jpg": OWN},
        )
        lost[kind] = tags.write(path, wanted, clear=True)
    return folder, lost


@pytest.mark.need("ffprobe", "mediainfo", "exiftool", "eyeD3", "metaflac", "opusinfo")
@pytest.mark.need("vorbiscomment", "mkvextract")
def test_every_reader_sees_every_chapter(chaptered):
    """Each start within a millisecond and each title letter for letter, whoever reads."""
    folder, _ = chaptered
    table, wrong = [], []
    for name, (read, kinds) in READERS.items():
        row = [f"{name:14}"]
        for kind in CONTAINERS:
            if kind not in kinds:
                row.append(f"{'–':>9}")
                continue
            seen = read(folder / f"x.{kind}")
            wanted = [(c.start, c.title) for c in CHAPTERS]
            if name in FIRST_LINES or (name, kind) == ("exiftool", "m4a"):
                wanted = [(start, title.split("\n")[0]) for start, title in wanted]
            off = max((abs(a - b) for (a, _), (b, _) in zip(seen, wanted, strict=False)), default=9)
            row.append(f"{off * 1000:6.3f} ms")
            if [t for _, t in seen] != [t for _, t in wanted] or off > 0.001:
                wrong.append((name, kind, seen))
        table.append(" ".join(row))
    say("largest error of a chapter's start")
    head = " ".join([" " * 14, *(f"{kind:>9}" for kind in CONTAINERS)])
    say(head, *table)
    assert wrong == []


def test_links_and_pictures(chaptered):
    """They are where the container has a place for them; what has none was named."""
    folder, lost = chaptered
    links = [c.url for c in CHAPTERS]
    for kind in CONTAINERS:
        found = tags.read(folder / f"x.{kind}")
        assert [c.url for c in found.chapters] == links, kind
        images = [found.chapter_pictures.get(c.image) for c in found.chapters]
        say(f"{kind:5} links {sum(map(bool, links))}, pictures {sum(map(bool, images))}")
        inside = [p.content if p else None for p in images]
        assert inside == ([OWN.content] if kind in {"mp3", "m4a"} else [None]) + [None] * 4
        assert (found.chapters[2].image == ADDRESS) == (kind == "mp3")
        assert lost[kind] == LOST[kind]
    opened: Any = mutagen.File(folder / "x.mp3")
    first, third = opened.tags["CHAP:chp0"].sub_frames, opened.tags["CHAP:chp2"].sub_frames
    assert (first["APIC:"].data, first["APIC:"].mime) == (OWN.content, "image/jpeg")
    assert (third["APIC:"].data, third["APIC:"].mime) == (ADDRESS.encode(), "-->")
    assert [first["WXXX:"].url, third["WXXX:"].url] == [links[0], links[2]]


@pytest.mark.need("ffprobe", "exiftool")
def test_others_read_the_links(chaptered):
    """A link in Matroska is a tag of the chapter; in Vorbis comments it is CHAPTERxxxURL."""
    folder, _ = chaptered
    found = [c.get("tags", {}).get("URL", "") for c in ffprobe(folder / "x.mkv")["chapters"]]
    assert found == [c.url for c in CHAPTERS]
    told = asked("exiftool", "-j", folder / "x.opus")[0]
    assert (told["Chapter000url"], told["Chapter002url"]) == (CHAPTERS[0].url, CHAPTERS[2].url)


LONG = "Я" * 70
CLIPPED = {
    "a picture inside": Chapter(start=0.0, title="One", image="a.jpg"),
    "a long title": Chapter(start=0.0, title=LONG),
    "a long link": Chapter(start=0.0, title="One", url="https://podcast.example/" + "a" * 120),
}


@pytest.mark.need("ffprobe")
@pytest.mark.parametrize("first", CLIPPED.values(), ids=CLIPPED)
def test_what_ffmpeg_does_not_see_of_id3_v24_is_told(tmp_path, first):
    """Chapters with long parts in ID3v2.4 get a warning; in v2.3 there is none, and ffprobe sees them."""
    path = tmp_path / "x.mp3"
    ffmpeg(*TONE, "-c:a", "libmp3lame", path)
    chapters = (first, Chapter(start=5.0, title="Two"))
    for version in ("2.4", "2.3"):
        edit = Edit(chapters=chapters, chapter_pictures={"a.jpg": OWN}, id3=version)
        with Places() as places:
            warnings = tags.change(path, edit, places=places).warnings
            assert not places.settle()
        assert [w.startswith("ffmpeg does not see 1 chapter in ID3v2.4") for w in warnings] == (
            [True] if version == "2.4" else []
        )
    assert len(asked("ffprobe", "-show_chapters", "-of", "json", path)["chapters"]) == 2
    with Places() as places:  # a conversion alone says it too
        assert "--id3 2.3" in tags.change(path, Edit(id3="2.4"), places=places).warnings[0]


@pytest.mark.need("ffprobe")
def test_short_chapters_in_id3_v24_are_seen(tmp_path):
    """There is no warning where ffprobe sees all."""
    path = tmp_path / "x.mp3"
    ffmpeg(*TONE, "-c:a", "libmp3lame", path)
    chapters = (
        Chapter(start=0.0, title="A" * 125),
        Chapter(start=5.0, title="Я" * 62, image=ADDRESS),
    )
    with Places() as places:
        assert not tags.change(path, Edit(chapters=chapters, id3="2.4"), places=places).warnings
        assert not places.settle()
    assert len(asked("ffprobe", "-show_chapters", "-of", "json", path)["chapters"]) == 2
