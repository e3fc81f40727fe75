"""Notes that podkit wrote come back without what a build adds again, and with what people said of them."""

from __future__ import annotations

import pytest

from podkit.model.feedspec import FeedSpec, Item
from podkit.model.person import Person
from podkit.pages.words import words_for
from podkit.steps.import_closing import OwnNotes, own_notes, with_bios

PEOPLE = """<h2>People</h2>
<ul>
<li><strong><a href="https://olha.example/?a=1&amp;b=2" rel="noopener">Olha &amp; Co</a></strong>, host<br>Knows 5 &lt; 6.</li>
<li><strong>Ivan</strong>, guest</li>
</ul>"""
CHAPTERS = "<h2>Chapters</h2>\n<p>\n00:00 One<br>\n01:00 Two\n</p>"
GIFT = '<p><strong><a href="https://give.example/?a&amp;b" rel="noopener">Give</a></strong></p>'
TRANSCRIPT = (
    '<p><a href="https://podcast.example/one/#transcript" rel="noopener">Transcript</a></p>'
)


def notes(*parts: str) -> OwnNotes:
    """Notes in English, with one address to give money at."""
    return OwnNotes(html="\n".join(parts), language="en", gifts=("https://give.example/?a&b",))


def test_each_part_is_taken_off_once() -> None:
    """The last of its kind; chapters and transcript only where a build will add them."""
    whole = notes("<p>Said.</p>", GIFT, CHAPTERS, PEOPLE, "<h2>Read more</h2>", GIFT, TRANSCRIPT)
    assert whole.bare() == f"<p>Said.</p>\n{GIFT}\n<h2>Read more</h2>"
    left = whole.bare(chapters=False, transcript=False)
    assert left == f"<p>Said.</p>\n{GIFT}\n{CHAPTERS}\n<h2>Read more</h2>\n{TRANSCRIPT}"


def test_what_is_said_of_people_comes_back() -> None:
    """By name and address, as it was written; who has no line keeps what the register says."""
    olha = Person(name="Olha & Co", href="https://olha.example/?a=1&b=2")
    ivan = Person(name="Ivan", bio="Known.")
    found = with_bios(
        {"olha": olha, "ivan": ivan}, [notes(PEOPLE), notes(PEOPLE.replace("5", "4"))]
    )
    assert {key: person.bio for key, person in found.items()} == {
        "olha": "Knows 5 < 6.",
        "ivan": "Known.",
    }


@pytest.mark.parametrize(
    "piece",
    ["<h2>People</h2><ul>", "<h2>Chapters</h2><p>", '<p><strong><a href="x"', '<p><a href="#t'],
)
def test_parts_that_never_end(piece: str) -> None:
    """I02: notes that begin a part again and again are looked through once, and stay."""
    html = piece * 50_000
    found = OwnNotes(html=html, language="en", gifts=("x",) * 100_000)
    assert found.bare() == html
    assert found.bios() == {}


@pytest.mark.parametrize("language", ["en", "uk"])
def test_the_words_are_those_of_the_episode(language):
    """A Ukrainian episode in an English feed has Ukrainian headings, and loses them all the same."""
    words = words_for(language)
    html = (
        f"<p>Notes.</p>\n<h2>{words.people}</h2>\n"
        "<ul><li><strong>Olha</strong>, host<br>Asks.</li></ul>"
    )
    spec = FeedSpec(title="A show", language="en", generator="podkit")
    found = own_notes(spec, Item(guid="one", title="One", content=html))
    assert found is not None
    assert found.bare() == "<p>Notes.</p>"
    assert found.bios() == {("Olha", ""): "Asks."}
