"""Bodies that were packed for the way: unpacked a little at a time, and only if they are whole."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from podkit.errors import FormatError, TryAgainError
from podkit.model.text import display

_PIECE: Final = 1 << 20  # bytes that are unpacked at once, however much a small chunk may hold
_GZIP, _ZLIB = 31, 15  # zlib's window bits


def is_packed(encoding: str) -> bool:
    """Whether a Content-Encoding says that the bytes are not the thing itself."""
    return encoding.strip().lower() not in {"", "identity"}


def unpacked(chunks: Iterator[bytes], encoding: str, limit: int) -> Iterator[bytes]:
    """The bytes as they were before packing, never more at once than a little.

    Args:
        chunks: as they came.
        encoding: the Content-Encoding.
        limit: bytes of what comes; that of what it unpacks to is kept by who reads on.

    Raises:
        FormatError: nobody asked for that packing, it is faulty, or more came than the limit.
        TryAgainError: the end is missing.
    """
    if not is_packed(encoding):
        yield from chunks
        return
    name = encoding.strip().lower()
    if name not in {"gzip", "x-gzip", "deflate"}:
        raise FormatError(f"it is packed in a way that nobody asked for ({display(name[:40])})")
    wbits = _GZIP if "gzip" in name else _ZLIB
    unpacker = zlib.decompressobj(wbits)
    sent = 0
    for chunk in chunks:
        sent += len(chunk)
        if sent > limit:
            raise FormatError(f"it is larger than {limit >> 20} MB")
        rest, more = chunk, False
        while rest or more:
            if unpacker.eof:  # gzip may have several members one after the other (RFC 1952, 2.2)
                if not rest.strip(b"\0"):
                    break
                unpacker = zlib.decompressobj(wbits)
            try:
                piece = unpacker.decompress(rest, _PIECE)
            except zlib.error as error:
                raise FormatError("it cannot be unpacked: it is no sound gzip") from error
            yield piece
            more = len(piece) == _PIECE and not unpacker.eof  # it may hold back what did not fit
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    if not unpacker.eof:
        raise TryAgainError("it ends before its packing does")
