"""A web page in the place of a feed, and where it says that its feed is."""

from __future__ import annotations

import re
from html import unescape
from typing import Final
from urllib.parse import urljoin

from podkit.model.text import MEDIA_SCHEMES, clean_line, is_safe_url

_HEAD: Final = 300_000
_PAGE: Final = re.compile(rb"<html[\s>]|<!doctype\s+html", re.IGNORECASE)
_LINK: Final = re.compile(r"<link\s[^<>]{1,2000}>", re.IGNORECASE)
_TYPE: Final = re.compile(r"""type\s*=\s*["']?application/(?:rss|atom)\+xml""", re.IGNORECASE)
_HREF: Final = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)


def is_page(content: bytes) -> bool:
    """Whether it is a web page: pages say so near their beginning."""
    return _PAGE.search(content[:2000]) is not None


def feed_of_page(content: bytes, address: str) -> str:
    """The address of the feed that a page names first; empty when it names none on the web.

    Source: RSS Advisory Board, RSS Autodiscovery.

    Args:
        content: the page.
        address: where it was found; empty when it was a file.
    """
    for link in _LINK.findall(content[:_HEAD].decode(errors="replace")):
        found = _HREF.search(link)
        if found is None or not _TYPE.search(link):
            continue
        try:
            there = urljoin(address, clean_line(unescape(found[1] or found[2] or found[3] or "")))
        except ValueError:
            continue
        if is_safe_url(there, MEDIA_SCHEMES):
            return there
    return ""
