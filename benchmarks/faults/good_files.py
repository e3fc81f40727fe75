"""Media files as encoders write them, in more than two hundred ways, none of them damaged."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from podkit.media import tools

_CODECS: dict[str, tuple[tuple[str, ...], ...]] = {
    "mp3": (
        ("-c:a", "libmp3lame", "-b:a", "128k"),
        ("-c:a", "libmp3lame", "-q:a", "2"),
        ("-c:a", "libmp3lame", "-b:a", "64k", "-write_xing", "0"),
        ("-c:a", "libmp3lame", "-q:a", "5", "-write_xing", "0", "-id3v2_version", "0"),
        ("-c:a", "libmp3lame", "-abr", "1", "-b:a", "96k", "-write_id3v1", "1"),
    ),
    "m4a": (
        ("-c:a", "aac"),
        ("-c:a", "aac", "-movflags", "+faststart"),
        ("-c:a", "alac"),
        ("-c:a", "aac", "-movflags", "+frag_keyframe+empty_moov", "-frag_duration", "200000"),
        ("-c:a", "aac", "-movflags", "+dash+skip_trailer+delay_moov", "-frag_duration", "500000"),
    ),
    "mov": (("-c:a", "pcm_s16le"), ("-c:a", "pcm_s24be", "-movflags", "+faststart")),
    "ogg": (("-c:a", "libvorbis"), ("-c:a", "libvorbis", "-q:a", "8"), ("-c:a", "flac")),
    "opus": (
        ("-c:a", "libopus", "-ar", "48000"),
        ("-c:a", "libopus", "-ar", "48000", "-page_duration", "20000"),
    ),
    "flac": (
        ("-c:a", "flac"),
        ("-c:a", "flac", "-sample_fmt", "s32", "-bits_per_raw_sample", "24"),
        ("-c:a", "flac", "-compression_level", "0", "-frame_size", "512"),
    ),
    "wav": (
        ("-c:a", "pcm_s16le"),
        ("-c:a", "pcm_u8"),
        ("-c:a", "pcm_s24le"),
        ("-c:a", "pcm_f32le"),
        ("-c:a", "pcm_mulaw"),
        ("-c:a", "adpcm_ms"),
        ("-c:a", "pcm_s16le", "-rf64", "always"),
        ("-c:a", "pcm_s16le", "-rf64", "auto", "-write_bext", "1"),
    ),
    "aiff": (("-c:a", "pcm_s16be"), ("-c:a", "pcm_s24be"), ("-c:a", "pcm_s16le")),
    "mka": (
        ("-c:a", "libopus", "-ar", "48000"),
        ("-c:a", "flac"),
        ("-c:a", "libvorbis", "-live", "1"),
        ("-c:a", "libmp3lame", "-cluster_time_limit", "300"),
    ),
    "webm": (("-c:a", "libopus", "-ar", "48000"), ("-c:a", "libvorbis", "-live", "1")),
    "aac": (("-c:a", "aac", "-f", "adts"), ("-c:a", "aac", "-f", "adts", "-b:a", "48k")),
}
_LENGTHS = (0.3, 1.0, 4.7)
_RATES = {0.3: "44100", 1.0: "48000", 4.7: "22050"}
_PIPED = ("mp3", "ogg", "opus", "flac", "wav", "mka", "webm", "aac")
_FORMATS = {"mka": "matroska", "aac": "adts", "m4a": "ipod"}
_VIDEO: dict[str, tuple[str, ...]] = {
    "mp4": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-movflags", "+faststart"),
    "mov": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "pcm_s16le"),
    "mkv": ("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "flac"),
    "webm": ("-c:v", "libvpx", "-c:a", "libopus", "-ar", "48000"),
    "ogv.ogg": ("-c:v", "libtheora", "-c:a", "libvorbis"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Good:
    """One whole file: where it lies, and what is to be known of it."""

    path: Path
    kind: str
    note: str = ""


def binaries() -> dict[str, str]:
    """The bundled ffmpeg, and the system's where there is one."""
    found = {"bundled": tools.find_ffmpeg().path}
    if system := shutil.which("ffmpeg"):
        found["system"] = system
    return found


