"""The gate of the pages: no address that acts, no notes that were not cleaned, gets to a template."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar
from urllib.parse import quote, urljoin, urlsplit

from podkit.model.sitespec import SizedPicture
from podkit.model.text import LINK_SCHEMES, clean_line, is_safe_url
from podkit.pages.prose import sanitize

T = TypeVar("T")

ADDRESSES = frozenset(
    {"captions", "href", "icon", "image", "image_url", "img", "poster", "thumbnail", "url"},
)
"""The fields of EpisodePage, SiteSpec and what lies in them that are addresses."""

_PAIRS = frozenset({"feeds"})  # (title, address)
_PROSE = frozenset({"notes"})
_SCHEMES = LINK_SCHEMES


def admit(value: T) -> T:
    """The value with every address safe or empty, and notes as clean HTML, all the way down.

    Raises:
        FormatError: notes are too long or too deep to be cleaned.
    """
    changes = {}
    kind: type = type(value)
    for name in _names(kind):
        held = getattr(value, name)
        admitted = _field(name, held)
        if admitted is not held:
            changes[name] = admitted
    return replace(value, **changes) if changes else value  # type: ignore[type-var]


@functools.cache
def _names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass; none of anything else."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def _field(name: str, value: object) -> object:
    if isinstance(value, str):
        if name in ADDRESSES:
            return address(value)
        return sanitize(value) if name in _PROSE else value
    if isinstance(value, tuple):
        if name in _PAIRS:
            return tuple((title, address(target)) for title, target in value)
        made = tuple(map(admit, value))
        return made if any(a is not b for a, b in zip(made, value, strict=True)) else value
    return admit(value)


def address(text: str) -> str:
    """The address when it is http, https, mailto or relative; else an empty string.

    A relative one is encoded where it must be; one that leads to another host without a scheme
    (`//host`, or with backslashes, which browsers take for slashes) is refused.
    """
    bare = clean_line(text)
    if not bare or "\\" in bare:
        return ""
    if is_safe_url(bare, _SCHEMES):
        return bare
    try:
        parts = urlsplit(bare)
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or bare.startswith("//"):
        return ""
    return quote(bare, safe="/-._~!$&'()*+,;=:@%?#")


def srcset(pictures: Iterable[SizedPicture], way: Callable[[str], str] = str) -> str:
    """The `srcset` of a picture in several sizes; empty for one, or where an address has a comma.

    Args:
        pictures: admitted ones.
        way: from the front page to the page that it is written in.
    """
    known = [one for one in pictures if one.url and not set(", ") & set(one.url)]
    return ", ".join(f"{way(one.url)} {one.width}w" for one in known) if len(known) > 1 else ""


def is_absolute(text: str) -> bool:
    """Whether the address stands for itself, wherever it is written."""
    return is_safe_url(text, _SCHEMES)


def absolute(base: str, text: str) -> str:
    """The address as the world sees it from `base`; empty when `base` does not say."""
    if not text or is_absolute(text):
        return text
    return urljoin(base, text) if base else ""


def from_episode(text: str) -> str:
    """An address relative to the front page, as an episode's page has to write it."""
    if not text or is_absolute(text) or text.startswith(("/", "#")):
        return text
    return "../" + text
