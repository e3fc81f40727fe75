"""What a file is, by its bytes: sound is known in every container, and every disguise is seen."""

from __future__ import annotations

import os
import random
import time

import media_sounds as sounds
import pytest

from podkit.errors import FileError, NotMediaError
from podkit.media.sniff import declares_length, sniff

EXPECTED = {
    "mp3": "mp3",
    "m4a": "mp4",
    "ogg": "ogg",
    "opus": "ogg",
    "flac": "flac",
    "wav": "wav",
    "aiff": "aiff",
    "aac": "aac",
    "mka": "matroska",
    "webm": "matroska",
}
ID3 = b"ID3\x04\x00\x00\x00\x00\x00\x0a" + b"\0" * 10
SVG = b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"
DISGUISES = {
    "empty": b"",
    "an HLS playlist": b"#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nother.mp3\n",
    "an M3U playlist": b"#EXTM3U\nother.mp3\n",
    "an ffconcat list": b"ffconcat version 1.0\nfile other.mp3\n",
    "a DASH manifest": b'<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011">',
    "an SDP session": b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n",
    "a PLS playlist": b"[playlist]\nFile1=other.mp3\n",
    "an ffmetadata file": b";FFMETADATA1\ntitle=x\n",
    "an SVG picture": SVG,
    "a web page": b"<!DOCTYPE html><html><body>Not found</body></html>",
    "an RSS feed": b"<?xml version='1.0'?><rss version='2.0'></rss>",
    "an XML file": b"<?xml version='1.0'?><x/>",
    "text": "Просто текст, і нічого більше.".encode(),
    "a PNG picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "a JPEG picture": b"\xff\xd8\xff\xe0" + b"\0" * 100,
    "a PDF document": b"%PDF-1.7\n\x80\x81",
    "a program": b"\x7fELF\x02\x01\x01" + b"\xff\xfb\x90\x00" * 50,
    "a WebP picture": b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    "an AVI file": b"RIFF\x24\x00\x00\x00AVI LIST",
    "a HEIF": b"\x00\x00\x00\x18ftypheic\0\0\0\0mif1heic",
    "nothing but zero bytes": b"\0" * 100_000,
    "an ID3 tag without sound": ID3,
    "a MIDI-like unknown": b"MThd\x00\x00\x00\x06\x00\x01\xfe",
}


@pytest.mark.parametrize("extension", list(EXPECTED))
def test_every_container_is_known(containers, extension, tmp_path):
    """The container is told by the bytes, under any name, with an ID3 tag before MP3 and AAC."""
    assert sniff(containers[extension]) == EXPECTED[extension]
    other = tmp_path / "x.txt"
    other.write_bytes(containers[extension].read_bytes())
    assert sniff(other) == EXPECTED[extension]
    if extension in {"mp3", "aac", "flac"}:
        other.write_bytes(ID3 + b"\0" * 5000 + containers[extension].read_bytes())
        assert sniff(other) == EXPECTED[extension]


def test_mp3_that_begins_inside_a_frame(containers, tmp_path):
    """A recording of a stream begins with the rest of a frame and is MP3 all the same."""
    path = tmp_path / "x.mp3"
    path.write_bytes(containers["mp3"].read_bytes()[3000:])
    assert sniff(path) == "mp3"


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 24000, 32000, 48000])
def test_mp3_of_every_kind(speech, tmp_path, rate):
    """MPEG-1, 2 and 2.5, mono and stereo, constant and variable bit rate, layer II."""
    for options in (["-b:a", "32k"], ["-q:a", "5", "-ac", "2"]):
        path = tmp_path / "x.mp3"
        sounds.make("-i", speech, "-t", "1", "-ar", rate, *options, path)
        assert sniff(path) == "mp3"
    if rate in {16000, 24000, 32000, 48000}:
        path = tmp_path / "x.mp2"
        sounds.make("-i", speech, "-t", "1", "-ar", rate, path)
        assert sniff(path) == "mp3"


@pytest.mark.parametrize("seconds", [0.06, 0.2])
def test_very_short_mp3(speech, tmp_path, seconds):
    """A few frames that end with the file, or with an ID3v1 tag, are enough."""
    for tag in ("0", "1"):
        path = tmp_path / "x.mp3"
        sounds.make("-i", speech, "-t", seconds, "-ar", "44100", "-write_id3v1", tag, path)
        assert sniff(path) == "mp3"


@pytest.mark.parametrize("words", list(DISGUISES))
@pytest.mark.parametrize("name", ["ep.mp3", "ep.m4a", "ep.wav"])
def test_disguises_are_seen(tmp_path, words, name):
    """What is not sound is refused, and the message says what it looks like."""
    path = tmp_path / name
    path.write_bytes(DISGUISES[words])
    with pytest.raises(NotMediaError) as caught:
        sniff(path)
    if "unknown" not in words:
        assert f"it is {words}" in str(caught.value)
    for before in (b"\xef\xbb\xbf", b"\n\n  "):
        if words.endswith(("list", "playlist", "manifest", "file", "page")) and "AVI" not in words:
            path.write_bytes(before + DISGUISES[words])
            with pytest.raises(NotMediaError):
                sniff(path)


def test_a_playlist_behind_an_id3_tag_is_seen(tmp_path):
    """A tag before it makes a playlist no sound."""
    path = tmp_path / "ep.mp3"
    path.write_bytes(ID3 + DISGUISES["an HLS playlist"])
    with pytest.raises(NotMediaError, match="HLS playlist"):
        sniff(path)


def test_random_bytes_are_never_sound(tmp_path):
    """Random bytes, which ffmpeg's own probe may take for MP3, are refused every time."""
    chance = random.Random(2026)
    path = tmp_path / "ep.mp3"
    for _ in range(150):
        path.write_bytes(chance.randbytes(chance.randrange(1, 200_000)))
        with pytest.raises(NotMediaError):
            sniff(path)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    """A named pipe, a device, a folder, a socket: refused without waiting, none is read."""
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "folder.mp3").mkdir()
    begun = time.monotonic()
    for path in (tmp_path / "pipe.mp3", tmp_path / "folder.mp3", "/dev/zero", tmp_path / "no.mp3"):
        with pytest.raises(FileError):
            sniff(path)
    assert time.monotonic() - begun < 10


def test_which_mp3_knows_its_length(containers, tmp_path, speech):
    """A Xing header promises a length; a bare stream does not."""
    assert declares_length(containers["mp3"])
    bare = tmp_path / "bare.mp3"
    sounds.make("-i", speech, "-ar", "44100", "-write_xing", "0", bare)
    assert not declares_length(bare)
