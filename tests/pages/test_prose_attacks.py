"""Row H01: nothing that runs comes through, from Markdown or from foreign HTML."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
from pages_markup import active, fragment, names
from pages_sample import EPISODE, filled

from podkit.pages.notes import credits_html, feed_content, feed_description
from podkit.pages.prose import TAGS, sanitize, to_html

PAYLOADS = Path(__file__).with_name("attacks.txt").read_text(encoding="utf-8").splitlines()
"""One attack a line: the usual lists' kinds, in podkit's own words."""

GLUE = ["", " ", "\n", "\n\n", "<p>", "</p>", "<table><tr><td>", "<!--", "-->", "`", '"', "'", ">"]


def renderings(text: str) -> list[str]:
    """Everything that podkit makes of prose for a page or a feed."""
    both = [to_html(text), sanitize(text)]
    return [
        *both,
        *(feed_description(html) for html in [*both, text]),
        feed_content(text, closing=text),
    ]


def mutant(rng: random.Random) -> str:
    """Payloads joined, cut, doubled and changed in case, as a fuzzer would."""
    parts = [rng.choice(PAYLOADS) for _ in range(rng.randint(1, 3))]
    text = rng.choice(GLUE).join(parts)
    for _ in range(rng.randint(0, 4)):
        place = rng.randrange(len(text) + 1)
        action = rng.randrange(5)
        if action == 0:
            text = text[:place] + rng.choice("<>\"'/= \t\n\x00&;#`\\") + text[place:]
        elif action == 1:
            text = text[:place] + text[place + rng.randint(1, 3) :]
        elif action == 2:
            text = text[:place] + text[place : place + 20].swapcase() + text[place + 20 :]
        elif action == 3:
            text = text[:place] + text[place : place + 12] * 2 + text[place + 12 :]
        else:
            text = text[:place] + rng.choice(GLUE) + text[place:]
    return text


def assert_harmless(text: str) -> None:
    for html in renderings(text):
        tree = fragment(html)
        assert not active(tree), (text, html)
        assert names(tree) <= TAGS, (text, html)


def test_there_are_a_hundred_payloads():
    """The list is as long as the row of faults asks."""
    assert len(set(PAYLOADS)) >= 100


def test_the_finder_finds():
    """Unclean payloads are seen as active, so that silence below means something."""
    seen = [payload for payload in PAYLOADS if active(fragment(payload))]
    assert len(seen) > 80


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_comes_through(payload):
    """Each payload leaves no active node in any rendering."""
    assert_harmless(payload)


@pytest.mark.parametrize("seed", range(20))
def test_no_mutant_comes_through(seed):
    """A hundred mutants of each seed, two thousand in all, leave no active node."""
    rng = random.Random(seed)
    for _ in range(100):
        assert_harmless(mutant(rng))


def test_credits_are_clean_whatever_the_record_says():
    """The closing parts come from templates, and are cleaned all the same."""
    for payload in PAYLOADS:
        page = filled(replace(EPISODE, notes=""), payload)
        assert not active(fragment(credits_html(page)))  # type: ignore[arg-type]
