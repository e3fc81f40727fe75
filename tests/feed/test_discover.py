"""Who gives the address of a page is told where its feed is."""

from __future__ import annotations

import pytest

from podkit.feed.discover import feed_of_page, is_page

PAGE = b"""<!DOCTYPE html><html><head><link rel="stylesheet" href="/a.css">
<link rel=alternate type=application/rss+xml href=/feed.xml?a=1&amp;b=2></head></html>"""


def test_a_page_names_its_feed() -> None:
    """Relative addresses are those of the page."""
    assert is_page(PAGE)
    assert feed_of_page(PAGE, "https://show.example/x/") == "https://show.example/feed.xml?a=1&b=2"


@pytest.mark.parametrize(
    "content",
    [
        PAGE.replace(b"rss+xml", b"json"),
        PAGE.replace(b"href=/", b"href=javascript:/"),
        PAGE.replace(b"href=/", b"src=/"),
    ],
)
def test_nothing_to_follow(content: bytes) -> None:
    """No link, another type or what is not on the web is no feed."""
    assert feed_of_page(content, "https://show.example/") == ""


def test_feeds_are_no_pages() -> None:
    """A feed whose notes hold HTML is a feed."""
    assert not is_page(b"<?xml version='1.0'?><rss><channel><title>html</title></channel></rss>")
