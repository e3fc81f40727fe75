"""Matroska files that were damaged, or made to hurt: an error in words, little memory, soon."""

from __future__ import annotations

import random
import shutil
import tracemalloc

import matroska_files
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tag_sounds import OPUS, ffmpeg, picture, sound

from podkit.errors import MediaError, PodkitError
from podkit.model.chapter import Chapter
from podkit.model.tags import Tags
from podkit.model.text import clean, clean_line
from podkit.tags import ebml
from podkit.tags import files as tags
from podkit.tags import matroska_ids as ids

HEADER = bytes.fromhex("1a45dfa3 88 4282 85") + b"webm\0"
LETTERS = st.characters(exclude_categories=["Cc", "Cs"]) | st.just("\n")
TEXT = st.text(LETTERS, min_size=1, max_size=80).map(lambda t: clean(t).strip()).filter(bool)
LINE = st.text(min_size=1, max_size=40).map(clean_line).filter(bool)


@pytest.fixture(scope="session")
def short(tmp_path_factory):
    """Two Matroska files of a few kilobytes, with something of everything in them."""
    folder = tmp_path_factory.mktemp("short")
    for name, words in (("x.mka", ["-t", "2"]), ("live.webm", ["-t", "2", "-f", "webm"])):
        ffmpeg(*OPUS, *words, folder / name)
        chapters = (Chapter(start=0.5, title="One", url="https://a.example/"), Chapter(start=1))
        fields = {"title": "T", "track": "1/2", "season": "3"}
        tags.write(folder / name, Tags(fields=fields, chapters=chapters, artwork=(picture(),)))
    live = folder / "live.webm"
    live.write_bytes(matroska_files.recorded(live.read_bytes()))
    return folder


@pytest.mark.parametrize("name", ["x.mka", "live.webm"])
def test_damage_gives_words(short, name, tmp_path):
    """Cut anywhere, with bytes changed, doubled or lost, a file is read, mended or refused."""
    whole = (short / name).read_bytes()
    path = tmp_path / name
    seeded = random.Random(11)
    outcomes = {"kept": 0, "refused": 0}
    for _ in range(250):
        path.write_bytes(mutated(whole, seeded))
        try:
            tags.read(path)
            tags.update(path, set={"title": "x" * seeded.randrange(1, 400)}, picture=picture("red"))
            assert tags.read(path).fields["title"]
            outcomes["kept"] += 1
        except PodkitError:
            outcomes["refused"] += 1
        assert [p.name for p in tmp_path.iterdir()] == [name]
    assert min(outcomes.values()) > 10, outcomes


def mutated(whole: bytes, seeded: random.Random) -> bytes:
    """The bytes with one to eight changes, mostly where the structure lies."""
    found = bytearray(whole)
    for _ in range(seeded.randrange(1, 9)):
        at = seeded.randrange(min(len(found), seeded.choice([400, len(found)])))
        what = seeded.randrange(8)
        if what == 0:
            del found[at : at + seeded.randrange(1, 20)]
        elif what == 1:
            found[at:at] = found[at : at + seeded.randrange(1, 60)]
        elif what == 2 and len(found) > 600:
            del found[seeded.randrange(300, len(found)) :]
        else:
            found[at] = seeded.choice([0, 0xFF, 0x01, 0x80, 0xEC, seeded.randrange(256)])
    return bytes(found)


def segment(body: bytes) -> bytes:
    """A file whose segment holds that."""
    return HEADER + ebml.framed(ids.SEGMENT, body)


def nested(depth: int) -> bytes:
    """Tags inside tags."""
    body = b""
    for _ in range(depth):
        body = ebml.framed(ids.SIMPLE, body)
    return ebml.framed(ids.TAGS, ebml.framed(ids.TAG, body))


HURTING = {
    "a tag that says it has 2^56 bytes": segment(b"\x12\x54\xc3\x67\x01" + b"\xff" * 6 + b"\xfe"),
    "tags 5,000 deep": segment(nested(5000)),
    "300,000 empty parts": segment(ebml.framed(ids.TAGS, b"\xec\x80" * 300_000)),
    "100,000 paddings": segment(b"\xec\x80" * 100_000),
    "padding of 2^55 bytes": HEADER + b"\xec\x01\x7f" + b"\xff" * 6,
    "a block of 2^55 bytes": segment(b"\x1f\x43\xb6\x75\xff\xe7\x01\x7f" + b"\xff" * 6 + b"\0"),
    "no segment": HEADER,
    "a segment of zeros": segment(bytes(1000)),
    "a tag without a size": segment(b"\x12\x54\xc3\x67\xff" + b"\x73\x73\x80" * 100),
    "another document": HEADER.replace(b"webm\0", b"matte") + ebml.framed(ids.SEGMENT, b""),
    "a header of 2^56 bytes": b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 6 + b"\xfe",
}


@pytest.mark.parametrize("what", HURTING)
def test_what_was_made_to_hurt(what, tmp_path):
    """It is refused for what it is, with memory for little more than its own bytes."""
    path = tmp_path / "x.webm"
    path.write_bytes(HURTING[what])
    tracemalloc.start()
    try:
        with pytest.raises(MediaError):
            tags.update(path, set={"title": "x"})
        assert tracemalloc.get_traced_memory()[1] < 64 << 20
    finally:
        tracemalloc.stop()
    assert path.read_bytes() == HURTING[what]


@settings(max_examples=40, deadline=None)
@given(
    fields=st.dictionaries(
        st.sampled_from(["title", "artist", "album", "comment", "lyrics", "publisher", "keywords"]),
        TEXT,
    ),
    chapters=st.lists(
        st.tuples(st.integers(0, 900), LINE, st.booleans(), st.booleans()), max_size=5
    ),
    name=st.sampled_from(["x.mka", "live.webm"]),
)
def test_what_is_written_is_read(short, tmp_path_factory, fields, chapters, name):
    """`read(write(file, tags)) ⊇ tags`, twice over, and the sound is still the same."""
    folder = tmp_path_factory.mktemp("law")
    path = shutil.copy2(short / name, folder / name)
    webm = name.endswith("webm")
    wanted = tuple(
        Chapter(
            start=start / 1000,
            end=(start + 1000) / 1000,
            title=title,
            url="" if webm or not link else "https://a.example/",
            hidden=hidden and not webm,
        )
        for start, title, link, hidden in sorted(chapters)
    )
    tags.write(path, Tags(fields={**fields, "genre": "first"}))
    tags.write(path, Tags(fields=fields, chapters=wanted))
    found = tags.read(path)
    assert found.fields.items() >= fields.items()
    if wanted:
        assert found.chapters == wanted
    shutil.rmtree(folder)


def test_the_law_holds_for_the_sound_too(short, tmp_path):
    """Whatever grows in front of a recording, it sounds the same."""
    for name in ("x.mka", "live.webm"):
        path = shutil.copy2(short / name, tmp_path / name)
        before = sound(path)
        for size in (1, 50, 5000, 3):
            tags.update(path, set={"lyrics": "x" * size, "title": "t" * size})
            assert sound(path) == before
