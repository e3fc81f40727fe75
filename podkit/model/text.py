"""The text gate: what may be stored, what may be shown, what may be linked to."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urlsplit

# XML 1.0 (fifth edition) section 2.2, production Char, less the C1 controls it discourages.
_ILLEGAL = "[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_NONCHARACTER = (
    "[\ufdd0-\ufdef]|["
    + "".join(chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(1, 17))
    + "]"
)
# Bidirectional overrides and isolates, zero-width marks, separators: they make text lie on screen.
_DECEIVING = frozenset(
    "\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)

# What the gate changes at all, but for characters that NFC composes. One class is quick to search.
_TOUCHED = re.compile(
    "[^\t\n\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\ufefe\uff00-\ufffd"
    + "".join(f"{chr(plane << 16)}-{chr(plane << 16 | 0xFFFD)}" for plane in range(1, 17))
    + "]"
)

LINK_SCHEMES = frozenset(["http", "https", "mailto"])
MEDIA_SCHEMES = frozenset(["http", "https"])


def clean(text: str) -> str:
    r"""Text as podkit stores it: NFC, legal in XML, `\n` line ends, no control characters."""
    ascii_only = text.isascii()
    if (ascii_only and text.isprintable()) or _TOUCHED.search(text) is None:  # nearly always
        return text if ascii_only else unicodedata.normalize("NFC", text)
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    legal = re.sub(_NONCHARACTER, "", re.sub(_ILLEGAL, "", unified))
    return unicodedata.normalize("NFC", legal.replace("\ufeff", ""))


def clean_line(text: str) -> str:
    """Clean text on one line: runs of white space become one space, ends are trimmed."""
    return " ".join(clean(text).split())


def is_clean(text: str) -> bool:
    """Whether the gate would let the text through as it is."""
    return clean(text) == text


def display(text: object) -> str:
    r"""Text that is safe in a terminal and on one line of a log.

    Control characters, terminal escapes and characters that reorder text are written as `\xNN` or
    `\uNNNN`; bytes that were no UTF-8 (surrogate escapes) as `\xNN`. Printable text stays.
    """
    said = str(text)
    if said.isascii() and said.isprintable():  # nearly always, and fifty times faster
        return said
    return "".join(map(_visible, said))


def _visible(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # os.fsdecode keeps an undecodable byte so
        return f"\\x{code - 0xDC00:02x}"
    if char.isprintable() and char not in _DECEIVING:
        return char
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def is_safe_url(url: str, schemes: frozenset[str] = LINK_SCHEMES) -> bool:
    """Whether it is an absolute URL of an allowed scheme, without white space or controls."""
    if " " in url or not url.isprintable():  # of all white space only that is printable
        return False
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme.lower() not in schemes:
        return False
    return bool(parts.netloc) or (parts.scheme.lower() == "mailto" and "@" in parts.path)


def truncate_bytes(text: str, limit: int) -> str:
    """As much of the text as fits into `limit` bytes of UTF-8, cut between words, with an ellipsis."""
    if len(text.encode()) <= limit:
        return text
    room = limit - len("…".encode())
    cut = text.encode()[: max(room, 0)].decode(errors="ignore")
    words = cut.rsplit(None, 1)
    near = any(c.isspace() for c in cut[len(cut) // 2 :])
    return (words[0] if near and words else cut).rstrip() + "…"
