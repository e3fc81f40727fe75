"""What a rule wants to know of a URL; none of it raises on nonsense."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

_WEB = re.compile(r"https?://[^\s/?#]+", re.IGNORECASE)
# Nearly every address is one of these, and taking it apart would tell no more: a host of plain
# letters without a port, a path in ASCII without white space.
_COMMON = re.compile(r"https?://[a-z0-9.-]+(?:[/?#]|\Z)", re.IGNORECASE | re.ASCII)
_COMMON_HTTPS = re.compile(r"https://[A-Za-z0-9.-]+(?:[/?#]|\Z)", re.ASCII)
_COMMON_PATH = re.compile(
    r"https?://[a-z0-9.-]+(/[!\"$->@-~]*|)(?:[?#]|\Z)", re.IGNORECASE | re.ASCII
)
_TWICE = re.compile(r"%25[0-9A-Fa-f]{2}")
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ENCODED_HIGH = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")


def is_web(url: str) -> bool:
    """Whether it is an absolute http or https URL."""
    if _COMMON.match(url) is not None:
        return True
    return _WEB.match(url) is not None and bool(_host_of(url))


def is_usual_https(url: str) -> bool:
    """Whether it is an absolute https URL as nearly all are; others may be as good, or not."""
    return _COMMON_HTTPS.match(url) is not None


def is_broken(url: str) -> bool:
    """Whether nobody can follow it: no scheme, or an http address without a host that can be."""
    if url[:5].lower() in {"http:", "https"}:
        return not is_web(url)
    parts = _split(url)
    return parts is None or not parts.scheme


def has_login(url: str) -> bool:
    """Whether a name or password stands in it."""
    parts = _split(url)
    return parts is not None and bool(parts.username)


def is_plain_http(url: str) -> bool:
    """Whether it is http without the s."""
    return url[:7].lower() == "http://"


def path_of(url: str) -> str:
    """The path, or an empty string when there is none to be made out."""
    common = _COMMON_PATH.match(url)
    if common is not None:
        return common[1]
    parts = _split(url)
    return "" if parts is None else parts.path


def extension_of(url: str) -> str:
    """The last path segment's extension in lower case, without the dot; empty when it has none."""
    name = path_of(url).rpartition("/")[2]
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def is_encoded_twice(url: str) -> bool:
    """Whether the path holds a percent sign that was itself encoded."""
    return "%" in url and _TWICE.search(path_of(url)) is not None


def has_bare_percent(url: str) -> bool:
    """Whether a percent sign is followed by something else than two hexadecimal digits."""
    return "%" in url and _BARE_PERCENT.search(url) is not None


def encodes_other_than_ascii(url: str) -> bool:
    """Whether the path holds encoded bytes beyond ASCII."""
    return "%" in url and _ENCODED_HIGH.search(path_of(url)) is not None


def _host_of(url: str) -> str:
    parts = _split(url)
    try:
        return "" if parts is None or parts.port == 0 else parts.hostname or ""
    except ValueError:  # a port that is none
        return ""


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
