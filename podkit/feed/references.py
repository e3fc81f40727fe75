"""What `&` means in XML that is broken: names of HTML, signs that stand for nothing, forbidden characters.

libxml2 drops every `&amp;` and `&lt;` after the first fault of a document that it recovers, and with
them tags, links and parts of addresses and GUIDs; a number (`&#38;`) it always reads.
"""

from __future__ import annotations

import re
from html.entities import html5

_POINT = re.compile(
    rb"<!\[CDATA\[|<!--|<\?|&(?:#([0-9]{1,7});|#[xX]([0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?"
)
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")  # XML 1.0, 2.2
_XML = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def as_numbers(text: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The document with every reference as a number that any parser reads, and what was wrong.

    Comments, CDATA sections and processing instructions stay as they are, but for characters that
    XML forbids everywhere.

    Args:
        text: the document in UTF-8.
    """
    clean, forbidden = _FORBIDDEN.subn(b"", text)
    parts: list[bytes] = []
    named = bare = at = 0
    while (found := _POINT.search(clean, at)) is not None:
        parts.append(clean[at : found.start()])
        closing = _ENDS.get(found[0])
        if closing is not None:
            end = clean.find(closing, found.end())
            at = len(clean) if end < 0 else end + len(closing)
            parts.append(clean[found.start() : at])
            continue
        at = found.end()
        number = _number(found)
        if number:
            named += found[3] is not None and found[3] not in _XML
        elif found[1] or found[2]:
            forbidden += 1
        else:
            bare += 1
            number = b"&#38;" + found[0][1:]
        parts.append(number)
    parts.append(clean[at:])
    why = (
        (bare, "& stands alone in it, where &amp; is right, {} times; it is read as &"),
        (
            named,
            "names of HTML stand in it, such as &nbsp;, {} times; they are read as HTML has them",
        ),
        (forbidden, "what XML forbids is left out of it (characters: {})"),
    )
    return b"".join(parts), tuple(words.format(count) for count, words in why if count)


def _number(found: re.Match[bytes]) -> bytes:
    """The reference as a number; empty when it stands for nothing that XML may hold."""
    if found[3] is not None:
        signs = html5.get(found[3].decode() + ";", "")
        return b"".join(b"&#%d;" % ord(sign) for sign in signs)
    code = int(found[1]) if found[1] else int(found[2], 16) if found[2] else 0
    legal = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    return b"&#%d;" % code if legal or 0x10000 <= code < 0x110000 else b""
