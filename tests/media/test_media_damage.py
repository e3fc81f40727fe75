"""A source whose end is missing, or that does not decode as it was written, is refused; no other is."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import struct

import media_sounds as sounds
import pytest

from podkit.errors import DamagedMediaError, MediaError, NotMediaError, PodkitError
from podkit.media import ends_flac, torn, verify
from podkit.media.probe import probe

KINDS = ("mp3", "m4a", "ogg", "opus", "flac", "wav", "aiff", "aac", "mka", "webm")


def check(tool, path) -> None:
    """What `add` and `transcode` ask of a source."""
    media = probe(path)
    verify.check_whole(verify.decode(tool, path), media, path)


def cut(source, path, size):
    shutil.copyfile(source, path)
    os.truncate(path, size)
    return path


@pytest.mark.parametrize("kind", KINDS)
def test_whole_files_are_taken(tool, containers, kind):
    """What an encoder wrote to its end is not refused."""
    check(tool, containers[kind])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.35, 0.8, 0.99, -3, -1])
def test_cut_files_are_refused(tool, containers, tmp_path, kind, part):
    """Without its last two thirds or its last byte: refused, whatever ffmpeg's exit status is."""
    size = containers[kind].stat().st_size
    path = cut(
        containers[kind], tmp_path / f"x.{kind}", int(size * part) if part > 0 else size + part
    )
    with pytest.raises(MediaError):
        check(tool, path)


