"""Who is who, for life: slugs, episode GUIDs, the show's `podcast:guid`."""

from __future__ import annotations

import re
import uuid

from podkit.errors import UsageError

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SLUG_LENGTH = 80

# https://podcasting2.org/docs/podcast-namespace/tags/guid: the namespace of podcast:guid
PODCAST_NAMESPACE = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")

# Names that some file system reserves, whatever follows the dot.
_RESERVED = frozenset(
    ["con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))]
)
# Names that podkit itself writes at the top of public/.
_TAKEN = frozenset(["media", "assets"])

# Resolution 55 of the Cabinet of Ministers of Ukraine of 27 January 2010. The second table holds
# at the beginning of a word; "зг" is "zgh"; the soft sign and the apostrophe fall away.
_UKRAINIAN = dict(
    zip(
        "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        [
            "a",
            "b",
            "v",
            "h",
            "g",
            "d",
            "e",
            "ie",
            "zh",
            "z",
            "y",
            "i",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            "",
            "iu",
            "ia",
        ],
        strict=True,
    )
)
_UKRAINIAN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_OTHER_CYRILLIC = re.compile("[ыэёъўџљњћђјѓќѕ]", re.IGNORECASE)
_APOSTROPHES = re.compile("(?<=[а-яґєії])['’ʼ`]", re.IGNORECASE)


def check_slug(slug: str) -> str:
    """The slug itself when it can name a folder and a part of a URL.

    Raises:
        UsageError: it has other characters than `a-z 0-9 -`, is too long, or is a reserved name.
    """
    if not SLUG.fullmatch(slug) or len(slug) > SLUG_LENGTH:
        raise UsageError(
            f"{slug!r} cannot be a slug",
            hint=f"use a-z, 0-9 and single hyphens, at most {SLUG_LENGTH} characters",
        )
    if slug in _RESERVED or slug in _TAKEN:
        raise UsageError(f"{slug!r} is a reserved name", hint="choose another with --slug")
    return slug


def is_slug(text: str) -> bool:
    """Whether `check_slug` would accept it."""
    try:
        check_slug(text)
    except UsageError:
        return False
    return True


def podcast_guid(feed_url: str) -> str:
    """The show's GUID for life, computed once from its first feed URL.

    UUIDv5 of the URL without scheme and trailing slashes (podcast namespace, tag `guid`).
    """
    bare = re.sub(r"^[a-z][a-z0-9+.-]*://", "", feed_url.strip(), flags=re.IGNORECASE).rstrip("/")
    return str(uuid.uuid5(PODCAST_NAMESPACE, bare))


def transliterate_ukrainian(text: str) -> str:
    """Ukrainian letters in Latin ones by the table of 2010; everything else stays.

    Text with letters that only other Cyrillic alphabets have is left alone.
    """
    if _OTHER_CYRILLIC.search(text):
        return text
    out: list[str] = []
    previous = ""
    for letter in _APOSTROPHES.sub("", text):
        low = letter.lower()
        inside_word = previous.isalpha()
        latin = _UKRAINIAN.get(low, letter)
        if not inside_word:
            latin = _UKRAINIAN_FIRST.get(low, latin)
        if low == "г" and previous.lower() == "з":
            latin = "gh"
        out.append(latin.capitalize() if letter != low else latin)
        previous = letter
    return "".join(out)
