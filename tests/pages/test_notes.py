"""One source of show notes, several renderings."""

from __future__ import annotations

import shutil
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_markup import fragment, names, text
from pages_sample import EPISODE, NOTES, SITE

from podkit.pages.folders import default_folder
from podkit.pages.notes import (
    DESCRIPTION_LIMIT,
    clock,
    credits_html,
    feed_content,
    feed_description,
    to_text,
)
from podkit.pages.prose import sanitize, to_html
from podkit.pages.tree import VOID, Element, parse

ALLOWED = {"a", "b", "br", "em", "i", "li", "ol", "p", "strong", "ul"}

TAGS = "p ul ol li b em strong i a blockquote pre h2 h3 table tr td code del hr br"
WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60).map(
    lambda t: t.replace("&", "&amp;").replace("<", "&lt;")
)


def _wrap(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(TAGS.split())

    def tag(name: str, inner: list[str]) -> str:
        attributes = ' href="https://example.org/?a=1&amp;b=%22"' if name == "a" else ""
        return f"<{name}{attributes}>{''.join(inner)}</{name}>"

    return st.builds(tag, tags, st.lists(children, max_size=6))


HTML = st.lists(st.recursive(WORDS, _wrap, max_leaves=30), max_size=12).map("".join)


@given(HTML, HTML, st.integers(min_value=200, max_value=4000))
@settings(max_examples=150, deadline=None)
def test_a_description_always_fits_and_is_valid(html, closing, limit):
    """Never more bytes than the limit, only the allowed elements, no parse error, stable."""
    description = feed_description(html, closing=closing, limit=limit)
    assert len(description.encode()) <= limit
    tree = fragment(description, strict=True)
    assert names(tree) <= ALLOWED
    assert {str(e.tag).rpartition("}")[2] for e in tree} <= {"p", "ol", "ul"}
    assert feed_description(description, limit=limit) == description


@given(st.lists(st.text("абв <&\u00a0\"'", min_size=1, max_size=400), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_a_description_is_a_beginning_of_the_notes(paragraphs):
    """What is kept is what was said, from the start and in order."""
    notes = to_html("\n\n".join(paragraphs))
    kept = "".join(text(fragment(feed_description(notes))).split()).rstrip("…")
    assert "".join(text(fragment(notes)).split()).startswith(kept)


def test_notes_that_fit_lose_nothing():
    """Headings become strong paragraphs, rows become lines, links stay."""
    assert feed_description(to_html(NOTES)) == (
        '<p>Nine agreements, <a href="https://example.org/agreements">read line by line</a>.</p>\n'
        "<p><strong>What to listen for</strong></p>\n"
        "<ul><li>How long each one runs</li><li>What <em>security</em> means</li></ul>\n"
        "<p>Country · Years</p>\n"
        "<p>Sampleland · 10</p>"
    )


def test_long_notes_end_after_a_block():
    """Paragraphs are kept whole or left out."""
    notes = "".join(f"<p>{i:04d} {'word ' * 30}</p>" for i in range(100))
    description = feed_description(notes)
    assert 3700 < len(description.encode()) <= DESCRIPTION_LIMIT
    assert description.endswith("word</p>")


def test_a_long_list_ends_after_an_item():
    """A list is a row of blocks: as many items as fit."""
    description = feed_description("<ul>" + "<li>one thing</li>" * 1000 + "</ul>")
    assert 3900 < len(description.encode()) <= DESCRIPTION_LIMIT
    assert description.endswith("<li>one thing</li></ul>")


@pytest.mark.parametrize(
    "html",
    ["<p>{}</p>", "<ul><li>{}</li></ul>", '<p><a href="https://x.y"><b>{}</b></a></p>', "{}"],
)
def test_a_single_endless_block_is_cut_between_words(html):
    """There is always something to read, and an ellipsis says that it goes on."""
    description = feed_description(html.format("слово &amp; " * 2000))
    assert 3900 < len(description.encode()) <= DESCRIPTION_LIMIT
    assert "…" in description[-30:]
    assert not text(fragment(description)).rstrip("…").endswith("слов")


def test_the_closing_parts_survive_long_notes():
    """The call for members is there though the notes alone would fill the description."""
    closing = credits_html(EPISODE)
    description = feed_description("<p>word word</p>" * 1000, closing=closing)
    assert "https://example.org/join" in description
    assert description.startswith("<p>word word</p>")
    assert len(description.encode()) <= DESCRIPTION_LIMIT


def test_content_is_the_whole_notes():
    """`content:encoded` keeps headings and tables, then come the closing parts."""
    content = feed_content(EPISODE.notes, closing=credits_html(EPISODE))
    assert content.startswith(EPISODE.notes)
    assert "<table>" in content
    assert content.endswith("CC BY 4.0</p>")
    assert sanitize(content) == content


def test_the_closing_parts_say_what_the_page_says():
    """Chapters, people with bios, reading with minutes, support, transcript, credit: as here."""
    assert credits_html(replace(EPISODE, image_credit="A & B <c>")) == (
        "<h2>Chapters</h2>\n"
        "<p>\n"
        "0:00:00 Why nine<br>\n"
        "0:00:12 Words<br>\n"
        "1:01:01 What next\n"
        "</p>\n"
        "<h2>People</h2>\n"
        "<ul>\n"
        '<li><strong><a href="https://example.org/olena" rel="noopener">Olena Sample</a></strong>, '
        "host<br>Covers foreign policy.</li>\n"
        "<li><strong>Taras Example</strong>, guest</li>\n"
        "</ul>\n"
        "<h2>Read more</h2>\n"
        "<ul>\n"
        '<li><a href="https://example.org/table" rel="noopener">In one table</a> — 4 min read</li>\n'
        "</ul>\n"
        '<p><strong><a href="https://example.org/join" rel="noopener">Become a member</a></strong>'
        "</p>\n"
        '<p><a href="https://podcast.example/nine-agreements/#transcript" rel="noopener">Transcript'
        "</a></p>\n"
        "<p>Picture: A &amp; B &lt;c&gt;</p>"
    )


def test_the_closing_parts_of_a_bare_episode_are_empty():
    """An episode without people, chapters or links adds nothing to its notes."""
    assert not credits_html(SITE.episodes[-1])


def test_the_closing_parts_speak_the_episode_s_language():
    """A Ukrainian episode has Ukrainian headings; the show's language serves when it has none."""
    assert "<h2>Розділи</h2>" in credits_html(replace(EPISODE, language="uk"))
    assert "4 хв читання" in credits_html(replace(EPISODE, language=""), language="uk-UA")


def test_plain_text_keeps_links_and_shape():
    """Blank lines between blocks, marks before items, addresses after the words of a link."""
    html = (
        '<h2>Head</h2><p>See <a href="https://x.y/a">this</a>,<br>or <a href="https://x.y/">x.y</a> '
        'or <a href="mailto:a@x.y">a@x.y</a>.</p><ol start="3"><li>c<ul><li>in</li></ul></li>'
        "<li>d</li></ol><blockquote><p>q</p><p>r</p></blockquote><pre><code>  a\n  b</code></pre>"
        "<table><tbody><tr><th>A</th><td>B</td></tr></tbody></table><hr>"
        '<p>1 &lt; 2&nbsp;&amp; <img src="https://x.y/z" alt="pic"></p>'
    )
    assert to_text(html) == (
        "Head\n\nSee this (https://x.y/a),\nor https://x.y/ or a@x.y.\n\n3. c\n   - in\n4. d\n\n"
        "> q\n>\n> r\n\n  a\n  b\n\nA | B\n\n* * *\n\n1 < 2\u00a0& pic"
    )


@given(HTML)
@settings(max_examples=150, deadline=None)
def test_plain_text_loses_no_word(html):
    """Every letter that a browser would show is there."""
    shown = "".join(text(fragment(sanitize(html))).split())
    plain = "".join(to_text(html).split())
    rest = iter(plain)
    assert all(letter in rest for letter in shown)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "00:00"), (59.99, "00:59"), (61, "01:01"), (3661.5, "1:01:01"), (-3, "00:00")],
)
def test_the_clock_is_what_apps_recognise(seconds, shown):
    """Minutes have two digits; part seconds fall away, so that a jump never lands too late."""
    assert clock(seconds) == shown


