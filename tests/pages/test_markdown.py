"""Foreign HTML as Markdown: what a reader sees stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from podkit.pages.markdown import from_html
from podkit.pages.prose import sanitize, to_html
from podkit.pages.tree import Element, Node, parse


def words(html: str) -> str:
    """What a reader sees, white space aside."""

    def shown(nodes: list[Node]) -> str:
        return "".join(
            n if isinstance(n, str) else n.attributes.get("alt", "") + shown(n.children)
            for n in nodes
        )

    return "".join(shown(parse(html)).split())


def links(html: str) -> list[str]:
    """Where the links and pictures lead."""

    def found(nodes: list[Node]) -> list[str]:
        out = []
        for node in nodes:
            if isinstance(node, Element):
                out += [node.attributes[k] for k in ("href", "src") if k in node.attributes]
                out += found(node.children)
        return out

    return found(parse(html))


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One <b>two </b>three</p><p>four</p>", "One **two** three\n\nfour\n"),
        ('<a href="https://e.example/a_b?x=1">go</a>', "[go](<https://e.example/a_b?x=1>)\n"),
        (
            '<p><a href="https://e.example/a">https://e.example/a</a></p>',
            "<https://e.example/a>\n",
        ),
        ("<ul><li>one<li><p>two</p></ul><ol start=3><li>c</ol>", "- one\n- two\n\n3. c\n"),
        ("<h1>Top</h1>1. no list<br># no heading", "## Top\n\n1\\. no list\\\n\\# no heading\n"),
        ("plain\nlines\n\nand *stars*", "plain\\\nlines\n\nand \\*stars\\*\n"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b\n"),
        ('<img src="https://e.example/i.png" alt="A">', "![A](<https://e.example/i.png>)\n"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```\n"),
        ("<script>alert(1)</script>", ""),
        ('<a href="javascript:alert(1)">x</a>', "x\n"),
        ("", ""),
    ],
)
def test_what_it_becomes(html: str, markdown: str) -> None:
    """Paragraphs, lists, links, stress, headings, pictures and breaks are Markdown; nothing acts."""
    assert from_html(html) == markdown


_TEXT = st.text("ab1 .-#*_`[]()<>&;!|~\\:éи\n", max_size=12).map(
    lambda t: t.replace("&", "&amp;").replace("<", "&lt;")
)


def _wrapped(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(["p", "b", "em", "ul", "li", "h2", "blockquote", "code", "s"])
    pair = st.tuples(tags, inner).map(lambda t: f"<{t[0]}>{t[1]}</{t[0]}>")
    link = inner.map(lambda t: f'<a href="https://e.example/?a_b=1&amp;c=(2)">{t}</a>')
    return st.lists(pair | link | _TEXT | st.just("<br>"), max_size=4).map("".join)


FOREIGN = st.recursive(_TEXT, _wrapped, max_leaves=8)


@given(FOREIGN)
@settings(max_examples=300, deadline=None)
def test_reader_sees_the_same(html: str) -> None:
    """Whatever the HTML, its Markdown renders as the same words, and leads nowhere else."""
    before = sanitize(html)
    after = to_html(from_html(html))
    assert words(after) == words(before)
    assert set(links(after)) <= {*links(before)} | {
        link for link in links(after) if link.removeprefix("mailto:") in words(before)
    }


def test_tables_stay_tables() -> None:
    """Rows, columns, stress and links of a table that names its columns; a bar is no new column."""
    html = (
        "<table><thead><tr><th>Who</th><th>When</th></tr></thead><tbody>"
        '<tr><td><strong>Kyiv</strong> | Lviv</td><td><a href="https://e.example/">12 May</a></td></tr>'
        "<tr><td></td><td>1. June</td></tr></tbody></table>"
    )
    again = to_html(from_html(html))
    assert [again.count(f"<{tag}>") for tag in ("tr", "th", "td")] == [3, 2, 4]
    assert words(again) == words(html)
    assert links(again) == links(html)
    assert "<strong>Kyiv</strong> | Lviv</td>" in again


@pytest.mark.parametrize(
    "rows",
    [
        "<tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr>",
        "<tr><th>A</th></tr><tr><td>1</td><td>2</td></tr>",
        "<tr><th>A</th><th>B</th></tr><tr><td>1<br>2</td><td>3</td></tr>",
        "<tr></tr>",
    ],
)
def test_other_tables_become_paragraphs(rows: str) -> None:
    """What Markdown has no table for: every row is there, its cells apart."""
    html = f"<table>{rows}</table>"
    again = to_html(from_html(html))
    assert "<table>" not in again
    assert words(again.replace("|", "")) == words(html)
