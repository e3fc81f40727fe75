"""Language codes: which are any, and which of them mean the same language.

The library that knows them all takes as long to load as a feed of a thousand episodes to check:
it is asked where the commonest codes do not tell.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LANGUAGES = _words(
    "ar bg ca cs da de el en es et eu fa fi fr ga gl he hi hr hu id is it ja ko lt lv mk ms mt nb nl "
    "nn no pl pt ro ru sk sl sq sr sv th tr uk ur vi zh"
)
REGIONS = _words(
    "ar at au be bg br ca ch cl cn co cz de dk ee es fi fr gb gr hk hr hu id ie il in it jp kr lt lv "
    "mx nl no nz pe ph pl pt ro rs ru se sg si sk th tr tw ua us uy ve vn za"
)
"""Codes of ISO 639-1 and ISO 3166-1 that most feeds have; there are others, as good as these."""

SHORTER = dict(
    pair.split(":")
    for pair in _words(
        "ara:ar bul:bg ces:cs cze:cs dan:da deu:de ger:de ell:el gre:el eng:en spa:es est:et fin:fi "
        "fra:fr fre:fr heb:he hin:hi hrv:hr hun:hu ita:it jpn:ja kor:ko lit:lt lav:lv nld:nl dut:nl "
        "nor:no pol:pl por:pt ron:ro rum:ro rus:ru slk:sk slo:sk slv:sl srp:sr swe:sv tur:tr ukr:uk "
        "vie:vi zho:zh chi:zh"
    )
)
"""Their codes of ISO 639-2, as ID3 and Matroska have them."""


def is_language(code: str) -> bool:
    """Whether it is a code of ISO 639, with a script, a region and whatever BCP 47 allows."""
    language, _, region = code.lower().partition("-")
    if language in LANGUAGES and (not region or region in REGIONS):
        return True
    import langcodes  # noqa: PLC0415 - see above

    return bool(langcodes.tag_is_valid(code))


def same_language(one: str, other: str) -> bool:
    """Whether two codes name one language: `en`, `EN-gb` and `eng` do, `de`, `deu` and `ger` do.

    ID3 and Matroska ask for three letters (ISO 639-2), feeds for two (ISO 639-1), and taggers turn
    the ones into the others; a region says how it is spoken, not which language it is.
    """
    return _language_of(one) == _language_of(other)


def _language_of(code: str) -> str:
    word = code.strip().replace("_", "-").lower()
    language, _, region = word.partition("-")
    if not region or region in REGIONS:
        if language in LANGUAGES:
            return language
        if language in SHORTER:
            return SHORTER[language]
    import langcodes  # noqa: PLC0415 - see above

    try:
        return str(langcodes.standardize_tag(word)).split("-")[0].lower()
    except ValueError:
        return word
