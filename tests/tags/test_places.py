"""The other places of a title: what other programs left there must not contradict podkit."""

from __future__ import annotations

import contextlib
import json
import random
import struct
import subprocess
from pathlib import Path

import pytest
from field_readers import exiftool, ffprobe, mediainfo
from mutagen import apev2, id3

from podkit.errors import MediaError, PodkitError
from podkit.media.tools import find_ffmpeg
from podkit.model.tags import Tags
from podkit.tags import files as tags

OLD, NEW = "OLD-TITLE", "Нова «назва» 🎙"
SINE = ["-f", "lavfi", "-i", "sine=r=48000:d=0.5"]


def make(path: Path, *words: str) -> Path:
    """A short tone with ffmpeg's own idea of tags."""
    command = [find_ffmpeg().path, "-v", "error", "-y", *SINE]
    subprocess.run([*command, "-metadata", f"title={OLD}", *words, path], check=True)
    return path


def box(kind: bytes, *parts: bytes) -> bytes:
    """One MP4 box."""
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def keys(title: bytes, *, place: bytes = b"+50.4501+030.5234/") -> bytes:
    """What a phone puts into `moov`: a list of Apple's keys without a version."""
    named = [b"com.apple.quicktime.title", b"com.apple.quicktime.location.ISO6709"]
    entries = b"".join(struct.pack(">I4s", len(n) + 8, b"mdta") + n for n in named)
    items = [
        box(struct.pack(">I", n), box(b"data", struct.pack(">II", 1, 0), value))
        for n, value in enumerate((title, place), 1)
    ]
    handler = box(b"hdlr", b"\0" * 8 + b"mdta" + b"\0" * 14)
    return box(
        b"meta", handler, box(b"keys", struct.pack(">II", 0, 2), entries), box(b"ilst", *items)
    )


def append_to_moov(path: Path, extra: bytes) -> Path:
    """Put a box behind the others of a `moov` that is the last box of its file."""
    content = path.read_bytes()
    at = content.rindex(b"moov") - 4
    size = int.from_bytes(content[at : at + 4])
    assert at + size == len(content)
    path.write_bytes(
        content[:at] + struct.pack(">I", size + len(extra)) + content[at + 4 :] + extra
    )
    return path


def of_a_phone(folder: Path) -> Path:
    """A MOV with Apple's keys and, in `udta`, an item with the old title."""
    return append_to_moov(make(folder / "phone.mov", "-c:a", "aac"), keys(OLD.encode()))


def of_ffmpeg_keys(folder: Path) -> Path:
    """A MOV with ffmpeg's keys, where iTunes has its list."""
    return make(folder / "keys.mov", "-c:a", "aac", "-movflags", "use_metadata_tags")


def of_ffmpeg_items(folder: Path) -> Path:
    """A MOV with items in `udta`, and the place where it was recorded."""
    return make(folder / "items.mov", "-c:a", "aac", "-metadata", "location=+50.4501+030.5234/")


def wave_with_info(folder: Path) -> Path:
    """A WAV with a list of INFO."""
    return make(folder / "x.wav", "-metadata", "comment=A comment")


def aiff_with_name(folder: Path) -> Path:
    """An AIFF with text chunks."""
    return make(folder / "x.aiff")


def mp3_with_tails(folder: Path) -> Path:
    """An MP3 with ID3v2, APEv2 and ID3v1."""
    path = make(folder / "x.mp3", "-write_id3v1", "1", "-metadata", "artist=An artist")
    ape = apev2.APEv2()
    ape["Title"], ape["REPLAYGAIN_TRACK_GAIN"] = OLD, "-3 dB"
    whole = path.read_bytes()
    path.write_bytes(whole[:-128])
    ape.save(path)
    path.write_bytes(path.read_bytes() + whole[-128:])
    return path


def mp3_with_tails_turned_round(folder: Path) -> Path:
    """An MP3 whose ID3v1 lies before APEv2, as mutagen leaves it."""
    path = make(folder / "x.mp3", "-write_id3v1", "1", "-metadata", "artist=An artist")
    ape = apev2.APEv2()
    ape["Title"], ape["REPLAYGAIN_TRACK_GAIN"] = OLD, "-3 dB"
    ape.save(path)
    assert path.read_bytes()[-128:-125] != b"TAG"
    return path


