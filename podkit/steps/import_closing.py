"""The closing parts that podkit itself adds to show notes, taken off when a feed of its own comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import TYPE_CHECKING

from podkit.pages.words import words_for
from podkit.steps.ready import GENERATOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from podkit.model.feedspec import FeedSpec, Item
    from podkit.model.person import Person


# A line of the list of people that has more than a name and a role.
_PERSON = re.compile(
    r'<li><strong>(?:<a href="([^"]*)"[^>]*>)?([^<]*)(?:</a>)?</strong>, [^<]*<br>([^<]*)</li>'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNotes:
    """Show notes as podkit wrote them.

    Args:
        html: `content:encoded`.
        language: the feed's, whose words the headings are.
        gifts: the addresses of the links to give money.
    """

    html: str
    language: str
    gifts: tuple[str, ...] = ()

    def bare(self, *, chapters: bool = True, transcript: bool = True) -> str:
        """The notes without the lists of chapters and people and the links that a build adds again.

        Each part is taken off once, the last of its kind; what a build would not add again (related
        reading, a picture's credit) stays.

        Args:
            chapters: whether the new show has the chapters, so that a build lists them.
            transcript: whether it has a transcript, so that a build links to it.
        """
        html = self.html
        for part in self._parts(chapters=chapters, transcript=transcript):
            found = list(re.finditer(part, html, re.DOTALL))
            if found:
                html = html[: found[-1].start()].rstrip() + html[found[-1].end() :]
        return html.strip()

    def bios(self) -> dict[tuple[str, str], str]:
        """What the list of people says of each, by name and address."""
        words = words_for(self.language)
        lists = re.findall(
            rf"<h2>{re.escape(words.people)}</h2>\s*<ul>(.*?)</ul>", self.html, re.DOTALL
        )
        return {
            (unescape(name), unescape(href)): unescape(bio).strip()
            for href, name, bio in (_PERSON.findall(lists[-1]) if lists else ())
        }

    def _parts(self, *, chapters: bool, transcript: bool) -> tuple[str, ...]:
        words = words_for(self.language)
        heading, people = (re.escape(word) for word in (words.chapters, words.people))
        link = re.escape(words.transcript)
        gifts = (
            rf'<p><strong><a href="{re.escape(escape(url))}"[^>]*>[^<]*</a></strong></p>'
            for url in self.gifts
        )
        return (
            *([rf'<p><a href="[^"]*#transcript"[^>]*>{link}</a></p>'] if transcript else []),
            *gifts,
            rf"<h2>{people}</h2>\s*<ul>(?:(?!</ul>).)*</ul>",
            *([rf"<h2>{heading}</h2>\s*<p>(?:(?!</p>).)*</p>"] if chapters else []),
        )


def is_own(spec: FeedSpec) -> bool:
    """Whether podkit wrote the feed."""
    return spec.generator.split(" ", 1)[0].casefold() == GENERATOR


def own_notes(spec: FeedSpec, item: Item) -> OwnNotes | None:
    """The notes of an item as podkit wrote them; None where another program wrote the feed."""
    if not is_own(spec):
        return None
    gifts = tuple(gift.url for gift in (*item.funding, *spec.funding))
    return OwnNotes(html=item.content, language=spec.language, gifts=gifts)


def with_bios(people: Mapping[str, Person], notes: Iterable[OwnNotes]) -> dict[str, Person]:
    """The register with what podkit's own notes say of the people in it.

    Args:
        people: by id.
        notes: of the episodes, the newest first, which have the last word.
    """
    found: dict[tuple[str, str], str] = {}
    for one in notes:
        found = one.bios() | found
    return {
        key: replace(person, bio=found.get((person.name, person.href), person.bio))
        for key, person in people.items()
    }
