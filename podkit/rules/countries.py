"""Countries by their codes of ISO 3166-1, and what is wrong with words that are none."""

from __future__ import annotations

from collections.abc import Iterator

from podkit.model.document import Element
from podkit.rules.rule import Found


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The officially assigned ones, and XK: nobody assigned it, and every platform knows Kosovo by it.
_CODES = _words(
    "ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br "
    "bs bt bv bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz "
    "ec ee eg eh er es et fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw "
    "gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky "
    "kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq mr ms mt mu mv "
    "mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py "
    "qa re ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st sv sx sy sz tc td tf tg "
    "th tj tk tl tm tn to tr tt tv tw tz ua ug um us uy uz va vc ve vg vi vn vu wf ws xk ye yt za "
    "zm zw"
)


def is_country(word: str) -> bool:
    """Whether it is a code of ISO 3166-1 with two letters, in any case."""
    return word.isascii() and word.lower() in _CODES


def country_hint(word: str) -> str:
    """What to write in place of a word that is no country code."""
    if word.lower() == "uk":
        return "write gb: uk is no code, and Ukraine is ua"
    return "write a code of ISO 3166 with two letters, such as ua"


def strange_countries(element: Element) -> Iterator[Found]:
    """The words of an element that are no country codes."""
    words = element.text.split()
    if not words:
        yield Found(f"{element.name} names no country", at=element)
    for word in words[:300]:
        if not is_country(word):
            yield Found(f"{word[:40]!r} is no country code", at=element, hint=country_hint(word))