def flac_with_id3(folder: Path) -> Path:
    """A FLAC behind an ID3 tag."""
    path = make(folder / "x.flac")
    before = id3.ID3()
    before.add(id3.TIT2(encoding=3, text=OLD))
    before.add(id3.TPE1(encoding=3, text="An artist"))
    before.save(folder / "tag")
    path.write_bytes((folder / "tag").read_bytes() + path.read_bytes())
    return path


PLACES = [
    of_a_phone,
    of_ffmpeg_keys,
    of_ffmpeg_items,
    wave_with_info,
    aiff_with_name,
    mp3_with_tails,
    mp3_with_tails_turned_round,
    flac_with_id3,
]
each = pytest.mark.parametrize("made", PLACES, ids=lambda made: made.__name__)


@each
def test_no_place_keeps_the_old_title(made, tmp_path):
    """After a change the file nowhere says the old title, and podkit reads the new one."""
    path = made(tmp_path)
    assert OLD.encode() in path.read_bytes()
    assert OLD in {**tags.read(path).fields, **tags.read(path).other}.values()
    assert tags.update(path, set={"title": NEW})
    assert tags.read(path).fields["title"] == NEW
    assert OLD.encode() not in path.read_bytes()
    assert OLD.encode("utf-16-le") not in path.read_bytes()


@pytest.mark.need("ffprobe", "exiftool", "mediainfo")
@each
def test_other_readers_see_the_new_title_only(made, tmp_path):
    """Whichever place a reader believes, it says the same."""
    path = made(tmp_path)
    tags.update(path, set={"title": "The new title"})
    for read in (ffprobe, exiftool, mediainfo):
        titles = {
            v for k, v in read([path])[0] if k.lower() in {"title", "com.apple.quicktime.title"}
        }
        if read is not ffprobe or path.suffix != ".wav":
            assert titles == {"The new title"}, read.__name__
        else:  # this one reads no ID3 of a WAV
            assert titles <= {"The new title"}


@each
def test_a_removed_title_is_gone_everywhere(made, tmp_path):
    """Removing leaves it in no place, and the other fields where they were."""
    path = made(tmp_path)
    before = dict(tags.read(path).fields)
    assert tags.update(path, remove=["title"])
    after = dict(tags.read(path).fields)
    assert {"title": before.pop("title", None), **after}.keys() >= before.keys()
    assert "title" not in after
    assert OLD.encode() not in path.read_bytes()


@each
def test_clearing_is_complete_and_has_an_end(made, tmp_path):
    """Whatever podkit lists is gone after clearing; a second time there is nothing to do."""
    path = made(tmp_path)
    assert tags.update(path, clear=True)
    assert tags.read(path) == Tags()
    content = path.read_bytes()
    assert not tags.update(path, clear=True)
    assert path.read_bytes() == content
    for private in (OLD.encode(), b"50.4501", b"Lavf", b"An artist", b"REPLAYGAIN"):
        assert private not in content or path.suffix in {".mp3", ".flac"}  # LAME, the vendor


def test_only_private_things_are_something_to_clear(tmp_path):
    """A place or a time of making alone does not count as "as it was"."""
    path = append_to_moov(make(tmp_path / "x.mov", "-c:a", "aac"), keys(b""))
    tags.update(path, clear=True)
    content = bytearray(path.read_bytes())
    at = content.rindex(b"mvhd") + 8
    content[at : at + 4] = struct.pack(">I", 3_800_000_000)
    path.write_bytes(content)
    assert tags.read(path).other == {"creation_time": "2024-05-31T11:33:20+00:00"}
    assert tags.update(path, clear=True)
    assert tags.read(path) == Tags()


