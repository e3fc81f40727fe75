"""Broken references cost nothing but themselves: what was right beside them is read as it stands."""

from __future__ import annotations

from xml.sax.saxutils import escape

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from podkit.feed.mend import read_leniently
from podkit.feed.references import as_numbers

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]))


def _read(item: str) -> tuple[list[str], tuple[str, ...]]:
    content = f"<rss><channel><title>T</title><item>{item}</item></channel></rss>"
    spec, why = read_leniently(content.encode())
    one = spec.items[0]
    enclosure = one.enclosure.url if one.enclosure else ""
    return [one.title, one.guid, one.description, enclosure], why


@given(TEXT, TEXT, TEXT)
def test_a_sound_document_says_the_same(text: str, comment: str, inside: str) -> None:
    """What is right already is not changed, CDATA and comments included."""
    parts = [
        f"<a b='{escape(text, {chr(39): '&apos;'})}'>{escape(text)}</a>",
        f"<!-- {comment.replace('-', '')} & &nbsp; -->",
        f"<![CDATA[{inside.replace(']]>', '')} & &nbsp; &amp;]]>",
    ]
    document = f"<r>{''.join(parts)}</r>".encode()
    numbered, why = as_numbers(document)
    assert why == ()
    assert etree.tostring(etree.fromstring(numbered)) == etree.tostring(etree.fromstring(document))


def test_a_lone_sign_costs_nothing_else() -> None:
    """Tags of the notes, the GUID and the address of the sound survive a bare & before them."""
    found, why = _read(
        "<title>Tom & Jerry</title><guid>https://e.example/?p=1&amp;q=2</guid>"
        "<description>&lt;p&gt;a &amp;amp; b&lt;/p&gt;</description>"
        '<enclosure url="https://e.example/a.mp3?x=1&y=2&amp;z=3" type="audio/mpeg"/>'
    )
    assert found == [
        "Tom & Jerry",
        "https://e.example/?p=1&q=2",
        "<p>a &amp; b</p>",
        "https://e.example/a.mp3?x=1&y=2&z=3",
    ]
    assert why == ("& stands alone in it, where &amp; is right, 2 times; it is read as &",)


def test_names_of_html() -> None:
    """They mean what they mean in HTML; what has no meaning is left as it is written."""
    found, why = _read("<title>a&hellip;b &unknown; &mdash;</title><guid>&lt;1&gt;</guid>")
    assert found[:2] == ["a…b &unknown; —", "<1>"]
    assert len(why) == 2


def test_forbidden_characters_go_alone() -> None:
    """A control character, by itself or by its number, takes nothing with it."""
    found, why = _read("<title>a\x0bb&#11;c&#xFFFF; &#38; d</title><guid>&lt;1&gt;</guid>")
    assert found[:2] == ["abc & d", "<1>"]
    assert "3" in why[0]


def test_what_is_recovered_keeps_its_references() -> None:
    """Also where tags are broken and the parser takes what it can."""
    found, why = _read("<title>A &amp; B</title><guid>1&amp;2</guid><description>x<br>y &lt;")
    assert found[:2] == ["A & B", "1&2"]
    assert "may have lost something" in why[-1]
    assert "<string>" not in why[-1]
