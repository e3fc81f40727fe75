"""What a file is by its first bytes, whatever its name says; it decides ffmpeg's demuxer.

A playlist that calls itself `ep.mp3` would make ffmpeg read other files into the output, so only
what is recognised here is ever handed to a demuxer, and only to its own.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import IO, TYPE_CHECKING

from podkit import files
from podkit.errors import NotMediaError
from podkit.model.media import Container

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

DEMUXERS = {
    Container.MP3: "mp3",
    Container.MP4: "mov",
    Container.OGG: "ogg",
    Container.FLAC: "flac",
    Container.WAV: "wav",
    Container.MATROSKA: "matroska",
    Container.AAC: "aac",
    Container.AIFF: "aiff",
}
"""The one libavformat demuxer that may open each container (`-f`, `-format_whitelist`)."""

DECODERS = (
    "aac,mp3float,mp3,mp2float,mp2,mp1float,opus,libopus,vorbis,libvorbis,flac,alac,ac3,eac3,"
    "amrnb,amrwb,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,gsm_ms,wmav2,"
    "pcm_u8,pcm_s8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,"
    "pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw,"
    "h264,hevc,vp8,vp9,libvpx-vp9,av1,libdav1d,libaom-av1,mpeg4,mpeg2video,mpeg1video,theora,"
    "prores,dnxhd,mjpeg,png,bmp,gif,webp"
)
"""Decoders that may run on strangers' files (`-codec_whitelist`); the exotic ones stay out."""

MPEG_ALIKE, ADTS_ALIKE = 0xFE0C, 0xF63C
"""The bits of a header's second and third byte that are alike in all frames of one file."""

LEAD = 8 * 1024
"""Bytes of rubbish before the first frame that are searched: a recording that begins inside one."""

_HEAD = 64 * 1024
_FRAMES = 6
_TEXT = frozenset(range(0x20, 0x100)) | {0x09, 0x0A, 0x0C, 0x0D}
_PLAIN = {b"OggS": Container.OGG, b"fLaC": Container.FLAC}
_PICTURE_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis", b"crx ")
_ATOMS = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"uuid")

# What people take for sound by mistake, and containers that podkit does not take in.
_KNOWN = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a Windows program"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a Windows Media file"),
    (b"caff", "a Core Audio file"),
    (b"#!AMR", "an AMR file"),
    (b"wvpk", "a WavPack file"),
    (b"MAC ", "a Monkey's Audio file"),
    (b"FLV\x01", "a Flash video"),
    (b"\x00\x00\x01\xba", "an MPEG program stream"),
    (b"\x00\x00\x01\xb3", "an MPEG video stream"),
    (b"riff\x2e\x91\xcf\x11", "a Wave64 file"),
)

# Texts that ffmpeg would take for instructions, and other texts, by a pattern in their beginning.
_TEXTS = (
    (re.compile(rb"#EXTM3U.*#EXT-X-", re.DOTALL), "an HLS playlist"),
    (re.compile(rb"#EXTM3U"), "an M3U playlist"),
    (re.compile(rb"ffconcat\s+version"), "an ffconcat list"),
    (re.compile(rb"file\s+['\"]?\S"), "an ffconcat list"),
    (re.compile(rb";FFMETADATA"), "an ffmetadata file"),
    (re.compile(rb"\[playlist\]", re.IGNORECASE), "a PLS playlist"),
    (re.compile(rb"v=0\r?\n[a-z]="), "an SDP session description"),
    (re.compile(rb"(<\?xml.*?)?<MPD[\s>]", re.DOTALL), "a DASH manifest"),
    (re.compile(rb"(<\?xml.*?)?<SmoothStreamingMedia", re.DOTALL), "a streaming manifest"),
    (re.compile(rb"(<\?xml.*?)?<svg[\s>]", re.DOTALL), "an SVG picture"),
    (re.compile(rb"(<\?xml.*?)?<rss[\s>]", re.DOTALL), "an RSS feed"),
    (re.compile(rb"(<\?xml.*?)?(<!doctype html|<html)", re.DOTALL | re.IGNORECASE), "a web page"),
    (re.compile(rb"<\?xml|<!DOCTYPE"), "an XML file"),
    (re.compile(rb"WEBVTT"), "a WebVTT file"),
)


