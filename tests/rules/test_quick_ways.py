"""The quick ways of lint say what the long ways say: of dates, addresses, languages, times and places."""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import langcodes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_feed import GOOD, edited, subject_of

from podkit.model.document import ITUNES, PODCAST
from podkit.rules import chapters, grammar_item, notes, titles, urls
from podkit.rules.check import check
from podkit.rules.dates import parse_date
from podkit.rules.languages import LANGUAGES, REGIONS, SHORTER, is_language, same_language
from podkit.rules.view import OLD_PODCAST

MANY = settings(max_examples=300, deadline=None)
DATES = st.from_regex(
    r"(Mon|Fri|Sun), ?[0-3]?[0-9] (Jan|Feb|Dec) [0-2][0-9]{3} [0-2][0-9]:[0-6][0-9](:[0-6][0-9])? "
    r"(GMT|EST|[+-][0-9]{4})",
    fullmatch=True,
)
ADDRESSES = st.builds(
    "{}{}{}{}{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "//", "", "ftp://", "https:/", " https://"]),
    st.sampled_from(["a.example", "A-b.example", "a", "", ".", "я.рф", "[::1]", "[x", "a:80", "a:b",
                     "a:0", "u:p@a.example", "a b", "a\n.example", "a.example\\"]),
    st.sampled_from(["", "/", "/x.mp3", "/a%20b.MP3", "/%2520", "/я", "/[x]", "/a b", "/x\n.mp3", "/.x"]),
    st.sampled_from(["", "?q=1/2.ogg", "?", "?a#b"]),
    st.sampled_from(["", "#f/x.wav", "#", "\t"]),
)  # fmt: skip


@MANY
@given(DATES)
def test_a_usual_date_is_what_mail_programs_read(text: str) -> None:
    """The moment is that of the library, and a slip is told where that reads none."""
    found = parse_date(text)
    try:
        wanted = parsedate_to_datetime(text)
    except ValueError:
        assert found.value is None
        assert found.slip
        return
    assert found.value is not None
    if wanted.tzinfo is not None:
        assert found.value == wanted
        assert found.value.utcoffset() == wanted.utcoffset()
    assert bool(found.slip) == (
        found.value.strftime("%a") != text[:3] or not re.match("..., [0-9]", text)
    )


@MANY
@given(ADDRESSES)
def test_an_address_is_taken_apart_as_the_library_does(url: str) -> None:
    """Path, extension and host, of whatever is given."""
    try:
        parts = urlsplit(url)
        path = parts.path
        host = (parts.hostname or "") if parts.port != 0 else ""
    except ValueError:
        path = urls.path_of(url)
        host = ""
    assert urls.path_of(url) == path
    is_web = re.match(r"https?://[^\s/?#]+", url, re.IGNORECASE) is not None and bool(host)
    assert urls.is_web(url) == is_web
    if urls.is_usual_https(url):
        assert is_web
        assert not urls.is_plain_http(url)
        assert not urls.is_broken(url.strip())


def test_the_usual_languages_are_those_of_the_library():
    """Each code alone and with each region, in any case; none is another's old name."""
    for language in LANGUAGES:
        assert langcodes.standardize_tag(language) == language
        for region in REGIONS:
            assert langcodes.tag_is_valid(f"{language.upper()}-{region.upper()}")
    for long, short in SHORTER.items():
        assert langcodes.standardize_tag(long) == short
        assert same_language(long.upper(), f"{short}-gb")
    assert not same_language("deu", "en")
    assert not is_language("ua")
    assert not is_language("en-xx1")
    assert is_language("zh-Hant-TW")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0:00 A\n1:00 B\n2:00 C", ["0:00", "1:00", "2:00"]),
        (" (0:00) A<br/>1:00 B<BR >[2:00] C", ["0:00", "1:00", "2:00"]),
        ("<p class='x'>0:00 A</p><LI>1:00:00<li> 2:00", ["0:00", "1:00:00", "2:00"]),
        ("at 0:00 A, 1:00 B, 2:00 C", []),
        ("\n0:00 A\n1:00:00:00 B\n2:00", ["0:00", "2:00"]),
        ("<pre>0:00<p>1:00<br>2:00", ["0:00", "1:00", "2:00"]),
        ("0:00 A\n1:00 B", []),
    ],
)
def test_times_that_begin_lines(text: str, wanted: list[str]) -> None:
    """Every time at the beginning of a line or of an element, where there are three clock times."""
    assert chapters._stamps(text) == wanted
    whole = re.findall(
        r"(?:^|\n|<br\s*/?>|<p[^>]*>|<li[^>]*>)\s*[(\[]?((?:\d{1,2}:)?\d{1,2}:\d{2})(?![\d:])",
        text,
        re.IGNORECASE,
    )
    assert wanted in ([], whole)


