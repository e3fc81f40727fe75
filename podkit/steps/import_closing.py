"""The closing parts that podkit itself adds to show notes, taken off when a feed of its own comes back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from podkit.pages.words import words_for
from podkit.steps.ready import GENERATOR

if TYPE_CHECKING:
    from podkit.model.feedspec import FeedSpec


def is_own(spec: FeedSpec) -> bool:
    """Whether podkit wrote the feed."""
    return spec.generator.split(" ", 1)[0].casefold() == GENERATOR


def without_closing(html: str, language: str, gifts: Iterable[str] = ()) -> str:
    """The notes without the lists of chapters and people and the links that a build adds again.

    Each part is taken off once, the last of its kind; what a build would not add again (related
    reading, a picture's credit) stays.

    Args:
        html: `content:encoded` as podkit wrote it.
        language: the feed's, whose words the headings are.
        gifts: the addresses of the links to give money.
    """
    words = words_for(language)
    chapters, people = (re.escape(word) for word in (words.chapters, words.people))
    link = re.escape(words.transcript)
    for part in (
        rf'<p><a href="[^"]*#transcript"[^>]*>{link}</a></p>',
        *(
            rf'<p><strong><a href="{re.escape(escape(url))}"[^>]*>[^<]*</a></strong></p>'
            for url in gifts
        ),
        rf"<h2>{people}</h2>\s*<ul>(?:(?!</ul>).)*</ul>",
        rf"<h2>{chapters}</h2>\s*<p>(?:(?!</p>).)*</p>",
    ):
        found = list(re.finditer(part, html, re.DOTALL))
        if found:
            html = html[: found[-1].start()].rstrip() + html[found[-1].end() :]
    return html.strip()
