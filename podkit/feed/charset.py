"""Which characters the bytes of an XML file are: byte order marks, the declared encoding, UTF-8.

And what they are where that is wrong: another program wrote the bytes than the first line.
"""

from __future__ import annotations

import codecs
import re

from podkit.errors import FormatError

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UNMARKED = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"))
_UTF8 = frozenset({"utf-8", "utf8"})
# Not character sets of documents: escapes, host names (decoding them is quadratic), the machine's own.
_REFUSED = frozenset(
    [
        "idna",
        "punycode",
        "unicode-escape",
        "raw-unicode-escape",
        "utf-7",
        "undefined",
        "mbcs",
        "oem",
    ]
)


def as_utf8(content: bytes) -> bytes:
    """The same document in UTF-8 without a byte order mark; its XML declaration stays as it is.

    Source: XML 1.0, appendix F. What says UTF-16 but is written in single bytes is taken for UTF-8.

    Raises:
        FormatError: the declared encoding is unknown, or the bytes are not in it.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            body = content[len(mark) :]
            return body if name == "utf-8" else _again(body, name)
    for start, name in _UNMARKED:
        if content.startswith(start):
            return _again(content, name)
    declared = _DECLARED.match(content)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name in _UTF8 or name.startswith(("utf-16", "utf-32", "ucs-")):
        return content
    return _again(content, name)


def as_said(content: bytes, told: str = "") -> tuple[bytes, tuple[str, ...]]:
    """The document in an encoding that its bytes are in, and what was wrong with the one it names.

    A document whose bytes are in the encoding that it names stays as it is, whatever the server
    says: servers have one for all files. Where they are not, the server's word counts (RFC 7303,
    section 3), then UTF-8. What is UTF-8 but for a few bytes loses those: a server that names
    Latin-1, in which any bytes can be read, is not asked about it.

    Args:
        content: its bytes.
        told: the encoding that the server names; empty when none does.

    Raises:
        FormatError: the bytes are in neither.
    """
    name = _named(content)
    if not name or (_reads(content, name) and not _is_utf8_after_all(content, name, told)):
        return content, ()
    text = content.decode(errors="replace")
    strange = text.count("\ufffd") - content.count(b"\xef\xbf\xbd")
    torn = _beyond_ascii(text) > 2 * strange  # more that only UTF-8 has than what it has not
    for other in ("utf-8",) if torn else (told, "utf-8"):
        if other and other.lower() != name and _reads(content, other):
            why = f"its bytes are in the encoding {other}, not in {name} as it says"
            return codecs.BOM_UTF8 + _again(content, other), (why,)
    if name not in _UTF8:
        return content, ()  # who reads it says what is wrong
    if not content.lstrip().startswith(b"<"):
        return content, ()  # no document of any kind
    if strange * 100 > len(content):
        raise FormatError(
            f"it is UTF-8 by its own word, but {strange} of its {len(content)} bytes are not",
            hint="convert it and take the file: iconv -f windows-1251 -t utf-8 feed.xml > feed-2.xml",
        )
    why = f"not all of it is UTF-8, as it says (bytes: {strange}); each shows as \ufffd"
    return codecs.BOM_UTF8 + text.encode(), (why,)


def _named(content: bytes) -> str:
    """The encoding that a document names, in lower case; empty where its first bytes tell it."""
    marks = (*(mark for mark, _ in _MARKS), *(start for start, _ in _UNMARKED))
    if content.startswith(marks):
        return ""
    declared = _DECLARED.match(content)
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    return "utf-8" if name.startswith(("utf-16", "utf-32", "ucs-")) else name


def _is_utf8_after_all(content: bytes, name: str, told: str) -> bool:
    """Whether a document is UTF-8 as the server says, though it names an encoding of single bytes."""
    return name not in _UTF8 and told.lower() in _UTF8 and _reads(content, "utf-8")


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _reads(content: bytes, name: str) -> bool:
    try:
        _again(content, name)
    except FormatError:
        return False
    return True


def _again(content: bytes, name: str) -> bytes:
    try:
        if codecs.lookup(name).name.replace("_", "-") not in _REFUSED:
            return content.decode(name).encode()
    except UnicodeDecodeError as error:
        raise FormatError(
            f"the bytes are not in the encoding {name!r} (byte {error.start})"
        ) from error
    except ValueError as error:  # a surrogate that an encoding lets through
        raise FormatError(f"the bytes are not in the encoding {name!r}") from error
    except LookupError as error:  # also what is no text encoding, such as bz2
        raise FormatError(f"the encoding {name!r} is not known") from error
    raise FormatError(f"the encoding {name!r} is not for documents")
