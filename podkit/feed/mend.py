"""What can be mended in a broken feed before it is read: prefixes that nobody declared, bad XML."""

from __future__ import annotations

import re

from podkit.errors import FormatError
from podkit.feed.bounds import MAX_BYTES
from podkit.feed.charset import as_utf8
from podkit.feed.read import from_xml
from podkit.model.document import PREFIXES
from podkit.model.feedspec import FeedSpec

_ROOT = re.compile(rb"<(?:rss|RSS)\b")
_USED = re.compile(rb"<([A-Za-z][\w.-]*):[A-Za-z]")


def read_leniently(content: bytes) -> tuple[FeedSpec, tuple[str, ...]]:
    """The feed, and what had to be mended to read it.

    Raises:
        FormatError: it cannot be read even so; the fault is that of the feed as it stands.
    """
    try:
        return from_xml(content), ()
    except FormatError as error:
        if len(content) > MAX_BYTES or not error.message.startswith("malformed"):
            raise
        mended, prefixes = _with_prefixes(content)
        why = [f"the prefix {prefix}: is not declared in it" for prefix in prefixes]
        try:
            return from_xml(mended), tuple(why)
        except FormatError:
            pass
        try:
            spec = from_xml(mended, recover=True)
        except FormatError:
            raise error from None
        if not spec.items:
            raise
        why.append(f"it is broken, and may have lost something: {error.message}")
        return spec, tuple(why)


def _with_prefixes(content: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The feed with every prefix declared that it uses; unknown ones stand for themselves."""
    text = as_utf8(content)
    used = dict.fromkeys(found.decode() for found in _USED.findall(text))
    missing = [p for p in used if f"xmlns:{p}=".encode() not in text and p != "xml"]
    said = " ".join(f'xmlns:{p}="{PREFIXES.get(p, "urn:undeclared:" + p)}"' for p in missing)
    if not missing:
        return text, ()
    return _ROOT.sub(lambda root: root[0] + b" " + said.encode(), text, count=1), tuple(missing)
