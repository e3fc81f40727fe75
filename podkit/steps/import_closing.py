"""The closing parts that podkit itself adds to show notes, taken off when a feed of its own comes back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import TYPE_CHECKING

from podkit.pages.words import known_languages, words_for
from podkit.steps.ready import GENERATOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from podkit.model.feedspec import FeedSpec, Item
    from podkit.model.person import Person


# A line of the list of people that has more than a name and a role.
_PERSON = re.compile(
    r'<li><strong>(?:<a href="([^"]*)"[^>]*>)?([^<]*)(?:</a>)?</strong>, [^<]*<br>([^<]*)</li>'
)

_GIFTS = 20  # links to give money that are looked for; no show has more


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
        words = words_for(self.language)
        link = re.escape(words.transcript)
        lines = [rf'<p><a href="[^"]*#transcript"[^>]*>{link}</a></p>'] if transcript else []
        lines += [
            rf'<p><strong><a href="{re.escape(escape(url))}"[^>]*>[^<]*</a></strong></p>'
            for url in self.gifts[:_GIFTS]
        ]
        html = self.html
        for line in lines:
            found = [match.span() for match in re.finditer(line, html)]
            html = _without(html, found[-1] if found else None)
        html = _without(html, _section(html, words.people, "ul"))
        if chapters:
            html = _without(html, _section(html, words.chapters, "p"))
        return html.strip()

    def bios(self) -> dict[tuple[str, str], str]:
        """What the list of people says of each, by name and address."""
        place = _section(self.html, words_for(self.language).people, "ul")
        people = _PERSON.findall(self.html[slice(*place)]) if place is not None else ()
        return {
            (unescape(name), unescape(href)): unescape(bio).strip() for href, name, bio in people
        }


def _section(html: str, heading: str, tag: str) -> tuple[int, int] | None:
    """Where the last heading of these words and the element after it stand, looked for but once."""
    title = f"<h2>{heading}</h2>"
    start = html.rfind(title)
    if start < 0 or not html[start + len(title) :].lstrip().startswith(f"<{tag}>"):
        return None
    end = html.find(f"</{tag}>", start)
    return None if end < 0 else (start, end + len(f"</{tag}>"))


def _without(html: str, place: tuple[int, int] | None) -> str:
    return html if place is None else html[: place[0]].rstrip() + html[place[1] :]


def is_own(spec: FeedSpec) -> bool:
    """Whether podkit wrote the feed."""
    return spec.generator.split(" ", 1)[0].casefold() == GENERATOR


def own_notes(spec: FeedSpec, item: Item) -> OwnNotes | None:
    """The notes of an item as podkit wrote them; None where another program wrote the feed."""
    if not is_own(spec):
        return None
    gifts = tuple(gift.url for gift in (*item.funding, *spec.funding))
    language = _language_of(item.content, usual=spec.language)
    return OwnNotes(html=item.content, language=language, gifts=gifts)


def _language_of(html: str, *, usual: str) -> str:
    """The language of podkit's own words in notes: an episode may have another than its feed."""
    for language in (usual, *known_languages()):
        words = words_for(language)
        own = (f"<h2>{words.people}</h2>", f"<h2>{words.chapters}</h2>", f">{words.transcript}</a>")
        if any(part in html for part in own):
            return language
    return usual


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
