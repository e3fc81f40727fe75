"""Other people's HTML: nothing that a reader sees or follows is lost without a word."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from test_markdown import FOREIGN, links, words

from podkit.pages.foreign import familiar
from podkit.pages.markdown import from_html
from podkit.pages.prose import sanitize, to_html

BASE = "https://show.example/talks/one/"


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<div>One</div><div>Two<div>Three</div>four</div>", "One\n\nTwo\n\nThree\n\nfour\n"),
        ("<dl><dt>Term</dt><dd>What it is</dd></dl>", "Term\n\nWhat it is\n"),
        ('<a href="/about us">us</a>', "[us](<https://show.example/about%20us>)\n"),
        ('<a href="//other.example/x">x</a>', "[x](<https://other.example/x>)\n"),
        ('<a href="#t=60">1:00</a>', "[1:00](<https://show.example/talks/one/#t=60>)\n"),
        ('<img src="p.png" alt="P">', "![P](<https://show.example/talks/one/p.png>)\n"),
        (
            '<a href="https://e.example/"><h3>T</h3><p>p</p></a>',
            "## [T](<https://e.example/>)\n\n[p](<https://e.example/>)\n",
        ),
        ("plain\nlines & <b>more</b>", "plain\\\nlines & **more**\n"),
    ],
)
def test_nothing_to_tell(html: str, markdown: str) -> None:
    """Sections, terms and relative addresses come out as a browser shows and follows them."""
    made, told = familiar(html, BASE)
    assert (from_html(made), told) == (markdown, ())


@pytest.mark.parametrize(
    ("html", "markdown", "why"),
    [
        (
            '<iframe src="//video.example/e" title="The film">none</iframe>after',
            "[The film](<https://video.example/e>)\n\nafter\n",
            "embedded",
        ),
        ('<audio><source src="a.mp3"></audio>', f"<{BASE}a.mp3>\n", "embedded"),
        (
            '<img src="http://p.example/i.png" alt="A">',
            "[A](<http://p.example/i.png>)\n",
            "pictures",
        ),
        (
            '<a href="https://e.example"><img src="http://p.example/i.png" alt="A"></a>',
            "[A](<https://e.example>)\n",
            "pictures",
        ),
        ('<a href="tel:+3804">call</a>', "call\n", "tel:+3804"),
    ],
)
def test_what_changes_is_told(html: str, markdown: str, why: str) -> None:
    """What has no place in notes becomes a link or text, and it is said."""
    made, told = familiar(html, BASE)
    assert from_html(made) == markdown
    assert len(told) == 1
    assert why in told[0]


def test_without_a_base() -> None:
    """A relative address that nobody can complete is text, and it is said."""
    assert familiar('<a href="/x">x</a>') == ("<a>x</a>", ("links to /x are text now",))


def test_what_runs_is_no_loss() -> None:
    """Scripts go as they always do."""
    made, told = familiar('<p>a<script>b</script><a href="javascript:c">d</a></p>')
    assert (from_html(made), told) == ("ad\n", ())


@given(FOREIGN)
@settings(max_examples=200, deadline=None)
def test_what_is_familiar_stays(html: str) -> None:
    """Of HTML that notes have elements for, every word and every link is there."""
    before = sanitize(html)
    made, told = familiar(html)
    assert told == ()
    after = to_html(from_html(made))
    assert words(after) == words(before)
    assert {*links(sanitize(made))} == {*links(before)}