def test_boxes_of_cameras_and_editors_are_listed_and_cleared(tmp_path):
    """XMP, a 3GP place, notes and the maker's name in a track, an item of a maker."""
    canary = b"CANARY-7f3a"
    path = make(
        tmp_path / "x.mov", "-c:a", "aac", "-metadata:s:a", f"handler_name={canary.decode()}"
    )
    notes = box(
        b"udta", box(b"loci", b"\0" * 6 + canary), box(b"\xa9mak", b"\0\x0b\x55\xc4" + canary)
    )
    append_to_moov(path, notes)
    path.write_bytes(path.read_bytes() + box(b"uuid", b"\xbe\x7a\xcf\xcb" * 4, canary))
    listed = tags.read(path).other
    assert {"box uuid", "track 1 handler", "udta loci", "udta ©mak"} <= set(listed)
    assert canary in path.read_bytes()
    assert tags.update(path, clear=True)
    assert canary not in path.read_bytes()
    assert tags.read(path) == Tags()


def test_an_id3v1_tag_changes_only_where_it_was_told(tmp_path):
    """Other fields keep their bytes; letters it does not have leave the field empty."""
    path = make(tmp_path / "x.mp3", "-write_id3v1", "1", "-metadata", "artist=An artist")
    before = path.read_bytes()[-128:]
    tags.update(path, set={"title": "Zoë"})
    assert (
        path.read_bytes()[-128:]
        == before[:3] + "Zoë".encode("latin-1").ljust(30, b"\0") + before[33:]
    )
    tags.update(path, set={"title": NEW})
    assert path.read_bytes()[-128:] == before[:3] + b"\0" * 30 + before[33:]


def test_an_id3v1_tag_alone_is_taken_over(tmp_path):
    """What it says is in the new ID3v2 tag too, which readers look at first."""
    path = make(tmp_path / "x.mp3", "-write_id3v1", "1", "-metadata", "artist=An artist")
    whole = path.read_bytes()
    size = int.from_bytes(bytes(7)) + sum(
        b << s for b, s in zip(whole[6:10], (21, 14, 7, 0), strict=True)
    )
    path.write_bytes(whole[10 + size :])
    assert tags.update(path, set={"album": NEW})
    found = id3.ID3(path, load_v1=False)
    assert (str(found["TIT2"]), str(found["TPE1"]), str(found["TALB"])) == (OLD, "An artist", NEW)


@pytest.mark.parametrize("suffix", ["wav", "aiff"])
def test_a_torn_file_is_refused(suffix, tmp_path):
    """Behind a chunk that claims more than there is, no tag would be found again."""
    path = make(tmp_path / f"x.{suffix}")
    path.write_bytes(path.read_bytes()[:-2000])
    content = path.read_bytes()
    with pytest.raises(MediaError, match="longer than the file"):
        tags.update(path, set={"title": NEW})
    assert path.read_bytes() == content


@pytest.mark.need("exiftool")
def test_metadata_moved_to_where_quicktime_has_it_is_still_read(tmp_path):
    """Keys that ffmpeg puts in the place of iTunes' list stay readable for others."""
    path = make(
        tmp_path / "x.mov",
        "-c:a",
        "aac",
        "-movflags",
        "use_metadata_tags",
        "-metadata",
        "comment=C1",
    )
    tags.update(path, set={"title": NEW})
    told = json.loads(subprocess.check_output(["exiftool", "-j", "-G1", "-a", path]))[0]
    assert told["Keys:Comment"] == "C1"
    assert told["Keys:Title"] == told["ItemList:Title"] == NEW


@each
def test_damage_in_any_place_is_told_in_words(made, tmp_path):
    """Cut or with noise in it, a file is read, changed and cleared, or refused by podkit itself."""
    path = made(tmp_path)
    whole = path.read_bytes()
    seeded = random.Random(11)
    for _ in range(12):
        content = bytearray(whole[: seeded.randrange(len(whole) // 2, len(whole) + 1)])
        for _ in range(seeded.choice([1, 4, 16])):
            near = seeded.choice([200, len(content)])
            content[-seeded.randrange(1, near)] = seeded.choice([0, 1, 128, 255])
        path.write_bytes(content)
        for change in ({"set": {"title": NEW}}, {"clear": True}):
            with contextlib.suppress(PodkitError):
                tags.read(path)
                tags.update(path, **change)