def make(binary: str, *arguments: object, to: Path | None = None) -> bool:
    """Run ffmpeg; whether it could. With `to` its stdout becomes that file."""
    argv = [binary, "-nostdin", "-hide_banner", "-v", "error", "-y", *map(str, arguments)]
    done = subprocess.run(argv, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    if to is not None and done.returncode == 0:
        to.write_bytes(done.stdout)
    return done.returncode == 0


def sound(seconds: float, rate: str = "48000") -> tuple[str, ...]:
    """An input with something like two voices over noise."""
    left = "0.3*sin(2*PI*160*t)*abs(sin(2*PI*2.3*t))+0.02*(random(0)-0.5)"
    right = "0.2*sin(2*PI*700*t)*abs(sin(2*PI*1.1*t))+0.02*(random(1)-0.5)"
    return ("-f", "lavfi", "-i", f"aevalsrc={left}|{right}:s={rate}:d={seconds}")


def good_files(folder: Path) -> Iterator[Good]:
    """Every file, one after the other; what an ffmpeg cannot make is left out."""
    yield from _plain(folder)
    yield from _piped(folder)
    yield from _films(folder)
    yield from _altered(folder)


def _plain(folder: Path) -> Iterator[Good]:
    for origin, binary in binaries().items():
        for kind, codecs in _CODECS.items():
            for number, options in enumerate(codecs):
                for seconds in _LENGTHS:
                    path = folder / f"{origin}-{number}-{seconds}.{kind}"
                    rate = () if "-ar" in options else ("-ar", _RATES[seconds])
                    if make(binary, *sound(seconds), *rate, *options, path):
                        yield Good(path=path, kind=kind, note=" ".join(options))


def _piped(folder: Path) -> Iterator[Good]:
    """Written to a pipe, where no header can be completed afterwards."""
    for origin, binary in binaries().items():
        for kind in _PIPED:
            path = folder / f"{origin}-piped.{kind}"
            options = [*_CODECS[kind][0], "-f", _FORMATS.get(kind, kind), "-"]
            if make(binary, *sound(2.3), "-ar", "48000", *options, to=path):
                yield Good(path=path, kind=kind, note="piped")


def _films(folder: Path) -> Iterator[Good]:
    pictures = ("-f", "lavfi", "-i", "testsrc=s=160x120:r=25:d=2")
    for origin, binary in binaries().items():
        for kind, options in _VIDEO.items():
            for seconds in (1.7, 2.2):  # sound that ends before the pictures, and after
                path = folder / f"{origin}-film-{seconds}.{kind}"
                if make(binary, *pictures, *sound(seconds), *options, path):
                    yield Good(path=path, kind=path.suffix[1:], note="film")


def _altered(folder: Path) -> Iterator[Good]:
    """What other programs leave behind: tags at the end, odd sizes, joined files."""
    binary = binaries()["bundled"]
    bare: dict[str, bytes] = {}
    for kind in ("mp3", "wav", "ogg", "opus", "flac", "aac", "m4a", "mka"):
        path = folder / f"bare.{kind}"
        if make(binary, *sound(2.0), *_CODECS[kind][0], path):
            bare[kind] = path.read_bytes()
    tail = {"id3v1": b"TAG" + bytes(124) + b"\xff", "ape": _ape(), "zeros": bytes(2000)}
    tail["ape-id3v1"] = tail["ape"] + tail["id3v1"]
    tail["lyrics"] = b"LYRICSBEGIN" + b"IND0000200" + b"000021" + b"LYRICS200"
    made = {
        **{f"{name}.mp3": bare["mp3"] + end for name, end in tail.items()},
        **{f"{name}.aac": bare["aac"] + tail[name] for name in ("id3v1", "ape")},
        "id3v1.flac": bare["flac"] + tail["id3v1"],
        "joined.mp3": bare["mp3"] * 2,
        "joined.aac": bare["aac"] * 2,
        "joined.ogg": bare["ogg"] + _reserialled(bare["ogg"]),
        "joined.opus": bare["opus"] + _reserialled(bare["opus"]),
        "zeros.m4a": bare["m4a"] + bytes(2000),
        "free.m4a": bare["m4a"] + struct.pack(">I4s", 1008, b"free") + bytes(1000),
        "list.wav": _complete(
            bare["wav"] + b"LIST" + struct.pack("<I", 26) + b"INFOIART" + bytes(18)
        ),
        "odd.wav": _complete(bare["wav"] + b"junk" + struct.pack("<I", 5) + b"12345"),
        "rubbish.wav": bare["wav"] + bytes(999),
        "off-by-eight.wav": _with_riff(bare["wav"], len(bare["wav"])),
        **{f"{name}.wav": _unknown(bare["wav"], size) for name, size in _UNKNOWN.items()},
    }
    for name, content in made.items():
        path = folder / f"altered-{name}"
        path.write_bytes(content)
        yield Good(path=path, kind=path.suffix[1:], note=name)


# What programs leave in a header that they could not complete, as (RIFF, data) sizes.
_UNKNOWN = {
    "all-ones": (0xFFFFFFFF, 0xFFFFFFFF),
    "zero": (0, 0),
    "espeak": (0x7FFFF024, 0x7FFFF000),
    "arecord": (0x80000024, 0x80000000),
    "two-gigabytes": (0x7FFFFFFF, 0x7FFFFFDB),
}


def _complete(content: bytes) -> bytes:
    return _with_riff(content, len(content) - 8)


def _with_riff(content: bytes, size: int) -> bytes:
    return content[:4] + struct.pack("<I", size) + content[8:]


def _unknown(content: bytes, sizes: tuple[int, int]) -> bytes:
    at = content.index(b"data") + 4
    content = content[:at] + struct.pack("<I", sizes[1]) + content[at + 4 :]
    return _with_riff(content, sizes[0])


def _ape() -> bytes:
    """An APEv2 tag with header and footer and one item."""
    item = struct.pack("<II", 5, 0) + b"Title\0Hello"
    size = len(item) + 32
    ends = [
        b"APETAGEX" + struct.pack("<IIII", 2000, size, 1, flags) + bytes(8)
        for flags in (0xA0000000, 0x80000000)
    ]
    return ends[0] + item + ends[1]


def _reserialled(content: bytes) -> bytes:
    """The same Ogg stream under another serial number, its checksums made new."""
    made, at = bytearray(content), 0
    while at < len(made):
        length = 27 + made[at + 26] + sum(made[at + 27 : at + 27 + made[at + 26]])
        made[at + 14 : at + 18] = b"\x12\x34\x56\x78"
        made[at + 22 : at + 26] = bytes(4)
        made[at + 22 : at + 26] = struct.pack("<I", _ogg_checksum(bytes(made[at : at + length])))
        at += length
    return bytes(made)


def _ogg_checksum(page: bytes) -> int:
    """RFC 3533, section 6: polynomial 0x04C11DB7, nothing reflected, nothing inverted."""
    value = 0
    for byte in page:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ (0x04C11DB7 if value & 0x80000000 else 0)) & 0xFFFFFFFF
    return value