def sniff(path: str | os.PathLike[str]) -> Container:
    """The container that the file's bytes say it is.

    Raises:
        NotMediaError: it is something else; the message says what it looks like.
        FileError: it cannot be read, or is not a regular file.
    """
    with files.open_regular(path) as stream, files.translating(path, "read"):
        found = _container(stream)
    if isinstance(found, Container):
        return found
    raise NotMediaError(f"it is {found}, not sound or video", where=path)


def declares_length(path: str | os.PathLike[str]) -> bool:
    """Whether an MP3 file begins with a Xing, Info or VBRI header, which knows its length.

    Raises:
        FileError: it cannot be read.
    """
    with files.open_regular(path) as stream, files.translating(path, "read"):
        head = stream.read(_HEAD)
        stream.seek(after_id3(stream, head))
        head = stream.read(LEAD)
    return any(mark in head for mark in (b"Xing", b"Info", b"VBRI"))


def _container(stream: IO[bytes]) -> Container | str:
    """The container, or in words what it is instead."""
    head = stream.read(_HEAD)
    if not head:
        return "empty"
    offset = 0 if _text(head) else after_id3(stream, head)
    if offset:
        stream.seek(offset)
        head = stream.read(_HEAD)
        while head and not head.strip(b"\0"):  # padding after the tag
            head = stream.read(_HEAD)
        head = head.lstrip(b"\0") + stream.read(_HEAD)
        if not head:
            return "an ID3 tag without sound"
    whole = not stream.read(1)
    # what stands behind a tag is believed no more than what stands alone
    disguise = _text(head) or _known(head)
    return disguise or _by_magic(head) or _mpeg_audio(head, whole=whole) or _other(head)


def after_id3(stream: IO[bytes], head: bytes, offset: int = 0) -> int:
    """Where the bytes begin that follow any ID3v2 tags (id3.org, ID3v2.4 section 3.1).

    Args:
        stream: the file.
        head: its bytes from `offset` on, at least ten.
        offset: where to look.
    """
    while head[:3] == b"ID3" and len(head) >= 10:
        size = 0
        for byte in head[6:10]:
            size = size << 7 | byte & 0x7F
        offset += 10 + size + (10 if head[5] & 0x10 else 0)
        stream.seek(offset)
        head = stream.read(10)
    return offset


def _by_magic(head: bytes) -> Container | str | None:
    if head[:4] in _PLAIN:
        return _PLAIN[head[:4]]
    if head[:4] in {b"RIFF", b"RF64", b"BW64"}:
        if head[8:12] == b"WAVE":
            return Container.WAV
        kinds = {b"AVI ": "an AVI file", b"WEBP": "a WebP picture"}
        return kinds.get(head[8:12], "an unknown RIFF file")
    if head[:4] == b"FORM" and head[8:12] in {b"AIFF", b"AIFC"}:
        return Container.AIFF
    if head[:4] == b"\x1a\x45\xdf\xa3":
        kind = re.search(rb"\x42\x82.(matroska|webm)", head[:256], re.DOTALL)
        return Container.MATROSKA if kind else "an unknown EBML file"
    return _isobmff(head)


def _isobmff(head: bytes) -> Container | str | None:
    """MP4 and QuickTime: a box of a known type and a possible size (ISO/IEC 14496-12, 4.2)."""
    size, kind = int.from_bytes(head[:4], "big"), head[4:8]
    if kind not in _ATOMS or (size < 8 and size not in {0, 1}):
        return None
    if kind == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return "a HEIF or AVIF picture"
    return Container.MP4


