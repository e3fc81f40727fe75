"""The first frame of an MP3 file says the same as the one that ffmpeg writes."""

from __future__ import annotations

import random

import media_sounds as sounds
import pytest

from podkit.media import mp3_frames, mp3_opening


@pytest.mark.parametrize("length", [0, 1, 1008, 1009, 1010, 30_000])
def test_the_checksum_is_crc_16_arc(length):
    """In lanes it is what it is byte by byte, and goes on over pieces; the known value is met."""
    content = random.Random(length).randbytes(length)
    whole = mp3_opening.crc16(content, 0x1234)
    found = 0x1234
    for byte in content:
        found ^= byte
        for _ in range(8):
            found = found >> 1 ^ (0xA001 if found & 1 else 0)
    assert whole == found
    assert mp3_opening.crc16(content[777:], mp3_opening.crc16(content[:777], 0x1234)) == whole
    assert mp3_opening.crc16(b"123456789") == 0xBB3D


@pytest.mark.parametrize(
    ("rate", "channels", "kbits"),
    [
        (44100, 2, 128),
        (44100, 1, 64),
        (48000, 1, 64),
        (48000, 2, 40),
        (48000, 2, 320),
        (32000, 1, 96),
        (24000, 1, 64),
        (22050, 2, 64),
    ],
)
def test_every_field_is_ffmpegs(speech, tmp_path, rate, channels, kbits):
    """Byte for byte, but for the table of contents (within 1 %) and the checksum that covers it."""
    path = tmp_path / "x.mp3"
    options = ["-ar", rate, "-ac", channels, "-b:a", f"{kbits}k", "-id3v2_version", 0]
    sounds.make("-i", speech, *options, path)
    whole = path.read_bytes()
    head = mp3_frames.header_at(whole, 0)
    theirs, rest = whole[: head.length], whole[head.length :]
    tag = theirs.index(b"Info")
    stream = mp3_opening.Stream(
        frames=len(mp3_frames.starts(rest)) - 1,
        bytes=len(rest),
        padding=int.from_bytes(theirs[tag + 141 : tag + 144], "big") & 0xFFF,
        checksum=mp3_opening.crc16(rest),
    )
    like = mp3_frames.word_at(rest, 0)
    name = theirs[tag + 120 : tag + 129].decode()
    ours = mp3_opening.frame(like, stream, encoder=name)
    assert len(ours) == mp3_opening.room(like) == len(theirs)
    contents, own = range(tag + 16, tag + 116), range(tag + 154, tag + 156)
    same = [at for at in range(len(ours)) if at not in contents and at not in own]
    assert [at for at in same if ours[at] != theirs[at]] == []
    assert max(abs(ours[at] - theirs[at]) for at in contents) <= 3
    checked = ours[: own.start] + b"\0\0" + ours[own.stop :]
    assert mp3_opening.crc16(checked[:190]) == int.from_bytes(ours[own.start : own.stop], "big")


def test_what_is_no_header_is_refused():
    """There is no first frame like no frame."""
    with pytest.raises(ValueError, match="no frame of this kind"):
        mp3_opening.room(0)