_SCRAPS = (
    *(
        "<p>",
        "</p>",
        "<ul><li>",
        "</li></ul>",
        "<br>",
        "<a href='https://e.example/?a=1&amp;b=>\"x'>",
    ),
    *(
        "</a>",
        "<img src=https://e.example/x.png alt='a>b'>",
        "<h1 id=x>",
        "</h1>",
        "<table><tr><td>",
    ),
    *("a &lt;b&gt; &amp;amp; &nbsp;", "<b", ">", "</i>", "<script>x</script>", "<!-- c -->", "é 🎙"),
)


class _Tree(HTMLParser):
    """The tree as Python's own tolerant parser of HTML sees it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element(tag="")
        self.open = [self.root]

    def handle_starttag(self, tag, attrs) -> None:
        found = Element(tag=tag, attributes={name: value or "" for name, value in attrs})
        self.open[-1].children.append(found)
        if tag not in VOID:
            self.open.append(found)

    def handle_endtag(self, tag) -> None:
        if len(self.open) > 1 and self.open[-1].tag == tag:
            self.open.pop()

    def handle_data(self, data) -> None:
        self.open[-1].children.append(data)


@settings(deadline=None)
@given(
    st.text()
    | st.text("<>&\"'=/ ab;#x&lt;\u00a0é", max_size=60)
    | st.lists(st.sampled_from(_SCRAPS), max_size=12).map("".join)
)
def test_clean_html_is_read_as_other_parsers_read_it(html):
    """Whatever the gate lets out has the same tree for Python's own parser."""
    clean = sanitize(html)
    other = _Tree()
    other.feed(clean)
    other.close()
    assert parse(clean) == other.root.children


def test_the_usual_closing_speaks_of_nothing_else(tmp_path):
    """The template that comes with podkit says the same whether it is given all of the page or the part it needs."""
    for name in ("credits.html", "parts.html"):
        shutil.copy(default_folder() / name, tmp_path / name)
    full = EPISODE
    bare = replace(full, chapters=(), related=(), transcript=(), people=())
    for page in (
        full,
        bare,
        replace(full, related=()),
        replace(full, transcript=()),
        replace(full, url=""),
    ):
        assert credits_html(page, language="uk") == credits_html(
            page, language="uk", templates=tmp_path
        )
