"""Where every element of a feed stands, for whoever has to mend it."""

from __future__ import annotations

import gc
import weakref
from xml.parsers import expat

import pytest
from feed_specs import full_spec
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from podkit.feed import bounds
from podkit.feed.parsing import MAX_BYTES
from podkit.feed.positions import MAX_DEPTH, read_document
from podkit.feed.write import to_xml
from podkit.model.document import ATOM, CONTENT, ITUNES, PODCAST


def test_the_full_feed_is_read_as_lxml_reads_it():
    """The same elements, names, attributes and text as by the other parser."""
    content = to_xml(full_spec())
    document = read_document(content)
    assert document.fault is None
    assert document.root is not None
    ours = [(e.namespace, e.name, dict(e.attributes), e.text) for e in document.root.walk()]
    theirs = [
        (
            etree.QName(e).namespace or "",
            etree.QName(e).localname,
            dict(e.attrib),
            (e.text or "") + "".join(c.tail or "" for c in e),
        )
        for e in etree.fromstring(content).iter()
    ]
    assert ours == theirs
    assert len(document.items) == 2
    assert document.bytes == len(content)
    assert document.declared_encoding == "UTF-8"


def test_every_element_stands_where_it_is_said_to_stand():
    """At line and column of the text there is the element's start tag."""
    content = to_xml(full_spec())
    lines = content.decode().split("\n")
    document = read_document(content)
    assert document.root is not None
    for element in document.root.walk():
        here = lines[element.line - 1][element.column - 1 :]
        assert here.startswith("<")
        assert (
            here[1:].split(":")[-1].startswith(element.name) or element.name in here.split(">")[0]
        )


def test_columns_count_characters_and_forget_the_byte_order_mark():
    """A line with Cyrillic and an emoji before the element: characters, not bytes."""
    document = read_document("\ufeff<a>éЇ😀<b/>\n<c/></a>".encode())
    assert document.root is not None
    assert [(e.line, e.column) for e in document.root.walk()] == [(1, 1), (1, 7), (2, 1)]


def test_namespaces_are_told_in_order():
    """Prefix and address as declared, the root's first; a default namespace has an empty prefix."""
    document = read_document(to_xml(full_spec()))
    wanted = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM, "content": CONTENT}
    assert {k: v for k, v in document.namespaces.items() if k in wanted} == wanted
    inner = read_document(b'<a xmlns:z="urn:z"><b xmlns="urn:d" z:k="1" k="2"/></a>')
    assert list(inner.namespaces.items()) == [("z", "urn:z"), ("", "urn:d")]
    assert inner.root is not None
    assert inner.root.children[0].namespace == "urn:d"
    assert inner.root.children[0].attributes == {"{urn:z}k": "1", "k": "2"}


def test_cdata_is_told_apart():
    """`raw` is true of an element with CDATA and of no other."""
    document = read_document(b"<a><b><![CDATA[<i>]]></b><c>&lt;i&gt;</c></a>")
    assert document.root is not None
    assert [(e.name, e.raw, e.text) for e in document.root.walk()] == [
        ("a", False, ""),
        ("b", True, "<i>"),
        ("c", False, "<i>"),
    ]


@pytest.mark.parametrize(
    ("content", "line", "column", "names"),
    [
        (b"", 1, 1, []),
        (b"<rss>\n<channel><title>x</titel>", 2, 20, ["rss", "channel", "title"]),
        (b"<rss>\n  <a/>\n</rss>\njunk", 4, 1, ["rss", "a"]),
        (b"<rss><a>x\x07</a></rss>", 1, 10, ["rss", "a"]),
        (b"<rss><a>&nbsp;</a></rss>", 1, 9, ["rss", "a"]),
        (b"<rss><p:a/></rss>", 1, 6, ["rss"]),
        (b"<rss><a>x\xff</a></rss>", 1, 10, ["rss", "a"]),
    ],
)
def test_a_fault_has_a_place_and_what_came_before_it(
    content: bytes, line: int, column: int, names: list[str]
):
    """PK101: a malformed file is a finding with a line and column, not a crash."""
    document = read_document(content)
    assert document.fault is not None
    assert (document.fault.line, document.fault.column) == (line, column)
    found = [] if document.root is None else [e.name for e in document.root.walk()]
    assert found == names
    assert not document.fault.doctype


