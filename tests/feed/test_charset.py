"""A feed whose bytes are not what it says they are is read right, or says what it cost."""

from __future__ import annotations

import pytest

from podkit.errors import FormatError
from podkit.feed.mend import read_leniently

TITLE = "Українська розмова"


def _feed(title: str, encoding: str, said: str) -> bytes:
    text = (
        f'<?xml version="1.0" encoding="{said}"?><rss><channel><title>T</title>'
        f"<item><title>{title}</title><guid>&lt;1&gt;</guid></item>{'<item/>' * 30}</channel></rss>"
    )
    return text.encode(encoding)


@pytest.mark.parametrize(
    ("encoding", "said", "told"),
    [
        ("windows-1251", "utf-8", "windows-1251"),
        ("windows-1251", "windows-1251", ""),
        ("windows-1251", "windows-1251", "iso-8859-1"),
        ("utf-8", "utf-8", "iso-8859-1"),
        ("utf-8", "us-ascii", ""),
        ("utf-8", "iso-8859-1", "utf-8"),
        ("utf-16", "utf-16", "utf-8"),
    ],
)
def test_the_bytes_have_the_last_word(encoding: str, said: str, told: str) -> None:
    """Whoever is wrong, the document or its server, the text is that which was written."""
    spec, why = read_leniently(_feed(TITLE, encoding, said), told)
    assert (spec.items[0].title, spec.items[0].guid) == (TITLE, "<1>")
    assert bool(why) == (encoding not in {said, "utf-16"})


def test_a_few_strange_bytes_cost_only_themselves() -> None:
    """Everything else stays, and that something is missing is said."""
    content = _feed("It\u2019s & fine", "windows-1252", "utf-8")
    spec, why = read_leniently(content)
    assert (spec.items[0].title, spec.items[0].guid) == ("It\ufffds & fine", "<1>")
    assert "bytes: 1" in why[0]


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-u", "shift_jis", "utf-16"])
def test_what_is_mended_is_decoded_once(encoding: str) -> None:
    """A bare & in a feed of another encoding costs no other sign, not those of its GUIDs."""
    title = "Опис & ще"
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><rss><channel><title>T</title>'
        f"<item><title>{title}</title><guid>гид-1</guid></item>{{}}</channel></rss>"
    )
    for end in ("", "<item><odd:x/></item>", "<item><ti"):  # mended, twice mended, and cut
        spec, why = read_leniently(text.replace("{}", end).encode(encoding))
        assert (spec.items[0].title, spec.items[0].guid) == (title, "гид-1")
        assert any("& stands alone" in one for one in why)


@pytest.mark.parametrize("told", ["iso-8859-1", "windows-1252", "windows-1251", "utf-8", ""])
def test_a_server_does_not_explain_torn_bytes(told: str) -> None:
    """UTF-8 with one torn byte stays UTF-8, though what the server names could be read too."""
    content = _feed(TITLE + "!!", "utf-8", "utf-8").replace(b"!!", b"\xd0!")
    spec, why = read_leniently(content, told)
    assert (spec.items[0].title, spec.items[0].guid) == (f"{TITLE}\ufffd!", "<1>")
    assert "bytes: 1" in why[0]


def test_few_signs_of_another_encoding_are_the_servers() -> None:
    """Where more bytes are strange than are UTF-8, the server's word tells what they are."""
    spec, why = read_leniently(_feed("It\u2019s", "windows-1252", "utf-8"), "windows-1252")
    assert spec.items[0].title == "It\u2019s"
    assert "windows-1252" in why[0]


def test_a_wholly_other_encoding_is_refused() -> None:
    """Nobody is given a show of signs that say nothing; the way out is told."""
    with pytest.raises(FormatError, match="UTF-8 by its own word") as caught:
        read_leniently(_feed(TITLE * 20, "windows-1251", "utf-8"))
    assert "iconv" in caught.value.hint
