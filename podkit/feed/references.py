"""What `&` means in XML that is broken: names of HTML, signs that stand for nothing, forbidden characters.

libxml2 drops every `&amp;` and `&lt;` after the first fault of a document that it recovers, and with
them tags, links and parts of addresses and GUIDs; a number (`&#38;`) it always reads.
"""

from __future__ import annotations

import re
from html.entities import html5

_LITERAL = re.compile(rb"<!\[CDATA\[|<!--|<\?")
_ENDS = {b"<![CDATA[": b"]]>", b"<!--": b"-->", b"<?": b"?>"}
_REFERENCE = re.compile(
    rb"&(?:#([0-9]{1,7});|#[xX]([0-9A-Fa-f]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?"
)
# XML 1.0, section 2.2: control characters, U+FFFE and U+FFFF.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
MOST = 2_000_000
"""References in one document; a feed that has more is read as it stands."""

_XML = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})


def as_numbers(text: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The document with every reference as a number that any parser reads, and what was wrong.

    Comments, CDATA sections and processing instructions stay as they are, but for characters that
    XML forbids everywhere.

    Args:
        text: the document in UTF-8.
    """
    if text.count(b"&") > MOST:
        return text, ()
    clean, forbidden = _without_forbidden(text)
    numbers = _Numbers()
    parts: list[bytes] = []
    at = 0
    while (found := _LITERAL.search(clean, at)) is not None:
        parts.append(_REFERENCE.sub(numbers.replace, clean[at : found.start()]))
        end = clean.find(_ENDS[found[0]], found.end())
        at = len(clean) if end < 0 else end
        parts.append(clean[found.start() : at])
    parts.append(_REFERENCE.sub(numbers.replace, clean[at:]))
    why = (
        (numbers.bare, "& stands alone in it, where &amp; is right, {} times; it is read as &"),
        (
            numbers.named,
            "names of HTML stand in it, such as &nbsp;, {} times; they are read as HTML has them",
        ),
        (forbidden + numbers.forbidden, "what XML forbids is left out of it (characters: {})"),
    )
    return b"".join(parts), tuple(words.format(count) for count, words in why if count)


def _without_forbidden(text: bytes) -> tuple[bytes, int]:
    clean = text.translate(None, _CONTROLS)
    count = len(text) - len(clean)
    for none in _NO_CHARACTERS:
        count += clean.count(none)
        clean = clean.replace(none, b"")
    return clean, count


class _Numbers:
    """Replaces references, and counts those that were none."""

    def __init__(self) -> None:
        self.bare = self.named = self.forbidden = 0
        self._known = {name: b"&#%d;" % ord(html5[f"{name.decode()};"]) for name in _XML}

    def replace(self, found: re.Match[bytes]) -> bytes:
        """What stands in the place of a reference."""
        known = self._known.get(found[3])
        if known is not None:
            return known
        number = _number(found)
        if number:
            self.named += found[3] is not None
            return number
        if found[1] or found[2]:
            self.forbidden += 1
            return b""
        self.bare += 1
        return b"&#38;" + found[0][1:]


def _number(found: re.Match[bytes]) -> bytes:
    """The reference as a number; empty when it stands for nothing that XML may hold."""
    if found[3] is not None:
        signs = html5.get(found[3].decode() + ";", "")
        return b"".join(b"&#%d;" % ord(sign) for sign in signs)
    code = int(found[1]) if found[1] else int(found[2], 16) if found[2] else 0
    legal = code in {9, 10, 13} or 32 <= code < 0xD800 or 0xE000 <= code < 0xFFFE
    return b"&#%d;" % code if legal or 0x10000 <= code < 0x110000 else b""