def test_text_before_a_fault_is_kept():
    """Elements that were still open hold the text that was read."""
    document = read_document(b"<rss><title>Hello")
    assert document.root is not None
    assert document.root.value("title") == "Hello"


def test_depth_and_size_are_limited():
    """I02: nesting beyond any feed's and files beyond any size stop the reading."""
    deep = read_document(b"<a>" * 500_000)
    assert deep.fault is not None
    assert "nested" in deep.fault.message
    assert deep.root is not None
    assert sum(1 for _ in deep.root.walk()) == MAX_DEPTH
    huge = read_document(b" " * (MAX_BYTES + 1))
    assert huge.fault is not None
    assert huge.root is None


@pytest.mark.parametrize(
    "encoding", ["windows-1251", "koi8-u", "utf-16", "iso-8859-5", "shift_jis"]
)
def test_other_encodings_have_positions_too(encoding: str):
    """The declared encoding is told, and columns count characters in it."""
    text = f'<?xml version="1.0" encoding="{encoding}"?>\n<a>Я<b/></a>'
    document = read_document(text.encode(encoding))
    assert document.fault is None
    assert document.declared_encoding == encoding
    assert document.root is not None
    assert (document.root.text, document.root.children[0].column) == ("Я", 5)


PIECES = st.lists(
    st.sampled_from(
        ["<b/>", "<c>x</c>", "\n", "\r", "\r\n", " ", "я", "😀", "é" * 2300, "<!-- я\r -->", "<![CDATA[\r<]]>"]
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_places_are_those_of_the_parser(pieces: list[str]) -> None:
    """Lines and columns are counted later, and are what expat counts while it reads.

    The long pieces let lines begin in one block of bytes and end in another.
    """
    content = f"<a>{''.join(pieces)}</a>".encode()
    wanted = []
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler = lambda *_: wanted.append(
        (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
    )
    parser.Parse(content, True)
    document = read_document(content)
    assert document.root is not None
    assert [(e.line, e.column) for e in document.root.walk()] == wanted


NESTED = st.recursive(
    st.lists(st.sampled_from(["x", " \n", "я", "<!-- - -->", "<![CDATA[<i>]]>", "&amp;", "z" * 9000])),
    lambda inside: st.lists(inside).map(lambda parts: ["<b>", *(w for p in parts for w in p), "</b>"]),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(NESTED)
def test_text_is_in_its_own_element_wherever_children_stand_in_it(pieces: list[str]) -> None:
    """All that stands directly in an element, before, between and behind its children, is its text."""
    content = f"<a>{''.join(pieces)}</a>".encode()
    root = read_document(content).root
    assert root is not None
    wanted = [
        (e.tag, "".join([e.text or "", *(c.tail or "" for c in e)]), len(e))
        for e in etree.fromstring(content, etree.XMLParser(remove_comments=True)).iter()
    ]
    assert [(e.name, e.text, len(e.children)) for e in root.walk()] == wanted


def test_what_was_read_is_let_go_without_the_collector():
    """Nothing in a document holds itself: its last holder frees a large feed at once."""
    gc.collect()
    gc.disable()
    try:
        document = read_document(to_xml(full_spec()))
        watched = weakref.ref(document.root.places)
        del document
        assert watched() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("gap", [4095, 4096, 4097, 8191, 12_000])
def test_long_names_are_refused_wherever_they_stand(gap: int) -> None:
    """A name of 4,096 bytes and more is none, behind text of any length."""
    for before in (0, 1, 4000, 4095, 4096, 5000):
        text = b"<a>" + b"x" * before + b"<" + b"n" * gap + b"/></a>"
        assert bool(bounds.refusal(text)) == (gap >= bounds.MAX_NAME)
