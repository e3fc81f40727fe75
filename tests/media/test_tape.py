"""A WAV file's samples are taken where they lie, exactly, or the file is left to a decoder."""

from __future__ import annotations

import os
import struct
import tracemalloc

import media_sounds as sounds
import pytest
from hypothesis import given
from hypothesis import strategies as st

from podkit.errors import FileError
from podkit.media.tape import Tape, of_wav

PLAIN = {"s16le": (1, 16), "s24le": (1, 24), "s32le": (1, 32), "f32le": (3, 32)}
GUID = bytes.fromhex("000000001000800000aa00389b71")


def fmt(codec="s16le", channels=2, rate=44_100, **over: int) -> bytes:
    """The body of a `fmt ` chunk."""
    tag, bits = PLAIN[codec]
    block = channels * bits // 8
    said = {"tag": tag, "channels": channels, "rate": rate, "block": block, "bits": bits, **over}
    return struct.pack(
        "<HHIIHH", said["tag"], said["channels"], said["rate"], said["rate"] * said["block"],
        said["block"], said["bits"],
    )  # fmt: skip


def chunk(name: bytes, body: bytes, length: int | None = None) -> bytes:
    said = len(body) if length is None else length
    return name + struct.pack("<I", said) + body + b"\0" * (len(body) % 2)


def wav(path, *chunks: bytes, form=b"RIFF"):
    body = b"WAVE" + b"".join(chunks)
    path.write_bytes(form + struct.pack("<I", len(body) & 0xFFFFFFFF) + body)
    return path


