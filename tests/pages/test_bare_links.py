"""Addresses in show notes that nobody marked become links; what only looks like one does not."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.common.normalize_url import normalizeLink

from podkit.pages.prose import _markdown, to_html


def linked(markdown: str) -> list[str]:
    """Every address that the rendered notes lead to."""
    return [part.split('"', 1)[0] for part in to_html(markdown).split('href="')[1:]]


@pytest.mark.parametrize(
    ("markdown", "addresses"),
    [
        ("See https://example.org/x", ["https://example.org/x"]),
        ("https://example.org/a_b_c?d=1&e=2#f.", ["https://example.org/a_b_c?d=1&amp;e=2#f"]),
        ("(https://example.org/x), (https://example.org/a_(b))", ["https://example.org/x", "https://example.org/a_(b)"]),
        ("«https://example.org/шлях», „https://example.org/y“", ["https://example.org/%D1%88%D0%BB%D1%8F%D1%85", "https://example.org/y"]),
        ("**https://example.org/x**", ["https://example.org/x"]),
        ("- https://a.example/\n- http://b.example", ["https://a.example/", "http://b.example"]),
        ("HTTPS://EXAMPLE.ORG", ["HTTPS://EXAMPLE.ORG"]),
        ("| a |\n|---|\n| https://example.org/x |", ["https://example.org/x"]),
    ],
)  # fmt: skip
def test_a_bare_address_is_a_link(markdown: str, addresses: list[str]) -> None:
    """It ends where the sentence goes on: punctuation, quotes and brackets are not part of it."""
    assert linked(markdown) == addresses


@pytest.mark.parametrize(
    "markdown",
    [
        "www.example.org and example.org",
        "host@example.org",
        "xhttps://example.org",
        "https://",
        "https://...",
        "http://localhost/",
        "https://[::1",
        "`https://example.org/x`",
        "    https://example.org/x",
        "ftp://example.org/x",
        "javascript://example.org/%0aalert(1)",
    ],
)
def test_what_only_looks_like_an_address_stays_text(markdown: str) -> None:
    """No `www.`, no e-mail address, no other scheme, nothing in code."""
    assert linked(markdown) == []


def test_marked_links_stay_as_they_are() -> None:
    """A link's own words are not linked again, and its address is the one that was given."""
    assert linked("[https://a.example/x](https://b.example/y)") == ["https://b.example/y"]
    assert linked("<https://a.example/x>") == ["https://a.example/x"]
    assert linked("![https://a.example/x](https://b.example/y.png)") == []


def test_no_attribute_can_be_smuggled_in() -> None:
    """Whatever an address holds, it stays one attribute."""
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.extend(name for name, _ in attrs)

    Reader().feed(to_html("https://example.org/'onclick='x'&quot;onclick=&quot;x"))
    assert found == ["href", "rel"]


@settings(deadline=None)
@given(
    st.from_regex(
        r"(https?|HTTP|ftp)://[a-zA-Z0-9.:@-]{1,20}(/[A-Za-z0-9/_.~%?#&=+é -]*)?", fullmatch=True
    )
)
def test_an_address_is_encoded_as_markdown_it_does_it(address: str) -> None:
    """What is passed over because it looks plain would have stayed as it is."""
    assert _markdown().normalizeLink(address) == normalizeLink(address)
