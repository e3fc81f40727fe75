"""What `podkit lint --fix` writes otherwise in a record: only where one meaning is possible.

Each mend is a function from a text to the same text as the rule wants it; whatever it is not sure
of it gives back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from podkit.rules.categories import CATEGORIES
from podkit.rules.countries import is_country
from podkit.rules.languages import is_language
from podkit.rules.vocabulary import CHATS, COMMENTS, MEDIA, SERVICES

Pattern = tuple[str, ...]
"""A way to a key; `*` stands for any key, `#` for any member of a list, or for what is no list."""
KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mend:
    """How values at some keys are mended for one rule."""

    code: str
    better: Callable[[str], str]
    show: tuple[Pattern, ...] = ()
    episode: tuple[Pattern, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """One value that becomes another; `key` from the outside in."""

    code: str
    key: KeyPath
    before: str
    after: str


def mendings(
    tables: Mapping[str, Any], *, of_show: bool, codes: frozenset[str]
) -> Iterator[Mending]:
    """Every value of a record that can be mended; one after the other where several are at one key.

    Args:
        tables: the record as TOML has it.
        of_show: whether it is podkit.toml, and not an episode's.
        codes: the rules to mend for.
    """
    now: dict[KeyPath, str] = {}
    for mend in MENDS:
        if mend.code not in codes:
            continue
        for pattern in mend.show if of_show else mend.episode:
            for key, value in _at(tables, pattern, ()):
                before = now.get(key, value)
                after = mend.better(before)
                if after != before:
                    now[key] = after
                    yield Mending(code=mend.code, key=key, before=before, after=after)


def _at(value: Any, pattern: Pattern, key: KeyPath) -> Iterator[tuple[KeyPath, str]]:
    if not pattern:
        if isinstance(value, str):
            yield key, value
        return
    first, *more = pattern
    rest = tuple(more)
    if first == "#":
        members = enumerate(value) if isinstance(value, list) else ()
        for number, member in members:
            yield from _at(member, rest, (*key, number))
        if not isinstance(value, list):
            yield from _at(value, rest, key)
    elif isinstance(value, dict):
        for name in value if first == "*" else (first,):
            if name in value:
                yield from _at(value[name], rest, (*key, name))


def _trimmed(text: str) -> str:
    """Without white space around it; what has several lines is prose, and stays."""
    return text if "\n" in text.strip() else text.strip()


def _language(text: str) -> str:
    """`EN_us` as `en-US`; what is a code already stays, and so does what is none."""
    if _is_language(text):
        return text
    tag = text.strip().replace("_", "-")
    if not _is_language(tag):
        return text
    import langcodes  # noqa: PLC0415 - only what is mended needs it

    return str(langcodes.standardize_tag(tag))


def _is_language(text: str) -> bool:
    """As rule PK203 judges it."""
    form = re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", text)
    return form is not None and is_language(text)


def _cased(text: str) -> str:
    """`news > politics` as `News > Politics`."""
    return _category(text, str.casefold)


def _worded(text: str) -> str:
    """`Health and Fitness` as `Health & Fitness`; what differs in case alone is another rule's."""
    return text if _cased(text) != text else _category(text, _bare)


def _category(text: str, fold: Callable[[str], str]) -> str:
    """The category of Apple's list that is the same when both are folded."""
    group, arrow, sub = (part.strip() for part in text.partition(">"))
    right = {fold(name): name for name in CATEGORIES}.get(fold(group))
    if right is None:
        return text
    if not arrow:
        return right if right != group else text
    inside = {fold(name): name for name in CATEGORIES[right]}.get(fold(sub), sub)
    return f"{right} > {inside}" if (right, inside) != (group, sub) else text


def _bare(name: str) -> str:
    plain = name.replace("&amp;", "&").casefold()
    return " ".join("&" if word == "and" else word for word in plain.split())


def _countries(text: str) -> str:
    """`UA, US` as `ua us`: codes with nothing but spaces between them."""
    words = re.split(r"[\s,;]+", text.strip(" \t,;"))
    if not re.search(r"[,;]", text) or not all(is_country(word) for word in words):
        return text
    return " ".join(word.lower() for word in words)


def _geo(text: str) -> str:
    """`50.45,30.52` as `geo:50.45,30.52`, where the first number can be a latitude."""
    found = re.fullmatch(r"\s*(-?\d{1,2}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*", text)
    if found is None or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return text
    return f"geo:{found[1]},{found[2]}"


def _osm(text: str) -> str:
    """`r421866` as `R421866`."""
    return text.strip().upper() if re.fullmatch(r"\s*[nwr]\d+\s*", text) else text


def _rel(text: str) -> str:
    low = text.strip().lower()
    return low if low in {"subject", "creator"} else text


def _service(text: str) -> str:
    """`Podcast Index` as `podcastindex`."""
    known = {re.sub(r"[\s_-]", "", slug): slug for slug in SERVICES}
    return text if text in SERVICES else known.get(re.sub(r"[\s_-]", "", text.lower()), text)


def _word_of(known: frozenset[str]) -> Callable[[str], str]:
    """`Matrix` as `matrix`, where that is a word of a list."""

    def lowered(text: str) -> str:
        low = text.strip().lower()
        return low if low in known else text

    return lowered


def _both(*keys: Pattern) -> dict[str, tuple[Pattern, ...]]:
    """Keys that a show and an episode have alike: in podkit.toml they stand under [show]."""
    return {"show": tuple(("show", *key) for key in keys), "episode": keys}


_CREDITS: Final[tuple[Pattern, ...]] = tuple(
    ("people", "#", key) for key in ("name", "role", "group")
)

_CATEGORIES: Final = (("show", "categories", "#"), ("feeds", "*", "categories", "#"))

MENDS: Final = (
    Mend(
        code="PK108",
        better=_trimmed,
        show=(
            *(("show", key) for key in ("title", "author", "copyright", "language", "medium")),
            *(("show", "owner", key) for key in ("name", "email")),
            *(("show", *key) for key in _CREDITS),
            *(("people", "*", key) for key in ("name", "role", "group")),
            *(("feeds", "*", key) for key in ("title", "author", "copyright", "language")),
        ),
        episode=(
            *((key,) for key in ("title", "author", "display", "season_name", "language")),
            *_CREDITS,
        ),
    ),
    Mend(code="PK107", better=_cased, show=_CATEGORIES),
    Mend(code="PK204", better=_worded, show=_CATEGORIES),
    Mend(code="PK203", better=_language, show=(("show", "language"), ("feeds", "*", "language"))),
    Mend(code="PK226", better=_countries, show=(("show", "spotify_country_of_origin"),)),
    Mend(code="PK805", better=_geo, **_both(("location", "#", "geo"))),
    Mend(code="PK805", better=_osm, **_both(("location", "#", "osm"))),
    Mend(code="PK805", better=_rel, **_both(("location", "#", "rel"))),
    Mend(code="PK807", better=_service, **_both(("block", "#", "id"))),
    Mend(code="PK816", better=_word_of(MEDIA), show=(("show", "medium"), ("feeds", "*", "medium"))),
    Mend(code="PK819", better=_word_of(CHATS), **_both(("chat", "protocol"))),
    Mend(code="PK819", better=_word_of(COMMENTS), **_both(("social_interact", "#", "protocol"))),
    Mend(code="PK819", better=_word_of(MEDIA), show=(
        ("show", "remote_items", "#", "medium"), ("show", "podroll", "#", "medium"))),
)  # fmt: skip
"""Every mend, in the order in which they are made."""
