"""Where everything lies: names in public/, and the URLs that the world knows them by.

Pure functions, used by transcode (tags), companions and compose alike, so that all agree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urljoin, urlsplit

from podkit.model.member import TOKEN

if TYPE_CHECKING:
    from podkit.model.show import Feed, Podcast

_PLAIN_BASE = re.compile(r"https?://[a-z0-9.-]+(?:/[A-Za-z0-9_-]+)*/")
_PLAIN_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?")

MEDIA_FOLDER = "media"
ASSETS_FOLDER = "assets"
HASH_LENGTH = 8


def with_slash(url: str) -> str:
    """The URL of a folder, ending in a slash; empty stays empty."""
    return url if not url or url.endswith("/") else url + "/"


def media_name(slug: str, sha256: str, extension: str) -> str:
    """The name of a rendition: changed bytes get a new name, and so a new URL."""
    return f"{slug}-{sha256[:HASH_LENGTH]}.{extension}"


def asset_name(stem: str, sha256: str, extension: str) -> str:
    """The name of artwork in public/assets/: a changed picture has a new URL."""
    return f"{stem}-{sha256[:HASH_LENGTH]}.{extension}"


def site_url(podcast: Podcast) -> str:
    """public/ as the world sees it; empty when the show does not say."""
    return with_slash(podcast.site.url)


def join(base: str, path: str) -> str:
    """An absolute URL of a path below a base, encoded exactly once; the bare path without a base."""
    if _PLAIN_BASE.fullmatch(base) and _PLAIN_PATH.fullmatch(path):
        return base + path  # nothing to encode, no dots to take away: the same, and much sooner
    encoded = quote(path, safe="/-._~!$&'()*+,;=:@")
    return urljoin(base, encoded) if base else encoded


def scheme_of(url: str) -> str:
    """The scheme of a URL, in lower case; empty where there is none, or no URL."""
    try:
        return urlsplit(url).scheme
    except ValueError:
        return ""


def feed_url(podcast: Podcast, feed: Feed) -> str:
    """The feed's self link; a feed for members says `{token}` where each has a secret."""
    return feed.url or join(site_url(podcast), feed.path).replace(quote(TOKEN), TOKEN)


def sheet_path(path: str, number: int) -> str:
    """The path of a feed's sheet, counted from 1: `feed.xml`, `feed-2.xml`, `feed-3.xml`."""
    if number == 1:
        return path
    stem, dot, extension = path.rpartition(".")
    return (
        f"{stem}-{number}{dot}{extension}" if dot and "/" not in extension else f"{path}-{number}"
    )


def is_sheet_of(path: str, first: str) -> bool:
    """Whether a later sheet of the feed at `first` may be written to that path."""
    stem, dot, extension = first.rpartition(".")
    head, tail = (
        (f"{stem}-", dot + extension) if dot and "/" not in extension else (f"{first}-", "")
    )
    inside = path.casefold().removeprefix(head.casefold()).removesuffix(tail.casefold())
    return inside.isdecimal() and path.casefold() == f"{head}{inside}{tail}".casefold()


def sheet_url(podcast: Podcast, feed: Feed, number: int) -> str:
    """The self link of a feed's sheet; sheets after the first lie beside it."""
    first = feed_url(podcast, feed)
    name = sheet_path(feed.path, number).rpartition("/")[2]
    return first if number == 1 else urljoin(first, quote(name)) if "//" in first else name


def media_base(podcast: Podcast) -> str:
    """public/media/ as the world sees it."""
    return with_slash(podcast.media.base_url) or join(site_url(podcast), MEDIA_FOLDER + "/")


def media_url(podcast: Podcast, name: str) -> str:
    """A rendition's own URL, without measurement prefixes."""
    return join(media_base(podcast), name)


def enclosure_url(podcast: Podcast, name: str, feed: Feed) -> str:
    """A rendition's URL in a feed: prefixes, in order, before the URL without its scheme.

    Measurement services want `https://prefix.example/` + `media.example/path`. A private feed has
    only prefixes of its own: nobody is told what its members hear, unless asked for.
    """
    usual = () if feed.private else podcast.media.prefixes
    url = media_url(podcast, name)
    for prefix in reversed(usual if feed.prefixes is None else feed.prefixes):
        url = with_slash(prefix) + url.removeprefix("https://").removeprefix("http://")
    return url


def enclosure_urls(podcast: Podcast, name: str) -> tuple[str, ...]:
    """Every URL that a rendition may have in the feeds of the show, each once, the first feed's first."""
    urls = (enclosure_url(podcast, name, feed) for feed in podcast.feeds.values())
    return tuple(dict.fromkeys(urls))


def page_url(podcast: Podcast, slug: str) -> str:
    """An episode's page."""
    return join(site_url(podcast), f"{slug}/")


def companion_url(podcast: Podcast, slug: str, name: str) -> str:
    """A file beside the episode's page: chapters, a transcript."""
    return join(site_url(podcast), f"{slug}/{name}")


def asset_url(podcast: Podcast, name: str) -> str:
    """Artwork in public/assets/."""
    return join(site_url(podcast), f"{ASSETS_FOLDER}/{name}")
