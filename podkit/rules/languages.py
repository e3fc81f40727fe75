"""Language codes: which of them mean the same language."""

from __future__ import annotations

import langcodes


def same_language(one: str, other: str) -> bool:
    """Whether two codes name one language: `en`, `EN-gb` and `eng` do, `de`, `deu` and `ger` do.

    ID3 and Matroska ask for three letters (ISO 639-2), feeds for two (ISO 639-1), and taggers turn
    the ones into the others; a region says how it is spoken, not which language it is.
    """
    return _language_of(one) == _language_of(other)


def _language_of(code: str) -> str:
    word = code.strip().replace("_", "-").lower()
    try:
        return langcodes.standardize_tag(word).split("-")[0].lower()
    except ValueError:
        return word
