"""What can be mended in a broken feed before it is read: encodings, references, prefixes, bad XML."""

from __future__ import annotations

import codecs
import re

from podkit.errors import FormatError
from podkit.feed.bounds import MAX_BYTES
from podkit.feed.charset import as_said, as_utf8
from podkit.feed.parsing import UNDECLARED
from podkit.feed.read import from_xml
from podkit.feed.references import as_numbers
from podkit.model.document import PREFIXES
from podkit.model.feedspec import FeedSpec

_ROOT = re.compile(rb"""<(?:rss|RSS)\b(?:[^<>"']|"[^"]*"|'[^']*')*""")
_USED = re.compile(rb"<([A-Za-z][\w.-]*):[A-Za-z]")
_DECLARED = re.compile(rb"xmlns:([A-Za-z][\w.-]*)\s*=")
MOST_PREFIXES = 100
"""Undeclared prefixes that are declared; a feed with more of them is read without them."""


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
        text, references = as_numbers(as_utf8(content))
        nowhere, elsewhere = _undeclared(text)
        why += (*(f"the prefix {one}: is not declared in it" for one in nowhere), *references)
        for more in ((), elsewhere) if elsewhere else ((),):
            # In UTF-8, whatever its first line still says.
            mended = codecs.BOM_UTF8 + _declaring(text, (*nowhere, *more))
            some = (f"the prefix {one}: is declared in some of its elements only" for one in more)
            try:
                return from_xml(mended), (*why, *some)
            except FormatError as still:
                fault = _fault(still)
        try:
            spec = from_xml(mended, recover=True)
        except FormatError:
            spec = None
        if spec is None or not spec.items:
            hint = "fetch it again if it ends early; podkit lint shows the place"
            raise FormatError(_fault(error), hint=hint) from None
        return spec, (*why, f"it is broken, and may have lost something: {fault}")


def _fault(error: FormatError) -> str:
    """What the parser says, without the name of a file that is none of anybody's."""
    return error.message.partition(" (<")[0]


def _undeclared(text: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The prefixes that the root does not declare: those that nothing declares, and the others."""
    root = _ROOT.search(text)
    known = {b"xml", *(_DECLARED.findall(root[0]) if root else ())}
    missing = [prefix for prefix in dict.fromkeys(_USED.findall(text)) if prefix not in known]
    if len(missing) > MOST_PREFIXES:
        return (), ()
    inside = set(_DECLARED.findall(text))
    return (
        tuple(prefix.decode() for prefix in missing if prefix not in inside),
        tuple(prefix.decode() for prefix in missing if prefix in inside),
    )


def _declaring(text: bytes, prefixes: tuple[str, ...]) -> bytes:
    """The feed with these declared by its root; unknown ones stand for themselves."""
    said = "".join(f' xmlns:{p}="{PREFIXES.get(p, UNDECLARED + p)}"' for p in prefixes)
    root = _ROOT.search(text)
    if root is None:
        return text
    end = root.start() + len(b"<rss")
    return text[:end] + said.encode() + text[end:]
