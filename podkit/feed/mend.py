"""What can be mended in a broken feed before it is read: encodings, references, prefixes, bad XML."""

from __future__ import annotations

import codecs
import re

from podkit.errors import FormatError
from podkit.feed.bounds import MAX_BYTES
from podkit.feed.charset import as_said, as_utf8
from podkit.feed.read import from_xml
from podkit.feed.references import as_numbers
from podkit.model.document import PREFIXES
from podkit.model.feedspec import FeedSpec

_ROOT = re.compile(rb"<(?:rss|RSS)\b")
_USED = re.compile(rb"<([A-Za-z][\w.-]*):[A-Za-z]")


def read_leniently(content: bytes, told: str = "") -> tuple[FeedSpec, tuple[str, ...]]:
    """The feed, and what had to be mended to read it.

    Args:
        content: its bytes.
        told: the encoding that the server names; empty when none does.

    Raises:
        FormatError: it cannot be read even so; the fault is that of the feed as it stands.
    """
    if len(content) > MAX_BYTES:
        return from_xml(content), ()
    content, why = as_said(content, told)
    try:
        return from_xml(content), why
    except FormatError as error:
        if not error.message.startswith("malformed"):
            raise
        if not as_utf8(content).lstrip().startswith(b"<"):
            hint = "a feed begins with <?xml or <rss"
            raise FormatError("it is no feed, and nothing like one", hint=hint) from None
        mended, prefixes = _with_prefixes(content)
        mended, references = as_numbers(mended)
        why += (
            *(f"the prefix {prefix}: is not declared in it" for prefix in prefixes),
            *references,
        )
        mended = codecs.BOM_UTF8 + mended  # whatever its first line still says
        try:
            return from_xml(mended), why
        except FormatError as still:
            fault = _fault(still)
        try:
            spec = from_xml(mended, recover=True)
        except FormatError:
            spec = None
        if spec is None or not spec.items:
            raise FormatError(_fault(error)) from None
        return spec, (*why, f"it is broken, and may have lost something: {fault}")


def _fault(error: FormatError) -> str:
    """What the parser says, without the name of a file that is none of anybody's."""
    return error.message.partition(" (<")[0]


def _with_prefixes(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The feed with every prefix declared that it uses; unknown ones stand for themselves."""
    text = as_utf8(content)
    used = dict.fromkeys(found.decode() for found in _USED.findall(text))
    missing = [p for p in used if f"xmlns:{p}=".encode() not in text and p != "xml"]
    said = " ".join(f'xmlns:{p}="{PREFIXES.get(p, "urn:undeclared:" + p)}"' for p in missing)
    if not missing:
        return text, ()
    return _ROOT.sub(lambda root: root[0] + b" " + said.encode(), text, count=1), tuple(missing)