def sound(count: int, codec="s16le", channels=2) -> bytes:
    return bytes(n % 251 for n in range(count * channels * int(codec[1:3]) // 8))


def taken(tape: Tape) -> bytes:
    content = tape.path.read_bytes()
    return content[tape.start : tape.start + tape.samples * tape.frame_bytes]


@pytest.mark.parametrize("codec", PLAIN)
@pytest.mark.parametrize("channels", [1, 2])
def test_plain_samples_are_found(tmp_path, codec, channels):
    """16, 24 and 32 bits and floating point, mono and stereo: every sample, and nothing else."""
    held = sound(1000, codec, channels)
    path = wav(
        tmp_path / "x.wav", chunk(b"fmt ", fmt(codec, channels, 48_000)), chunk(b"data", held)
    )
    tape = of_wav(path)
    assert tape is not None
    assert (tape.samples, tape.rate, tape.channels, tape.codec) == (1000, 48_000, channels, codec)
    assert tape.duration == 1000 / 48_000
    assert taken(tape) == held


@pytest.mark.parametrize("codec", PLAIN)
def test_extensible_headers(tmp_path, codec):
    """WAVE_FORMAT_EXTENSIBLE says the format in the first bytes of its GUID."""
    tag, bits = PLAIN[codec]
    more = struct.pack("<HHI", 22, bits, 3) + struct.pack("<H", tag) + GUID
    shape = fmt(codec, tag=0xFFFE) + more
    held = sound(50, codec)
    tape = of_wav(wav(tmp_path / "x.wav", chunk(b"fmt ", shape), chunk(b"data", held)))
    assert tape is not None
    assert (tape.codec, taken(tape)) == (codec, held)


def test_chunks_of_odd_sizes_before_and_after(tmp_path):
    """A list of an odd size is padded to an even one; what follows the samples is no sound."""
    held = sound(99)
    path = wav(
        tmp_path / "x.wav",
        chunk(b"LIST", b"INFOIART\x03\0\0\0abc"),
        chunk(b"fmt ", fmt() + b"\0\0\0"),
        chunk(b"bext", b"x" * 603),
        chunk(b"data", held),
        chunk(b"LIST", b"INFO"),
    )
    tape = of_wav(path)
    assert tape is not None
    assert taken(tape) == held


def test_rf64(tmp_path):
    """RF64 has the length of the samples in its ds64 chunk (EBU Tech 3306)."""
    held = sound(500)
    sizes = struct.pack("<QQQI", 0, len(held), 500, 0)
    path = wav(
        tmp_path / "x.wav",
        chunk(b"ds64", sizes),
        chunk(b"fmt ", fmt()),
        chunk(b"data", held, length=0xFFFFFFFF),
        chunk(b"LIST", b"INFO"),
        form=b"RF64",
    )
    tape = of_wav(path)
    assert tape is not None
    assert taken(tape) == held


def test_rf64_by_ffmpeg(tmp_path, speech):
    """What ffmpeg writes as RF64 has the samples that it decodes to."""
    path = tmp_path / "x.wav"
    sounds.make("-i", speech, "-rf64", "always", path)
    tape = of_wav(path)
    assert tape is not None
    assert tape.samples == sounds.samples(speech)


@pytest.mark.parametrize("said", [0xFFFFFFFF, 0x7FFFFFFF, 4001 * 4])
def test_a_length_beyond_the_file_ends_with_it(tmp_path, said):
    """A file written to a pipe, or cut off, has the samples that are there."""
    held = sound(100)
    path = wav(tmp_path / "x.wav", chunk(b"fmt ", fmt()), chunk(b"data", held, length=said))
    tape = of_wav(path)
    assert tape is not None
    assert (tape.samples, taken(tape)) == (100, held)


def test_a_sample_that_is_cut_does_not_count(tmp_path):
    """Half of the last sample of all channels is no sample."""
    path = wav(tmp_path / "x.wav", chunk(b"fmt ", fmt("s24le")), chunk(b"data", sound(9, "s24le")))
    os.truncate(path, path.stat().st_size - 2)
    tape = of_wav(path)
    assert tape is not None
    assert tape.samples == 8


@pytest.mark.parametrize(
    "chunks",
    [
        [],
        [chunk(b"data", b"1234" * 9)],
        [chunk(b"fmt ", fmt()[:12]), chunk(b"data", b"1234" * 9)],
        [chunk(b"fmt ", fmt())],
        [chunk(b"fmt ", fmt()), chunk(b"data", b"")],
        [chunk(b"fmt ", fmt()), chunk(b"data", b"12")],
        [chunk(b"fmt ", fmt(tag=2)), chunk(b"data", b"1234" * 9)],
        [chunk(b"fmt ", fmt(bits=8, block=2)), chunk(b"data", b"1234" * 9)],
        [chunk(b"fmt ", fmt(tag=3, bits=64, block=16)), chunk(b"data", b"1234" * 9)],
        [chunk(b"fmt ", fmt(channels=6)), chunk(b"data", b"1234" * 9)],
        [chunk(b"fmt ", fmt(channels=0)), chunk(b"data", b"1234" * 9)],
        [chunk(b"fmt ", fmt(rate=0)), chunk(b"data", b"1234" * 9)],
        [chunk(b"fmt ", fmt(block=6)), chunk(b"data", b"1234" * 9)],
        [chunk(b"fmt ", fmt(), length=0xFFFFFFF0), chunk(b"data", b"1234" * 9)],
        [chunk(b"junk", b"") * 100, chunk(b"fmt ", fmt()), chunk(b"data", b"1234" * 9)],
    ],
)
def test_what_is_not_plain_is_left_to_a_decoder(tmp_path, chunks):
    """Other codecs, more channels, contradictions and endless lists of chunks are no tape."""
    assert of_wav(wav(tmp_path / "x.wav", *chunks)) is None


def test_other_files_are_no_tape(tmp_path, containers):
    """Neither is what only begins like a WAV file."""
    assert of_wav(containers["mp3"]) is None
    assert of_wav(wav(tmp_path / "x.wav", chunk(b"fmt ", fmt()), form=b"RIFX")) is None
    (tmp_path / "short.wav").write_bytes(b"RIFF\0\0")
    assert of_wav(tmp_path / "short.wav") is None
    with pytest.raises(FileError):
        of_wav(tmp_path / "nothing.wav")


def test_a_header_that_claims_gigabytes_takes_no_memory(tmp_path):
    """However large a chunk says it is, and is, no more of it is read than can be a header."""
    path = wav(tmp_path / "x.wav", chunk(b"fmt ", fmt(), length=1 << 30))
    os.truncate(path, (1 << 30) + 1000)  # sparse
    tracemalloc.start()
    of_wav(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20


@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory, tail):
    """Whatever follows the first twelve bytes: a tape that lies in the file, or none."""
    path = tmp_path_factory.mktemp("any") / "x.wav"
    path.write_bytes(b"RIFF\0\0\0\0WAVE" + tail)
    tape = of_wav(path)
    if tape is not None:
        assert tape.start + tape.samples * tape.frame_bytes <= path.stat().st_size
