"""Whether the last frame of an MP3 or ADTS file is whole, and whether all that its header counts came."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING

from podkit.media.sniff import ADTS_ALIKE, MPEG_ALIKE, adts_frame, after_id3, is_chain, mpeg_frame

if TYPE_CHECKING:
    from collections.abc import Callable

_WINDOW = 1 << 20
_GLANCE = 32 << 10  # a dozen of the largest frames, and the usual tags behind them
_LEAD = 64 << 10
_BLOCK = 64 << 10
_HEAD = 16
_SHORTEST = 8  # bytes of which a frame's header may be a part
_LYRICS = 64 << 10
_APE_HEADER = 32
_EXACT = (b"LAME", b"Lavf", b"Lavc")  # writers of Xing headers whose count of bytes is right
_BEHIND_XING = 120  # from "Xing" to the writer's name (LAME tag, revision 1)


def mp3_fault(stream: IO[bytes], size: int) -> str:
    """What an MP3 file lacks: bytes that its Xing header counts, or the end of its last frame."""
    return _short_of_xing(stream, size) or _tail(stream, size, mpeg_frame, MPEG_ALIKE)


def mp3_doubt(stream: IO[bytes], size: int) -> str:
    """The same by a look at the last frames only: other programs cut as well, and say nothing."""
    return _short_of_xing(stream, size) or _tail(
        stream, size, mpeg_frame, MPEG_ALIKE, window=_GLANCE
    )


def begins_a_frame(head: bytes) -> bool:
    """Whether the first bytes are those of an MPEG audio frame."""
    return mpeg_frame(head, 0) > 0


def adts_fault(stream: IO[bytes], size: int) -> str:
    """What bare AAC lacks: the end of its last frame (ISO/IEC 13818-7, 6.2)."""
    return _tail(stream, size, adts_frame, ADTS_ALIKE)


def mp3_tags(stream: IO[bytes], size: int) -> int:
    """How many tags stand between and behind the frames; 0 when anything else does."""
    return _tags(stream, size, mpeg_frame, MPEG_ALIKE)


def adts_tags(stream: IO[bytes], size: int) -> int:
    """Likewise of bare AAC."""
    return _tags(stream, size, adts_frame, ADTS_ALIKE)


def _short_of_xing(stream: IO[bytes], size: int) -> str:
    """Xing and Info headers count the bytes from the first frame on (flag 2)."""
    begins = _begins(stream)
    stream.seek(begins)
    frame = stream.read(_LEAD)
    at = next((i for i in map(frame.find, (b"Xing", b"Info")) if 0 <= i < 200), -1)
    if at < 0:
        return ""
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    count = at + (12 if flags & 1 else 8)
    if not flags & 2:
        return ""
    missing = int.from_bytes(frame[count : count + 4], "big") - (size - begins)
    writer = frame[at + _BEHIND_XING : at + _BEHIND_XING + 4]
    if missing > (0 if writer in _EXACT else begins):  # others count a tag in front, too
        return f"its last {missing} bytes are missing"
    return ""


def _begins(stream: IO[bytes]) -> int:
    stream.seek(0)
    return after_id3(stream, stream.read(10))


def _tail(
    stream: IO[bytes],
    size: int,
    frame: Callable[[bytes, int], int],
    mask: int,
    *,
    window: int = _WINDOW,
) -> str:
    """Follow the last frames to the end."""
    begins = _first(stream, max(_begins(stream), size - window), frame, mask)
    return "" if begins < 0 else _followed(stream, begins, size, frame)[0]


def _tags(stream: IO[bytes], size: int, frame: Callable[[bytes, int], int], mask: int) -> int:
    begins = _first(stream, _begins(stream), frame, mask)
    if begins < 0:
        return 0
    fault, tags, rest = _followed(stream, begins, size, frame)
    return 0 if fault or rest else tags


def _first(stream: IO[bytes], start: int, frame: Callable[[bytes, int], int], mask: int) -> int:
    """Where the first frame begins at or after `start`; -1 when none does soon."""
    stream.seek(start)
    block = stream.read(2 * _LEAD)
    at = block.find(b"\xff")
    while 0 <= at < _LEAD:
        if is_chain(block, at, frame, mask=mask, whole=True):
            return start + at
        at = block.find(b"\xff", at + 1)
    return -1


def _followed(
    stream: IO[bytes], at: int, size: int, frame: Callable[[bytes, int], int]
) -> tuple[str, int, int]:
    """From frame to frame: what is cut, how many tags were met, bytes that are neither."""
    tags = 0
    block, begins = b"", at  # frames are short: many are looked at for one reading
    while at < size:
        if at + _HEAD > begins + len(block):
            stream.seek(at)
            block, begins = stream.read(_BLOCK), at
        length, part = frame(block, at - begins), "frame"
        if not length:
            length, part = _tag(stream, at, block[at - begins : at - begins + _HEAD]), "tag"
            tags += bool(length)
        if not length:
            return _rest(stream, at, size, tags)
        if at + length > size:
            return f"the last {at + length - size} bytes of its last {part} are missing", tags, 0
        at += length
    return "", tags, 0


def _rest(stream: IO[bytes], at: int, size: int, tags: int) -> tuple[str, int, int]:
    """What stands where neither a frame nor a tag does."""
    stream.seek(at)
    rest = stream.read(_WINDOW)
    if not rest.strip(b"\0"):
        return "", tags + 1, 0  # padding
    if size - at < _SHORTEST and rest[0] == 0xFF:
        return "its last frame is cut", tags, 0
    return "", tags, size - at


def _tag(stream: IO[bytes], at: int, head: bytes) -> int:
    """The length of the ID3v2, ID3v1, APE or Lyrics3 tag that begins here; 0 when none does."""
    if head[:3] == b"ID3":
        stream.seek(at)
        return after_id3(stream, head[:10], at) - at
    if head[:3] == b"TAG":
        return 128
    if head[:8] == b"APETAGEX":
        return _APE_HEADER + int.from_bytes(head[12:16], "little")
    if head[:11] == b"LYRICSBEGIN":
        stream.seek(at)
        text = stream.read(_LYRICS)
        found = max(text.find(b"LYRICS200"), text.find(b"LYRICSEND"))
        return found + 9 if found > 0 else 0
    return 0
