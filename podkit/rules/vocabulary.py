"""Word lists of the podcast namespace, as the rules on its values need them.

Sources, all CC0: the namespace's `taxonomy.json`, `serviceslugs.txt`, `licenseslugs.txt`,
`socialprotocols.txt`, `chatprotocols.txt` and page on medium.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(word.strip() for word in text.split(",") if word.strip())


ROLES: dict[str, frozenset[str]] = {
    "creative direction": _words(
        "director, assistant director, executive producer, senior producer, producer, "
        "associate producer, development producer, creative director"
    ),
    "cast": _words("host, co-host, guest host, guest, voice actor, narrator, announcer, reporter"),
    "writing": _words(
        "author, editorial director, co-writer, writer, songwriter, guest writer, story editor, "
        "managing editor, script editor, script coordinator, researcher, editor, fact checker, "
        "translator, transcriber, logger"
    ),
    "audio production": _words(
        "studio coordinator, technical director, technical manager, audio engineer, "
        "remote recording engineer, post production engineer"
    ),
    "audio post-production": _words(
        "audio editor, sound designer, foley artist, composer, theme music, music production, "
        "music contributor"
    ),
    "administration": _words(
        "production coordinator, booking coordinator, production assistant, content manager, "
        "marketing manager, sales representative, sales manager"
    ),
    "visuals": _words("graphic designer, cover art designer"),
    "community": _words("social media manager"),
    "misc.": _words("consultant, intern"),
    "video production": _words("camera operator, lighting designer, camera grip, assistant camera"),
    "video post-production": _words("editor, assistant editor"),
}
"""The roles of each group of the taxonomy, in lower case."""

ALL_ROLES = frozenset(role for roles in ROLES.values() for role in roles)

SERVICES = _words(
    "acast, amazon, anchor, apple, audioboom, backtracks, bitcoin, blubrry, buzzsprout, captivate, "
    "castos, fireside, google, hypercatcher, libsyn, mastodon, megafono, megaphone, omnystudio, "
    "overcast, paypal, pinecast, podbean, podcastaddict, podcastindex, podcasts.com, podchaser, "
    "podfriend, podiant, podigee, podnews, podomatic, podserve, podverse, redcircle, relayfm, "
    "resonate, rss.com, shoutengine, simplecast, slack, soundcloud, spotify, spreaker, transistor, "
    "twitter, whooshkaa, youtube, zencast"
)
"""Platforms by their slugs."""

LICENSES = _words(
    "afl-3.0, apache-2.0, artistic-2.0, bsl-1.0, bsd-2-clause, bsd-3-clause, bsd-3-clause-clear, cc, "
    "cc0-1.0, cc-by-4.0, cc-by-sa-4.0, wtfpl, ecl-2.0, epl-1.0, eupl-1.1, agpl-3.0, gpl, gpl-2.0, "
    "gpl-3.0, lgpl, lgpl-2.1, lgpl-3.0, unlicense, arr, cc-by-nc-4.0, cc-by-nc-nd-4.0, "
    "cc-by-nc-sa-4.0, cc-by-nd-4.0, pod-v4v-1.0"
)
"""Licences by their slugs, in lower case."""

MEDIA = _words("podcast, music, video, film, audiobook, newsletter, blog, publisher, course")
"""What a feed may be; each of them with an L behind it is a list of such things."""

INNER = _words("source, integrity, valueRecipient, valueTimeSplit")
"""Elements of the namespace that are parts of others."""

NOT_IN_CHANNEL = INNER | _words(
    "transcript, chapters, soundbite, season, episode, alternateEnclosure, contentLink"
)
NOT_IN_ITEM = INNER | _words(
    "guid, locked, medium, block, trailer, podroll, publisher, remoteItem, podping, updateFrequency, "
    "liveItem"
)
"""Elements of the namespace that have no meaning directly in a channel, or in an item."""

COMMENTS = _words("disabled, activitypub, twitter, lightning, bluesky, hive, matrix, nostr")
"""Protocols of comment threads."""

CHATS = _words("irc, xmpp, nostr, matrix")
"""Protocols of chat rooms."""


def is_medium(word: str) -> bool:
    """Whether it is a medium, or a list of what has it."""
    return word in MEDIA or is_list(word)


def is_list(medium: str) -> bool:
    """Whether a feed of that medium holds no items, only pointers to other feeds."""
    return medium == "mixed" or (medium.endswith("L") and medium[:-1] in MEDIA)