# MPEG-1 layers 1 to 3, then MPEG-2 and 2.5 (ISO/IEC 11172-3, 2.4.2.3; 13818-3): kbit/s
_RATES = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}


def mpeg_frame(head: bytes, at: int) -> int:
    """The length in bytes of the MPEG audio frame whose header stands at `at`; 0 when none does."""
    if at + 4 > len(head) or head[at] != 0xFF or head[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[at + 1] >> 3 & 3, head[at + 1] >> 1 & 3
    rate, frequency, padding = head[at + 2] >> 4, head[at + 2] >> 2 & 3, head[at + 2] >> 1 & 1
    if version == 1 or layer == 0 or rate in {0, 15} or frequency == 3:
        return 0
    bits = _RATES[3 if version == 3 else 2, layer][rate - 1] * 1000
    hertz = _SAMPLE_RATES[version][frequency]
    if layer == 3:
        return (12 * bits // hertz + padding) * 4
    return (72 if layer == 1 and version != 3 else 144) * bits // hertz + padding


def adts_frame(head: bytes, at: int) -> int:
    """The length in bytes of the ADTS frame at `at` (ISO/IEC 13818-7, 6.2); 0 when none is there."""
    if at + 7 > len(head) or head[at] != 0xFF or head[at + 1] & 0xF6 != 0xF0:
        return 0
    if head[at + 2] >> 2 & 15 > 12:  # no such sampling frequency
        return 0
    length = (head[at + 3] & 3) << 11 | head[at + 4] << 3 | head[at + 5] >> 5
    return length if length > 7 else 0


def _mpeg_audio(head: bytes, *, whole: bool) -> Container | None:
    """MP3 or ADTS: a chain of frames, each beginning where the one before says it ends.

    Args:
        head: the bytes.
        whole: whether the file ends with them.
    """
    if whole:  # a tag at the end ends the sound
        head = re.sub(rb"(APETAGEX.*)?(TAG.{125})?\Z", b"", head, flags=re.DOTALL)
    starts = (found.start() for found in re.finditer(rb"\xff[\xe0-\xff]", head))
    for at in takewhile(lambda at: at < LEAD, starts):
        if is_chain(head, at, adts_frame, mask=ADTS_ALIKE, whole=whole):
            return Container.AAC
        if is_chain(head, at, mpeg_frame, mask=MPEG_ALIKE, whole=whole):
            return Container.MP3
    return None


def is_chain(
    head: bytes, at: int, frame: Callable[[bytes, int], int], *, mask: int, whole: bool
) -> bool:
    """Whether six frames of one kind follow each other, or two and more that end with the file.

    Args:
        head: the bytes.
        at: where the first begins.
        frame: tells a frame's length.
        mask: the bits of a header's second and third byte that are alike in all frames.
        whole: whether the file ends with these bytes.
    """
    kind = int.from_bytes(head[at + 1 : at + 3], "big") & mask
    for count in range(1, _FRAMES + 1):
        length = frame(head, at)
        if not length or int.from_bytes(head[at + 1 : at + 3], "big") & mask != kind:
            return False
        at += length
        if whole and at == len(head):
            return count >= 2
    return True


def _text(head: bytes) -> str:
    """What kind of text it is; an empty string when it is none."""
    bare = head.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\f")
    for pattern, name in _TEXTS:
        if pattern.match(bare[:4096]):
            return name
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"} and head[2:200].count(0) > len(head[2:200]) // 4:
        return "text"
    return "text" if all(byte in _TEXT for byte in head[:4096]) and _is_utf8(head) else ""


def _is_utf8(head: bytes) -> bool:
    try:
        head[:4096].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > 4090  # a letter cut in two
    return True


def _known(head: bytes) -> str:
    for magic, name in _KNOWN:
        if head.startswith(magic):
            return name
    return ""


def _other(head: bytes) -> str:
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return "an MPEG transport stream"
    if not head.strip(b"\0"):
        return "nothing but zero bytes"
    return "no format that podkit knows"
