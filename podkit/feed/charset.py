"""Which characters the bytes of an XML file are: byte order marks, the declared encoding, UTF-8."""

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
    if name in {"utf-8", "utf8"} or name.startswith(("utf-16", "utf-32", "ucs-")):
        return content
    return _again(content, name)


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