@pytest.mark.parametrize("kind", ["mp3", "ogg", "opus", "flac", "wav", "aiff"])
def test_the_message_names_both_lengths(tool, containers, tmp_path, kind):
    """It says how many seconds there are and how many there should be, and what to type."""
    path = cut(containers[kind], tmp_path / f"x.{kind}", containers[kind].stat().st_size * 6 // 10)
    with pytest.raises(DamagedMediaError) as caught:
        check(tool, path)
    said = re.search(
        r"ends after ([\d.]+) s(?:, its header says ([\d.]+) s)?", caught.value.message
    )
    assert said is not None
    assert float(said[1]) < 0.85 * verify.decode(tool, containers[kind]).duration
    if kind not in {"ogg", "opus"}:  # which say only at their end how long they are
        assert float(said[2]) == pytest.approx(6.5, abs=0.3)
    assert "--allow-damaged" in caught.value.hint


def test_an_index_that_is_missing_is_named(containers, tmp_path):
    """A recording that was cut off before its index was written is no mystery."""
    path = cut(containers["m4a"], tmp_path / "x.m4a", containers["m4a"].stat().st_size // 2)
    with pytest.raises(NotMediaError, match=r"'m(dat|oov)'"):
        probe(path)


def altered(source, path, at, *, zeros=0):
    content = bytearray(source.read_bytes())
    content[at : at + max(zeros, 1)] = bytes(zeros) if zeros else bytes([content[at] ^ 0x10])
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", ["flac", "ogg", "opus"])
def test_one_flipped_bit_is_seen(tool, containers, tmp_path, kind):
    """What has checksums is proven by them: one bit of 20 kB or more is enough to be refused."""
    at = containers[kind].stat().st_size // 2
    with pytest.raises(DamagedMediaError):
        check(tool, altered(containers[kind], tmp_path / f"x.{kind}", at))


@pytest.mark.parametrize("kind", ["mp3", "aac", "flac", "ogg", "opus"])
def test_a_hole_of_zeros_is_seen(tool, containers, tmp_path, kind):
    """A block of zeros in the middle, as a failed download leaves one, is refused."""
    at = containers[kind].stat().st_size // 2
    with pytest.raises(DamagedMediaError):
        check(tool, altered(containers[kind], tmp_path / f"x.{kind}", at, zeros=4096))


def test_errors_are_counted(tool, containers, tmp_path):
    """A source with errors inside and its whole length is refused with their number."""
    content = bytearray(containers["mp3"].read_bytes())
    for at in range(len(content) // 3, len(content), 3001):
        content[at : at + 40] = b"\xaa" * 40
    path = tmp_path / "x.mp3"
    path.write_bytes(content)
    with pytest.raises(DamagedMediaError, match=r"\d+ errors? while decoding|header says"):
        check(tool, path)


def test_the_checksum_of_flac_is_that_of_the_sound(tool, speech, tmp_path):
    """The MD5 is compared at every sample size that has whole bytes; without one nothing is."""
    for bits in ("s16", "s32"):
        path = tmp_path / f"{bits}.flac"
        sounds.make("-i", speech, "-sample_fmt", bits, path)
        decoded, promised = verify.decode(tool, path), ends_flac.promise(path)
        assert decoded.md5 == promised.md5 != ""
        content = bytearray(path.read_bytes())
        content[26:42] = bytes(16)
        path.write_bytes(content)
        assert ends_flac.promise(path).arguments == ()
        check(tool, path)
        content[30] = 1
        path.write_bytes(content)
        with pytest.raises(DamagedMediaError, match="MD5"):
            check(tool, path)


TAILS = {
    "id3v1": b"TAG" + bytes(124) + b"\xff",
    "zeros": bytes(3000),
    "lyrics": b"LYRICSBEGIN" + b"IND0000200" + b"000021" + b"LYRICS200",
}


@pytest.mark.parametrize("tail", TAILS)
def test_tags_behind_the_sound_are_no_damage(tool, containers, tmp_path, tail):
    """ID3v1, Lyrics3 and padding behind the last frame, which a decoder stumbles over, are whole."""
    path = tmp_path / "x.mp3"
    path.write_bytes(containers["mp3"].read_bytes() + TAILS[tail])
    check(tool, path)
    if tail == "id3v1":
        os.truncate(path, path.stat().st_size - 40)
        with pytest.raises(DamagedMediaError, match="tag are missing"):
            check(tool, path)


def wav(sound: bytes, riff: int, size: int) -> bytes:
    layout = struct.pack("<HHIIHH", 1, 1, 16000, 32000, 2, 16)
    return (
        struct.pack("<4sI4s4sI", b"RIFF", riff, b"WAVE", b"fmt ", 16)
        + layout
        + struct.pack("<4sI", b"data", size)
        + sound
    )


@pytest.mark.parametrize(
    ("riff", "size", "good"),
    [
        (32036, 32000, True),
        (32044, 32000, True),  # eight too many, as some count
        (0xFFFFFFFF, 0xFFFFFFFF, True),
        (0, 0, True),
        (0x7FFFF024, 0x7FFFF000, True),
        (0x80000024, 0x80000000, True),
        (32136, 32100, False),
        (40036, 40000, False),
        (32536, 32000, False),  # a chunk behind the sound is missing
    ],
)
def test_sizes_in_a_wav(tool, tmp_path, riff, size, good):
    """Sizes that a pipe could not complete promise nothing; all others are kept to the byte."""
    path = tmp_path / "x.wav"
    path.write_bytes(wav(os.urandom(32000), riff, size))
    if good:
        check(tool, path)
        return
    with pytest.raises(DamagedMediaError, match="missing"):
        check(tool, path)


def test_a_wav_beyond_its_own_sizes(tool, tmp_path):
    """A WAV of more than 4 GiB whose sizes begin again at 0 is not taken for its short beginning."""
    path = tmp_path / "x.wav"
    path.write_bytes(wav(os.urandom(32000), 32036, 32000))
    os.truncate(path, (1 << 32) + 32044)
    with pytest.raises(DamagedMediaError, match="larger than the 4 GiB"):
        check(tool, path)


@pytest.mark.long
def test_a_wav_of_more_than_4_gib(tool, tmp_path):
    """RF64 (EBU Tech 3306) beyond 4 GiB is taken whole, and refused when it is cut."""
    size = (4 << 30) + (100 << 20)
    layout = struct.pack("<HHIIHH", 3, 8, 192_000, 192_000 * 32, 32, 32)
    head = struct.pack("<4sI4s4sI", b"RF64", 0xFFFFFFFF, b"WAVE", b"ds64", 28)
    head += struct.pack("<QQQI", size + 72, size, size // 32, 0)
    head += struct.pack("<4sI", b"fmt ", 16) + layout + struct.pack("<4sI", b"data", 0xFFFFFFFF)
    path = tmp_path / "x.wav"
    path.write_bytes(head)
    os.truncate(path, len(head) + size)
    check(tool, path)
    os.truncate(path, len(head) + size - 100_000)
    with pytest.raises(DamagedMediaError, match="100000 bytes of its sound are missing"):
        check(tool, path)


def test_a_chain_needs_its_last_end_only(tool, containers, tmp_path):
    """Joined Ogg streams are whole when the last one ends; a second one without an end is not."""
    content = containers["opus"].read_bytes()
    path = tmp_path / "x.opus"
    path.write_bytes(content + content)
    check(tool, path)
    path.write_bytes(content + content[: len(content) * 2 // 3])
    with pytest.raises(DamagedMediaError):
        check(tool, path)


def test_an_index_that_points_behind_the_end(tool, containers, tmp_path):
    """Sample tables are held against the size of the file, not only the boxes."""
    content = bytearray(containers["m4a"].read_bytes())
    at = content.index(b"stco") + 12
    last = at + 4 * (int.from_bytes(content[at - 4 : at], "big") - 1)
    content[last : last + 4] = struct.pack(">I", len(content) - 1)
    path = tmp_path / "x.m4a"
    path.write_bytes(content)
    with pytest.raises(MediaError, match="points"):
        check(tool, path)


@pytest.mark.parametrize("extension", ["mp3", "m4a", "ogg", "opus", "flac", "wav", "aiff", "mka"])
def test_a_look_for_tears_crashes_at_no_length(containers, tmp_path, extension):
    """Cut at any byte of its head or anywhere behind it, a file is judged in words; whole it is good."""
    whole = containers[extension].read_bytes()
    assert torn.doubt(containers[extension]) == ""
    path = tmp_path / f"cut.{extension}"
    for length in (*range(1, 700, 3), *range(700, len(whole), 9_001)):
        path.write_bytes(whole[:length])
        with contextlib.suppress(PodkitError):
            torn.doubt(path)