@pytest.mark.parametrize(
    ("character", "found"),
    [("\x7f", 1), ("\x80", 1), ("\x85", 0), ("\x9f", 1), ("\ufdd0", 1), ("\ufdf0", 0), ("é", 0)],
)
@pytest.mark.parametrize("form", ["{}", "&#{:d};", "&#00{:d};", "&#x{:x};", "&#x00{:X};"])
def test_control_characters_are_found_however_they_are_written(character, found, form):
    """As they are, or by their number, with leading zeros too; PK112 tells of each element."""
    written = character if form == "{}" else form.format(ord(character))
    text = edited(("<title>Energy", f"<title>Ener{written}gy"))
    assert len(check(subject_of(text), select=["PK112"]).findings) == found


PIECES = st.lists(
    st.sampled_from(["<", "</", "< /", "a", "P", "p", "em", "emx", "h1", "img", "IMG", "b", " href=", ' href="',
                     ' HREF="', " src='", "=", '"', "https://", "HTTPS://x", "https://a", "http\u017f://", "mailto:",
                     "x:", "/rel", "#", " ", "\u2003", ">", "\u212a", "1", "'", " class=x", "й"]),
    max_size=14,
)  # fmt: skip


@MANY
@given(PIECES)
def test_notes_that_are_passed_over_hold_nothing(pieces: list[str]) -> None:
    """Where the quick look at tags or links sees nothing, there is none that is dropped or relative."""
    text = "".join(pieces)
    if not notes._OTHER_TAG.search(text):
        assert {name.lower() for name in notes._TAG.findall(text)} <= notes._KEPT
    if not grammar_item._OTHER_LINK.search(text):
        found = grammar_item._ADDRESS.findall(text)
        assert all(grammar_item._WITH_SCHEME.match(url) for url in found)


TITLES = st.lists(
    st.sampled_from(["S", "s", "1", "02", "E", "e", "ep", "EP", "Ep.", "Episode", "SEASON", "folge", "#", "no.", "NO.",
                     ":", "-", ".", ",", " ", "\n", "(", ")", "|", "x", "Talk", "capitulo", "Puntata"]),
    max_size=9,
)  # fmt: skip


@MANY
@given(TITLES)
def test_a_number_in_a_plain_title_is_found_in_small_letters(pieces: list[str]) -> None:
    """What is found in the small letters of ASCII is what is found in any letters."""
    title = "".join(pieces)
    anyhow = re.search(titles._NUMBERED, title, re.IGNORECASE) is not None
    assert titles._is_numbered(title) == anyhow
    assert titles._is_numbered(f"{title} й") == (
        re.search(titles._NUMBERED, f"{title} й", re.IGNORECASE) is not None
    )


def test_numbers_that_are_no_character_disturb_nobody():
    """In CDATA a number may be anything."""
    odd = "&#99999999999;&#x110000;&#12ab;&#x;&#xfffffffff;&#0;"
    text = edited(("<![CDATA[<p>The whole", f"<![CDATA[<p>{odd}The whole"))
    assert check(subject_of(text), select=["PK112"]).findings == ()


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        edited(("</channel>", "</channel><title>beside</title>")),
        edited(("</channel>", "</channel><channel><title>two</title></channel>")),
        edited(('xmlns:podcast="https', 'xmlns:podcast="http'), ("<podcast:guid>", "<podcast:guid >")),
    ],
)  # fmt: skip
def test_elements_by_name_are_the_elements_of_the_channel(text: str) -> None:
    """The channel and what is below it, each once, each name in the order of the file.

    The podcast namespace's old address counts as the new one.
    """
    feed = subject_of(text).feed
    by_name = [element for elements in feed.by_name.values() for element in elements]
    assert sorted(map(id, by_name)) == sorted(map(id, feed.elements))
    for (namespace, name), elements in feed.by_name.items():
        spaces = {namespace, *(OLD_PODCAST if namespace == PODCAST else ())}
        same = [e for e in feed.elements if e.name == name and e.namespace in spaces]
        assert same == list(elements)
    assert list(feed.in_items("season", ITUNES)) == [
        e for item in feed.items for e in item.all("season", ITUNES)
    ]
    assert [item.number for item in feed.items_with("image", ITUNES)] == [1]
    assert len(list(feed.in_places("guid", PODCAST))) == 1


def test_every_element_is_found_again_from_the_channel():
    """The way down ends at the element, numbers tell it from its like, and the item is its own."""
    text = edited(
        ("</channel>", "</channel><channel><item><title>far</title></item></channel>"),
        ("<itunes:season>1</itunes:season>", "<category>a</category>" * 150),
    )
    feed = subject_of(text).feed
    paths = [feed.path_of(element) for element in feed.elements]
    assert len(set(paths)) == len(paths)
    assert "channel/item[1]/category[150]" in paths
    assert "channel/item[2]/title" in paths
    assert "channel/itunes:category/itunes:category" in paths
    for item in feed.items:
        assert all(feed.item_of(child) is item for child in item.element.children)
    root = feed.document.root
    assert root is not None
    for far in (root, *(e for e in root.walk() if e.text == "far")):
        assert feed.path_of(far) == far.name
        assert feed.item_of(far) is None
