"""Countries by their codes of ISO 3166-1, and what is wrong with words that are none."""

from __future__ import annotations

from collections.abc import Iterator

from podkit.model.document import Element
from podkit.registry import did_you_mean
from podkit.rules.rule import Found


def is_country(word: str) -> bool:
    """Whether it is a code of ISO 3166-1 with two letters, in any case."""
    import langcodes  # noqa: PLC0415 - few feeds name countries, and it is large

    return len(word) == 2 and word.isascii() and bool(langcodes.tag_is_valid(f"und-{word}"))


def strange_countries(element: Element) -> Iterator[Found]:
    """The words of an element that are no country codes."""
    words = element.text.split()
    if not words:
        yield Found(f"{element.name} names no country", at=element)
    for word in words[:300]:
        if not is_country(word):
            hint = did_you_mean(word.lower(), ["gb"]) if word.lower() == "uk" else "ISO 3166"
            yield Found(f"{word!r} is no country code", at=element, hint=hint)
