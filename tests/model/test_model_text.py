"""The text gate: what is stored, what is shown, what is linked to."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podkit.model.text import clean, clean_line, display, is_clean, is_safe_url, truncate_bytes

ANY = st.text(st.characters(), max_size=50)


@given(ANY)
def test_clean_text_is_legal_xml(text):
    """Whatever comes in, what comes out can stand in a feed and comes back the same (F01, N01)."""
    element = etree.Element("title")
    element.text = clean(text)
    back = etree.fromstring(etree.tostring(element, encoding="utf-8")).text or ""
    assert back == clean(text)


@given(ANY)
def test_cleaning_twice_changes_nothing(text):
    """And what is clean stays composed, without bare carriage returns."""
    once = clean(text)
    assert is_clean(once)
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once


@given(ANY)
def test_one_line_is_one_line(text):
    """Titles have no line ends and no white space at their ends."""
    line = clean_line(text)
    assert line == line.strip()
    assert len(line.splitlines()) <= 1


@given(st.text(max_size=50))
def test_what_is_shown_obeys_nobody(text):
    """No escape sequence, no line end, no character that reorders text reaches the terminal."""
    shown = display(text)
    assert all(c.isprintable() for c in shown)
    assert not set(shown) & set("\x1b\u202e\u200b\u2066")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Київ 🎙", "Київ 🎙"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("a\nb", "a\\x0ab"),
        ("abc\u202egpj.exe", "abc\\u202egpj.exe"),
        ("\udcff.mp3", "\\xff.mp3"),
        ("\U000e0041", "\\U000e0041"),
    ],
)
def test_how_it_is_shown(text, shown):
    r"""Bytes that were no UTF-8 as `\xNN`, other invisible things by their code."""
    assert display(text) == shown


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/x", True),
        ("HTTP://a.example", True),
        ("mailto:me@a.example", True),
        ("mailto:nobody", False),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//a.example/x", False),
        ("cover.jpg", False),
        ("https://", False),
        ("https://a.example/a b", False),
        ("https://a.example/\n", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_links(url, safe):
    """Absolute, of an allowed scheme, without white space."""
    assert is_safe_url(url) == safe


@given(st.text(max_size=80), st.integers(3, 60))
def test_cut_text_fits(text, limit):
    """Never more bytes than the limit, never a broken letter, and whole when it fits."""
    cut = truncate_bytes(text, limit)
    assert len(cut.encode()) <= limit
    if len(text.encode()) <= limit:
        assert cut == text
